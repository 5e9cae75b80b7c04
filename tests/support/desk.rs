//! A team made by `sirt init`, and the program as its users run it.

use super::people::Person;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const TEAM: &str = "sirt@example.org";

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Desk {
    folder: TempDir,
    delivered: std::cell::Cell<u32>,
}

impl Desk {
    /// A team without mailbox, relay and members.
    pub fn bare() -> Desk {
        let folder = tempfile::Builder::new().prefix("sirt").tempdir().expect("a folder");
        Desk::at(folder)
    }

    fn at(folder: TempDir) -> Desk {
        let desk = Desk { folder, delivered: std::cell::Cell::new(0) };
        let to = desk.path("").display().to_string();
        let made = run(&["init", &to, "--name", "Example SIRT", "--address", TEAM]);
        assert_eq!(made.status, 0, "{}", made.stderr);
        desk
    }

    /// From maildir to maildir.
    pub fn local(coordinators: &[&Person]) -> Desk {
        let desk = Desk::bare();
        desk.add("\n[[mailbox]]\nname = \"security\"\nmaildir = \"mail\"\n");
        desk.add("[relay]\nmaildir = \"out\"\n");
        desk.members(coordinators);
        for part in ["new", "cur", "tmp"] {
            fs::create_dir_all(desk.path("mail").join(part)).expect("a maildir");
        }
        desk
    }

    /// In a folder below `parent`, from maildir to maildir.
    pub fn local_in(parent: &Path, coordinators: &[&Person]) -> Desk {
        let folder = tempfile::Builder::new().tempdir_in(parent).expect("a folder");
        let desk = Desk::at(folder);
        let mail = desk.folder.path().join("mail");
        desk.add(&format!(
            "\n[[mailbox]]\nname = \"security\"\nmaildir = \"{}\"\n",
            mail.display()
        ));
        desk.add("[relay]\nmaildir = \"out\"\n");
        desk.members(coordinators);
        desk
    }

    /// Another desk with the same keys and members, from maildir to maildir.
    pub fn twin(&self) -> Desk {
        let twin = Desk::bare();
        for key in fs::read_dir(self.path("keys")).expect("keys").flatten() {
            fs::copy(key.path(), twin.path("keys").join(key.file_name())).expect("a key");
        }
        let config = fs::read_to_string(self.path("config.toml")).expect("config");
        let member = config.find("[[member]]\nhandle").expect("a member");
        twin.add("\n[[mailbox]]\nname = \"security\"\nmaildir = \"mail\"\n");
        twin.add("[relay]\nmaildir = \"out\"\n");
        twin.add(&config[member..]);
        twin
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("desk").join(name)
    }

    pub fn add(&self, more: &str) {
        let config = fs::read_to_string(self.path("config.toml")).expect("config");
        self.write_config(&(config + more));
    }

    pub fn write_config(&self, text: &str) {
        fs::write(self.path("config.toml"), text).expect("config");
    }

    /// Puts one piece of the configuration in the place of another.
    pub fn change(&self, old: &str, new: &str) {
        let config = fs::read_to_string(self.path("config.toml")).expect("config");
        assert!(config.contains(old), "{old} in {config}");
        self.write_config(&config.replace(old, new));
    }

    pub fn secret(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        fs::write(self.path(name), text).expect("a secret");
        let only_us = fs::Permissions::from_mode(0o600);
        fs::set_permissions(self.path(name), only_us).expect("permissions");
    }

    pub fn members(&self, coordinators: &[&Person]) {
        for person in coordinators {
            let (handle, address) = (person.handle(), &person.address);
            let name = format!("keys/{handle}.asc");
            fs::write(self.path(&name), person.key.certificate().armored()).expect("key");
            self.add(&format!(
                "\n[[member]]\nhandle = \"{handle}\"\nname = \"{handle}\"\n\
                 address = \"{address}\"\n\
                 key = \"{name}\"\nrole = \"coordinator\"\n"
            ));
        }
    }

    /// The certificate that people write to.
    pub fn certificate(&self) -> sirt_gateway::pgp::Certificate {
        let bytes = fs::read(self.path("keys/team.asc")).expect("team.asc");
        sirt_gateway::pgp::Certificate::parse_all(&bytes).expect("a certificate").remove(0)
    }

    /// Puts a mail into the maildir of [`Desk::local`].
    pub fn deliver(&self, octets: &[u8]) {
        self.deliver_to(&self.path("mail"), octets);
    }

    pub fn deliver_to(&self, maildir: &Path, octets: &[u8]) {
        let number = self.delivered.get();
        self.delivered.set(number + 1);
        let name = format!("{}.M{number:06}P1.test", 1_700_000_000 + number);
        for part in ["new", "cur", "tmp"] {
            fs::create_dir_all(maildir.join(part)).expect("a maildir");
        }
        fs::write(maildir.join("tmp").join(&name), octets).expect("written");
        fs::rename(maildir.join("tmp").join(&name), maildir.join("new").join(name)).expect("moved");
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(arguments);
        command.arg("--config").arg(self.path("config.toml"));
        command
    }

