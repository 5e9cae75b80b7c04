//! Dates and spans as people write them.
//!
//! Every instant is read with the writer's clock at hand and is later repeated to them in UTC and
//! in their own zone ([`both`]). What could mean two instants is never guessed.

use crate::case::business_days_after;
use crate::limits::WORD_CHARS;
use crate::mail::clean;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// An instant as a letter shows it: `Fri 11 Dec 2026 14:00 UTC (15:00 Berlin)`.
pub use crate::letter::instant as both;

/// What a date is read against.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub now: Timestamp,
    /// The writer's: for hours without a zone.
    pub zone: &'a TimeZone,
    /// In UTC: for dates without an hour.
    pub publish_time: Time,
}

/// What was read, and what would be right: sentences for the writer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotADate(String);

const FIRST_YEAR: i16 = 2000;
const LAST_YEAR: i16 = 2200;
/// Most days, hours, minutes or weeks of one relative date.
const MOST_AHEAD: u32 = 9_999;
/// Most hours of one `/time`: a week.
const MOST_HOURS: u32 = 168;
/// Offsets in use, in minutes from UTC.
const OFFSETS: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;
const RIGHT: &str = "Write 2026-12-11, 2026-12-11T14:00Z, +14d or +5bd.";

/// An instant: ISO 8601 (`2026-12-11T14:00Z`, `2026-12-11T14:00+01:00`; without a zone it is
/// the writer's; a date alone means `publish_time`), or from now `+14d`, `+5bd`, `+2w`, `+2h`,
/// `+30m`, rounded up to the minute. Of the years 2000 to 2200.
pub fn instant(word: &str, reading: &Reading) -> Result<Timestamp, NotADate> {
    let word = word.trim();
    let at = match word.strip_prefix('+') {
        Some(ahead) => from_now(ahead, reading.now),
        None => written(word, reading),
    }?;
    let year = at.to_zoned(TimeZone::UTC).year();
    if (FIRST_YEAR..=LAST_YEAR).contains(&year) { Ok(at) } else { Err(far(word)) }
}

/// A whole day, as for an absence: `2026-12-11`. Of the years 2000 to 2200.
pub fn day(word: &str) -> Result<Date, NotADate> {
    let date = date(word.trim()).ok_or_else(|| {
        NotADate(format!("{} is no day. Write year, month and day: 2026-12-11.", shown(word)))
    })?;
    if (FIRST_YEAR..=LAST_YEAR).contains(&date.year()) { Ok(date) } else { Err(far(word)) }
}

/// Minutes of work, from one up to a week of them: `1h30`, `1h`, `90m`, `1:30`.
pub fn span(word: &str) -> Result<u32, NotADate> {
    minutes(&word.trim().to_ascii_lowercase())
        .filter(|minutes| (1..=MOST_HOURS * 60).contains(minutes))
        .ok_or_else(|| {
            NotADate(format!(
                "{} is no span of work, or over {MOST_HOURS} hours. Write 1h30, 1h, 90m or 1:30.",
                shown(word)
            ))
        })
}

fn minutes(word: &str) -> Option<u32> {
    let (hours, minutes) = match word.split_once(['h', ':']) {
        Some((hours, "")) if word.ends_with('h') => (number(hours)?, 0),
        Some((hours, rest)) if word.contains(':') => (number(hours)?, sixtieths(rest)?),
        Some((hours, rest)) => (number(hours)?, sixtieths(rest.strip_suffix('m').unwrap_or(rest))?),
        None => (0, number(word.strip_suffix('m')?)?),
    };
    Some(hours * 60 + minutes)
}

/// The minutes behind an hour: two digits, so that `1:5` is not taken for a half or for five.
fn sixtieths(digits: &str) -> Option<u32> {
    number(digits).filter(|minutes| digits.len() == 2 && *minutes < 60)
}

/// At most [`MOST_AHEAD`], digits only.
fn number(digits: &str) -> Option<u32> {
    let only = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|number| only && *number <= MOST_AHEAD)
}

fn from_now(ahead: &str, now: Timestamp) -> Result<Timestamp, NotADate> {
    let wrong = || {
        NotADate(format!(
            "{} is no time from now. Write a number from 1 to {MOST_AHEAD} and what it counts: \
             +30m, +2h, +14d, +5bd (business days) or +2w.",
            shown(&format!("+{ahead}"))
        ))
    };
    let split = ahead.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (digits, unit) = ahead.split_at(split);
    let number = number(digits).filter(|number| *number > 0).ok_or_else(wrong)?;
    let hours = |hours: i64| now.checked_add(SignedDuration::from_hours(hours)).ok();
    let count = i64::from(number);
    let at = match unit.to_ascii_lowercase().as_str() {
        "m" => now.checked_add(SignedDuration::from_mins(count)).ok(),
        "h" => hours(count),
        "d" => hours(count * 24),
        "w" => hours(count * 24 * 7),
        "bd" => Some(business_days_after(now, number)),
        _ => return Err(wrong()),
    };
    at.and_then(whole_minute).ok_or_else(|| far(&format!("+{ahead}")))
}

