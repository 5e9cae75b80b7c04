//! The layers at the root of a mail: the only ones that count (RFC 9787 section 3).

use crate::mail::{self, Encrypted, Entity, Shape, Signature};
use crate::pgp::{Context, Detached, Known, OpenFailure, Opener, Plain, verify_detached};
use jiff::Timestamp;

/// What the root of a mail turned out to be.
pub(super) struct Root {
    pub encrypted: Encrypted,
    pub oddity: Option<&'static str>,
    seal: Seal,
}

/// What stands signed at the root, with the bytes inside.
enum Seal {
    /// No layer, or none that opens.
    None,
    /// In the encrypted message itself (RFC 3156 section 6.2), or not at all.
    Inline(Plain),
    /// Beside the signed bytes (RFC 3156 sections 5 and 6.1).
    Beside { signed: Vec<u8>, signature: Vec<u8>, context: Context },
    /// A message that is only signed where an encrypted one ought to stand.
    Disguised(Plain),
    /// A signed message around a signed part: two claims about one mail.
    Several(Vec<u8>),
}

impl Root {
    pub fn of(mail: &Entity<'_>, opener: &Opener, now: Timestamp) -> Root {
        match mail.shape() {
            Shape::Plain => Root::new(Encrypted::No, Seal::None),
            Shape::Signed { signed, signature } => {
                let context = Context::Open;
                Root::new(Encrypted::No, Seal::Beside { signed, signature, context })
            }
            Shape::Encrypted { ciphertext } => match opener.decrypt(&ciphertext, now) {
                Ok(plain) => Root::opened(plain),
                Err(failure) => Root::closed(failure),
            },
        }
    }

    fn new(encrypted: Encrypted, seal: Seal) -> Root {
        Root { encrypted, oddity: None, seal }
    }

    fn opened(plain: Plain) -> Root {
        if !plain.was_encrypted {
            let oddity = Some("It says that it is encrypted, and it is not.");
            return Root { encrypted: Encrypted::No, oddity, seal: Seal::Disguised(plain) };
        }
        let shape = mail::parse_payload(&plain.bytes).map(|inner| inner.shape());
        let seal = match shape {
            Ok(Shape::Signed { .. }) if plain.is_signed() => Seal::Several(plain.bytes),
            Ok(Shape::Signed { signed, signature }) => {
                Seal::Beside { signed, signature, context: Context::Encrypted }
            }
            _ => Seal::Inline(plain),
        };
        Root::new(Encrypted::Whole, seal)
    }

    fn closed(failure: OpenFailure) -> Root {
        let large = failure == OpenFailure::TooLarge;
        let oddity = large.then_some("It opens to more than a mail may hold.");
        Root { encrypted: unopened(failure), oddity, seal: Seal::None }
    }

    /// The bytes inside the layers; `None` where the mail has no layer that opens.
    pub fn payload(&self) -> Option<&[u8]> {
        match &self.seal {
            Seal::None => None,
            Seal::Inline(plain) | Seal::Disguised(plain) => Some(&plain.bytes),
            Seal::Beside { signed, .. } => Some(signed),
            Seal::Several(bytes) => Some(bytes),
        }
    }

    /// The verdict over the payload, with the keys that are known by now.
    pub fn signature(&self, keys: &Known<'_>, now: Timestamp) -> Signature {
        match &self.seal {
            Seal::None => Signature::None,
            Seal::Inline(plain) => plain.signature(keys, now),
            Seal::Disguised(plain) => partly(plain.signature(keys, now)),
            Seal::Beside { signed, signature, context } => {
                let mail = Detached { signed, signature, context: *context };
                verify_detached(&mail, keys, now)
            }
            Seal::Several(_) => {
                Signature::Bad { why: "It is signed in two ways at once.".to_owned() }
            }
        }
    }

    /// The signature over the payload, for whoever wants to check it again.
    pub fn signature_packet(&self) -> Option<Vec<u8>> {
        match &self.seal {
            Seal::Inline(plain) => plain.signature_packet(),
            Seal::Beside { signature, .. } => Some(signature.clone()),
            Seal::None | Seal::Disguised(_) | Seal::Several(_) => None,
        }
    }
}

/// Shown, never believed.
pub(super) fn partly(verdict: Signature) -> Signature {
    match verdict {
        Signature::Good(signed) => Signature::Partly(signed),
        other => other,
    }
}

pub(super) fn unopened(failure: OpenFailure) -> Encrypted {
    match failure {
        OpenFailure::NotToUs { key_ids } => Encrypted::NotToUs { key_ids },
        OpenFailure::Damaged | OpenFailure::TooLarge | OpenFailure::NotOpenPgp => {
            Encrypted::Damaged
        }
    }
}
