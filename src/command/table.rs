//! Every command there is, in the order of the manual. A new one costs its file and its line here.

use super::Command;

pub const COMMANDS: &[&Command] = &[
    // Questions: answers only, and only what the member may read.
    &super::show::SHOW,
    // Who handles the case.
    // What becomes of it.
    // What triage said, put right.
    // What is known.
    // What is disclosed, and until when it is kept.
    // Words.
    &super::send::SEND,
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
    // The mail itself.
];
