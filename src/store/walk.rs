//! Reading the journal from its first frame, checking every link.
//!
//! A frame that was never finished can only be the last: it ends the walk and is said. Anything
//! else that does not fit stops the walk and is named by segment and sequence.

use super::StoreError;
use super::frame::{self, HEAD, Head};
use super::journal::{Position, Source};
use std::fs::File;
use std::io::{BufReader, Read};

const BUFFER: usize = 256 * 1024;
/// So many zeros at the very end were never written: the file system had only made room.
const NEVER_WRITTEN: usize = 64;

pub(super) struct Walk {
    source: Source,
    /// Segments still to read, the next one last.
    waiting: Vec<u32>,
    /// Do not read beyond this place.
    until: Option<Position>,
    reader: Option<Reader>,
    /// After the frame read last.
    here: Position,
    /// After the last frame that ended a commit.
    commit: Position,
    /// Frames up to this sequence are checked by their chain only, not opened.
    closed_until: u64,
    frame: Vec<u8>,
}

struct Reader {
    input: BufReader<File>,
    left: u64,
}

pub(super) enum Next {
    /// The frame that ends at [`Walk::here`]; its entry, where that was to be opened.
    Frame(Option<Vec<u8>>),
    End,
    /// A commit that was not finished begins at [`Walk::commit`].
    Torn,
}

impl Walk {
    pub fn new(source: Source, until: Option<Position>) -> Result<Walk, StoreError> {
        let mut waiting = source.family.list()?;
        if waiting.is_empty() {
            return Err(source.family.damaged(1, None, "the segment is missing"));
        }
        for (expected, number) in (1..).zip(&waiting) {
            if expected != *number {
                return Err(source.family.damaged(expected, None, "the segment is missing"));
            }
        }
        waiting.reverse();
        let here = Position::beginning(source.genesis);
        Ok(Walk {
            source,
            waiting,
            until,
            reader: None,
            here,
            commit: here,
            closed_until: 0,
            frame: Vec::new(),
        })
    }

    /// Leaves frames up to `seq` sealed: their links are checked all the same.
    pub fn closed_until(mut self, seq: u64) -> Walk {
        self.closed_until = seq;
        self
    }

    pub fn here(&self) -> Position {
        self.here
    }

    pub fn commit(&self) -> Position {
        self.commit
    }

    pub fn next(&mut self) -> Result<Next, StoreError> {
        if self.until.is_some_and(|until| until.seq == self.here.seq) {
            return Ok(Next::End);
        }
        while self.reader.as_ref().is_none_or(|reader| reader.left == 0) {
            if let Some(end) = self.open_next()? {
                return Ok(end);
            }
        }
        self.read_frame()
    }

    /// Goes on to the next segment, or says how the journal ends.
    fn open_next(&mut self) -> Result<Option<Next>, StoreError> {
        let whole = self.here == self.commit;
        let Some(segment) = self.waiting.pop() else {
            return Ok(Some(if whole { Next::End } else { Next::Torn }));
        };
        if !whole {
            return Err(self.damaged("a commit breaks off within the journal"));
        }
        let path = self.source.family.path(segment);
        let file = File::open(path).map_err(StoreError::io("read the journal of"))?;
        let left = file.metadata().map_err(StoreError::io("read the journal of"))?.len();
        self.reader = Some(Reader { input: BufReader::with_capacity(BUFFER, file), left });
        self.here = Position { segment, offset: 0, ..self.here };
        self.commit = self.here;
        Ok(None)
    }

    fn read_frame(&mut self) -> Result<Next, StoreError> {
        let mut bytes = [0; HEAD];
        if !self.fill_head(&mut bytes)? {
            return self.unfinished();
        }
        let Some(head) = self.source.keys.read_head(&self.here.chain, &bytes) else {
            return self.zeros_or(true, "its head does not fit");
        };
        if head.seq != self.here.seq + 1 {
            return Err(self.damaged("its number does not follow"));
        }
        if !self.fill_body(&bytes, head.body)? {
            return self.unfinished();
        }
        self.accept(head, &bytes)
    }

    fn accept(&mut self, head: Head, bytes: &[u8; HEAD]) -> Result<Next, StoreError> {
        let body = self.frame.get(HEAD..).unwrap_or_default();
        let mut entry = None;
        if head.seq > self.closed_until {
            entry = self.source.keys.open(&self.here.chain, bytes, body);
            if entry.is_none() {
                let tail = body.get(body.len().saturating_sub(NEVER_WRITTEN)..);
                let zeros = tail.is_some_and(|tail| tail.iter().all(|byte| *byte == 0));
                return self.zeros_or(zeros, "it does not open");
            }
        }
        self.here = Position {
            segment: self.here.segment,
            offset: self.here.offset + self.frame.len() as u64,
            seq: head.seq,
            chain: frame::after(&self.here.chain, &self.frame),
        };
        if !head.goes_on {
            self.commit = self.here;
        }
        Ok(Next::Frame(entry))
    }

    /// Fewer octets than a frame has: allowed at the end of the last segment only.
    fn unfinished(&mut self) -> Result<Next, StoreError> {
        if self.waiting.is_empty() && self.until.is_none() {
            return Ok(Next::Torn);
        }
        Err(self.damaged("it is cut short"))
    }

    /// Where nothing but zeros follows, up to the end of everything, the rest was never written.
    fn zeros_or(&mut self, zeros: bool, what: &'static str) -> Result<Next, StoreError> {
        let last = zeros && self.waiting.is_empty() && self.until.is_none();
        if last && self.rest_is_zeros()? { Ok(Next::Torn) } else { Err(self.damaged(what)) }
    }

    fn rest_is_zeros(&mut self) -> Result<bool, StoreError> {
        let Some(reader) = &mut self.reader else { return Ok(true) };
        let mut block = [0; 4096];
        loop {
            match reader.input.read(&mut block).map_err(StoreError::io("read the journal of"))? {
                0 => return Ok(true),
                some if block.iter().take(some).any(|byte| *byte != 0) => return Ok(false),
                _ => {}
            }
        }
    }

    fn fill_head(&mut self, bytes: &mut [u8; HEAD]) -> Result<bool, StoreError> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        if reader.left < HEAD as u64 {
            return Ok(false);
        }
        reader.input.read_exact(bytes).map_err(StoreError::io("read the journal of"))?;
        reader.left -= HEAD as u64;
        Ok(true)
    }

    fn fill_body(&mut self, head: &[u8; HEAD], length: usize) -> Result<bool, StoreError> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        if reader.left < length as u64 {
            return Ok(false);
        }
        self.frame.clear();
        self.frame.extend_from_slice(head);
        self.frame.resize(HEAD + length, 0);
        let body = self.frame.get_mut(HEAD..).unwrap_or_default();
        reader.input.read_exact(body).map_err(StoreError::io("read the journal of"))?;
        reader.left -= length as u64;
        Ok(true)
    }

    fn damaged(&self, what: &'static str) -> StoreError {
        self.source.family.damaged(self.here.segment.max(1), Some(self.here.seq + 1), what)
    }
}
