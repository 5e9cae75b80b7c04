//! Lines of a letter: 72 columns, hanging indents, strangers' words behind a bar.

use crate::case::{CaseId, codes_in};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a letter. Only what must not be broken, such as a URL, may be longer.
pub const COLUMNS: usize = 72;
/// Columns of what stands behind a bar.
pub const BARRED: usize = COLUMNS - 2;
const TAB: usize = 8;
/// Asks for a picture of two columns instead of a character of one.
const WIDE_FORM: char = '\u{fe0f}';

pub fn columns(text: &str) -> usize {
    text.width()
}

/// Fills paragraphs. The first line is taken to begin at column `indent`, the others are moved
/// there; blank lines stay between paragraphs, and a line end at the end stays one.
pub fn fill(text: &str, indent: usize) -> String {
    let paragraphs: Vec<String> =
        text.trim().split("\n\n").map(|paragraph| fill_one(paragraph, indent)).collect();
    let margin = " ".repeat(indent);
    let mut filled = paragraphs.join(&format!("\n\n{margin}"));
    if text.ends_with('\n') {
        filled.push('\n');
    }
    filled
}

fn fill_one(paragraph: &str, indent: usize) -> String {
    fill_within(paragraph, indent, COLUMNS)
}

/// One paragraph in lines of `width` columns. The first begins at column `indent`, the others are
/// moved there; what has no blank stays whole.
pub fn fill_within(paragraph: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(indent);
    fold(paragraph.split_whitespace(), room).join(&format!("\n{}", " ".repeat(indent)))
}

/// Words in lines of at most `room` columns; one that is wider has a line of its own.
pub fn fold(words: impl IntoIterator<Item = impl AsRef<str>>, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut at = 0;
    for word in words {
        let (word, width) = (word.as_ref(), columns(word.as_ref()));
        // A piece of a longer word ends its line.
        let fits = |line: &&mut String| at + 1 + width <= room && !line.ends_with('\\');
        match lines.last_mut().filter(fits) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
                at += 1 + width;
            }
            None => {
                lines.push(word.to_owned());
                at = width;
            }
        }
    }
    lines
}

/// A word cut into pieces of at most `room` columns; a backslash says that it goes on.
pub fn cut_word(word: &str, room: usize) -> Vec<String> {
    let mut cut = Vec::new();
    let mut rest = word;
    while columns(rest) > room {
        let (piece, after) = rest.split_at(fitting(rest, room.saturating_sub(1)));
        cut.push(format!("{piece}\\"));
        rest = after;
    }
    if !rest.is_empty() {
        cut.push(rest.to_owned());
    }
    cut
}

/// What a template gave, as it leaves: no line too long, no blank at a line's end but the one
/// of `-- `, never two blank lines together.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        match line {
            "" if blank => continue,
            // RFC 3676 section 4.3. The blank is added here because editors remove it.
            "--" => out.push_str("-- "),
            line if columns(line) > COLUMNS && !line.starts_with('|') => out.push_str(&fit(line)),
            line => out.push_str(line),
        }
        out.push('\n');
        blank = line.is_empty();
    }
    out.truncate(out.trim_end_matches('\n').len());
    out.push('\n');
    out
}

/// One long line in several: what follows stands under the value of a `Label   value` line, or
/// under the text of a `- ` item.
fn fit(line: &str) -> String {
    let margin = line.len() - line.trim_start().len();
    let (lead, rest) = line.split_at(margin);
    let gap = rest.find("  ").filter(|gap| *gap < COLUMNS / 3);
    let hang = match gap {
        Some(gap) => gap + rest.get(gap..).map_or(0, |r| r.len() - r.trim_start().len()),
        None if rest.starts_with("- ") => 2,
        None => 0,
    };
    let (label, value) = rest.split_at(hang);
    format!("{lead}{label}{}", fill_one(value, columns(lead) + columns(label)))
}

