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
    &super::fact::FACT,
    &super::embargo::EMBARGO,
    &super::deadline::DEADLINE,
    &super::tlp::TLP,
    // Words.
    &super::note::NOTE,
    // People.
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
