//! Versions and ranges of versions, as constraints: `1.2.3`, `<1.2.3`, `>=1.2.0|<=1.2.3`.
//!
//! A number is a version by what stands beside it. Days, addresses, scores and sections of
//! standards are numbers with dots too.

use super::names::is_ground;
use super::packages::Package;
use super::{Placed, after, before};
use crate::limits::MENTIONS;
use crate::triage::pattern;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"v?[0-9]{1,6}(?:\.[0-9]{1,10})+(?:\.[xX*])?",
        r"(?:[-+.~]?(?:rc|alpha|beta|pre|dev|post|patch|git|snapshot|final|ga|p|M|SP)[-.]?[0-9]*\b)?",
        r"(?:-[0-9]+[a-z0-9+~.]*[a-z0-9])?|\bv[0-9]{1,4}\.x\b|[0-9]{1,4}\.x\b",
    ))
});

/// How far beside a number its meaning is looked for.
const BESIDE: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Is,
    Below,
    UpTo,
    From,
    Above,
}

struct Hit {
    at: usize,
    end: usize,
    number: String,
    bound: Bound,
    /// The words beside it make it a version by themselves.
    sure: bool,
}

pub fn find(text: &str, packages: &[Package]) -> Vec<Placed> {
    let mut hits: Vec<Hit> = Vec::new();
    let Some(look) = NUMBER.as_ref() else { return Vec::new() };
    let names: BTreeSet<usize> = packages.iter().map(|package| package.end).collect();
    for found in look.find_iter(text).take(MENTIONS) {
        let from = hits.last().map_or(0, |hit: &Hit| hit.end);
        let behind_a_name = found.start().saturating_sub(2)..=found.start();
        let named = names.range(behind_a_name).next().is_some();
        let hit =
            read(text, found.start(), found.end(), from.max(found.start().saturating_sub(BESIDE)));
        hits.extend(hit.map(|hit| Hit { sure: hit.sure || named, ..hit }));
    }
    carry_on(text, &mut hits);
    let written = packages.iter().filter_map(|p| Some((p.at, p.version.clone()?)));
    written.chain(joined(text, &hits)).collect()
}

fn read(text: &str, start: usize, end: usize, from: usize) -> Option<Hit> {
    let raw = text.get(start..end)?;
    let number = raw.strip_prefix('v').unwrap_or(raw).trim_end_matches('.');
    let left = text.get(super_boundary(text, from)..start)?.to_ascii_lowercase();
    let right = after(text, end, BESIDE).to_ascii_lowercase();
    let bound = bound(left.trim_end(), &right);
    let parts = number.split('.').count();
    let sure = bound != Bound::Is || raw.starts_with('v') || says_version(&left);
    let other = is_part_of_more(text, start, end)
        || is_day(number) && !says_version(&left)
        || is_address(number) && !says_version(&left) && matches!(bound, Bound::Is | Bound::From)
        || parts < 3 && is_measured(&right)
        || is_section_or_score(&left);
    if other {
        return None;
    }
    let sure = sure || parts >= 3;
    Some(Hit { at: start, end, number: number.to_owned(), bound, sure })
}

