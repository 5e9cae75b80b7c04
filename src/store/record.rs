//! What stands in sled: one tree, a letter before every key, every value sealed to its key.
//!
//! | key | value |
//! | --- | --- |
//! | `!` | the stamp |
//! | `c` keyed hash of the name, u16 BE piece | a piece of a snapshot |
//! | `k` keyed hash of the case | the case's name and slot |
//! | `m` kept id, u32 BE slot | where the mail stands |
//! | `s` digest | the case it belongs to |
//!
//! A value is a version, a slot, and a sealed body bound to all of these and to the key; the
//! seal's tag is the checksum.

use super::entry::Seen;
use super::journal::Position;
use super::mail::Place;
use super::seal::{Key, Keys, TAG};
use super::slots::{Slot, Slots};
use super::{Digest, KeptId, StoreError};
use crate::limits;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const STAMP: &[u8] = b"!";
pub(super) const SNAPSHOT: u8 = b'c';
const CASE: u8 = b'k';
const MAIL: u8 = b'm';
const SEEN: u8 = b's';
const VERSION: u8 = 1;
/// No slot: sealed under the index's own key.
const NO_SLOT: u32 = u32::MAX;

/// A key of sled and its sealed value.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// How far the index goes, and what it must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub journal: Position,
    /// The entry up to which the snapshots are folded; none while they are not there.
    pub folded: Option<u64>,
    /// The mail segment and offset up to which records are indexed.
    pub mail: (u32, u64),
    pub next_slot: u32,
    pub counts: Counts,
}

/// Records a letter: how many, and the XOR of their tags. Whatever sled drops silently shows here.
pub(super) type Counts = BTreeMap<u8, Count>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Count {
    pub records: u64,
    pub sum: u128,
}

/// A snapshot to put or, without a value, to remove. `slot` is its case's.
pub(super) struct Snapshot {
    pub name: String,
    pub slot: Option<u32>,
    pub value: Option<Value>,
}

pub(super) enum Record {
    Case(String, u32),
    Mail(Place),
    Seen(Seen),
    Piece(Piece),
    /// A piece of a snapshot whose key has been destroyed.
    Destroyed,
}

pub(super) struct Piece {
    pub number: u16,
    pub total: u16,
    pub bytes: Vec<u8>,
}

#[derive(Clone)]
pub(super) struct Records {
    index: Key,
    names: Key,
    snapshot: Key,
    slots: Arc<Slots>,
}

impl Records {
    pub fn new(keys: &Keys, slots: Arc<Slots>) -> Records {
        let Keys { index, names, snapshot, .. } = keys.clone();
        Records { index, names, snapshot, slots }
    }

    pub fn stamp(&self, stamp: &Stamp) -> Result<Vec<u8>, StoreError> {
        self.seal(STAMP, None, &json(stamp)?)
    }

    pub fn case(&self, name: &str, slot: u32) -> Result<Pair, StoreError> {
        let key = key(CASE, &self.names.hash(name.as_bytes()), &[]);
        self.pair(key, &json(&(name, slot))?)
    }

    pub fn mail(&self, place: &Place) -> Result<Pair, StoreError> {
        let key = key(MAIL, place.id.as_bytes(), &place.slot.to_be_bytes());
        self.pair(key, &json(&(place.segment, place.offset, place.body))?)
    }

    pub fn seen(&self, (digest, case): &Seen) -> Result<Pair, StoreError> {
        self.pair(seen_key(digest), case.as_bytes())
    }

    fn pair(&self, key: Vec<u8>, plain: &[u8]) -> Result<Pair, StoreError> {
        let value = self.seal(&key, None, plain)?;
        Ok((key, value))
    }

    /// The pieces of a snapshot, in order.
    pub fn pieces(&self, snapshot: &Snapshot) -> Result<Vec<Pair>, StoreError> {
        let Some(value) = &snapshot.value else { return Ok(Vec::new()) };
        let whole = json(&(&snapshot.name, value))?;
        let pieces = whole.chunks(limits::INDEX_PIECE_BYTES);
        let total = u16::try_from(pieces.len())
            .map_err(|_| StoreError::Refused("a snapshot is too long"))?;
        let base = self.snapshot_base(&snapshot.name);
        let mut records = Vec::new();
        for (number, piece) in (0..total).zip(pieces) {
            let key = [base.as_slice(), &number.to_be_bytes()].concat();
            let plain = [&total.to_be_bytes(), piece].concat();
            let value = self.seal(&key, snapshot.slot, &plain)?;
            records.push((key, value));
        }
        Ok(records)
    }

