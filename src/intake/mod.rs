//! How mail comes in, and how its source is told that it has been taken.
//!
//! A source hands over a batch of [`Arrival`]s and waits. Only when the journal has been synced
//! does the gateway settle each of them; until then the source still holds every mail, so a crash
//! at any moment repeats work and loses nothing. No opinion about content lives here.

use jiff::Timestamp;

/// Raw mail as it came, and where it can be settled.
#[derive(Clone)]
pub struct Arrival {
    pub mailbox: String,
    /// What the source needs to find it again: a file name, a UID with its UIDVALIDITY.
    pub handle: Handle,
    pub body: Body,
    /// When the source took it (INTERNALDATE, the file's time).
    pub received: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Handle {
    Maildir { file: String },
    Imap { uid_validity: u32, uid: u32 },
}

#[derive(Clone)]
pub enum Body {
    /// The whole mail.
    Whole(Vec<u8>),
    /// Over the size limit: its header block alone, and how many octets it has.
    TooLarge { header: Vec<u8>, bytes: u64 },
}

/// What the source does with a settled mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settle {
    /// Taken: moved to `done`, flagged or deleted as configured.
    Done,
    /// Could not be filed: moved to `quarantine`, where one is configured.
    Quarantined,
}

/// Why a source could not be used. `words` are for the operator and never hold content of mail.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{words}")]
pub struct SourceError {
    pub words: String,
    pub kind: SourceErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceErrorKind {
    /// Try again: connection, greeting, time limit, BYE.
    Temporary,
    /// The server refused user or password: exit status 2 for `once`, long pauses for `run`.
    Credentials,
    /// The configuration cannot work: no such folder and not creatable, TLS name mismatch.
    Settings,
}

/// What becomes of a mail after it has been filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// Moved to this folder, created when missing.
    Move(String),
    /// Kept where it is, with this keyword.
    Flag(String),
    Delete,
    /// Maildir only: to `cur/` as seen.
    Seen,
}