fn super_boundary(text: &str, from: usize) -> usize {
    (from..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn bound(left: &str, right: &str) -> Bound {
    const SIGNS: [(&str, Bound); 22] = [
        ("<=", Bound::UpTo),
        ("≤", Bound::UpTo),
        (">=", Bound::From),
        ("≥", Bound::From),
        ("<", Bound::Below),
        (">", Bound::Above),
        ("before", Bound::Below),
        ("prior to", Bound::Below),
        ("earlier than", Bound::Below),
        ("older than", Bound::Below),
        ("lower than", Bound::Below),
        ("below", Bound::Below),
        ("vor", Bound::Below),
        ("avant", Bound::Below),
        ("antes de", Bound::Below),
        ("up to and including", Bound::UpTo),
        ("up to", Bound::UpTo),
        ("through", Bound::UpTo),
        ("bis", Bound::UpTo),
        ("hasta", Bound::UpTo),
        ("jusqu'à", Bound::UpTo),
        ("starting with", Bound::From),
    ];
    const SINCE: [&str; 8] =
        ["since", "starting from", "starting in", "seit", "depuis", "desde", "à partir de", "from"];
    const EARLIER: [&str; 14] = [
        "and earlier",
        "or earlier",
        "and below",
        "or below",
        "and older",
        "or older",
        "and prior",
        "and lower",
        "or lower",
        "and before",
        "und früher",
        "und älter",
        "et antérieures",
        "y anteriores",
    ];
    const LATER: [&str; 10] = [
        "and later",
        "or later",
        "and newer",
        "or newer",
        "and above",
        "and up",
        "or higher",
        "onwards",
        "und neuer",
        "et ultérieures",
    ];
    let left = words_off(left);
    let right = right.trim_start_matches([' ', '(', ',', '\n', ')']);
    if let Some((_, bound)) = SIGNS.iter().find(|(sign, _)| ends_in(left, sign)) {
        return *bound;
    }
    if EARLIER.iter().any(|word| right.starts_with(word)) {
        return Bound::UpTo;
    }
    if LATER.iter().any(|word| right.starts_with(word)) || right.starts_with("+ ") {
        return Bound::From;
    }
    if SINCE.iter().any(|word| ends_in(left, word)) { Bound::From } else { Bound::Is }
}

/// "before version" says what "before" says.
fn words_off(left: &str) -> &str {
    const NOISE: [&str; 8] =
        ["version", "versions", "release", "releases", "versión", "and including", "v", "the"];
    let mut left = left.trim_end();
    while let Some(cut) = NOISE.iter().find(|word| ends_in(left, word)) {
        left = left.get(..left.len() - cut.len()).unwrap_or_default().trim_end();
    }
    left
}

/// The text ends in this sign, or in this word as a whole.
fn ends_in(text: &str, end: &str) -> bool {
    let Some(head) = text.strip_suffix(end) else { return false };
    !end.starts_with(char::is_alphabetic) || !head.ends_with(char::is_alphanumeric)
}

fn says_version(left: &str) -> bool {
    let mut words = left.split_whitespace().rev().take(2);
    words.any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        matches!(
            word,
            "version"
                | "versions"
                | "versión"
                | "versiones"
                | "versionen"
                | "release"
                | "releases"
                | "ver"
                | "tag"
                | "fixed"
                | "patched"
                | "branch"
                | "branches"
        )
    })
}

/// Letters, another number, or a path around it: then it is not a number by itself.
fn is_part_of_more(text: &str, start: usize, end: usize) -> bool {
    let left = before(text, start, 2);
    let right = after(text, end, 2);
    let mut near = left.chars().rev();
    let (last, last_but_one) = (near.next(), near.next());
    let versioned = text.get(start..end).is_some_and(|raw| raw.starts_with('v'));
    let joined = match last {
        Some('-') => !last_but_one.is_some_and(|c| c.is_alphanumeric()),
        Some('/') => !versioned,
        Some('@') => false,
        Some(':') => last_but_one.is_some_and(|c| c.is_ascii_digit()),
        Some('.' | '_' | '#' | '$' | '€' | '£' | '%') => true,
        Some(c) => c.is_alphanumeric(),
        None => false,
    };
    let mut after = right.chars();
    let goes_on = match (after.next(), after.next()) {
        (Some('.' | ':'), Some(c)) => c.is_ascii_digit(),
        (Some('/' | '%' | '@' | '€' | '$'), _) => true,
        (Some(c), _) => c.is_alphanumeric() || c == '_',
        _ => false,
    };
    joined || goes_on
}

fn is_day(number: &str) -> bool {
    let parts: Vec<u32> = number.split('.').filter_map(|part| part.parse().ok()).collect();
    let year = |n: u32| (1990..2100).contains(&n);
    match parts.as_slice() {
        [day, month, last] => {
            year(*last) && *day <= 31 && *month <= 12
                || year(*day) && *month <= 12 && *last <= 31 && number.len() == 10
        }
        // A thousand, as some write it.
        [_, _] if number.split('.').nth(1).is_some_and(|part| part.len() == 3) => true,
        [day, month] => number.len() == 5 && number.starts_with('0') && *day <= 31 && *month <= 12,
        _ => false,
    }
}

fn is_address(number: &str) -> bool {
    let parts: Vec<Option<u16>> = number.split('.').map(|part| part.parse().ok()).collect();
    parts.len() == 4 && parts.iter().all(|part| part.is_some_and(|n| n <= 255))
}

/// A size, a time, a share or a price; or a rating.
pub fn is_measured(right: &str) -> bool {
    const UNITS: [&str; 29] = [
        "seconds",
        "second",
        "s ",
        "s,",
        "ms",
        "hours",
        "minutes",
        "gb",
        "mb",
        "kb",
        "gib",
        "mib",
        "kib",
        "million",
        "billion",
        "percent",
        "%",
        "x ",
        "times",
        "stars",
        "usd",
        "eur",
        "dollar",
        "btc",
        "critical",
        "(critical",
        "(high",
        "high)",
        "high sev",
    ];
    let right = right.trim_start().to_ascii_lowercase();
    UNITS.iter().any(|unit| right.starts_with(unit))
}

