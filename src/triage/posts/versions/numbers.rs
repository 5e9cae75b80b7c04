//! Numbers that may be versions, with the words beside them that bound them.

use super::bounds::{Bound, behind, leading};
use crate::limits::MENTIONS;
use crate::triage::extract::names::is_ground;
use crate::triage::extract::numbers::{is_address, is_day, is_measured, is_section_or_score};
use crate::triage::pattern;
use regex::Regex;
use std::sync::LazyLock;

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:\b[0-9]{1,2}:)?(?:[vV]\.?)?(?:",
        // 1.2.x, 4.x
        r"[0-9]{1,4}(?:\.[0-9]{1,5})*\.[xX*]",
        // 1.2.3, 1.2.3-rc1, 1.0.2zi, 9.8p1, 2.4.1-S1, 5.6.1+really5.4.5-1, 7.v1234abcd
        r"|[0-9]{1,8}(?:\.(?:[0-9]{1,10}|v[0-9a-f_]{5,}))+",
        r"(?:[-+.~_]?(?i-u:alpha|beta|preview|pre|dev|post|patch|git|snapshot|final|ga|rc|cr|sp",
        r"|milestone|release|lts|deb|ubuntu|el|fc|m|s|p|b|a|r)[-.]?[0-9]*\b|[a-z]{1,2}\b)?",
        r"(?:[-+~][0-9a-z][0-9a-z+~.]*[0-9a-z]|-[0-9]+\b)?(?:-generic)?",
        // 42
        r"|[0-9]{1,6}(?:-?(?i-u:rc|beta|alpha|esr)[0-9]*)?",
        r")",
    ))
});

/// How far beside a number its meaning is looked for.
const BESIDE: usize = 48;

/// A number and what stands beside it.
#[derive(Clone, Debug)]
pub struct Hit {
    pub at: usize,
    pub end: usize,
    /// Where the words that bound it begin.
    pub from: usize,
    pub number: String,
    pub bound: Bound,
    /// The words before it go on from a number before: "to", "through", "-".
    pub range: bool,
    /// "inclusive" or "exclusive" behind it was read up to here.
    pub until: usize,
    /// A word before it bounds it: of each in a list.
    pub spreads: bool,
}

/// Every number of a sentence that may be a version; `text` is the sentence in lower case. `topic`
/// holds the words of the Subject; `listed`: the text is a list of versions.
pub fn find(text: &str, topic: &str, listed: bool) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let Some(look) = NUMBER.as_ref() else { return hits };
    for found in look.find_iter(text).take(MENTIONS) {
        for (start, end) in parts(found.as_str(), found.start()) {
            let last = hits.last().map_or(0, |hit| hit.until.max(hit.end));
            if let Some(hit) = read(text, (start, end), last, topic, listed) {
                hits.push(hit);
            }
        }
    }
    hits
}

/// "2.4.17-2.4.57" is a range of two: as many dots on both sides, and nothing but digits.
fn parts(raw: &str, start: usize) -> Vec<(usize, usize)> {
    let whole = vec![(start, start + raw.len())];
    let Some((low, high)) = raw.split_once('-') else { return whole };
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let dots = |part: &str| part.matches('.').count();
    let two = dots(low) > 0
        && dots(low) == dots(high)
        && plain(low.trim_start_matches('v'))
        && plain(high);
    if two {
        let middle = start + low.len();
        return vec![(start, middle), (middle + 1, start + raw.len())];
    }
    whole
}

fn read(
    text: &str,
    (start, end): (usize, usize),
    last: usize,
    topic: &str,
    listed: bool,
) -> Option<Hit> {
    let raw = text.get(start..end)?;
    let number = raw.trim_start_matches(['v', '.']);
    let left_from = floor(text, last.max(start.saturating_sub(BESIDE)));
    let left = text.get(left_from..start)?;
    let right = text.get(end..floor(text, (end + BESIDE).min(text.len())))?;
    let file = [".patch", ".diff", ".git"].iter().any(|end| number.ends_with(end));
    if number.is_empty() || file || !standalone(text, start, end) {
        return None;
    }
    let lead = leading(left);
    let behind = behind(right);
    let from = left_from + lead.begins;
    let whole = !number.contains('.');
    let named = without_version(text.get(left_from..from)?.trim_end());
    let (version, bounded) = (lead.says_version, lead.bound != Bound::Is || behind.bound.is_some());
    let said = Said { bounded, behind: behind.bound.is_some(), version, listed };
    if whole && !whole_number(number, named, right, &said) {
        return None;
    }
    if is_other(number, named, right, version || bounded || listed)
        || is_ground_of(named, topic) && !(listed && bounded)
    {
        return None;
    }
    let bound = lead.bound.and(&behind, lead.sign);
    let until = end + behind.length;
    let spreads = lead.bound == bound && !lead.sign && lead.bound != Bound::Is;
    let (number, range) = (number.to_owned(), lead.range);
    Some(Hit { at: start, end, from, number, bound, range, until, spreads })
}

fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

/// Not a part of a word, a path, a price, an hour.
fn standalone(text: &str, start: usize, end: usize) -> bool {
    let mut left = text.get(..start).unwrap_or_default().chars().rev();
    let mut right = text.get(end..).unwrap_or_default().chars();
    let (l1, l2) = (left.next(), left.next());
    let (r1, r2) = (right.next(), right.next());
    let before = match l1 {
        None => true,
        Some('-') => l2.is_none_or(|c| c.is_alphanumeric() || c == ' ' || c == '+'),
        Some('/') => l2.is_none_or(|c| c.is_ascii_digit() || c == ' ' || c == 'x'),
        Some('.') => l2 == Some('.'),
        Some('_' | '#' | '$' | '%' | '\\' | '&' | '?') => false,
        // An attribute of markup: `version="1.0"`.
        Some('"' | '\'') => l2 != Some('='),
        // A name: "gtk+3.0".
        Some('+') => l2.is_none_or(|c| !c.is_alphanumeric()),
        Some(':') => l2.is_none_or(|c| !c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric(),
    };
    let behind = match (r1, r2) {
        (None, _) => true,
        (Some('.'), Some('.')) => true,
        (Some('.' | ':' | '-'), Some(c)) => !c.is_alphanumeric() || r1 == Some('-'),
        (Some('/'), Some(c)) => c.is_ascii_digit() || c == ' ' || c == 'v',
        (Some('%' | '$' | '\u{20ac}' | '@' | '_' | '=' | '\\'), _) => false,
        (Some(c), _) => !c.is_alphanumeric(),
    };
    before && behind
}

/// "agent (version <= 1.2": the word says nothing of whose version it is.
fn without_version(named: &str) -> &str {
    let bare = named.strip_suffix("versions").or_else(|| named.strip_suffix("version"));
    bare.map_or(named, str::trim_end)
}

/// What the words beside a number say of it.
struct Said {
    bounded: bool,
    /// The bound stands behind it: "and earlier".
    behind: bool,
    version: bool,
    listed: bool,
}

/// A number without a dot is a version only where the words say so.
fn whole_number(number: &str, named: &str, right: &str, said: &Said) -> bool {
    let year = number.parse().is_ok_and(|n: u32| (1980..2100).contains(&n));
    let next = right.trim_start();
    let ends = next.is_empty() || !next.starts_with(|c: char| c.is_alphanumeric());
    let word = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let goes_on = ends && !next.starts_with('%') || said.behind || GO_ON.contains(&word);
    let name =
        named.ends_with(|c: char| c.is_alphabetic() || c == ')' || c == ':') && !named.is_empty();
    let odd = named.ends_with(" line") || named.ends_with(" cvss") || named.ends_with("part");
    if odd || number.len() > 5 && !said.version {
        return false;
    }
    match (year, said.version) {
        (true, _) => false,
        (false, true) => goes_on,
        _ => goes_on && (said.behind || said.bounded && said.listed) && (name || next.is_empty()),
    }
}

const GO_ON: [&str; 30] = [
    "and",
    "or",
    "to",
    "through",
    "until",
    "are",
    "is",
    "has",
    "have",
    "before",
    "prior",
    "up",
    "as",
    "inclusive",
    "included",
    "allows",
    "allow",
    "in",
    "on",
    "with",
    "which",
    "when",
    "contains",
    "contain",
    "fixes",
    "of",
    "for",
    "release",
    "was",
    "onwards",
];

fn is_other(number: &str, named: &str, right: &str, said: bool) -> bool {
    let right = right.to_ascii_lowercase();
    let parts = number.split('.').count();
    let thousand = parts == 2 && number.split('.').nth(1).is_some_and(|part| part.len() == 3);
    let bare = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    !said
        && ((is_day(number) && !thousand)
            || is_address(number) && number.split('.').all(|p| p.len() > 1 || p == "0"))
        || bare && parts < 3 && is_measured(&right)
        || is_section_or_score(named) && !is_product(named)
        || bare && parts == 2 && right.starts_with("/10")
}

/// `is_section_or_score` also leaves out systems; here they may be what the post is about.
fn is_product(named: &str) -> bool {
    last_word(named).is_some_and(is_ground)
}

fn last_word(text: &str) -> Option<&str> {
    let mut words =
        text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '+' | '#' | '-')));
    words.rfind(|word| !word.is_empty())
}

/// The system or compiler that something ran on, where the post is not about it.
fn is_ground_of(named: &str, topic: &str) -> bool {
    const STANDARDS: [&str; 12] = [
        "tls", "http", "ssl", "cvss", "oauth", "rfc", "posix", "ip", "tlsv", "cvssv", "unicode",
        "usb",
    ];
    let Some(word) = last_word(named) else { return false };
    STANDARDS.contains(&word)
        || is_ground(word) && !matches!(word, "linux" | "lts") && !topic.contains(word)
}
