//! Numbers with dots that are no versions: days, addresses, sizes, scores, sections.

use super::names::is_ground;
use super::{after, before};

/// Words that a section, a score or an address stands behind.
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

/// Letters, another number, or a path around it: then it is not a number by itself.
pub fn is_part_of_more(text: &str, start: usize, end: usize) -> bool {
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

pub fn is_day(number: &str) -> bool {
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

pub fn is_address(number: &str) -> bool {
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
pub fn is_section_or_score(left: &str) -> bool {
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
