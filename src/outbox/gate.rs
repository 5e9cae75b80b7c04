//! The last look at a letter's bytes before they leave.
//!
//! Whatever is wrong here is a fault of ours, so nothing is repaired: the bytes are signed, and a
//! gate that mends one fault hides the next. What passes can be sent by any SMTP client and
//! written to any maildir without a reader seeing another mail than the one that was sealed.

use crate::limits::LETTER_LINE;
use crate::outbox::Sealed;

/// Fields that may stand at most once (RFC 5322 section 3.6, RFC 2045).
const ONCE: [&str; 12] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "message-id",
    "in-reply-to",
    "references",
    "subject",
    "date",
    "mime-version",
    "content-type",
];

/// Fields that every letter has (RFC 5322 section 3.6; the Message-ID is how repeats are known).
const NEEDED: [&str; 3] = ["from", "date", "message-id"];

/// Fields that never leave us: hidden readers, and what only a receiving server may write.
const NEVER: [&str; 4] = ["bcc", "resent-bcc", "return-path", "delivered-to"];

/// Looks at envelope, header and lines. The error says what is wrong, and shows nothing.
pub fn look(letter: &Sealed) -> Result<(), String> {
    envelope(letter)?;
    octets(&letter.bytes)?;
    let fields = header(&letter.bytes)?;
    names(&fields)?;
    own_message_id(letter, &fields)
}

fn fault(what: &str) -> Result<(), String> {
    Err(format!("our own fault: the letter {what}"))
}

/// Without SMTPUTF8 (RFC 6531) an address is ASCII; we never ask for it.
fn envelope(letter: &Sealed) -> Result<(), String> {
    let from = letter.envelope.from.as_ref().map_or("", |from| from.as_str());
    if !from.is_ascii() || !letter.envelope.to.as_str().is_ascii() {
        return Err("the address is not ASCII, and the relay is not asked for SMTPUTF8".into());
    }
    Ok(())
}

/// RFC 5321 section 2.3.8: CR and LF only together; RFC 5322 section 2.1.1: 998 octets a line.
fn octets(bytes: &[u8]) -> Result<(), String> {
    if !bytes.ends_with(b"\r\n") {
        return fault("does not end with a line end");
    }
    let mut line = 0;
    let mut before = 0;
    for &octet in bytes {
        match (before, octet) {
            (b'\r', b'\n') => line = 0,
            (b'\r', _) | (_, b'\n') => return fault("has a bare CR or LF"),
            (_, b'\r') => {}
            (_, 0) => return fault("contains NUL"),
            (_, 0x80..) => return fault("is not 7-bit"),
            _ => line += 1,
        }
        if line > LETTER_LINE {
            return fault("has a line of more than 998 octets");
        }
        before = octet;
    }
    Ok(())
}

/// One field: its name in lower case, its value unfolded.
struct Field {
    name: String,
    value: String,
}

/// The fields of the header block. There is one block: it begins with the first octet, every
/// line of it is a field or the continuation of one, and an empty line ends it.
fn header(bytes: &[u8]) -> Result<Vec<Field>, String> {
    let mut fields: Vec<Field> = Vec::new();
    for line in bytes.split_inclusive(|&octet| octet == b'\n') {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() && !fields.is_empty() {
            return Ok(fields);
        }
        if text.trim().is_empty() {
            return Err("our own fault: the letter has an empty header line".into());
        }
        match fields.last_mut() {
            Some(field) if text.starts_with([' ', '\t']) => field.value.push_str(text),
            _ => fields.push(field(text).ok_or("our own fault: a header line is no field")?),
        }
    }
    Err("our own fault: the letter's header does not end".into())
}

/// RFC 5322 section 3.6.8: a field name is printable ASCII without colon, and no space before it.
fn field(line: &str) -> Option<Field> {
    let (name, value) = line.split_once(':')?;
    let printable = !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic());
    printable.then(|| Field { name: name.to_ascii_lowercase(), value: value.to_owned() })
}

fn names(fields: &[Field]) -> Result<(), String> {
    let count = |name: &str| fields.iter().filter(|field| field.name == name).count();
    if let Some(name) = NEVER.iter().find(|name| count(name) > 0) {
        return fault(&format!("has a field {name}"));
    }
    if let Some(name) = NEEDED.iter().find(|name| count(name) == 0) {
        return fault(&format!("has no field {name}"));
    }
    match ONCE.iter().find(|name| count(name) > 1) {
        Some(name) => fault(&format!("has more than one field {name}")),
        None => Ok(()),
    }
}

/// The id that repeats are known by is the id that is in the bytes.
fn own_message_id(letter: &Sealed, fields: &[Field]) -> Result<(), String> {
    let written = fields.iter().find(|field| field.name == "message-id");
    match written.is_some_and(|field| field.value.trim() == letter.message_id.to_string()) {
        true => Ok(()),
        false => fault("carries another Message-ID than its own"),
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
