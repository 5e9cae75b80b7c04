//! Our own letters as bytes: 7-bit, CRLF, every field written by this file.

use super::{Mailbox, MessageId};
use jiff::Timestamp;

/// A MIME entity of ours, finished. What is signed is sent byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part(String);

/// The fields a letter can have; there is no way to write another.
#[derive(Clone, Debug)]
pub struct Header {
    pub from: Mailbox,
    pub to: Mailbox,
    pub reply_to: Option<Mailbox>,
    pub subject: String,
    pub date: Timestamp,
    pub message_id: MessageId,
    pub in_reply_to: Option<MessageId>,
    pub references: Vec<MessageId>,
    pub auto_submitted: Option<AutoSubmitted>,
    /// The team's certificate, binary, for the Autocrypt field.
    pub autocrypt: Option<Vec<u8>>,
}

/// RFC 3834 section 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoSubmitted {
    Generated,
    Replied,
}

/// How the header of a letter stands inside its protection (RFC 9788).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hp {
    /// Signed only: the outer fields say the same.
    Clear,
    /// Encrypted: the outer Subject is another one.
    Cipher,
}

/// text/plain, UTF-8.
pub fn text_part(_text: &str) -> Part {
    Part(String::new())
}

/// A file, base64. `kind` is a media type such as `application/pgp-keys`.
pub fn attachment(_name: &str, _kind: &str, _bytes: &[u8]) -> Part {
    Part(String::new())
}

/// multipart/mixed. `seed` makes the boundary: letters and digits nobody can guess.
pub fn mixed(_parts: &[Part], _seed: &str) -> Part {
    Part(String::new())
}

impl Part {
    /// The same entity with `inner`'s fields on its root, marked as protected. `outer` is what
    /// will stand outside and is listed by HP-Outer where `hp` is `Cipher`.
    pub fn protected(self, _inner: &Header, _outer: &Header, _hp: Hp) -> Part {
        self
    }
}

/// The exact bytes to sign, or to sign and encrypt.
pub fn signable(part: &Part) -> Vec<u8> {
    part.0.clone().into_bytes()
}

/// multipart/signed (RFC 3156 section 5). `micalg` is the hash alone, such as `sha512`.
pub fn signed(
    _header: &Header,
    _part: &Part,
    _armored: &DetachedSignature<'_>,
    _seed: &str,
) -> Vec<u8> {
    Vec::new()
}

/// A detached signature over [`signable`] bytes, armored, and the hash it was made with.
#[derive(Clone, Copy, Debug)]
pub struct DetachedSignature<'a> {
    pub armored: &'a str,
    pub micalg: &'a str,
}

/// multipart/encrypted (RFC 3156 section 4).
pub fn encrypted(_header: &Header, _armored: &str, _seed: &str) -> Vec<u8> {
    Vec::new()
}

/// A letter without any protection.
pub fn plain(_header: &Header, _part: &Part) -> Vec<u8> {
    Vec::new()
}
