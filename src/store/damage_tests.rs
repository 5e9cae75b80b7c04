//! Eve, or the disk, changes files: the journal is named, sled is rebuilt, a mail costs itself.

use super::open::House;
use super::test_support::{Team, case, copy, entry, files, flip, fold, key, mail};
use super::walk::{Next, Walk};
use super::{Batch, Level, Settings, Store, StoreError, verify};
use serde_json::json;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn temp() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

/// A state with so many reports, closed.
fn state(reports: u32) -> tempfile::TempDir {
    let dir = temp();
    let mut team = Team::found(dir.path());
    for n in 1..=reports {
        let batch = team.report(n);
        team.commit(batch).expect("a commit");
    }
    dir
}

fn house(dir: &Path) -> House {
    House::enter(dir, &key(), Settings::default()).expect("a state")
}

/// Where each frame of the journal ends.
fn ends(dir: &Path) -> Vec<usize> {
    let mut walk = Walk::new(house(dir).source, None).expect("a journal");
    let mut ends = Vec::new();
    while let Next::Frame(_) = walk.next().expect("a whole journal") {
        ends.push(walk.here().offset as usize);
    }
    ends
}

fn journal(dir: &Path) -> PathBuf {
    dir.join("journal/00000001.log")
}

fn segment(dir: &Path) -> PathBuf {
    dir.join("mail/00000001.seg")
}

fn shorten(path: &Path, length: usize) {
    let file = OpenOptions::new().write(true).open(path).expect("a file");
    file.set_len(length as u64).expect("shortened");
}

#[test]
fn a_torn_tail_is_cut_at_every_octet() {
    let dir = state(2);
    let ends = ends(dir.path());
    let (before, whole) = (ends[1], ends[3]);
    let bytes = std::fs::read(journal(dir.path())).expect("a journal");
    for length in before..whole {
        std::fs::write(journal(dir.path()), &bytes[..length]).expect("written");
        let reading = house(dir.path()).read(0, None).expect("a torn tail is no damage");
        assert_eq!((reading.end.seq, reading.entries.len()), (2, 2), "cut at {length}");
        assert_eq!(reading.torn, length > before);
    }
}

#[test]
fn after_a_torn_tail_the_report_is_taken_again() {
    let whole = state(2);
    let ends = ends(whole.path());
    for length in [ends[1], ends[1] + 1, ends[1] + 30, ends[2], ends[2] + 19, ends[3] - 1] {
        let dir = temp();
        copy(whole.path(), dir.path());
        shorten(&journal(dir.path()), length);
        let mut team = Team::open(dir.path());
        assert_eq!(team.entries().len(), 2);
        let lost = "the journal ends at entry 2, sled has seen entry 4";
        assert!(team.notes.iter().any(|note| note.starts_with(lost)), "{:?}", team.notes);
        let cut = "the last commit of the journal was not finished: it was cut";
        assert_eq!(team.notes.iter().any(|note| note == cut), length > ends[1]);
        let batch = team.report(2);
        assert_eq!(team.commit(batch).expect("a commit"), [3, 4]);
        drop(team);
        assert!(verify(dir.path(), &key(), fold).iter().all(|f| f.level == Level::Note));
    }
}

#[test]
fn a_tail_that_the_disk_never_wrote_is_cut() {
    let dir = state(2);
    let ends = ends(dir.path());
    let bytes = std::fs::read(journal(dir.path())).expect("a journal");
    for from in [ends[1], ends[1] + 8, ends[1] + 100, ends[2] - 80, ends[2], ends[3] - 64] {
        let mut zeroed = bytes.clone();
        zeroed[from..].fill(0);
        zeroed.resize(bytes.len() + 4096, 0);
        std::fs::write(journal(dir.path()), &zeroed).expect("written");
        let reading = house(dir.path()).read(0, None);
        assert_eq!(reading.expect("a torn tail is no damage").end.seq, 2, "zeros from {from}");
    }
    let mut zeroed = bytes.clone();
    zeroed[ends[0] + 40..ends[1]].fill(0);
    std::fs::write(journal(dir.path()), &zeroed).expect("written");
    assert!(house(dir.path()).read(0, None).is_err(), "zeros within are damage");
}

#[test]
fn a_changed_octet_anywhere_in_the_journal_is_named() {
    let dir = state(3);
    let ends = ends(dir.path());
    let bytes = std::fs::read(journal(dir.path())).expect("a journal");
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        std::fs::write(journal(dir.path()), &changed).expect("written");
        let expected = ends.iter().position(|end| at < *end).map(|frame| frame as u64 + 1);
        match house(dir.path()).read(0, None) {
            Err(StoreError::Damaged { segment, sequence, .. }) => {
                assert_eq!((segment.as_str(), sequence), ("journal/00000001.log", expected));
            }
            Err(other) => panic!("octet {at}: {other}"),
            Ok(_) => panic!("octet {at} was not noticed"),
        }
    }
}

