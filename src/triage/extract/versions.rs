//! Versions and ranges of versions, as constraints: `1.2.3`, `<1.2.3`, `>=1.2.0|<=1.2.3`.
//!
//! A number is a version by what stands beside it. Days, addresses, scores and sections of
//! standards are numbers with dots too.

use super::bound::Bound;
use super::numbers::{is_address, is_day, is_measured, is_part_of_more, is_section_or_score};
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
        r"(?:[-+.~]?(?:rc|alpha|beta|pre|dev|post|patch|git|snapshot|final|ga|p|M",
        r"|SP)[-.]?[0-9]*\b)?",
        r"(?:-[0-9]+[a-z0-9+~.]*[a-z0-9])?|\bv[0-9]{1,4}\.x\b|[0-9]{1,4}\.x\b",
    ))
});

/// How far beside a number its meaning is looked for.
const BESIDE: usize = 40;

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

/// Signs and words before a number, the longer of two first.
const BEFORE: [(&str, Bound); 30] = [
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
    ("starting from", Bound::From),
    ("starting in", Bound::From),
    ("since", Bound::From),
    ("from", Bound::From),
    ("seit", Bound::From),
    ("depuis", Bound::From),
    ("desde", Bound::From),
    ("à partir de", Bound::From),
];

/// Words behind a number. They say more than "since" before it.
const BEHIND: [(&str, Bound); 24] = [
    ("and earlier", Bound::UpTo),
    ("or earlier", Bound::UpTo),
    ("and below", Bound::UpTo),
    ("or below", Bound::UpTo),
    ("and older", Bound::UpTo),
    ("or older", Bound::UpTo),
    ("and prior", Bound::UpTo),
    ("and lower", Bound::UpTo),
    ("or lower", Bound::UpTo),
    ("and before", Bound::UpTo),
    ("und früher", Bound::UpTo),
    ("und älter", Bound::UpTo),
    ("et antérieures", Bound::UpTo),
    ("y anteriores", Bound::UpTo),
    ("and later", Bound::From),
    ("or later", Bound::From),
    ("and newer", Bound::From),
    ("or newer", Bound::From),
    ("and above", Bound::From),
    ("and up", Bound::From),
    ("or higher", Bound::From),
    ("onwards", Bound::From),
    ("und neuer", Bound::From),
    ("et ultérieures", Bound::From),
];

fn bound(left: &str, right: &str) -> Bound {
    let left = words_off(left);
    let right = right.trim_start_matches([' ', '(', ',', '\n', ')']);
    let before = BEFORE.iter().find(|(sign, _)| ends_in(left, sign)).map(|(_, bound)| *bound);
    let behind = BEHIND.iter().find(|(words, _)| right.starts_with(words)).map(|(_, bound)| *bound);
    match before {
        Some(bound) if bound != Bound::From || left.ends_with(['=', '≥']) => bound,
        before => behind.or(before).unwrap_or(Bound::Is),
    }
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
        out.push((hit.at, range.unwrap_or_else(|| hit.bound.of(&hit.number))));
    }
    out
}

fn range(text: &str, low: &Hit, high: &Hit) -> Option<String> {
    const TO: [&str; 11] =
        ["-", "--", "to", "up to", "through", "thru", "bis", "until", "à", "a", "hasta"];
    const AND: [&str; 11] = [
        "",
        "and",
        "und",
        "et",
        "y",
        "before",
        "prior",
        "prior to",
        "but before",
        "and before",
        "vor",
    ];
    let between = text.get(low.end..high.at)?.to_ascii_lowercase();
    let between = words_off(between.trim());
    let first = before(text, low.at, 20).to_ascii_lowercase();
    let to = TO.contains(&between);
    let and = AND.contains(&between.trim_matches(|c: char| !c.is_alphabetic()));
    let from = match low.bound {
        Bound::Is | Bound::From => ">=",
        Bound::Above => ">",
        _ => return None,
    };
    let open = low.bound != Bound::Is;
    let until = match high.bound {
        Bound::Below if open || and && between.contains(char::is_alphabetic) => "<",
        Bound::UpTo if open || to => "<=",
        Bound::Is if to || and && first.contains("between") => "<=",
        _ => return None,
    };
    (to || and).then(|| format!("{from}{}|{until}{}", low.number, high.number))
}

#[cfg(test)]
#[path = "versions_tests.rs"]
mod tests;
