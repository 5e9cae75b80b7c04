//! The arguments of one line.
//!
//! A cursor over a command line, from left to right. It remembers where the word last taken
//! stands, so that what is wrong with it can be shown under it.

use super::nearest::nearest;
use super::when::{self, Reading};
use crate::case::CaseId;
use crate::letter::layout::{COLUMNS, columns, fill};
use crate::limits::WORD_CHARS;
use crate::mail::{Address, clean};
use jiff::Timestamp;
use jiff::civil::Date;
use std::fmt::Display;
use strum::VariantArray;

/// What is wrong with a line, and where: a sentence for the member who wrote it, for nobody else
/// and for no log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Slip {
    pub what: String,
    /// Column of the whole line, from 0, and width, both as shown.
    pub at: Option<(usize, usize)>,
    /// What probably was to stand there.
    pub meant: Option<String>,
}

/// One command line, `/severity high`, and how far it is read.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    line: &'a str,
    /// What is not yet read: `line[from..to]`.
    from: usize,
    to: usize,
    /// The word last taken.
    last: (usize, usize),
}

/// Words behind a clock time that would be dropped or taken for text: each means another instant
/// somewhere.
const ZONES: [&str; 20] = [
    "am", "pm", "cet", "cest", "eet", "eest", "wet", "west", "bst", "ist", "msk", "jst", "aest",
    "est", "edt", "cst", "cdt", "mst", "pst", "pdt",
];

impl<'a> Words<'a> {
    /// The cursor stands behind the command's own name.
    pub fn of(line: &'a str) -> Words<'a> {
        let line = line.trim_end();
        let start = line.len() - line.trim_start().len();
        let start = start + usize::from(line.get(start..).is_some_and(|l| l.starts_with('/')));
        let mut words = Words { line, from: start, to: line.len(), last: (start, start) };
        words.optional();
        words
    }

    /// The command's name as it was written, without its slash.
    pub fn command(&self) -> &'a str {
        let line = self.line.trim_start();
        let name = line.split_whitespace().next().unwrap_or_default();
        name.strip_prefix('/').unwrap_or(name)
    }

