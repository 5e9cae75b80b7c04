//! `/deadline`: the date after which somebody outside publishes.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, dates, wait, who};
use crate::case::{Deed, Status};

pub const DEADLINE: Command = Command {
    name: "deadline",
    usage: "/deadline <instant> for <who>",
    summary: "The date after which somebody outside will publish.",
    help: "\
When: 2026-12-11, 2026-12-11T14:00Z, +14d or +5bd (business days); a date alone means the team's \
usual hour that day, an hour without a zone is on your own clock. Who: finder, maintainer or an \
address.

It frees the one who named it, binds nobody else and moves no embargo: a date agreed with all is \
/embargo until. Dates we find in mails are only offered, never set. Nobody outside is written to.

/deadline 2027-02-20 for finder",
    needs: Needs::Handler,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(deadline),
};

fn deadline(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if case.status == Status::Closed {
        return Err(Refusal::new("The case is closed. /reopen with a reason takes it up again."));
    }
    let at = dates::ahead(words, asked, "A deadline")?;
    if !words.keyword("for") {
        return Err(Refusal::new("Whose date is it? End the line with: for finder"));
    }
    let person = who::participant(words.word("whose date it is")?, case)?;
    let whom = wait::the(person, case);
    if person.deadline == Some(at) {
        let said = format!("The deadline of {whom} is {} already.", dates::told(at, asked));
        return Ok(Ruling::nothing(said));
    }
    let before = dates::told_or(person.deadline, asked, "not set");
    let mut answer = format!("Deadline of {whom}: {before}, now {}.", dates::told(at, asked));
    if case.embargo.ends().is_some_and(|end| end > at) {
        answer.push_str(" That is before the end of the embargo.");
    }
    Ok(Ruling::of(Deed::DeadlineSet { participant: person.number, at }, answer))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::stage::{embargoed, handled, insist, said, undone};

    #[test]
    fn a_date_of_theirs_is_recorded_and_moves_no_embargo() {
        let mut office = embargoed();
        let before = office.case().embargo.clone();
        let told = said(&insist(&mut office, "val", "/deadline 2026-12-01T10:00Z for finder\n"));
        assert!(told.contains("not set, now Tue 1 Dec 2026 10:00 UTC"), "{told}");
        assert!(told.contains("before the end of the embargo"), "{told}");
        assert_eq!(office.case().embargo, before);
        let told = said(&insist(&mut office, "val", "/deadline 2026-12-01T10:00Z for finder\n"));
        assert!(told.contains("already"), "{told}");
        undone(&mut office, "val", "/deadline +60d for finder\n");
    }

    #[test]
    fn slips() {
        let mut office = handled();
        assert!(office.refused("val", "/deadline +60d\n").contains("for finder"));
        assert!(office.refused("val", "/deadline 2026-11-01 for finder\n").contains("passed"));
        assert!(office.refused("val", "/deadline +60d for mo\n").contains("Nobody here"));
    }
}
