//! Secrets: never values in the configuration, but files that only we can read, what systemd hands
//! to the unit, or what a command prints. Read when they are needed, not before.

use super::files;
use super::read::{Item, Section};
use crate::net::Secret;
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a `*_command` may take, and how much it may print.
pub const COMMAND_TIME: Duration = Duration::from_secs(30);
const SECRET_BYTES: u64 = 1024 * 1024;

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    File(PathBuf),
    /// Laid ready by systemd, and already protected by it.
    Credential(PathBuf),
    /// Run by `/bin/sh -c`; what it prints.
    Command(String),
}

impl SecretSource {
    /// The secret as it stands there. Errors say what to mend and hold nothing of it.
    pub fn bytes(&self) -> Result<Zeroizing<Vec<u8>>, String> {
        match self {
            SecretSource::File(path) => {
                files::secret(path).map_err(|wrong| format!("{}: {}", wrong.what, wrong.todo))?;
                read(path)
            }
            SecretSource::Credential(path) => read(path),
            SecretSource::Command(line) => printed(line, COMMAND_TIME),
        }
    }

    /// The secret as text, without the one line end that files and commands have.
    pub fn text(&self) -> Result<Secret, String> {
        let bytes = self.bytes()?;
        let text = std::str::from_utf8(&bytes).map_err(|_| format!("{self} is not text"))?;
        let text =
            text.strip_suffix('\n').map_or(text, |cut| cut.strip_suffix('\r').unwrap_or(cut));
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(format!("{self} is not one line of text: put the secret alone there"));
        }
        Ok(Secret::new(text.to_owned()))
    }

    /// 32 octets, raw or as 64 hex digits.
    pub fn key(&self) -> Result<Zeroizing<[u8; 32]>, String> {
        let bytes = self.bytes()?;
        let cut = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        [bytes.as_slice(), cut]
            .into_iter()
            .find_map(key_in)
            .ok_or_else(|| format!("{self} is not a key: 32 octets or 64 hex digits are asked for"))
    }

    /// The path, where there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            SecretSource::File(path) | SecretSource::Credential(path) => Some(path),
            SecretSource::Command(_) => None,
        }
    }
}

impl std::fmt::Display for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path() {
            Some(path) => write!(f, "{}", path.display()),
            None => f.write_str("what the command prints"),
        }
    }
}

fn key_in(bytes: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    if let Ok(raw) = <[u8; 32]>::try_from(bytes) {
        return Some(Zeroizing::new(raw));
    }
    let digits = std::str::from_utf8(bytes).ok().filter(|text| text.len() == 64)?;
    blake3::Hash::from_hex(digits).ok().map(|hash| Zeroizing::new(*hash.as_bytes()))
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read =
        std::fs::File::open(path).and_then(|file| file.take(SECRET_BYTES).read_to_end(&mut bytes));
    read.map_err(|error| format!("{} cannot be read: {}", path.display(), error.kind()))?;
    Ok(bytes)
}

/// What a command prints. It gets no input; its own messages go where ours go.
fn printed(line: &str, limit: Duration) -> Result<Zeroizing<Vec<u8>>, String> {
    let child = Command::new("/bin/sh")
        .args(["-c", line])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| format!("the command cannot be run: {}", error.kind()))?;
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let (done, outcome) = mpsc::channel();
    // Nobody listens any more once the time is over.
    std::thread::spawn(move || drop(done.send(output(child))));
    match outcome.recv_timeout(limit) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err("the command failed: run it by hand to see why".to_owned()),
        Err(_) => {
            // The command and whatever it has started.
            group.map(|group| kill_process_group(group, Signal::KILL));
            Err(format!("the command took more than {} s", limit.as_secs()))
        }
    }
}

/// Everything a command printed, where it ended well.
fn output(mut child: Child) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = child.stdout.take().map(|pipe| pipe.take(SECRET_BYTES).read_to_end(&mut bytes));
    let ended = child.wait().is_ok_and(|status| status.success());
    (ended && read.is_some_and(|read| read.is_ok())).then_some(bytes)
}

/// The setting pair `<stem>_file` and `<stem>_command`, of which one may stand.
pub(super) struct Pair {
    pub file: &'static str,
    pub command: &'static str,
}

/// The source that a pair of settings names. Faults are noted; None is also "not set".
pub(super) fn source(section: &Section, pair: &Pair) -> Option<SecretSource> {
    let (file, command) = (section.item(pair.file), section.item(pair.command));
    if let (Some(_), Some(second)) = (&file, &command) {
        let todo = format!("keep {} or {}, not both", pair.file, pair.command);
        second.wrong("says the same a second time", &todo);
    }
    match (file, command) {
        (Some(file), _) => secret_file(&file),
        (None, Some(command)) => command.text().map(SecretSource::Command),
        (None, None) => None,
    }
}

/// A file that only we can read; what systemd lays ready under the same name goes first.
pub(super) fn secret_file(item: &Item) -> Option<SecretSource> {
    let path = item.path()?;
    let found = secret_at(&path, item.reader.credentials);
    if let SecretSource::File(path) = &found
        && let Err(complaint) = files::secret(path)
    {
        item.wrong(&format!("names {}", complaint.what), &complaint.todo);
    }
    Some(found)
}

pub(super) fn secret_at(path: &Path, credentials: Option<&Path>) -> SecretSource {
    let lent = credentials.zip(path.file_name()).map(|(folder, name)| folder.join(name));
    match lent.filter(|lent| lent.is_file()) {
        Some(lent) => SecretSource::Credential(lent),
        None => SecretSource::File(path.to_owned()),
    }
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
