//! What the performance promises rest on: syncs are counted and asserted, times only printed.

use super::test_support::{Team, case, entry, fold, key};
use super::{Batch, Store};
use serde_json::json;
use std::time::Instant;

fn reports(team: &Team, from: u32, count: u32) -> Batch {
    let mut batch = Batch::default();
    for n in from..from + count {
        let one = team.report(n);
        batch.entries.extend(one.entries);
        let more = |event: &str| entry(&case(n), event, (json!({"n": n}), json!("some words")));
        batch.entries.extend([more("case.triaged"), more("letter.queued")]);
        for name in ["arrival", "letter"] {
            let text = format!("{name} {n} {}", "x".repeat(5_000));
            batch.kept.push(team.kept(&text, Some(&case(n))));
        }
    }
    batch
}

/// Processor time of this thread; 0 where the system does not tell.
fn processor_ms() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = text.split(' ').next().and_then(|first| first.parse::<u64>().ok());
    first.unwrap_or(0) / 1_000_000
}

#[test]
fn a_hundred_reports_in_two_syncs() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut team = Team::found(dir.path());
    for round in 0..10 {
        let batch = reports(&team, round * 100, 100);
        let (syncs, started, processor) = (team.store.syncs(), Instant::now(), processor_ms());
        team.commit(batch).expect("a commit");
        let (wall, processor) = (started.elapsed().as_millis(), processor_ms() - processor);
        println!("100 reports: {wall} ms, {processor} ms of processor");
        let made = team.store.syncs() - syncs;
        assert!(made == 2 || made == 4, "two, and two when keys were made: {made}");
    }
    let octets: u64 = ["journal/00000001.log", "mail/00000001.seg", "keys"]
        .iter()
        .map(|name| std::fs::metadata(dir.path().join(name)).map_or(0, |file| file.len()))
        .sum();
    println!("{octets} octets on disk for {} octets of mail", 1_000 * 2 * 5_010 + 1_000 * 800);
}

#[test]
fn a_start_with_many_entries() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut team = Team::found(dir.path());
    for round in 0..25u32 {
        let entries = (0..4_000).map(|k| {
            let n = (round * 4_000 + k) / 10;
            let private = json!({"from": "fay@finder.example", "text": "a few words of a note"});
            entry(&case(n), "note", (json!({"n": n, "k": k}), private))
        });
        let entries = entries.collect();
        let started = Instant::now();
        team.commit(Batch { entries, ..Batch::default() }).expect("a commit");
        if round % 8 == 0 {
            println!("4,000 entries of 400 cases: {} ms", started.elapsed().as_millis());
        }
    }
    drop(team);
    let started = Instant::now();
    let opened = Store::open(dir.path(), &key()).expect("the state opens");
    println!("start, 100,000 entries, 10,000 cases: {} ms", started.elapsed().as_millis());
    assert_eq!(opened.1.snapshots.as_ref().map(|all| all.len()), Some(10_000));
    assert_eq!(opened.0.syncs(), 2);
    drop(opened);
    std::fs::remove_dir_all(dir.path().join("sled")).expect("removed");
    let started = Instant::now();
    let (store, opened) = Store::open(dir.path(), &key()).expect("the state opens");
    println!("the same without sled, from zero: {} ms", started.elapsed().as_millis());
    assert_eq!((opened.snapshots, opened.entries.len()), (None, 100_000));
    let caseload: Vec<_> = fold(opened.entries).into_iter().collect();
    let started = Instant::now();
    store.rebuilt(caseload).expect("rebuilt");
    println!("10,000 snapshots handed back: {} ms", started.elapsed().as_millis());
}
