//! One order, from a real Dovecot to its transcript at the relay. What it costs in syncs,
//! commands to the server and letters is asserted; times are only printed.

use crate::support::desk::Desk;
use crate::support::dovecot::{Dovecot, PASSWORD, Setup, USER};
use crate::support::people::{Person, report};
use crate::support::smtp_sink::SmtpSink;
use sirt_gateway::gateway::{self, Clock, Gateway, Summary};
use sirt_gateway::intake::Source;
use sirt_gateway::net::Tls;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What taking a mail in and writing the answer sync: mail, then journal.
const SYNCS_TAKING: u64 = 2;
/// What sending syncs: that the letters are being tried, and what became of them.
const SYNCS_SENDING: u64 = 2;
/// With the session open, one round trip each: look, see what is there, get it, move it away,
/// look again.
const ORDER_COMMANDS: &[&str] = &["NOOP", "UID FETCH", "UID FETCH", "UID MOVE", "NOOP"];

/// A gateway between a Dovecot that writes down what it is told and a sink of letters.
struct Line {
    gateway: Gateway,
    sources: Vec<Source>,
    dovecot: Dovecot,
    sink: SmtpSink,
    rawlog: TempDir,
    desk: Desk,
}

impl Line {
    async fn new(members: &[&Person]) -> Line {
        let rawlog = tempfile::tempdir().expect("a folder");
        fs::set_permissions(rawlog.path(), Permissions::from_mode(0o777)).expect("permissions");
        let more = format!("protocol imap {{\n  rawlog_dir = {}\n}}\n", rawlog.path().display());
        let (dovecot, sink) = (Dovecot::with(&Setup { more: &more }), SmtpSink::start(&[]));
        let desk = Desk::bare();
        desk.secret("keys/imap.password", &format!("{PASSWORD}\n"));
        desk.add(&servers(&dovecot, &sink));
        desk.members(members);
        let settings = sirt_gateway::config::load(&desk.path("config.toml"), None);
        let settings = settings.expect("settings");
        let program = PathBuf::from(env!("CARGO_BIN_EXE_sirt"));
        let gateway = gateway::start(&settings, program, Clock::System).await.expect("a gateway");
        let sources = gateway::sources(&settings);
        Line { gateway, sources, dovecot, sink, rawlog, desk }
    }

    async fn takes(&mut self, mail: &[u8]) -> Summary {
        self.dovecot.deliver(mail);
        let done = gateway::once(&mut self.gateway, &mut self.sources).await.expect("a run");
        assert!(done.sources.is_empty() && done.relay.is_none(), "{done:?}");
        done.summary
    }

    fn cost(&self) -> Cost {
        Cost {
            syncs: self.gateway.book().store().syncs(),
            commands: commands(self.rawlog.path()),
            letters: self.sink.letters().len(),
            processor: processor_time(),
            begun: Instant::now(),
        }
    }
}

/// What had been spent at one moment.
struct Cost {
    syncs: u64,
    commands: Vec<String>,
    letters: usize,
    processor: Duration,
    begun: Instant,
}

fn servers(dovecot: &Dovecot, sink: &SmtpSink) -> String {
    let imap = dovecot.endpoint(Tls::Implicit);
    format!(
        "\n[[mailbox]]\nname = \"security\"\n\
         imap = {{ host = \"localhost\", port = {}, user = \"{USER}\", \
         password_file = \"keys/imap.password\", ca_file = \"{}\" }}\n\
         [relay]\nsmtp = {{ host = \"127.0.0.1\", port = {}, tls = \"none\" }}\n",
        imap.port,
        imap.ca_file.expect("its authority").display(),
        sink.port
    )
}

/// The commands of all sessions, without tags and arguments: one is one round trip.
fn commands(rawlog: &Path) -> Vec<String> {
    let files = fs::read_dir(rawlog).expect("the raw logs").flatten().map(|file| file.path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|kind| kind == "in")).collect();
    files.sort();
    let read =
        |path: &PathBuf| String::from_utf8_lossy(&fs::read(path).expect("a log")).into_owned();
    let said: String = files.iter().map(read).collect();
    said.lines().filter_map(command).collect()
}

/// `1700000000.123 A0005 UID FETCH 3 (...)` is a UID FETCH.
fn command(line: &str) -> Option<String> {
    let mut words = line.split_whitespace().skip(2);
    let first = words.next()?.to_ascii_uppercase();
    match first.as_str() {
        "UID" => Some(format!("{first} {}", words.next()?.to_ascii_uppercase())),
        _ => Some(first),
    }
}

/// Processor time of this process and of the workers it has started, all threads.
fn processor_time() -> Duration {
    let me = std::process::id();
    let processes = fs::read_dir("/proc").expect("/proc").flatten().map(|entry| entry.path());
    let spent = |path: PathBuf| {
        let stat = fs::read_to_string(path.join("stat")).ok()?;
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(") ")?;
        let parent: u32 = rest.split(' ').nth(1)?.parse().ok()?;
        let ours = path.ends_with(me.to_string()) || (parent == me && name == "sirt");
        ours.then(|| threads(&path)).flatten()
    };
    processes.filter_map(spent).sum()
}

fn threads(process: &Path) -> Option<Duration> {
    let spent = |task: fs::DirEntry| {
        let stat = fs::read_to_string(task.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    };
    Some(fs::read_dir(process.join("task")).ok()?.flatten().filter_map(spent).sum())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_costs_four_syncs_two_fetches_and_a_letter_to_each_reader() {
    let (val, cora) =
        (Person::new("Val", "val@example.org"), Person::new("Cora", "cora@example.org"));
    let fay = Person::new("Fay", "fay@finders.example");
    let mut line = Line::new(&[&val, &cora]).await;
    let team = line.desk.certificate();
    let taken = line.takes(&fay.sealed("fay-1@finders.example", &report(1), &team)).await;
    assert_eq!(taken.taken, 1);

    let case = line.gateway.book().cases().cases().next().expect("a case").id.to_string();
    let orders = val.sealed("val-1@example.org", &format!("/case {case}\n/take\n"), &team);
    let before = line.cost();
    let done = line.takes(&orders).await;
    let after = line.cost();
    let took = after.begun - before.begun;
    println!(
        "from the order to its transcript at the relay: {took:.1?}, {:.1?} of processor",
        after.processor - before.processor
    );

    assert_eq!((done.taken, done.sent), (1, 2), "to Val what became of it, to Cora that it did");
    assert_eq!(after.letters - before.letters, 2);
    assert_eq!(after.syncs - before.syncs, SYNCS_TAKING + SYNCS_SENDING);
    assert_eq!(after.commands[before.commands.len()..], *ORDER_COMMANDS);
    let case = line.gateway.book().cases().cases().next().expect("a case");
    assert_eq!(case.handlers, ["val"]);
}
