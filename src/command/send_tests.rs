//! Words to people outside, and slips with them.

use crate::case::{Actor, Deed, EmbargoState, Entry, Event, Key};
use crate::desk::orders::cast::Office;
use crate::letter::{Enclosure, Letter, Wording};
use crate::mail::{Fingerprint, KeySource};

fn notes(office: &mut Office, event: Event) {
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    office.world.fold(Entry { at, case, by: Actor::Cli, event });
}

/// Mo takes part too, with a proven key.
fn with_mo() -> Office {
    let mut office = Office::new();
    office.does("cora", "/add maintainer mo@lib.example on the page\n");
    let private = Key {
        fingerprint: Fingerprint::parse(&"B".repeat(40)),
        certificate: "a certificate".to_owned(),
        ..Key::default()
    };
    let (participant, source) = (2, KeySource::Attached);
    notes(&mut office, Event::KeyLearned { participant, source, proven: true, private });
    office
}

/// The letters to people outside that orders led to, confirmed where that is asked for.
fn sent(office: &mut Office, text: &str) -> Vec<Letter> {
    let order = office.order("cora", text);
    let (mut decision, answer) = office.take(&order);
    let Wording::Transcript(transcript) = &answer.wording else { panic!("no transcript") };
    if transcript.outcome == "waits" {
        let order = office.order("cora", &format!("/confirm {}", answer.code.expect("a code")));
        decision = office.take(&order).0;
    }
    let outside = decision.letters.into_iter().filter(|letter| letter.to.participant.is_some());
    outside.collect()
}

#[test]
fn the_text_goes_to_each_in_a_letter_of_their_own() {
    let mut office = with_mo();
    let letters = sent(&mut office, "/send finder, maintainer\n\nWe look at it this week.\n");
    let readers: Vec<Option<u32>> = letters.iter().map(|letter| letter.to.participant).collect();
    assert_eq!(readers, [Some(1), Some(2)]);
    for letter in &letters {
        let Wording::OwnWords(own) = &letter.wording else { panic!("{letter:?}") };
        assert_eq!(own.text.trim(), "We look at it this week.");
        assert!(letter.due.is_some() && letter.files.is_empty());
    }
}

/// The orders lie in the case by the time they are looked at, and hold the words that leave.
#[test]
fn words_that_stand_in_the_orders_alone_are_no_leak() {
    let text = "/send finder\n\nThank you. We can reproduce it with 2.14.1, on old versions of \
                Java 8 as you\ndescribe. On newer ones a lookup still sends out what it names. \
                Have you found\na setting that stops both of them?\n";
    let mut office = Office::new();
    office.does("cora", text);
    office.does("cora", &format!("# once more\n{text}"));
}

#[test]
fn undo_stops_it_while_it_waits() {
    let mut office = Office::new();
    let before = office.case().matter();
    office.does("cora", "/send finder\n\nWe look at it this week.\n");
    office.does("cora", "/undo\n");
    assert_eq!(office.case().matter(), before);
    let mut letters = office.cases().letters_in(&office.case);
    let letter = letters.rfind(|letter| letter.participant == Some(1)).expect("a letter");
    assert_eq!(letter.state, crate::case::LetterState::Discarded);
}

#[test]
fn what_cannot_be_sent_says_why() {
    let mut office = Office::new();
    let refused = |office: &mut Office, line: &str| {
        office.refused("cora", &format!("{line}\n\nThank you.\n"))
    };
    assert!(refused(&mut office, "/send").contains("is missing"));
    assert!(refused(&mut office, "/send val").contains("is of the team"));
    assert!(refused(&mut office, "/send handlers").contains("a note"));
    assert!(refused(&mut office, "/send maintainer").contains("Nobody here is"));
    assert!(refused(&mut office, "/send finder with love").contains("behind with"));
    assert!(refused(&mut office, "/send finder with mail 7").contains("none of those"));
    assert!(refused(&mut office, "/send finder with file 1").contains("0 files"));
    assert!(refused(&mut office, "/send finder using T-99").contains("T-05"));
    assert!(refused(&mut office, "/send finder using \"x\"").contains("Your text is the letter"));
    assert!(office.refused("cora", "/send finder\n").contains("No text"));
}

#[test]
fn the_report_goes_on_with_consent_only_and_without_a_name() {
    let mut office = with_mo();
    let text = "/send maintainer with report\n\nThis came to us.\n";
    let said = office.refused("cora", text);
    assert!(said.contains("/consent finder contact"), "{said}");
    office.does("cora", "/consent finder contact\n");
    let letters = sent(&mut office, text);
    let [Enclosure::Words { mail, without }] = letters[0].files.as_slice() else {
        panic!("{:?}", letters[0].files)
    };
    assert_eq!(*mail, office.case().mails[0].mail);
    assert!(without.iter().any(|name| name == "fay@finders.example"), "{without:?}");
    office.does("cora", "/consent finder name\n");
    let letters = sent(&mut office, text);
    assert!(
        matches!(&letters[0].files[..], [Enclosure::Words { without, .. }] if without.is_empty())
    );
}