    /// The next word, left where it is.
    pub fn peek(&self) -> Option<&'a str> {
        self.left().split_whitespace().next()
    }

    pub fn optional(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.take(word);
        Some(word)
    }

    /// The next word if it is this one, whatever its case.
    pub fn keyword(&mut self, keyword: &str) -> bool {
        match self.peek().filter(|word| word.eq_ignore_ascii_case(keyword)) {
            Some(word) => {
                self.take(word);
                true
            }
            None => false,
        }
    }

    /// The next word; `what` says what is missing: "a severity".
    pub fn word(&mut self, what: &str) -> Result<&'a str, Slip> {
        self.optional().ok_or_else(|| self.missing(what))
    }

    /// All that is left, as it was written. May be empty.
    pub fn rest(&mut self) -> &'a str {
        let rest = self.left().trim();
        if !rest.is_empty() {
            self.take(rest);
        }
        rest
    }

    /// What stands between two `"`.
    pub fn quoted(&mut self, what: &str) -> Result<&'a str, Slip> {
        let left = self.left().trim_start();
        let Some(inside) = left.strip_prefix('"') else {
            return Err(match self.optional() {
                Some(_) => self.slip(format!("{what} stands between two \": \"like this\"")),
                None => self.missing(what),
            });
        };
        let Some((inside, _)) = inside.split_once('"') else {
            self.rest();
            return Err(self.slip("a \" is opened and not closed"));
        };
        self.take(left.get(..inside.len() + 2).unwrap_or_default());
        Ok(inside.trim())
    }

    /// An error when something is left.
    pub fn end(&mut self) -> Result<(), Slip> {
        let rest = self.rest();
        match rest.split_whitespace().count() {
            0 => Ok(()),
            1 => Err(self.slip(format!("{} is one word too many", shown(rest)))),
            _ => Err(self.slip(format!("these words are too many: {}", shown(rest)))),
        }
    }

    /// Takes `quiet` off the end, where it is the last word: nothing is sent.
    pub fn take_quiet(&mut self) -> bool {
        let left = self.left().trim_end();
        let last = left.split_whitespace().next_back();
        let quiet = last.filter(|last| last.eq_ignore_ascii_case("quiet"));
        if let Some(quiet) = quiet {
            self.to = self.from + left.len() - quiet.len();
        }
        quiet.is_some()
    }

    /// Takes `using "…"` off the end: a sentence for the letter. Inner quotes are its own. An
    /// unquoted word behind `using` names a template and is left where it is.
    pub fn take_using(&mut self) -> Result<Option<&'a str>, Slip> {
        let left = self.left();
        let Some((start, open)) = using(left) else { return Ok(None) };
        let from = self.from + start;
        self.last = (from, self.from + left.trim_end().len());
        let inside = left.get(open + 1..).unwrap_or_default().trim_end();
        let Some(sentence) = inside.strip_suffix('"').map(str::trim) else {
            let what = match inside.contains('"') {
                true => "using \"…\" stands at the end of its line",
                false => "a \" is opened and not closed",
            };
            return Err(self.slip(what));
        };
        if sentence.is_empty() {
            return Err(self.slip("nothing stands between the two \""));
        }
        self.to = from;
        Ok(Some(sentence))
    }

    /// What is wrong with the word last taken.
    pub fn slip(&self, what: impl Into<String>) -> Slip {
        let before = self.line.get(..self.last.0).unwrap_or_default();
        let word = self.line.get(self.last.0..self.last.1).unwrap_or_default();
        let at = Some((columns(before), columns(word).max(1)));
        Slip { what: what.into(), at, meant: None }
    }

    /// What is wrong with the command's name: there is none such.
    pub fn no_such_command<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Slip {
        let mut name = Words::of(self.line);
        if self.command().is_empty() {
            name.last = (0, self.line.len());
            return name.slip("a command stands directly behind its /");
        }
        match nearest(self.command(), names) {
            Some(near) => name.slip(format!("no such command. Did you mean /{near} ?")),
            None => name.slip("no such command. /help lists all."),
        }
    }

    fn left(&self) -> &'a str {
        self.line.get(self.from..self.to).unwrap_or_default()
    }

    /// Moves behind a piece of what is left, which begins it but for blanks.
    fn take(&mut self, piece: &str) {
        let left = self.left();
        let start = self.from + left.len() - left.trim_start().len();
        self.last = (start.min(self.to), (start + piece.len()).min(self.to));
        self.from = self.last.1;
    }

    fn missing(&self, what: &str) -> Slip {
        let line = self.line.get(..self.to).unwrap_or_default().trim_end();
        let at = Some((columns(line) + 1, 1));
        Slip { what: format!("{what} is missing"), at, meant: None }
    }
}

/// The common things.
impl<'a> Words<'a> {
    /// One of all words of `T`, whatever its case; `what` says what is missing: "a severity".
    pub fn word_of<T>(&mut self, what: &str) -> Result<T, Slip>
    where
        T: Copy + Display + VariantArray,
    {
        self.one_of(what, T::VARIANTS)
    }

    /// One of these words of `T`.
    pub fn one_of<T: Copy + Display>(&mut self, what: &str, among: &[T]) -> Result<T, Slip> {
        let names: Vec<String> = among.iter().map(T::to_string).collect();
        let Some(word) = self.optional() else {
            let missing = self.missing(what);
            return Err(Slip {
                what: format!("{}: {}", missing.what, names.join(", ")),
                ..missing
            });
        };
        let at = names.iter().position(|name| name.eq_ignore_ascii_case(word));
        at.and_then(|at| among.get(at)).copied().ok_or_else(|| self.none_of(word, &names))
    }

    fn none_of(&self, word: &str, names: &[String]) -> Slip {
        let what = format!("{} is none of: {}.", shown(word), names.join(", "));
        match nearest(word, names.iter().map(String::as_str)) {
            Some(near) => Slip {
                meant: Some(near.to_owned()),
                ..self.slip(format!("{what} Did you mean {near} ?"))
            },
            None => self.slip(what),
        }
    }

    /// A mail address, also in the angle brackets that it is often copied with.
    pub fn address(&mut self) -> Result<Address, Slip> {
        let word = self.word("a mail address")?;
        let bare = word.strip_prefix('<').and_then(|word| word.strip_suffix('>')).unwrap_or(word);
        Address::parse(bare).ok_or_else(|| {
            self.slip(format!("{} is no mail address. Write fay@example.org.", shown(word)))
        })
    }

    /// A case number, also in the brackets of a Subject.
    pub fn case(&mut self) -> Result<CaseId, Slip> {
        let word = self.word("a case number")?;
        let bare = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')).unwrap_or(word);
        CaseId::parse(bare).ok_or_else(|| {
            self.slip(format!("{} is no case number. Write it as SIRT-2026-4827.", shown(word)))
        })
    }

