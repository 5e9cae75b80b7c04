//! What can go wrong with the state, in words that say what to do and never hold content.

use std::io;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the disk that holds the state is full: make room and try again")]
    Full,
    /// After this nothing more is written: the system may have dropped what was not synced.
    #[error("a sync of the state failed ({file}): look at the disk, then start the gateway again")]
    Durability { file: &'static str },
    #[error("another gateway holds the state (pid {pid})")]
    Locked { pid: u32 },
    #[error("the state key does not open this state: name the key that sealed it")]
    WrongKey,
    #[error("{}: put back the last backup", place(.segment, .sequence, .what))]
    Damaged { segment: String, sequence: Option<u64>, what: &'static str },
    #[error("the state was written by a newer sirt (format {format}): use that version")]
    NewerFormat { format: u32 },
    #[error("there is a state here already: choose another directory")]
    Exists,
    #[error("there is no state here: make one with sirt init")]
    Missing,
    /// Its key was destroyed; nothing brings it back.
    #[error("this was destroyed together with its key")]
    Destroyed,
    /// The journal is whole and goes on; only the index has stopped.
    #[error("the index does not answer any more: start again, it is rebuilt from the journal")]
    Index,
    /// A batch that cannot be written as it is: a fault of the caller, nothing was changed.
    #[error("the store refuses this batch: {0}")]
    Refused(&'static str),
    #[error("cannot {doing} the state ({source}): look at its disk, then try again")]
    Io { doing: &'static str, source: io::Error },
}

impl StoreError {
    /// For `map_err`: what was being done, and a full disk told apart.
    pub(super) fn io(doing: &'static str) -> impl Fn(io::Error) -> StoreError {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
            _ => StoreError::Io { doing, source },
        }
    }
}

fn place(segment: &str, sequence: &Option<u64>, what: &str) -> String {
    match sequence {
        Some(sequence) => format!("{segment} is damaged at entry {sequence} ({what})"),
        None => format!("{segment} is damaged ({what})"),
    }
}
