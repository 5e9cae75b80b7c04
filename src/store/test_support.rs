//! A small team for the store's tests: it folds entries to snapshots as the gateway does.

use super::{Batch, Birth, Digest, Kept, KeptId, Settings, StateKey, Store, StoreError};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub type Caseload = BTreeMap<String, Value>;

pub const TITLE: &str = "heap overflow in libexample";
pub const FAY: &str = "fay@finder.example";

pub fn key() -> StateKey {
    StateKey::from_bytes([7; 32])
}

/// The store with a caseload beside it.
pub struct Team {
    pub store: Store,
    pub caseload: Caseload,
    pub notes: Vec<String>,
}

impl Team {
    pub fn found(dir: &Path) -> Team {
        Team::found_with(dir, Settings::default())
    }

    pub fn found_with(dir: &Path, settings: Settings) -> Team {
        let birth = (Birth { exercise: false }, settings);
        let (store, opened) = Store::create_with(dir, &key(), birth).expect("a new state");
        assert!(opened.entries.is_empty());
        Team { store, caseload: opened.snapshots.expect("nothing to fold"), notes: opened.notes }
    }

    pub fn open(dir: &Path) -> Team {
        Team::try_open(dir, Settings::default()).expect("the state opens")
    }

    /// Folds what is behind the snapshots and hands them back, as a gateway has to.
    pub fn try_open(dir: &Path, settings: Settings) -> Result<Team, StoreError> {
        let (store, opened) = Store::open_with(dir, &key(), settings)?;
        let mut caseload = opened.snapshots.unwrap_or_default();
        opened.entries.iter().for_each(|entry| apply(&mut caseload, entry));
        if !opened.entries.is_empty() {
            store.rebuilt(caseload.clone().into_iter().collect())?;
        }
        Ok(Team { store, caseload, notes: opened.notes })
    }

    /// Commits with the snapshots that follow from the entries.
    pub fn commit(&mut self, mut batch: Batch) -> Result<Vec<u64>, StoreError> {
        let mut next = self.caseload.clone();
        batch.entries.iter().for_each(|entry| apply(&mut next, entry));
        let changed = next.iter().filter(|(name, value)| self.caseload.get(*name) != Some(value));
        batch.snapshots =
            changed.map(|(name, value)| (name.clone(), Some(value.clone()))).collect();
        let seqs = self.store.commit(batch)?;
        self.caseload = next;
        Ok(seqs)
    }

    pub fn entries(&self) -> Vec<Value> {
        self.store.entries(1).collect::<Result<_, _>>().expect("a whole journal")
    }

    pub fn digest(&self, text: &str) -> Digest {
        self.store.digest(text.as_bytes())
    }

    pub fn id(&self, text: &str) -> KeptId {
        self.store.kept_id(text.as_bytes())
    }

    /// Fay's report number `n`: two entries, the mail, its digests.
    pub fn report(&self, n: u32) -> Batch {
        let (case, text) = (case(n), mail(n));
        let private = json!({"title": TITLE, "finder": FAY, "number": n});
        let facts = json!({
            "exact": self.digest(&text), "routeless": self.digest(&format!("routeless {text}")),
        });
        Batch {
            kept: vec![self.kept(&text, Some(&case))],
            entries: vec![
                entry(&case, "case.opened", (facts, private)),
                entry(&case, "letter.written", (json!({"template": "acknowledged"}), Value::Null)),
            ],
            ..Batch::default()
        }
    }

    pub fn kept(&self, text: &str, case: Option<&str>) -> Kept {
        let case = case.map(str::to_string);
        Kept { id: self.id(text), case, bytes: text.as_bytes().to_vec() }
    }
}

pub fn case(n: u32) -> String {
    format!("SIRT-2026-{n:04}")
}

pub fn mail(n: u32) -> String {
    format!("From: {FAY}\r\nSubject: {TITLE} {n}\r\n\r\n{}\r\n", "words of a report. ".repeat(40))
}

pub fn entry(case: &str, event: &str, (facts, private): (Value, Value)) -> Value {
    json!({
        "v": 1, "at": "2026-11-22T10:00:00Z", "case": case, "by": "gateway", "event": event,
        "facts": facts, "private": private,
    })
}

/// The fold: how many entries a case has, and their private parts.
pub fn apply(caseload: &mut Caseload, entry: &Value) {
    let Some(case) = entry.get("case").and_then(Value::as_str) else { return };
    let snapshot = caseload
        .entry(format!("case/{case}"))
        .or_insert_with(|| json!({"entries": 0, "private": []}));
    let entries = snapshot["entries"].as_u64().expect("a number");
    snapshot["entries"] = json!(entries + 1);
    let private = entry.get("private").filter(|private| !private.is_null());
    let list = snapshot["private"].as_array_mut().expect("a list");
    list.extend(private.cloned());
}

pub fn fold(entries: Vec<Value>) -> Caseload {
    let mut caseload = Caseload::new();
    entries.iter().for_each(|entry| apply(&mut caseload, entry));
    caseload
}

/// The state as a crash would leave it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for item in std::fs::read_dir(from).expect("a directory") {
        let path = item.expect("an item").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else if let Err(error) = std::fs::copy(&path, &target) {
            // sled removes its own files while it is copied.
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        }
    }
}

/// Every file below a directory.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in std::fs::read_dir(dir).expect("a directory") {
        let path = item.expect("an item").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

pub fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).expect("a file");
    bytes[at] ^= 0x20;
    std::fs::write(path, bytes).expect("a file");
}
