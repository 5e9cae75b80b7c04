//! Numbered files that only ever grow at their end: `00000001.log`, `00000002.log`, …

use super::StoreError;
use super::files::{self, Files, private};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Where a family of segments lies and when the next one is begun.
#[derive(Clone)]
pub(super) struct Family {
    pub dir: PathBuf,
    /// `journal` or `mail`: the directory's name, and how steps are announced.
    pub name: &'static str,
    pub extension: &'static str,
    pub limit: u64,
}

impl Family {
    pub fn path(&self, segment: u32) -> PathBuf {
        self.dir.join(format!("{segment:08}.{}", self.extension))
    }

    /// As errors and findings name it.
    pub fn label(&self, segment: u32) -> String {
        format!("{}/{segment:08}.{}", self.name, self.extension)
    }

    /// The numbers of all segments, ascending. Other files are none of ours.
    pub fn list(&self) -> Result<Vec<u32>, StoreError> {
        let mut numbers = Vec::new();
        let listing = std::fs::read_dir(&self.dir).map_err(StoreError::io("list"))?;
        for item in listing {
            let path = item.map_err(StoreError::io("list"))?.path();
            numbers.extend(self.number(&path));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn number(&self, path: &Path) -> Option<u32> {
        let number: u32 = path.file_stem()?.to_str()?.parse().ok()?;
        (self.path(number) == *path).then_some(number)
    }

    pub fn damaged(&self, segment: u32, sequence: Option<u64>, what: &'static str) -> StoreError {
        StoreError::Damaged { segment: self.label(segment), sequence, what }
    }
}

/// The last segment of a family, open for appending.
pub(super) struct Tail {
    family: Family,
    files: Files,
    segment: u32,
    file: File,
    /// Octets that count. What a failed write left beyond them has been cut, or `torn` is set.
    length: u64,
    torn: bool,
}

impl Tail {
    /// Begins at the end of the last segment, or with the first one.
    pub fn open(files: &Files, family: Family) -> Result<Tail, StoreError> {
        files::directory(&family.dir)?;
        let segment = family.list()?.last().copied().unwrap_or(0);
        let (segment, file) = match segment {
            0 => (1, begin(files, &family, 1)?),
            last => (last, private().open(family.path(last)).map_err(StoreError::io("open"))?),
        };
        let length = file.metadata().map_err(StoreError::io("read"))?.len();
        Ok(Tail { family, files: files.clone(), segment, file, length, torn: false })
    }

    pub fn segment(&self) -> u32 {
        self.segment
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// To be called between two commits: a full segment is closed and the next one begun.
    pub fn make_room(&mut self) -> Result<(), StoreError> {
        if self.length >= self.family.limit { self.next() } else { Ok(()) }
    }

    pub fn next(&mut self) -> Result<(), StoreError> {
        let segment = self.segment.saturating_add(1);
        self.file = begin(&self.files, &self.family, segment)?;
        self.segment = segment;
        self.length = 0;
        Ok(())
    }

    /// Writes at the end and returns where. After a failed write the file ends where it did.
    pub fn append(&mut self, bytes: &[u8]) -> Result<u64, StoreError> {
        if self.torn {
            return Err(StoreError::Durability { file: self.family.name });
        }
        let at = self.length;
        if let Err(error) = self.files.write(self.family.name, &self.file, at, bytes) {
            self.cut(at)?;
            return Err(StoreError::io("write")(error));
        }
        self.length = at + bytes.len() as u64;
        Ok(at)
    }

    pub fn sync(&self) -> Result<(), StoreError> {
        self.files.sync(self.family.name, &self.file)
    }

    /// Drops what stands beyond `length`. Where that fails nothing may be appended any more.
    pub fn cut(&mut self, length: u64) -> Result<(), StoreError> {
        if self.files.cut(self.family.name, &self.file, length).is_err() {
            self.torn = true;
            return Err(StoreError::Durability { file: self.family.name });
        }
        self.length = length;
        Ok(())
    }
}

fn begin(files: &Files, family: &Family, segment: u32) -> Result<File, StoreError> {
    let file = files
        .create(family.name, &family.path(segment))
        .map_err(StoreError::io("begin a segment of"))?;
    files.sync_directory(family.name, &family.dir)?;
    Ok(file)
}
