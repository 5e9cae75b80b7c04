//! What templates can do with a field beside printing it.

use super::fields::Zone;
use super::layout;
use crate::limits::{LINE_CHARS, MIB};
use crate::mail::clean;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use minijinja::{Environment, Error, ErrorKind, State};

const INSTANT: &str = "%a %-d %b %Y %H:%M";

pub fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("instant", instant_filter);
    environment.add_filter("day", day_filter);
    environment.add_filter("size", size);
    environment.add_filter("line", |text: &str| line(text));
    environment.add_filter("sentence", |text: &str| sentence(text));
    environment.add_filter("wrap", |text: &str, indent: Option<usize>| {
        layout::fill(text, indent.unwrap_or_default().min(layout::COLUMNS / 2))
    });
    environment.add_filter("fingerprint", fingerprint);
    environment.add_function("side_by_side", |a: &str, b: &str, c: &str, d: &str| {
        layout::side_by_side((a, b), (c, d))
    });
}

/// A stranger's field: one line of at most [`LINE_CHARS`] characters.
pub fn line(text: &str) -> String {
    let text = clean::line(text);
    if text.chars().nth(LINE_CHARS).is_none() {
        return text;
    }
    let kept: String = text.chars().take(LINE_CHARS - 4).collect();
    format!("{} ...", kept.trim_end())
}

fn instant_filter(state: &State, at: &str) -> Result<String, Error> {
    Ok(instant(read(at)?, &zone(state)))
}

fn day_filter(state: &State, at: &str) -> Result<String, Error> {
    Ok(read(at)?.to_zoned(zone(state)).strftime("%a %-d %b %Y").to_string())
}

/// `Mon 23 Nov 2026 09:12 UTC (10:12 Berlin)`: UTC for everybody, and the reader's own clock.
pub fn instant(at: Timestamp, zone: &TimeZone) -> String {
    let utc = at.to_zoned(TimeZone::UTC);
    let text = format!("{} UTC", utc.strftime(INSTANT));
    let Some(clock) = clock(zone) else { return text };
    let local = at.to_zoned(zone.clone());
    let form = if local.date() == utc.date() { "%H:%M" } else { "%a %-d %b %H:%M" };
    format!("{text} ({} {clock})", local.strftime(form))
}

/// How a zone is named to its reader: by its city, or as what their mail said of their clock.
fn clock(zone: &TimeZone) -> Option<String> {
    if let Some(name) = zone.iana_name() {
        let city = name.rsplit('/').next().unwrap_or(name).replace('_', " ");
        let universal = ["UTC", "GMT", "UCT", "Universal", "Zulu", "Greenwich"];
        return (!universal.contains(&city.as_str())).then_some(city);
    }
    let offset = zone.to_fixed_offset().ok().filter(|offset| *offset != Offset::UTC)?;
    let (sign, minutes) =
        (if offset.is_negative() { '-' } else { '+' }, offset.seconds().unsigned_abs() / 60);
    Some(format!("{sign}{:02}{:02}, your clock", minutes / 60, minutes % 60))
}

fn zone(state: &State) -> TimeZone {
    let zone = state.lookup("zone");
    zone.as_ref()
        .and_then(|zone| zone.downcast_object_ref::<Zone>())
        .map_or(TimeZone::UTC, |zone| zone.0.clone())
}

fn read(at: &str) -> Result<Timestamp, Error> {
    at.parse()
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "this filter is for instants only"))
}

/// `20 MB`, `20.4 MB`, `312 KB`: rounded up, so that what is over a limit also looks so.
pub fn size(bytes: u64) -> String {
    let (unit, name) = if bytes >= MIB as u64 { (MIB as u64, "MB") } else { (1024, "KB") };
    match (bytes.saturating_mul(10)).div_ceil(unit) {
        tenths if name == "KB" || tenths % 10 == 0 => format!("{} {name}", tenths.div_ceil(10)),
        tenths => format!("{}.{} {name}", tenths / 10, tenths % 10),
    }
}

/// With a full stop at its end, where it has none.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '?', ':', ')']) {
        return text.to_owned();
    }
    format!("{text}.")
}

/// A fingerprint in lines of at most ten groups, a wider gap in the middle of each.
fn fingerprint(spaced: &str, indent: Option<usize>) -> String {
    let groups: Vec<&str> = spaced.split_whitespace().collect();
    let long = if groups.len() > 10 { 8 } else { 10 };
    let lines: Vec<String> = groups
        .chunks(long)
        .map(|line| line.chunks(long / 2).map(|half| half.join(" ")).collect::<Vec<_>>().join("  "))
        .collect();
    lines.join(&format!("\n{}", " ".repeat(indent.unwrap_or_default())))
}
