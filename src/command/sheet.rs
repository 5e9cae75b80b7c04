//! What was ordered: the lines at the top of a signed text, and the words below them.
//!
//! Pure text, by form alone. Quoted words are never commands and never part of the text; a
//! command that stands where it would not be carried out refuses the whole mail.

use crate::case::{CaseId, case_line};
use crate::limits::{COMMAND_CHARS, COMMANDS_A_MAIL};
use crate::mail::quote::{
    attribution, begins_pasted_mail, is_quoted, is_signature, links_once, unquoted,
};

/// A signed text, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The commands in order, wrapped lines joined, comments left out.
    pub lines: Vec<Line>,
    /// The member's own words below the commands, as written; cut where another's begin.
    pub text: String,
    /// Case lines of our form in the whole mail, in order: own, or quoted at depth one.
    pub case_lines: Vec<CaseLine>,
    pub unused: Unused,
}

/// One command line, from its `/`; a phone's blanks, quotes and dashes are ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From 1, as the answer to the mail counts them.
    pub number: usize,
    pub text: String,
    /// The first octet of `text` that stood on a further line. A fault behind it may come of a
    /// blank line that is missing above the text.
    pub wrapped_at: Option<usize>,
}

/// A case line by its form. Whether the code is one of ours, the desk asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLine {
    pub case: CaseId,
    pub code: String,
    pub quoted: bool,
}

/// What of a mail was neither a command nor text, in lines that are not blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unused {
    /// Of the quote above the commands.
    pub above: usize,
    pub signature: usize,
    /// From the quote or the pasted mail on.
    pub below: usize,
    pub below_is: Option<Below>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below {
    Quote,
    /// An unquoted case line of ours: an earlier letter.
    Letter,
    /// A pasted header block.
    PastedMail,
}

/// Why a mail cannot be read as orders, as a sentence for the member. Lines count from 1 in the
/// text of the mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error(
        "/{name} stands on line {line} of your mail, below other words or a blank line. Commands \
         stand at the top, one on a line, with no blank line between them. Where it is meant as a \
         word only, write it without the slash in front."
    )]
    Lower { name: String, line: usize },
    #[error(
        "Line {line} of your mail follows a quote without a blank line between them, so it may \
         be part of that quote. Leave a blank line above your commands."
    )]
    TouchesQuote { line: usize },
    #[error("There are more than {COMMANDS_A_MAIL} commands in your mail. Send them in parts.")]
    TooMany,
    #[error(
        "Command {number} is longer than {COMMAND_CHARS} characters. Is a blank line missing \
         between the commands and your text?"
    )]
    TooLong { number: usize },
}

/// Reads a text whose transfer encoding and flowed lines are undone. `is_command` knows the names
/// of commands in lower case, without the slash.
pub fn read(text: &str, is_command: &dyn Fn(&str) -> bool) -> Result<Sheet, Unreadable> {
    let lines: Vec<&str> = text.lines().collect();
    let (above, own) = lines.split_at(top(&lines));
    let (orders, taken) = orders(own)?;
    let (words, rest) = split_words(own.get(taken..).unwrap_or_default());
    if !orders.is_empty() && above.last().is_some_and(|line| is_quoted(line)) {
        return Err(Unreadable::TouchesQuote { line: above.len() + 1 });
    }
    let begin = above.len() + taken;
    if let Some((line, name)) = lower(words, rest, is_command) {
        return Err(Unreadable::Lower { name, line: begin + line });
    }
    let (text, case_lines) = (words_of(words), case_lines(&lines));
    Ok(Sheet { lines: orders, text, case_lines, unused: Unused::of(above, rest) })
}

/// How many lines stand above the first that is the member's: quotes with their attributions, and
/// the head of our letter where it was kept.
fn top(lines: &[&str]) -> usize {
    let mut at = 0;
    let mut kept = false;
    while let Some([line, below @ ..]) = lines.get(at..) {
        let rest = lines.get(at..).unwrap_or_default();
        at += match attribution(rest, is_quoted) {
            Some(said) => said,
            None if is_blank(line) || is_quoted(line) => 1,
            None => match head(line, below).filter(|_| !kept) {
                Some(head) => {
                    kept = true;
                    head
                }
                None => return at,
            },
        };
    }
    at
}

