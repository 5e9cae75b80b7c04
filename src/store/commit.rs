//! How a batch becomes true: mail segment, sync, journal, sync, then sled, which nobody waits for.

use super::entry::{self, Addition, Seen};
use super::index::{Changes, Index};
use super::journal::Journal;
use super::mail::{Kept as Read, Mail, Place};
use super::record::{Snapshot, Stamp};
use super::seal::Key;
use super::slots::{HOUSE, Slot, Slots};
use super::{Batch, Digest, Kept, KeptId, StoreError};
use crate::limits;
use serde_json::Value;
use std::collections::BTreeMap;

/// The one place that writes. `folded` is the entry up to which the snapshots in sled go; they are
/// only kept up while they go to the end.
pub(super) struct Writer {
    pub journal: Journal,
    pub mail: Mail,
    pub cases: BTreeMap<String, u32>,
    pub next_slot: u32,
    pub folded: Option<u64>,
    /// A sync has failed: this file's.
    pub broken: Option<&'static str>,
}

/// What a batch needs beside the writer.
pub(super) struct Desk<'a> {
    pub slots: &'a Slots,
    pub index: &'a Index,
}

/// What is settled before anything is written.
struct Plan {
    /// Cases that take a slot with this batch.
    cases: BTreeMap<String, u32>,
    next_slot: u32,
    additions: Vec<Addition>,
    /// One a kept mail; none where the same record is there already.
    slots: Vec<Option<u32>>,
    seen: Vec<Seen>,
}

impl Writer {
    pub fn commit(&mut self, desk: &Desk, batch: Batch) -> Result<Vec<u64>, StoreError> {
        self.usable(desk)?;
        check(&batch)?;
        let plan = self.plan(desk, &batch).inspect_err(|error| self.note(error))?;
        let mark = self.mail.end();
        let done = self.carry_out(desk, batch, plan);
        if let Err(error) = &done {
            self.note(error);
            self.take_back(mark);
        }
        done
    }

    /// Mail of a commit that did not happen. After a failed sync nobody knows whether it did: then
    /// the mail stays, since the journal may speak of it after all.
    fn take_back(&mut self, (segment, length): (u32, u64)) {
        if self.broken.is_some() {
            return;
        }
        let length = if self.mail.end().0 == segment { length } else { 0 };
        let cut = self.mail.take_back(length);
        cut.unwrap_or_else(|error| self.note(&error));
    }

    pub fn usable(&self, desk: &Desk) -> Result<(), StoreError> {
        match self.broken {
            Some(file) => Err(StoreError::Durability { file }),
            None if desk.index.stopped() => Err(StoreError::Index),
            None => Ok(()),
        }
    }

    fn note(&mut self, error: &StoreError) {
        if let StoreError::Durability { file } = error {
            self.broken = Some(file);
        }
    }

