//! Every command there is, in the order of the manual. A new one costs its file and its line here.

use super::Command;

pub const COMMANDS: &[&Command] = &[
    // Questions: answers only, and only what the member may read.
    &super::help::HELP,
    &super::list::LIST,
    &super::find::FIND,
    &super::show::SHOW,
    &super::roster::ROSTER,
    &super::duty::DUTY,
    &super::templates::TEMPLATES,
    &super::report::REPORT,
    &super::ping::PING,
    &super::original::ORIGINAL,
    &super::file::FILE,
    &super::export::EXPORT,
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
    &super::fact::FACT,
    &super::embargo::EMBARGO,
    &super::deadline::DEADLINE,
    &super::tlp::TLP,
    // Words.
    &super::note::NOTE,
    &super::send::SEND,
    // In public.
    &super::siren::SIREN,
    // People.
    &super::invite::INVITE,
    &super::readin::READIN,
    &super::add::ADD,
    &super::remove::REMOVE,
    &super::also::ALSO,
    &super::channel::CHANNEL,
    &super::consent::CONSENT,
    &super::key::KEY,
    // Dates, hours, absence.
    &super::wait::WAIT,
    &super::remind::REMIND,
    &super::time::TIME,
    &super::away::AWAY,
    // The mail itself.
    &super::steering::CASE,
    &super::steering::TRY,
    &super::steering::CONFIRM,
    &super::steering::AGAIN,
    &super::steering::HOLD,
    &super::release::RELEASE,
    &super::steering::UNDO,
    &super::resume::RESUME,
];
