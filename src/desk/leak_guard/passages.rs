//! Passages of a text as keyed digests, so that words are known again that lie sealed elsewhere.
//!
//! Every eight words in a row (sixteen ideographs) are one digest, or as many more as it takes
//! until two of them tell something; of each two neighbours the smaller is kept (winnowing). So a
//! text of up to some 550 words gives itself away by nine words in a row, by a few more where they
//! are common ones; a longer text is kept more thinly (one of 950 by eleven, of 1,700 by fifteen),
//! so that none costs more than [`PASSAGES`] digests. A line of code, and a string that cannot be
//! there by chance (a digest, a link deep into a tree, base64), is a passage of its own.

use super::plain::{Measure, Token, plain, tokens, unquoted, windows};
use crate::case::Secrets;
use crate::limits::{PASSAGE_STRINGS, PASSAGES};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A passage: eight words of two, or up to sixteen until two different ones tell something.
pub const PASSAGE: Measure = Measure { weight: 16, chars: usize::MAX, telling: 2, most: 32 };
/// Of so many neighbours one is kept.
const NEIGHBOURS: usize = 2;
/// Windows next to what the reader knows that may stand too.
const EDGE: usize = 3;
/// Letters and digits from which a link, and code, can be known again.
const STRING_CHARS: usize = 24;
const CODE_CHARS: usize = 12;
/// Words from which a line is found by its windows.
const LINE_WORDS: usize = 11;
/// A run of letters and digits mixed, or of either, that nobody writes twice by chance.
const MIXED_RUN: usize = 16;
const RUN: usize = 32;
/// Folders from which a link names a place and not only a project.
const DEPTH: usize = 5;
/// Marks of code that make a line or a string one.
const LINE_MARKS: usize = 2;
const STRING_MARKS: usize = 3;

/// What somebody else wrote, or what came or went encrypted.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// For the sentence: "the finder's mail 3, which came encrypted".
    pub whose: &'a str,
    /// As [`passages`] gave them.
    pub passages: &'a [u64],
}

/// Words to look for, and words that may stand.
#[derive(Clone, Debug)]
pub struct Sought<'a> {
    pub secrets: &'a Secrets,
    pub sources: Vec<Source<'a>>,
    /// Passages the reader has already without protection: their own mails in the clear, our
    /// letters to them in the clear, the fixed words of our templates.
    pub known: Vec<&'a [u64]>,
}

/// A source of which words stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its place in [`Sought::sources`].
    pub source: usize,
    /// Line of the text, from 1.
    pub line: usize,
}

/// Keyed digests by which passages of this text are known again: in order, each once, at most
/// [`PASSAGES`].
pub fn passages(secrets: &Secrets, text: &str) -> Vec<u64> {
    let plain = plain(text);
    let marks = Marks::of(secrets, &plain, &tokens(&plain));
    let mut strings: Vec<u64> = marks.strings.into_keys().collect();
    strings.truncate(PASSAGE_STRINGS);
    let windows: Vec<u64> = marks.windows.iter().map(|(digest, _)| *digest).collect();
    let mut kept = winnowed(&windows, PASSAGES - strings.len());
    kept.extend(strings);
    kept.into_iter().collect()
}

/// Which sources have words in this text, each once, with the first line. Meant for slips: who
/// rewrites a passage on purpose is not found.
pub fn held(text: &str, sought: &Sought<'_>) -> Vec<Held> {
    let plain = plain(text);
    held_in(&plain, &tokens(&plain), sought)
}

/// As [`held`], in a text that is read already.
pub fn held_in(plain: &str, words: &[Token], sought: &Sought<'_>) -> Vec<Held> {
    let lines = Marks::of(sought.secrets, plain, words).unknown(&sought.known);
    let first =
        |source: &Source<'_>| source.passages.iter().filter_map(|digest| lines.get(*digest)).min();
    let found = sought.sources.iter().enumerate();
    found.filter_map(|(source, from)| Some(Held { source, line: first(from)? })).collect()
}

/// The first answer for a passage of this text.
pub fn known_again<T>(text: &str, secrets: &Secrets, ask: impl Fn(u64) -> Option<T>) -> Option<T> {
    let plain = plain(text);
    let marks = Marks::of(secrets, &plain, &tokens(&plain));
    let windows = marks.windows.into_iter().map(|(digest, _)| digest);
    windows.chain(marks.strings.into_keys()).find_map(ask)
}

/// The smallest of each group of neighbours; groups double until the rest is few enough.
fn winnowed(windows: &[u64], most: usize) -> BTreeSet<u64> {
    let mut width = NEIGHBOURS;
    let groups = windows.windows(width.min(windows.len()).max(1));
    let mut smallest: Vec<u64> = groups.filter_map(|group| group.iter().min().copied()).collect();
    loop {
        let kept: BTreeSet<u64> = smallest.iter().copied().collect();
        if kept.len() <= most {
            return kept;
        }
        let next = smallest.iter().skip(width.min(smallest.len() - 1));
        smallest = smallest.iter().zip(next).map(|(one, other)| *one.min(other)).collect();
        width *= 2;
    }
}

/// All digests of one text, with their lines.
struct Marks {
    /// In the order of the text.
    windows: Vec<(u64, usize)>,
    strings: BTreeMap<u64, usize>,
}

