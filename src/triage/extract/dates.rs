//! Days that a text names, read against the day on which the mail was sent.

use super::hints::{Hint, Hints};
use super::{Placed, after};
use crate::limits::MENTIONS;
use crate::mail::Mail;
use crate::triage::pattern;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::Offset;
use jiff::{Span, Timestamp, ToSpan};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// When the mail says that it was sent: what "Friday" and "in 90 days" count from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    pub at: Option<Timestamp>,
    pub day: Option<Date>,
}

/// A day in a text, or an instant where hour and zone stand beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    pub at: usize,
    pub day: Date,
    pub instant: Option<Timestamp>,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is written out.
    Written,
    /// "in 90 days".
    Counted,
    /// "Friday", "within 48 hours", "90-day": a day only where something is promised for it.
    Loose,
}

/// Spans further off than this are no dates of ours.
const MOST_DAYS: i64 = 1_500;

const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fév", "fev"],
    &["mar", "mär", "mrz"],
    &["apr", "avr", "abr"],
    &["may", "mai"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "août", "aou", "ago"],
    &["sep"],
    &["oct", "okt", "out"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

macro_rules! month {
    () => {
        concat!(
            r"(jan(?:uary|uar|vier|\.)?|enero|feb(?:ruary|ruar|rero|\.)?|février",
            r"|mar(?:ch|zo|s|\.)?|märz",
            r"|apr(?:il|\.)?|avril|abril|may|mai|mayo|june?|juni|juin|junio|july?|juli",
            r"|juillet|julio",
            r"|aug(?:ust|\.)?|août|agosto|sept?(?:ember|embre|iembre|\.)?|oct(?:ober",
            r"|obre|ubre|\.)?",
            r"|okt(?:ober|\.)?|nov(?:ember|embre|iembre|\.)?|dec(?:ember|\.)?",
            r"|dez(?:ember|\.)?|décembre",
            r"|diciembre)"
        )
    };
}

static ISO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"\b(20[0-9]{2})[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])(?:\b|T)")
});
static DAY_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?(?: of| de| day of)?[\s-]+",
        month!(),
        r"\b,?(?:(?:\s+de|\s+del)?[\s-]+(20[0-9]{2})\b)?",
    ))
});
static MONTH_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b",
        month!(),
        r"\.?\s+(?:the\s+)?([0-9]{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(20[0-9]{2})\b)?",
    ))
});
static DOTTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"\b([0-9]{1,2})[./]\s?([0-9]{1,2})[./]\s?(20[0-9]{2})\b"));
static COUNTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:(in|within|after|nach|innerhalb von|dans|sous|en|innerhalb der nächsten)\s+",
        r"(?:the next )?)?([0-9]{1,3}|one|two|three|four|seven|ten|fourteen|thirty",
        r"|forty-five|sixty",
        r"|ninety|zwei|drei|vierzehn|deux|trois|dos|tres)(?:\s|-)+(business\s+",
        r"|working\s+|calendar\s+)?",
        r"(hours?|days?|weeks?|months?|h|stunden|tagen?|wochen|monaten?|heures|jours|semaines|mois",
        r"|horas|días|semanas|meses)\b",
    ))
});
static WEEKDAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|montag|dienstag",
        r"|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|lundi|mardi|mercredi|jeudi|vendredi",
        r"|samedi|dimanche|demain|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b",
    ))
});
static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:T|,?\s*(?:(?:at|um|à|a las|by)\s+)?)([0-9]{1,2})[:h.]([0-9]{2})(?::[0-9]{2})?\s?",
        r"(?:uhr\s+)?(?:(am|pm)\s+)?(?:\()?(UTC|GMT|Z|[+-][0-9]{2}:?[0-9]{2})\b",
    ))
});

impl Sent {
    pub fn of(mail: &Mail) -> Sent {
        let offset = Offset::from_seconds(mail.utc_offset.unwrap_or_default());
        let offset = offset.unwrap_or(Offset::UTC);
        Sent { at: mail.date, day: mail.date.map(|at| offset.to_datetime(at).date()) }
    }
}

/// Those days, ISO 8601, that are written out or counted.
pub fn named(days: &[Dated]) -> Vec<Placed> {
    let named = days.iter().filter(|dated| dated.kind != Kind::Loose);
    named.map(|dated| (dated.at, dated.day.to_string())).collect()
}

