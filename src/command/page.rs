//! Pages of facts that read well in 72 columns.
//!
//! What `/list`, `/show` and their like answer with. A page is read in any font, so no meaning
//! hangs on columns standing under each other: two blanks part them, no cell is empty, and a row
//! that does not fit stands as labelled lines. Nothing but a ready line looks like one, and no
//! line like a quote or the end of the letter.

use crate::letter::layout::{COLUMNS, columns, cut_word, fold};
use crate::mail::clean;

/// A page, from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub blocks: Vec<Block>,
}

/// One piece of a page. Between two stands a blank line; one without content is left out.
///
/// Words are cleaned by whoever makes the page of strangers' words; here they only lose what
/// could end a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Heading(String),
    /// One paragraph.
    Text(String),
    /// Labels of ours, and what there is to say. A label may be a command: it is shown as typed.
    Facts(Vec<(String, String)>),
    Table {
        head: Vec<&'static str>,
        rows: Vec<Vec<String>>,
    },
    /// Word for word, every line behind a bar; of at most 70 columns where it is ours.
    Exact(String),
    /// Ready lines to send back, of one mail. Their words are never cut, however long.
    Lines(Vec<String>),
}

const MARGIN: usize = 2;
const GAP: usize = 2;
/// Columns of the widest label beside its value, and of the narrowest value beside a label.
const LABEL: usize = 20;
const NARROW: usize = 10;
/// Columns that the last of a row needs to be folded in its place.
const LAST: usize = 24;
/// What stands in an empty cell, and before a word that must not begin a line.
const NOTHING: &str = "-";

impl Page {
    /// Lines of at most 72 columns, without blanks at their ends; empty when there is nothing.
    pub fn render(&self) -> String {
        let blocks: Vec<String> = self
            .blocks
            .iter()
            .map(Block::lines)
            .filter(|lines| !lines.is_empty())
            .map(|lines| lines.iter().map(|line| format!("{}\n", line.trim_end())).collect())
            .collect();
        blocks.join("\n")
    }
}

impl Block {
    fn lines(&self) -> Vec<String> {
        match self {
            Block::Heading(words) | Block::Text(words) => {
                fold(units(words, COLUMNS, false), COLUMNS)
            }
            Block::Facts(facts) => stanza(facts, MARGIN),
            Block::Table { head, rows } => table(head, rows),
            Block::Exact(text) => {
                text.lines().map(|line| format!("| {}", clean::line(line))).collect()
            }
            Block::Lines(lines) => lines.iter().flat_map(|line| ready(line)).collect(),
        }
    }
}

/// A ready line. What follows on further lines continues it when it is sent back: see the sheet.
fn ready(line: &str) -> Vec<String> {
    let line = clean::line(line);
    let mut words: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        match words.last_mut().filter(|_| risky(word)) {
            Some(last) => *last = format!("{last} {word}"),
            None => words.push(word.to_owned()),
        }
    }
    indented(fold(words, COLUMNS - MARGIN), MARGIN)
}

/// Labelled values, one below the other, at a margin.
fn stanza(facts: &[(String, String)], margin: usize) -> Vec<String> {
    let widest = facts.iter().map(|(label, _)| columns(&clean::line(label)));
    let widest = widest.filter(|width| *width <= LABEL).max().unwrap_or_default();
    let place = margin + widest.max(NARROW) + GAP;
    facts.iter().flat_map(|(label, value)| fact(label, value, (margin, place))).collect()
}

/// One label at the margin and its value at its place, or below the label where that is longer.
fn fact(label: &str, value: &str, (margin, place): (usize, usize)) -> Vec<String> {
    let mut lines = indented(fold(label_units(label, COLUMNS - margin), COLUMNS - margin), margin);
    let room = COLUMNS - place;
    let beside = lines.len() == 1 && lines.iter().all(|line| columns(line) + GAP <= place);
    let mut values = indented(fold(units(value, room, beside), room), place);
    if let (true, Some(label), false) = (beside, lines.first_mut(), values.is_empty()) {
        let first = values.remove(0);
        let first = first.get(place..).unwrap_or_default();
        *label = format!("{}{first}", padded(label, place));
    }
    lines.append(&mut values);
    lines
}

