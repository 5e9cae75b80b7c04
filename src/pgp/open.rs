//! Opening: from ciphertext to bytes that were authenticated as a whole, or to nothing.

use super::keyring::KeyError;
use super::layers::{Layers, Reader};
use super::verdict::{self, Context, Known, Look};
use super::{dearmor, policy};
use crate::limits::{OPENED_BYTES, SIGNATURE_BYTES};
use crate::mail::Signature;
use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::KeyHandle;
use openpgp::cert::CertParser;
use openpgp::crypto::{KeyPair, SessionKey};
use openpgp::packet::{PKESK, Signature as Packet};
use openpgp::parse::Parse;
use openpgp::parse::stream::{Decryptor, DecryptorBuilder, DetachedVerifierBuilder};
use openpgp::serialize::MarshalInto;
use openpgp::types::SymmetricAlgorithm;
use std::io::Read;

/// Octets the library holds back. Nothing is used before the whole message was processed, so
/// this bounds memory, not safety.
const LOOK_AHEAD: usize = crate::limits::MIB;

/// Holds decryption keys and nothing else.
pub struct Opener {
    keys: Vec<KeyPair>,
}

/// Why a message was not opened. What the sender is told does not depend on it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this message could not be opened")]
pub enum OpenFailure {
    /// No key of ours is among its readers. The key ids it names, as hex.
    NotToUs {
        key_ids: Vec<String>,
    },
    /// To us, but altered, cut, unprotected against change, or over a limit of form.
    Damaged,
    /// It opens to more than [`OPENED_BYTES`].
    TooLarge,
    NotOpenPgp,
}

/// An opened message.
pub struct Plain {
    /// What stood in it; signed or not, it was authenticated as a whole where it was encrypted.
    pub bytes: Vec<u8>,
    /// An encrypted layer was really there and one of our keys opened it.
    pub was_encrypted: bool,
    signatures: Vec<Packet>,
    unfit_signatures: usize,
}

impl Opener {
    /// Takes [`super::TeamKey::decryption_part`], or several of them one after the other.
    ///
    /// # Errors
    /// `NoEncryptionKey` where no usable secret is in it.
    pub fn new(decryption_part: &[u8]) -> Result<Opener, KeyError> {
        let certs = CertParser::from_bytes(decryption_part).map_err(|_| KeyError::NotAKey)?;
        let certs: Vec<_> = certs.filter_map(Result::ok).collect();
        let secrets = certs.iter().flat_map(|cert| cert.keys().unencrypted_secret());
        let keys: Vec<KeyPair> =
            secrets.filter_map(|key| key.key().clone().into_keypair().ok()).collect();
        if keys.is_empty() { Err(KeyError::NoEncryptionKey) } else { Ok(Opener { keys }) }
    }

    /// Opens one message, armored or binary. One that is only signed opens too and says so.
    ///
    /// # Errors
    /// See [`OpenFailure`]; with an error no byte of the content is handed out.
    pub fn decrypt(&self, message: &[u8], now: Timestamp) -> Result<Plain, OpenFailure> {
        let mut layers = Layers::default();
        match self.read(message, now, &mut layers) {
            Ok(bytes) => Ok(Plain {
                bytes,
                was_encrypted: layers.opened,
                signatures: layers.signatures,
                unfit_signatures: layers.unfit_signatures,
            }),
            Err(failure) => Err(layers.failure.unwrap_or(failure)),
        }
    }

    fn read(
        &self,
        message: &[u8],
        now: Timestamp,
        seen: &mut Layers,
    ) -> Result<Vec<u8>, OpenFailure> {
        let policy = policy(now);
        let binary = dearmor::message(message);
        let message = binary.as_deref().unwrap_or(message);
        let builder = DecryptorBuilder::from_bytes(message).map_err(|_| OpenFailure::NotOpenPgp)?;
        let reader = Reader { layers: &mut *seen, opener: Some(self) };
        let bytes = builder
            .buffer_size(LOOK_AHEAD)
            .with_policy(&policy, super::system(now), reader)
            .map_err(|_| OpenFailure::Damaged)
            .and_then(|decryptor| drain(decryptor, OPENED_BYTES));
        if bytes.is_err() && !seen.ciphertext { Err(OpenFailure::NotOpenPgp) } else { bytes }
    }