impl Marks {
    fn of(secrets: &Secrets, plain: &str, words: &[Token]) -> Marks {
        let key = secrets.passages();
        let digests: Vec<[u8; 8]> =
            words.iter().map(|token| short(&key, token.word.as_bytes()).to_le_bytes()).collect();
        let one = |window: Range<usize>| {
            let line = words.get(window.start)?.line;
            Some((short(&key, digests.get(window)?.as_flattened()), line))
        };
        let windows = windows(words, PASSAGE).into_iter().filter_map(one).collect();
        let mut strings = BTreeMap::new();
        for (number, line) in plain.split('\n').enumerate() {
            for string in strings_of(unquoted(line)) {
                let digest = short(&key, format!("string {string}").as_bytes());
                strings.entry(digest).or_insert(number + 1);
            }
        }
        Marks { windows, strings }
    }

    /// Without what the reader knows, and the windows next to it: of two texts with a passage in
    /// common, different digests are kept at its ends.
    fn unknown(self, known: &[&[u64]]) -> Lines {
        let known: BTreeSet<u64> = known.iter().flat_map(|one| one.iter().copied()).collect();
        let met = |(digest, _): &(u64, usize)| known.contains(digest);
        let met: Vec<bool> = self.windows.iter().map(met).collect();
        let near = |at: usize| {
            let from = at.saturating_sub(EDGE);
            let to = (at + EDGE + 1).min(met.len());
            met.get(from..to).is_some_and(|near| near.contains(&true))
        };
        let windows = self.windows.iter().enumerate().filter(|(at, _)| !near(*at));
        let strings = self.strings.into_iter().filter(|(digest, _)| !known.contains(digest));
        Lines::new(windows.map(|(_, window)| *window).chain(strings).collect())
    }
}

/// Lines by digest, for very many questions of which nearly all are answered by no.
struct Lines {
    sorted: Vec<(u64, usize)>,
    /// Whether any digest ends in these bits.
    seen: Vec<bool>,
}

impl Lines {
    fn new(mut digests: Vec<(u64, usize)>) -> Lines {
        digests.sort_unstable();
        let mut seen = vec![false; usize::from(u16::MAX) + 1];
        for (digest, _) in &digests {
            if let Some(seen) = seen.get_mut(usize::from(*digest as u16)) {
                *seen = true;
            }
        }
        Lines { sorted: digests, seen }
    }

    /// The first line of that digest.
    fn get(&self, digest: u64) -> Option<usize> {
        if self.seen.get(usize::from(digest as u16)) != Some(&true) {
            return None;
        }
        let at = self.sorted.partition_point(|(one, _)| *one < digest);
        self.sorted.get(at).filter(|(one, _)| *one == digest).map(|(_, line)| *line)
    }
}

fn short(key: &[u8; 32], octets: &[u8]) -> u64 {
    let mut word = [0_u8; 8];
    blake3::Hasher::new_keyed(key).update(octets).finalize_xof().fill(&mut word);
    u64::from_le_bytes(word)
}

/// What of a line can be known again by itself: letters and digits only.
fn strings_of(line: &str) -> BTreeSet<String> {
    let strings = line.split_whitespace().filter(|string| is_telling_string(string)).map(bare);
    let mut found: BTreeSet<String> = strings.collect();
    if is_code(line) {
        found.insert(bare(line));
    }
    found
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// `0b7e…`, `https://git.example/a/b/blob/main/src/parse.c`, `/?id=1'%20OR%201=1`: yes. A host, a
/// project's page, a rating: no.
fn is_telling_string(string: &str) -> bool {
    if string.len() < MIXED_RUN || string.trim_start_matches(['(', '[']).starts_with("cvss:") {
        return false;
    }
    let path = string.split_once("://").map_or(string, |(_, path)| path);
    let runs = string.split(|c: char| !c.is_alphanumeric() && c != '-');
    let long = |run: &str| {
        let run = bare(run);
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let mixed = (3..run.len().saturating_sub(2)).contains(&digits);
        run.chars().count() >= RUN || mixed && run.len() >= MIXED_RUN
    };
    let chars = bare(string).chars().count();
    runs.into_iter().any(long)
        || chars >= STRING_CHARS && path.matches('/').count() >= DEPTH
        || chars >= CODE_CHARS && marks(string) >= STRING_MARKS
}

/// A line of code too short to be found by its windows. A heading is none.
fn is_code(line: &str) -> bool {
    let line = line.trim_matches(|c: char| c.is_whitespace() || "=#-*~_".contains(c));
    let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    (2..LINE_WORDS).contains(&words)
        && !line.starts_with("include")
        && bare(line).chars().count() >= CODE_CHARS
        && marks(line) >= LINE_MARKS
}

/// Signs that code has and prose has not; a call counts twice.
fn marks(text: &str) -> usize {
    let (mut count, mut before) = (0, ' ');
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let next = rest.chars().next().unwrap_or(' ');
        count += match c {
            '{' | '}' | '=' | '<' | '>' | '\\' | '&' | '^' | '~' => 1,
            ';' if rest.is_empty() || before == ')' => 1,
            '%' if next.is_alphanumeric() => 1,
            '$' if next.is_alphabetic() || next == '(' => 1,
            '_' | '[' if before.is_alphanumeric() && next.is_alphanumeric() => 1,
            // Not "the file(s)".
            '(' if before.is_alphanumeric() && !rest.starts_with("s)") => 2,
            _ => 0,
        };
        before = c;
    }
    count
}

#[cfg(test)]
#[path = "passages_tests.rs"]
mod tests;