    /// A number from 1, as of a mail or a file.
    pub fn number(&mut self, what: &str) -> Result<u32, Slip> {
        let word = self.word(what)?;
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        word.parse()
            .ok()
            .filter(|number| digits && *number > 0)
            .ok_or_else(|| self.slip(format!("{} is no number. Write one from 1: 2", shown(word))))
    }

    /// An instant, of one word or of day and hour in two.
    pub fn instant(&mut self, reading: &Reading) -> Result<Timestamp, Slip> {
        let day = self.word("a date")?;
        let start = self.last.0;
        if is_clock(self.peek()) && !day.contains([':', '+']) {
            self.optional();
        }
        let bare = no_zone(self.line.get(start..self.last.1).unwrap_or_default());
        let next = self.peek().filter(|_| bare).unwrap_or_default();
        if is_offset(next) || ["utc", "gmt", "z"].iter().any(|zone| same(next, zone)) {
            self.optional();
        } else if ZONES.iter().any(|zone| same(next, zone)) {
            self.optional();
            return Err(self.slip(format!(
                "{next} does not say which instant. Write it as 2026-12-11T14:00Z or \
                 2026-12-11T14:00+01:00."
            )));
        }
        self.last.0 = start;
        let read = self.line.get(start..self.last.1).unwrap_or_default();
        when::instant(read, reading).map_err(|wrong| self.slip(wrong.to_string()))
    }

    /// A whole day.
    pub fn day(&mut self, what: &str) -> Result<Date, Slip> {
        let word = self.word(what)?;
        when::day(word).map_err(|wrong| self.slip(wrong.to_string()))
    }

    /// Minutes of work.
    pub fn span(&mut self) -> Result<u32, Slip> {
        let word = self.word("a span such as 1h30")?;
        when::span(word).map_err(|wrong| self.slip(wrong.to_string()))
    }
}

impl Slip {
    /// Without a place, as of a mail as a whole.
    pub fn new(what: impl Into<String>) -> Slip {
        Slip { what: what.into(), at: None, meant: None }
    }

    /// What stands below the line in a transcript, where the line begins at column `margin`:
    /// carets under the word and the sentence beside them, or below it where there is no room.
    pub fn under(&self, margin: usize) -> String {
        let blanks = |count: usize| " ".repeat(count);
        let place = self.at.map(|(column, width)| (margin + column, width));
        let Some((column, width)) = place.filter(|(at, width)| at + width <= COLUMNS) else {
            return format!("{}{}", blanks(margin), fill(&self.what, margin));
        };
        let carets = format!("{}{}", blanks(column), "^".repeat(width));
        let beside = column + width + 1;
        if beside + columns(&self.what) <= COLUMNS {
            return format!("{carets} {}", self.what);
        }
        format!("{carets}\n{}{}", blanks(margin), fill(&self.what, margin))
    }
}

/// Where `using "` begins, and where its quote does.
fn using(left: &str) -> Option<(usize, usize)> {
    left.match_indices('"').find_map(|(open, _)| {
        let before = left.get(..open)?.trim_end();
        let start = before.len().checked_sub("using".len())?;
        let (head, keyword) = before.split_at_checked(start)?;
        let alone = head.is_empty() || head.ends_with(char::is_whitespace);
        (alone && keyword.eq_ignore_ascii_case("using")).then_some((start, open))
    })
}

/// `14:00`, and what is meant for a time of day: `9:30`, `14h`.
fn is_clock(word: Option<&str>) -> bool {
    let Some(word) = word else { return false };
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    matches!(digits, 1 | 2) && word.get(digits..).is_some_and(|rest| rest.starts_with([':', 'h']))
}

/// A day with an hour that is nobody's yet.
fn no_zone(read: &str) -> bool {
    let clock = read.rsplit(['T', 't', ' ']).next().unwrap_or_default();
    clock.contains(':') && clock.bytes().all(|b| b == b':' || b.is_ascii_digit())
}

/// `+01:00`, and what is meant for it.
fn is_offset(word: &str) -> bool {
    let digits = word.strip_prefix(['+', '-']);
    digits.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
}

fn same(word: &str, other: &str) -> bool {
    word.trim_end_matches(['.', ',']).eq_ignore_ascii_case(other)
}

/// A member's word as a sentence repeats it.
fn shown(word: &str) -> String {
    clean::cut(&clean::line(word), WORD_CHARS)
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
