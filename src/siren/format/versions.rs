//! Which versions: `>=1.4.0|<1.6.3`, `<=2.1`, `1.4`, `*`, and the words people use for the same.
//!
//! Every document for machines is made from these, so that all of them mean the same versions.

use crate::limits::VALUE_CHARS;
use crate::mail::clean;
use std::cmp::Ordering;
use std::fmt;

/// One stretch of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    All,
    One(String),
    /// At least one edge is there.
    Between {
        low: Option<Edge>,
        high: Option<Edge>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    pub version: String,
    /// The version itself belongs to it.
    pub included: bool,
}

/// Characters of one version; a commit has 64 at most.
const VERSION_CHARS: usize = 64;
/// Words that would make a range of a version (CSAF 2.0, test 6.1.31).
const RANGE_WORDS: &[&str] =
    &["after", "all", "before", "earlier", "later", "prior", "versions", "version"];
/// What people write, and the sign for it; those with `^` stand behind their version. Longer
/// phrases stand before the shorter ones that they hold.
const PHRASES: &[(&str, &str)] = &[
    (" up to and including ", " <="),
    (" and earlier ", " ^<= "),
    (" or earlier ", " ^<= "),
    (" and below ", " ^<= "),
    (" and older ", " ^<= "),
    (" and prior ", " ^<= "),
    (" and later ", " ^>= "),
    (" or later ", " ^>= "),
    (" and newer ", " ^>= "),
    (" and above ", " ^>= "),
    (" onwards ", " ^>= "),
    (" earlier than ", " <"),
    (" lower than ", " <"),
    (" less than ", " <"),
    (" prior to ", " <"),
    (" up to ", " <="),
    (" before ", " <"),
    (" through ", " <="),
    (" to ", " <="),
    (" since ", " >="),
    (" from ", " >="),
    (" after ", " >"),
    (" and ", " "),
];

impl Span {
    /// Reads a constraint.
    ///
    /// # Errors
    /// A sentence that shows what would be right.
    pub fn parse(text: &str) -> Result<Span, String> {
        // Its phrases are looked for one after the other, so that it has to be short.
        let words = if text.len() <= VALUE_CHARS { signs(text) } else { String::new() };
        if matches!(words.trim().to_ascii_lowercase().as_str(), "*" | "all" | "all versions") {
            return Ok(Span::All);
        }
        let wrong = || {
            format!(
                "\"{}\" is no range of versions. Write 1.4.0, <1.6.3, >=1.4.0|<1.6.3, or * for \
                 all.",
                clean::cut(&clean::line(text), VERSION_CHARS)
            )
        };
        let (mut low, mut high, mut bare) = (None, None, None);
        for (sign, version) in terms(&words).ok_or_else(wrong)? {
            let place = match sign {
                "<" | "<=" => &mut high,
                ">" | ">=" => &mut low,
                _ => &mut bare,
            };
            let edge = Edge { version: version.to_owned(), included: !matches!(sign, "<" | ">") };
            if place.replace(edge).is_some() {
                return Err(wrong());
            }
        }
        match (bare, low, high) {
            (Some(one), None, None) => Ok(Span::One(one.version)),
            // "1.4 to 1.6": what stands bare before an upper edge is the lower one.
            (Some(low), None, high) => between(Some(low), high).ok_or_else(wrong),
            (None, low, high) => between(low, high).ok_or_else(wrong),
            (Some(_), Some(_), _) => Err(wrong()),
        }
    }

    /// Whether it holds that version; None where nobody can say without knowing the scheme.
    pub fn contains(&self, version: &str) -> Option<bool> {
        match self {
            Span::All => Some(true),
            Span::One(one) => compare(one, version).map(Ordering::is_eq),
            Span::Between { low, high } => {
                let above = low.as_ref().map_or(Some(true), |low| {
                    compare(version, &low.version)
                        .map(|at| at.is_gt() || at.is_eq() && low.included)
                })?;
                let below = high.as_ref().map_or(Some(true), |high| {
                    compare(version, &high.version)
                        .map(|at| at.is_lt() || at.is_eq() && high.included)
                })?;
                Some(above && below)
            }
        }
    }

    /// All versions that are named.
    pub fn named(&self) -> Vec<&str> {
        match self {
            Span::All => Vec::new(),
            Span::One(one) => vec![one],
            Span::Between { low, high } => {
                low.iter().chain(high).map(|edge| edge.version.as_str()).collect()
            }
        }
    }

    /// It speaks of commits.
    pub fn of_commits(&self) -> bool {
        let named = self.named();
        !named.is_empty() && named.into_iter().all(is_commit)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |edge: &Edge, sign| format!("{sign}{}{}", equals(edge), edge.version);
        match self {
            Span::All => f.write_str("*"),
            Span::One(one) => f.write_str(one),
            Span::Between { low, high } => {
                let low = low.as_ref().map(|edge| sign(edge, '>'));
                let high = high.as_ref().map(|edge| sign(edge, '<'));
                let edges: Vec<String> = low.into_iter().chain(high).collect();
                f.write_str(&edges.join("|"))
            }
        }
    }
}

