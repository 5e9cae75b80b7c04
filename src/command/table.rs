//! Every command there is, in the order of the manual. A new one costs its file and its line here.

use super::Command;

pub const COMMANDS: &[&Command] = &[
    // Questions: answers only, and only what the member may read.
    &super::show::SHOW,
    // Who handles the case.
    &super::take::TAKE,
    &super::assign::ASSIGN,
    &super::handover::HANDOVER,
    &super::decline::DECLINE,
    &super::drop::DROP,
    // What becomes of it.
    &super::valid::VALID,
    &super::reject::REJECT,
    &super::engage::ENGAGE,
    &super::defer::DEFER,
    &super::duplicate::DUPLICATE,
    &super::close::CLOSE,
    &super::reopen::REOPEN,
    // What triage said, put right.
    &super::class::CLASS,
    &super::pathway::PATHWAY,
    &super::service::SERVICE,
    &super::move_mail::MOVE,
    &super::merge::MERGE,
    &super::split::SPLIT,
    &super::link::LINK,
    // What is known.
    &super::title::TITLE,
    &super::severity::SEVERITY,
    &super::cvss::CVSS,
    &super::cwe::CWE,
    &super::cve::CVE,
    &super::affects::AFFECTS,
    &super::fixed::FIXED,
    &super::credit::CREDIT,
    &super::ssvc::SSVC,
    // What is disclosed, and until when it is kept.
    // Words.
    // People.
    // Dates, hours, absence.
    // The mail itself.
];