/// Lines of a kept head: the case line alone on its line, or wrapped over two by a phone, and the
/// second line of letters to members.
fn head(line: &str, below: &[&str]) -> Option<usize> {
    case_line(line)?;
    let closes = |line: &str| line.split_once(']').is_some_and(|(_, behind)| is_blank(behind));
    let lines = match below.first() {
        _ if closes(line) => 1,
        Some(next) if !line.contains(']') && closes(next) && !is_order(next) => 2,
        _ => return None,
    };
    let internal = below.get(lines - 1).is_some_and(|l| l.trim_start().starts_with("INTERNAL."));
    Some(lines + usize::from(internal))
}

/// Command lines from the first, and how many lines of the mail they take.
fn orders(own: &[&str]) -> Result<(Vec<Line>, usize), Unreadable> {
    let mut orders: Vec<Line> = Vec::new();
    let (mut taken, mut comment) = (0, false);
    if !own.iter().find(|line| !is_comment(line)).is_some_and(|line| is_order(line)) {
        return Ok((orders, 0));
    }
    while let Some(rest @ [line, ..]) = own.get(taken..) {
        let words = as_typed(line);
        if words.is_empty() || ends(rest).is_some() {
            break;
        }
        comment = words.starts_with('#') || comment && !words.starts_with('/');
        match orders.last_mut() {
            _ if comment => {}
            Some(above) if !words.starts_with('/') => above.continued(&words),
            _ => orders.push(Line { number: orders.len() + 1, text: words, wrapped_at: None }),
        }
        taken += 1;
    }
    match orders.iter().find(|line| line.text.chars().nth(COMMAND_CHARS).is_some()) {
        _ if orders.len() > COMMANDS_A_MAIL => Err(Unreadable::TooMany),
        Some(line) => Err(Unreadable::TooLong { number: line.number }),
        None => Ok((orders, taken)),
    }
}

impl Line {
    fn continued(&mut self, words: &str) {
        // A phone may break the line behind its slash.
        if self.text != "/" {
            self.text.push(' ');
        }
        self.wrapped_at.get_or_insert(self.text.len());
        self.text.push_str(words);
    }
}

fn is_order(line: &str) -> bool {
    as_typed(line).starts_with('/')
}

fn is_comment(line: &str) -> bool {
    as_typed(line).starts_with('#')
}

fn is_blank(line: &str) -> bool {
    as_typed(line).is_empty()
}

/// A command as it was meant: what phones put for blanks, quotes and dashes is ASCII, what has no
/// width is gone, `/ take` is `/take`, and no link stands behind its own words.
fn as_typed(line: &str) -> String {
    let ascii: String = line.chars().filter_map(ascii).collect();
    // Joiners belong to words of living scripts: only at the ends they are a keyboard's.
    let words = links_once(ascii.trim_matches([' ', '\u{200c}', '\u{200d}']));
    match words.strip_prefix('/') {
        Some(rest) => format!("/{}", rest.trim_start()),
        None => words,
    }
}

fn ascii(c: char) -> Option<char> {
    match c {
        '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => None,
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => Some('"'),
        '\u{2018}'..='\u{201b}' | '\u{2039}' | '\u{203a}' | '\u{2032}' => Some('\''),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// Where the member's words end.
enum End {
    Signature,
    Below(Below),
}

fn ends(rest: &[&str]) -> Option<End> {
    let line = rest.first()?;
    let introduces = |line: &str| is_quoted(line) || case_line(line).is_some();
    if is_signature(line) {
        return Some(End::Signature);
    }
    if is_quoted(line) || attribution(rest, introduces).is_some() {
        return Some(End::Below(Below::Quote));
    }
    if case_line(line).is_some() {
        return Some(End::Below(Below::Letter));
    }
    begins_pasted_mail(rest).then_some(End::Below(Below::PastedMail))
}

fn split_words<'a, 'b>(lines: &'a [&'b str]) -> (&'a [&'b str], &'a [&'b str]) {
    let ended = |at: &usize| lines.get(*at..).and_then(ends).is_some();
    lines.split_at((0..lines.len()).find(ended).unwrap_or(lines.len()))
}