/// Behind the name of a standard, a score, or the ground that a test ran on.
fn is_section_or_score(left: &str) -> bool {
    const OTHER: [&str; 24] = [
        "rfc",
        "section",
        "sections",
        "sec",
        "chapter",
        "figure",
        "table",
        "score",
        "scores",
        "cvss",
        "cvssv3",
        "cvssv4",
        "rated",
        "rating",
        "severity",
        "ip",
        "host",
        "address",
        "port",
        "abschnitt",
        "kapitel",
        "base",
        "about",
        "appendix",
    ];
    let left = left.trim_end();
    if left.ends_with('§') || left.ends_with('$') {
        return true;
    }
    let mut words = left.split(|c: char| c.is_whitespace() || c == ':' || c == '(' || c == '/');
    let last = words.rfind(|word| !word.is_empty()).unwrap_or_default();
    let last = last.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let ground = |word: &str| is_ground(word) || OTHER.contains(&word);
    let noise = matches!(last, "of" | "is" | "version" | "v" | "score");
    ground(last)
        || noise && {
            let mut words = left.split_whitespace().rev().skip(1);
            words
                .next()
                .is_some_and(|word| ground(word.trim_matches(|c: char| !c.is_alphanumeric())))
        }
}

/// "1.2, 1.3 and 1.4", "1.2 to 1.4": what stands in one list with a version is one too.
fn carry_on(text: &str, hits: &mut [Hit]) {
    for at in 1..hits.len() {
        let Some([one, other]) = hits.get_mut(at - 1..=at) else { continue };
        if one.sure != other.sure && is_list(text.get(one.end..other.at).unwrap_or_default()) {
            (one.sure, other.sure) = (true, true);
        }
    }
}

fn is_list(between: &str) -> bool {
    const WORDS: [&str; 14] =
        ["", "and", "or", "-", "to", "through", "up to", "und", "bis", "et", "y", "<", "<=", "|"];
    let between = between.trim_matches([',', '(', ')', ' ', '\n']);
    WORDS.contains(&between)
}

/// Two bounds side by side are one range.
fn joined(text: &str, hits: &[Hit]) -> Vec<Placed> {
    let mut out = Vec::new();
    let mut hits = hits.iter().filter(|hit| hit.sure).peekable();
    while let Some(hit) = hits.next() {
        let range = hits.peek().and_then(|next| range(text, hit, next));
        if range.is_some() {
            hits.next();
        }
        out.push((hit.at, range.unwrap_or_else(|| written(hit.bound, &hit.number))));
    }
    out
}

fn range(text: &str, low: &Hit, high: &Hit) -> Option<String> {
    let between = text.get(low.end..high.at)?.to_ascii_lowercase();
    let between = words_off(between.trim());
    let between_two = before(text, low.at, 20).to_ascii_lowercase().contains("between");
    let simple = matches!(
        between,
        "-" | "--" | "to" | "up to" | "through" | "thru" | "bis" | "until" | "à" | "a" | "hasta"
    );
    let from = match low.bound {
        Bound::Is | Bound::From => ">=",
        Bound::Above => ">",
        _ => return None,
    };
    let bounded = matches!(
        between.trim_matches(|c: char| !c.is_alphabetic()),
        "" | "and"
            | "und"
            | "et"
            | "y"
            | "before"
            | "prior"
            | "prior to"
            | "up to but not including"
            | "but before"
            | "and before"
            | "vor"
    );
    let to = match high.bound {
        Bound::Below
            if low.bound != Bound::Is || bounded && between.contains(char::is_alphabetic) =>
        {
            "<"
        }
        Bound::UpTo if low.bound != Bound::Is || simple => "<=",
        Bound::Is if simple || between_two && bounded => "<=",
        _ => return None,
    };
    (simple || bounded).then(|| format!("{from}{}|{to}{}", low.number, high.number))
}

fn written(bound: Bound, number: &str) -> String {
    let sign = match bound {
        Bound::Is => "",
        Bound::Below => "<",
        Bound::UpTo => "<=",
        Bound::From => ">=",
        Bound::Above => ">",
    };
    format!("{sign}{number}")
}

#[cfg(test)]
#[path = "versions_tests.rs"]
mod tests;
