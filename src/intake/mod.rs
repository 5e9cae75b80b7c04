//! How mail comes in, and how its source is told that it has been taken.
//!
//! A source hands over a batch of [`Arrival`]s and waits. Only when the journal has been synced
//! does the gateway settle each of them; until then the source still holds every mail, so a crash
//! at any moment repeats work and loses nothing. No opinion about content lives here.

pub mod backoff;
pub mod imap;
mod imap_answer;
mod imap_fetch;
mod imap_folder;
mod imap_gate;
mod imap_login;
mod imap_open;
#[cfg(test)]
mod imap_script;
mod imap_session;
mod imap_settle;
mod imap_text;
pub mod maildir;
mod maildir_folder;
pub mod mbox;

use crate::limits;
use imap::ImapSource;
use jiff::Timestamp;
use maildir::Maildir;

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

/// Where mail comes in.
pub enum Source {
    Imap(Box<ImapSource>),
    Maildir(Box<Maildir>),
}

impl Source {
    /// The mailbox's name in the configuration.
    pub fn name(&self) -> &str {
        match self {
            Source::Imap(source) => source.name(),
            Source::Maildir(source) => source.name(),
        }
    }

    /// The next batch of what waits, oldest first; empty when nothing does. Errors are never
    /// emptiness. A mail that was handed over and not settled comes again with a later listing.
    /// May be dropped at any moment.
    pub async fn next(&mut self) -> Result<Vec<Arrival>, SourceError> {
        match self {
            Source::Imap(source) => source.next().await,
            Source::Maildir(source) => source.next().await,
        }
    }

    /// Tells the source what has been taken, after the journal's sync. Mail that is gone
    /// meanwhile does no harm. What fails here is handed over again.
    pub async fn settle(&mut self, settled: &[(Handle, Settle)]) -> Result<(), SourceError> {
        match self {
            Source::Imap(source) => source.settle(settled).await,
            Source::Maildir(source) => source.settle(settled).await,
        }
    }

    /// Returns when there may be something new, or after a few minutes. May be dropped at any
    /// moment.
    pub async fn wait(&mut self) -> Result<(), SourceError> {
        match self {
            Source::Imap(source) => source.wait().await,
            Source::Maildir(source) => source.wait().await,
        }
    }

    /// Looks at everything that the source needs and changes nothing: one line a finding.
    pub async fn probe(&mut self) -> Result<Vec<String>, SourceError> {
        match self {
            Source::Imap(source) => source.probe().await,
            Source::Maildir(source) => source.probe().await,
        }
    }

    /// Mails that are there and could not be had; they are asked for again, after the others.
    pub fn withheld(&self) -> usize {
        match self {
            Source::Imap(source) => source.withheld(),
            Source::Maildir(source) => source.withheld(),
        }
    }

    /// Takes leave of the server.
    pub async fn close(&mut self) {
        if let Source::Imap(source) = self {
            source.close().await;
        }
    }
}

/// The header block of a mail, with its blank line where there is one.
fn header_block(mut octets: Vec<u8>) -> Vec<u8> {
    let mut from = 0;
    while let Some(end) = octets.iter().skip(from).position(|octet| *octet == b'\n') {
        let end = from + end + 1;
        let rest = octets.get(end..).unwrap_or_default();
        let blank =
            if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
        if blank > 0 {
            octets.truncate(end + blank);
            break;
        }
        from = end;
    }
    octets.truncate(limits::HEADER_BYTES);
    octets
}
