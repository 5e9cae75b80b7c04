//! One thing out of a kept mail: a file that its handlers saw listed, or the mail itself, opened.

use super::opening::{Request, core};
use super::pieces::is_text;
use super::root::Root;
use crate::limits::ATTACHMENTS;
use crate::mail::{self, Content, Entity, Matter, Piece, Place, Shape};
use crate::pgp::Opener;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// The file with this index in [`crate::mail::Mail::attachments`], from 0.
    File(usize),
    Original,
    /// What a person reads of it, cleaned.
    Words,
}

/// What was found: its octets as they came, or as they open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// A file's name, cleaned; empty for a mail.
    pub name: String,
    /// When the sender says the mail was written.
    pub date: Option<Timestamp>,
    /// Of a mail: one MIME entity.
    pub bytes: Vec<u8>,
}

/// Opens the mail again and takes one thing out of it; none where it is not there, or not ours to
/// open.
pub fn fetch(
    raw: &[u8],
    wanted: Wanted,
    opener: &Opener,
    request: &Request<'_>,
) -> Option<Fetched> {
    let outer = mail::parse(raw).ok()?;
    let date = outer.mail().date;
    let (name, bytes) = match wanted {
        Wanted::Original => (String::new(), original(raw, &outer, opener, request.now)),
        Wanted::Words => (String::new(), words(raw, opener, request)?),
        Wanted::File(index) => file(&outer, index, opener, request.now)?,
    };
    Some(Fetched { name, date, bytes })
}

/// The text as handlers read it when it came in.
fn words(raw: &[u8], opener: &Opener, request: &Request<'_>) -> Option<Vec<u8>> {
    Some(super::open(raw, opener, request).ok()?.mail.text.into_bytes())
}

/// The mail as it came; of an encrypted one what is inside, since nobody else can open it.
fn original(raw: &[u8], outer: &Entity<'_>, opener: &Opener, now: Timestamp) -> Vec<u8> {
    let opened = match outer.shape() {
        Shape::Encrypted { ciphertext } => opener.decrypt(&ciphertext, now).ok(),
        Shape::Signed { .. } | Shape::Plain => None,
    };
    opened.map_or_else(|| raw.to_vec(), |plain| mail::typed(&plain.bytes).into_owned())
}

fn file(
    outer: &Entity<'_>,
    index: usize,
    opener: &Opener,
    now: Timestamp,
) -> Option<(String, Vec<u8>)> {
    let root = Root::of(outer, opener, now);
    let inner = root.payload().map(mail::parse_payload).transpose().ok()?;
    let entity = inner.as_ref().unwrap_or(outer);
    let content = entity.content();
    let listed = content.attachments.len().min(ATTACHMENTS);
    if index < listed {
        return own(entity, &content, index, opener, now);
    }
    let pieces = content.pieces.iter().cloned().chain(inner.as_ref().and_then(core));
    in_pieces(pieces, listed, index, |bytes| Some(opener.decrypt(bytes, now).ok()?.bytes))
}

/// A file of the mail itself. One that is encrypted to us comes opened.
fn own(
    entity: &Entity<'_>,
    content: &Content,
    index: usize,
    opener: &Opener,
    now: Timestamp,
) -> Option<(String, Vec<u8>)> {
    let name = content.attachments.get(index)?.attachment.name.clone();
    let sealed = content.pieces.iter().find(|piece| piece.place == Place::Attachment(index));
    let opened = sealed.and_then(|piece| match &piece.matter {
        Matter::Encrypted(bytes) => opener.decrypt(bytes, now).ok(),
        _ => None,
    });
    match opened.filter(|plain| plain.was_encrypted) {
        Some(plain) => Some((without_seal(&name), plain.bytes)),
        None => Some((name, entity.file(index)?)),
    }
}

/// Files inside pieces are listed behind the mail's own, piece by piece.
fn in_pieces(
    pieces: impl Iterator<Item = Piece>,
    listed: usize,
    index: usize,
    open: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Option<(String, Vec<u8>)> {
    let mut before = listed;
    for piece in pieces {
        let (bytes, entity) = match piece.matter {
            Matter::Encrypted(bytes) => (bytes, false),
            Matter::EncryptedEntity(bytes) => (bytes, true),
            Matter::Signed { .. } | Matter::Clearsigned(_) => continue,
        };
        let Some(plain) = open(&bytes).filter(|plain| entity || is_text(plain)) else { continue };
        let Ok(inside) = mail::parse_payload(&plain) else { continue };
        let files = inside.content().attachments;
        let room = files.len().min(ATTACHMENTS.saturating_sub(before));
        let at = index.checked_sub(before)?;
        if at < room {
            return Some((files.get(at)?.attachment.name.clone(), inside.file(at)?));
        }
        before += room;
    }
    None
}

/// `crash.zip.gpg` opens to `crash.zip`.
fn without_seal(name: &str) -> String {
    let seal = |end: &str| ["gpg", "pgp", "asc"].contains(&end.to_ascii_lowercase().as_str());
    match name.rsplit_once('.') {
        Some((inner, end)) if seal(end) && !inner.is_empty() => inner.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
