//! Files that came along: their cleaned names, and what is opened further.

use super::armor::{self, What};
use super::clean;
use super::content::{Body, Content, Matter};
use super::{Attachment, KeySource, Piece, Place};
use crate::limits::{ATTACHMENTS, ERRANT_PIECES, KEY_BYTES};
use mail_parser::MessagePart;

/// Octets of the raw body that are looked at to see what a file is.
const HEAD: usize = 2_000;

pub(super) const TOO_MANY_FILES: &str = "It has more files than are listed.";
pub(super) const TOO_MANY_PIECES: &str = "It has more encrypted or signed pieces than are opened.";
pub(super) const TOO_MUCH_KEY: &str = "It brings more key material than is read.";

/// Lists a part as a file and keeps what may be opened further, if `opened`. False where the
/// list is full.
pub(super) fn list(c: &mut Content, part: MessagePart<'_>, forwarded: bool, opened: bool) -> bool {
    if c.attachments.len() >= ATTACHMENTS {
        odd(c, TOO_MANY_FILES);
        return false;
    }
    let attachment = describe(part);
    let what = what(part, &attachment).filter(|_| opened);
    let place = Place::Attachment(c.attachments.len());
    c.attachments.push(Body { attachment, bytes: None });
    match what {
        Some(What::SecretKey) => c.secret_key = true,
        Some(What::PublicKey) if part.decoded_len() > KEY_BYTES => odd(c, TOO_MUCH_KEY),
        Some(what) => open(c, what, part.decoded().into_owned(), Piece::at(place, forwarded)),
        None => {}
    }
    true
}

fn open(content: &mut Content, what: What, bytes: Vec<u8>, piece: impl FnOnce(Matter) -> Piece) {
    if let Some(body) = content.attachments.last_mut() {
        body.bytes = Some(bytes.clone());
    }
    match what {
        What::PublicKey => keep_key(content, KeySource::Attached, &bytes),
        What::Message => keep_piece(content, piece(Matter::Encrypted(bytes))),
        What::Clearsigned => keep_piece(content, piece(Matter::Clearsigned(bytes))),
        What::SecretKey | What::Words => {}
    }
}

fn describe(part: MessagePart<'_>) -> Attachment {
    let kind = part.content_type();
    Attachment {
        name: clean::file_name(&name(part)),
        kind: kind.map_or("text/plain".to_owned(), |k| clean::media_type(k.ctype(), k.subtype())),
        bytes: part.decoded_len() as u64,
        encrypted: false,
    }
}

/// The name the sender gave, or for a forwarded mail its subject.
fn name(part: MessagePart<'_>) -> String {
    let given = part.attachment_name().map(str::to_owned);
    let subject = || part.nested().and_then(|mail| Some(format!("{}.eml", mail.subject()?)));
    given.or_else(subject).unwrap_or_default()
}

/// What a file is, by its first octets; binary OpenPGP only where the name or type says so.
fn what(part: MessagePart<'_>, attachment: &Attachment) -> Option<What> {
    if part.is_message() || part.is_content_type("application", "pgp-signature") {
        return None;
    }
    let raw = part.raw_body();
    let head = part.encoding().decode(raw.get(..raw.len().min(HEAD)).unwrap_or_default());
    let first = head.trim_ascii_start().split(|b| *b == b'\n').next().unwrap_or_default();
    armor::opening(first)
        .or_else(|| said_to_be_openpgp(attachment).then(|| binary(&head)).flatten())
}

fn said_to_be_openpgp(attachment: &Attachment) -> bool {
    let extension = attachment.name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("asc" | "gpg" | "pgp" | "key"))
        || matches!(attachment.kind.as_str(), "application/pgp-keys" | "application/pgp-encrypted")
}

/// The tag of the first packet (RFC 9580 section 4.2).
fn binary(head: &[u8]) -> Option<What> {
    let first = *head.first()?;
    let tag = match first & 0b1100_0000 {
        0b1100_0000 => first & 0b11_1111,
        0b1000_0000 => (first >> 2) & 0b1111,
        _ => return None,
    };
    match tag {
        1 | 3 | 9 | 18 | 20 => Some(What::Message),
        5 => Some(What::SecretKey),
        6 => Some(What::PublicKey),
        _ => None,
    }
}

pub(super) fn keep_key(content: &mut Content, source: KeySource, bytes: &[u8]) {
    let held: usize = content.keys.iter().map(|key| key.bytes.len()).sum();
    if held + bytes.len() > KEY_BYTES {
        return odd(content, TOO_MUCH_KEY);
    }
    content.keys.push(super::KeyBlock { source, bytes: bytes.to_vec() });
}

pub(super) fn keep_piece(content: &mut Content, piece: Piece) {
    match content.pieces.len() < ERRANT_PIECES {
        true => content.pieces.push(piece),
        false => odd(content, TOO_MANY_PIECES),
    }
}

pub(super) fn odd(content: &mut Content, sentence: &str) {
    if !content.oddities.iter().any(|known| known == sentence) {
        content.oddities.push(sentence.to_owned());
    }
}
