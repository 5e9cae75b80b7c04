//! Where decisions become true, and stay so.
//!
//! A batch goes through in this order: kept mail is appended to a segment and synced; entries are
//! appended to the journal and synced; then sled is told. After the second sync it is true. A
//! crash before that leaves nothing that counts; a crash after it leaves sled behind, and opening
//! brings it up. sled is never waited for and never believed: it is held against the journal at
//! each start and rebuilt from it where the two differ.
//!
//! ```text
//! lock                    who holds the state
//! birth.json              format, exercise or not; the one file in the clear
//! keys                    a random key for every case and every mail outside one; the only file
//!                         that is ever rewritten, so that a key can be destroyed
//! journal/00000001.log    the entries
//! mail/00000001.seg       arrivals and dressed letters
//! sled/                   snapshots, digests seen, places of mails
//! sled.damaged-1/         a sled that was set aside
//! ```
//!
//! The store never tells what an entry means, never holds the state key in a file, and never
//! writes a word, a name or an address that is not sealed. It blocks: callers on an async runtime
//! use a blocking thread.

mod birth;
mod commit;
mod entry;
mod error;
mod files;
mod frame;
mod id;
mod index;
mod journal;
mod lock;
mod mail;
mod open;
mod record;
mod seal;
mod segments;
mod slots;
mod verify;
mod walk;

#[cfg(test)]
mod commit_tests;
#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod speed_tests;
#[cfg(test)]
mod test_support;

pub use error::StoreError;
pub use files::{Act, Step, Trouble, Watch};
pub use id::{Digest, KeptId, NotADigest};
pub use seal::StateKey;
pub use verify::{Finding, Level, verify};

use crate::limits;
use commit::{Desk, Writer};
use index::{Changes, Index};
use seal::Keys;
use serde_json::Value;
use slots::Slots;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use walk::{Next, Walk};

/// An open state. Only one exists for a directory at a time.
pub struct Store {
    // First, so that it is closed while the lock is still held.
    index: Index,
    writer: Mutex<Writer>,
    birth: Birth,
    slots: Arc<Slots>,
    reader: mail::MailReader,
    keys: Keys,
    files: files::Files,
    settings: Settings,
    dir: PathBuf,
    _lock: Option<lock::Lock>,
}

/// What a state is told once and for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birth {
    pub exercise: bool,
}

/// What becomes true together, or not at all.
#[derive(Clone, Default)]
pub struct Batch {
    pub kept: Vec<Kept>,
    /// Objects as the journal shows them; the store sets `seq` and seals `private`.
    pub entries: Vec<Value>,
    /// What the entries amount to, by name; `None` removes. A name of which a part between slashes
    /// is a case's is sealed under that case's key.
    pub snapshots: Vec<(String, Option<Value>)>,
    /// Digests beside those that an entry states in its facts as `exact` and `routeless`, each
    /// with its case or "". The last word on a digest counts.
    pub seen: Vec<(Digest, String)>,
}

/// A mail or letter to keep. The same one again changes nothing.
#[derive(Clone)]
pub struct Kept {
    pub id: KeptId,
    /// The case whose key seals it. Without one it has a key of its own.
    pub case: Option<String>,
    pub bytes: Vec<u8>,
}

/// What a start finds. Where `entries` is not empty the caller folds them in and hands all
/// snapshots to [`Store::rebuilt`]; until then those in sled stay as they are.
pub struct Opened {
    /// As they were at the entry before the first of `entries`; none: fold from zero.
    pub snapshots: Option<BTreeMap<String, Value>>,
    /// Those behind the snapshots, or all; their private parts opened, null where destroyed.
    pub entries: Vec<Value>,
    /// What the operator has to know, a sentence each.
    pub notes: Vec<String>,
}

/// For tests and small disks; the default is right otherwise.
#[derive(Clone)]
pub struct Settings {
    pub journal_segment: u64,
    pub mail_segment: u64,
    pub index_time: Duration,
    pub lock_time: Duration,
    pub free_floor: u64,
    pub watch: Option<Watch>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            journal_segment: limits::JOURNAL_SEGMENT_BYTES,
            mail_segment: limits::MAIL_SEGMENT_BYTES,
            index_time: limits::INDEX_OPEN_TIME,
            lock_time: limits::LOCK_TIME,
            free_floor: limits::FREE_FLOOR_BYTES,
            watch: None,
        }
    }
}

