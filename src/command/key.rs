//! `/key`: whether a key is somebody's.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, Stops, key_member, people, who};
use crate::case::{Case, Deed, KeyName, KnownKey, Participant};
use crate::mail::Fingerprint;

pub const KEY: Command = Command {
    name: "key",
    usage: "/key accept|refuse <fingerprint>",
    summary: "Says that a key is, or is not, that of somebody who takes part, or of a member.",
    help: "Compare the fingerprint with them over another way than mail: a call, their web page, \
           a meeting. An accepted key is the one that detail is encrypted to, and words that \
           waited for a key leave. A refused one is forgotten and not taken again; letters that \
           wait for its owner never leave. /undo does not take a refusal back.\n\nExample: /key \
           accept 71B022D4A0B1C2D3E4F5061728394A5B6C7D09AE",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(key),
};

fn key(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (accepts, refuses) = (words.keyword("accept"), words.keyword("refuse"));
    if !accepts && !refuses {
        return Err(Refusal::new("Write /key accept or /key refuse, and the fingerprint."));
    }
    let written = words.rest();
    let bare: String = written.split_whitespace().collect();
    let fingerprint = Fingerprint::parse(&bare).ok_or_else(|| {
        words.slip("write the whole fingerprint: 40 or 64 characters of 0 to 9 and A to F")
    })?;
    if let Some(ruled) = key_member::judge(&bare, accepts, asked) {
        return ruled;
    }
    let case = asked.case()?;
    if !asked.is_coordinator() {
        return Err(Refusal::new("/key is for coordinators."));
    }
    let (person, known) = holder(case, &fingerprint)?;
    if accepts { accept(person, known) } else { Ok(refuse(person, known)) }
}

fn holder<'a>(
    case: &'a Case,
    fingerprint: &Fingerprint,
) -> Result<(&'a Participant, &'a KnownKey), Refusal> {
    let there = case.participants.iter().filter(|person| !person.left);
    let mut keys = there.flat_map(|one| one.keys.iter().map(move |key| (one, key)));
    let found: Vec<_> = keys.by_ref().filter(|(_, key)| key.fingerprint == *fingerprint).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Refusal::new(
            "Nobody in this case came with that key. It has to come with a mail of theirs first.",
        )),
        _ => Err(Refusal::new(
            "That key came with mail of two participants. /remove the one whose it is not.",
        )),
    }
}

fn accept(person: &Participant, key: &KnownKey) -> Result<Ruling, Refusal> {
    let short = key.fingerprint.short();
    if let Some(trouble) = &key.trouble {
        let what = format!("{short} cannot be encrypted to: {}", people::shown(trouble));
        return Err(Refusal::new(what));
    }
    if key.proven {
        return Ok(Ruling::nothing(format!(
            "{short} is on record of the {} already.",
            person.role
        )));
    }
    let before = person.key_on_record().map(|key| key.fingerprint.short());
    let answer = format!(
        "Key of the {}: {}, now {short}. What we write to them goes encrypted to it.",
        who::named(person),
        before.unwrap_or_else(|| "none".to_owned())
    );
    Ok(Ruling::of(judged(person, key, true), answer))
}

fn refuse(person: &Participant, key: &KnownKey) -> Ruling {
    let was = if key.proven { "was on record" } else { "was not proven" };
    let answer = format!(
        "{} is not a key of the {} and is forgotten; it {was}.",
        key.fingerprint.short(),
        who::named(person)
    );
    let stops = match key.proven {
        true => vec![Stops::Participant(person.number)],
        false => Vec::new(),
    };
    Ruling { stops, ..Ruling::of(judged(person, key, false), answer) }
}

fn judged(person: &Participant, key: &KnownKey, accepted: bool) -> Deed {
    let private = KeyName { fingerprint: Some(key.fingerprint.clone()) };
    Deed::KeyJudged { participant: person.number, accepted, private }
}

#[cfg(test)]
mod tests {
    use crate::case::{Actor, Entry, Event, Key, LetterState};
    use crate::desk::orders::cast::Office;
    use crate::mail::{Fingerprint, KeySource};

    fn learns(office: &mut Office, participant: u32, digit: &str) -> String {
        let fingerprint = digit.repeat(40);
        let private = Key {
            fingerprint: Fingerprint::parse(&fingerprint),
            certificate: "a certificate".to_owned(),
            ..Key::default()
        };
        let source = KeySource::Attached;
        let event = Event::KeyLearned { participant, source, proven: false, private };
        let (at, case) = (office.world.now(), Some(office.case.clone()));
        office.world.fold(Entry { at, case, by: Actor::Participant(participant), event });
        fingerprint
    }

    #[test]
    fn an_accepted_key_lets_kept_words_leave_once() {
        let mut office = Office::new();
        office.does("cora", "/add maintainer mo@lib.example on the page\n");
        let key = learns(&mut office, 2, "B");
        office.does("cora", "/send maintainer\n\nWe would like to talk to you.\n");
        assert_eq!(office.case().unsaid.len(), 1);
        let done = office.does("cora", &format!("/key accept {key}\n"));
        assert!(done.steps[0].did.iter().any(|said| said.contains("leave now")), "{done:#?}");
        assert!(office.case().unsaid.is_empty());
        let sealed = office.cases().letters_in(&office.case).any(|letter| {
            letter.participant == Some(2) && letter.sealed && letter.state == LetterState::Waiting
        });
        assert!(sealed);
        office.does("cora", "/undo\n");
        assert_eq!(office.case().unsaid.len(), 1);
    }

    #[test]
    fn a_refused_key_is_gone_and_comes_not_back() {
        let mut office = Office::new();
        office.does("cora", "/send finder\n\nThank you.\n");
        let spaced = "A".repeat(40);
        office.does("cora", &format!("/key refuse {} {}\n", &spaced[..20], &spaced[20..]));
        assert!(office.case().participant(1).expect("fay").keys.is_empty());
        let mut letters = office.cases().letters_in(&office.case);
        let last = letters.rfind(|one| one.participant == Some(1)).map(|one| one.state);
        drop(letters);
        assert_eq!(last, Some(LetterState::Discarded));
        assert!(office.refused("cora", "/undo\n").contains("never taken back"));
        learns(&mut office, 1, "A");
        assert!(office.case().participant(1).expect("fay").keys.is_empty());
    }

    #[test]
    fn only_whole_fingerprints_of_keys_that_came() {
        let mut office = Office::new();
        assert!(office.refused("cora", "/key accept AAAA\n").contains("whole fingerprint"));
        let none = format!("/key accept {}\n", "E".repeat(40));
        assert!(office.refused("cora", &none).contains("Nobody in this case"));
        office.read_in("val");
        assert!(office.refused("val", &none).contains("coordinators"));
    }
}
