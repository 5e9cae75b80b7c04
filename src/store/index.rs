//! sled, as the caseload's store: snapshots and indexes, brought up to the journal or rebuilt from
//! it at any time. Nothing waits for its sync and nothing it says is taken on trust.
//!
//! It may panic, hang, or open as if nothing were missing; so it is opened on a thread of its own,
//! read through, and held against its stamp and its counts.

use super::StoreError;
use super::entry::Seen;
use super::files::{Act, Files};
use super::mail::Place;
use super::record::{self, Counts, Piece, Record, Records, Snapshot, Stamp};
use super::{Digest, KeptId};
use crate::limits;
use serde_json::Value;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// Why sled is not used as it is, for the operator.
pub(super) type Why = &'static str;

/// Sealed values by key; none removes.
type Puts = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

pub(super) struct Index {
    db: sled::Db,
    records: Records,
    files: Files,
    counts: Mutex<Counts>,
    stopped: AtomicBool,
}

/// What has to be written: facts of the journal and the mail segments, and what they amount to.
#[derive(Default)]
pub(super) struct Changes {
    pub cases: BTreeMap<String, u32>,
    pub mails: Vec<Place>,
    pub seen: Vec<Seen>,
    pub snapshots: Vec<Snapshot>,
}

/// All that is in sled, read through and counted.
#[derive(Default)]
pub(super) struct Contents {
    pub stamp: Option<Stamp>,
    pub snapshots: BTreeMap<String, Value>,
    /// A snapshot could not be read because its case has been destroyed since.
    pub destroyed: bool,
    pub cases: BTreeMap<String, u32>,
    pub mails: Vec<Place>,
    pub seen: BTreeMap<Digest, String>,
}

impl Index {
    /// Opens sled and reads all of it, within `limit`.
    pub fn open(
        path: &Path,
        (records, files): (Records, Files),
        limit: Duration,
    ) -> Result<(Index, Contents), Why> {
        let path = path.to_path_buf();
        supervised(limit, move || {
            let db = open_sled(&path)?;
            let index = Index {
                db,
                records,
                files,
                counts: Mutex::default(),
                stopped: AtomicBool::new(false),
            };
            let contents = index.contents()?;
            Ok((index, contents))
        })
    }

    pub fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub fn seen(&self, digest: &Digest) -> Result<Option<String>, StoreError> {
        let key = record::seen_key(digest);
        self.guarded(|| {
            let Some(value) = self.db.get(&key).map_err(drop)? else { return Ok(None) };
            match self.records.read(&key, &value)? {
                Record::Seen((_, case)) => Ok(Some(case)),
                _ => Err(()),
            }
        })
    }

    /// Every place where this mail stands, one a slot.
    pub fn mail(&self, id: &KeptId) -> Result<Vec<Place>, StoreError> {
        self.guarded(|| {
            let mut places = Vec::new();
            for item in self.db.scan_prefix(record::mail_base(id)) {
                let (key, value) = item.map_err(drop)?;
                if let Record::Mail(place) = self.records.read(&key, &value)? {
                    places.push(place);
                }
            }
            Ok(places)
        })
    }

    /// One atomic batch. With a stamp the index is complete up to it; without, a later batch must
    /// bring it: until then the counts do not agree and a start would rebuild.
    pub fn apply(&self, changes: &Changes, stamp: Option<Stamp>) -> Result<(), StoreError> {
        let sealed = self.sealed(changes)?;
        self.guarded(|| {
            self.files.before(Act::Apply, "index").map_err(drop)?;
            self.write(sealed, stamp)
        })
    }

    fn sealed(&self, changes: &Changes) -> Result<Puts, StoreError> {
        let mut puts = Puts::new();
        for (name, slot) in &changes.cases {
            let (key, value) = self.records.case(name, *slot)?;
            puts.insert(key, Some(value));
        }
        for place in &changes.mails {
            let (key, value) = self.records.mail(place)?;
            puts.insert(key, Some(value));
        }
        for seen in &changes.seen {
            let (key, value) = self.records.seen(seen)?;
            puts.insert(key, Some(value));
        }
        for snapshot in &changes.snapshots {
            self.seal_snapshot(snapshot, &mut puts)?;
        }
        Ok(puts)
    }

    /// The new pieces, and the removal of all others that are there.
    fn seal_snapshot(&self, snapshot: &Snapshot, puts: &mut Puts) -> Result<(), StoreError> {
        let base = self.records.snapshot_base(&snapshot.name);
        let there = self.guarded(|| {
            let keys = self.db.scan_prefix(&base).keys();
            keys.map(|key| key.map(|key| key.to_vec()).map_err(drop)).collect::<Result<Vec<_>, _>>()
        })?;
        puts.retain(|key, _| !key.starts_with(&base));
        puts.extend(there.into_iter().map(|key| (key, None)));
        let pieces = self.records.pieces(snapshot)?;
        puts.extend(pieces.into_iter().map(|(key, value)| (key, Some(value))));
        Ok(())
    }