fn equals(edge: &Edge) -> &'static str {
    if edge.included { "=" } else { "" }
}

fn between(low: Option<Edge>, high: Option<Edge>) -> Option<Span> {
    if let (Some(low), Some(high)) = (&low, &high) {
        match compare(&low.version, &high.version) {
            Some(Ordering::Greater) => return None,
            Some(Ordering::Equal) if low.included && high.included => {
                return Some(Span::One(low.version.clone()));
            }
            Some(Ordering::Equal) => return None,
            _ => {}
        }
    }
    Some(Span::Between { low, high })
}

/// Words turned into signs, parts divided by blanks.
fn signs(text: &str) -> String {
    let divided = text.replace(['|', ','], " ").replace("&&", " ");
    let tidy: Vec<&str> = divided.split_whitespace().collect();
    let mut words = format!(" {} ", tidy.join(" "));
    for (phrase, sign) in PHRASES {
        // Versions are as they are written; only the words around them have no case.
        while let Some(at) = words.to_ascii_lowercase().find(phrase) {
            let (before, rest) = words.split_at(at);
            let rest = rest.get(phrase.len()..).unwrap_or_default();
            words = format!("{before}{sign} {rest}");
        }
    }
    words
}

/// Sign and version, in order; a version without sign has "". None where it is no such thing.
fn terms(words: &str) -> Option<Vec<(&str, &str)>> {
    let mut terms: Vec<(&str, &str)> = Vec::new();
    let mut open: Option<&str> = None;
    for word in words.split_whitespace() {
        if let Some(sign) = word.strip_prefix('^') {
            let last = terms.last_mut().filter(|(before, _)| before.is_empty())?;
            last.0 = sign;
            continue;
        }
        let version = word.trim_start_matches(['<', '>', '=']);
        let (sign, _) = word.split_at_checked(word.len() - version.len())?;
        if !matches!(sign, "" | "<" | "<=" | ">" | ">=" | "=" | "==") {
            return None;
        }
        match (version.is_empty(), open.take()) {
            (true, None) if !sign.is_empty() => open = Some(sign),
            (false, before) if is_version(version) => {
                if before.is_some() && !sign.is_empty() {
                    return None;
                }
                terms.push((before.unwrap_or(sign), version));
            }
            _ => return None,
        }
    }
    let whole = open.is_none() && !terms.is_empty();
    whole.then_some(terms)
}

/// A version as one word: with a digit, and without a word that makes it a range.
pub fn is_version(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    (1..=VERSION_CHARS).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._+~:-".contains(c))
        && text.contains(|c: char| c.is_ascii_digit())
        && !words.any(|word| RANGE_WORDS.contains(&word))
}

/// A whole commit id of git: SHA-1 or SHA-256.
pub fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64)
        && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// A version of Semantic Versioning 2.0.0.
pub fn is_semver(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(a, b)| (a, Some(b)));
    let (core, pre) = text.split_once('-').map_or((text, None), |(a, b)| (a, Some(b)));
    let number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let label = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let fine =
        |part: &str| label(part) && (number(part) || part.bytes().any(|b| !b.is_ascii_digit()));
    core.split('.').count() == 3
        && core.split('.').all(number)
        && pre.is_none_or(|pre| pre.split('.').all(fine))
        && build.is_none_or(|build| build.split('.').all(label))
}

/// Which comes first, where every scheme agrees: by their numbers, unless those are the same and
/// something else differs.
pub fn compare(one: &str, other: &str) -> Option<Ordering> {
    if one == other {
        return Some(Ordering::Equal);
    }
    if is_commit(one) || is_commit(other) {
        return None;
    }
    let ((mut a, rest_a), (mut b, rest_b)) = (numbers(one)?, numbers(other)?);
    let length = a.len().max(b.len());
    a.resize(length, 0);
    b.resize(length, 0);
    match a.cmp(&b) {
        Ordering::Equal => (rest_a == rest_b).then_some(Ordering::Equal),
        differ => Some(differ),
    }
}

/// The dotted numbers that a version begins with, and what follows them.
fn numbers(version: &str) -> Option<(Vec<u64>, &str)> {
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let (core, rest) = version.split_at_checked(end)?;
    let core = core.trim_end_matches('.');
    // An epoch, or "1.0rc1", which some schemes put before 1.0: nobody can say.
    if rest.starts_with(':') {
        return None;
    }
    let numbers: Option<Vec<u64>> = core.split('.').map(|part| part.parse().ok()).collect();
    numbers.map(|numbers| (numbers, rest))
}

#[cfg(test)]
#[path = "versions_tests.rs"]
mod tests;
