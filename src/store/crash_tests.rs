//! Broken off before every single step, and refused at every single step: a batch is there whole
//! or not at all, and the same batch again changes nothing that was there.

use super::test_support::{Caseload, Team, copy, entry, fold, key, mail};
use super::{Act, Batch, Level, Settings, Step, StoreError, Trouble, Watch, verify};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex};

fn temp() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

/// Copies of a directory as they would be found after a crash before each step.
#[derive(Clone, Default)]
struct Crashes(Arc<Mutex<Vec<(Step, tempfile::TempDir)>>>);

impl Crashes {
    fn watch(&self, dir: &Path) -> Settings {
        let (crashes, dir) = (self.clone(), dir.to_path_buf());
        let watch: Watch = Arc::new(move |step| {
            let left = temp();
            copy(&dir, left.path());
            crashes.0.lock().expect("no panic").push((step, left));
            None
        });
        small(Some(watch))
    }

    fn take(&self) -> Vec<(Step, tempfile::TempDir)> {
        std::mem::take(&mut self.0.lock().expect("no panic"))
    }
}

/// Segments turn after every commit or two, so that turning is among the steps.
fn small(watch: Option<Watch>) -> Settings {
    Settings { journal_segment: 1_500, mail_segment: 3_000, watch, ..Settings::default() }
}

fn is_sound(dir: &Path) {
    let findings = verify(dir, &key(), fold);
    assert!(findings.iter().all(|finding| finding.level == Level::Note), "{findings:?}");
}

/// Opens what a crash left: as before, or as after; then the batch is committed again.
fn recovers(left: &Path, (before, after): (&Caseload, &Caseload), batch: &Batch) {
    let mut team = Team::try_open(left, small(None)).expect("a crash is no damage");
    assert!(team.caseload == *before || team.caseload == *after, "half a commit");
    assert_eq!(team.caseload, fold(team.entries()));
    if team.caseload == *after {
        for kept in &batch.kept {
            let there = team.store.mail(&kept.id).expect("its mail opens");
            assert_eq!(there.as_ref(), Some(&kept.bytes));
        }
    } else {
        team.commit(batch.clone()).expect("the source still had it");
        assert_eq!(team.caseload, *after);
    }
    for n in 1..=team.caseload.len() as u32 {
        assert!(team.store.mail(&team.id(&mail(n))).expect("opens").is_some());
        assert!(team.store.seen(&team.digest(&mail(n))).expect("an answer").is_some());
    }
    drop(team);
    is_sound(left);
}

#[test]
fn a_crash_before_any_step_of_a_commit_leaves_all_or_nothing() {
    let dir = temp();
    let crashes = Crashes::default();
    let mut team = Team::found_with(dir.path(), crashes.watch(dir.path()));
    let mut steps = BTreeSet::new();
    crashes.take();
    for n in 1..=6 {
        let (before, mut batch) = (team.caseload.clone(), team.report(n));
        // Enough mail outside cases that keys have to be made on the way.
        batch.kept.extend((0..140).map(|k| team.kept(&format!("list {n} {k}"), None)));
        team.commit(batch.clone()).expect("a commit");
        for (step, left) in crashes.take() {
            steps.insert(step);
            recovers(left.path(), (&before, &team.caseload), &batch);
        }
    }
    let step = |act, file| Step { act, file };
    let expected = BTreeSet::from([
        step(Act::Create, "journal"),
        step(Act::Create, "mail"),
        step(Act::Write, "journal"),
        step(Act::Write, "keys"),
        step(Act::Write, "mail"),
        step(Act::Sync, "journal"),
        step(Act::Sync, "keys"),
        step(Act::Sync, "mail"),
        step(Act::Rename, "keys"),
        step(Act::SyncDirectory, "journal"),
        step(Act::SyncDirectory, "keys"),
        step(Act::SyncDirectory, "mail"),
        step(Act::Apply, "index"),
    ]);
    assert_eq!(steps, expected, "every step was broken off once");
}

#[test]
fn the_order_of_a_commit_is_mail_journal_sled() {
    let dir = temp();
    let steps: Arc<Mutex<Vec<Step>>> = Arc::default();
    let seen = steps.clone();
    let watch: Watch = Arc::new(move |step| {
        seen.lock().expect("no panic").push(step);
        None
    });
    let mut team =
        Team::found_with(dir.path(), Settings { watch: Some(watch), ..Settings::default() });
    steps.lock().expect("no panic").clear();
    let batch = team.report(1);
    team.commit(batch).expect("a commit");
    let expected = [
        (Act::Write, "mail"),
        (Act::Sync, "mail"),
        (Act::Write, "journal"),
        (Act::Sync, "journal"),
        (Act::Apply, "index"),
    ];
    let told: Vec<(Act, &str)> =
        steps.lock().expect("no panic").iter().map(|step| (step.act, step.file)).collect();
    assert_eq!(told, expected);
}

