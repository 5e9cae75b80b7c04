//! `[[member]]`: the roster.

use super::read::{At, Item, Section};
use super::team::clock_time;
use crate::case::Permission;
use crate::mail::Address;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct MemberSettings {
    pub line: usize,
    pub handle: String,
    pub name: String,
    pub address: Address,
    /// A file with this member's one certificate.
    pub key: At<PathBuf>,
    pub role: Permission,
    pub also_from: Vec<Address>,
    /// None is the team's name.
    pub signs_as: Option<String>,
    pub zone: TimeZone,
    /// When this member can be expected to read mail, in that zone; empty is not said.
    pub hours: Vec<Hours>,
}

/// A span of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    pub days: Vec<Weekday>,
    pub from: Time,
    pub until: Time,
}

/// Words that commands and timelines use for somebody else.
pub const NOT_HANDLES: &[&str] = &[
    "all",
    "anybody",
    "buddy",
    "cli",
    "coordinator",
    "coordinators",
    "everybody",
    "finder",
    "finders",
    "gateway",
    "handler",
    "handlers",
    "lead",
    "list",
    "maintainer",
    "maintainers",
    "me",
    "member",
    "members",
    "new",
    "none",
    "nobody",
    "other",
    "others",
    "reporter",
    "reporters",
    "siren",
    "team",
    "volunteer",
    "volunteers",
];
const HANDLE_CHARS: usize = 32;

pub(super) fn member(section: &Section) -> Option<MemberSettings> {
    let handle = section.needed("handle", "handle = \"val\"").and_then(|item| handle(&item));
    let name = section.needed("name", "name = \"Val Olunteer\"").and_then(|item| item.line_text());
    let address =
        section.needed("address", "address = \"val@example.org\"").and_then(|item| item.address());
    let key = section
        .needed("key", "key = \"keys/val.asc\"")
        .and_then(|item| item.file().map(|path| item.at(path)));
    let role = section.item("role").map_or(Some(Permission::Volunteer), |item| item.word());
    let also_from = section.item("also_from").map(|item| addresses(&item)).unwrap_or_default();
    let signs_as = section.item("signs_as").and_then(|item| item.line_text());
    let zone = section.item("timezone").map_or(Some(TimeZone::UTC), |item| zone(&item));
    let hours = section.item("hours").map_or(Some(Vec::new()), |item| hours(&item));
    section.finish();
    Some(MemberSettings {
        line: section.line,
        handle: handle?,
        name: name?,
        address: address?,
        key: key?,
        role: role?,
        also_from,
        signs_as,
        zone: zone?,
        hours: hours?,
    })
}

fn handle(item: &Item) -> Option<String> {
    let text = item.text()?;
    let form = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.len() <= HANDLE_CHARS
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c));
    if !form {
        item.wrong("is not a handle", "write a short word of a-z, 0-9, _ and -, as \"val\"");
    } else if NOT_HANDLES.contains(&text.as_str()) {
        item.wrong("is a word with a meaning of its own", "choose another handle");
        return None;
    }
    form.then_some(text)
}

fn addresses(item: &Item) -> Vec<Address> {
    item.texts().iter().filter_map(Item::address).collect()
}

fn zone(item: &Item) -> Option<TimeZone> {
    let name = item.text()?;
    let zone = TimeZone::get(&name).ok();
    if zone.is_none() {
        item.wrong("is not a time zone", "write its name, as \"Europe/Berlin\" or \"UTC\"");
    }
    zone
}

fn hours(item: &Item) -> Option<Vec<Hours>> {
    let text = item.text()?;
    let spans: Option<Vec<Hours>> = text.split(';').map(span).collect();
    if spans.is_none() {
        item.wrong("are not hours", "write them as \"Mon-Fri 09:00-17:00; Sat 10:00-12:00\"");
    }
    spans
}

/// `Mon-Fri 09:00-17:00`
fn span(text: &str) -> Option<Hours> {
    let (days, times) = text.trim().split_once(' ')?;
    let (from, until) = times.trim().split_once('-')?;
    let (from, until) = (clock_time(from)?, clock_time(until)?);
    let days: Option<Vec<Vec<Weekday>>> = days.split(',').map(day_range).collect();
    (from < until).then_some(Hours { days: days?.concat(), from, until })
}

/// `Mon` or `Mon-Fri`, over the end of the week too.
fn day_range(text: &str) -> Option<Vec<Weekday>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (weekday(first)?, weekday(last)?);
    let length = usize::try_from(first.until(last)).ok()?;
    Some(first.cycle_forward().take(length + 1).collect())
}

fn weekday(text: &str) -> Option<Weekday> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let place = NAMES.iter().position(|name| text.eq_ignore_ascii_case(name))?;
    Weekday::from_monday_zero_offset(i8::try_from(place).ok()?).ok()
}
