//! `/remove`: somebody takes part, or reads, no longer.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, Stops, who};
use crate::case::{Case, Deed, Member, Participant, Permission, Words as Said};

pub const REMOVE: Command = Command {
    name: "remove",
    usage: "/remove <who>",
    summary: "Ends somebody's part in the case: a participant, or a member who reads it.",
    help: "A participant gets nothing more: their reply address is worth nothing any more, and \
           letters that wait for them never leave. A member no longer reads or handles the case, \
           and is told so. What they have read they have. /undo does not take it back; /add or \
           /readin does.\n\nExample: /remove val",
    needs: Needs::Coordinator,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(remove),
};

fn remove(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let word = words.word("who is to be removed")?;
    match (who::member(word, asked), who::participant(word, case)) {
        (_, Ok(person)) => Ok(participant(person)),
        (Ok(member), Err(_)) => self::member(member, asked, case),
        (Err(_), Err(refusal)) => Err(refusal),
    }
}

fn participant(person: &Participant) -> Ruling {
    let (participant, private) = (person.number, Said::default());
    let answer = format!(
        "The {} takes no part any more. What they send to their old reply address is that of a \
         stranger.",
        who::named(person)
    );
    let deed = Deed::ParticipantLeft { participant, private };
    Ruling { stops: vec![Stops::Participant(participant)], ..Ruling::of(deed, answer) }
}

fn member(member: &Member, asked: &Asked<'_>, case: &Case) -> Result<Ruling, Refusal> {
    let handle = &member.handle;
    if !case.readable_by(handle) {
        return Ok(Ruling::nothing(format!("{handle} does not read this case.")));
    }
    let mut left = asked.rules.roster.coordinators().filter(|one| one.handle != *handle);
    if member.role == Permission::Coordinator && !left.any(|one| case.readable_by(&one.handle)) {
        return Err(Refusal::new(format!(
            "{handle} is the last coordinator who reads this case. First read another in: \
             /readin <who>."
        )));
    }
    let was = if case.handlers.contains(handle) { "reads and handles" } else { "reads" };
    let answer = format!("{handle} {was} this case no longer, and is told so.");
    let ruling = Ruling::of(Deed::ReadOut { member: handle.clone() }, answer);
    let ruling = Ruling { stops: vec![Stops::Member(handle.clone())], ..ruling };
    let last = case.handlers.iter().all(|one| one == handle) && !case.handlers.is_empty();
    Ok(if last { ruling.then("/assign <who>", "nobody handles the case now") } else { ruling })
}

#[cfg(test)]
mod tests {
    use crate::case::LetterState;
    use crate::desk::orders::cast::Office;

    #[test]
    fn a_participant_leaves_for_good_and_what_waits_for_them_never_goes() {
        let mut office = Office::new();
        office.does("cora", "/send finder\n\nThank you, we look at it.\n");
        let waits = |office: &Office| {
            let mut letters = office.cases().letters_in(&office.case);
            letters.rfind(|one| one.participant == Some(1)).map(|one| one.state)
        };
        assert_eq!(waits(&office), Some(LetterState::Waiting));
        office.does("cora", "/remove finder\n");
        assert_eq!(waits(&office), Some(LetterState::Discarded));
        let person = office.case().participant(1).expect("fay");
        assert!(person.left && person.generation == 1);
        assert!(office.refused("cora", "/undo\n").contains("never taken back"));
    }

    #[test]
    fn one_mail_does_not_write_to_whom_it_removes() {
        let mut office = Office::new();
        let said = office.refused("cora", "/send finder\n/remove finder\n\nThank you.\n");
        assert!(said.contains("A line above writes to them"), "{said}");
    }

    #[test]
    fn a_member_is_read_out_and_the_last_coordinator_stays() {
        let mut office = Office::new();
        office.read_in("val");
        let done = office.does("cora", "/remove val\n");
        assert!(!office.case().readable_by("val") && done.told.contains("val"));
        office.does("cora", "/remove vic\n");
        assert!(office.refused("cora", "/remove me\n").contains("last coordinator"));
        assert!(office.refused("cora", "/remove eve\n").contains("Nobody here is eve"));
    }
}
