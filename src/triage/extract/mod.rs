//! What can be read out of words: ids, packages, versions, dates, and the day of publication.
//!
//! Every reader here is linear in the text, keeps at most [`EXTRACTED`] of a sort, each once, in
//! the order of the text. Nothing here is looked up or believed: handlers get it as an offer.

pub(super) mod bound;
mod dates;
mod deadline;
pub(super) mod hints;
pub(super) mod ids;
pub(super) mod names;
pub(super) mod numbers;
pub(super) mod packages;
mod versions;

use super::reading::{Reading, topic};
use crate::case::Found;
use crate::limits::EXTRACTED;
use crate::mail::Mail;
use hints::Hints;
use std::borrow::Cow;

/// Something found, and at which octet.
pub(super) type Placed = (usize, String);

/// How much of a mail is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The sender's own words: the rest is known already.
    Own,
    /// Also what they quote and pass on: a maintainer forwards a report.
    Whole,
}

/// Everything that the words of a mail name.
pub fn found(mail: &Mail, reading: &Reading, scope: Scope) -> Found {
    let words = if scope == Scope::Own { &reading.own } else { &reading.whole };
    let text = format!("{}\n\n{words}", topic(&mail.subject));
    let text = plain(&text);
    let hints = Hints::of(&text);
    let packages = packages::find(&text, hints);
    let (own, sent) = (plain(&reading.own), dates::Sent::of(mail));
    let days = dates::all(&own, sent, hints);
    Found {
        ids: each_once(ids::find(&text)),
        versions: each_once(versions::find(&text, &packages)),
        packages: each_once(packages::names(&packages)),
        dates: each_once(dates::named(&days)),
        deadline: deadline::find(&own, &days, sent, hints),
    }
}

pub(super) fn each_once(mut found: Vec<Placed>) -> Vec<String> {
    found.sort();
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|(_, value)| seen.insert(value.clone()));
    found.into_iter().take(EXTRACTED).map(|(_, value)| value).collect()
}

/// The text with plain dashes and blanks, so that an id is found however a word processor set it.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let kept =
        text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}'));
    Cow::Owned(kept.map(plain_char).collect())
}

fn plain_char(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        other => other,
    }
}

/// At most `bytes` of the text before `at`, from a character boundary on.
pub(super) fn before(text: &str, at: usize, bytes: usize) -> &str {
    let from = (at.saturating_sub(bytes)..=at).find(|from| text.is_char_boundary(*from));
    from.and_then(|from| text.get(from..at)).unwrap_or_default()
}

/// At most `bytes` of the text from `at` on, to a character boundary.
pub(super) fn after(text: &str, at: usize, bytes: usize) -> &str {
    let end = text.len().min(at.saturating_add(bytes));
    let to = (at..=end).rev().find(|to| text.is_char_boundary(*to));
    to.and_then(|to| text.get(at..to)).unwrap_or_default()
}

#[cfg(test)]
#[path = "extract_tests.rs"]
mod tests;