impl Store {
    /// A new state. A directory that holds one already, or a journal, is refused.
    pub fn create(dir: &Path, key: &StateKey, birth: Birth) -> Result<(Store, Opened), StoreError> {
        Store::create_with(dir, key, (birth, Settings::default()))
    }

    pub fn create_with(
        dir: &Path,
        key: &StateKey,
        (birth, settings): (Birth, Settings),
    ) -> Result<(Store, Opened), StoreError> {
        files::directory(dir)?;
        let files = files::Files::new(settings.watch.clone());
        let lock = lock::Lock::take(&dir.join("lock"), settings.lock_time)?;
        let journal = open::journal_family(dir, &settings);
        if birth::is_there(dir) || birth::holds_data(&journal) {
            return Err(StoreError::Exists);
        }
        let keys = Keys::of(key);
        Slots::create(&files, dir, &keys, limits::SPARE_KEYS)?;
        segments::Tail::open(&files, journal)?;
        segments::Tail::open(&files, open::mail_family(dir, &settings))?;
        // Last: without it there is no state.
        birth::Certificate::write(&files, dir, &keys, birth)?;
        drop(lock);
        Store::open_with(dir, key, settings)
    }

    /// # Errors
    /// Another gateway holds it; the key is wrong; the journal or the keys are damaged. Damage to
    /// sled is mended and told in [`Opened::notes`].
    pub fn open(dir: &Path, key: &StateKey) -> Result<(Store, Opened), StoreError> {
        Store::open_with(dir, key, Settings::default())
    }

    pub fn open_with(
        dir: &Path,
        key: &StateKey,
        settings: Settings,
    ) -> Result<(Store, Opened), StoreError> {
        open::open(dir, key, settings)
    }

    pub fn birth(&self) -> Birth {
        self.birth
    }

    /// Makes a batch true and returns the sequences of its entries. Two syncs; one without mail.
    ///
    /// # Errors
    /// Nothing of the batch is true. After [`StoreError::Durability`] and [`StoreError::Index`]
    /// every commit is refused: end the process and start again.
    pub fn commit(&self, batch: Batch) -> Result<Vec<u64>, StoreError> {
        self.writer().commit(&self.desk(), batch)
    }

    /// Takes the snapshots as they stand after every entry so far, all of them: others are removed.
    pub fn rebuilt(&self, snapshots: Vec<(String, Value)>) -> Result<(), StoreError> {
        let mut writer = self.writer();
        writer.usable(&self.desk())?;
        let there = self.index.contents().map_err(|_| StoreError::Index)?.snapshots;
        let wanted: BTreeMap<String, Value> = snapshots.into_iter().collect();
        let removed = there.keys().filter(|name| !wanted.contains_key(*name)).cloned();
        let mut changed: Vec<(String, Option<Value>)> = removed.map(|name| (name, None)).collect();
        let news = wanted.into_iter().filter(|(name, value)| there.get(name) != Some(value));
        changed.extend(news.map(|(name, value)| (name, Some(value))));
        for slice in changed.chunks(500) {
            let named = slice.iter().cloned();
            let snapshots = named.map(|(name, value)| writer.snapshot(name, value, &self.slots));
            let snapshots = snapshots.collect();
            self.index.apply(&Changes { snapshots, ..Changes::default() }, None)?;
        }
        writer.folded = Some(writer.journal.end().seq);
        self.index.apply(&Changes::default(), Some(writer.stamp()))
    }

    /// # Errors
    /// [`StoreError::Destroyed`] where its key is gone, [`StoreError::Damaged`] where the mail is.
    pub fn mail(&self, id: &KeptId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut outcome = Ok(None);
        for place in self.index.mail(id)? {
            match self.reader.read(&place, &self.slots)? {
                mail::Kept::Plain(bytes) => return Ok(Some(bytes)),
                mail::Kept::Destroyed => outcome = outcome.and(Err(StoreError::Destroyed)),
                mail::Kept::Damaged => {
                    outcome = Err(self.reader.family.damaged(place.segment, None, "a kept mail"));
                }
            }
        }
        outcome
    }

    /// The case of a mail that was taken before; "" where it belongs to none.
    pub fn seen(&self, digest: &Digest) -> Result<Option<String>, StoreError> {
        self.index.seen(digest)
    }

