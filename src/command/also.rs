//! `/also`: another address of somebody who takes part.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, people, who};
use crate::case::{Deed, Person};

pub const ALSO: Command = Command {
    name: "also",
    usage: "/also <who> <address>",
    summary: "Another address that somebody who takes part writes from.",
    help: "Mail from it counts as theirs from now on. Letters still go to the first address. Be \
           sure that it is theirs: a signature by their key, or a call.\n\nExample: /also finder \
           fay@work.example",
    needs: Needs::Handler,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(also),
};

fn also(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let person = who::participant(words.word("who it is")?, case)?;
    let address = words.address()?;
    if person.writes_from(&address) {
        return Ok(Ruling::nothing(format!("{address} is known as theirs already.")));
    }
    people::new_address(&address, asked, case)?;
    people::not_removed(&address, asked, case)?;
    let answer = format!(
        "Mail from {address} counts as the {}'s from now on. Letters still go to {}.",
        person.role,
        person.address.as_ref().map(ToString::to_string).unwrap_or_default()
    );
    let private = Person { address: Some(address), ..Person::default() };
    Ok(Ruling::of(Deed::ParticipantAlso { participant: person.number, private }, answer))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;
    use crate::desk::test_support::address;

    #[test]
    fn another_address_and_back() {
        let mut office = Office::new();
        let before = office.case().matter();
        office.does("cora", "/also finder fay@work.example\n");
        assert!(office.case().participant_at(&address("fay@work.example")).is_some());
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn nobody_is_made_somebody_else() {
        let mut office = Office::new();
        office.does("cora", "/add maintainer mo@lib.example on the page\n");
        assert!(office.refused("cora", "/also finder mo@lib.example\n").contains("already"));
        assert!(office.refused("cora", "/also finder cora@example.org\n").contains("never"));
        assert!(office.refused("cora", "/also reporter x@y.example\n").contains("Nobody here"));
    }
}