#[test]
fn a_crash_while_a_crash_is_mended_is_mended_too() {
    let dir = temp();
    let mut team = Team::found_with(dir.path(), small(None));
    for n in 1..=3 {
        let batch = team.report(n);
        team.commit(batch).expect("a commit");
    }
    let (caseload, next) = (team.caseload.clone(), team.report(4));
    drop(team);
    let mut after = caseload.clone();
    next.entries.iter().for_each(|entry| super::test_support::apply(&mut after, entry));
    // sled gone, the journal torn, a mail unfinished.
    std::fs::remove_dir_all(dir.path().join("sled")).expect("removed");
    for (name, octets) in [("journal/00000002.log", 13), ("mail/00000001.seg", 50)] {
        let path = dir.path().join(name);
        let mut bytes = std::fs::read(&path).expect("a file");
        bytes.extend_from_within(..octets);
        std::fs::write(&path, bytes).expect("written");
    }
    let crashes = Crashes::default();
    drop(Team::try_open(dir.path(), crashes.watch(dir.path())).expect("mended"));
    let left = crashes.take();
    assert!(left.len() >= 6, "{}", left.len());
    for (_, left) in left {
        recovers(left.path(), (&caseload, &after), &next);
    }
}

#[test]
fn the_slot_of_a_mail_that_nobody_refers_to_is_never_given_again() {
    let dir = temp();
    let crashes = Crashes::default();
    let mut team = Team::found_with(dir.path(), crashes.watch(dir.path()));
    crashes.take();
    let batch = team.report(1);
    team.commit(batch).expect("a commit");
    let mut left = crashes.take().into_iter();
    let before_journal = Step { act: Act::Write, file: "journal" };
    let (_, left) = left.find(|(step, _)| *step == before_journal).expect("reached");
    for lose_sled in [false, true] {
        let dir = temp();
        copy(left.path(), dir.path());
        if lose_sled {
            std::fs::remove_dir_all(dir.path().join("sled")).expect("removed");
        }
        let mut team = Team::try_open(dir.path(), small(None)).expect("a crash is no damage");
        let other = team.report(2);
        team.commit(other).expect("a commit");
        assert!(team.store.destroy_case("SIRT-2026-0002").expect("destroyed"));
        assert!(team.store.mail(&team.id(&mail(1))).expect("its own key").is_some());
    }
}

#[test]
fn a_crash_while_a_state_is_made_leaves_none_or_an_empty_one() {
    let dir = temp();
    let crashes = Crashes::default();
    drop(Team::found_with(dir.path(), crashes.watch(dir.path())));
    for (step, left) in crashes.take() {
        match Team::try_open(left.path(), Settings::default()) {
            Ok(team) => assert!(team.caseload.is_empty()),
            Err(StoreError::Missing) => {
                assert!(Team::found(left.path()).caseload.is_empty());
            }
            Err(other) => panic!("{step:?}: {other}"),
        }
    }
}

#[test]
fn a_crash_while_a_key_is_destroyed() {
    let dir = temp();
    let crashes = Crashes::default();
    let mut team = Team::found_with(dir.path(), crashes.watch(dir.path()));
    for n in 1..=2 {
        let batch = team.report(n);
        team.commit(batch).expect("a commit");
    }
    crashes.take();
    assert!(team.store.destroy_case("SIRT-2026-0001").expect("destroyed"));
    for (_, left) in crashes.take() {
        let team = Team::open(left.path());
        let gone = matches!(team.store.mail(&team.id(&mail(1))), Err(StoreError::Destroyed));
        let private = team.caseload["case/SIRT-2026-0001"]["private"].as_array().map(Vec::len);
        assert_eq!(private, Some(usize::from(!gone)));
        assert!(team.store.mail(&team.id(&mail(2))).expect("opens").is_some());
    }
}

/// The trouble that comes at the next step of this kind, once.
#[derive(Clone, Default)]
struct Fault(Arc<Mutex<Vec<(Step, Trouble)>>>);

impl Fault {
    fn settings(&self) -> Settings {
        let fault = self.clone();
        let watch: Watch = Arc::new(move |step| {
            let mut waiting = fault.0.lock().expect("no panic");
            let at = waiting.iter().position(|(wanted, _)| *wanted == step)?;
            Some(waiting.remove(at).1)
        });
        small(Some(watch))
    }

    fn set(&self, act: Act, file: &'static str, (kind, written): (ErrorKind, usize)) {
        let fault = (Step { act, file }, Trouble { kind, written });
        self.0.lock().expect("no panic").push(fault);
    }
}

#[test]
fn a_full_disk_refuses_the_batch_and_takes_it_later() {
    for (file, written) in [
        ("mail", 0),
        ("mail", 77),
        ("mail", 900),
        ("journal", 0),
        ("journal", 13),
        ("journal", 400),
    ] {
        let (dir, fault) = (temp(), Fault::default());
        let mut team = Team::found_with(dir.path(), fault.settings());
        let first = team.report(1);
        team.commit(first).expect("a commit");
        let (before, batch) = (team.caseload.clone(), team.report(2));
        fault.set(Act::Write, file, (ErrorKind::StorageFull, written));
        assert!(matches!(team.commit(batch.clone()), Err(StoreError::Full)), "{file} {written}");
        assert_eq!(fold(team.entries()), before, "nothing of it is there");
        let left = temp();
        copy(dir.path(), left.path());
        team.commit(batch.clone()).expect("room again");
        assert_eq!(fold(team.entries()), team.caseload);
        recovers(left.path(), (&before, &team.caseload), &batch);
        drop(team);
        is_sound(dir.path());
    }
}

