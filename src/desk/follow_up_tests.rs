//! Mail of people outside in a case that is known, and what they can do with one word.

use super::*;
use crate::case::{Channel, Entry, Participant};
use crate::desk::test_support::{Sketch, World, address};
use crate::desk::{Decision, Input};
use crate::letter::{CaseLetter, Wording};

fn world() -> World {
    let mut world = World::new();
    world.take(&Sketch { signed: 1, key: true, ..Sketch::default() });
    world
}

fn only(world: &World) -> &Case {
    world.cases.cases().next().expect("a case")
}

/// Somebody answers our newest letter with this text.
fn replies(world: &mut World, from: u8, text: &str, proven: bool) -> Decision {
    let (mut input, _) = world.input(&Sketch { from, link: 1, ..Sketch::default() });
    if let Input::Mail(opened) = &mut input {
        opened.mail.text = text.to_owned();
        if let Some(belongs) = &mut opened.triage.belongs {
            belongs.proven = proven;
        }
    }
    world.decide(&input)
}

fn told(decision: &Decision) -> CaseLetter {
    let letters = decision.letters.iter();
    let mut told = letters.filter_map(|letter| match &letter.wording {
        Wording::MailJoined(letter) | Wording::CaseOpened(letter) => Some((**letter).clone()),
        _ => None,
    });
    told.next().expect("a letter to a member")
}

fn ready(decision: &Decision) -> Vec<(String, String)> {
    told(decision).ready.into_iter().map(|one| (one.line, one.does)).collect()
}

fn fold(world: &mut World, event: Event) {
    let (at, case) = (world.now(), Some(only(world).id.clone()));
    world.fold(Entry { at, case, by: Actor::Cli, event });
}

fn closed() -> World {
    let mut world = world();
    let (status, private) = (Status::Closed, Default::default());
    fold(&mut world, Event::Deed(Deed::StatusSet { status, reason: None, of: None, private }));
    world
}

#[test]
fn mail_to_a_closed_case_opens_a_linked_one() {
    let mut world = closed();
    let old = only(&world).id.clone();
    replies(&mut world, 0, "It is back in version 2.4.0, with another trigger.", false);
    let new = world.cases.cases().find(|case| case.id != old).expect("a new case").clone();
    assert_eq!(new.links, std::slice::from_ref(&old));
    let old = world.cases.case(&old).expect("the old case");
    assert_eq!((old.status, &old.links[..]), (Status::Closed, &[new.id.clone()][..]));
    assert!(new.participant_at(&address("fay@finders.example")).is_some());
    assert_eq!((new.mails.len(), old.mails.len()), (1, 1));
}

#[test]
fn a_word_to_a_closed_case_opens_none() {
    let mut world = closed();
    replies(&mut world, 0, "status\n", false);
    assert_eq!(world.cases.cases().count(), 1);
}

#[test]
fn accept_is_recorded_with_its_proof_and_moves_nothing() {
    for proven in [true, false] {
        let mut world = world();
        let mut embargo = only(&world).embargo.clone();
        embargo.state = crate::case::EmbargoState::Proposed;
        embargo.proposed = Some("2026-12-20T14:00:00Z".parse().expect("an instant"));
        let private = Default::default();
        fold(&mut world, Event::Deed(Deed::EmbargoSet { embargo: embargo.clone(), private }));
        let decision = replies(&mut world, 0, "Accept.\n", proven);
        let recorded = decision.entries.iter().find_map(|entry| match &entry.event {
            Event::Deed(Deed::Answered { word, proven, .. }) => Some((word.clone(), *proven)),
            _ => None,
        });
        assert_eq!(recorded, Some(("accept".to_owned(), proven)));
        assert_eq!(only(&world).embargo, embargo);
        let (line, does) = ready(&decision).remove(0);
        assert_eq!(line, "/embargo accept for finder");
        assert_eq!(does.contains("NOT PROVEN"), !proven, "{does}");
    }
}

#[test]
fn withdraw_is_for_a_handler_to_carry_out_and_stop_holds_at_once() {
    let mut world = world();
    let consents = Deed::Consents { participant: 1, to: crate::case::Consent::Contact, mail: None };
    fold(&mut world, Event::Deed(consents));
    let decision = replies(&mut world, 0, "withdraw", false);
    assert_eq!(ready(&decision)[0].0, "/consent finder withdrawn");
    let fay = |world: &World| -> Participant { only(world).participants[0].clone() };
    assert_eq!(fay(&world).consents.len(), 1);
    replies(&mut world, 0, "STOP!", false);
    assert!(fay(&world).no_reminders);
}

