//! Words and bytes in 7-bit form: quoted-printable, base64, encoded words, folded fields.

use super::{Mailbox, clean};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

/// RFC 2045 section 6.7 and RFC 5322 section 2.1.1 bound a line; both fit in this.
const COLUMNS: usize = 76;
/// Octets of text in one encoded word; with a field name in front it fits into a line of 76
/// (RFC 2047 section 2).
const WORD_BYTES: usize = 39;
/// Characters of one piece of an encoded parameter (RFC 2231 section 3).
const PARAMETER_CHARS: usize = 54;

/// A text that no relay needs to touch, as it stands: US-ASCII, short lines, no blank at an
/// end, nothing that a mailbox file or an SMTP dialogue gives a meaning of its own.
pub(super) fn is_inert(text: &str) -> bool {
    is_inert_within(text, COLUMNS)
}

pub(super) fn is_inert_within(text: &str, columns: usize) -> bool {
    text.lines().all(|line| {
        let plain = line.bytes().all(|b| matches!(b, b' '..=b'~'));
        plain
            && line.len() <= columns
            && !line.ends_with(' ')
            && !line.starts_with("From ")
            && !line.starts_with('.')
    })
}

/// Lines ended by CRLF, the last one too. A CR inside a line is no character of a letter.
pub(super) fn crlf(text: &str) -> String {
    text.lines().map(|line| format!("{}\r\n", line.replace('\r', ""))).collect()
}

/// RFC 2045 section 6.7, with everything escaped that relays are known to change.
pub(super) fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        quote_line(&mut out, line.replace('\r', "").as_bytes());
        out.push_str("\r\n");
    }
    out
}

fn quote_line(out: &mut String, line: &[u8]) {
    let mut column = 0;
    for (index, byte) in line.iter().enumerate() {
        let rest = line.get(index..).unwrap_or_default();
        let last = rest.len() == 1;
        let plain =
            matches!(byte, b'!'..=b'<' | b'>'..=b'~') || matches!(byte, b' ' | b'\t') && !last;
        let width = if plain { 1 } else { 3 };
        if column + width >= COLUMNS {
            out.push_str("=\r\n");
            column = 0;
        }
        let first = column == 0 && (*byte == b'.' || rest.starts_with(b"From "));
        if plain && !first {
            out.push(char::from(*byte));
            column += 1;
        } else {
            out.push_str(&format!("={byte:02X}"));
            column += 3;
        }
    }
}

/// Base64 in lines of 76 (RFC 2045 section 6.8).
pub(super) fn base64_lines(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + bytes.len() / 25 + 4);
    for line in bytes.chunks(57) {
        STANDARD.encode_string(line, &mut out);
        out.push_str("\r\n");
    }
    out
}

/// RFC 5322 section 3.3, in UTC.
pub(super) fn date(at: Timestamp) -> Vec<String> {
    let date = at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    date.split(' ').map(str::to_owned).collect()
}

/// A field, folded before the words that would cross the margin. `words` hold no blank.
pub(super) fn field(name: &str, words: &[String]) -> String {
    let mut out = format!("{name}:");
    let mut column = out.len();
    for (index, word) in words.iter().enumerate() {
        if index > 0 && column + 1 + word.len() > COLUMNS {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
    out.push_str("\r\n");
    out
}

/// Unstructured text: as it stands where that is safe, else as encoded words (RFC 2047).
pub(super) fn unstructured(text: &str) -> Vec<String> {
    let text = clean::line(text);
    let safe = text.is_ascii() && !text.contains("=?") && !text.contains("  ");
    if safe && text.split(' ').all(|word| word.len() < COLUMNS - 16) {
        return text.split(' ').map(str::to_owned).collect();
    }
    encoded_words(&text)
}

fn encoded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (head, tail) = rest.split_at(rest.floor_char_boundary(WORD_BYTES));
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(head)));
        rest = tail;
    }
    words
}

/// `Fay <fay@example.org>`. The name is an atom, a quoted string, or encoded words.
pub(super) fn mailbox(mailbox: &Mailbox) -> Vec<String> {
    let name = clean::line(&mailbox.name);
    let atoms = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~ ".contains(c);
    let encoded = !name.is_ascii() || name.contains("=?") || name.contains("  ");
    let mut words = match name.as_str() {
        "" => Vec::new(),
        name if encoded || name.len() > COLUMNS - 16 => encoded_words(name),
        name if name.chars().all(atoms) => name.split(' ').map(str::to_owned).collect(),
        name => vec![format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))],
    };
    words.push(format!("<{}>", mailbox.address));
    words
}

/// A parameter for a file name (RFC 2183, RFC 2231), each piece one word.
pub(super) fn parameter(name: &str, value: &str) -> Vec<String> {
    if value.is_ascii() && value.len() <= PARAMETER_CHARS {
        return vec![format!("{name}=\"{}\"", value.replace(['"', '\\'], "_"))];
    }
    let mut pieces = vec!["utf-8''".to_owned()];
    for c in value.chars() {
        let coded = percent(c);
        match pieces.last_mut() {
            Some(piece) if piece.len() + coded.len() <= PARAMETER_CHARS => piece.push_str(&coded),
            _ => pieces.push(coded),
        }
    }
    let last = pieces.len() - 1;
    let end = |index: usize| if index < last { ";" } else { "" };
    pieces.iter().enumerate().map(|(i, p)| format!("{name}*{i}*={p}{}", end(i))).collect()
}

fn percent(c: char) -> String {
    if c.is_ascii_alphanumeric() || "-._".contains(c) {
        return c.to_string();
    }
    let mut octets = [0; 4];
    c.encode_utf8(&mut octets).bytes().map(|octet| format!("%{octet:02X}")).collect()
}