    /// Whether a session key is addressed to one of our keys by name.
    pub(super) fn is_named(&self, pkesk: &PKESK) -> bool {
        pkesk.recipient().is_some_and(|name| self.keys.iter().any(|key| is(key, &name)))
    }

    /// Tries our keys on one session-key packet: the one it names, or all where it names none.
    pub(super) fn unlock(
        &self,
        pkesk: &PKESK,
        algorithm: Option<SymmetricAlgorithm>,
        unlock: &mut dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool,
    ) -> bool {
        let name = pkesk.recipient();
        self.keys
            .iter()
            .filter(|key| key.public().pk_algo() == pkesk.pk_algo())
            .filter(|key| name.as_ref().is_none_or(|name| is(key, name)))
            .filter_map(|key| pkesk.decrypt(&mut key.clone(), algorithm))
            .any(|(algorithm, session_key)| unlock(algorithm, &session_key))
    }
}

fn is(key: &KeyPair, name: &KeyHandle) -> bool {
    name.aliases(KeyHandle::from(key.public().fingerprint()))
}

/// All of it, counted as it comes, and only once its end was reached and held.
fn drain(mut decryptor: Decryptor<'_, Reader<'_>>, most: usize) -> Result<Vec<u8>, OpenFailure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = decryptor.by_ref().take(limit).read_to_end(&mut bytes);
    read.map_err(|_| OpenFailure::Damaged)?;
    if bytes.len() > most {
        return Err(OpenFailure::TooLarge);
    }
    if decryptor.message_processed() { Ok(bytes) } else { Err(OpenFailure::Damaged) }
}

impl Plain {
    /// Whether any signature stands in it, good or not.
    pub fn is_signed(&self) -> bool {
        !self.signatures.is_empty() || self.unfit_signatures > 0
    }

    /// The one signature as a packet: over binary data it is the same as a detached one, and
    /// anybody can check it again with [`verify_detached`] over [`Plain::bytes`].
    pub fn signature_packet(&self) -> Option<Vec<u8>> {
        match self.signatures.as_slice() {
            [one] if self.unfit_signatures == 0 => openpgp::Packet::from(one.clone()).to_vec().ok(),
            _ => None,
        }
    }

    /// What the signatures inside are worth. May be asked again when more keys are known:
    /// those that came inside this very message, for one.
    pub fn signature(&self, keys: &Known<'_>, now: Timestamp) -> Signature {
        let context = if self.was_encrypted { Context::Encrypted } else { Context::Open };
        let look = Look { keys: *keys, context, now };
        if self.unfit_signatures > 0 {
            return verdict::bad(
                "A signature in it cannot be read, or stands around the encryption.",
            );
        }
        verdict::verdict(&self.signatures, &self.bytes, &look)
    }
}

/// Signed bytes with the signature that stands beside them (RFC 3156 section 5).
#[derive(Clone, Copy, Debug)]
pub struct Detached<'a> {
    pub signed: &'a [u8],
    pub signature: &'a [u8],
    pub context: Context,
}

/// What a detached signature is worth.
pub fn verify_detached(mail: &Detached<'_>, keys: &Known<'_>, now: Timestamp) -> Signature {
    let look = Look { keys: *keys, context: mail.context, now };
    if mail.signature.len() > SIGNATURE_BYTES {
        return verdict::bad("The signature part is too large.");
    }
    if several_blocks(mail.signature) {
        return verdict::bad("The signature part holds more than one signature.");
    }
    let mut layers = Layers::default();
    match digests(mail, now, &mut layers) {
        Ok(()) if layers.unfit_signatures == 0 => {
            verdict::verdict(&layers.signatures, mail.signed, &look)
        }
        _ => verdict::bad("The signature part holds no signature that can be read."),
    }
}

fn digests(mail: &Detached<'_>, now: Timestamp, layers: &mut Layers) -> openpgp::Result<()> {
    let policy = policy(now);
    let reader = Reader { layers, opener: None };
    DetachedVerifierBuilder::from_bytes(mail.signature)?
        .with_policy(&policy, super::system(now), reader)?
        .verify_bytes(mail.signed)
}

/// Only one may stand there: a second block would be read by some programs and not by others.
fn several_blocks(signature: &[u8]) -> bool {
    let mark = b"-----BEGIN PGP ";
    signature.windows(mark.len()).filter(|window| window == mark).count() > 1
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
