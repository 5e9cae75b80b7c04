//! `/remind`: a date and a few words, kept with the case.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, dates};
use crate::case::{self, Status};
use crate::limits::{REMINDERS, VALUE_CHARS};
use crate::mail::clean;

pub const REMIND: Command = Command {
    name: "remind",
    usage: "/remind <when> <text>",
    summary: "Keeps a date with a few words.",
    help: "\
When: 2026-12-11, 2026-12-11T14:00Z, +14d or +5bd (business days); a date alone means the team's \
usual hour that day, an hour without a zone is on your own clock. The text has up to 250 \
characters. A case has at most 100 reminders.

It is kept and shown with the case; the reminder itself is not sent by this version. It is gone \
when the case is closed.

/remind +5bd ask the maintainer for the patch",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(remind),
};

/// What a date that is only kept is answered with.
pub const NO_CLOCK: &str = "Kept and shown; the reminder itself is not sent by this version.";

fn remind(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if case.status == Status::Closed {
        return Err(Refusal::new("The case is closed. /reopen with a reason takes it up again."));
    }
    let at = dates::ahead(words, asked, "A reminder")?;
    if words.peek().is_none() {
        return Err(words.slip("what to remind of is missing").into());
    }
    let text = clean::line(words.rest());
    if text.chars().count() > VALUE_CHARS {
        return Err(words.slip(format!("a reminder has at most {VALUE_CHARS} characters")).into());
    }
    if case.reminders.len() >= REMINDERS {
        return Err(Refusal::new(format!("There are {REMINDERS} reminders in this case already.")));
    }
    let deed = case::Deed::ReminderSet { at, private: case::Words::of(&text) };
    let answer = format!("Reminder for {}: \"{text}\". {NO_CLOCK}", dates::told(at, asked));
    Ok(Ruling::of(deed, answer))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::stage::{at, handled, insist, said, undone};

    #[test]
    fn a_reminder_is_kept_and_repeated_as_an_instant() {
        let mut office = handled();
        let told = said(&insist(&mut office, "val", "/remind 2026-12-01T09:00Z ask Mo\n"));
        assert!(told.contains("Tue 1 Dec 2026 09:00 UTC"), "{told}");
        assert!(told.contains("not sent by this version"), "{told}");
        let kept = &office.case().reminders[0];
        assert_eq!((kept.at, kept.text.as_str()), (at("2026-12-01T09:00:00Z"), "ask Mo"));
        assert!(office.refused("val", "/remind 2026-11-01 late\n").contains("has passed"));
        assert!(office.refused("val", "/remind +1d\n").contains("missing"));
        undone(&mut office, "val", "/remind +1d again\n");
    }
}
