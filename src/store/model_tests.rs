//! Random batches, starts, losses of sled and destructions, against a model in memory.

use super::test_support::{Caseload, Team, case, entry, fold, key};
use super::{Batch, Digest, KeptId, Settings, StoreError, verify};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An entry: its case and its private part.
type Note = (u32, Option<String>);
/// A mail, and whether it is kept for the case of the first entry.
type Mail = (u8, bool);
/// A digest and its case.
type Seen = (u8, u32);

#[derive(Clone, Debug)]
enum Act {
    Commit { entries: Vec<Note>, mails: Vec<Mail>, seen: Vec<Seen> },
    Start,
    LoseSled,
    Destroy(u32),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let entries = prop::collection::vec((0..4u32, prop::option::of(".{0,300}")), 1..5);
    let mails = prop::collection::vec((any::<u8>(), any::<bool>()), 0..4);
    let seen = prop::collection::vec((0..6u8, 0..4u32), 0..4);
    let commit = (entries, mails, seen).prop_map(|(entries, mails, seen)| Act::Commit {
        entries,
        mails,
        seen,
    });
    let act = prop_oneof![
        6 => commit,
        2 => Just(Act::Start),
        1 => Just(Act::LoseSled),
        1 => (0..4u32).prop_map(Act::Destroy),
    ];
    prop::collection::vec(act, 1..14)
}

#[derive(Default)]
struct Model {
    entries: Vec<Value>,
    seen: BTreeMap<Digest, String>,
    /// Each mail with the cases that hold it, "" for none.
    mails: BTreeMap<KeptId, (Vec<u8>, BTreeSet<String>)>,
}

impl Model {
    fn commit(&mut self, batch: &Batch) {
        for entry in &batch.entries {
            let mut entry = entry.clone();
            entry["seq"] = json!(self.entries.len() + 1);
            self.entries.push(entry);
        }
        self.seen.extend(batch.seen.iter().cloned());
        for kept in &batch.kept {
            let (_, cases) = self.mails.entry(kept.id).or_insert((kept.bytes.clone(), [].into()));
            cases.insert(kept.case.clone().unwrap_or_default());
        }
    }

    fn destroy(&mut self, case: &str) {
        for entry in self.entries.iter_mut().filter(|entry| entry["case"] == case) {
            entry["private"] = Value::Null;
        }
        for (_, cases) in self.mails.values_mut() {
            cases.remove(case);
        }
    }

    fn equals(&self, team: &Team) {
        assert_eq!(team.entries(), self.entries);
        for (digest, case) in &self.seen {
            assert_eq!(team.store.seen(digest).expect("an answer").as_ref(), Some(case));
        }
        for (id, (bytes, cases)) in &self.mails {
            match team.store.mail(id) {
                Ok(Some(there)) => assert!(there == *bytes && !cases.is_empty()),
                Err(StoreError::Destroyed) => assert!(cases.is_empty()),
                other => panic!("{id}: {other:?}"),
            }
        }
    }
}

fn batch(team: &Team, entries: &[Note], mails: &[Mail], seen: &[Seen]) -> Batch {
    let first = case(entries[0].0);
    let entry = |(n, private): &Note| entry(&case(*n), "note", (json!({"n": n}), json!(private)));
    let kept = |(n, in_case): &Mail| {
        let text = format!("mail {n} ").repeat(usize::from(*n) * 9 + 1);
        team.kept(&text, in_case.then_some(first.as_str()))
    };
    Batch {
        entries: entries.iter().map(entry).collect(),
        kept: mails.iter().map(kept).collect(),
        seen: seen.iter().map(|(d, n)| (team.digest(&format!("seen {d}")), case(*n))).collect(),
        ..Batch::default()
    }
}

fn start(team: Team, dir: &std::path::Path, settings: &Settings) -> Team {
    drop(team);
    Team::try_open(dir, settings.clone()).expect("the state opens")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48, failure_persistence: None, ..Default::default()
    })]

    #[test]
    fn a_store_is_its_model(acts in acts(), small in any::<bool>()) {
        let dir = tempfile::tempdir().expect("a directory");
        let mut settings = Settings::default();
        if small {
            settings.journal_segment = 700;
            settings.mail_segment = 1_500;
        }
        let mut team = Team::found_with(dir.path(), settings.clone());
        let mut model = Model::default();
        for act in acts {
            match act {
                Act::Commit { entries, mails, seen } => {
                    let batch = batch(&team, &entries, &mails, &seen);
                    model.commit(&batch);
                    team.commit(batch).expect("a commit");
                }
                Act::Start => team = start(team, dir.path(), &settings),
                Act::LoseSled => {
                    drop(team);
                    std::fs::remove_dir_all(dir.path().join("sled")).expect("removed");
                    team = Team::try_open(dir.path(), settings.clone()).expect("it opens");
                }
                Act::Destroy(n) => {
                    team.store.destroy_case(&case(n)).expect("destroyed or unknown");
                    model.destroy(&case(n));
                    team = start(team, dir.path(), &settings);
                }
            }
            model.equals(&team);
            let folded: Caseload = fold(model.entries.clone());
            prop_assert_eq!(&team.caseload, &folded);
        }
        drop(team);
        prop_assert_eq!(verify(dir.path(), &key(), fold), []);
    }
}