/// Two short labelled values side by side, or one below the other where they are longer.
pub fn side_by_side(left: (&str, &str), right: (&str, &str)) -> String {
    let (first, second) = (left.1, right.1);
    let fits = columns(first) < 16 && columns(second) + 40 <= COLUMNS;
    if fits {
        let pad = " ".repeat(16_usize.saturating_sub(columns(first)));
        return format!("  {:<12}{first}{pad}{:<10}{second}", left.0, right.0);
    }
    let row = |(label, value): (&str, &str)| format!("  {label:<12}{}", fill_one(value, 14));
    format!("{}\n{}", row(left), row(right))
}

/// Every line behind a bar. Prose is broken at blanks; where a line could be code, and where a
/// word is cut apart, a backslash at the end says that the line goes on.
pub fn behind_bars(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + words.len() / 16);
    for line in words.trim_end().split('\n') {
        let line = untabbed(line.trim_end());
        if line.is_empty() {
            out.push_str("|\n");
        }
        for (piece, mark) in pieces(&line, line.starts_with(char::is_alphanumeric)) {
            out.extend(["| ", piece, mark, "\n"]);
        }
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// A letter of ours inside another: each of its lines behind a bar, none broken anew, so that it
/// is seen as it leaves. It is two columns wider than other letters.
pub fn enclosed(body: &str) -> String {
    let lines = body.trim_end().lines().map(|line| match line.trim_end() {
        "" => "|".to_owned(),
        line => format!("| {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A line in pieces that fit behind a bar, each with the mark that ends it.
pub fn pieces(line: &str, prose: bool) -> impl Iterator<Item = (&str, &'static str)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let (piece, after, mark) = (!rest.is_empty()).then(|| broken(rest, prose))?;
        rest = after;
        Some((piece, mark))
    })
}

/// As much of a line as stands behind a bar, the rest, and the mark between them.
fn broken(line: &str, prose: bool) -> (&str, &str, &'static str) {
    let room = BARRED;
    if fitting(line, room) == line.len() {
        return (line, "", "");
    }
    let end = fitting(line, room - 2);
    let head = line.get(..end).unwrap_or_default();
    match head.rfind(' ').filter(|blank| head.get(..*blank).is_some_and(|h| !h.trim().is_empty())) {
        Some(blank) => {
            let (piece, after) = line.split_at(blank);
            (piece.trim_end(), after.trim_start(), if prose { "" } else { " \\" })
        }
        None => {
            let (piece, after) = line.split_at(end);
            (piece, after, "\\")
        }
    }
}

/// Octets of the longest prefix that fits, and of one character at the least.
fn fitting(line: &str, room: usize) -> usize {
    let mut at = 0;
    for (offset, c) in line.char_indices() {
        // A variation selector has no width of its own and makes its character wider.
        at += if c == WIDE_FORM { 1 } else { c.width().unwrap_or_default() };
        if at > room && offset > 0 {
            return offset;
        }
    }
    line.len()
}

pub fn untabbed(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    for c in line.chars() {
        let width = if c == '\t' { TAB - at % TAB } else { c.width().unwrap_or_default() };
        match c {
            '\t' => out.push_str(&" ".repeat(width)),
            c => out.push(c),
        }
        at += width;
    }
    out
}

/// Takes the bracket from whatever imitates a case line of ours, so that neither a person nor a
/// program reads it as one.
pub fn without_case_lines(text: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at);
        let imitates = imitates_case_line(from, prefix);
        out.push_str(before);
        out.push(if imitates { '(' } else { '[' });
        rest = from.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// `[` and a case number of ours, or any case number with a code behind it.
fn imitates_case_line(from: &str, prefix: &str) -> bool {
    let inside = from.get(1..).unwrap_or_default().trim_start();
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let (number, after) = inside.split_at(end.unwrap_or(inside.len()));
    if CaseId::parse(number).is_some_and(|id| id.prefix() == prefix) {
        return true;
    }
    // As many characters as tell a code from a longer word: a mail full of brackets stays cheap.
    let word = after.trim_start().chars().take_while(|c| !c.is_whitespace()).take(9);
    let word: String = word.collect();
    after.starts_with(char::is_whitespace)
        && codes_in(&format!("[{number} {word}")).next().is_some()
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