    pub fn sirt(&self, arguments: &[&str]) -> Done {
        Done::of(self.command(arguments).output().expect("sirt runs"))
    }

    /// The document that a command prints.
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.sirt(&[arguments, &["--json"]].concat()).ended(0).json()
    }

    pub fn once(&self) -> Value {
        self.json(&["once"])
    }

    pub fn cases(&self) -> Vec<Value> {
        let cases = self.json(&["cases", "--all"]);
        cases.as_array().expect("a list").clone()
    }

    /// What the journal holds of this kind, oldest first.
    pub fn facts(&self, event: &str) -> Vec<Value> {
        let journal = self.sirt(&["journal"]).ended(0).stdout;
        let lines = journal.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.filter(|fact| fact["event"] == event).collect()
    }

    /// Mail in a maildir of ours, all of it.
    pub fn mails_in(&self, maildir: &str) -> usize {
        let count = |part| fs::read_dir(self.path(maildir).join(part)).map_or(0, Iterator::count);
        count("new") + count("cur")
    }

    /// The letters in `out`, oldest first.
    pub fn letters(&self) -> Vec<Vec<u8>> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.path("out/new"))
            .map(|files| files.flatten().map(|file| file.path()).collect())
            .unwrap_or_default();
        files.sort();
        files.iter().map(|file| fs::read(file).expect("a letter")).collect()
    }

    /// `sirt run`, once it answers on its socket.
    pub fn start(&self) -> Running<'_> {
        let running = self.start_soon();
        wait_for("a gateway that answers", || {
            use std::os::unix::net::UnixStream;
            UnixStream::connect(self.path("state/control.sock")).is_ok()
        });
        running
    }

    /// `sirt run`, not waited for. Its log goes to a file.
    pub fn start_soon(&self) -> Running<'_> {
        let said = fs::File::options().create(true).append(true).open(self.path("said"));
        let child = self
            .command(&["run"])
            .stdout(Stdio::null())
            .stderr(said.expect("a file"))
            .spawn()
            .expect("sirt runs");
        Running { child, desk: self }
    }

    /// What `sirt run` has logged.
    pub fn said(&self) -> String {
        fs::read_to_string(self.path("said")).unwrap_or_default()
    }
}

/// A gateway of ours; killed when it is dropped.
pub struct Running<'a> {
    pub child: Child,
    desk: &'a Desk,
}

impl Running<'_> {
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    /// Ends it by SIGTERM: within five seconds, with status 0.
    pub fn stop(mut self) {
        let begun = Instant::now();
        self.signal();
        let status = self.child.wait().expect("gone");
        let took = begun.elapsed();
        assert!(status.success(), "{status}: {}", self.desk.said());
        assert!(took < Duration::from_secs(5), "it took {took:?} to stop");
    }

    pub fn signal(&self) {
        let pid = i32::try_from(self.child.id()).expect("a pid");
        let pid = rustix::process::Pid::from_raw(pid).expect("a pid");
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("told");
    }

    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What became of a command.
#[derive(Debug)]
pub struct Done {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    fn of(output: Output) -> Done {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        let status = output.status.code().unwrap_or(-1);
        Done { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    pub fn from_output(output: Output) -> Done {
        Done::of(output)
    }

    #[track_caller]
    pub fn ended(self, status: i32) -> Done {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// One line for people, that holds all of these words.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Done {
        let lines = self.lines();
        assert_eq!(lines.len(), 1, "{self:?}");
        for word in words {
            assert!(lines[0].contains(word), "no {word:?} in {}", lines[0]);
        }
        self
    }

    /// What was told to people, without the log.
    pub fn lines(&self) -> Vec<&str> {
        self.stderr.lines().filter(|line| line.starts_with("sirt: ")).collect()
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sirt"));
    command.args(arguments).stdin(Stdio::null());
    command.env_remove("SIRT_CONFIG").env_remove("CREDENTIALS_DIRECTORY").env_remove("SIRT_LOG");
    command
}

pub fn run(arguments: &[&str]) -> Done {
    Done::of(program(arguments).output().expect("sirt runs"))
}

/// Returns when `true` is found; panics when that takes too long.
#[track_caller]
pub fn wait_for(what: &str, mut found: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !found() {
        assert!(begun.elapsed() < PATIENCE, "no {what} after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The value of a field of a mail's header, unfolded.
pub fn field(mail: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(mail).replace("\r\n", "\n");
    let header = text.split("\n\n").next()?.replace("\n ", " ").replace("\n\t", " ");
    let line = header.lines().find(|line| {
        line.split_once(':').is_some_and(|(field, _)| field.eq_ignore_ascii_case(name))
    })?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

/// How many letters each address got.
pub fn by_recipient(letters: &[Vec<u8>]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for letter in letters {
        *counts.entry(recipient(letter)).or_default() += 1;
    }
    counts
}

/// The bare address that a letter is to.
pub fn recipient(letter: &[u8]) -> String {
    let to = field(letter, "To").expect("To");
    let bare = to.rsplit('<').next().unwrap_or(&to).trim_end_matches('>');
    bare.to_owned()
}