#[test]
fn eve_says_accept_from_an_address_that_takes_no_part() {
    let mut world = world();
    let decision = replies(&mut world, 2, "accept\n", true);
    let answered = |entry: &Entry| matches!(entry.event, Event::Deed(Deed::Answered { .. }));
    assert!(!decision.entries.iter().any(answered));
    let lines = ready(&decision);
    assert_eq!(lines[0].0, "/also finder eve@evil.example");
    assert!(lines.iter().all(|(line, _)| !line.contains("accept")), "{lines:?}");
}

#[test]
fn a_new_case_is_offered_and_a_found_date_never_set() {
    let mut world = World::new();
    let (mut input, _) = world.input(&Sketch::default());
    if let Input::Mail(opened) = &mut input {
        opened.triage.found.deadline = Some(crate::case::Deadline {
            at: "2026-12-20".to_owned(),
            words: "we publish\n/close\n".to_owned(),
        });
    }
    let decision = world.decide(&input);
    let lines = ready(&decision);
    let lines: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    let deadline = "/deadline 2026-12-20T00:00Z for finder";
    assert_eq!(lines, ["/take", "/assign <who>", "/decline", deadline]);
    assert_eq!(only(&world).participants[0].deadline, None);
}

#[test]
fn eves_key_is_not_proven_where_another_is_expected() {
    let expected = crate::mail::Fingerprint::parse(&"C".repeat(40));
    for (expected, proven) in [(None, true), (expected, false)] {
        let mut world = World::new();
        world.take(&Sketch { key: true, ..Sketch::default() });
        let mut case = only(&world).clone();
        case.participants[0].expected_key = expected;
        let mut draft = Draft::new(&world.cases, &world.rules, world.now());
        draft.case = Some(case);
        let reply = Sketch { signed: 1, link: 3, key: true, ..Sketch::default() };
        let (Input::Mail(opened), _) = world.input(&reply) else { panic!("no mail") };
        prove_key(&mut draft, &opened, 1);
        let found = |entry: &Entry| matches!(entry.event, Event::KeyProven { .. });
        assert_eq!(draft.entries().iter().any(found), proven);
    }
}

#[test]
fn words_that_waited_are_offered_again_when_clear_is_chosen() {
    let mut world = World::new();
    world.take(&Sketch::default());
    let private = crate::case::Words::of("We would like to talk to you.");
    fold(&mut world, Event::Deed(Deed::WordsKept { participant: 1, private }));
    let decision = replies(&mut world, 0, "clear\n", false);
    let lines = ready(&decision);
    assert!(lines[0].0 == "/send finder" && lines[0].1.contains("never sent"), "{lines:?}");
    let sent = |letter: &crate::letter::Letter| matches!(letter.wording, Wording::OwnWords(_));
    assert!(!decision.letters.iter().any(sent));
}

/// Fay answered in the clear and Eve read the code on its way: it was sealed to Fay's key, and
/// says nothing of Eve's, which came in mails in Fay's name.
#[test]
fn eve_signs_back_a_code_that_was_sealed_to_fays_key() {
    let mut world = World::new();
    world.take(&Sketch { key: true, ..Sketch::default() });
    world.take(&Sketch { from: 8, key: true, link: 1, ..Sketch::default() });
    assert_eq!(only(&world).participants[0].keys.len(), 2);
    world.take(&Sketch { from: 8, signed: 1, link: 3, key: true, ..Sketch::default() });
    assert!(only(&world).participants[0].key_on_record().is_none());
    world.take(&Sketch { signed: 1, link: 3, key: true, ..Sketch::default() });
    assert!(only(&world).participants[0].key_on_record().is_some());
}

/// Fay wants encrypted mail only and has no key here yet. Eve knows the number of the case.
#[test]
fn eve_writes_clear_in_fays_name() {
    let mut world = World::new();
    world.take(&Sketch::default());
    let channel = |world: &World| only(world).participants[0].channel;
    fold(&mut world, Event::ChannelSet { participant: 1, channel: Channel::Encrypted });
    world.take(&Sketch { text: 2, link: 2, ..Sketch::default() });
    assert_eq!(channel(&world), Channel::Encrypted);
    world.take(&Sketch { text: 2, link: 1, ..Sketch::default() });
    assert_eq!(channel(&world), Channel::Clear);
}

#[test]
fn letters_that_members_wrote_are_no_automatic_answers() {
    let mut office = crate::desk::orders::cast::Office::new();
    for text in ["Which version?", "And on which system?", "Thank you, that helps."] {
        office.does("cora", &format!("/send finder\n\n{text}\n"));
    }
    let decision = replies(&mut office.world, 0, "status\n", true);
    let answers = decision.letters.iter();
    let answers = answers.filter(|letter| matches!(letter.wording, Wording::StatusAnswer(_)));
    assert_eq!(answers.count(), 1, "{:?}", decision.letters);
}
