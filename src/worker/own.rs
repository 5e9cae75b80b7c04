//! Posts of our own, come back from a list: the words that our own signature covers.
//!
//! A list may put a tag into the Subject, an address of its own into From, a footer below. None of
//! that is signed, so none of it is told as ours (see [`Mail::own_words`]). What our key signed
//! gives nobody any authority: it is only known again.

use super::root::Root;
use crate::mail::{self, Content, Encrypted, Mail, Matter, Piece, Place, Signature, clean};
use crate::pgp::{
    Certificate, Context, Detached, Known, claims_signer, verify_cleartext, verify_detached,
};
use jiff::Timestamp;

pub(super) struct Own<'a> {
    /// Our own certificates.
    pub keys: &'a [Certificate],
    pub now: Timestamp,
}

impl Own<'_> {
    /// Looks at the root, then at each piece that nobody has passed on. The first that holds is
    /// what we said; one that does not hold is told beside it.
    pub fn look(&self, mail: &mut Mail, (root, content): (&Root, &Content), pieces: &[Piece]) {
        if self.keys.is_empty() {
            return;
        }
        if let Signature::Good(_) = root.signature(&self.known(), self.now) {
            mail.own_words = Some(content.text.clone());
        } else if root.signature_packet().is_some_and(|it| claims_signer(&it, self.keys)) {
            mail.own_signature_broken = true;
        }
        let own_text =
            |piece: &&Piece| !piece.forwarded && !matches!(piece.place, Place::Attachment(_));
        for piece in pieces.iter().filter(own_text) {
            match self.words(piece, &mail.evidence.encrypted) {
                Some(Some(words)) => _ = mail.own_words.get_or_insert(words),
                Some(None) => mail.own_signature_broken = true,
                None => {}
            }
        }
    }

    fn known(&self) -> Known<'_> {
        Known { on_record: self.keys, in_mail: &[], ours: &[] }
    }

    /// None where the piece is not ours; none inside where it ought to be, and does not hold.
    fn words(&self, piece: &Piece, encrypted: &Encrypted) -> Option<Option<String>> {
        let whole = *encrypted == Encrypted::Whole;
        let context = if whole { Context::Encrypted } else { Context::Open };
        let (ours, verdict, words) = match &piece.matter {
            Matter::Signed { signed, signature } => {
                let mail = Detached { signed, signature, context };
                let verdict = verify_detached(&mail, &self.known(), self.now);
                let words = mail::parse_payload(signed).map(|inner| inner.content().text);
                (claims_signer(signature, self.keys), verdict, words.ok())
            }
            Matter::Clearsigned(block) => {
                let (words, verdict) = verify_cleartext(block, &self.known(), self.now);
                (claims_signer(block, self.keys), verdict, Some(clean::text(&words)))
            }
            Matter::Encrypted(_) | Matter::EncryptedEntity(_) => return None,
        };
        ours.then(|| words.filter(|_| matches!(verdict, Signature::Good(_))))
    }
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