    pub fn digest(&self, bytes: &[u8]) -> Digest {
        Digest::from_bytes(self.keys.digest.hash(bytes))
    }

    /// The name of a mail, from its canonical form.
    pub fn kept_id(&self, canonical: &[u8]) -> KeptId {
        KeptId::from_bytes(self.keys.kept.hash(canonical))
    }

    /// All that is committed by now, from a sequence on.
    pub fn entries(&self, from: u64) -> Entries {
        let walk = self.writer().journal.walk();
        let walk = walk.map(|walk| walk.closed_until(from.saturating_sub(1)));
        Entries { walk: Some(walk), slots: self.slots.clone() }
    }

    /// Destroys the key of a case: its mails, private parts and snapshots are gone for good, here
    /// and in every copy that goes with a later `keys`. False where there is no such case.
    pub fn destroy_case(&self, name: &str) -> Result<bool, StoreError> {
        let mut writer = self.writer();
        let Some(slot) = writer.cases.get(name).copied() else { return Ok(false) };
        self.destroy(&mut writer, &[slot])?;
        Ok(true)
    }

    /// Destroys a mail that was kept outside any case. False where there is none.
    pub fn destroy_mail(&self, id: &KeptId) -> Result<bool, StoreError> {
        let mut writer = self.writer();
        let mut slots: Vec<u32> = self.index.mail(id)?.iter().map(|place| place.slot).collect();
        slots.retain(|slot| !writer.cases.values().any(|case| case == slot));
        if slots.is_empty() {
            return Ok(false);
        }
        self.destroy(&mut writer, &slots)?;
        Ok(true)
    }

    fn destroy(&self, writer: &mut Writer, slots: &[u32]) -> Result<(), StoreError> {
        writer.usable(&self.desk())?;
        self.slots.destroy(slots).inspect_err(|error| {
            if let StoreError::Durability { file } = error {
                writer.broken = Some(file);
            }
        })
    }

    /// As [`verify`], for a state in use: no commit goes through meanwhile.
    pub fn verify(
        &self,
        snapshots_of: impl FnOnce(Vec<Value>) -> BTreeMap<String, Value>,
    ) -> Vec<Finding> {
        let _nobody_writes = self.writer();
        match open::House::look(&self.dir, self.keys.clone(), self.settings.clone()) {
            Ok(house) => verify::findings(&house, self.index.read_through(), snapshots_of),
            Err(error) => vec![verify::error_finding("state", &error)],
        }
    }

    /// Calls of fsync and fdatasync since the state was opened; sled's own are not among them.
    pub fn syncs(&self) -> u64 {
        self.files.syncs()
    }

    /// Octets that may still be written.
    pub fn free_space(&self) -> Result<u64, StoreError> {
        free_space(&self.dir)
    }

    /// [`StoreError::Full`] below the floor: no work is to be begun.
    pub fn has_room(&self) -> Result<(), StoreError> {
        if self.free_space()? < self.settings.free_floor { Err(StoreError::Full) } else { Ok(()) }
    }

    fn desk(&self) -> Desk<'_> {
        Desk { slots: &self.slots, index: &self.index }
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The journal from some entry on. Ends after the first error.
pub struct Entries {
    walk: Option<Result<Walk, StoreError>>,
    slots: Arc<Slots>,
}

impl Iterator for Entries {
    type Item = Result<Value, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let outcome = match self.walk.take()? {
            Ok(mut walk) => {
                let outcome = next_entry(&mut walk, &self.slots);
                self.walk = Some(Ok(walk));
                outcome
            }
            Err(error) => Err(error),
        };
        if !matches!(outcome, Ok(Some(_))) {
            self.walk = None;
        }
        outcome.transpose()
    }
}

fn next_entry(walk: &mut Walk, slots: &Slots) -> Result<Option<Value>, StoreError> {
    loop {
        match walk.next()? {
            Next::Frame(None) => {}
            Next::Frame(Some(json)) => {
                let opened = entry::read(&json, slots).ok_or(StoreError::Refused("no entry"))??;
                return Ok(Some(opened.value));
            }
            Next::End | Next::Torn => return Ok(None),
        }
    }
}

fn free_space(dir: &Path) -> Result<u64, StoreError> {
    let disk = rustix::fs::statvfs(dir).map_err(|errno| StoreError::io("measure")(errno.into()))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
