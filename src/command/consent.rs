//! `/consent`: what somebody outside agreed to.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, who};
use crate::case::{Case, Consent, Deed, Participant};
use strum::VariantArray;

pub const CONSENT: Command = Command {
    name: "consent",
    usage: "/consent <who> contact|introduce|name|credit",
    summary: "Puts on record what somebody outside agreed to.",
    help: "contact: their words may be passed on to whoever can mend it. introduce: they may be \
           brought together with the other side. name: they may be named. credit: they want to \
           be credited. Their newest mail is kept as the evidence. When they take it back: \
           /consent <who> withdrawn ends all of it, and /undo does not bring it back.\n\nExample: \
           /consent finder contact",
    needs: Needs::Handler,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(consent),
};

fn consent(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let person = who::participant(words.word("who agreed")?, case)?;
    if words.keyword("withdrawn") || words.keyword("withdraw") {
        return Ok(withdrawn(person));
    }
    let to: Consent = words.one_of("what they agreed to", Consent::VARIANTS)?;
    let role = person.role;
    if person.consents.contains(&to) {
        return Ok(Ruling::nothing(format!("That is on record of the {role} already: {to}.")));
    }
    let evidence = evidence(person, case);
    let answer = match &evidence {
        Some((number, _)) => {
            format!("The {role} agreed to: {to}. Mail {number}, their newest, is the evidence.")
        }
        None => format!("The {role} agreed to: {to}. There is no mail of theirs: on your word."),
    };
    let mail = evidence.map(|(_, mail)| mail);
    Ok(Ruling::of(Deed::Consents { participant: person.number, to, mail }, answer))
}

fn withdrawn(person: &Participant) -> Ruling {
    let role = person.role;
    if person.consents.is_empty() {
        return Ruling::nothing(format!("The {role} agreed to nothing that could be taken back."));
    }
    let had: Vec<String> = person.consents.iter().map(Consent::to_string).collect();
    let had = had.join(", ");
    let answer = format!("The {role} agreed to {had}; all of it is taken back now.");
    Ruling::of(Deed::Withdraws { participant: person.number }, answer)
}

/// Their newest mail, by number and the name it is kept under.
fn evidence(person: &Participant, case: &Case) -> Option<(usize, String)> {
    let mut mails = (1..).zip(&case.mails).collect::<Vec<_>>().into_iter().rev();
    let (number, mail) = mails.find(|(_, mail)| mail.participant == Some(person.number))?;
    Some((number, mail.mail.clone()))
}

#[cfg(test)]
mod tests {
    use crate::case::{Consent, Deed, Event};
    use crate::desk::orders::cast::Office;

    #[test]
    fn with_the_mail_that_says_so_and_back() {
        let mut office = Office::new();
        let before = office.case().matter();
        office.does("cora", "/consent finder contact\n");
        assert_eq!(office.case().participant(1).expect("fay").consents, [Consent::Contact]);
        let evidence =
            office.world.entries.iter().any(|entry| {
                matches!(&entry.event, Event::Deed(Deed::Consents { mail: Some(_), .. }))
            });
        assert!(evidence);
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn what_is_taken_back_stays_so() {
        let mut office = Office::new();
        office.does("cora", "/consent finder name\n/consent finder contact\n");
        office.does("cora", "/consent finder withdrawn\n");
        assert!(office.case().participant(1).expect("fay").consents.is_empty());
        assert!(office.refused("cora", "/undo\n").contains("never taken back"));
        assert!(office.refused("cora", "/consent finder everything\n").contains("none of"));
    }
}
