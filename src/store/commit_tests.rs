//! What is committed is there, before and after a start; what is destroyed is not.

use super::test_support::{FAY, TITLE, Team, case, entry, files, fold, key, mail};
use super::{Batch, Birth, KeptId, Settings, StateKey, Store, StoreError, verify};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

fn temp() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

#[test]
fn a_report_is_there_before_and_after_a_start() {
    let dir = temp();
    let mut team = Team::found(dir.path());
    let batch = team.report(1);
    assert_eq!(team.commit(batch.clone()).expect("a commit"), [1, 2]);
    let entries = team.entries();
    assert_eq!(entries[0]["seq"], 1);
    assert_eq!(entries[0]["private"], batch.entries[0]["private"]);
    assert_eq!(entries[0]["facts"], batch.entries[0]["facts"]);
    assert_eq!(entries[0].get("key"), None, "what the store adds it takes off again");
    let caseload = team.caseload.clone();
    drop(team);

    let (store, opened) = Store::open(dir.path(), &key()).expect("the state opens");
    assert_eq!(opened.snapshots, Some(caseload));
    assert_eq!(opened.entries, Vec::<Value>::new(), "sled is up to date");
    assert_eq!(opened.notes, Vec::<String>::new());
    let text = mail(1);
    let kept = store.mail(&store.kept_id(text.as_bytes())).expect("the mail opens");
    assert_eq!(kept, Some(text.clone().into_bytes()));
    assert_eq!(store.seen(&store.digest(text.as_bytes())).expect("an answer"), Some(case(1)));
    assert_eq!(store.seen(&store.digest(b"other")).expect("an answer"), None);
    assert_eq!(store.mail(&KeptId::from_bytes([0; 32])).expect("an answer"), None);
    assert_eq!(store.entries(2).count(), 1);
    drop(store);
    assert_eq!(verify(dir.path(), &key(), fold), []);
}

#[test]
fn a_batch_takes_two_syncs_whatever_its_size() {
    let dir = temp();
    let mut team = Team::found(dir.path());
    let mut batch = Batch::default();
    for n in 0..100 {
        let one = team.report(n);
        batch.kept.extend(one.kept);
        batch.entries.extend(one.entries);
    }
    let before = team.store.syncs();
    assert_eq!(team.commit(batch).expect("a commit").len(), 200);
    assert_eq!(team.store.syncs() - before, 2);
    let note = entry(&case(1), "note", (json!({}), json!("words")));
    team.commit(Batch { entries: vec![note], ..Batch::default() }).expect("a commit");
    assert_eq!(team.store.syncs() - before, 3, "without mail, the journal alone");
    team.store.commit(Batch::default()).expect("nothing to do");
    assert_eq!(team.store.syncs() - before, 3);
}

#[test]
fn keys_are_made_when_few_are_spare() {
    let dir = temp();
    let mut team = Team::found(dir.path());
    for n in 0..9 {
        let mut batch = team.report(n);
        let more = (0..200).map(|k| team.kept(&format!("list mail {n} {k}"), None));
        batch.kept.extend(more);
        team.commit(batch).expect("a commit");
    }
    let ids: Vec<KeptId> = (0..9).map(|n| team.id(&format!("list mail {n} 7"))).collect();
    drop(team);
    let team = Team::open(dir.path());
    for id in ids {
        assert!(team.store.mail(&id).expect("the mail opens").is_some());
    }
}

#[test]
fn the_same_mail_again_takes_no_room() {
    let dir = temp();
    let mut team = Team::found(dir.path());
    let batch = team.report(1);
    team.commit(batch.clone()).expect("a commit");
    let size = || std::fs::metadata(dir.path().join("mail/00000001.seg")).expect("mail").len();
    let before = size();
    team.commit(batch).expect("a commit");
    assert_eq!(size(), before);
    // In another case it is another's: destroying one leaves the other.
    let second = entry(&case(2), "case.opened", (json!({}), Value::Null));
    let kept = vec![team.kept(&mail(1), Some(&case(2)))];
    team.commit(Batch { kept, entries: vec![second], ..Batch::default() }).expect("a commit");
    assert!(size() > before);
    assert!(team.store.destroy_case(&case(2)).expect("destroyed"));
    assert!(team.store.mail(&team.id(&mail(1))).expect("the mail opens").is_some());
}

