//! The caseload and its store, as one thing: what is decided is applied in memory, gathered, and
//! becomes true with [`Book::commit`]. Nothing may be settled, sent or told before that.

use super::Fault;
use crate::case::{CaseId, Caseload, Entry, Event, HouseRules};
use crate::desk::{self, AtTerminal, Filing, Input, Refusal};
use crate::letter::Letter;
use crate::pgp::Certificate;
use crate::store::{Batch, Digest, Finding, Kept, KeptId, Store, StoreError};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Entries given at once to whoever reads the journal.
const JOURNAL_LINES: usize = 1_000;

pub struct Book {
    store: Store,
    cases: Caseload,
    pub rules: HouseRules,
    pending: Pending,
}

/// What has been decided and is not yet in the journal.
#[derive(Default)]
struct Pending {
    entries: Vec<Entry>,
    kept: Vec<Kept>,
    seen: BTreeMap<Digest, String>,
}

/// What followed from one input.
pub struct Decided {
    pub letters: Vec<Letter>,
    pub filing: Filing,
    /// The case its mail was filed in.
    pub case: Option<CaseId>,
}

impl Book {
    /// Folds what the store read back; where sled lay behind the journal or was lost, the store is
    /// given its snapshots anew.
    pub fn open(
        store: Store,
        opened: crate::store::Opened,
        rules: HouseRules,
    ) -> Result<Book, Fault> {
        let behind = opened.snapshots.is_none() || !opened.entries.is_empty();
        let mut cases = match opened.snapshots {
            Some(snapshots) => Caseload::from_snapshots(snapshots, None)?,
            None => Caseload::default(),
        };
        for line in opened.entries {
            cases.apply(&Entry::from_line(line)?);
        }
        if behind {
            store.rebuilt(cases.snapshots().into_iter().collect())?;
        }
        Ok(Book { store, cases, rules, pending: Pending::default() })
    }

    pub fn cases(&self) -> &Caseload {
        &self.cases
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Decides on an input. It holds in memory at once, for the next decision of the batch.
    pub fn decide(&mut self, input: &Input, now: Timestamp) -> Decided {
        let decision = desk::decide(&self.cases, &self.rules, input, now);
        let filed = decision
            .entries
            .iter()
            .find(|entry| matches!(entry.event, Event::MailFiled(_) | Event::MailQuarantined(_)));
        let case = filed.and_then(|entry| entry.case.clone());
        self.gather(decision.entries);
        Decided { letters: decision.letters, filing: decision.filing, case }
    }

    pub fn at_terminal(&mut self, asked: &AtTerminal, now: Timestamp) -> Result<(), Refusal> {
        let decision = desk::at_terminal(&self.cases, &self.rules, asked, now)?;
        self.gather(decision.entries);
        Ok(())
    }

    fn gather(&mut self, entries: Vec<Entry>) {
        for entry in &entries {
            self.cases.apply(entry);
        }
        self.pending.entries.extend(entries);
    }

    /// Finds the members whose keys cannot be encrypted to today.
    pub fn judge_keys(&mut self, keys: &BTreeMap<String, Certificate>, now: Timestamp) {
        for member in &mut self.rules.roster.members {
            let key = keys.get(&member.handle);
            member.key_trouble = key.and_then(|key| key.trouble(now)).map(|it| it.to_string());
        }
    }

    /// Keeps octets under a name (hex), sealed with their case.
    pub fn keep(&mut self, name: &str, case: Option<&CaseId>, bytes: Vec<u8>) -> Result<(), Fault> {
        let (id, case) = (kept_id(name)?, case.map(CaseId::to_string));
        self.pending.kept.push(Kept { id, case, bytes });
        Ok(())
    }

    /// Remembers a digest, and the case it led to.
    pub fn remember(&mut self, digest: Digest, case: String) {
        self.pending.seen.entry(digest).or_insert(case);
    }

    /// The case a digest led to (empty where it led to none), whether committed or not.
    pub fn seen(&self, digest: &Digest) -> Result<Option<String>, Fault> {
        match self.pending.seen.get(digest) {
            Some(case) => Ok(Some(case.clone())),
            None => Ok(self.store.seen(digest)?),
        }
    }

    /// Makes everything gathered true. After an error the memory is ahead of the journal: the
    /// caller ends, and the next start reads what really became true.
    pub fn commit(&mut self) -> Result<(), Fault> {
        let pending = std::mem::take(&mut self.pending);
        if pending.entries.is_empty() && pending.kept.is_empty() {
            return Ok(());
        }
        let names = pending.entries.iter().flat_map(|entry| self.cases.touched(entry)).collect();
        let entries = pending.entries.iter().map(Entry::to_line).collect::<Result<_, _>>()?;
        let snapshots = self.snapshots_of(names);
        let seen = pending.seen.into_iter().collect();
        self.store.commit(Batch { kept: pending.kept, entries, snapshots, seen })?;
        Ok(())
    }

    fn snapshots_of(&self, names: BTreeSet<String>) -> Vec<(String, Option<Value>)> {
        let snapshot = |name: String| {
            let value = self.cases.snapshot(&name);
            (name, value)
        };
        names.into_iter().map(snapshot).collect()
    }

    /// The octets kept under a name, as hex, committed or not; none where they were destroyed.
    pub fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let id = kept_id(name)?;
        if let Some(pending) = self.pending.kept.iter().find(|kept| kept.id == id) {
            return Ok(Some(pending.bytes.clone()));
        }
        match self.store.mail(&id) {
            Err(StoreError::Destroyed) => Ok(None),
            other => Ok(other?),
        }
    }

    /// What `verify` finds in the state as it stands; what is gathered only is not in it yet.
    pub fn verify(&self) -> Vec<Finding> {
        self.store.verify(fold)
    }

    /// The journal as lines, from a sequence number on.
    pub fn journal(&self, from: u64) -> Result<Vec<Value>, Fault> {
        Ok(self.store.entries(from).take(JOURNAL_LINES).collect::<Result<_, _>>()?)
    }
}

fn kept_id(name: &str) -> Result<KeptId, Fault> {
    name.parse().map_err(|_| Fault::Bug("a kept mail has no proper name"))
}

/// What the journal amounts to, for `verify`: always folded from zero.
pub fn fold(lines: Vec<Value>) -> BTreeMap<String, Value> {
    let mut cases = Caseload::default();
    for entry in lines.into_iter().filter_map(|line| Entry::from_line(line).ok()) {
        cases.apply(&entry);
    }
    cases.snapshots()
}
