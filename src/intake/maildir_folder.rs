//! The files of a maildir: listing, reading, renaming. Everything here blocks.

use super::maildir::Mail;
use super::{Body, header_block};
use crate::limits;
use jiff::Timestamp;
use rustix::fs::{CWD, OFlags, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

#[derive(Debug)]
pub(super) struct Folder {
    pub path: PathBuf,
    /// Octets of one mail.
    pub limit: usize,
}

/// A mail in the maildir.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its unique name, as text; the same in `new/` and `cur/`.
    pub name: String,
    pub file: PathBuf,
}

/// What became of reading a mail; `None`: it is gone.
pub(super) struct Read {
    pub entry: Entry,
    pub done: io::Result<Option<Mail>>,
}

/// What becomes of a settled mail.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// Into `cur/` of this maildir, with S or with the flags it has.
    Folder {
        path: PathBuf,
        seen: bool,
    },
    Nowhere,
}

impl Folder {
    /// When `new/` and `cur/` last changed.
    pub fn times(&self) -> io::Result<[SystemTime; 2]> {
        let new = fs::metadata(self.path.join("new"))?.modified()?;
        let cur = fs::metadata(self.path.join("cur")).and_then(|cur| cur.modified());
        Ok([new, cur.unwrap_or(new)])
    }

    /// The mails in `new/`, and those in `cur/`: all, or those without S.
    pub fn list(&self, all: bool) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for part in ["new", "cur"] {
            let listing = match fs::read_dir(self.path.join(part)) {
                Err(error) if part == "cur" && error.kind() == io::ErrorKind::NotFound => continue,
                listing => listing?,
            };
            for file in listing {
                let file = file?;
                let seen = part == "cur" && flags(&file.file_name()).contains('S');
                let dot = file.file_name().as_bytes().starts_with(b".");
                if !dot && (all || !seen) && file.file_type()?.is_file() {
                    entries.push(Entry { name: unique(&file.file_name()), file: file.path() });
                }
            }
        }
        Ok(entries)
    }

    /// Reads mails up to the octets of a batch, at least one; gives back those left.
    pub fn read_batch(&self, batch: Vec<Entry>) -> (Vec<Read>, Vec<Entry>) {
        let (mut reads, mut octets) = (Vec::new(), 0);
        let mut batch = batch.into_iter();
        while octets < limits::BATCH_BYTES {
            let Some(entry) = batch.next() else { break };
            let done = self.read(&entry.file);
            if let Ok(Some((Body::Whole(mail), _))) = &done {
                octets += mail.len();
            }
            reads.push(Read { entry, done });
        }
        (reads, batch.collect())
    }

    fn read(&self, path: &Path) -> io::Result<Option<Mail>> {
        let mut options = OpenOptions::new();
        let safe = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        options.read(true).custom_flags(i32::try_from(safe.bits()).unwrap_or(0));
        let file = match options.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let about = file.metadata()?;
        let received = Timestamp::try_from(about.modified()?).unwrap_or_else(|_| Timestamp::now());
        let large = about.len() > self.limit as u64;
        let most = if large { limits::HEADER_BYTES } else { self.limit.saturating_add(1) };
        let mut octets = Vec::new();
        file.take(most as u64).read_to_end(&mut octets)?;
        if !large && octets.len() <= self.limit {
            return Ok(Some((Body::Whole(octets), received)));
        }
        let bytes = about.len().max(octets.len() as u64);
        Ok(Some((Body::TooLarge { header: header_block(octets), bytes }, received)))
    }

    /// Settles mails, each by its unique name and where it was last seen. Goes on after a
    /// failure, and tells the first one.
    pub fn settle(&self, work: Vec<(String, Option<PathBuf>, Target)>) -> io::Result<()> {
        let mut touched = BTreeSet::new();
        let mut moved = None;
        let mut first = Ok(());
        for (name, file, target) in work {
            let file = match file.filter(|file| fs::symlink_metadata(file).is_ok()) {
                Some(file) => Some(file),
                None => self.find(&name, &mut moved),
            };
            // A mail that vanished has been taken care of.
            let Some(file) = file else { continue };
            let done = self.put(&file, &target, &mut touched);
            if done.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::NotFound) {
                first = first.and(done);
            }
        }
        for folder in touched {
            first = first.and(File::open(folder).and_then(|folder| folder.sync_all()));
        }
        first
    }

    /// A mail that is no longer where it was: a mail client moves from `new/` to `cur/`.
    fn find(&self, name: &str, moved: &mut Option<BTreeMap<String, PathBuf>>) -> Option<PathBuf> {
        let all = moved.get_or_insert_with(|| {
            let entries = self.list(true).unwrap_or_default();
            entries.into_iter().map(|entry| (entry.name, entry.file)).collect()
        });
        all.get(name).cloned()
    }

    fn put(&self, file: &Path, target: &Target, touched: &mut BTreeSet<PathBuf>) -> io::Result<()> {
        touched.extend(file.parent().map(Path::to_owned));
        let Target::Folder { path, seen } = target else { return fs::remove_file(file) };
        if *path != self.path {
            make(path)?;
        }
        let cur = path.join("cur");
        make_one(&cur)?;
        let name = file.file_name().unwrap_or_default();
        let mut kept = flags(name);
        if *seen && !kept.contains('S') {
            // Flags stand in ASCII order.
            let at = kept.find(|flag| flag > 'S').unwrap_or(kept.len());
            kept.insert(at, 'S');
        }
        move_into(file, &cur, (base(name), &kept))?;
        touched.insert(cur);
        Ok(())
    }

    /// The maildir of a folder's name; nothing for names that lead nowhere.
    pub fn below(&self, name: &str) -> Option<PathBuf> {
        if name.contains('/') {
            return Some(PathBuf::from(name));
        }
        let plain = name.trim_start_matches('.');
        let fit = !plain.is_empty() && !plain.contains('\0');
        fit.then(|| self.path.join(format!(".{plain}")))
    }

    /// Whether files can be renamed here.
    pub fn writable(&self) -> io::Result<()> {
        for part in ["new", "cur"] {
            let probe = self.path.join(part);
            rustix::fs::access(&probe, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
                .or_else(|error| match error {
                    Errno::NOENT if part == "cur" => Ok(()),
                    error => Err(error),
                })?;
        }
        Ok(())
    }
}

