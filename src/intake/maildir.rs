//! A maildir as a queue.
//!
//! What lies in `new/` is work, and so is what a mail client has moved to `cur/` meanwhile: all of
//! it where filed mail leaves the maildir, else whatever does not carry S, since S is then the mark
//! of filed mail. (Who lets people read such a maildir names a folder for `done`.) Octets are
//! handed over as they are, with whatever line ends.

use super::maildir_folder::{Entry, Folder, Read, Target};
use super::{Afterwards, Arrival, Body, Handle, Settle, SourceError, SourceErrorKind};
use crate::limits;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

/// Between two looks at the times of the folders.
const LOOK: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub struct MaildirSettings {
    /// The mailbox's name in the configuration.
    pub name: String,
    pub path: PathBuf,
    /// A folder: `Archive` is the Maildir++ folder `.Archive`, anything with `/` a path. A flag
    /// is S, as [`Afterwards::Seen`]: a maildir has no keywords.
    pub done: Afterwards,
    pub quarantine: Option<String>,
    /// Octets of one mail; above it the header alone is read.
    pub mail_limit: usize,
    /// When it is listed whole although nothing seems to have changed.
    pub poll: Duration,
}

pub struct Maildir {
    settings: MaildirSettings,
    folder: Arc<Folder>,
    /// Listed, not yet read.
    queue: VecDeque<Entry>,
    /// Where the mails lie that have been handed over.
    handed: BTreeMap<String, PathBuf>,
    /// Mails that are there and could not be read, and how often: behind the others.
    shy: BTreeMap<String, u32>,
    /// Those of them that the operator has heard of.
    told: BTreeSet<String>,
    /// The times of the folders before the last listing, when they were old enough to tell.
    looked: Option<[SystemTime; 2]>,
}

impl Maildir {
    pub fn new(settings: MaildirSettings) -> Maildir {
        let folder = Arc::new(Folder { path: settings.path.clone(), limit: settings.mail_limit });
        Maildir {
            settings,
            folder,
            queue: VecDeque::new(),
            handed: BTreeMap::new(),
            shy: BTreeMap::new(),
            told: BTreeSet::new(),
            looked: None,
        }
    }

    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Mails that are there and could not be read.
    pub fn withheld(&self) -> usize {
        self.shy.len()
    }

    /// See [`super::Source::next`].
    pub async fn next(&mut self) -> Result<Vec<Arrival>, SourceError> {
        if self.queue.is_empty() {
            self.list().await?;
        }
        while !self.queue.is_empty() {
            let count = limits::BATCH_MAILS.min(self.queue.len());
            let batch: Vec<_> = self.queue.drain(..count).collect();
            let folder = Arc::clone(&self.folder);
            let (reads, left) = self.run("be read", move || Ok(folder.read_batch(batch))).await?;
            left.into_iter().rev().for_each(|entry| self.queue.push_front(entry));
            let arrivals = self.sort(reads);
            if !arrivals.is_empty() {
                return Ok(arrivals);
            }
        }
        self.nothing()
    }

    async fn list(&mut self) -> Result<(), SourceError> {
        let all = matches!(self.settings.done, Afterwards::Move(_) | Afterwards::Delete);
        let folder = Arc::clone(&self.folder);
        let list = move || Ok((folder.times()?, folder.list(all)?));
        let (times, mut entries) = self.run("be listed", list).await?;
        let young = |time: &SystemTime| time.elapsed().is_ok_and(|age| age < LOOK);
        self.looked = Some(times).filter(|times| !times.iter().any(young));
        self.shy.retain(|name, _| entries.iter().any(|entry| entry.name == *name));
        entries.sort_by_cached_key(|e| (self.shy.get(&e.name).copied(), e.name.clone()));
        self.queue = entries.into();
        Ok(())
    }

