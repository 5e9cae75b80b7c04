//! The truth: entries, sealed and chained, appended a commit at a time and synced once.

use super::StoreError;
use super::files::Files;
use super::frame::{Chain, FrameKeys};
use super::segments::{Family, Tail};
use super::walk::Walk;
use crate::limits::MIB;
use serde::{Deserialize, Serialize};

/// A place between two commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    pub segment: u32,
    pub offset: u64,
    /// The last sequence before this place; 0 at the beginning.
    pub seq: u64,
    pub chain: Chain,
}

impl Position {
    pub fn beginning(genesis: Chain) -> Position {
        Position { segment: 1, offset: 0, seq: 0, chain: genesis }
    }
}

/// What is needed to read a journal.
#[derive(Clone)]
pub(super) struct Source {
    pub family: Family,
    pub keys: FrameKeys,
    pub genesis: Chain,
}

/// The end of the journal, where it grows.
pub(super) struct Journal {
    source: Source,
    tail: Tail,
    end: Position,
}

impl Journal {
    /// Goes on from `end`, which a walk has found: what stands beyond it is cut.
    pub fn open(files: &Files, source: Source, end: Position) -> Result<Journal, StoreError> {
        let mut tail = Tail::open(files, source.family.clone())?;
        if tail.segment() == end.segment && tail.length() > end.offset {
            tail.cut(end.offset)?;
        }
        tail.sync()?;
        Ok(Journal { source, tail, end })
    }

    pub fn end(&self) -> Position {
        self.end
    }

    pub fn next_seq(&self) -> u64 {
        self.end.seq + 1
    }

    /// All of a commit's entries, in order, with one sync. On an error nothing of it is there.
    pub fn append(&mut self, entries: &[Vec<u8>]) -> Result<(), StoreError> {
        self.tail.make_room()?;
        let start = self.tail.length();
        let chain = self.write(entries).inspect_err(|_| self.take_back(start))?;
        self.tail.sync()?;
        self.end = Position {
            segment: self.tail.segment(),
            offset: self.tail.length(),
            seq: self.end.seq + entries.len() as u64,
            chain,
        };
        Ok(())
    }

    fn write(&mut self, entries: &[Vec<u8>]) -> Result<Chain, StoreError> {
        let (mut chain, mut seq, mut out) = (self.end.chain, self.end.seq, Vec::new());
        for (place, entry) in entries.iter().enumerate() {
            seq += 1;
            let goes_on = place + 1 < entries.len();
            chain = self.source.keys.write(&chain, (seq, goes_on), entry, &mut out)?;
            if out.len() >= MIB || !goes_on {
                self.tail.append(&out)?;
                out.clear();
            }
        }
        Ok(chain)
    }

    /// Frames of a commit that was not finished. A failed cut is remembered by the tail.
    fn take_back(&mut self, start: u64) {
        if self.tail.length() > start {
            let _ = self.tail.cut(start);
        }
    }

    /// From the first entry up to what has been committed by now.
    pub fn walk(&self) -> Result<Walk, StoreError> {
        Walk::new(self.source.clone(), Some(self.end))
    }
}