#[test]
fn a_start_names_damage_that_sled_has_long_passed() {
    let whole = state(3);
    let ends = ends(whole.path());
    for (frame, at) in [(1, 3), (1, 100), (2, ends[0] + 15), (5, ends[4] - 1), (6, ends[5] - 1)] {
        let dir = temp();
        copy(whole.path(), dir.path());
        flip(&journal(dir.path()), at);
        let error = Team::try_open(dir.path(), Settings::default()).err().expect("damage");
        let words = format!("journal/00000001.log is damaged at entry {frame} (");
        assert!(error.to_string().starts_with(&words), "{error}");
        assert!(dir.path().join("sled").exists(), "sled is left as evidence");
        let findings = verify(dir.path(), &key(), fold);
        assert!(findings[0].what.starts_with(&words), "{findings:?}");
    }
}

#[test]
fn eve_swaps_two_frames() {
    let dir = state(3);
    let ends = ends(dir.path());
    let mut bytes = std::fs::read(journal(dir.path())).expect("a journal");
    let (second, third) = (bytes[ends[1]..ends[3]].to_vec(), bytes[ends[3]..].to_vec());
    bytes.truncate(ends[1]);
    bytes.extend(third.iter().chain(&second));
    std::fs::write(journal(dir.path()), &bytes).expect("written");
    let error = house(dir.path()).read(0, None).err().expect("damage");
    assert!(error.to_string().contains("damaged at entry 3"), "{error}");
}

/// Opens, and finds everything as it was.
fn is_as_before(dir: &Path, reports: u32) -> Vec<String> {
    let team = Team::open(dir);
    assert_eq!(team.caseload, fold(team.entries()));
    assert_eq!(team.caseload.len(), reports as usize);
    for n in 1..=reports {
        let text = mail(n);
        let kept = team.store.mail(&team.id(&text)).expect("the mail opens");
        assert_eq!(kept, Some(text.clone().into_bytes()));
        assert_eq!(team.store.seen(&team.digest(&text)).expect("an answer"), Some(case(n)));
    }
    let notes = team.notes.clone();
    drop(team);
    assert_eq!(verify(dir, &key(), fold), []);
    assert_eq!(Team::open(dir).notes, Vec::<String>::new(), "mended once and for all");
    notes
}

fn sled_notes(harm: impl Fn(&Path)) -> Vec<String> {
    let dir = state(40);
    harm(&dir.path().join("sled"));
    is_as_before(dir.path(), 40)
}

#[test]
fn a_sled_that_is_gone_is_rebuilt() {
    let notes = sled_notes(|sled| std::fs::remove_dir_all(sled).expect("removed"));
    assert_eq!(notes, ["sled was rebuilt from the journal (it was not there)"]);
}

#[test]
fn a_sled_of_garbage_is_rebuilt() {
    let notes = sled_notes(|sled| {
        for file in files(sled) {
            std::fs::write(file, [0xA5; 70_000]).expect("written");
        }
    });
    assert!(notes[0].starts_with("sled was moved to sled.damaged-1 ("), "{notes:?}");
}

/// sled cuts its own log at the first bad record and opens as if nothing were missing. Either that
/// is noticed, or what is left is an older state, whole, and is brought up.
#[test]
fn a_sled_cut_short_is_noticed_or_brought_up() {
    let whole = state(40);
    let length = std::fs::metadata(whole.path().join("sled/db")).expect("sled").len() as usize;
    for part in 0..24 {
        let dir = temp();
        copy(whole.path(), dir.path());
        shorten(&dir.path().join("sled/db"), length * part / 48);
        let notes = is_as_before(dir.path(), 40);
        let noticed = |note: &String| note.starts_with("sled was");
        assert!(notes.iter().any(noticed), "cut at {part}/48: {notes:?}");
    }
}

#[test]
fn octets_changed_in_sled_are_mended() {
    let whole = state(40);
    let db = std::fs::read(whole.path().join("sled/db")).expect("sled");
    let used = db.iter().rposition(|octet| *octet != 0).expect("some");
    let mut noticed = 0;
    for part in 0..24 {
        let dir = temp();
        copy(whole.path(), dir.path());
        flip(&dir.path().join("sled/db"), used * part / 24);
        noticed += usize::from(!is_as_before(dir.path(), 40).is_empty());
    }
    assert!(noticed > 8, "only {noticed} of 24 hit anything");
}