    fn sort(&mut self, reads: Vec<Read>) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        for Read { entry, done } in reads {
            match done {
                Ok(Some((body, received))) => {
                    self.shy.remove(&entry.name);
                    self.handed.insert(entry.name.clone(), entry.file);
                    let mailbox = self.settings.name.clone();
                    let handle = Handle::Maildir { file: entry.name };
                    arrivals.push(Arrival { mailbox, handle, body, received });
                }
                // Gone meanwhile.
                Ok(None) => {}
                Err(_) => *self.shy.entry(entry.name).or_default() += 1,
            }
        }
        arrivals
    }

    /// Nothing more to hand over; a mail that cannot be read is told once.
    fn nothing(&mut self) -> Result<Vec<Arrival>, SourceError> {
        let withheld: BTreeSet<String> = self.shy.keys().cloned().collect();
        let fresh = withheld.difference(&self.told).count();
        self.told = withheld;
        if fresh == 0 {
            return Ok(Vec::new());
        }
        let words = format!("{fresh} mails cannot be read; check their permissions and the disk");
        Err(self.trouble(SourceErrorKind::Temporary, &words))
    }

    /// See [`super::Source::settle`].
    pub async fn settle(&mut self, settled: &[(Handle, Settle)]) -> Result<(), SourceError> {
        let (done, aside) = self.targets()?;
        let mut work = Vec::new();
        for (handle, settle) in settled {
            let Handle::Maildir { file } = handle else { continue };
            let target = match settle {
                Settle::Done => done.clone(),
                Settle::Quarantined => aside.clone(),
            };
            work.push((file.clone(), self.handed.remove(file), target));
        }
        let folder = Arc::clone(&self.folder);
        self.run("be settled", move || folder.settle(work)).await
    }

    /// Where filed mail goes, and mail that could not be filed.
    fn targets(&self) -> Result<(Target, Target), SourceError> {
        let folder = |name: &str, seen| match self.folder.below(name) {
            Some(path) => Ok(Target::Folder { path, seen }),
            None => {
                let words = format!("\"{name}\" cannot be the name of a folder");
                Err(self.trouble(SourceErrorKind::Settings, &words))
            }
        };
        let done = match &self.settings.done {
            Afterwards::Move(name) => folder(name, true)?,
            Afterwards::Delete => Target::Nowhere,
            Afterwards::Flag(_) | Afterwards::Seen => {
                Target::Folder { path: self.settings.path.clone(), seen: true }
            }
        };
        let aside = match &self.settings.quarantine {
            Some(name) => folder(name, false)?,
            None => done.clone(),
        };
        Ok((done, aside))
    }

    /// See [`super::Source::wait`]. A full look is due after `poll` all the same.
    pub async fn wait(&mut self) -> Result<(), SourceError> {
        let end = Instant::now() + self.settings.poll;
        while Instant::now() < end {
            sleep(LOOK).await;
            let folder = Arc::clone(&self.folder);
            if Some(self.run("be looked at", move || folder.times()).await?) != self.looked {
                return Ok(());
            }
        }
        Ok(())
    }

    /// See [`super::Source::probe`].
    pub async fn probe(&mut self) -> Result<Vec<String>, SourceError> {
        let (done, aside) = self.targets()?;
        let folder = Arc::clone(&self.folder);
        let all = matches!(self.settings.done, Afterwards::Move(_) | Afterwards::Delete);
        let look = move || {
            folder.writable()?;
            Ok(folder.list(all)?.len())
        };
        let waits = self.run("be used", look).await?;
        let path = self.settings.path.display();
        let mut findings = vec![format!("maildir {path}: {waits} mails wait")];
        for target in [done, aside] {
            if let Target::Folder { path, .. } = target
                && path != self.settings.path
            {
                let there = path.join("cur").is_dir();
                let state = if there { "is there" } else { "will be made when needed" };
                findings.push(format!("folder {} {state}", path.display()));
            }
        }
        findings.dedup();
        Ok(findings)
    }

    /// File work, off the threads that wait for servers.
    async fn run<T: Send + 'static>(
        &self,
        what: &str,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<T, SourceError> {
        let done = spawn_blocking(work).await.unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
        done.map_err(|error| {
            use io::ErrorKind as Kind;
            let (kind, why) = match error.kind() {
                Kind::NotFound | Kind::NotADirectory => {
                    (SourceErrorKind::Settings, "there is no maildir with new/, cur/ and tmp/")
                }
                Kind::PermissionDenied => (SourceErrorKind::Settings, "permission denied"),
                Kind::ReadOnlyFilesystem => (SourceErrorKind::Settings, "it may only be read"),
                Kind::CrossesDevices => {
                    (SourceErrorKind::Settings, "`done` lies on another file system")
                }
                Kind::StorageFull | Kind::QuotaExceeded => {
                    (SourceErrorKind::Temporary, "the disk is full")
                }
                _ => (SourceErrorKind::Temporary, "the disk gives an error"),
            };
            self.trouble(kind, &format!("cannot {what}: {why}"))
        })
    }

    fn trouble(&self, kind: SourceErrorKind, words: &str) -> SourceError {
        let MaildirSettings { name, path, .. } = &self.settings;
        let words = format!("mailbox \"{name}\" (maildir {}): {words}", path.display());
        SourceError { words, kind }
    }
}

/// What [`Folder`] hands back of a mail.
pub(super) type Mail = (Body, jiff::Timestamp);

#[cfg(test)]
#[path = "maildir_tests.rs"]
mod tests;