/// Every day that the text may speak of.
pub fn all(text: &str, sent: Sent, hints: Hints) -> Vec<Dated> {
    let mut found = written(text, sent, hints);
    let if_has = |hint| if hints.has(hint) { text } else { "" };
    each(&COUNTED, if_has(Hint::Count), |hit| {
        found.push(counted(text, hit, sent)?);
        Some(())
    });
    each(&WEEKDAY, if_has(Hint::Weekday), |hit| {
        let day = weekday(hit.get(1)?.as_str(), sent.day?)?;
        push(&mut found, text, hit, day, Kind::Loose)
    });
    found.sort_by_key(|dated| dated.at);
    said_once(found)
}

fn written(text: &str, sent: Sent, hints: Hints) -> Vec<Dated> {
    let mut found = Vec::new();
    let if_month = if hints.has(Hint::Month) { text } else { "" };
    each(&ISO, text, |hit| {
        let day = date(number(hit, 1)?, number(hit, 2)?, number(hit, 3)?)?;
        push(&mut found, text, hit, day, Kind::Written)
    });
    each(&DAY_FIRST, if_month, |hit| {
        let day = day_in(sent, number(hit, 3), month(hit, 2)?, number(hit, 1)?)?;
        push(&mut found, text, hit, day, Kind::Written)
    });
    each(&MONTH_FIRST, if_month, |hit| {
        let day = day_in(sent, number(hit, 3), month(hit, 1)?, number(hit, 2)?)?;
        push(&mut found, text, hit, day, Kind::Written)
    });
    each(&DOTTED, text, |hit| push(&mut found, text, hit, dotted(hit)?, Kind::Written));
    found
}

fn dotted(hit: &Captures<'_>) -> Option<Date> {
    let (one, two, year) = (number(hit, 1)?, number(hit, 2)?, number(hit, 3)?);
    let slashed = hit.get(0)?.as_str().contains('/');
    // 11/12/2026 is one day in Boston and another in Berlin.
    match (slashed, one > 12, two > 12) {
        (false, _, _) | (true, true, false) => date(year, two, one),
        (true, false, true) => date(year, one, two),
        _ => None,
    }
}

/// "Friday 11 December" is one day, said twice.
fn said_once(mut found: Vec<Dated>) -> Vec<Dated> {
    let written: Vec<usize> =
        found.iter().filter(|d| d.kind == Kind::Written).map(|dated| dated.at).collect();
    found.retain(|dated| {
        let near = written.partition_point(|at| *at < dated.at);
        let soon = written.get(near).is_some_and(|at| at - dated.at <= "Wednesday, the ".len());
        dated.kind != Kind::Loose || dated.instant.is_some() || !soon
    });
    found
}