#[test]
fn a_record_that_sled_dropped_or_kept_is_noticed() {
    for prefix in [b'c', b's', b'm', b'k', b'!'] {
        let notes = sled_notes(|sled| {
            let db = sled::open(sled).expect("sled");
            let (key, _) = db.scan_prefix([prefix]).next().expect("some").expect("read");
            db.remove(key).expect("removed");
        });
        assert!(notes[0].starts_with("sled was moved"), "{notes:?}");
    }
    let notes = sled_notes(|sled| {
        let db = sled::open(sled).expect("sled");
        let mut seen = db.scan_prefix(b"s");
        let (one, _) = seen.next().expect("some").expect("read");
        let (_, other) = seen.next().expect("some").expect("read");
        db.insert(one, other).expect("put");
    });
    assert!(notes[0].contains("(a record is damaged)"), "{notes:?}");
}

#[test]
fn an_older_sled_is_brought_up_and_a_foreign_one_set_aside() {
    let dir = state(3);
    let older = temp();
    copy(&dir.path().join("sled"), older.path());
    let mut team = Team::open(dir.path());
    for n in 4..=6 {
        let batch = team.report(n);
        team.commit(batch).expect("a commit");
    }
    drop(team);
    let put_back = |from: &Path| {
        std::fs::remove_dir_all(dir.path().join("sled")).expect("removed");
        copy(from, &dir.path().join("sled"));
    };
    put_back(older.path());
    let findings = verify(dir.path(), &key(), fold);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((findings[0].level, findings[0].what.as_str()), (Level::Note, "it ends at entry 6"));
    let (store, opened) = Store::open(dir.path(), &key()).expect("the state opens");
    assert_eq!((opened.snapshots.map(|all| all.len()), opened.entries.len()), (Some(3), 6));
    drop(store);
    put_back(older.path());
    assert_eq!(is_as_before(dir.path(), 6), ["sled was 6 entries behind and was brought up"]);
    put_back(&state(2).path().join("sled"));
    let notes = is_as_before(dir.path(), 6);
    assert!(notes[0].starts_with("sled was moved"), "{notes:?}");
}

#[test]
fn until_snapshots_are_handed_back_those_in_sled_stay() {
    let dir = state(3);
    std::fs::remove_dir_all(dir.path().join("sled")).expect("removed");
    let (store, opened) = Store::open(dir.path(), &key()).expect("the state opens");
    assert_eq!((opened.snapshots, opened.entries.len()), (None, 6));
    // The caller goes on without folding: nothing half-folded may be left behind.
    let note = entry(&case(1), "note", (json!({}), json!("words")));
    let snapshots = vec![("case/SIRT-2026-0001".into(), Some(json!("half")))];
    let batch = Batch { entries: vec![note], snapshots, ..Batch::default() };
    store.commit(batch).expect("a commit");
    drop(store);
    let (store, opened) = Store::open(dir.path(), &key()).expect("the state opens");
    assert_eq!((opened.snapshots, opened.entries.len()), (None, 7));
    drop(store);
    is_as_before(dir.path(), 3);
}

#[test]
fn a_sled_that_hangs_is_left_behind() {
    let dir = state(3);
    let hasty = Settings { index_time: Duration::ZERO, ..Settings::default() };
    let team = Team::try_open(dir.path(), hasty).expect("the state opens");
    let words = "sled was moved to sled.damaged-1 (it took too long) and rebuilt from the journal";
    assert_eq!(team.notes, [words]);
    assert_eq!(team.caseload.len(), 3);
}

#[test]
fn the_two_newest_damaged_sleds_are_kept() {
    let dir = state(1);
    for _ in 0..4 {
        let blobs = dir.path().join("sled/blobs");
        std::fs::create_dir_all(&blobs).expect("a directory");
        std::fs::write(blobs.join("7"), "long").expect("written");
        std::fs::write(dir.path().join("sled/db"), "garbage").expect("written");
        let notes = Team::open(dir.path()).notes;
        assert!(notes[0].contains("sled/blobs"), "{notes:?}");
    }
    let there = |n: u32| dir.path().join(format!("sled.damaged-{n}")).exists();
    assert_eq!([1, 2, 3, 4].map(there), [false, false, true, true]);
}

