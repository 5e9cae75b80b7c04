//! `[team]`: who we are.

use super::files;
use super::read::{At, Item, Section};
use super::secret::{Pair, SecretSource, secret_at, secret_file, source};
use crate::case::is_prefix;
use crate::limits::LINE_CHARS;
use crate::mail::Address;
use jiff::civil::Time;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub struct TeamSettings {
    pub name: String,
    pub address: Address,
    pub case_prefix: String,
    /// The folder of everything the gateway keeps.
    pub state: PathBuf,
    /// The team's secret key, armored or not.
    pub key: At<SecretSource>,
    pub key_passphrase: Option<SecretSource>,
    /// Seals everything at rest.
    pub state_key: At<SecretSource>,
    /// "+", "-", or empty where there is no such thing.
    pub subaddress: String,
    /// Files here replace the built-in templates.
    pub templates: Option<PathBuf>,
    pub exercise: bool,
    pub policy_url: Option<String>,
    pub telephone: Option<String>,
    /// What a date alone means, in UTC.
    pub publish_time: Time,
}

const PASSPHRASE: Pair = Pair { file: "key_passphrase_file", command: "key_passphrase_command" };
const STATE_KEY: Pair = Pair { file: "state_key_file", command: "state_key_command" };

pub(super) fn team(section: &Section) -> Option<TeamSettings> {
    let name = section.needed("name", "name = \"Example SIRT\"").and_then(|item| item.line_text());
    let address =
        section.needed("address", "address = \"sirt@example.org\"").and_then(|item| item.address());
    let case_prefix = case_prefix(section);
    let state = path_or(section, "state", "state");
    let key = key(section);
    let key_passphrase = source(section, &PASSPHRASE);
    let state_key = state_key(section);
    let subaddress = subaddress(section);
    let templates = section.item("templates").and_then(|item| item.file());
    let exercise = section.item("exercise").map_or(Some(false), |item| item.boolean());
    let policy_url = section.item("policy_url").and_then(|item| web_address(&item));
    let telephone = section.item("telephone").and_then(|item| item.line_text());
    let publish_time = section.item("publish_time").map_or_else(default_time, |item| time(&item));
    section.finish();
    Some(TeamSettings {
        name: name?,
        address: address?,
        case_prefix: case_prefix?,
        state: state?,
        key: key?,
        key_passphrase,
        state_key: state_key?,
        subaddress: subaddress?,
        templates,
        exercise: exercise?,
        policy_url,
        telephone,
        publish_time: publish_time?,
    })
}

fn case_prefix(section: &Section) -> Option<String> {
    let Some(item) = section.item("case_prefix") else { return Some("SIRT".into()) };
    let prefix = item.text()?;
    if !is_prefix(&prefix) {
        item.wrong("cannot begin a case number", "write up to 16 of A-Z, 0-9 and -, as \"SIRT\"");
        return None;
    }
    Some(prefix)
}

fn path_or(section: &Section, key: &'static str, default: &str) -> Option<PathBuf> {
    match section.item(key) {
        Some(item) => item.path(),
        None => Some(section.reader.resolved(default)),
    }
}

fn key(section: &Section) -> Option<At<SecretSource>> {
    match section.item("key") {
        Some(item) => Some(item.at(secret_file(&item)?)),
        None => default_secret(section, "keys/team.secret.asc", "the team's key"),
    }
}

fn state_key(section: &Section) -> Option<At<SecretSource>> {
    let set = [STATE_KEY.file, STATE_KEY.command].iter().any(|key| section.has(key));
    let found = source(section, &STATE_KEY);
    if set {
        return found.map(|value| At { value, line: section.line });
    }
    default_secret(section, "keys/state.key", "the state key")
}

/// A secret file that nobody named, at the place where `sirt init` writes it.
fn default_secret(section: &Section, file: &str, what: &str) -> Option<At<SecretSource>> {
    let found = secret_at(&section.reader.resolved(file), section.reader.credentials);
    if let SecretSource::File(path) = &found
        && let Err(complaint) = files::secret(path)
    {
        section.wrong(format!("{what} is {}", complaint.what), complaint.todo);
    }
    Some(At { value: found, line: section.line })
}

fn subaddress(section: &Section) -> Option<String> {
    let Some(item) = section.item("subaddress") else { return Some("+".into()) };
    match item.text()?.as_str() {
        "none" => Some(String::new()),
        separator @ ("+" | "-") => Some(separator.to_owned()),
        other => {
            item.not_one_of(other, &["+", "-", "none"]);
            None
        }
    }
}

pub(super) fn web_address(item: &Item) -> Option<String> {
    let text = item.line_text()?;
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let fine = !rest.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
    if !fine {
        item.wrong("is not a web address", "write it whole, as https://example.org/security");
    }
    fine.then_some(text)
}

fn default_time() -> Option<Time> {
    Some(Time::constant(14, 0, 0, 0))
}

pub(super) fn time(item: &Item) -> Option<Time> {
    let time = clock_time(&item.text()?);
    if time.is_none() {
        item.wrong("is not a time of day", "write hours and minutes, as \"14:00\" (UTC)");
    }
    time
}

/// `14:00`
pub(super) fn clock_time(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |part: &str| part.len() == 2 && part.chars().all(|c| c.is_ascii_digit());
    if !two(hours) || !two(minutes) {
        return None;
    }
    Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()
}

impl Item<'_> {
    /// Text that stands in one line of a letter.
    pub(super) fn line_text(&self) -> Option<String> {
        let text = self.text()?;
        let fine = text.chars().count() <= LINE_CHARS;
        if !fine {
            self.wrong("is too long", &format!("write up to {LINE_CHARS} characters"));
        }
        fine.then_some(text)
    }
}

impl TeamSettings {
    /// Where the command line finds a running gateway.
    pub fn socket(&self) -> PathBuf {
        self.state.join(Path::new("control.sock"))
    }
}
