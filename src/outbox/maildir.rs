//! Letters written as files: a relay for the demo, for tests, and for a mail system that reads a
//! maildir.
//!
//! A file is the letter with LF line ends, as every maildir reader expects, below a Return-Path
//! and a Delivered-To field. The gate has let no bare CR or LF through, so turning each LF back
//! into CRLF gives exactly the bytes that were signed.
//!
//! A letter's file name is always the same. A repeat after a crash finds the file, in `new/` or
//! where a reader moved it in `cur/`, and writes nothing twice.

use crate::outbox::{Fate, Sealed, gate};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub struct Maildir {
    root: PathBuf,
}

impl Maildir {
    /// The maildir at `root`, made where it is missing, readable for its owner only.
    pub fn open(root: &Path) -> io::Result<Maildir> {
        for part in ["tmp", "new", "cur"] {
            DirBuilder::new().recursive(true).mode(0o700).create(root.join(part))?;
        }
        sync_directory(root)?;
        Ok(Maildir { root: root.to_owned() })
    }

    /// Whether letters could be written.
    pub fn probe(&self) -> Result<Vec<String>, String> {
        let draft = self.root.join("tmp").join("probe");
        let written = fs::write(&draft, "").and_then(|()| fs::remove_file(&draft));
        match written.and_then(|()| sync_directory(&self.root.join("new"))) {
            Ok(()) => Ok(vec!["letters are written to the maildir".into()]),
            Err(error) => Err(format!("the maildir cannot be written to: {}", error.kind())),
        }
    }

    /// Writes the letters, then makes the directory durable once for all of them.
    pub async fn write_wave(&self, wave: &[(u64, Sealed)]) -> Vec<Fate> {
        let (maildir, letters, count) = (self.clone(), wave.to_vec(), wave.len());
        let written = tokio::task::spawn_blocking(move || maildir.write_all(&letters)).await;
        written.unwrap_or_else(|_| vec![trouble("writer"); count])
    }

    fn write_all(&self, wave: &[(u64, Sealed)]) -> Vec<Fate> {
        let fates: Vec<Fate> =
            wave.iter().map(|(number, letter)| self.one(*number, letter)).collect();
        match sync_directory(&self.root.join("new")) {
            Ok(()) => fates,
            // Not durable is not sent; the repeat writes to the same names.
            Err(error) => fates.into_iter().map(|fate| unless_refused(fate, &error)).collect(),
        }
    }

    fn one(&self, number: u64, letter: &Sealed) -> Fate {
        if let Err(why) = gate::look(letter) {
            return Fate::Refused { why };
        }
        match self.write(&file_name(number, letter), letter) {
            Ok(()) => Fate::Sent,
            Err(error) => trouble(error.kind()),
        }
    }

    fn write(&self, name: &str, letter: &Sealed) -> io::Result<()> {
        let there = self.root.join("new").join(name);
        if there.try_exists()? || self.was_read(name)? {
            return Ok(());
        }
        let draft = self.root.join("tmp").join(name);
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&as_file(letter))?;
        file.sync_all()?;
        fs::rename(draft, there)
    }

    /// Whether a reader has moved the letter to `cur/`, where flags may follow its name.
    fn was_read(&self, name: &str) -> io::Result<bool> {
        for entry in fs::read_dir(self.root.join("cur"))? {
            let file = entry?.file_name();
            let rest = file.to_str().and_then(|file| file.strip_prefix(name));
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':')) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Sorts in order of writing. The digest keeps two letters apart whose numbers are the same
/// because a caseload was begun anew beside an old maildir.
fn file_name(number: u64, letter: &Sealed) -> String {
    let digest = blake3::hash(letter.message_id.as_str().as_bytes()).to_hex();
    format!("{number:020}.{}", digest.chars().take(16).collect::<String>())
}

/// RFC 5321 section 4.4: the return path stands first, written by whoever delivers.
fn as_file(letter: &Sealed) -> Vec<u8> {
    let from = letter.envelope.from.as_ref().map_or("", |from| from.as_str());
    let mut file = format!("Return-Path: <{from}>\nDelivered-To: {}\n", letter.envelope.to);
    file.reserve(letter.bytes.len());
    let mut file = file.into_bytes();
    file.extend(letter.bytes.iter().filter(|octet| **octet != b'\r'));
    file
}

fn trouble(what: impl std::fmt::Display) -> Fate {
    Fate::Later { why: format!("the letter could not be written to the maildir: {what}") }
}

fn unless_refused(fate: Fate, error: &io::Error) -> Fate {
    match fate {
        Fate::Refused { .. } => fate,
        _ => trouble(error.kind()),
    }
}

fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(test)]
#[path = "maildir_tests.rs"]
mod tests;
