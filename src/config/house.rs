//! The smaller sections: lists, mail, letters, limits, log.

use super::read::{Item, Section};
use crate::case::Tlp;
use crate::limits::{MAIL_BYTES, MIB, OPENED_BYTES, SEND_DELAY, SIGNATURE_AGE, WORKER_MEMORY};
use crate::mail::Address;
use jiff::SignedDuration;
use std::time::Duration;
use strum::{Display, EnumString, VariantArray};
use toml::de::DeValue;

/// `[[list]]`: where notices go out.
#[derive(Clone, Debug)]
pub struct ListSettings {
    pub line: usize,
    pub name: String,
    pub address: Address,
    pub highest_tlp: Tlp,
    pub sign: SignForm,
    pub formats: Vec<Format>,
}

/// How a notice is signed: some list software keeps only one of them whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum SignForm {
    Clearsign,
    PgpMime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Format {
    Osv,
    Csaf,
    Cve,
    Text,
}

/// `[[watch]]`: a list whose traffic is read.
#[derive(Clone, Debug)]
pub struct WatchSettings {
    pub line: usize,
    pub name: String,
    pub list_id: String,
    pub address: Option<Address>,
    /// The domain whose DKIM signature its posts carry.
    pub dkim: Option<String>,
}

/// `[limits]`
#[derive(Clone, Copy, Debug)]
pub struct LimitSettings {
    /// Octets of one mail.
    pub mail: usize,
    /// Letters in one hour; above it they are held.
    pub letters_per_hour: u32,
    /// Octets a worker may use.
    pub worker_memory: usize,
    /// Processes that open mail; None is one for each processor, four at most.
    pub workers: Option<usize>,
}

/// `[log]`
#[derive(Clone, Copy, Debug, Default)]
pub struct LogSettings {
    pub level: Level,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Level {
    Off,
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

const LETTERS_PER_HOUR: u32 = 5_000;
const SMALLEST_MAIL: usize = 64 * 1024;
const SMALLEST_WORKER: usize = 256 * MIB;
const LARGEST_WORKER: usize = 64 * 1024 * MIB;

pub(super) fn list(section: &Section) -> Option<ListSettings> {
    let name = section.needed("name", "name = \"siren\"").and_then(|item| item.line_text());
    let address = section
        .needed("address", "address = \"siren@lists.example.org\"")
        .and_then(|item| item.address());
    let highest_tlp = section.item("highest_tlp").map_or(Some(Tlp::Clear), |item| item.word());
    let sign = section.item("sign").map_or(Some(SignForm::Clearsign), |item| item.word());
    let formats = section.item("formats").map(|item| item.texts()).unwrap_or_default();
    let formats = formats.iter().filter_map(Item::word).collect();
    section.finish();
    Some(ListSettings {
        line: section.line,
        name: name?,
        address: address?,
        highest_tlp: highest_tlp?,
        sign: sign?,
        formats,
    })
}

pub(super) fn watch(section: &Section) -> Option<WatchSettings> {
    let name = section.needed("name", "name = \"oss-security\"").and_then(|item| item.line_text());
    let list_id = section
        .needed("list_id", "list_id = \"oss-security.lists.openwall.com\"")
        .and_then(|item| list_id(&item));
    let address = section.item("address").and_then(|item| item.address());
    let dkim = section.item("dkim").and_then(|item| item.host());
    section.finish();
    Some(WatchSettings { line: section.line, name: name?, list_id: list_id?, address, dkim })
}

/// The identifier itself, with or without the brackets it stands in (RFC 2919 section 3).
fn list_id(item: &Item) -> Option<String> {
    let text = item.text()?;
    let bare = text.trim_start_matches('<').trim_end_matches('>');
    let fine =
        bare.contains('.') && bare.chars().all(|c| c.is_ascii_graphic() && !"<>".contains(c));
    if !fine {
        item.wrong("is not a List-Id", "write what its mails carry there, as \"name.example.org\"");
    }
    fine.then(|| bare.to_ascii_lowercase())
}

/// `[mail]`
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The name our own border writes into Authentication-Results (RFC 8601 section 2.5).
    pub authserv_id: Option<String>,
    /// Age above which a member's signature makes no orders.
    pub signature_age: SignedDuration,
}

/// `[letters]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterSettings {
    /// Whether first answers leave by themselves.
    pub automatic: bool,
    /// How long a member's words to somebody outside wait and can be stopped.
    pub send_delay: SignedDuration,
}

