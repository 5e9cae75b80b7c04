//! What Eve tries with what Val signed, and with what she can see from outside.

use super::cast::{Office, Order};
use super::stage::{LINES, WORDS, embargoed, fold, handled, insist, letter};
use crate::case::{CaseId, Caseload, Event, Key, LetterState};
use crate::command::COMMANDS;
use crate::desk::test_support::Sketch;
use crate::desk::{Decision, Input, News};
use crate::letter::{Enclosure, Letter, Transcript, Wording};
use crate::mail::{Fingerprint, KeySource};
use jiff::SignedDuration;
use serde_json::Value;
use std::collections::BTreeMap;

fn transcript(letter: Letter) -> Transcript {
    match letter.wording {
        Wording::Transcript(transcript) => *transcript,
        other => panic!("no transcript: {other:?}"),
    }
}

/// A second case, which cora alone reads.
fn second(office: &mut Office) -> CaseId {
    office.world.take(&Sketch { from: 2, ..Sketch::default() });
    let here = office.case.clone();
    office.cases().cases().find(|one| one.id != here).expect("two").id.clone()
}

/// What Eve kept back for three hours closes no case, when it was sent to mend a slip either.
#[test]
fn a_mended_order_that_comes_late_is_confirmed_too() {
    let mut office = handled();
    let (_, answer) = office.take(&office.order("cora", "/tlp grean\n"));
    let code = answer.code.expect("a code");
    let mends = office.order("cora", &format!("/again {code} 1 /tlp amber\n"));
    let late = Order { age: SignedDuration::from_hours(3), ..mends };
    let (_, answer) = office.take(&late);
    let said = transcript(answer.clone());
    assert_eq!(said.outcome, "waits", "{said:#?}");
    assert!(said.why.iter().any(|why| why.contains("two hours")), "{said:#?}");
    let said = office.say("cora", &format!("/confirm {}\n", answer.code.expect("a code")));
    assert_eq!(said.outcome, "done", "{said:#?}");
}

#[test]
fn a_mended_letter_still_answers_the_letter_it_answered() {
    let mut office = handled();
    insist(&mut office, "val", "/send finder\n\nThank you.\n");
    let slip = office.order("val", "/sned finder\n\nAs you said: all is well.\n");
    office.wait(1);
    office.world.take(&Sketch { signed: 1, link: 1, hours: 1, ..Sketch::default() });
    let (_, answer) = office.take(&slip);
    let said = office.say("val", &format!("/again {} 1 /send finder\n", answer.code.expect("it")));
    assert_eq!(said.outcome, "waits", "{said:#?}");
    assert!(said.why.iter().any(|why| why.contains("wrote since")), "{said:#?}");
}

/// However often it is looked at, "in 30 days" is the same day, so it can be confirmed.
#[test]
fn a_mended_date_can_be_confirmed() {
    let mut office = handled();
    let (_, answer) = office.take(&office.order("val", "/embrgo until +30d\n"));
    office.wait(1);
    let code = answer.code.expect("a code");
    let mends = format!("/case {}\n/again {code} 1 /embargo until +30d\n", office.case);
    assert!(office.refused("val", &mends).contains("stand alone"));
    let mends = office.order("val", &format!("/again {code} 1 /embargo until +30d\n"));
    let (_, answer) = office.take(&Order { age: SignedDuration::from_hours(3), ..mends });
    assert_eq!(transcript(answer.clone()).outcome, "waits");
    office.wait(1);
    let said = office.say("val", &format!("/confirm {}\n", answer.code.expect("it")));
    assert_eq!(said.outcome, "done", "{said:#?}");
}

