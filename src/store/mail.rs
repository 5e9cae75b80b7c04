//! Kept mail: arrivals and dressed letters, each sealed under a key of its own, appended only.
//!
//! ```text
//! "SIRT"  u32 LE octets of the body  u32 LE slot  32 octets id
//! 72 octets: the mail's key, sealed under the key in that slot
//! 16 octets: keyed hash over all of the above
//! body: 24 octets nonce, ciphertext, 16 octets tag; associated data = all above the hash
//! ```
//!
//! A record that nobody refers to is harmless. Damage costs the one mail it hits: the next record
//! is found by its head.

use super::files::Files;
use super::seal::{Key, Keys, SEALED};
use super::segments::{Family, Tail};
use super::slots::{Slot, Slots};
use super::{KeptId, StoreError};
use crate::limits::{self, MIB};
use std::fs::File;
use std::os::unix::fs::FileExt;
use zeroize::Zeroizing;

const MAGIC: &[u8; 4] = b"SIRT";
const ID_AT: usize = 12;
const WRAPPED_AT: usize = 44;
const CHECK_AT: usize = WRAPPED_AT + 32 + SEALED;
const CHECK: usize = 16;
pub(super) const HEAD: usize = CHECK_AT + CHECK;

/// Where a record begins, and what its head says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub id: KeptId,
    pub slot: u32,
    pub segment: u32,
    pub offset: u64,
    pub body: u32,
}

impl Place {
    fn end(&self) -> u64 {
        self.offset + HEAD as u64 + u64::from(self.body)
    }
}

/// Octets that belong to no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub segment: u32,
    pub offset: u64,
    pub octets: u64,
    /// It reaches to the end of the last segment: a write that was never finished.
    pub last: bool,
}

#[derive(Default)]
pub(super) struct Scan {
    pub found: Vec<Place>,
    pub gaps: Vec<Gap>,
}

pub(super) enum Kept {
    Plain(Vec<u8>),
    Destroyed,
    Damaged,
}

/// Reads records; cheap to clone.
#[derive(Clone)]
pub(super) struct MailReader {
    pub family: Family,
    heads: Key,
}

pub(super) struct Mail {
    reader: MailReader,
    tail: Tail,
    buffer: Vec<u8>,
}

impl MailReader {
    pub fn new(family: Family, keys: &Keys) -> MailReader {
        MailReader { family, heads: keys.heads.clone() }
    }

    pub fn read(&self, place: &Place, slots: &Slots) -> Result<Kept, StoreError> {
        let wrapping = match slots.get(place.slot)? {
            Slot::Key(key) => key,
            Slot::Destroyed => return Ok(Kept::Destroyed),
            Slot::Damaged => return Ok(Kept::Damaged),
        };
        let record = match self.octets(place) {
            Ok(record) => record,
            Err(error) if gone(&error) => return Ok(Kept::Damaged),
            Err(error) => return Err(StoreError::io("read the mail of")(error)),
        };
        Ok(self.open(place, &record, &wrapping).map_or(Kept::Damaged, Kept::Plain))
    }

    fn octets(&self, place: &Place) -> std::io::Result<Vec<u8>> {
        let mut record = vec![0; HEAD + place.body as usize];
        File::open(self.family.path(place.segment))?.read_exact_at(&mut record, place.offset)?;
        Ok(record)
    }

    fn open(&self, place: &Place, record: &[u8], wrapping: &Key) -> Option<Vec<u8>> {
        let (head, body) = record.split_at_checked(HEAD)?;
        let (id, slot, _) = self.read_head(head)?;
        let (bound, _) = head.split_at_checked(CHECK_AT)?;
        if id != place.id || slot != place.slot {
            return None;
        }
        let key = wrapping.open(&owner(&id, slot), bound.get(WRAPPED_AT..)?).map(Zeroizing::new)?;
        Key::new(<[u8; 32]>::try_from(key.as_slice()).ok()?).open(bound, body)
    }

    fn read_head(&self, head: &[u8]) -> Option<(KeptId, u32, u32)> {
        let (bound, check) = head.split_at_checked(CHECK_AT)?;
        if !bound.starts_with(MAGIC) || self.heads.hash(bound).get(..CHECK)? != check {
            return None;
        }
        let body = u32::from_le_bytes(bound.get(4..8)?.try_into().ok()?);
        let slot = u32::from_le_bytes(bound.get(8..ID_AT)?.try_into().ok()?);
        let id = KeptId::from_bytes(bound.get(ID_AT..WRAPPED_AT)?.try_into().ok()?);
        Some((id, slot, body))
    }

    /// All records from a place on, by their heads.
    pub fn scan(&self, segment: u32, offset: u64) -> Result<Scan, StoreError> {
        let mut scan = Scan::default();
        let segments = self.family.list()?;
        for number in segments.iter().copied().filter(|number| *number >= segment) {
            let from = if number == segment { offset } else { 0 };
            let last = segments.last() == Some(&number);
            self.scan_one(number, (from, last), &mut scan)
                .map_err(StoreError::io("read the mail of"))?;
        }
        Ok(scan)
    }