const SHORTEST_AGE: Duration = Duration::from_secs(10 * 60);
const LONGEST_AGE: Duration = Duration::from_secs(14 * 24 * 60 * 60);
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) fn mail(section: Option<Section>) -> MailSettings {
    let mut mail = MailSettings { authserv_id: None, signature_age: whole(SIGNATURE_AGE) };
    let Some(section) = section else { return mail };
    mail.authserv_id = section.item("authserv_id").and_then(|item| item.host());
    if let Some(item) = section.item("signature_age") {
        let age = duration(&item, SHORTEST_AGE, LONGEST_AGE, "48 h");
        mail.signature_age = age.unwrap_or(mail.signature_age);
    }
    section.finish();
    mail
}

pub(super) fn letters(section: Option<Section>) -> LetterSettings {
    let mut letters = LetterSettings { automatic: true, send_delay: whole(SEND_DELAY) };
    let Some(section) = section else { return letters };
    if let Some(item) = section.item("automatic") {
        letters.automatic = item.boolean().unwrap_or(true);
    }
    if let Some(item) = section.item("send_delay") {
        let delay = duration(&item, Duration::ZERO, LONGEST_DELAY, "5 min");
        letters.send_delay = delay.unwrap_or(letters.send_delay);
    }
    section.finish();
    letters
}

fn whole(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}

/// `"5 min"`, `"48 h"`, `"30s"`.
fn duration(
    item: &Item,
    shortest: Duration,
    longest: Duration,
    example: &str,
) -> Option<SignedDuration> {
    let time = item.text()?.parse::<SignedDuration>().ok();
    let fits = |time: &SignedDuration| (whole(shortest)..=whole(longest)).contains(time);
    let time = time.filter(fits);
    if time.is_none() {
        let (from, to) = (whole(shortest), whole(longest));
        item.wrong(
            "is not such a time",
            &format!("write it as \"{example}\", from {from:#} to {to:#}"),
        );
    }
    time
}

pub(super) fn limits(section: Option<Section>) -> LimitSettings {
    let mut limits = LimitSettings {
        mail: MAIL_BYTES,
        letters_per_hour: LETTERS_PER_HOUR,
        worker_memory: WORKER_MEMORY,
        workers: None,
    };
    let Some(section) = section else { return limits };
    if let Some(item) = section.item("mail") {
        limits.mail = size(&item, SMALLEST_MAIL, OPENED_BYTES).unwrap_or(MAIL_BYTES);
    }
    if let Some(item) = section.item("letters_per_hour") {
        let number = item.number(1..=1_000_000).and_then(|number| u32::try_from(number).ok());
        limits.letters_per_hour = number.unwrap_or(LETTERS_PER_HOUR);
    }
    if let Some(item) = section.item("worker_memory") {
        let memory = size(&item, SMALLEST_WORKER, LARGEST_WORKER);
        limits.worker_memory = memory.unwrap_or(WORKER_MEMORY);
    }
    if let Some(item) = section.item("workers") {
        limits.workers = item.number(1..=64).and_then(|number| usize::try_from(number).ok());
    }
    section.finish();
    limits
}

pub(super) fn log(section: Option<Section>) -> LogSettings {
    let Some(section) = section else { return LogSettings::default() };
    let level = section.item("level").and_then(|item| item.word());
    let format = section.item("format").and_then(|item| item.word());
    section.finish();
    LogSettings { level: level.unwrap_or_default(), format: format.unwrap_or_default() }
}

/// `"20 MiB"`, `"20 MB"`, or a number of octets.
fn size(item: &Item, smallest: usize, largest: usize) -> Option<usize> {
    let octets = match item.value {
        DeValue::String(text) => octets(text),
        DeValue::Integer(number) => number.as_str().parse().ok(),
        _ => None,
    };
    let octets = octets.filter(|octets| (smallest..=largest).contains(octets));
    if octets.is_none() {
        let (from, to) = (smallest / 1024, largest / MIB);
        let todo = format!("write it as \"20 MiB\", from {from} KiB to {to} MiB");
        item.wrong("is not such a size", &todo);
    }
    octets
}

fn octets(text: &str) -> Option<usize> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let unit: usize = match unit.trim() {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "KiB" => 1_024,
        "MB" => 1_000_000,
        "MiB" => MIB,
        "GB" => 1_000_000_000,
        "GiB" => 1_024 * MIB,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(unit)
}
