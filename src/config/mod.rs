//! The configuration: `config.toml` in, [`Settings`] out, complete and checked, or every fault at
//! once, each with its line and what to do.
//!
//! The file is parsed into a table that knows where each value stands ([`read`]). Every section is
//! walked by the file named after it and asks for its settings by name; what nobody asked for is
//! unknown and answered with the nearest known name. Then [`across`] compares the sections.
//! Relative paths are relative to the file.
//!
//! Secrets are never values in the file, and none is read here: a [`SecretSource`] says where one
//! is, and reads it when it is needed. Nothing is written, and no server is spoken to.

mod across;
mod files;
mod house;
mod keys;
mod lists;
mod mailbox;
mod people;
mod problem;
mod read;
mod rules;
mod secret;
mod server;
mod team;
mod templates;

pub use files::{Complaint, secret as is_secret, trusted};
pub use house::*;
pub use keys::Keys;
pub use lists::{ListSettings, WatchSettings};
pub use mailbox::*;
pub use people::*;
pub use problem::*;
pub use read::At;
pub use secret::{COMMAND_TIME, SecretSource};
pub use server::{Access, is_loopback};
pub use team::TeamSettings;

use read::{Reader, Section};
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// Everything the configuration says, with defaults in place.
#[derive(Clone, Debug)]
pub struct Settings {
    pub file: PathBuf,
    pub team: TeamSettings,
    /// May be empty, which is enough for everything that only reads the state.
    pub mailboxes: Vec<MailboxSettings>,
    pub relay: Option<RelaySettings>,
    pub relay_line: usize,
    pub members: Vec<MemberSettings>,
    pub lists: Vec<ListSettings>,
    pub watches: Vec<WatchSettings>,
    pub siren: crate::case::SirenRules,
    pub mail: MailSettings,
    pub letters: LetterSettings,
    pub limits: LimitSettings,
    pub log: LogSettings,
}

/// The largest configuration.
const FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Reads the file. `credentials` is where systemd lays the secrets of this unit
/// (`$CREDENTIALS_DIRECTORY`): a file there goes before one of the same name elsewhere.
pub fn load(file: &Path, credentials: Option<&Path>) -> Result<Settings, Problems> {
    files::trusted(file).map_err(|complaint| {
        let what = format!("the configuration is {}", complaint.what);
        Problem::of_file(file, what, &complaint.todo)
    })?;
    let text = text(file).map_err(|what| {
        Problem::of_file(file, what, "it has to be a text file that sirt can read")
    })?;
    parse(file, &text, credentials)
}

fn text(file: &Path) -> Result<String, String> {
    let size = file.metadata().map_or(0, |found| found.len());
    if size > FILE_BYTES {
        return Err("the configuration is too large".into());
    }
    std::fs::read_to_string(file).map_err(|error| format!("it cannot be read: {}", error.kind()))
}

/// The text of a configuration as settings. Looks at the files it names.
pub fn parse(file: &Path, text: &str, credentials: Option<&Path>) -> Result<Settings, Problems> {
    let (table, faults) = DeTable::parse_recoverable(text);
    let reader = Reader::new(file, text, credentials);
    for fault in &faults {
        let line = reader.line_of(fault.span().unwrap_or(0..0));
        reader.wrong(line, read::shown_whole(fault.message()), "mend the TOML on that line");
    }
    // After a fault of form much would be missing that is there.
    let settings = faults.is_empty().then(|| settings(&reader, &reader.whole(table.get_ref())));
    let mut problems = reader.problems.take();
    problems.sort();
    problems.dedup();
    match settings.flatten() {
        Some(settings) if problems.is_empty() => Ok(settings),
        _ => Err(Problems(problems)),
    }
}

fn settings(reader: &Reader, whole: &Section) -> Option<Settings> {
    let team = whole.section("team", "team");
    if team.is_none() && !whole.has("team") {
        let todo = "write it with name and address, or let sirt init write the file";
        reader.wrong(1, "the section [team] is missing", todo);
    }
    let team = team.and_then(|section| team::team(&section));
    let relay = whole.section("relay", "relay");
    let each = |key| whole.sections(key);
    let mailboxes = each("mailbox").iter().filter_map(mailbox::mailbox).collect();
    let members = each("member").iter().filter_map(people::member).collect();
    let posted = each("list").iter().filter_map(lists::list).collect();
    let watches = each("watch").iter().filter_map(lists::watch).collect();
    let siren = lists::siren(whole.section("siren", "siren"));
    let mail = whole.section("mail", "mail");
    let letters = whole.section("letters", "letters");
    let (limits, log) = (whole.section("limits", "limits"), whole.section("log", "log"));
    let relay_line = relay.as_ref().map_or(0, |section| section.line);
    let relay = relay.and_then(|section| mailbox::relay(&section));
    let (mail, letters) = (house::mail(mail), house::letters(letters));
    let (limits, log) = (house::limits(limits), house::log(log));
    whole.finish();
    let settings = Settings {
        file: reader.file.to_owned(),
        team: team?,
        mailboxes,
        relay,
        relay_line,
        members,
        lists: posted,
        watches,
        siren,
        mail,
        letters,
        limits,
        log,
    };
    across::check(reader, &settings);
    Some(settings)
}

impl Settings {
    /// What `run` and `once` cannot do without.
    pub fn complete(&self) -> Result<(), Problems> {
        let missing = |what: &str, todo: &str| Problem::of_file(&self.file, what.to_owned(), todo);
        let mut problems = Vec::new();
        if self.mailboxes.is_empty() {
            let todo = "write a section [[mailbox]] with imap or maildir";
            problems.push(missing("no mailbox is configured", todo));
        }
        if self.relay.is_none() {
            let todo = "write a section [relay] with smtp or maildir";
            problems.push(missing("no relay is configured", todo));
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "example_tests.rs"]
mod example_tests;