/// A known command below the first blank line, or below other words: its line and its name.
///
/// Behind a quote it still counts, because it was meant; not on the line that touches the quote,
/// which may be its wrapped end, nor in a letter or mail that was pasted whole.
fn lower(
    words: &[&str],
    rest: &[&str],
    is_command: &dyn Fn(&str) -> bool,
) -> Option<(usize, String)> {
    let pasted = |at: &usize| rest.get(*at..).is_some_and(is_pasted);
    let whole = (0..rest.len()).find(pasted).unwrap_or(rest.len());
    let behind = rest.iter().take(whole);
    let mut quoted = false;
    for (at, line) in words.iter().chain(behind).enumerate() {
        let touches = std::mem::replace(&mut quoted, is_quoted(line));
        if let Some(name) = named(line, is_command).filter(|_| !touches && !quoted) {
            return Some((at + 1, name));
        }
    }
    None
}

fn is_pasted(rest: &[&str]) -> bool {
    matches!(ends(rest), Some(End::Below(Below::Letter | Below::PastedMail)))
}

/// The command that a line begins with. `/etc/passwd` and `/file.txt` are none.
fn named(line: &str, is_command: &dyn Fn(&str) -> bool) -> Option<String> {
    let words = as_typed(line);
    let words = as_typed(words.trim_start_matches(['"', '\'', ' ']));
    let first = words.strip_prefix('/')?.split(' ').next()?;
    let name = first.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
    let name = name.to_lowercase();
    is_command(&name).then_some(name)
}

/// As written, without blanks at either end.
fn words_of(lines: &[&str]) -> String {
    let begin = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let words = lines.get(begin..).unwrap_or_default().join("\n");
    words.trim_end().to_owned()
}

fn case_lines(lines: &[&str]) -> Vec<CaseLine> {
    let one = |line: &&str| {
        let (depth, bare) = unquoted(line);
        let (case, code) = case_line(bare).filter(|_| depth <= 1)?;
        Some(CaseLine { case, code: code.to_owned(), quoted: depth == 1 })
    };
    lines.iter().filter_map(one).collect()
}

impl Unused {
    fn of(above: &[&str], rest: &[&str]) -> Unused {
        let above = above.iter().filter(|line| is_quoted(line)).count();
        let mut unused = Unused { above, ..Unused::default() };
        let mut signed = false;
        for (at, line) in rest.iter().enumerate() {
            match rest.get(at..).and_then(ends) {
                // Ours, in a letter of ours that was pasted whole.
                Some(End::Signature) if unused.is_pasted() => {}
                Some(End::Signature) => signed = true,
                Some(End::Below(what)) => {
                    signed = false;
                    unused.below_is.get_or_insert(what);
                }
                None => {}
            }
            let count = if signed { &mut unused.signature } else { &mut unused.below };
            *count += usize::from(!is_blank(line));
        }
        unused
    }

    fn is_pasted(&self) -> bool {
        matches!(self.below_is, Some(Below::Letter | Below::PastedMail))
    }

    /// "the 61 lines from the quote on, and your signature"; none where all was used.
    pub fn told(&self) -> Option<String> {
        let lines = |count: usize| if count == 1 { "line" } else { "lines" };
        let mut parts = Vec::new();
        if self.above > 0 {
            parts.push(format!("{} quoted {} at the top", self.above, lines(self.above)));
        }
        if let Some(what) = self.below_is {
            parts.push(format!("the {} {} from {what} on", self.below, lines(self.below)));
        }
        if self.signature > 0 {
            parts.push("your signature".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join(", and "))
    }
}

impl std::fmt::Display for Below {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Below::Quote => "the quote",
            Below::Letter => "our earlier letter",
            Below::PastedMail => "the pasted mail",
        })
    }
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