#[test]
fn a_full_disk_leaves_the_mail_segment_as_it_was() {
    let (dir, fault) = (temp(), Fault::default());
    let mut team = Team::found_with(dir.path(), fault.settings());
    let first = team.report(1);
    team.commit(first).expect("a commit");
    let size = || std::fs::metadata(dir.path().join("mail/00000001.seg")).expect("mail").len();
    let before = size();
    for _ in 0..5 {
        let batch = team.report(2);
        fault.set(Act::Write, "journal", (ErrorKind::StorageFull, 40));
        assert!(matches!(team.commit(batch), Err(StoreError::Full)));
        assert_eq!(size(), before);
    }
}

#[test]
fn where_a_half_write_cannot_be_cut_nothing_follows_it() {
    let (dir, fault) = (temp(), Fault::default());
    let mut team = Team::found_with(dir.path(), fault.settings());
    let (batch, next) = (team.report(1), team.report(2));
    team.commit(batch).expect("a commit");
    let before = team.caseload.clone();
    fault.set(Act::Write, "journal", (ErrorKind::StorageFull, 400));
    fault.set(Act::Cut, "journal", (ErrorKind::Other, 0));
    assert!(matches!(team.commit(next.clone()), Err(StoreError::Durability { .. })));
    for _ in 0..2 {
        assert!(matches!(team.commit(next.clone()), Err(StoreError::Durability { .. })));
    }
    drop(team);
    let team = Team::try_open(dir.path(), small(None)).expect("cut at the start");
    assert_eq!(team.caseload, before);
    assert!(team.notes.iter().any(|note| note.contains("was not finished")), "{:?}", team.notes);
}

#[test]
fn after_a_failed_sync_nothing_more_is_taken() {
    for file in ["mail", "journal"] {
        let (dir, fault) = (temp(), Fault::default());
        let mut team = Team::found_with(dir.path(), fault.settings());
        let (batch, next) = (team.report(1), team.report(2));
        team.commit(batch).expect("a commit");
        let before = team.caseload.clone();
        fault.set(Act::Sync, file, (ErrorKind::Other, 0));
        for _ in 0..3 {
            let error = team.commit(next.clone()).expect_err("no commit");
            assert!(matches!(error, StoreError::Durability { file: named } if named == file));
        }
        assert!(team.store.destroy_case("SIRT-2026-0001").is_err());
        drop(team);
        // What the journal holds counts, said or not: its mail must be there too.
        let mut after = before.clone();
        next.entries.iter().for_each(|entry| super::test_support::apply(&mut after, entry));
        recovers(dir.path(), (&before, &after), &next);
    }
}

#[test]
fn when_sled_fails_the_commit_is_true_and_the_next_one_refused() {
    let (dir, fault) = (temp(), Fault::default());
    let mut team = Team::found_with(dir.path(), fault.settings());
    let (batch, next) = (team.report(1), team.report(2));
    fault.set(Act::Apply, "index", (ErrorKind::StorageFull, 0));
    assert_eq!(team.commit(batch).expect("true all the same"), [1, 2]);
    let caseload = team.caseload.clone();
    assert!(matches!(team.commit(next), Err(StoreError::Index)));
    assert!(matches!(team.store.seen(&team.digest("any")), Err(StoreError::Index)));
    drop(team);
    let team = Team::try_open(dir.path(), small(None)).expect("the state opens");
    assert_eq!(team.caseload, caseload);
    assert!(team.store.seen(&team.digest(&mail(1))).expect("an answer").is_some());
}

#[test]
fn while_spare_keys_last_a_full_disk_stops_no_batch() {
    let (dir, fault) = (temp(), Fault::default());
    let mut team = Team::found_with(dir.path(), fault.settings());
    let quarantine = |team: &Team, n: u32, mails: u32| Batch {
        kept: (0..mails).map(|k| team.kept(&format!("list {n} {k}"), None)).collect(),
        entries: vec![entry("none", "list.filed", (json!({}), Value::Null))],
        ..Batch::default()
    };
    let batch = quarantine(&team, 1, 700);
    team.commit(batch).expect("a commit");
    fault.set(Act::Write, "keys", (ErrorKind::StorageFull, 3_000));
    let batch = quarantine(&team, 2, 100);
    team.commit(batch).expect("spare keys are left");
    fault.set(Act::Write, "keys", (ErrorKind::StorageFull, 3_000));
    let batch = quarantine(&team, 3, 500);
    assert!(matches!(team.commit(batch.clone()), Err(StoreError::Full)));
    team.commit(batch).expect("room again");
    assert!(!dir.path().join("keys.new").exists());
    drop(team);
    is_sound(dir.path());
}
