//! What holds whatever is ordered by whom, in whatever order.

use super::cast::{Office, Order};
use super::stage::{LINES, WORDS, embargoed, handled};
use crate::case::{Case, Caseload, Entry, Participant};
use crate::command::COMMANDS;
use crate::desk::test_support::Sketch;
use crate::letter::{Transcript, Wording};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

const MEMBERS: [&str; 3] = ["cora", "val", "vic"];

/// One mail by one member, and what is done about it next.
#[derive(Clone, Debug)]
struct Move {
    by: &'static str,
    text: String,
    confirms: bool,
    undoes: bool,
    minutes: i64,
}

fn line() -> impl Strategy<Value = String> {
    let known = prop::sample::select(LINES).prop_map(str::to_owned);
    let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    let word = prop::sample::select(WORDS);
    let tried = (prop::sample::select(names), word.clone(), word)
        .prop_map(|(name, first, second)| format!("/{name} {first} {second}"));
    prop_oneof![3 => known, 1 => tried]
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let some = |count: std::ops::Range<usize>| prop::collection::vec(line(), count);
    let lines = prop_oneof![3 => some(1..2), 1 => some(2..4)];
    let one = (prop::sample::select(&MEMBERS[..]), lines, any::<(bool, bool)>(), 0..90i64);
    let one = one.prop_map(|(by, lines, (confirms, undoes), minutes)| {
        let text = format!("{}\n", lines.join("\n"));
        Move { by, text, confirms, undoes, minutes }
    });
    prop::collection::vec(one, 1..14)
}

fn office(embargo: bool) -> Office {
    if embargo { embargoed() } else { handled() }
}

/// What it came to, with its confirmation where that is given.
fn play(office: &mut Office, one: &Move) -> Transcript {
    let order = office.order(one.by, &one.text);
    let (_, answer) = office.take(&order);
    let Wording::Transcript(said) = answer.wording else { panic!("no transcript") };
    match (said.outcome.as_str(), answer.code) {
        ("waits", Some(code)) if one.confirms => office.say(one.by, &format!("/confirm {code}\n")),
        _ => *said,
    }
}

fn sound(office: &Office) -> Result<(), TestCaseError> {
    for case in office.cases().cases() {
        prop_assert_eq!(case.invariants(), Ok(()));
        let on_roster = |one: &String| office.rules().roster.by_handle(one).is_some();
        prop_assert!(case.handlers.iter().all(on_roster), "{:?}", case.handlers);
    }
    Ok(())
}

/// What was noted is read from the journal as it was, and comes to the same cases.
fn journal_reads_back(office: &Office) -> Result<(), TestCaseError> {
    let mut cases = Caseload::default();
    for entry in &office.world.entries {
        let line = entry.to_line().expect("a line");
        let read = Entry::from_line(line.clone());
        prop_assert_eq!(read.as_ref().ok(), Some(entry), "{} {:?}", line, read.as_ref().err());
        cases.apply(entry);
    }
    let case = cases.case(&office.case).map(Case::matter);
    prop_assert_eq!(case, Some(office.case().matter()));
    let snapshots = cases.snapshots();
    let again = Caseload::from_snapshots(snapshots.clone(), cases.last_entry());
    prop_assert_eq!(again.expect("snapshots").snapshots(), snapshots);
    Ok(())
}

/// What the store writes with the journal, entry by entry.
fn stored(store: &mut BTreeMap<String, Value>, office: &Office, from: usize) {
    let entries = office.world.entries.get(from..).unwrap_or_default();
    for name in entries.iter().flat_map(|entry| office.cases().touched(entry)) {
        match office.cases().snapshot(&name) {
            Some(value) => _ = store.insert(name, value),
            None => _ = store.remove(&name),
        }
    }
}