fn each(
    look: &LazyLock<Option<Regex>>,
    text: &str,
    mut read: impl FnMut(&Captures<'_>) -> Option<()>,
) {
    if let Some(look) = look.as_ref() {
        for hit in look.captures_iter(text).take(MENTIONS) {
            let _ = read(&hit);
        }
    }
}

fn push(out: &mut Vec<Dated>, text: &str, hit: &Captures<'_>, day: Date, kind: Kind) -> Option<()> {
    let whole = hit.get(0)?;
    // The "T" of an ISO instant was taken with the day.
    let end = if whole.as_str().ends_with('T') { whole.end() - 1 } else { whole.end() };
    out.push(Dated { at: whole.start(), day, instant: instant(day, after(text, end, 40)), kind });
    Some(())
}

/// The instant, where a clock and its zone stand right behind the day.
fn instant(day: Date, behind: &str) -> Option<Timestamp> {
    let hit = CLOCK.as_ref()?.captures(behind)?;
    let mut hour = i8::try_from(number(&hit, 1)?).ok()?;
    let minute = i8::try_from(number(&hit, 2)?).ok()?;
    match hit.get(3).map(|half| half.as_str().to_ascii_lowercase()).as_deref() {
        Some("pm") if hour < 12 => hour += 12,
        Some("am") if hour == 12 => hour = 0,
        _ => {}
    }
    let time = Time::new(hour, minute, 0, 0).ok()?;
    zone(hit.get(4)?.as_str())?.to_timestamp(day.to_datetime(time)).ok()
}

fn zone(text: &str) -> Option<Offset> {
    let Some(sign) = text.chars().next().filter(|c| matches!(c, '+' | '-')) else {
        return Some(Offset::UTC);
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(if sign == '-' { -seconds } else { seconds }).ok()
}

fn number(hit: &Captures<'_>, group: usize) -> Option<u16> {
    hit.get(group)?.as_str().parse().ok()
}

fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, day);
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

fn month(hit: &Captures<'_>, group: usize) -> Option<u16> {
    let name = hit.get(group)?.as_str().to_lowercase();
    let place =
        MONTHS.iter().position(|names| names.iter().any(|start| name.starts_with(start)))?;
    u16::try_from(place + 1).ok()
}

/// A day without a year is the one nearest to the day of the mail.
fn day_in(sent: Sent, year: Option<u16>, month: u16, day: u16) -> Option<Date> {
    if let Some(year) = year {
        return date(year, month, day);
    }
    let sent = sent.day?;
    let year = u16::try_from(sent.year()).ok()?;
    let near =
        [year.checked_sub(1)?, year, year + 1].into_iter().filter_map(|y| date(y, month, day));
    near.min_by_key(|day| (*day - sent).get_days().unsigned_abs())
}

fn counted(text: &str, hit: &Captures<'_>, sent: Sent) -> Option<Dated> {
    let whole = hit.get(0)?;
    let amount = amount(hit.get(2)?.as_str())?;
    let unit = hit.get(4)?.as_str().to_lowercase();
    let hours = unit.starts_with(['h', 's']) && !unit.starts_with("sem");
    let span: Span = match unit.chars().next()? {
        _ if hours => amount.hours(),
        'd' | 't' | 'j' => amount.days(),
        'w' | 's' => amount.weeks(),
        _ => amount.months(),
    };
    let (at, day) = (sent.at?, sent.day?);
    let rough = if hours { amount / 24 } else { amount };
    let then = day.checked_add(if hours { rough.days() } else { span }).ok()?;
    let behind = after(text, whole.end(), 16).trim_start().to_ascii_lowercase();
    let counts = ["from now", "from today", "from the date"].iter().any(|w| behind.starts_with(w))
        || hit.get(1).is_some_and(|word| word.as_str().eq_ignore_ascii_case("in"));
    let past = ["ago", "before", "earlier", "old", "later"].iter().any(|w| behind.starts_with(w));
    let kind = if counts && !hours { Kind::Counted } else { Kind::Loose };
    let instant = if hours { at.checked_add(span).ok() } else { None };
    let day = instant.map_or(then, |at| Offset::UTC.to_datetime(at).date());
    (!past && (rough <= MOST_DAYS)).then_some(Dated { at: whole.start(), day, instant, kind })
}

fn amount(word: &str) -> Option<i64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "one" => 1,
        "two" | "zwei" | "deux" | "dos" => 2,
        "three" | "drei" | "trois" | "tres" => 3,
        "four" => 4,
        "seven" => 7,
        "ten" => 10,
        "fourteen" | "vierzehn" => 14,
        "thirty" => 30,
        "forty-five" => 45,
        "sixty" => 60,
        "ninety" => 90,
        digits => digits.parse().ok()?,
    })
}

fn weekday(word: &str, sent: Date) -> Option<Date> {
    let day = match word.to_lowercase().as_str() {
        "tomorrow" | "morgen" | "demain" => return sent.tomorrow().ok(),
        "monday" | "montag" | "lundi" | "lunes" => Weekday::Monday,
        "tuesday" | "dienstag" | "mardi" | "martes" => Weekday::Tuesday,
        "wednesday" | "mittwoch" | "mercredi" | "miércoles" => Weekday::Wednesday,
        "thursday" | "donnerstag" | "jeudi" | "jueves" => Weekday::Thursday,
        "friday" | "freitag" | "vendredi" | "viernes" => Weekday::Friday,
        "saturday" | "samstag" | "samedi" | "sábado" => Weekday::Saturday,
        _ => Weekday::Sunday,
    };
    sent.nth_weekday(1, day).ok()
}
