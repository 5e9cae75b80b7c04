//! `/add`: somebody outside takes part.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, people, who};
use crate::case::{Deed, Person, Words as Said};
use crate::mail::Fingerprint;

pub const ADD: Command = Command {
    name: "add",
    usage: "/add <role> <address> [key] <reason>",
    summary: "Somebody outside takes part from now on.",
    help: "<role> is finder, maintainer, reporter or other. [key] is the fingerprint they told \
           you, without blanks: no other key of theirs is trusted by itself then. The reason is \
           kept as a note for the handlers. Nothing is written to them; /send does that. To ask \
           whether somebody is the right person use /invite.\n\nExample: /add maintainer \
           mo@lib.example named as contact in SECURITY.md",
    needs: Needs::Coordinator,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(add),
};

fn add(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let role = words.one_of("a role", who::ROLES)?;
    let address = words.address()?;
    people::new_address(&address, asked, case)?;
    let expected_key = words.peek().and_then(Fingerprint::parse);
    if expected_key.is_some() {
        words.optional();
    }
    let why = people::reason(words)?;
    let participant = people::next_number(case);
    let note = format!("Added the {role} {address}: {why}");
    let private = Person { name: String::new(), address: Some(address.clone()), expected_key };
    let answer = format!(
        "The {role}, {address}, takes part from now on. Nothing was written to them.{}",
        match &private.expected_key {
            Some(key) => format!(" Their key is to be {}.", key.short()),
            None => String::new(),
        }
    );
    let ruling = Ruling::of(Deed::Invited { participant, role, private }, answer);
    Ok(ruling
        .and(Deed::NoteWritten { private: Said::of(&note) })
        .then(format!("/send {address}"), "writes your text to them"))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn mo_takes_part_and_undo_takes_it_back() {
        let mut office = Office::new();
        let before = office.case().matter();
        let key = "B".repeat(40);
        office.does("cora", &format!("/add maintainer mo@lib.example {key} their own page\n"));
        let person = office.case().participant(2).expect("mo").clone();
        assert_eq!(person.expected_key.expect("a key").as_str(), key);
        assert!(office.case().notes[0].text.contains("their own page"));
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn ours_members_lists_and_those_who_are_there_are_refused() {
        let mut office = Office::new();
        for address in ["sirt@example.org", "sirt+x@example.org", "val@example.org"] {
            let said = office.refused("cora", &format!("/add other {address} because\n"));
            assert!(said.contains("never takes part"), "{said}");
        }
        assert!(office.refused("cora", "/add other siren@lists.example x\n").contains("never"));
        let said = office.refused("cora", "/add maintainer fay@finders.example because\n");
        assert!(said.contains("already"), "{said}");
        assert!(office.refused("cora", "/add maintainer mo@lib.example\n").contains("why?"));
    }

    #[test]
    fn a_volunteer_adds_nobody() {
        let mut office = Office::new();
        office.read_in("val");
        let said = office.refused("val", "/add other eve@evil.example friend\n");
        assert!(said.contains("coordinators"), "{said}");
    }
}