#[test]
fn a_destroyed_case_is_gone_and_can_be_heard_of_again() {
    let dir = temp();
    let mut team = Team::found(dir.path());
    for n in 1..=2 {
        let batch = team.report(n);
        team.commit(batch).expect("a commit");
    }
    assert!(!team.store.destroy_case("SIRT-2026-9999").expect("no such case"));
    assert!(team.store.destroy_case(&case(1)).expect("destroyed"));
    let id = team.id(&mail(1));
    assert!(matches!(team.store.mail(&id), Err(StoreError::Destroyed)));
    assert!(team.store.mail(&team.id(&mail(2))).expect("the mail opens").is_some());
    assert_eq!(team.entries()[0]["private"], Value::Null);
    drop(team);

    // Its snapshot went with the key, so the caseload is folded from what is left.
    let mut team = Team::open(dir.path());
    assert_eq!(team.caseload["case/SIRT-2026-0001"], json!({"entries": 2, "private": []}));
    assert_eq!(team.caseload["case/SIRT-2026-0002"]["private"][0]["finder"], FAY);
    let late = entry(&case(1), "mail.arrived", (json!({}), json!("late words")));
    team.commit(Batch { entries: vec![late], ..Batch::default() }).expect("a commit");
    drop(team);
    let team = Team::open(dir.path());
    assert_eq!(team.entries()[4]["private"], "late words");
    assert!(matches!(team.store.mail(&id), Err(StoreError::Destroyed)));
    drop(team);
    assert_eq!(verify(dir.path(), &key(), fold), []);
}

#[test]
fn a_mail_outside_cases_is_destroyed_alone() {
    let dir = temp();
    let team = Team::found(dir.path());
    let kept = vec![team.kept("one", None), team.kept("two", None)];
    let told = json!({"v": 1, "case": null, "event": "mail.quarantined", "private": "Eve"});
    team.store.commit(Batch { kept, entries: vec![told], ..Batch::default() }).expect("a commit");
    assert!(team.store.destroy_mail(&team.id("one")).expect("destroyed"));
    assert!(matches!(team.store.mail(&team.id("one")), Err(StoreError::Destroyed)));
    assert_eq!(team.store.mail(&team.id("two")).expect("opens"), Some(b"two".to_vec()));
    assert_eq!(team.entries()[0]["private"], "Eve");
}

#[test]
fn a_batch_that_could_not_be_read_back_is_refused_whole() {
    let dir = temp();
    let team = Team::found(dir.path());
    let refused = [
        Batch { entries: vec![json!("words")], ..Batch::default() },
        Batch { entries: vec![json!({"case": 7})], ..Batch::default() },
        Batch { entries: vec![json!({"case": "A", "key": 3})], ..Batch::default() },
        Batch { seen: vec![(team.digest("a"), String::new())], ..Batch::default() },
        Batch { kept: vec![team.kept("a", None)], ..Batch::default() },
        Batch {
            kept: vec![team.kept("a", Some("B"))],
            entries: vec![json!({"case": "A"})],
            ..Batch::default()
        },
        Batch {
            entries: vec![json!({"case": "A"}), json!({"x": "x".repeat(9 << 20)})],
            ..Batch::default()
        },
    ];
    for batch in refused {
        assert!(matches!(team.store.commit(batch), Err(StoreError::Refused(_))));
    }
    assert_eq!(team.entries(), Vec::<Value>::new());
    let next = team.store.commit(Batch { entries: vec![json!({})], ..Batch::default() });
    assert_eq!(next.expect("a commit"), [1]);
}

#[test]
fn long_snapshots_are_put_shortened_and_removed() {
    let dir = temp();
    let team = Team::found(dir.path());
    let put = |name: &str, value: Option<Value>| {
        let snapshots = vec![(name.to_string(), value)];
        team.store.commit(Batch { snapshots, ..Batch::default() }).expect("a commit");
    };
    put("letters", Some(json!("l".repeat(100_000))));
    put("letters", Some(json!("short")));
    put("cases", Some(json!("c".repeat(50_000))));
    put("gone", Some(json!("g".repeat(50_000))));
    put("gone", None);
    drop(team);
    let (_, opened) = Store::open(dir.path(), &key()).expect("the state opens");
    let expected = [("cases", json!("c".repeat(50_000))), ("letters", json!("short"))];
    let expected: BTreeMap<String, Value> =
        expected.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    assert_eq!(opened.snapshots, Some(expected));
    assert_eq!(opened.notes, Vec::<String>::new());
}

