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
    // What becomes of it.
    // What triage said, put right.
    // What is known.
    // What is disclosed, and until when it is kept.
    // Words.
    // People.
    // Dates, hours, absence.
    // The mail itself.
];
