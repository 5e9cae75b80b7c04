//! `sirt check`: everything that could fail tomorrow, one line a finding, with what to do.

use super::{Exit, Failure, Outcome, check_keys, clean, find_config, read_settings, say};
use crate::case::Permission;
use crate::config::{Access, Problem, RelaySettings, SecretSource, Settings, SourceSettings};
use crate::gateway::edges;
use crate::letter::Templates;
use crate::limits::MIB;
use crate::outbox::Carrier;
use jiff::{SignedDuration, Timestamp};
use rustix::fs::{Access as Mode, access, statvfs};
use serde::Serialize;
use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

pub struct CheckArgs {
    pub config: Option<PathBuf>,
    /// Speak to no server and run no command.
    pub offline: bool,
    pub json: bool,
}

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub level: Level,
    pub what: String,
    #[serde(rename = "where")]
    pub place: String,
    #[serde(rename = "do")]
    pub todo: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// It does not work.
    Error,
    /// It will stop working, or protects less than it could.
    Warn,
}

/// What has been looked at so far.
#[derive(Default)]
pub(super) struct Report {
    pub findings: Vec<Finding>,
    /// What is well, in words.
    pub well: Vec<String>,
}

impl Report {
    pub fn error(&mut self, place: &str, what: impl Into<String>, todo: &str) {
        self.add(Level::Error, place, what.into(), todo);
    }

    pub fn warn(&mut self, place: &str, what: impl Into<String>, todo: &str) {
        self.add(Level::Warn, place, what.into(), todo);
    }

    pub fn problem(&mut self, problem: &Problem) {
        self.error(&problem.place(), problem.what.clone(), &problem.todo);
    }

    fn add(&mut self, level: Level, place: &str, what: String, todo: &str) {
        let (place, todo) = (place.to_owned(), todo.to_owned());
        self.findings.push(Finding { level, what, place, todo });
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warn => "warn ",
        };
        write!(f, "{level}  {} ({}): {}", self.what, self.place, self.todo)
    }
}

/// Exit 0 where all is well, 1 on findings, 2 where the configuration cannot even be read.
pub fn check(args: &CheckArgs, now: Timestamp) -> Outcome {
    let mut report = Report::default();
    let settings = match read_settings(&find_config(args.config.as_deref())?) {
        Ok(settings) => settings,
        Err(problems) => {
            if args.json {
                problems.0.iter().for_each(|problem| report.problem(problem));
                tell(&report, true)?;
            }
            return Err(problems.into());
        }
    };
    super::log::begin(settings.log)?;
    look(&settings, args.offline, now, &mut report);
    tell(&report, args.json)?;
    Ok(if report.findings.is_empty() { Exit::Done } else { Exit::Findings })
}

fn look(settings: &Settings, offline: bool, now: Timestamp, report: &mut Report) {
    complete(settings, report);
    check_keys::team(settings, now, report);
    check_keys::members(settings, now, report);
    check_keys::state_key(settings, report);
    state(settings, report);
    clock(settings, now, report);
    templates(settings, report);
    secrets(settings, offline, report);
    if !offline {
        servers(settings, report);
    }
}

fn tell(report: &Report, json: bool) -> Result<(), Failure> {
    let mut findings = report.findings.clone();
    findings.sort_by_key(|finding| finding.level);
    if json {
        return say(&format!("{}\n", super::json(&findings)));
    }
    let well = report.well.iter().map(|words| format!("ok     {}\n", clean(words)));
    let found = findings.iter().map(|finding| format!("{}\n", clean(&finding.to_string())));
    say(&well.chain(found).collect::<String>())
}

/// What the gateway cannot do without, and who would hear of a report.
fn complete(settings: &Settings, report: &mut Report) {
    if let Err(problems) = settings.complete() {
        problems.0.iter().for_each(|problem| report.problem(problem));
    }
    let place = settings.file.display().to_string();
    let coordinators =
        settings.members.iter().filter(|member| member.role == Permission::Coordinator).count();
    if coordinators == 0 {
        let todo = "write a [[member]] with role = \"coordinator\"";
        report.error(&place, "nobody would hear of a new case: there is no coordinator", todo);
    }
    let (mailboxes, members) = (settings.mailboxes.len(), settings.members.len());
    report.well.push(format!("configuration: {mailboxes} mailboxes, {members} members"));
}

