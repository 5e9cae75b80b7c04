//! The day on which the sender will publish, with the words that say so.

use super::dates::{Dated, Kind, Sent};
use super::hints::{Hint, Hints};
use crate::case::Deadline;
use crate::limits::LINE_CHARS;
use crate::mail::clean;

/// Beginnings of words that speak of publication.
const CUES: [&str; 28] = [
    "publish",
    "publication",
    "disclos",
    "go public",
    "going public",
    "make public",
    "made public",
    "make this public",
    "make it public",
    "release the",
    "release my",
    "release our",
    "release it",
    "release details",
    "embargo",
    "blog post",
    "deadline",
    "present it",
    "my talk",
    "our talk",
    "veröffentlich",
    "offenleg",
    "publier",
    "publierai",
    "divulg",
    "publicar",
    "sold to",
    "sell it",
];

/// The earliest day from the mail's own on that a sentence about publication names.
pub fn find(text: &str, days: &[Dated], sent: Sent, hints: Hints) -> Option<Deadline> {
    if days.is_empty() || !hints.has(Hint::Publication) {
        return None;
    }
    let ahead = |dated: &&Dated| sent.day.is_none_or(|sent| dated.day >= sent);
    let mut found: Option<(&Dated, &str)> = None;
    let mut days = days.iter().filter(ahead).peekable();
    for (start, sentence) in sentences(text) {
        let end = start + sentence.len();
        if days.peek().is_none_or(|dated| dated.at >= end) {
            continue;
        }
        let lower = sentence.to_lowercase();
        let publishes = CUES.iter().any(|cue| lower.contains(cue));
        let promises = publishes && promises(&lower);
        while let Some(dated) = days.next_if(|dated| dated.at < end) {
            let counts = publishes && (dated.kind != Kind::Loose || promises);
            if counts && found.is_none_or(|(best, _)| dated.day < best.day) {
                found = Some((dated, sentence));
            }
        }
    }
    found.map(|(dated, sentence)| Deadline {
        at: dated.instant.map_or_else(|| dated.day.to_string(), |at| at.to_string()),
        words: clean::cut(&clean::line(&one_line(sentence)), LINE_CHARS),
    })
}

/// "Friday" or "within 48 hours" is a deadline where somebody says what happens then.
fn promises(sentence: &str) -> bool {
    const WORDS: [&str; 22] = [
        "will",
        "plan",
        "intend",
        "going to",
        "or i",
        "or we",
        "policy",
        "deadline",
        "unless",
        "until",
        "shall",
        "otherwise",
        "embargo",
        "day disclosure",
        "by ",
        "werde",
        "wird",
        "sonst",
        "vais",
        "sinon",
        "voy a",
        "publicar",
    ];
    WORDS.iter().any(|word| sentence.contains(word))
}

fn one_line(sentence: &str) -> String {
    sentence.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sentences with where they start. A blank line ends one, and so does a full stop before a blank,
/// but not one behind a number or a short word ("11. Dezember", "Dec. 11").
fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = sentence_end(rest);
        let (sentence, tail) = rest.split_at_checked(end)?;
        let at = start;
        start += end;
        rest = tail;
        Some((at, sentence))
    })
}

fn sentence_end(text: &str) -> usize {
    let mut before: [char; 3] = [' '; 3];
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let blank = next.is_none_or(char::is_whitespace);
        let [third, second, first] = before;
        let short = first.is_ascii_digit() || [second, third].iter().any(|c| c.is_whitespace());
        let abbreviated = c == '.' && (short || is_short_month(&before));
        if c == '\n' && next == Some('\n') || matches!(c, '.' | '!' | '?') && blank && !abbreviated
        {
            return at + c.len_utf8();
        }
        before = [second, first, c];
    }
    text.len()
}

fn is_short_month(word: &[char; 3]) -> bool {
    let word: String = word.iter().collect::<String>().to_lowercase();
    matches!(
        word.as_str(),
        "jan" | "feb" | "mar" | "apr" | "aug" | "sep" | "oct" | "okt" | "nov" | "dec" | "dez"
    )
}

#[cfg(test)]
#[path = "deadline_tests.rs"]
mod tests;
