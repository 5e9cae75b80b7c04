//! One mail opened: from raw bytes to a [`Mail`] with its evidence. Pure; no process, no clock.

use super::candidates::Candidates;
use super::own::Own;
use super::pieces::Pieces;
use super::root::{Root, partly};
use crate::limits::ATTACHMENTS;
use crate::mail::{
    self, Attachment, Content, Encrypted, Entity, Fingerprint, KeyOrigin, Mail, Mailbox, Matter,
    Piece, Place, Protected, Shape, Signature, Unparsable,
};
use crate::pgp::{Certificate, Context, Detached, Known, Opener, verify_detached};
use jiff::Timestamp;

/// What an opening is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Certificates of the roster and of the case.
    pub on_record: &'a [Certificate],
    /// Primary fingerprints of our own certificates.
    pub ours: &'a [Fingerprint],
    pub now: Timestamp,
}

/// An opened mail.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    pub mail: Mail,
    /// Where a key on record signed the whole mail: what the verdict stands on.
    pub proof: Option<Proof>,
}

/// The signed bytes and their signature, so that whoever acts on a mail can check it again, and
/// read only what was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub signed: Vec<u8>,
    pub signature: Vec<u8>,
    pub encrypted: bool,
}

impl Proof {
    /// The verdict again, by the keys of whoever asks.
    pub fn verify(&self, keys: &Known<'_>, now: Timestamp) -> Signature {
        let context = if self.encrypted { Context::Encrypted } else { Context::Open };
        let (signed, signature) = (self.signed.as_slice(), self.signature.as_slice());
        verify_detached(&Detached { signed, signature, context }, keys, now)
    }

    /// Exactly what was signed, read from its bytes alone.
    ///
    /// # Errors
    /// As [`mail::parse_payload`].
    pub fn content(&self) -> Result<Content, Unparsable> {
        Ok(mail::parse_payload(&self.signed)?.content())
    }

    /// The header that was signed with it, where the signed bytes carry one.
    ///
    /// # Errors
    /// As [`mail::parse_payload`].
    pub fn protected(&self) -> Result<Option<Protected>, Unparsable> {
        Ok(mail::parse_payload(&self.signed)?.protected())
    }

    /// Whether it is what stands at the root of that mail. What is below the root of an encrypted
    /// mail cannot be seen without its key; only that the root is encrypted.
    pub fn is_root_of(&self, raw: &[u8]) -> bool {
        match mail::parse(raw).map(|mail| mail.shape()) {
            Ok(Shape::Signed { signed, signature }) => {
                !self.encrypted && signed == self.signed && signature == self.signature
            }
            Ok(Shape::Encrypted { .. }) => self.encrypted,
            Ok(Shape::Plain) | Err(_) => false,
        }
    }
}

/// Opens a mail: decrypts and verifies at the root, reads what is inside, and opens pieces below
/// the root for reading only.
///
/// # Errors
/// `Unparsable` where the mail itself is over a limit or no mail at all. What is inside a
/// protection and cannot be parsed is an oddity of a mail that can still be filed.
pub fn open(raw: &[u8], opener: &Opener, request: &Request<'_>) -> Result<Opening, Unparsable> {
    open_knowing(&[], raw, opener, request)
}