/// Room for the state: three of the largest mails and 200 MB, below which nothing is taken in.
fn state(settings: &Settings, report: &mut Report) {
    let folder = &settings.team.state;
    let place = folder.display().to_string();
    let there = folder.exists();
    let near = if there { folder.as_path() } else { folder.parent().unwrap_or(Path::new(".")) };
    if !near.is_dir() {
        return report.error(&place, "the state is not a folder", "create it, or correct the path");
    }
    if access(near, Mode::WRITE_OK | Mode::EXEC_OK).is_err() {
        report.error(&place, "the state cannot be written", "let the user of sirt own it");
    }
    if there && folder.metadata().is_ok_and(|found| found.mode() & 0o077 != 0) {
        report.warn(&place, "others can look into the state", &format!("chmod 700 {place}"));
    }
    let least = 3 * settings.limits.mail as u64 + 200 * MIB as u64;
    match statvfs(near).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)) {
        Ok(free) if free < least => {
            report.error(&place, "the disk is full: no mail would be taken in", "make room");
        }
        Ok(free) if free < 5 * least => report.warn(&place, "the disk is nearly full", "make room"),
        Ok(free) => {
            let room = free / (MIB as u64);
            report.well.push(format!("state: {place}, {room} MiB free"));
        }
        Err(_) => report.warn(&place, "the disk does not say how much is free", "look yourself"),
    }
}

/// A clock that is behind what we have already written is wrong, and so is one of another age.
fn clock(settings: &Settings, now: Timestamp, report: &mut Report) {
    const HOUR: SignedDuration = SignedDuration::from_hours(1);
    let todo = "set the clock, and let it be kept (NTP)";
    let year = now.strftime("%Y").to_string().parse::<i32>().unwrap_or_default();
    if !(2025..2100).contains(&year) {
        return report.error("clock", format!("it says the year {year}"), todo);
    }
    let journal = settings.team.state.join("journal");
    let written = journal.read_dir().into_iter().flatten().flatten().filter_map(|entry| {
        entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.try_into().ok())
    });
    let last: Option<Timestamp> = written.max();
    match last.filter(|last| last.duration_since(now) > HOUR) {
        Some(last) => report.error(
            "clock",
            format!("the journal was written at {last}, which is yet to come"),
            todo,
        ),
        None => report.well.push(format!("clock: {}", now.strftime("%Y-%m-%d %H:%M UTC"))),
    }
}

fn templates(settings: &Settings, report: &mut Report) {
    match settings.replaced_templates() {
        Err(problems) => problems.0.iter().for_each(|problem| report.problem(problem)),
        Ok(replaced) => match Templates::new(&replaced) {
            Ok(_) => {
                report.well.push(format!("templates: {} replaced, all render", replaced.len()))
            }
            Err(error) => report.error(
                &format!("{}.txt:{}", error.file, error.line),
                format!("a template cannot be used: {}", error.what),
                "mend it, or take it away: the built-in one is used then",
            ),
        },
    }
}

/// Passwords and tokens: whether there is one. Commands may need servers.
fn secrets(settings: &Settings, offline: bool, report: &mut Report) {
    let of_mailbox = settings.mailboxes.iter().filter_map(|mailbox| match &mailbox.source {
        SourceSettings::Imap { access, .. } => Some((format!("mailbox {}", mailbox.name), access)),
        SourceSettings::Maildir { .. } => None,
    });
    let of_relay = match &settings.relay {
        Some(RelaySettings::Smtp { access, .. }) => Some(("relay".to_owned(), access)),
        _ => None,
    };
    for (place, access) in of_mailbox.chain(of_relay) {
        let source = match access {
            Access::Password { source, .. } | Access::Token { source, .. } => source,
            Access::Nobody => continue,
        };
        if offline && matches!(source, SecretSource::Command(_)) {
            continue;
        }
        if let Err(what) = access.login() {
            report.error(&place, what, "mend that");
        }
    }
}

/// Every mailbox and the relay: connected to, let in, and let go.
fn servers(settings: &Settings, report: &mut Report) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else {
        return report.error(
            "servers",
            "no connection can be made",
            "see the limits of the process",
        );
    };
    let (todo, relay) = ("correct the configuration, or ask whoever runs the server", "relay");
    for mailbox in &settings.mailboxes {
        let place = format!("mailbox {}", mailbox.name);
        match runtime.block_on(edges::source(mailbox, settings.limits.mail).probe()) {
            Ok(said) => report.well.extend(said.iter().map(|words| format!("{place}: {words}"))),
            Err(error) => report.error(&place, error.words, todo),
        }
    }
    match edges::carrier(settings) {
        Err(error) => report.error(relay, format!("cannot be used: {}", error.kind()), todo),
        Ok(Some(Carrier::Smtp(smtp))) => match runtime.block_on(smtp.probe()) {
            Ok(said) => report.well.extend(said.iter().map(|words| format!("relay: {words}"))),
            Err(what) => report.error(relay, what, todo),
        },
        Ok(Some(Carrier::Maildir(_))) => report.well.push("relay: letters go into a folder".into()),
        Ok(None) => {}
    }
}
