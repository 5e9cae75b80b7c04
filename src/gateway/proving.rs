//! What a member signed, verified and read here: orders stand on this and on nothing else.
//!
//! The process that opens mail reads whatever strangers send; should one of them ever speak
//! through it, its word about a signature is worth nothing. So the signed bytes come along, and
//! the gateway asks the certificate that it holds itself. Only after that are they read, apart
//! from the loop. Mail of everybody else is not looked at here.

use super::{Fault, Gateway};
use crate::desk::SignedWords;
use crate::limits::WORKER_STACK;
use crate::mail::{Content, Fingerprint, Protected, Signature, Signed, Unparsable};
use crate::pgp::{Certificate, Known};
use crate::worker::{self, Proof};
use jiff::Timestamp;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

const NOT_BELIEVED: &str = "It was told as good, and does not hold against the roster.";
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
    /// What a member signed; none for everybody else's mail. Where our own verdict is another than
    /// the one told, the mail goes on as one whose signature does not hold.
    pub(super) async fn prove(
        &self,
        raw: &[u8],
        opened: &mut worker::Opened,
    ) -> Result<Option<SignedWords>, Fault> {
        let worker::Opened::Mail(mail, proof) = opened else { return Ok(None) };
        let Some(told) = mail.evidence.signed() else { return Ok(None) };
        let Some(member) = self.book.rules.roster.by_key(&told.signer) else { return Ok(None) };
        let words = match (proof.clone(), self.dresser.members.get(&member.handle).cloned()) {
            (Some(proof), Some(certificate)) => {
                let ours = self.dresser.key.certificate().fingerprint().clone();
                let (raw, now) = (raw.to_vec(), self.clock.now());
                read_apart(Claim { raw, proof, certificate, ours, now }).await?
            }
            _ => None,
        };
        if words.is_none() {
            let member = &member.handle;
            tracing::warn!(member, "a signature told as good does not hold here: not believed");
            mail.evidence.signature = Signature::Bad { why: NOT_BELIEVED.to_owned() };
        }
        Ok(words)
    }
}

/// On a thread of its own, with the stack that parsers of mail are given. What panics is not
/// believed.
async fn read_apart(claim: Claim) -> Result<Option<SignedWords>, Fault> {
    let read = || {
        let thread = thread::Builder::new().stack_size(WORKER_STACK);
        Ok(thread.spawn(move || claim.words())?.join().ok().flatten())
    };
    let what = "no thread to verify a signature can be started";
    let done = tokio::task::spawn_blocking(read).await.map_err(io::Error::other);
    done.flatten().map_err(|error| Fault::System { what, error })
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
#[path = "lying_tests.rs"]
mod lying_tests;
#[cfg(test)]
#[path = "proving_tests.rs"]
mod tests;