    /// Where the index stands when everything so far is in it.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            journal: self.journal.end(),
            folded: self.folded,
            mail: self.mail.end(),
            next_slot: self.next_slot,
            counts: BTreeMap::new(),
        }
    }

    /// The slot of the case that a snapshot is of: a part of its name between slashes.
    pub fn snapshot(&self, name: String, value: Option<Value>, slots: &Slots) -> Snapshot {
        let slot = name.split('/').find_map(|part| self.cases.get(part).copied());
        let usable = slot.filter(|slot| matches!(slots.get(*slot), Ok(Slot::Key(_))));
        Snapshot { name, slot: usable, value }
    }

    fn carry_out(&mut self, desk: &Desk, batch: Batch, plan: Plan) -> Result<Vec<u64>, StoreError> {
        let mails = self.keep(desk, &batch.kept, &plan)?;
        let first = self.journal.next_seq();
        let mut frames = Vec::new();
        for ((entry, added), seq) in batch.entries.into_iter().zip(&plan.additions).zip(first..) {
            let key = added.slot.map(|slot| key_in(desk.slots, slot)).transpose()?;
            frames.push(entry::write(entry, seq, key.as_ref(), added)?);
        }
        if !frames.is_empty() {
            self.journal.append(&frames)?;
        }
        // It is true from here on: whatever happens to sled, the answer is yes.
        let changes = Changes { cases: plan.cases, mails, seen: plan.seen, snapshots: Vec::new() };
        self.next_slot = plan.next_slot;
        self.cases.extend(changes.cases.clone());
        self.index(desk, changes, (first, batch.snapshots));
        Ok((first..self.journal.next_seq()).collect())
    }

    /// Snapshots are kept up only where they stood at the entry before this batch.
    fn index(
        &mut self,
        desk: &Desk,
        mut changes: Changes,
        (first, snapshots): (u64, Vec<(String, Option<Value>)>),
    ) {
        if self.folded == Some(first - 1) {
            self.folded = Some(self.journal.end().seq);
            let named = snapshots.into_iter();
            changes.snapshots =
                named.map(|(name, value)| self.snapshot(name, value, desk.slots)).collect();
        }
        // A failure stops the index, and with it the next commit.
        let _ = desk.index.apply(&changes, Some(self.stamp()));
    }

    fn keep(&mut self, desk: &Desk, kept: &[Kept], plan: &Plan) -> Result<Vec<Place>, StoreError> {
        let mut places = Vec::new();
        for (kept, slot) in kept.iter().zip(&plan.slots) {
            let Some(slot) = *slot else { continue };
            if places.is_empty() {
                self.mail.make_room()?;
            }
            let key = key_in(desk.slots, slot)?;
            places.push(self.mail.append(kept.id, slot, &key, &kept.bytes)?);
        }
        if !places.is_empty() {
            self.mail.sync()?;
        }
        Ok(places)
    }

    fn plan(&mut self, desk: &Desk, batch: &Batch) -> Result<Plan, StoreError> {
        let most = u32::try_from(batch.entries.len() + batch.kept.len())
            .map_err(|_| StoreError::Refused("too much at once"))?;
        desk.slots.provide(self.next_slot, most)?;
        let mut plan = Plan {
            cases: BTreeMap::new(),
            next_slot: self.next_slot,
            additions: Vec::new(),
            slots: Vec::new(),
            seen: Vec::new(),
        };
        for entry in &batch.entries {
            let slot = self.slot_of_entry(desk, entry, &mut plan)?;
            plan.additions.push(Addition { slot, ..Addition::default() });
        }
        self.plan_kept(desk, &batch.kept, &mut plan)?;
        plan_seen(batch, &mut plan);
        Ok(plan)
    }

    /// The slot to be written into the entry: where it seals a private part, or is new.
    fn slot_of_entry(
        &self,
        desk: &Desk,
        entry: &Value,
        plan: &mut Plan,
    ) -> Result<Option<u32>, StoreError> {
        let private = entry::has_private(entry);
        let Some(case) = entry::case_of(entry) else { return Ok(private.then_some(HOUSE)) };
        if let Some(slot) = self.slot_of_case(desk, case, plan)? {
            return Ok(private.then_some(slot));
        }
        let slot = plan.take();
        plan.cases.insert(case.to_string(), slot);
        Ok(Some(slot))
    }

    /// A case whose key was destroyed takes a new one when there is news of it.
    fn slot_of_case(
        &self,
        desk: &Desk,
        case: &str,
        plan: &Plan,
    ) -> Result<Option<u32>, StoreError> {
        if let Some(slot) = plan.cases.get(case) {
            return Ok(Some(*slot));
        }
        let Some(slot) = self.cases.get(case).copied() else { return Ok(None) };
        Ok(matches!(desk.slots.get(slot)?, Slot::Key(_)).then_some(slot))
    }

    fn plan_kept(&self, desk: &Desk, kept: &[Kept], plan: &mut Plan) -> Result<(), StoreError> {
        let mut ids = BTreeMap::new();
        for mail in kept {
            let wanted = match &mail.case {
                Some(case) => Some(self.slot_of_case(desk, case, plan)?.ok_or(
                    StoreError::Refused("a mail is kept for a case that no entry has opened"),
                )?),
                None => None,
            };
            let twice = ids.insert((mail.id, mail.case.as_deref()), ()).is_some();
            let there = twice || self.is_there(desk, &mail.id, wanted)?;
            let slot = if there { None } else { Some(wanted.unwrap_or_else(|| plan.take())) };
            plan.slots.push(slot);
        }
        if let Some(first) = plan.additions.first_mut() {
            first.kept = ids.into_keys().map(|(id, _)| id).collect();
            first.kept.dedup();
        }
        Ok(())
    }

    /// The same mail, whole, under the same case's key; or, outside any case, under its own.
    fn is_there(&self, desk: &Desk, id: &KeptId, wanted: Option<u32>) -> Result<bool, StoreError> {
        for place in desk.index.mail(id)? {
            let fits = match wanted {
                Some(slot) => place.slot == slot,
                None => !self.cases.values().any(|slot| *slot == place.slot),
            };
            let read = self.mail.reader();
            if fits && matches!(read.read(&place, desk.slots)?, Read::Plain(_)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Plan {
    fn take(&mut self) -> u32 {
        let slot = self.next_slot;
        self.next_slot = slot.saturating_add(1);
        slot
    }
}

/// All digests in the order in which they count, and those that no entry states for the last one.
fn plan_seen(batch: &Batch, plan: &mut Plan) {
    plan.seen = batch.entries.iter().flat_map(entry::stated).collect();
    let mut known: BTreeMap<Digest, String> = plan.seen.iter().cloned().collect();
    let Some(last) = plan.additions.last_mut() else { return };
    for (digest, case) in &batch.seen {
        if known.insert(*digest, case.clone()).as_ref() != Some(case) {
            last.seen.push((*digest, case.clone()));
        }
    }
    plan.seen.extend(last.seen.iter().cloned());
}

fn key_in(slots: &Slots, slot: u32) -> Result<Key, StoreError> {
    match slots.get(slot)? {
        Slot::Key(key) => Ok(key),
        Slot::Destroyed => Err(StoreError::Destroyed),
        Slot::Damaged => Err(StoreError::Damaged {
            segment: "keys".into(),
            sequence: None,
            what: "a key that is needed does not open",
        }),
    }
}

fn check(batch: &Batch) -> Result<(), StoreError> {
    batch.entries.iter().try_for_each(entry::check)?;
    if batch.entries.is_empty() && !(batch.kept.is_empty() && batch.seen.is_empty()) {
        return Err(StoreError::Refused("mail and digests need an entry that tells of them"));
    }
    if batch.kept.iter().any(|kept| kept.bytes.len() > limits::KEPT_BYTES) {
        return Err(StoreError::Refused("a mail is too long to keep"));
    }
    Ok(())
}
