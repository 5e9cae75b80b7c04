//! The journal of the first version, as it must be readable for ever: every event name, with the
//! private parts opened. `UPDATE=1` adds to it only while nobody has written such a journal.

use super::test_support::{Sketch, World, lines_of, names};
use super::*;
use crate::case::{Event, LetterState};
use crate::store::KeptId;
use serde_json::Value;
use std::path::PathBuf;

/// Pinned: a name that was written once is read in ten years.
const NAMES: [&str; 18] = [
    "case.opened",
    "channel.set",
    "key.learned",
    "key.proven",
    "letter.delayed",
    "letter.discarded",
    "letter.failed",
    "letter.held",
    "letter.released",
    "letter.sent",
    "letter.tried",
    "letter.written",
    "mail.filed",
    "mail.quarantined",
    "mail.retried",
    "member.read-in",
    "participant.joined",
    "words.shown",
];

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/journal/v1.jsonl")
}

/// A history in which everything happens that this version knows.
fn history() -> World {
    let mut world = World::new();
    world.take(&Sketch { from: 0, key: true, ..Sketch::default() });
    world.take(&Sketch { from: 0, text: 3, link: 2, key: true, hours: 1, ..Sketch::default() });
    world.take(&Sketch { from: 0, signed: 1, link: 3, hours: 1, ..Sketch::default() });
    world.take(&Sketch { from: 1, mark: 4, hours: 1, ..Sketch::default() });
    let last = world.cases.letters().last().map_or(1, |letter| letter.number);
    let news = News::CameBack { why: "came back: 5.1.1".to_owned() };
    world.decide(&Input::Letter { number: last.saturating_sub(1), news });
    world
}

#[test]
fn every_event_of_the_first_version_is_read_and_folded() {
    let text = std::fs::read_to_string(file()).expect("fixtures/journal/v1.jsonl");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let entries: Vec<Entry> =
        lines.iter().map(|line| Entry::from_line(line.clone()).expect("an entry")).collect();
    assert_eq!(names(&entries).into_iter().collect::<Vec<_>>(), NAMES);
    assert_eq!(lines_of(&entries), lines, "read and written again it is the same");
    let mut cases = Caseload::default();
    entries.iter().for_each(|entry| cases.apply(entry));
    let opened = entries.iter().filter(|entry| matches!(entry.event, Event::CaseOpened { .. }));
    assert_eq!(cases.cases().count(), opened.count());
    assert!(cases.letters().any(|letter| letter.state == LetterState::Discarded));
    assert!(cases.quarantine().all(|mail| mail.retried));
    let read = Caseload::from_snapshots(cases.snapshots(), cases.last_entry());
    assert_eq!(read.expect("a caseload").snapshots(), cases.snapshots());
    // What the desk decides next must not fail on an old journal either.
    let rules = World::new().rules;
    let number = cases.letters().next().expect("a letter").number;
    decide(&cases, &rules, &Input::Letter { number, news: News::Sent }, jiff::Timestamp::MIN);
}

#[test]
fn what_this_version_writes_is_in_the_fixture() {
    if std::env::var_os("UPDATE").is_none() || file().exists() {
        return;
    }
    let mut lines: Vec<String> = lines_of(&written()).iter().map(Value::to_string).collect();
    lines.push(String::new());
    std::fs::create_dir_all(file().parent().expect("a folder")).expect("a folder");
    std::fs::write(file(), lines.join("\n")).expect("written");
}

fn written() -> Vec<Entry> {
    let mut world = history();
    let held = world.cases.letters().find(|one| one.state == LetterState::Held).map(|l| l.number);
    let failed =
        world.cases.letters().find(|one| one.state == LetterState::Failed).map(|l| l.number);
    let at = world.cases.last_entry().expect("a time");
    let case = world.cases.cases().next().expect("a case").id.clone();
    for asked in [
        AtTerminal::Release { letter: failed.expect("a failed letter") },
        AtTerminal::Discard { letter: held.expect("a held letter"), why: "told".to_owned() },
        AtTerminal::Shown { case, user: 1_000 },
    ] {
        let decision = at_terminal(&world.cases, &world.rules, &asked, at).expect("done");
        decision.entries.iter().for_each(|entry| world.cases.apply(entry));
        world.entries.extend(decision.entries);
    }
    let number = failed.expect("a failed letter");
    let why = "the relay is busy".to_owned();
    world.decide(&Input::Letter { number, news: News::Delayed { why, again: at } });
    let why = "it waits".to_owned();
    world.decide(&Input::Letter { number, news: News::Held { why } });
    let (Input::Mail(mut opened), _) = world.input(&Sketch { from: 1, ..Sketch::default() }) else {
        panic!("a mail")
    };
    opened.arrival.retried = Some(1);
    opened.arrival.twin = world.cases.quarantined(1).and_then(|mail| mail.case.clone());
    world.decide(&Input::Mail(opened));
    world.entries
}

#[test]
fn names_of_kept_mail_are_names_of_the_store() {
    let world = history();
    for mail in world.entries.iter().filter_map(|entry| entry.event.mail()) {
        assert!(mail.parse::<KeptId>().is_ok(), "{mail}");
    }
}