/// The same, and what our `own` certificates signed in it.
///
/// # Errors
/// As [`open`].
pub fn open_knowing(
    own: &[Certificate],
    raw: &[u8],
    opener: &Opener,
    request: &Request<'_>,
) -> Result<Opening, Unparsable> {
    let outer = mail::parse(raw)?;
    let root = Root::of(&outer, opener, request.now);
    let mut mail = outer.mail();
    mail.evidence.encrypted = root.encrypted.clone();
    mail.oddities.extend(root.oddity.map(str::to_owned));
    let inner = root.payload().map(mail::parse_payload);
    let content = match &inner {
        None => outer.content(),
        Some(Ok(inner)) => inner.content(),
        Some(Err(why)) => unreadable(why),
    };
    let inner = inner.and_then(Result::ok);
    let candidates = candidates(&outer, &content, mail.sender(), request.now);
    let in_mail = candidates.certificates();
    let core = inner.as_ref().and_then(core);
    let verdict = root.signature(&request.known(&in_mail), request.now);
    mail.evidence.signature = if core.is_some() { partly(verdict) } else { verdict };
    let proof = proof(&root, &mail);
    if let Some(protected) = inner.and_then(|inner| inner.protected())
        && (mail.evidence.encrypted == Encrypted::Whole || mail.evidence.signed().is_some())
    {
        mail::merge(&mut mail, protected);
    }
    mail.keys = candidates.keys(request.now);
    mail.secret_key_inside = candidates.secret_key;
    let pieces: Vec<Piece> = content.pieces.iter().cloned().chain(core).collect();
    Own { keys: own, now: request.now }.look(&mut mail, (&root, &content), &pieces);
    fill(&mut mail, content);
    Pieces { mail: &mut mail, opener, request, in_mail: &in_mail }.read(&pieces);
    Ok(Opening { mail, proof })
}

impl<'a> Request<'a> {
    pub(super) fn known<'b>(&'b self, in_mail: &'b [Certificate]) -> Known<'b> {
        Known { on_record: self.on_record, in_mail, ours: self.ours }
    }
}

/// The layers opened, and what is inside is over a limit.
fn unreadable(why: &Unparsable) -> Content {
    Content {
        text: format!("[What is inside cannot be read. {why}]\n"),
        not_for_orders: Some("What is inside cannot be read."),
        oddities: vec![format!("What is inside cannot be read. {why}")],
        ..Content::default()
    }
}

fn candidates(
    outer: &Entity<'_>,
    content: &Content,
    sender: Option<&Mailbox>,
    now: Timestamp,
) -> Candidates {
    let sender = sender.map(|mailbox| &mailbox.address);
    let mut candidates = Candidates::default();
    candidates.blocks(&content.keys, sender, now);
    candidates.autocrypt(&outer.autocrypt(), sender, now);
    candidates.autocrypt(&content.autocrypt, sender, now);
    candidates
}

/// Ciphertext at the root of a payload: a second encryption, or one that somebody signed around.
/// It is opened for reading, as a piece.
pub(super) fn core(inner: &Entity<'_>) -> Option<Piece> {
    match inner.shape() {
        Shape::Encrypted { ciphertext } => Some(Piece {
            matter: Matter::EncryptedEntity(ciphertext),
            place: Place::Part,
            forwarded: false,
        }),
        Shape::Signed { .. } | Shape::Plain => None,
    }
}

fn proof(root: &Root, mail: &Mail) -> Option<Proof> {
    mail.evidence.signed().filter(|signed| signed.key == KeyOrigin::OnRecord)?;
    Some(Proof {
        signed: root.payload()?.to_vec(),
        signature: root.signature_packet()?,
        encrypted: mail.evidence.encrypted == Encrypted::Whole,
    })
}

fn fill(mail: &mut Mail, content: Content) {
    let whole = mail.evidence.encrypted == Encrypted::Whole;
    let files = content.attachments.into_iter().take(ATTACHMENTS).map(|body| body.attachment);
    mail.attachments =
        files.map(|file| Attachment { encrypted: file.encrypted || whole, ..file }).collect();
    mail.text = content.text;
    mail.text_cut = content.text_cut;
    mail.not_for_orders = content.not_for_orders.map(str::to_owned);
    mail.secret_key_inside |= content.secret_key;
    let new = content.oddities.into_iter().filter(|oddity| !mail.oddities.contains(oddity));
    let new: Vec<String> = new.collect();
    mail.oddities.extend(new);
    // A report of a mail server is one that anybody on the way can read.
    mail.bounce = content.bounce.filter(|_| mail.evidence.encrypted == Encrypted::No);
}

#[cfg(test)]
#[path = "opening_tests.rs"]
mod tests;
