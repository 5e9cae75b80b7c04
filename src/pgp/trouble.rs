//! Why a certificate cannot be encrypted to, and the keys of it that can.

use super::timestamp;
use crate::limits::ENCRYPTION_SUBKEYS;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sequoia_openpgp as openpgp;

use openpgp::cert::amalgamation::key::{ErasedKeyAmalgamation, ValidErasedKeyAmalgamation};
use openpgp::cert::amalgamation::{ValidAmalgamation, ValidateAmalgamation};
use openpgp::cert::{Cert, ValidCert};
use openpgp::packet::key::PublicParts;
use openpgp::policy::Policy;
use openpgp::types::RevocationStatus;
use std::time::SystemTime;

/// What is wrong with a certificate, as its owner can mend it. `Display` is that sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTrouble {
    #[error("The key expired on {}. Please extend it and send it again.", day(.0))]
    Expired(Timestamp),
    #[error(
        "The encryption part of the key expired on {}. Please extend it and send the key again.",
        day(.0)
    )]
    EncryptionExpired(Timestamp),
    #[error("The key was revoked. Please send the key that you use now.")]
    Revoked,
    #[error(
        "The key has no part for encryption. Please add an encryption subkey and send it again."
    )]
    NoEncryptionKey,
    #[error("The key relies on methods that are no longer safe. Please make a new key.")]
    TooWeak,
    #[error("The key uses a method that we do not have. Please send another key of yours as well.")]
    Unsupported,
    #[error("The key is not complete: nothing in it that we can check says what it is for.")]
    Broken,
}

fn day(at: &Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

type EncryptionKey<'a> = ValidErasedKeyAmalgamation<'a, PublicParts>;

/// The keys to encrypt to at `at`, newest first; all that can be used, since their owner may
/// hold any one of them at hand. One trouble of the whole certificate stops them all.
pub(super) fn encryption_keys<'a>(
    cert: &'a Cert,
    policy: &'a dyn Policy,
    at: SystemTime,
) -> Result<Vec<EncryptionKey<'a>>, KeyTrouble> {
    alive(&cert.with_policy(policy, at).map_err(|error| rejected(&error))?)?;
    let mut keys = Vec::new();
    let mut trouble = None;
    for key in cert.keys() {
        match usable(key, policy, at) {
            Ok(key) => keys.extend(key),
            Err(why) => trouble = trouble.or(Some(why)),
        }
    }
    keys.sort_by_key(|key| std::cmp::Reverse(key.key().creation_time()));
    keys.truncate(ENCRYPTION_SUBKEYS);
    if keys.is_empty() { Err(trouble.unwrap_or(KeyTrouble::NoEncryptionKey)) } else { Ok(keys) }
}

/// The certificate as a whole: not revoked, not expired.
pub(super) fn alive(valid: &ValidCert<'_>) -> Result<(), KeyTrouble> {
    if matches!(valid.revocation_status(), RevocationStatus::Revoked(_)) {
        return Err(KeyTrouble::Revoked);
    }
    valid.alive().map_err(|error| expired(&error, KeyTrouble::Expired))
}

/// `None` where the key is not for encryption at all.
fn usable<'a>(
    key: ErasedKeyAmalgamation<'a, PublicParts>,
    policy: &'a dyn Policy,
    at: SystemTime,
) -> Result<Option<EncryptionKey<'a>>, KeyTrouble> {
    let valid = key.with_policy(policy, at).map_err(|error| rejected(&error))?;
    if !valid.for_transport_encryption() && !valid.for_storage_encryption() {
        return Ok(None);
    }
    if matches!(valid.revocation_status(), RevocationStatus::Revoked(_)) {
        return Err(KeyTrouble::Revoked);
    }
    valid.alive().map_err(|error| expired(&error, KeyTrouble::EncryptionExpired))?;
    if !valid.key().pk_algo().is_supported() {
        return Err(KeyTrouble::Unsupported);
    }
    Ok(Some(valid))
}

fn expired(error: &anyhow::Error, on: fn(Timestamp) -> KeyTrouble) -> KeyTrouble {
    match error.downcast_ref::<openpgp::Error>() {
        Some(openpgp::Error::Expired(at)) => timestamp(*at).map_or(KeyTrouble::Broken, on),
        _ => KeyTrouble::Broken,
    }
}

/// A self-signature or key that today's policy refuses is weak; one that is not there is broken.
fn rejected(error: &anyhow::Error) -> KeyTrouble {
    let weak = error.chain().any(|cause| {
        matches!(
            cause.downcast_ref::<openpgp::Error>(),
            Some(openpgp::Error::PolicyViolation(..) | openpgp::Error::UnsupportedHashAlgorithm(_))
        )
    });
    if weak { KeyTrouble::TooWeak } else { KeyTrouble::Broken }
}