    fn scan_one(&self, segment: u32, from: (u64, bool), scan: &mut Scan) -> std::io::Result<()> {
        let (mut offset, last) = from;
        let file = File::open(self.family.path(segment))?;
        let length = file.metadata()?.len();
        while offset < length {
            if let Some(place) = self.head_at(&file, (segment, offset), length)? {
                offset = place.end();
                scan.found.push(place);
                continue;
            }
            let next = self.search(&file, (segment, offset + 1), length)?;
            let last = last && next == length;
            scan.gaps.push(Gap { segment, offset, octets: next - offset, last });
            offset = next;
        }
        Ok(())
    }

    fn head_at(&self, file: &File, at: (u32, u64), length: u64) -> std::io::Result<Option<Place>> {
        let (segment, offset) = at;
        let mut head = [0; HEAD];
        if length.saturating_sub(offset) < HEAD as u64 {
            return Ok(None);
        }
        file.read_exact_at(&mut head, offset)?;
        let place =
            self.read_head(&head).map(|(id, slot, body)| Place { id, slot, segment, offset, body });
        Ok(place.filter(|place| place.end() <= length))
    }

    /// The next record behind damage, or the end.
    fn search(&self, file: &File, from: (u32, u64), length: u64) -> std::io::Result<u64> {
        let (segment, mut offset) = from;
        let mut block = vec![0; MIB];
        while offset < length {
            let size = (length - offset).min(MIB as u64) as usize;
            let part = block.get_mut(..size).unwrap_or_default();
            file.read_exact_at(part, offset)?;
            for (at, window) in part.windows(MAGIC.len()).enumerate() {
                let here = offset + at as u64;
                if window == MAGIC && self.head_at(file, (segment, here), length)?.is_some() {
                    return Ok(here);
                }
            }
            // A mark may stand across two blocks.
            let step = size.saturating_sub(MAGIC.len() - 1).max(1);
            offset += step as u64;
            if size < MIB {
                break;
            }
        }
        Ok(length)
    }
}

impl Mail {
    pub fn open(files: &Files, reader: MailReader) -> Result<Mail, StoreError> {
        let tail = Tail::open(files, reader.family.clone())?;
        tail.sync()?;
        Ok(Mail { reader, tail, buffer: Vec::new() })
    }

    /// Leaves an unfinished record where it is and begins the next segment.
    pub fn leave(&mut self) -> Result<(), StoreError> {
        self.tail.next()
    }

    pub fn reader(&self) -> &MailReader {
        &self.reader
    }

    pub fn end(&self) -> (u32, u64) {
        (self.tail.segment(), self.tail.length())
    }

    /// To be called once before the records of a commit.
    pub fn make_room(&mut self) -> Result<(), StoreError> {
        self.tail.make_room()
    }

    /// Adds a record; it is in the file after [`Mail::sync`].
    pub fn append(
        &mut self,
        id: KeptId,
        slot: u32,
        wrapping: &Key,
        bytes: &[u8],
    ) -> Result<Place, StoreError> {
        if bytes.len() > limits::KEPT_BYTES {
            return Err(StoreError::Refused("a mail is too long to keep"));
        }
        let offset = self.tail.length() + self.buffer.len() as u64;
        let (key, body) = (Key::generate()?, (bytes.len() + SEALED) as u32);
        let mut head = Vec::with_capacity(HEAD);
        head.extend_from_slice(MAGIC);
        head.extend_from_slice(&body.to_le_bytes());
        head.extend_from_slice(&slot.to_le_bytes());
        head.extend_from_slice(id.as_bytes());
        wrapping.seal_into(&owner(&id, slot), key.bytes(), &mut head)?;
        let check = self.reader.heads.hash(&head);
        self.buffer.extend_from_slice(&head);
        self.buffer.extend_from_slice(check.get(..CHECK).unwrap_or_default());
        key.seal_into(&head, bytes, &mut self.buffer)?;
        if self.buffer.len() >= MIB {
            self.write()?;
        }
        Ok(Place { id, slot, segment: self.tail.segment(), offset, body })
    }

    fn write(&mut self) -> Result<(), StoreError> {
        let buffer = std::mem::take(&mut self.buffer);
        self.tail.append(&buffer).map(drop)
    }

    pub fn sync(&mut self) -> Result<(), StoreError> {
        if !self.buffer.is_empty() {
            self.write()?;
        }
        self.tail.sync()
    }

    /// Drops what was added since the file had this length: its commit did not happen.
    pub fn take_back(&mut self, length: u64) -> Result<(), StoreError> {
        self.buffer.clear();
        if self.tail.length() > length { self.tail.cut(length) } else { Ok(()) }
    }
}

fn gone(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::UnexpectedEof)
}

fn owner(id: &KeptId, slot: u32) -> [u8; 36] {
    let mut owner = [0; 36];
    owner[..32].copy_from_slice(id.as_bytes());
    owner[32..].copy_from_slice(&slot.to_le_bytes());
    owner
}
