//! The team's own key: made, loaded, extended, and cut down to what each process may hold.

use super::keyring::{self, Certificate, KeyError};
use super::trouble::{self, KeyTrouble};
use super::{locks, policy, soon, system};
use crate::limits::{KEY_BYTES, KEY_VALIDITY};
use crate::mail::Address;
use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::armor::Kind;
use openpgp::cert::amalgamation::key::ErasedKeyAmalgamation;
use openpgp::cert::{Cert, CertBuilder, CipherSuite, Preferences};
use openpgp::crypto::KeyPair;
use openpgp::packet::key::PublicParts;
use openpgp::packet::{Packet, UserID};
use openpgp::parse::Parse;
use openpgp::serialize::MarshalInto;
use openpgp::types::{AEADAlgorithm, Features, KeyFlags};
use std::fmt;
use zeroize::Zeroizing;

/// Which generation of OpenPGP a new key is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Version 4, Curve25519: everybody's program can use it.
    #[default]
    Rfc4880,
    /// Version 6: for correspondents with programs of RFC 9580 only.
    Rfc9580,
}

/// A secret key with its certificate. Signs from many threads; never printed.
pub struct TeamKey {
    secret: Cert,
    certificate: Certificate,
}

/// A new key, and the certificate that revokes it, to be printed and locked away.
pub struct Generated {
    pub key: TeamKey,
    pub revocation: String,
}

impl TeamKey {
    /// A new key: a primary that only certifies, one subkey to sign, one to encrypt.
    ///
    /// A version 4 key invites nothing that GnuPG 2.2 could not produce for it or read from it.
    pub fn generate(
        name: &str,
        address: &Address,
        profile: Profile,
        now: Timestamp,
    ) -> Result<Generated, KeyError> {
        let failed = |_: anyhow::Error| KeyError::Failed;
        let encryption = KeyFlags::empty().set_transport_encryption().set_storage_encryption();
        let (cert, revocation) = CertBuilder::new()
            .set_cipher_suite(CipherSuite::Cv25519)
            .set_profile(profile.into())
            .and_then(|builder| builder.set_features(invites(profile)))
            .map_err(failed)?
            .set_creation_time(system(now))
            .set_validity_period(KEY_VALIDITY)
            .add_userid(user_id(name, address))
            .add_signing_subkey()
            .add_subkey(encryption, None, None)
            .generate()
            .map_err(failed)?;
        let revocation = Packet::from(revocation).to_vec().map_err(failed)?;
        let revocation = keyring::armored(Kind::PublicKey, &revocation);
        Ok(Generated { key: TeamKey::new(cert)?, revocation })
    }

    /// Reads a secret key and says at once what would stop the team from using it.
    pub fn load(
        bytes: &[u8],
        passphrase: Option<&str>,
        now: Timestamp,
    ) -> Result<TeamKey, KeyError> {
        let key = TeamKey::read(bytes, passphrase)?;
        key.fitness(now)?;
        Ok(key)
    }

    /// Reads a secret key that may have expired, so that it can be extended or looked at.
    pub fn read(bytes: &[u8], passphrase: Option<&str>) -> Result<TeamKey, KeyError> {
        if bytes.len() > KEY_BYTES {
            return Err(KeyError::TooLarge);
        }
        let cert = Cert::from_bytes(bytes).map_err(|_| KeyError::NotAKey)?;
        TeamKey::new(locks::unlocked(cert, passphrase)?)
    }

    pub(super) fn secret(&self) -> &Cert {
        &self.secret
    }

    pub(super) fn new(secret: Cert) -> Result<TeamKey, KeyError> {
        let certificate = Certificate::new(secret.clone()).ok_or(KeyError::NotAKey)?;
        Ok(TeamKey { secret, certificate })
    }