fn orders_of(case: &Case) -> Option<String> {
    case.checkpoint.as_ref().map(|point| point.orders.clone())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_case_stays_sound_and_undo_restores_it(embargo: bool, moves in moves()) {
        let mut office = office(embargo);
        let mut store = office.cases().snapshots();
        for one in &moves {
            let before = office.case().clone();
            let entries = office.world.entries.len();
            let said = play(&mut office, one);
            sound(&office)?;
            stored(&mut store, &office, entries);
            prop_assert!(store == office.cases().snapshots(), "{}", one.text);
            if said.outcome != "done" {
                prop_assert_eq!(office.case().matter(), before.matter(), "{}", one.text);
            }
            // An `/undo` is not itself taken back.
            let again = one.text.contains("/undo");
            let begun = !again && orders_of(office.case()) != orders_of(&before);
            if one.undoes && begun && office.say(one.by, "/undo\n").outcome == "done" {
                prop_assert_eq!(office.case().matter(), before.matter(), "{}", one.text);
                sound(&office)?;
            }
            stored(&mut store, &office, entries);
            prop_assert!(store == office.cases().snapshots(), "undone: {}", one.text);
            office.world.pass(SignedDuration::from_mins(one.minutes));
        }
        journal_reads_back(&office)?;
    }

    #[test]
    fn what_is_only_tried_changes_nothing(embargo: bool, moves in moves()) {
        let mut office = office(embargo);
        for one in &moves {
            let before = office.case().matter();
            let tried = Move { text: format!("/try\n{}", one.text), ..one.clone() };
            let said = play(&mut office, &tried);
            let outcome = said.outcome.as_str();
            prop_assert!(matches!(outcome, "tried" | "refused"), "{outcome}");
            prop_assert_eq!(office.case().matter(), before, "{}", one.text);
        }
    }

    /// Eve has every mail that members ever signed, and sends them again in any order.
    #[test]
    fn eve_replays_everything(moves in moves(), order in prop::collection::vec(0..14usize, 1..20)) {
        let mut office = handled();
        let mut signed: Vec<(&str, String, String)> = Vec::new();
        for (one, number) in moves.iter().zip(0..) {
            let bytes = format!("mail {number}");
            let mut order = office.order(one.by, &one.text);
            order.bytes = Some(bytes.clone());
            office.take(&order);
            signed.push((one.by, order.text, bytes));
        }
        let before = office.case().matter();
        for (by, text, bytes) in order.iter().filter_map(|at| signed.get(*at)) {
            office.replay(&Order {
                by,
                text: text.clone(),
                age: SignedDuration::ZERO,
                encrypted: true,
                bytes: Some(bytes.clone()),
            });
            prop_assert_eq!(office.case().matter(), before.clone(), "{}", text);
        }
    }

    /// Eve, and everybody else without a key on the roster, joins her words to the case and
    /// decides nothing about it.
    #[test]
    fn nobody_without_a_key_is_obeyed(embargo: bool, sketches in sketches()) {
        let mut office = office(embargo);
        let before = office.case().clone();
        for sketch in &sketches {
            office.world.take(sketch);
            let after = office.case().clone();
            prop_assert_eq!(decided(&after, &before), decided(&before, &before), "{:?}", sketch);
            sound(&office)?;
        }
    }
}

fn sketches() -> impl Strategy<Value = Vec<Sketch>> {
    let one = (0..9u8, 0..8u8, 0..6u8, 0..7u8, 0..6u8, 0..30u8, any::<bool>());
    let one = one.prop_map(|(from, text, signed, link, mark, hours, key)| Sketch {
        from,
        text,
        signed,
        link,
        mark,
        hours,
        key,
    });
    prop::collection::vec(one, 1..10)
}

/// The case but for what people outside may change by themselves: they join, send keys, and choose
/// how they are written to.
fn decided(case: &Case, before: &Case) -> Case {
    let known = |one: &&Participant| before.participant(one.number).is_some();
    let people = case.participants.iter().filter(known).map(|one| {
        let was = before.participant(one.number).unwrap_or(one);
        Participant { keys: was.keys.clone(), channel: was.channel, ..one.clone() }
    });
    Case { participants: people.collect(), unsaid: before.unsaid.clone(), ..case.matter() }
}