    fn write(&self, puts: Puts, stamp: Option<Stamp>) -> Result<(), ()> {
        let mut counts = self.counts().clone();
        let mut batch = sled::Batch::default();
        for (key, value) in puts {
            if let Some(old) = self.db.get(&key).map_err(drop)? {
                count(&mut counts, &key, &old, false);
            }
            match value {
                Some(value) => {
                    count(&mut counts, &key, &value, true);
                    batch.insert(key, value);
                }
                None => batch.remove(key),
            }
        }
        if let Some(stamp) = stamp {
            let stamp = Stamp { counts: counts.clone(), ..stamp };
            batch.insert(record::STAMP, self.records.stamp(&stamp).map_err(drop)?);
        }
        self.db.apply_batch(batch).map_err(drop)?;
        *self.counts() = counts;
        Ok(())
    }

    /// Reads everything; an error names what gives sled away.
    pub fn contents(&self) -> Result<Contents, Why> {
        let (mut contents, mut counts) = (Contents::default(), Counts::new());
        let mut snapshot = Vec::new();
        for item in self.db.iter() {
            let (key, value) = item.map_err(|_| "it cannot be read through")?;
            if key == record::STAMP {
                let stamp = self.records.read_stamp(&value).map_err(|()| "its stamp is damaged")?;
                contents.stamp = Some(stamp);
                continue;
            }
            count(&mut counts, &key, &value, true);
            let read = self.records.read(&key, &value).map_err(|()| "a record is damaged")?;
            contents.take(read, &mut snapshot).ok_or("a snapshot is incomplete")?;
        }
        if !snapshot.is_empty() {
            return Err("a snapshot is incomplete");
        }
        if contents.stamp.as_ref().is_some_and(|stamp| stamp.counts != counts) {
            return Err("records are missing or too many");
        }
        *self.counts() = counts;
        Ok(contents)
    }

    /// The same for a sled that is in use: a panic is a reason like any other.
    pub fn read_through(&self) -> Result<Contents, Why> {
        if self.stopped() {
            return Err("it does not answer any more");
        }
        catch_unwind(AssertUnwindSafe(|| self.contents())).unwrap_or(Err("it panicked"))
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After the first failure or panic sled is not asked again: a new start rebuilds it.
    fn guarded<T>(&self, work: impl FnOnce() -> Result<T, ()>) -> Result<T, StoreError> {
        if self.stopped() {
            return Err(StoreError::Index);
        }
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(())) | Err(_) => {
                self.stopped.store(true, Ordering::Relaxed);
                Err(StoreError::Index)
            }
        }
    }
}

impl Contents {
    /// Pieces of one snapshot come one after another, from number 0.
    fn take(&mut self, record: Record, snapshot: &mut Vec<u8>) -> Option<()> {
        match record {
            Record::Case(name, slot) => drop(self.cases.insert(name, slot)),
            Record::Mail(place) => self.mails.push(place),
            Record::Seen((digest, case)) => drop(self.seen.insert(digest, case)),
            Record::Destroyed => self.destroyed = true,
            Record::Piece(Piece { number, total, bytes }) => {
                if (number == 0) != snapshot.is_empty() {
                    return None;
                }
                snapshot.extend_from_slice(&bytes);
                if number.checked_add(1)? == total {
                    let (name, value) = serde_json::from_slice(snapshot).ok()?;
                    self.snapshots.insert(name, value);
                    snapshot.clear();
                }
            }
        }
        Some(())
    }
}

fn count(counts: &mut Counts, key: &[u8], value: &[u8], comes: bool) {
    let count = counts.entry(key.first().copied().unwrap_or_default()).or_default();
    count.sum ^= record::tag(value);
    count.records =
        if comes { count.records.wrapping_add(1) } else { count.records.wrapping_sub(1) };
    counts.retain(|_, count| count.records != 0);
}

/// Runs `work` on a thread of its own; a panic or the end of the time is a reason like any other.
fn supervised<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, Why> + Send + 'static,
) -> Result<T, Why> {
    let (done, wait) = mpsc::sync_channel(0);
    let thread = std::thread::Builder::new().name("sled".into()).spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err("it panicked"));
        let _ = done.send(outcome);
    });
    thread.map_err(|_| "no thread for it")?;
    wait.recv_timeout(limit).unwrap_or(Err("it took too long"))
}

fn open_sled(path: &Path) -> Result<sled::Db, Why> {
    let started = Instant::now();
    loop {
        let config = sled::Config::new()
            .path(path)
            .mode(sled::Mode::LowSpace)
            .cache_capacity(limits::INDEX_CACHE_BYTES)
            // Its garbage is collected by that thread only.
            .flush_every_ms(Some(500));
        match config.open() {
            Ok(db) => {
                close_modes(path);
                return Ok(db);
            }
            // This process still holds it from before: sled lets go late.
            Err(sled::Error::Io(error)) if error.to_string().contains("acquire lock") => {
                if started.elapsed() >= limits::LOCK_TIME {
                    return Err("it is still held");
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(_) => return Err("it does not open"),
        }
    }
}

/// sled makes its files by the umask; they are nobody else's business.
fn close_modes(path: &Path) {
    let Ok(listing) = std::fs::read_dir(path) else { return };
    for item in listing.flatten() {
        let mode = if item.path().is_dir() { 0o700 } else { 0o600 };
        let _ = std::fs::set_permissions(item.path(), PermissionsExt::from_mode(mode));
    }
}

/// Values too long for sled's log would lie in files of their own, which it never syncs.
pub(super) fn has_blobs(path: &Path) -> bool {
    std::fs::read_dir(path.join("blobs")).is_ok_and(|mut blobs| blobs.next().is_some())
}
