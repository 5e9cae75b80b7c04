//! `/channel`: how somebody is written to.

use super::words::Words;
use super::{Asked, Command, Needs, Other, Refusal, Rule, Ruling, people, who};
use crate::case::{Case, Channel, Deed, Participant, Words as Said};

pub const CHANNEL: Command = Command {
    name: "channel",
    usage: "/channel <who> <channel> <reason>",
    summary: "How somebody is written to: encrypted, clear, or not chosen yet.",
    help: "<channel> is encrypted, clear or ask. The reason is kept as a note. From encrypted \
           back to clear only a coordinator goes, and not while they have a proven key. Reports \
           and files never go in the clear, and each text that does is confirmed.\n\nExample: \
           /channel finder clear asked for it on the phone",
    needs: Needs::Handler,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(channel),
};

fn channel(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let person = who::participant(words.word("who it is")?, case)?;
    let to: Channel = words.word_of("a channel")?;
    let why = people::reason(words)?;
    if person.channel == to {
        return Ok(Ruling::nothing(format!("The channel of the {} is {to} already.", person.role)));
    }
    loosens(person, to, asked)?;
    let note = format!("Channel of the {}: {}, now {to}: {why}", person.role, person.channel);
    let mut answer = format!("Channel of the {}: {}, now {to}.", person.role, person.channel);
    let kept = kept_words(person, to, case);
    answer.extend(kept.iter().map(String::as_str));
    let other = vec![Other::ChannelSet { participant: person.number, channel: to }];
    let ruling = Ruling { answer, other, ..Ruling::default() };
    Ok(ruling.and(Deed::NoteWritten { private: Said::of(&note) }))
}

/// Less protection than before takes more authority.
fn loosens(person: &Participant, to: Channel, asked: &Asked<'_>) -> Result<(), Refusal> {
    let role = person.role;
    match (to, person.key_on_record()) {
        (Channel::Encrypted, _) => Ok(()),
        (_, Some(key)) => Err(Refusal::new(format!(
            "The {role} has a proven key, and letters go to it. If it is lost, a coordinator \
             first sends /key refuse {} .",
            key.fingerprint
        ))),
        (_, None) if person.channel == Channel::Encrypted && !asked.is_coordinator() => {
            Err(Refusal::new(format!(
                "The {role} is written to encrypted only. A coordinator can change that."
            )))
        }
        _ => Ok(()),
    }
}

/// Whoever wrote words that still wait has to say whether they may go unencrypted.
fn kept_words(person: &Participant, to: Channel, case: &Case) -> Option<String> {
    let mut authors: Vec<&str> = case
        .unsaid
        .iter()
        .filter(|words| words.participant == person.number)
        .map(|words| words.by.as_str())
        .collect();
    authors.dedup();
    (to == Channel::Clear && !authors.is_empty()).then(|| {
        format!(
            " Words of {} to them were kept and do not leave by this: to send them unencrypted, \
             their author sends the same text again, below /send {}.",
            authors.join(", "),
            people::called(person, case)
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::case::Channel;
    use crate::desk::orders::cast::Office;

    fn with_mo() -> Office {
        let mut office = Office::new();
        office.does("cora", "/add maintainer mo@lib.example on the page\n");
        office
    }

    fn channel(office: &Office, number: u32) -> Channel {
        office.case().participant(number).expect("somebody").channel
    }

    #[test]
    fn from_ask_to_clear_with_a_reason_and_back() {
        let mut office = with_mo();
        let before = office.case().matter();
        assert!(office.refused("cora", "/channel maintainer clear\n").contains("why?"));
        office.does("cora", "/channel maintainer clear asked for it\n");
        assert_eq!(channel(&office, 2), Channel::Clear);
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn words_that_waited_do_not_leave_in_the_clear_and_never_twice() {
        let mut office = with_mo();
        office.does("cora", "/send maintainer\n\nWe would like to talk to you.\n");
        assert_eq!(office.case().unsaid.len(), 1);
        let done = office.does("cora", "/channel maintainer clear asked for it\n");
        assert!(done.steps[0].did[0].contains("Words of cora"), "{:?}", done.steps);
        assert_eq!(office.case().unsaid.len(), 1);
        office.confirmed("cora", "/send maintainer\n\nWe would like to talk to you.\n");
        assert!(office.case().unsaid.is_empty());
    }

    #[test]
    fn a_proven_key_is_never_passed_by() {
        let mut office = Office::new();
        let said = office.refused("cora", "/channel finder clear she is in a hurry\n");
        assert!(said.contains("/key refuse"), "{said}");
    }

    #[test]
    fn a_volunteer_does_not_go_back_to_clear() {
        let mut office = with_mo();
        office.read_in("val");
        office.does("cora", "/channel maintainer encrypted their wish\n");
        let handlers = vec!["val".to_owned()];
        let event = crate::case::Event::Deed(crate::case::Deed::HandlersSet { handlers });
        let (at, case) = (office.world.now(), Some(office.case.clone()));
        let by = crate::case::Actor::Cli;
        office.world.fold(crate::case::Entry { at, case, by, event });
        let said = office.refused("val", "/channel maintainer clear easier\n");
        assert!(said.contains("coordinator"), "{said}");
        office.does("cora", "/channel maintainer clear they called\n");
    }
}
