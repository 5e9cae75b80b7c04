//! What a member signed, verified and read here: orders stand on this and on nothing else.
//!
//! The process that opens mail reads whatever strangers send; should one of them ever speak
//! through it, its word about a signature is worth nothing. So the signed bytes come along, and
//! the gateway asks the certificate that it holds itself. Only after that are they read, apart
//! from the loop. Mail of everybody else is not looked at here.

use super::Gateway;
use crate::desk::SignedWords;
use crate::limits::WORKER_STACK;
use crate::mail::{Content, Fingerprint, KeyOrigin, Protected, Signature, Signed, Unparsable};
use crate::pgp::{Certificate, Known};
use crate::worker::{self, Proof};
use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

const UNREADABLE: &str = "What was signed cannot be read.";

/// A member's signature as the opening process tells it, and what it is held against.
struct Claim {
    raw: Vec<u8>,
    proof: Proof,
    /// Of the member it names, as we hold it.
    certificate: Certificate,
    ours: Fingerprint,
    now: Timestamp,
}

impl Gateway {
    /// What a member signed. None for everybody else's mail, and where our own verdict is another
    /// than the one told.
    pub(super) async fn signed_words(
        &self,
        raw: &[u8],
        opened: &worker::Opened,
    ) -> Option<SignedWords> {
        let worker::Opened::Mail(mail, proof) = opened else { return None };
        let told = mail.evidence.signed().filter(|told| told.key == KeyOrigin::OnRecord)?;
        let member = self.book.rules.roster.by_key(&told.signer)?;
        let certificate = self.dresser.members.get(&member.handle)?.clone();
        let words = match proof.clone() {
            Some(proof) => {
                let ours = self.dresser.key.certificate().fingerprint().clone();
                let (raw, now) = (raw.to_vec(), self.clock.now());
                read_apart(Claim { raw, proof, certificate, ours, now }).await
            }
            None => None,
        };
        if words.is_none() {
            let member = &member.handle;
            tracing::warn!(member, "a signature told as good does not hold here: not believed");
        }
        words
    }
}

/// On a thread of its own, with the stack that parsers of mail are given.
async fn read_apart(claim: Claim) -> Option<SignedWords> {
    let read = || {
        let thread = thread::Builder::new().stack_size(WORKER_STACK).spawn(move || claim.words());
        thread.ok()?.join().ok().flatten()
    };
    tokio::task::spawn_blocking(read).await.ok().flatten()
}

impl Claim {
    fn words(&self) -> Option<SignedWords> {
        let signed = self.verified()?;
        if !self.proof.is_root_of(&self.raw) {
            return None;
        }
        let read = catch_unwind(AssertUnwindSafe(|| self.read()));
        let (content, protected) = read.ok().and_then(Result::ok).unwrap_or_else(unreadable);
        Some(SignedWords {
            signed,
            text: content.text,
            text_cut: content.text_cut,
            not_for_orders: content.not_for_orders.map(str::to_owned),
            subject: protected.as_ref().and_then(Protected::subject).map(str::to_owned),
            from: protected.as_ref().map_or(Vec::new(), |header| header.from().to_vec()),
            encrypted: self.proof.encrypted,
            oddities: content.oddities,
        })
    }

    fn verified(&self) -> Option<Signed> {
        let on_record = std::slice::from_ref(&self.certificate);
        let ours = std::slice::from_ref(&self.ours);
        let known = Known { on_record, in_mail: &[], ours };
        match self.proof.verify(&known, self.now) {
            Signature::Good(signed) => Some(signed),
            _ => None,
        }
    }

    fn read(&self) -> Result<(Content, Option<Protected>), Unparsable> {
        Ok((self.proof.content()?, self.proof.protected()?))
    }
}

fn unreadable() -> (Content, Option<Protected>) {
    let oddities = vec![UNREADABLE.to_owned()];
    (Content { not_for_orders: Some(UNREADABLE), oddities, ..Content::default() }, None)
}

#[cfg(test)]
#[path = "proving_tests.rs"]
mod tests;