    /// What is missing for signing, opening and being written to, now.
    pub fn fitness(&self, now: Timestamp) -> Result<(), KeyError> {
        let policy = policy(now);
        let at = self.certificate.at(&policy, now);
        let keys = trouble::encryption_keys(self.certificate.cert(), &policy, at);
        let keys = keys.map_err(|trouble| match trouble {
            KeyTrouble::Expired(at) => KeyError::Expired(at),
            KeyTrouble::Revoked => KeyError::Revoked,
            KeyTrouble::NoEncryptionKey => KeyError::NoEncryptionKey,
            other => KeyError::Unusable(other),
        })?;
        let opens = keys.iter().any(|key| self.has_secret(key.amalgamation()));
        if !opens {
            return Err(KeyError::NoEncryptionKey);
        }
        if self.invites_aead(now) && !AEADAlgorithm::OCB.is_supported() {
            return Err(KeyError::AdvertisesTooMuch);
        }
        self.signer(now).map(|_| ())
    }

    fn invites_aead(&self, now: Timestamp) -> bool {
        let policy = policy(now);
        let valid = self.certificate.cert().with_policy(&policy, system(soon(now)));
        valid.ok().and_then(|valid| valid.features()).is_some_and(|f| f.supports_seipdv2())
    }

    fn has_secret(&self, key: &ErasedKeyAmalgamation<'_, PublicParts>) -> bool {
        let fingerprint = key.key().fingerprint();
        self.secret.keys().unencrypted_secret().any(|own| own.key().fingerprint() == fingerprint)
    }

    /// The newest signing key that is valid now, copied for one call.
    pub(super) fn signer(&self, now: Timestamp) -> Result<KeyPair, KeyError> {
        let policy = policy(now);
        let at = self.certificate.at(&policy, now);
        let valid = self.secret.with_policy(&policy, at).map_err(|_| KeyError::NoSigningKey)?;
        trouble::alive(&valid).map_err(|_| KeyError::NoSigningKey)?;
        let keys = valid.keys().alive().revoked(false).for_signing().unencrypted_secret();
        let newest = keys.max_by_key(|key| key.key().creation_time());
        let newest = newest.ok_or(KeyError::NoSigningKey)?.key().clone();
        newest.into_keypair().map_err(|_| KeyError::NoSigningKey)
    }

    /// The public half.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The key for its file: armored, each secret under the passphrase where one is given.
    pub fn to_secret_armor(&self, passphrase: Option<&str>) -> Result<Zeroizing<String>, KeyError> {
        let cert = match passphrase {
            Some(passphrase) => locks::locked(self.secret.clone(), passphrase)?,
            None => self.secret.clone(),
        };
        let bytes = Zeroizing::new(cert.as_tsk().to_vec().map_err(|_| KeyError::Failed)?);
        Ok(Zeroizing::new(keyring::armored(Kind::SecretKey, &bytes)))
    }

    /// The certificate with the secrets of its encryption subkeys only, of old ones too: what the
    /// process that opens mail is given.
    pub fn decryption_part(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let encrypts = |key: &ErasedKeyAmalgamation<'_, PublicParts>| {
            let flags = key.self_signatures().filter_map(|signature| signature.key_flags());
            let mut flags =
                flags.filter(|f| f.for_transport_encryption() || f.for_storage_encryption());
            flags.next().is_some()
        };
        let wanted: Vec<_> =
            self.secret.keys().filter(encrypts).map(|key| key.key().fingerprint()).collect();
        let part = self.secret.as_tsk().set_filter(move |key| wanted.contains(&key.fingerprint()));
        Ok(Zeroizing::new(part.to_vec().map_err(|_| KeyError::Failed)?))
    }
}

impl fmt::Debug for TeamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TeamKey({})", self.certificate.fingerprint())
    }
}

impl From<Profile> for openpgp::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Rfc4880 => openpgp::Profile::RFC4880,
            Profile::Rfc9580 => openpgp::Profile::RFC9580,
        }
    }
}

/// What a key asks correspondents to send: only what its owner's people and we can open.
fn invites(profile: Profile) -> Features {
    let features = Features::empty().set_seipdv1();
    let aead = profile == Profile::Rfc9580 && AEADAlgorithm::OCB.is_supported();
    if aead { features.set_seipdv2() } else { features }
}

fn user_id(name: &str, address: &Address) -> UserID {
    let plain = |c: &char| !c.is_control() && !"<>()@,\"\\".contains(*c);
    let name: String = name.chars().filter(plain).collect();
    match name.trim() {
        "" => UserID::from(address.as_str()),
        name => UserID::from(format!("{name} <{address}>")),
    }
}

#[cfg(test)]
#[path = "team_tests.rs"]
mod tests;
