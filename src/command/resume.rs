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

#[cfg(test)]
mod tests {
    use crate::desk::orders::stage::{handled, insist, said};

    #[test]
    fn there_is_nothing_to_resume_and_only_a_coordinator_asks() {
        let mut office = handled();
        assert!(office.refused("val", "/resume\n").contains("coordinators"));
        assert!(said(&insist(&mut office, "cora", "/resume\n")).contains("nothing to resume"));
    }
}