/// A label is ours: it may begin with the slash of a command.
fn label_units(label: &str, room: usize) -> Vec<String> {
    let command = label.trim_start().starts_with('/');
    units(label, room, command)
}

fn table(head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or_default();
    let head = cells(head, count);
    let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row, count)).collect();
    let Some((last, others)) = widths(&head, &rows).split_last().map(|(l, o)| (*l, o.to_vec()))
    else {
        return Vec::new();
    };
    let place = MARGIN + others.iter().map(|width| width + GAP).sum::<usize>();
    let begins = rows.iter().any(|row| row.first().is_some_and(|cell| risky(cell)));
    if rows.is_empty() {
        Vec::new()
    } else if !begins && place + last.min(LAST) <= COLUMNS {
        [&head].into_iter().chain(&rows).flat_map(|row| aligned(row, &others, place)).collect()
    } else {
        rows.iter().map(|row| labelled(&head, row)).collect::<Vec<_>>().join(&String::new())
    }
}

/// Cleaned, none of them empty, as many as there are columns.
fn cells(row: &[impl AsRef<str>], count: usize) -> Vec<String> {
    let cell = |at: usize| {
        let words = row.get(at).map(|cell| clean::line(cell.as_ref())).unwrap_or_default();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() { NOTHING.to_owned() } else { words }
    };
    (0..count).map(cell).collect()
}

fn widths(head: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let widest = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).chain(head.get(at));
        cells.map(|cell| columns(cell)).max().unwrap_or_default()
    };
    (0..head.len()).map(widest).collect()
}

/// A row in columns; the last is folded in its place.
fn aligned(row: &[String], others: &[usize], place: usize) -> Vec<String> {
    let mut first = " ".repeat(MARGIN);
    for (cell, width) in row.iter().zip(others) {
        first.push_str(&padded(cell, width + GAP));
    }
    let room = COLUMNS - place;
    let last = row.last().map(|cell| fold(units(cell, room, true), room)).unwrap_or_default();
    let mut lines = indented(last, place);
    if let Some(line) = lines.first_mut() {
        *line = format!("{first}{}", line.get(place..).unwrap_or_default());
    }
    lines
}

/// A row as lines of its own: the first cell, and below it the others with their labels.
fn labelled(head: &[String], row: &[String]) -> Vec<String> {
    let room = COLUMNS - MARGIN;
    let title = row.first().map(|cell| units(cell, room, false)).unwrap_or_default();
    let facts: Vec<(String, String)> =
        head.iter().cloned().zip(row.iter().cloned()).skip(1).collect();
    let mut lines = indented(fold(title, room), MARGIN);
    lines.extend(stanza(&facts, 2 * MARGIN));
    lines
}

/// What is folded as one: a word with those behind it that must not begin a line. A word too
/// wide is cut. `led`: something of ours stands before the first on its line.
fn units(words: &str, room: usize, led: bool) -> Vec<String> {
    let words = clean::line(words);
    let mut units: Vec<String> = Vec::new();
    // Two columns less: there may be a mark before it.
    let cut = words.split_whitespace().flat_map(|word| cut_word(word, room - NOTHING.len() - 1));
    for word in cut {
        let (risk, first) = (risky(&word), units.is_empty());
        let before = units.last_mut().filter(|_| risk);
        match before.filter(|before| columns(before) + 1 + columns(&word) <= room) {
            Some(before) => *before = format!("{before} {word}"),
            None if risk && !(led && first) => units.push(format!("{NOTHING} {word}")),
            None => units.push(word),
        }
    }
    units
}

/// At the beginning of a line it would be a command, a comment, a quote, strangers' words or the
/// end of the letter (RFC 3676 sections 4.3 and 4.5).
fn risky(words: &str) -> bool {
    words.starts_with(['/', '#', '>', '|']) || words == "--" || words.starts_with("-- ")
}

fn indented(lines: Vec<String>, margin: usize) -> Vec<String> {
    lines.into_iter().map(|line| format!("{}{line}", " ".repeat(margin))).collect()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
