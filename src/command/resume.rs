//! `/resume`: lets letters leave again after a restore.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};

pub const RESUME: Command = Command {
    name: "resume",
    usage: "/resume",
    summary: "Lets letters leave again after a restore.",
    help: "\
For coordinators. After a restore the gateway takes mail in and sends nothing until a coordinator \
has looked. This version has no restore yet, so nothing is ever held in this way, and the answer \
says so. A letter held by /hold leaves by /release.

/resume",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(resume),
};

fn resume(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    match asked.is_coordinator() {
        true => Ok(Ruling::nothing("Nothing is held by a restore: there is nothing to resume.")),
        false => Err(Refusal::new("/resume is for coordinators.")),
    }
}