/// Cora confirms what she saw; a letter of Val's that was written meanwhile she did not see.
#[test]
fn a_confirmation_is_void_once_another_has_written_to_somebody_outside() {
    let mut office = handled();
    insist(&mut office, "val", "/send finder\n\nThank you.\n");
    let (_, asked) = office.take(&unproven(&office, "/tlp amber\n"));
    assert_eq!(transcript(asked.clone()).outcome, "waits");
    insist(&mut office, "val", "/send finder\n\nMore words.\n");
    let said = office.say("cora", &format!("/confirm {}\n", asked.code.expect("a code")));
    assert_eq!(said.outcome, "waits", "{said:#?}");
    assert!(said.why.iter().any(|why| why.contains("changed")), "{said:#?}");
}

/// Of Cora, without a case line of ours: what is risky is to be confirmed.
fn unproven(office: &Office, text: &str) -> Order<'static> {
    let text = format!("/case {}\n{text}", office.case);
    let (by, age) = ("cora", SignedDuration::ZERO);
    Order { by, text, age, encrypted: true, bytes: None }
}

/// The store holds after each mail what the journal comes to: a code that was used is used after
/// a restart, too, wherever its orders went on.
#[test]
fn a_used_code_is_used_after_a_restart() {
    let mut office = handled();
    let other = second(&mut office);
    let mut store: BTreeMap<String, Value> = office.cases().snapshots();
    let text = format!("/case {other}\n/tlp amber\n");
    let (_, asked) = take(&mut office, &mut store, "cora", &text);
    let code = asked.code.clone().expect("a code");
    assert_eq!(transcript(asked).outcome, "waits");
    let (_, done) = take(&mut office, &mut store, "cora", &format!("/confirm {code}\n"));
    assert_eq!(transcript(done).outcome, "done");
    assert_eq!(store, office.cases().snapshots());
    let restarted = Caseload::from_snapshots(store, office.cases().last_entry()).expect("it");
    assert!(restarted.orders_with_code(&code).expect("the orders").used);
}

fn take(
    office: &mut Office,
    store: &mut BTreeMap<String, Value>,
    by: &str,
    text: &str,
) -> (Decision, Letter) {
    let before = office.world.entries.len();
    let order = office.order(by, text);
    let taken = office.take(&order);
    let entries = office.world.entries.get(before..).expect("entries");
    let touched = entries.iter().flat_map(|entry| office.cases().touched(entry));
    for name in touched {
        match office.cases().snapshot(&name) {
            Some(value) => _ = store.insert(name, value),
            None => _ = store.remove(&name),
        }
    }
    taken
}

#[test]
fn what_is_attached_is_of_the_case_that_its_line_names() {
    let mut office = handled();
    let other = second(&mut office);
    let order = office.order("cora", &format!("/case {other}\n/original 1\n"));
    let (_, answer) = office.take(&order);
    let kept = office.cases().case(&other).expect("it").mails[0].mail.clone();
    let [Enclosure::Original { mail }] = answer.files.as_slice() else {
        panic!("{:#?}", answer.files)
    };
    assert_eq!(*mail, kept);
}

/// Val may not read the case; Eve, with Val's key, wants to know which numbers there are.
#[test]
fn no_command_tells_whether_a_case_is_there() {
    let named = COMMANDS.iter().map(|command| command.name);
    let tried = named.flat_map(|name| {
        WORDS.iter().map(move |word| format!("/{name} {word}").trim_end().to_owned())
    });
    let lines: Vec<String> = LINES.iter().map(|line| (*line).to_owned()).chain(tried).collect();
    for line in lines {
        let said = |there: bool| {
            let mut office = Office::new();
            office.does("cora", "/take\n");
            let case = if there { office.case.to_string() } else { "SIRT-2026-0000".to_owned() };
            let text = format!("/case {case}\n{line}\n");
            let (decision, answer) = office.take(&Order { text, ..office.order("val", "") });
            let beyond = decision.letters.iter().any(|one| one.to.participant.is_some());
            assert!(!beyond, "{line}");
            let code = answer.code.clone().unwrap_or_default();
            format!("{:#?} {:?}", transcript(answer.clone()), answer.case)
                .replace(&case, "CASE")
                .replace(&code, "CODE")
        };
        assert_eq!(said(true), said(false), "{line}");
    }
}