#[test]
fn under_an_embargo_the_report_goes_to_whoever_accepted_it() {
    let mut office = with_mo();
    office.does("cora", "/consent finder contact\n");
    let mut embargo = office.case().embargo.clone();
    embargo.state = EmbargoState::Active;
    embargo.until = Some("2026-12-20T14:00:00Z".parse().expect("an instant"));
    let set = |embargo| Event::Deed(Deed::EmbargoSet { embargo, private: Default::default() });
    notes(&mut office, set(embargo.clone()));
    let text = "/send maintainer with report\n\nThis came to us.\n";
    let said = office.refused("cora", text);
    assert!(said.contains("/embargo accept for maintainer"), "{said}");
    embargo.bound.insert(2);
    notes(&mut office, set(embargo));
    assert_eq!(sent(&mut office, text).len(), 1);
}

#[test]
fn a_report_never_goes_unencrypted() {
    let mut office = Office::new();
    office.does("cora", "/add maintainer mo@lib.example on the page\n");
    office.does("cora", "/channel maintainer clear asked for it\n/consent finder contact\n");
    let said = office.refused("cora", "/send maintainer with report\n\nThis came to us.\n");
    assert!(said.contains("encrypted only"), "{said}");
}

#[test]
fn what_is_missing_is_asked_for_in_our_words_only() {
    let mut office = Office::new();
    let letters = sent(&mut office, "/send finder using T-05\n\n- poc\nversions\n");
    assert!(letters.is_empty());
    let letters = sent(&mut office, "/send finder using missing-elements\n\n- poc\npatch\n");
    let Wording::MissingElements(missing) = &letters[0].wording else { panic!("another") };
    assert_eq!(missing.missing.len(), 2);
}

/// Each pasted by mistake: encrypted it is confirmed, in the clear it is refused.
#[test]
fn slips_are_found_before_they_leave() {
    let mut office = with_mo();
    office.does("cora", "Between us: the lawyers think this reporter is quite difficult.\n");
    for slip in [
        "The lawyers think this reporter is quite difficult.",
        "Ask mo@lib.example about it.",
        "It looks like SIRT-2026-9999 to us.",
        "Our colleague val@example.org looks at it.",
    ] {
        let transcript = office.say("cora", &format!("/send finder\n\n{slip}\n"));
        assert_eq!(transcript.outcome, "waits", "{slip}: {transcript:#?}");
        assert!(transcript.why.iter().any(|why| why.contains("Line 1")), "{:?}", transcript.why);
    }
    let mut clear = Office::new();
    clear.does("cora", "/add maintainer mo@lib.example on the page\n");
    clear.does("cora", "/channel maintainer clear asked for it\n");
    for slip in [
        "libexample 2.3.1 has a heap buffer overflow; an attacker can execute code.",
        "Ask fay@finders.example about it.",
    ] {
        let said = clear.refused("cora", &format!("/send maintainer\n\n{slip}\n"));
        assert!(said.contains("would go unencrypted"), "{slip}: {said}");
    }
    let transcript = clear.say("cora", "/send maintainer\n\nPlease call us.\n");
    assert!(transcript.why[0].contains("UNENCRYPTED"), "{:?}", transcript.why);
}

#[test]
fn more_than_three_people_are_confirmed() {
    let mut office = with_mo();
    office.does("cora", "/add other a@x.example a\n/add reporter b@x.example b\n");
    for (participant, digit) in [(3, "C"), (4, "D")] {
        let private = Key { fingerprint: Fingerprint::parse(&digit.repeat(40)), ..Key::default() };
        let source = KeySource::Attached;
        notes(&mut office, Event::KeyLearned { participant, source, proven: true, private });
    }
    let transcript = office.say("cora", "/send finder maintainer other reporter\n\nHello.\n");
    assert!(transcript.why.iter().any(|why| why.contains("more than three people")));
}

#[test]
fn the_authors_own_words_written_again_are_no_leak() {
    let mut office = with_mo();
    let text = "The overflow is in the chunk reader of your library, please look at it soon.";
    office.refused("cora", &format!("/send maintainer with file 9\n\n{text}\n"));
    let order = office.order("cora", &format!("/send maintainer using\n\n{text}\n"));
    office.take(&order);
    let asked = office.say("cora", &format!("/try\n/send maintainer\n\n{text}\n"));
    assert!(!asked.why.iter().any(|why| why.contains("repeats")), "{:?}", asked.why);
    office.read_in("val");
    let other = office.say("val", &format!("/try\n/send maintainer\n\n{text}\n"));
    assert!(other.why.iter().any(|why| why.contains("another member")), "{:?}", other.why);
}

#[test]
fn a_report_without_a_proven_key_names_the_one_that_came() {
    let mut office = Office::new();
    office.does("cora", "/add maintainer mo@lib.example on the page\n");
    office.does("cora", "/consent finder contact\n");
    let none = office.refused("cora", "/send maintainer with report\n\nPlease look.\n");
    assert!(none.contains("Ask them for it: /send maintainer ."), "{none}");
    let fingerprint = "B".repeat(40);
    let private = Key {
        fingerprint: Fingerprint::parse(&fingerprint),
        certificate: "a certificate".to_owned(),
        ..Key::default()
    };
    let (participant, source) = (2, KeySource::Attached);
    notes(&mut office, Event::KeyLearned { participant, source, proven: false, private });
    let said = office.refused("cora", "/send maintainer with report\n\nPlease look.\n");
    assert!(said.contains(&format!("/key accept {fingerprint}")), "{said}");
}
