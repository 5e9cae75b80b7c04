//! A mail of somebody else's, made ready to come attached to a letter of ours.

use super::{Mailbox, canonical, clean, encode};
use crate::limits::LETTER_LINE;
use jiff::Timestamp;

/// The fields that say how a body is to be read; of a stranger's header nothing else is kept.
const KEPT: [&[u8]; 2] = [TYPE, b"content-transfer-encoding:"];
const TYPE: &[u8] = b"content-type:";

/// A whole mail with a header of ours over the body of `entity`.
///
/// Whoever answers it answers us. Subject, ids and readers of the original are left out, so that no
/// program threads it, shows it as a letter of ours, or writes to anybody it names. The body is
/// copied octet by octet.
pub fn pass_on(entity: &[u8], team: &Mailbox, date: Option<Timestamp>) -> Vec<u8> {
    let entity = canonical(entity);
    let (header, body) = split(&entity);
    let name = format!("Not written by {}", clean::line(&team.name));
    let from = Mailbox { name, address: team.address.clone() };
    let mut out = encode::field("From", &encode::mailbox(&from)).into_bytes();
    out.extend(encode::field("To", &encode::mailbox(team)).bytes());
    out.extend(encode::field("Reply-To", &encode::mailbox(team)).bytes());
    out.extend(
        date.iter().flat_map(|date| encode::field("Date", &encode::date(*date)).into_bytes()),
    );
    out.extend_from_slice(b"MIME-Version: 1.0\r\n");
    for field in fields(header).filter(|field| is_kept(field)) {
        out.extend_from_slice(field);
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
    out
}

/// Fit to stand as a mail within a mail, where nothing may be encoded again (RFC 2046 section
/// 5.2.1): seven bits, CRLF, no line too long; words or parts by type, and that said once.
pub fn is_seven_bit(mail: &[u8]) -> bool {
    let fit = |line: &[u8]| {
        let text = line.strip_suffix(b"\r\n").unwrap_or(line);
        text.len() <= LETTER_LINE
            && text.iter().all(|byte| byte.is_ascii() && !matches!(byte, 0 | b'\r' | b'\n'))
    };
    let header = split(mail).0;
    let named = |name: &'static [u8]| fields(header).filter(move |field| begins(field, name));
    mail.split_inclusive(|byte| *byte == b'\n').all(fit)
        && KEPT.iter().all(|name| named(name).count() <= 1)
        && named(TYPE).all(is_words_or_parts)
}

/// A mail in a mail in a mail, or one that says where else to fetch it, is a file.
fn is_words_or_parts(kind: &[u8]) -> bool {
    let value = kind.get(TYPE.len()..).unwrap_or_default().trim_ascii_start();
    begins(value, b"text/") || begins(value, b"multipart/")
}

/// Header and body, at the first empty line.
fn split(entity: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in entity.split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        if matches!(line, b"\r\n" | b"\n") {
            return (entity.get(..at).unwrap_or_default(), entity.get(next..).unwrap_or_default());
        }
        at = next;
    }
    (entity, &[])
}

/// Each field with its continuation lines (RFC 5322 section 2.2.3).
fn fields(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = header;
    std::iter::from_fn(move || {
        let mut lines = rest.split_inclusive(|byte| *byte == b'\n');
        let mut length = lines.next()?.len();
        length += lines
            .take_while(|line| line.starts_with(b" ") || line.starts_with(b"\t"))
            .map(<[u8]>::len)
            .sum::<usize>();
        let (field, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(field).filter(|field| !field.is_empty())
    })
}

fn is_kept(field: &[u8]) -> bool {
    field.ends_with(b"\n") && KEPT.iter().any(|name| begins(field, name))
}

fn begins(field: &[u8], name: &[u8]) -> bool {
    field.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

#[cfg(test)]
#[path = "pass_on_tests.rs"]
mod tests;