    /// What the keys of a snapshot's pieces begin with.
    pub fn snapshot_base(&self, name: &str) -> Vec<u8> {
        key(SNAPSHOT, &self.names.hash(format!("snapshot {name}").as_bytes()), &[])
    }

    fn seal(&self, key: &[u8], slot: Option<u32>, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let slot = slot.unwrap_or(NO_SLOT);
        let Slot::Key(sealing) = self.sealing(key, slot)? else {
            return Err(StoreError::Destroyed);
        };
        let mut value = head(slot).to_vec();
        sealing.seal_into(&bound(key, slot), plain, &mut value)?;
        Ok(value)
    }

    fn sealing(&self, key: &[u8], slot: u32) -> Result<Slot, StoreError> {
        match (slot, key.first()) {
            (NO_SLOT, Some(&SNAPSHOT)) => Ok(Slot::Key(self.snapshot.clone())),
            (NO_SLOT, _) => Ok(Slot::Key(self.index.clone())),
            _ => self.slots.get(slot),
        }
    }

    /// The body of a record; `Ok(None)` where its key has been destroyed. `Err(())` is damage.
    fn open(&self, key: &[u8], value: &[u8]) -> Result<Option<Vec<u8>>, ()> {
        let (head, sealed) = value.split_at_checked(5).ok_or(())?;
        let slot = head.get(1..).and_then(|slot| slot.try_into().ok()).map(u32::from_le_bytes);
        let slot = slot.filter(|_| head.first() == Some(&VERSION)).ok_or(())?;
        match self.sealing(key, slot).map_err(drop)? {
            Slot::Key(sealing) => sealing.open(&bound(key, slot), sealed).map(Some).ok_or(()),
            Slot::Destroyed => Ok(None),
            Slot::Damaged => Err(()),
        }
    }

    pub fn read_stamp(&self, value: &[u8]) -> Result<Stamp, ()> {
        let plain = self.open(STAMP, value)?.ok_or(())?;
        serde_json::from_slice(&plain).map_err(drop)
    }

    pub fn read(&self, key: &[u8], value: &[u8]) -> Result<Record, ()> {
        let Some(plain) = self.open(key, value)? else { return Ok(Record::Destroyed) };
        let (letter, rest) = key.split_first().ok_or(())?;
        match *letter {
            CASE => serde_json::from_slice(&plain).map(|(n, s)| Record::Case(n, s)).map_err(drop),
            MAIL => place(rest, &plain).map(Record::Mail).ok_or(()),
            SEEN => {
                let digest = Digest::from_bytes(rest.try_into().map_err(drop)?);
                Ok(Record::Seen((digest, String::from_utf8(plain).map_err(drop)?)))
            }
            SNAPSHOT => piece(rest, &plain).map(Record::Piece).ok_or(()),
            _ => Err(()),
        }
    }
}

fn place(key: &[u8], plain: &[u8]) -> Option<Place> {
    let (id, slot) = key.split_at_checked(32)?;
    let (segment, offset, body) = serde_json::from_slice(plain).ok()?;
    let slot = u32::from_be_bytes(slot.try_into().ok()?);
    Some(Place { id: KeptId::from_bytes(id.try_into().ok()?), slot, segment, offset, body })
}

fn piece(key: &[u8], plain: &[u8]) -> Option<Piece> {
    let number = u16::from_be_bytes(key.get(32..)?.try_into().ok()?);
    let (total, bytes) = plain.split_at_checked(2)?;
    let total = u16::from_be_bytes(total.try_into().ok()?);
    Some(Piece { number, total, bytes: bytes.to_vec() })
}

pub(super) fn seen_key(digest: &Digest) -> Vec<u8> {
    key(SEEN, digest.as_bytes(), &[])
}

pub(super) fn mail_base(id: &KeptId) -> Vec<u8> {
    key(MAIL, id.as_bytes(), &[])
}

/// The tag of a record's seal: a keyed checksum over key and body.
pub(super) fn tag(value: &[u8]) -> u128 {
    let tag = value.len().checked_sub(TAG).and_then(|at| value.get(at..));
    tag.and_then(|tag| tag.try_into().ok()).map_or(0, u128::from_le_bytes)
}

fn key(letter: u8, name: &[u8], more: &[u8]) -> Vec<u8> {
    [&[letter], name, more].concat()
}

fn head(slot: u32) -> [u8; 5] {
    let mut head = [VERSION; 5];
    head[1..].copy_from_slice(&slot.to_le_bytes());
    head
}

fn bound(key: &[u8], slot: u32) -> Vec<u8> {
    [&head(slot), key].concat()
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|_| StoreError::Refused("a record is not JSON"))
}
