//! Sealing: what the team signs and to whom it encrypts. One reader a ciphertext.

use super::keyring::Certificate;
use super::team::TeamKey;
use super::trouble::{self, KeyTrouble};
use super::{KeyError, policy, system};
use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::armor::Kind;
use openpgp::cert::Preferences;
use openpgp::cert::amalgamation::ValidAmalgamation;
use openpgp::serialize::stream::{Armorer, Encryptor, LiteralWriter, Message, Recipient, Signer};
use openpgp::types::{AEADAlgorithm, DataFormat, Features, HashAlgorithm, SymmetricAlgorithm};
use std::io::Write;

const HASH: HashAlgorithm = HashAlgorithm::SHA512;

/// A detached signature, armored with LF line ends, and the hash named in `micalg=pgp-…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBytes {
    pub armored: String,
    pub micalg: &'static str,
}

/// Why a letter could not be sealed. Nothing leaves then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The reader's key cannot be used.
    #[error("{0}")]
    Trouble(KeyTrouble),
    /// Our own key cannot be used.
    #[error("our own key: {0}")]
    Ours(KeyError),
    #[error("the cryptographic library failed")]
    Failed,
}

impl TeamKey {
    /// Signs exactly these bytes. From any thread.
    pub fn sign_detached(&self, bytes: &[u8], now: Timestamp) -> Result<SignedBytes, SealError> {
        let signer = self.signer(now).map_err(SealError::Ours)?;
        let armored = written(|sink| {
            let message = Armorer::new(Message::new(sink)).kind(Kind::Signature).build()?;
            let signing = Signer::new(message, signer)?.detached();
            finish(signing.hash_algo(HASH)?.creation_time(system(now)).build()?, bytes)
        })?;
        Ok(SignedBytes { armored, micalg: "sha512" })
    }

    /// Signs a text in the cleartext form (RFC 9580 section 7), for lists that want it. Blanks at
    /// the end of lines are left out: they are not signed, and servers take them away.
    pub fn sign_cleartext(&self, text: &str, now: Timestamp) -> Result<String, SealError> {
        let signer = self.signer(now).map_err(SealError::Ours)?;
        let text: String =
            text.lines().map(|line| format!("{}\n", line.replace('\r', "").trim_end())).collect();
        let signed = written(|sink| {
            let signing = Signer::new(Message::new(sink), signer)?.cleartext();
            finish(signing.hash_algo(HASH)?.creation_time(system(now)).build()?, text.as_bytes())
        })?;
        Ok(signed.lines().map(inert_line).collect())
    }

    /// Signs and encrypts in one OpenPGP message, armored with LF line ends. The signature names
    /// its reader (RFC 9580 section 5.2.3.36), so that it means nothing to anybody else.
    ///
    /// # Errors
    /// `Trouble` where the reader's key cannot be used: there is no other way to them then.
    pub fn seal(
        &self,
        bytes: &[u8],
        to: &Certificate,
        now: Timestamp,
    ) -> Result<String, SealError> {
        let signer = self.signer(now).map_err(SealError::Ours)?;
        let policy = policy(now);
        let keys = trouble::encryption_keys(to.cert(), &policy, to.at(&policy, now));
        let recipients = keys.map_err(SealError::Trouble)?.into_iter().map(|key| {
            let features = key.valid_cert().features().unwrap_or_else(Features::empty);
            Recipient::new(possible(features), key.key().key_handle(), key.key())
        });
        let recipients: Vec<Recipient<'_>> = recipients.collect();
        written(|sink| {
            let message = Armorer::new(Message::new(sink)).kind(Kind::Message).build()?;
            let encrypting = Encryptor::for_recipients(message, recipients);
            let message = encrypting.symmetric_algo(SymmetricAlgorithm::AES256).build()?;
            let signing = Signer::new(message, signer)?.add_intended_recipient(to.cert());
            let message = signing.hash_algo(HASH)?.creation_time(system(now)).build()?;
            finish(LiteralWriter::new(message).format(DataFormat::Binary).build()?, bytes)
        })
    }

    /// Seals to ourselves, as held letters are kept.
    pub fn seal_to_team(&self, bytes: &[u8], now: Timestamp) -> Result<String, SealError> {
        self.seal(bytes, self.certificate(), now)
    }
}

/// RFC 9580 section 7.2: any line may be escaped. A dot is, since it ends a mail for servers that
/// count wrong.
fn inert_line(line: &str) -> String {
    let escape = if line.starts_with('.') { "- " } else { "" };
    format!("{escape}{line}\n")
}

/// RFC 9580 section 13.7: what the reader says they can open, as far as we can write it.
fn possible(features: Features) -> Features {
    if AEADAlgorithm::OCB.is_supported() { features } else { features.clear_seipdv2() }
}

fn finish(mut message: Message<'_>, bytes: &[u8]) -> openpgp::Result<()> {
    message.write_all(bytes)?;
    message.finalize()
}

fn written<F>(write: F) -> Result<String, SealError>
where
    F: FnOnce(&mut Vec<u8>) -> openpgp::Result<()>,
{
    let mut sink = Vec::new();
    write(&mut sink).map_err(|_| SealError::Failed)?;
    String::from_utf8(sink).map_err(|_| SealError::Failed)
}