/// Never over a file that is there: two mails may bear one name.
fn move_into(file: &Path, cur: &Path, (base, flags): (&[u8], &str)) -> io::Result<()> {
    for again in 0..100_u32 {
        let mut name = base.to_vec();
        if again > 0 {
            name.extend_from_slice(format!(".{again}").as_bytes());
        }
        name.extend_from_slice(format!(":2,{flags}").as_bytes());
        let to = cur.join(OsString::from_vec(name));
        if file == to {
            return Ok(());
        }
        match renameat_with(CWD, file, CWD, &to, RenameFlags::NOREPLACE) {
            Err(Errno::EXIST) => {}
            // Not every file system can promise it.
            Err(Errno::INVAL | Errno::NOSYS) if !to.exists() => return fs::rename(file, to),
            Err(Errno::INVAL | Errno::NOSYS) => {}
            done => return done.map_err(io::Error::from),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Makes a maildir where there is none.
fn make(path: &Path) -> io::Result<()> {
    if path.join("cur").is_dir() {
        return Ok(());
    }
    for part in ["tmp", "new", "cur"] {
        make_one(&path.join(part))?;
    }
    if path.file_name().is_some_and(|name| name.as_bytes().starts_with(b".")) {
        // Maildir++ marks its folders with an empty file.
        File::create(path.join("maildirfolder"))?;
    }
    File::open(path)?.sync_all()?;
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

fn make_one(path: &Path) -> io::Result<()> {
    match DirBuilder::new().recursive(true).mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        done => done,
    }
}

/// The name before the flags.
fn base(name: &OsStr) -> &[u8] {
    name.as_bytes().split(|octet| *octet == b':').next().unwrap_or_default()
}

/// The flags behind `:2,`.
fn flags(name: &OsStr) -> String {
    let info = name.as_bytes().splitn(2, |octet| *octet == b':').nth(1).unwrap_or_default();
    let flags = info.strip_prefix(b"2,").unwrap_or_default();
    flags.iter().filter(|flag| flag.is_ascii_alphabetic()).map(|flag| char::from(*flag)).collect()
}

/// The base name as text: octets that are none, and `%`, as `%xx`, so that no two are the same.
fn unique(name: &OsStr) -> String {
    let mut text = String::new();
    for octet in base(name) {
        if matches!(octet, 0x21..=0x7e) && *octet != b'%' {
            text.push(char::from(*octet));
        } else {
            text.push_str(&format!("%{octet:02x}"));
        }
    }
    text
}
