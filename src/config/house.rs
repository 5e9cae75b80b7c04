//! The smaller sections: mail, letters, limits, log.

use super::read::{Item, Section};
use crate::limits::{MAIL_BYTES, MIB, OPENED_BYTES, SEND_DELAY, SIGNATURE_AGE, WORKER_MEMORY};
use jiff::SignedDuration;
use std::time::Duration;
use strum::{Display, EnumString, VariantArray};
use toml::de::DeValue;

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
