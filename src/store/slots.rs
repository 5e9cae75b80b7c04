//! The file `keys`: one random key a slot, each sealed by the wrap key, spare ones included.
//!
//! A case, or a kept mail outside any case, takes one slot for good; that it is taken stands in
//! the journal and in the mail segments, so taking one needs no sync. A destroyed slot is zeros.

use super::StoreError;
use super::files::{Files, private};
use super::seal::{Key, Keys, SEALED};
use crate::limits;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

const FILE: &str = "keys";
const SLOT: usize = 32 + SEALED;
/// What belongs to no case is sealed under the first slot, which is never destroyed.
pub(super) const HOUSE: u32 = 0;

pub(super) struct Slots {
    path: PathBuf,
    files: Files,
    wrap: Key,
    open: Mutex<Open>,
}

struct Open {
    file: File,
    total: u32,
}

/// What a slot holds.
pub(super) enum Slot {
    Key(Key),
    Destroyed,
    /// It is there and does not open.
    Damaged,
}

impl Slots {
    pub fn create(files: &Files, dir: &Path, keys: &Keys, spare: u32) -> Result<(), StoreError> {
        let mut bytes = Vec::new();
        fill(&keys.wrap, 0..spare.saturating_add(1), &mut bytes)?;
        files.replace("keys", &dir.join(FILE), &bytes)
    }

    pub fn open(files: &Files, dir: &Path, keys: &Keys) -> Result<Slots, StoreError> {
        let path = dir.join(FILE);
        let _ = std::fs::remove_file(path.with_extension("new"));
        let open = open(&path)?;
        Ok(Slots { path, files: files.clone(), wrap: keys.wrap.clone(), open: Mutex::new(open) })
    }

    pub fn total(&self) -> u32 {
        self.lock().total
    }

    pub fn get(&self, slot: u32) -> Result<Slot, StoreError> {
        let mut bytes = [0; SLOT];
        let open = self.lock();
        if slot >= open.total {
            return Ok(Slot::Damaged);
        }
        let at = u64::from(slot) * SLOT as u64;
        open.file.read_exact_at(&mut bytes, at).map_err(StoreError::io("read the keys of"))?;
        drop(open);
        Ok(self.unwrap(slot, &bytes))
    }

    fn unwrap(&self, slot: u32, bytes: &[u8; SLOT]) -> Slot {
        if bytes.iter().all(|byte| *byte == 0) {
            return Slot::Destroyed;
        }
        let plain = self.wrap.open(&slot.to_le_bytes(), bytes).map(Zeroizing::new);
        match plain.and_then(|plain| <[u8; 32]>::try_from(plain.as_slice()).ok()) {
            Some(key) => Slot::Key(Key::new(key)),
            None => Slot::Damaged,
        }
    }

    /// Makes sure that `wanted` slots from `next` on exist, with spare ones beyond. Making more is
    /// amortised: an eighth of all there are.
    pub fn provide(&self, next: u32, wanted: u32) -> Result<(), StoreError> {
        let total = self.total();
        let needed = next.saturating_add(wanted);
        if needed.saturating_add(limits::FEWEST_SPARE_KEYS) <= total {
            return Ok(());
        }
        let more = limits::SPARE_KEYS.max(total / 8).max(wanted);
        match self.grow(more) {
            Err(StoreError::Full | StoreError::Io { .. }) if needed <= total => Ok(()),
            grown => grown,
        }
    }

    fn grow(&self, more: u32) -> Result<(), StoreError> {
        let total = self.total();
        let mut bytes = self.read_all()?;
        fill(&self.wrap, total..total.saturating_add(more), &mut bytes)?;
        self.put(&bytes)
    }

    /// Zeroes these slots: what was sealed under them is gone. The old file is wiped in place as
    /// well, as far as the disk honours that.
    pub fn destroy(&self, slots: &[u32]) -> Result<(), StoreError> {
        let mut bytes = self.read_all()?;
        for slot in slots.iter().filter(|slot| **slot != HOUSE) {
            let start = *slot as usize * SLOT;
            if let Some(place) = bytes.get_mut(start..start + SLOT) {
                place.fill(0);
            }
        }
        let old = self.lock().file.try_clone().map_err(StoreError::io("read the keys of"))?;
        self.put(&bytes)?;
        for slot in slots.iter().filter(|slot| **slot != HOUSE) {
            let _ = old.write_all_at(&[0; SLOT], u64::from(*slot) * SLOT as u64);
        }
        let _ = old.sync_data();
        Ok(())
    }

    fn put(&self, bytes: &[u8]) -> Result<(), StoreError> {
        self.files.replace("keys", &self.path, bytes)?;
        *self.lock() = open(&self.path)?;
        Ok(())
    }

    fn read_all(&self) -> Result<Vec<u8>, StoreError> {
        std::fs::read(&self.path).map_err(StoreError::io("read the keys of"))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fill(wrap: &Key, slots: std::ops::Range<u32>, out: &mut Vec<u8>) -> Result<(), StoreError> {
    for slot in slots {
        wrap.seal_into(&slot.to_le_bytes(), Key::generate()?.bytes(), out)?;
    }
    Ok(())
}

fn open(path: &Path) -> Result<Open, StoreError> {
    let damaged = |what| StoreError::Damaged { segment: FILE.to_string(), sequence: None, what };
    let file = private().open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => damaged("the file is missing"),
        _ => StoreError::io("read the keys of")(error),
    })?;
    let length = file.metadata().map_err(StoreError::io("read the keys of"))?.len();
    let total = u32::try_from(length / SLOT as u64).map_err(|_| damaged("too long"))?;
    if length % SLOT as u64 == 0 && total > HOUSE {
        Ok(Open { file, total })
    } else {
        Err(damaged("the file is cut short"))
    }
}