#[test]
fn a_damaged_mail_costs_itself() {
    let whole = state(3);
    let record = std::fs::metadata(segment(whole.path())).expect("mail").len() as usize / 3;
    // In the body, in the head, in the mark, in the length of the second of three.
    for at in [record + 400, record + 60, record, record + 5] {
        for rescan in [false, true] {
            let dir = temp();
            copy(whole.path(), dir.path());
            flip(&segment(dir.path()), at);
            if rescan {
                std::fs::remove_dir_all(dir.path().join("sled")).expect("removed");
            }
            let mut team = Team::open(dir.path());
            let read = |n: u32| team.store.mail(&team.id(&mail(n)));
            assert!(matches!(read(1), Ok(Some(_))) && matches!(read(3), Ok(Some(_))), "{at}");
            assert!(matches!(read(2), Err(StoreError::Damaged { .. }) | Ok(None)), "{at}");
            drop(team);
            let findings = verify(dir.path(), &key(), fold);
            let error = findings.iter().find(|f| f.level == Level::Error).expect("a finding");
            assert!(error.place.ends_with("of entry 3"), "{findings:?}");

            // The source still had it: taken again, it is whole again.
            team = Team::open(dir.path());
            let again = team.report(2);
            team.commit(again).expect("a commit");
            assert_eq!(
                team.store.mail(&team.id(&mail(2))).expect("opens").map(|m| m.len()),
                Some(mail(2).len())
            );
        }
    }
}

#[test]
fn an_unfinished_mail_is_left_and_the_next_segment_begun() {
    let dir = state(2);
    let mut bytes = std::fs::read(segment(dir.path())).expect("mail");
    bytes.extend_from_within(..bytes.len() / 4);
    std::fs::write(segment(dir.path()), &bytes).expect("written");
    let mut team = Team::open(dir.path());
    assert!(team.notes[0].starts_with("mail/00000001.seg: "), "{:?}", team.notes);
    let batch = team.report(3);
    team.commit(batch).expect("a commit");
    assert!(dir.path().join("mail/00000002.seg").exists());
    drop(team);
    let team = Team::open(dir.path());
    assert_eq!(team.notes, Vec::<String>::new());
    assert!(team.store.mail(&team.id(&mail(3))).expect("opens").is_some());
    drop(team);
    std::fs::remove_file(segment(dir.path())).expect("removed");
    let findings = verify(dir.path(), &key(), fold);
    let missing = findings.iter().filter(|f| f.what == "a kept mail is missing").count();
    assert_eq!(missing, 2, "{findings:?}");
}

#[test]
fn damaged_keys_are_told_from_destroyed_ones() {
    let whole = state(2);
    let keys = |dir: &Path| dir.join("keys");
    let harmed = |harm: &dyn Fn(&Path)| {
        let dir = temp();
        copy(whole.path(), dir.path());
        harm(&keys(dir.path()));
        (Team::try_open(dir.path(), Settings::default()).map(|team| team.notes), dir)
    };
    let (gone, _dir) = harmed(&|keys| std::fs::remove_file(keys).expect("removed"));
    assert!(gone.expect_err("an error").to_string().starts_with("keys is damaged"));
    let (odd, _dir) = harmed(&|keys| shorten(keys, 100));
    assert!(odd.expect_err("an error").to_string().contains("cut short"));
    let (short, _dir) = harmed(&|keys| shorten(keys, 144));
    assert!(short.expect_err("an error").to_string().contains("missing"));
    let (changed, dir) = harmed(&|keys| flip(keys, 72 + 30));
    let notes = changed.expect("one key costs its case");
    assert!(notes.iter().any(|note| note.contains("1 entries does not open")), "{notes:?}");
    let findings = verify(dir.path(), &key(), fold);
    assert!(findings.iter().any(|f| f.place == "journal, entry 1"), "{findings:?}");
}

#[test]
fn snapshots_that_the_journal_does_not_bear_out_are_found() {
    let dir = state(2);
    let (store, _) = Store::open(dir.path(), &key()).expect("the state opens");
    let snapshots = vec![
        ("case/SIRT-2026-0001".to_string(), Some(json!({"entries": 9}))),
        ("case/SIRT-2026-0002".to_string(), None),
        ("case/SIRT-2026-0003".to_string(), Some(json!({}))),
    ];
    store.commit(Batch { snapshots, ..Batch::default() }).expect("a commit");
    drop(store);
    let findings = verify(dir.path(), &key(), fold);
    let found: Vec<(&str, &str)> =
        findings.iter().map(|f| (f.place.as_str(), f.what.as_str())).collect();
    let expected = [
        ("sled, snapshot case/SIRT-2026-0001", "it is not what the journal amounts to"),
        ("sled, snapshot case/SIRT-2026-0003", "the journal knows nothing of it"),
        ("sled, snapshot case/SIRT-2026-0002", "it is missing"),
    ];
    assert_eq!(found, expected);
}
