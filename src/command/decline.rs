//! `/decline`: the member does not take the case, or no longer handles it.

use super::handling;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Deed, Words as Said};

pub const DECLINE: Command = Command {
    name: "decline",
    usage: "/decline [reason]",
    summary: "You do not take the case; if you handle it, you no longer do.",
    help: "\
Before you take a case it says no, and your reason becomes a note in the case, so that others \
know that somebody else is wanted. If you handle the case it is the same as /drop, with the \
reason as a note; the last handler cannot go.\n\n\
Nothing is written to anybody outside. Example: /decline I know the maintainer privately",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(decline),
};

fn decline(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (me, reason) = (asked.by.handle.clone(), words.rest());
    let ruling = match asked.is_handler() {
        true => handling::set(asked.case()?, handling::without(asked)?),
        false => Ruling::of(
            Deed::TakeDeclined { member: me.clone() },
            "Recorded: you do not take this case.",
        ),
    };
    if reason.is_empty() {
        return Ok(ruling);
    }
    let private = Said::of(&format!("{me} does not take it: {reason}"));
    Ok(ruling.and(Deed::NoteWritten { private }))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn before_taking_it_is_a_note() {
        let mut office = Office::new();
        let before = office.case().matter();
        office.does("cora", "/decline I know them\n");
        let note = office.case().notes.last().expect("a note").text.clone();
        assert_eq!(note, "cora does not take it: I know them");
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn afterwards_it_drops() {
        let mut office = Office::new();
        office.does("cora", "/take\n");
        assert!(office.refused("cora", "/decline\n").contains("last handler"));
        office.does("cora", "/assign vic\n/decline no time\n");
        assert_eq!(office.case().handlers, ["vic"]);
    }
}