/// The next whole minute: letters show no seconds, and nothing may happen before it is said to.
fn whole_minute(at: Timestamp) -> Option<Timestamp> {
    let over = at.as_second().rem_euclid(60);
    let whole =
        at.as_second() + if over == 0 && at.subsec_nanosecond() == 0 { 0 } else { 60 - over };
    Timestamp::from_second(whole).ok()
}

fn written(word: &str, reading: &Reading) -> Result<Timestamp, NotADate> {
    let parted = word.split_once(['T', 't', ' ']);
    let (day, clock) = match parted.filter(|(day, _)| day.starts_with(|c: char| c.is_ascii_digit()))
    {
        Some((day, clock)) => (day, Some(clock.trim())),
        None => (word, None),
    };
    let date = date(day).ok_or_else(|| NotADate(format!("{} is no date. {RIGHT}", shown(day))))?;
    let Some(clock) = clock else {
        return Offset::UTC
            .to_timestamp(date.to_datetime(reading.publish_time))
            .map_err(|_| far(word));
    };
    let (clock, offset) = zoned(clock);
    let time = time(clock).ok_or_else(|| {
        let clock = shown(clock);
        NotADate(format!("{clock} is no time of day. Write it as 14:00, from 00:00 to 23:59."))
    })?;
    let at = date.to_datetime(time);
    match offset {
        Some(offset) => fixed(offset)?.to_timestamp(at).map_err(|_| far(word)),
        None => local(at, reading.zone),
    }
}

/// A clock time and the offset written behind it.
fn zoned(clock: &str) -> (&str, Option<&str>) {
    let at =
        clock.find(['Z', 'z', '+', '-', ' ']).or_else(|| clock.to_ascii_uppercase().find("UTC"));
    match at {
        Some(at) => {
            let (clock, offset) = clock.split_at(at);
            (clock, Some(offset.trim()))
        }
        None => (clock, None),
    }
}

fn date(word: &str) -> Option<Date> {
    let form =
        |(at, b): (usize, u8)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() };
    let formed = word.len() == 10 && word.bytes().enumerate().all(form);
    word.parse().ok().filter(|_| formed)
}

fn time(word: &str) -> Option<Time> {
    let form = |(at, b): (usize, u8)| if at % 3 == 2 { b == b':' } else { b.is_ascii_digit() };
    let formed = matches!(word.len(), 5 | 8) && word.bytes().enumerate().all(form);
    word.parse().ok().filter(|_| formed)
}

/// `Z`, `UTC`, `+01:00`, `+0100`, `+01` (RFC 3339 section 5.6, ISO 8601).
fn fixed(word: &str) -> Result<Offset, NotADate> {
    if ["Z", "UTC", "GMT"].iter().any(|utc| word.eq_ignore_ascii_case(utc)) {
        return Ok(Offset::UTC);
    }
    offset_minutes(word)
        .filter(|minutes| OFFSETS.contains(minutes))
        .and_then(|minutes| Offset::from_seconds(minutes * 60).ok())
        .ok_or_else(|| {
            let word = shown(word);
            NotADate(format!("{word} is no offset from UTC. Write Z for UTC, or +01:00, -05:00."))
        })
}

fn offset_minutes(word: &str) -> Option<i32> {
    let digits = word.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        4 => digits.split_at_checked(2)?,
        5 => digits.split_once(':')?,
        _ => return None,
    };
    let minutes = i32::try_from(sixtieths(hours)? * 60 + sixtieths(minutes)?).ok()?;
    Some(if word.starts_with('-') { -minutes } else { minutes })
}

/// A clock of a zone: when clocks change, an hour of it is missing and an hour is there twice.
fn local(at: DateTime, zone: &TimeZone) -> Result<Timestamp, NotADate> {
    let (day, clock) = (at.date(), at.strftime("%H:%M").to_string());
    let place = zone.iana_name().unwrap_or("your zone");
    match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => {
            offset.to_timestamp(at).map_err(|_| far(&day.to_string()))
        }
        AmbiguousOffset::Gap { .. } => Err(NotADate(format!(
            "{clock} does not exist on {day} in {place}: clocks are put forward over it. \
             Write another time, or the instant in UTC: {day}T14:00Z."
        ))),
        AmbiguousOffset::Fold { before, after } => Err(NotADate(format!(
            "{clock} comes twice on {day} in {place}: clocks are put back. \
             Write which: {day}T{clock}{} or {day}T{clock}{}.",
            signed(before),
            signed(after)
        ))),
    }
}

fn signed(offset: Offset) -> String {
    let (sign, minutes) =
        (if offset.is_negative() { '-' } else { '+' }, offset.seconds().unsigned_abs() / 60);
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn far(word: &str) -> NotADate {
    let word = shown(word);
    NotADate(format!("{word} is not between the years {FIRST_YEAR} and {LAST_YEAR}. {RIGHT}"))
}

/// A word as a sentence repeats it.
fn shown(word: &str) -> String {
    match clean::line(word).as_str() {
        "" => "Nothing".to_owned(),
        word => clean::cut(word, WORD_CHARS),
    }
}

#[cfg(test)]
#[path = "when_tests.rs"]
mod tests;
