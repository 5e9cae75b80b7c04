//! Every touch of a file: private modes, syncs counted, and each step announced to a watch, so
//! that a test can refuse it or look at the directory as a crash would leave it.

use super::StoreError;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One thing that is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub act: Act,
    /// `journal`, `mail`, `keys`, `birth` or `index`.
    pub file: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Create,
    Write,
    Sync,
    Cut,
    Rename,
    SyncDirectory,
    /// One batch handed to sled.
    Apply,
}

/// What a watch makes of a step: it fails, a write after so many octets.
#[derive(Clone, Copy, Debug)]
pub struct Trouble {
    pub kind: io::ErrorKind,
    pub written: usize,
}

/// Asked before every step. For tests; `None` lets the step happen.
pub type Watch = Arc<dyn Fn(Step) -> Option<Trouble> + Send + Sync>;

#[derive(Clone, Default)]
pub(super) struct Files {
    syncs: Arc<AtomicU64>,
    watch: Option<Watch>,
}

impl Files {
    pub fn new(watch: Option<Watch>) -> Files {
        Files { watch, ..Files::default() }
    }

    /// Calls of fsync and fdatasync so far.
    pub fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }

    fn trouble(&self, act: Act, file: &'static str) -> Option<Trouble> {
        self.watch.as_ref().and_then(|watch| watch(Step { act, file }))
    }

    pub fn before(&self, act: Act, file: &'static str) -> io::Result<()> {
        match self.trouble(act, file) {
            Some(trouble) => Err(trouble.kind.into()),
            None => Ok(()),
        }
    }

    pub fn write(&self, name: &'static str, file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
        if let Some(trouble) = self.trouble(Act::Write, name) {
            file.write_all_at(bytes.get(..trouble.written).unwrap_or(bytes), at)?;
            return Err(trouble.kind.into());
        }
        file.write_all_at(bytes, at)
    }

    /// fdatasync. A failure is never tried again: what the system dropped would look written.
    pub fn sync(&self, name: &'static str, file: &File) -> Result<(), StoreError> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.before(Act::Sync, name)
            .and_then(|()| file.sync_data())
            .map_err(|_| StoreError::Durability { file: name })
    }

    pub fn sync_directory(&self, name: &'static str, path: &Path) -> Result<(), StoreError> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.before(Act::SyncDirectory, name)
            .and_then(|()| File::open(path)?.sync_all())
            .map_err(|_| StoreError::Durability { file: name })
    }

    pub fn cut(&self, name: &'static str, file: &File, length: u64) -> io::Result<()> {
        self.before(Act::Cut, name)?;
        file.set_len(length)
    }

    /// A new file for us alone; one that is there already is an error.
    pub fn create(&self, name: &'static str, path: &Path) -> io::Result<File> {
        self.before(Act::Create, name)?;
        private().create_new(true).open(path)
    }

    /// Puts `bytes` in the place of a file, whole or not at all.
    pub fn replace(&self, name: &'static str, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let new = path.with_extension("new");
        let written = self.write_new(name, &new, bytes).and_then(|()| {
            self.before(Act::Rename, name)
                .and_then(|()| std::fs::rename(&new, path))
                .map_err(StoreError::io("rename a file of"))
        });
        if written.is_err() {
            let _ = std::fs::remove_file(&new);
        }
        written?;
        self.sync_directory(name, path.parent().unwrap_or(Path::new(".")))
    }

    fn write_new(&self, name: &'static str, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let file = private()
            .create(true)
            .truncate(true)
            .open(path)
            .map_err(StoreError::io("make a file of"))?;
        self.write(name, &file, 0, bytes).map_err(StoreError::io("write"))?;
        self.sync(name, &file)
    }
}

/// Read and write, for the owner alone.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

/// A directory for the owner alone; its parents as they are.
pub(super) fn directory(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(StoreError::io("make a directory of"))
}