#[test]
fn segments_turn_and_are_read_in_order() {
    let dir = temp();
    let small = Settings { journal_segment: 900, mail_segment: 2_000, ..Settings::default() };
    let mut team = Team::found_with(dir.path(), small.clone());
    for n in 0..12 {
        let batch = team.report(n);
        team.commit(batch).expect("a commit");
    }
    let caseload = team.caseload.clone();
    assert!(dir.path().join("journal/00000004.log").exists());
    assert!(dir.path().join("mail/00000004.seg").exists());
    drop(team);
    let team = Team::try_open(dir.path(), small.clone()).expect("the state opens");
    assert_eq!((team.caseload.clone(), team.notes.len()), (caseload, 0));
    let seqs: Vec<u64> = team.entries().iter().filter_map(|entry| entry["seq"].as_u64()).collect();
    assert_eq!(seqs, (1..=24).collect::<Vec<u64>>());
    drop(team);
    assert_eq!(verify(dir.path(), &key(), fold), []);
    std::fs::remove_file(dir.path().join("journal/00000002.log")).expect("removed");
    let error = Team::try_open(dir.path(), small).err().expect("a missing segment");
    assert!(error.to_string().contains("journal/00000002.log is damaged"), "{error}");
}

#[test]
fn eve_takes_the_disk_and_reads_nothing() {
    let dir = temp();
    let mut team = Team::found(dir.path());
    let batch = team.report(1);
    team.commit(batch).expect("a commit");
    let name = team.digest(&mail(1)).to_string();
    drop(team);
    let words = [TITLE, FAY, "words of a report", "case.opened", "SIRT-2026", "gateway", &name];
    for file in files(dir.path()) {
        let bytes = std::fs::read(&file).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        for word in words {
            assert!(!text.contains(word), "{word} in {}", file.display());
        }
        let mode = file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is open to others", file.display());
    }
}

#[test]
fn eve_brings_another_key_another_birth_another_journal() {
    let (dir, other) = (temp(), temp());
    let mut team = Team::found(dir.path());
    let batch = team.report(1);
    team.commit(batch).expect("a commit");
    drop(team);
    let wrong = Store::open(dir.path(), &StateKey::from_bytes([8; 32])).err();
    assert!(matches!(wrong, Some(StoreError::WrongKey)));

    let exercise = Birth { exercise: true };
    drop(Store::create(other.path(), &key(), exercise).expect("a new state"));
    let birth = std::fs::read_to_string(dir.path().join("birth.json")).expect("a birth");
    let turned = birth.replace("\"exercise\": false", "\"exercise\": true");
    std::fs::write(dir.path().join("birth.json"), &turned).expect("written");
    let error = Store::open(dir.path(), &key()).err().expect("a changed birth");
    assert!(error.to_string().starts_with("birth.json is damaged"), "{error}");
    let newer = birth.replace("\"format\": 1", "\"format\": 2");
    std::fs::write(dir.path().join("birth.json"), newer).expect("written");
    let error = Store::open(dir.path(), &key()).err();
    assert!(matches!(error, Some(StoreError::NewerFormat { format: 2 })));

    std::fs::write(dir.path().join("birth.json"), birth).expect("written");
    let journal = "journal/00000001.log";
    std::fs::copy(dir.path().join(journal), other.path().join(journal)).expect("copied");
    let error = Store::open(other.path(), &key()).err().expect("a foreign journal");
    assert!(error.to_string().contains("00000001.log is damaged at entry 1"), "{error}");
}

#[test]
fn one_gateway_a_state() {
    let dir = temp();
    let team = Team::found(dir.path());
    let at_once = Settings { lock_time: Duration::ZERO, ..Settings::default() };
    let error = Store::open_with(dir.path(), &key(), at_once).err().expect("two gateways");
    let words = format!("another gateway holds the state (pid {})", std::process::id());
    assert_eq!(error.to_string(), words);
    drop(team);
    assert!(Store::open(dir.path(), &key()).is_ok());
    let again = Store::create(dir.path(), &key(), Birth { exercise: false }).err();
    assert!(matches!(again, Some(StoreError::Exists)));
    let none = Store::open(temp().path(), &key()).err();
    assert!(matches!(none, Some(StoreError::Missing)));
}

#[test]
fn no_work_below_the_floor_of_free_space() {
    let dir = temp();
    let floor = |free_floor| Settings { free_floor, ..Settings::default() };
    let team = Team::found_with(dir.path(), floor(u64::MAX));
    assert!(matches!(team.store.has_room(), Err(StoreError::Full)));
    assert!(team.store.free_space().expect("a number") > 0);
    drop(team);
    let team = Team::try_open(dir.path(), floor(1)).expect("the state opens");
    assert!(team.store.has_room().is_ok());
}

#[test]
fn derived_keys_differ_by_context() {
    assert_ne!(key().derived("token"), key().derived("message-id"));
    assert_eq!(key().derived("token"), key().derived("token"));
    assert_eq!(format!("{:?}", key()), "StateKey(…)");
    assert!(StateKey::from_file(&[1; 31]).is_none());
}
