//! One MIME entity: a whole mail, or the bytes inside a decryption or a signature.
//!
//! Limits come first: what is too large, too long or too deep is refused before anything is
//! read from it.

use super::content::{Autocrypt, Content};
use super::protected::Protected;
use super::{Mail, Shape, autocrypt, fields, header, protected, shape, walk};
use crate::limits::{DEPTH, HEADER_BYTES, HEADER_FIELDS, OPENED_BYTES, PARTS, PARTS_FIELDS};
use mail_parser::{HeaderForm, HeaderName, Message, MessageParser, MessagePart, PartFlags};
use std::borrow::Cow;

/// How deep a forwarded mail may itself be transfer-encoded; RFC 2046 section 5.2.1 forbids it.
const ENCODED_MAILS: usize = 1;
/// What stands before a payload that does not say what it is.
const UNTYPED: &[u8] = b"Content-Type: text/plain; charset=utf-8\r\n\r\n";

/// A parsed entity. It borrows its bytes and decodes only what is asked for.
pub struct Entity<'a> {
    message: Message<'a>,
    /// A payload that did not say what it is.
    untyped: bool,
}

/// Over a limit, or not a mail at all. The sentence is for operators and handlers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unparsable(pub &'static str);

/// Reads a mail as the store delivered it, with CRLF or LF line ends.
///
/// # Errors
/// Above a limit of [`crate::limits`], and where there is no header at all.
pub fn parse(bytes: &[u8]) -> Result<Entity<'_>, Unparsable> {
    measure(bytes)?;
    let message = parser().parse(bytes).ok_or(Unparsable("It has no header."))?;
    within(message)
}

/// Reads what stood inside a decryption or a signature. Bytes that do not say by a Content-Type
/// what they are become plain text as a whole: their first paragraph is never taken as headers.
///
/// # Errors
/// As [`parse`].
pub fn parse_payload(bytes: &[u8]) -> Result<Entity<'_>, Unparsable> {
    if fields::names_its_type(bytes) {
        return parse(bytes);
    }
    if bytes.len() > OPENED_BYTES {
        return Err(Unparsable("It is larger than a mail may be."));
    }
    let whole = [UNTYPED, bytes].concat();
    let message = parser().parse_owned(whole).ok_or(Unparsable("It has no header."))?;
    Ok(Entity { untyped: true, ..within(message)? })
}

/// The same bytes as an entity that says what it is, as [`parse_payload`] reads them.
pub fn typed(bytes: &[u8]) -> Cow<'_, [u8]> {
    match fields::names_its_type(bytes) {
        true => Cow::Borrowed(bytes),
        false => Cow::Owned([UNTYPED, bytes].concat()),
    }
}

fn measure(bytes: &[u8]) -> Result<(), Unparsable> {
    if bytes.len() > OPENED_BYTES {
        return Err(Unparsable("It is larger than a mail may be."));
    }
    let (mut length, mut count) = (0, 0);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if line.trim_ascii().is_empty() {
            break;
        }
        length += line.len();
        count += usize::from(!line.starts_with(b" ") && !line.starts_with(b"\t"));
        if length > HEADER_BYTES {
            return Err(Unparsable("Its header is longer than a mail's may be."));
        }
        if count > HEADER_FIELDS {
            return Err(Unparsable("It has more header fields than a mail may have."));
        }
    }
    Ok(())
}

fn parser() -> MessageParser {
    MessageParser::new()
        .header(HeaderName::Received, HeaderForm::Ignore)
        .max_depth(DEPTH)
        .max_parts(PARTS)
        .max_encoded_nesting(ENCODED_MAILS)
}

fn within(message: Message<'_>) -> Result<Entity<'_>, Unparsable> {
    if message.header_count() > PARTS_FIELDS {
        return Err(Unparsable("Its parts have more header fields than a mail may have."));
    }
    let full = message.parts().any(|part| part.flags().contains(PartFlags::LIMIT_REACHED));
    if full {
        return Err(Unparsable("It has more parts, or parts in parts, than a mail may have."));
    }
    Ok(Entity { message, untyped: false })
}

impl Entity<'_> {
    pub(super) fn root(&self) -> MessagePart<'_> {
        self.message.root().root_part()
    }

    /// The header part of a [`Mail`]; everything else is left at its default.
    pub fn mail(&self) -> Mail {
        header::read(self.root())
    }

    /// What the root is. Only this decides whether a mail counts as encrypted or signed.
    pub fn shape(&self) -> Shape {
        shape::of(self.root())
    }

    /// The protected headers of an opened payload (RFC 9788, and the older
    /// `protected-headers="v1"`). To be asked only of what stood inside a decryption or a
    /// verified signature: anywhere else the mark means nothing.
    pub fn protected(&self) -> Option<Protected> {
        protected::read(self.root())
    }

    /// Everything below the header: text, files, keys, and pieces that may be opened.
    pub fn content(&self) -> Content {
        let mut content = walk::content(self.root());
        if self.untyped {
            content.not_for_orders = Some("It does not say what it is.");
        }
        content
    }

    /// The one valid Autocrypt header, as in [`Content::autocrypt`], without the walk.
    pub fn autocrypt(&self) -> Vec<Autocrypt> {
        autocrypt::read(self.root())
    }

    /// The decoded bytes of the `index`-th of [`Content::attachments`], counted from 0.
    pub fn file(&self, index: usize) -> Option<Vec<u8>> {
        walk::file(self.root(), index)
    }
}

#[cfg(test)]
#[path = "entity_tests.rs"]
mod tests;