#[test]
fn two_numbers_behind_case_are_not_half_read() {
    let mut office = handled();
    let said = office.refused("cora", "/case SIRT-2026-0001 SIRT-2026-0002\n/show\n");
    assert!(said.contains("one case"), "{said}");
}

#[test]
fn words_below_a_confirmation_are_not_dropped_in_silence() {
    let mut office = handled();
    let (_, asked) = office.take(&unproven(&office, "/tlp amber\n"));
    let code = asked.code.expect("a code");
    let said = office.refused("cora", &format!("/confirm {code}\n\nI have called her.\n"));
    assert!(said.contains("without words below"), "{said}");
    office.does("cora", &format!("/confirm {code}\n"));
}

/// While somebody says that it is out, words that waited for a key wait for a person, too.
#[test]
fn kept_words_do_not_leave_while_a_claim_stands() {
    let mut office = embargoed();
    insist(&mut office, "cora", "/add maintainer mo@libexample.example they mend it\n");
    insist(&mut office, "val", "/send maintainer\n\nPlease write to us.\n");
    assert_eq!(office.case().unsaid.len(), 1);
    insist(&mut office, "val", "/fact attacks\n");
    let fingerprint = "B".repeat(40);
    let private = Key {
        fingerprint: Fingerprint::parse(&fingerprint),
        certificate: "a certificate".to_owned(),
        ..Key::default()
    };
    let source = KeySource::Attached;
    fold(&mut office, Event::KeyLearned { participant: 2, source, proven: false, private });
    insist(&mut office, "cora", &format!("/key accept {fingerprint}\n"));
    let mut letters = office.cases().letters_in(&office.case);
    let last = letters.rfind(|letter| letter.participant == Some(2)).expect("a letter");
    assert_eq!(last.state, LetterState::Held, "{last:#?}");
}

/// The relay had them in its hands when they were stopped, and would have them later: then they
/// do not leave any more.
#[test]
fn what_was_on_its_way_and_comes_back_is_stopped() {
    for (by, line, state) in [
        ("val", "/fact attacks\n", LetterState::Held),
        ("cora", "/remove finder\n", LetterState::Discarded),
    ] {
        let mut office = embargoed();
        let number = letter(&mut office);
        office.world.decide(&Input::Letter { number, news: News::Tried });
        insist(&mut office, by, line);
        assert_eq!(office.cases().letter(number).expect("it").state, LetterState::Waiting);
        let (why, again) = ("greylisted".to_owned(), office.world.now());
        office.world.decide(&Input::Letter { number, news: News::Delayed { why, again } });
        assert_eq!(office.cases().letter(number).expect("it").state, state, "{line}");
    }
}

/// The code stands in our letter; that it was typed into a new mail changes nothing.
#[test]
fn a_confirmation_needs_no_case_line() {
    let mut office = handled();
    let other = second(&mut office);
    let (_, asked) = office.take(&office.order("cora", &format!("/case {other}\n/tlp amber\n")));
    let code = asked.code.expect("a code");
    let said = office.asks("cora", &format!("/confirm {code}\n"));
    assert_eq!(said.outcome, "done", "{said:#?}");
}

/// Eve sent a copy in Val's name first, so that Val's own slip would be answered by silence.
#[test]
fn whoever_signs_anew_is_always_answered() {
    let mut office = handled();
    let mut future = office.order("val", "/show\n");
    future.age = SignedDuration::from_hours(49);
    let (_, answer) = office.take(&future);
    assert!(matches!(answer.wording, Wording::NotObeyed(_)));
    let again = Order { text: "/show now\n".to_owned(), ..future.clone() };
    assert!(office.replay(&again).letters.is_empty(), "one an hour of what anybody can send");
    let new = office.order("val", "/show\n");
    let decision = office.sent_elsewhere(&new);
    let told = |one: &Letter| matches!(one.wording, Wording::NotObeyed(_));
    assert_eq!(decision.letters.iter().filter(|one| told(one)).count(), 1);
}
