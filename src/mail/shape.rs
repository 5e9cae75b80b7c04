//! What an entity is at its root (RFC 1847, RFC 3156). A signature counts there or nowhere.
//!
//! Everything here is strict: a structure that two programs could read in two ways is plain,
//! and a plain mail is believed by nobody.

use super::fields::{self, is};
use mail_parser::{Encoding, MessagePart};

/// The outermost layer of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// RFC 3156 section 4. `ciphertext` is the decoded body of the second part.
    Encrypted {
        ciphertext: Vec<u8>,
    },
    /// RFC 3156 section 5. `signed` is the first part byte for byte, with CRLF line ends.
    Signed {
        signed: Vec<u8>,
        signature: Vec<u8>,
    },
    Plain,
}

const PGP_ENCRYPTED: &str = "application/pgp-encrypted";
const PGP_SIGNATURE: &str = "application/pgp-signature";
const ARMOR: &[u8] = b"-----BEGIN PGP MESSAGE";

pub(super) fn of(part: MessagePart<'_>) -> Shape {
    if !part.is_multipart() {
        return Shape::Plain;
    }
    encrypted(part).or_else(|| signed(part)).unwrap_or(Shape::Plain)
}

fn encrypted(part: MessagePart<'_>) -> Option<Shape> {
    let kind = fields::one_type(part)?;
    let children: Vec<MessagePart<'_>> = part.children().take(4).collect();
    let data = match (kind.subtype()?, children.as_slice()) {
        ("encrypted", [control, data]) if announced(kind.attribute("protocol")) => {
            cipher_pair(*control, *data)
        }
        // Some Exchange servers rewrite the type and put an empty text in front.
        ("mixed", [blank, control, data]) if is_blank(*blank) => {
            cipher_pair(*control, *data).filter(|_| armored(*data))
        }
        _ => None,
    }?;
    Some(Shape::Encrypted { ciphertext: data.decoded().into_owned() })
}

/// RFC 3156 section 4 asks for the protocol; a mail that forgot it is still readable.
fn announced(protocol: Option<&str>) -> bool {
    protocol.is_none_or(|protocol| protocol.eq_ignore_ascii_case(PGP_ENCRYPTED))
}

fn cipher_pair<'m>(control: MessagePart<'m>, data: MessagePart<'m>) -> Option<MessagePart<'m>> {
    let pair =
        is(control, "application", "pgp-encrypted") && is(data, "application", "octet-stream");
    pair.then_some(data)
}

fn is_blank(part: MessagePart<'_>) -> bool {
    is(part, "text", "plain") && part.text().is_some_and(|text| text.trim().is_empty())
}

fn armored(part: MessagePart<'_>) -> bool {
    part.decoded().trim_ascii_start().starts_with(ARMOR)
}

/// RFC 1847 section 2.1, RFC 3156 section 5: two parts, the protocol given once and equal to the
/// type of the second, nothing damaged. What is signed must say what it is, so that a signed
/// file, tag or letter of another kind never becomes a mail.
fn signed(part: MessagePart<'_>) -> Option<Shape> {
    let kind = fields::one_type(part).filter(|kind| kind.subtype() == Some("signed"))?;
    let children: Vec<MessagePart<'_>> = part.children().take(3).collect();
    let [content, signature] = children.as_slice() else { return None };
    let agreed = kind.attribute("protocol")?.eq_ignore_ascii_case(PGP_SIGNATURE)
        && is(*signature, "application", "pgp-signature")
        && fields::one_type(*signature).is_some()
        && fields::one_type(*content).is_some();
    let sound = [part, *content, *signature].iter().all(|part| !part.has_problems())
        && part.encoding() == Encoding::None
        && part.has_known_transfer_encoding();
    (agreed && sound).then(|| Shape::Signed {
        signed: with_crlf(content.raw()),
        signature: signature.decoded().into_owned(),
    })
}

/// RFC 3156 section 5 signs CRLF line ends. A store that keeps LF alone is undone; anything
/// mixed stays as it is, and its signature does not hold.
fn with_crlf(raw: &[u8]) -> Vec<u8> {
    if raw.contains(&b'\r') {
        return raw.to_vec();
    }
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 32);
    for (index, line) in raw.split(|b| *b == b'\n').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(line);
    }
    out
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
