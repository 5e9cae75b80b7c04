//! Certificates: what a correspondent's public key says about itself, and nothing it does not sign.

use super::trouble::{self, KeyTrouble};
use super::{policy, soon, system, timestamp};
use crate::limits::{CERTIFICATE_BYTES, CERTIFICATES, KEY_BYTES};
use crate::mail::{Address, Fingerprint};
use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::armor;
use openpgp::cert::amalgamation::{ValidAmalgamation, ValidateAmalgamation};
use openpgp::cert::{Cert, CertParser};
use openpgp::packet::{Packet, Tag};
use openpgp::parse::{PacketParser, PacketParserResult, Parse};
use openpgp::policy::Policy;
use openpgp::serialize::MarshalInto;
use openpgp::types::RevocationStatus;
use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::time::SystemTime;

/// A certificate without any secret. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    cert: Cert,
    fingerprint: Fingerprint,
    key_ids: Vec<String>,
}

/// What is missing from key material. The sentences are for operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("no OpenPGP key is in it")]
    NotAKey,
    #[error("more than {KEY_BYTES} octets of key material")]
    TooLarge,
    #[error("only the public key is in it, the secret key is missing")]
    NoSecret,
    #[error("the secret key is protected by a passphrase, and none is given")]
    PassphraseNeeded,
    #[error("the passphrase does not open the secret key")]
    WrongPassphrase,
    #[error("the key expired on {0}")]
    Expired(Timestamp),
    #[error("the key is revoked")]
    Revoked,
    #[error("it has no signing key that is valid now with its secret part")]
    NoSigningKey,
    #[error("it has no encryption key that is valid now with its secret part")]
    NoEncryptionKey,
    #[error("the primary secret key is not here: it is needed to change the key")]
    PrimaryOffline,
    #[error(
        "it invites encryption (AEAD) that this build of the cryptographic library cannot open"
    )]
    AdvertisesTooMuch,
    #[error("{0}")]
    Unusable(KeyTrouble),
    #[error("the cryptographic library failed on it")]
    Failed,
}

impl Certificate {
    /// Reads one or more certificates, binary or in armored blocks. Secret material is dropped
    /// (ask [`holds_secret`]). What cannot be read among others is left out.
    ///
    /// # Errors
    /// `TooLarge` above [`KEY_BYTES`], `NotAKey` where no certificate is found.
    pub fn parse_all(bytes: &[u8]) -> Result<Vec<Certificate>, KeyError> {
        if bytes.len() > KEY_BYTES {
            return Err(KeyError::TooLarge);
        }
        let mut all = Vec::new();
        for block in blocks(bytes).take(CERTIFICATES) {
            let Ok(certs) = CertParser::from_bytes(block) else { continue };
            let certs = certs.filter_map(Result::ok).take(CERTIFICATES - all.len());
            all.extend(certs.filter_map(Certificate::new));
        }
        if all.is_empty() { Err(KeyError::NotAKey) } else { Ok(all) }
    }

    pub(super) fn new(cert: Cert) -> Option<Certificate> {
        let cert = cert.strip_secret_key_material();
        let fingerprint = Fingerprint::parse(&cert.fingerprint().to_hex())?;
        let key_ids = cert.keys().map(|key| key.key().fingerprint().to_hex()).collect();
        Some(Certificate(Arc::new(Inner { cert, fingerprint, key_ids })))
    }

    /// The primary key's: this is who somebody is.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.0.fingerprint
    }

    /// Fingerprints of primary and subkeys in upper-case hex. A version 4 one ends in its key id,
    /// a version 6 one begins with it.
    pub fn key_ids(&self) -> &[String] {
        &self.0.key_ids
    }

    pub(super) fn cert(&self) -> &Cert {
        &self.0.cert
    }

    /// Whether a user id that the primary key itself signed, and did not revoke, has exactly
    /// this address.
    pub fn belongs_to(&self, address: &Address, now: Timestamp) -> bool {
        let policy = policy(now);
        self.0.cert.userids().any(|id| {
            let named = id.userid().email().ok().flatten().and_then(Address::parse);
            named.as_ref() == Some(address)
                && id
                    .with_policy(&policy, self.at(&policy, now))
                    .is_ok_and(|id| !matches!(id.revocation_status(), RevocationStatus::Revoked(_)))
        })
    }

    /// Why it cannot be encrypted to now; `None` where it can.
    pub fn trouble(&self, now: Timestamp) -> Option<KeyTrouble> {
        let policy = policy(now);
        trouble::encryption_keys(&self.0.cert, &policy, self.at(&policy, now)).err()
    }

    /// When it can no longer be encrypted to, as it stands; `None` where it has no such date.
    pub fn expires(&self, now: Timestamp) -> Option<Timestamp> {
        let policy = policy(now);
        let at = self.at(&policy, now);
        let primary = self.0.cert.with_policy(&policy, at).ok()?.primary_key();
        let primary = primary.key_expiration_time();
        let keys = trouble::encryption_keys(&self.0.cert, &policy, at).unwrap_or_default();
        let ends: Option<Vec<SystemTime>> =
            keys.iter().map(|key| key.key_expiration_time()).collect();
        let last = ends.and_then(|ends| ends.into_iter().max());
        primary.into_iter().chain(last).min().and_then(timestamp)
    }

    /// The time to judge it at: now, or where it was made by a clock ahead of ours, then.
    pub(super) fn at(&self, policy: &dyn Policy, now: Timestamp) -> SystemTime {
        let ready = self.0.cert.with_policy(policy, system(now)).is_ok();
        if ready { system(now) } else { system(soon(now)) }
    }

    /// ASCII armor with LF line ends and no comments.
    pub fn armored(&self) -> String {
        armored(armor::Kind::PublicKey, &self.bytes())
    }

    /// The binary form, as the Autocrypt field and a WKD carry it.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.cert.export_to_vec().unwrap_or_default()
    }

    /// The same without other people's signatures, pictures and unknown parts: what is worth
    /// keeping of a stranger's key. `None` where even that is above [`CERTIFICATE_BYTES`].
    pub fn slim(&self) -> Option<Certificate> {
        let cert = Cert::from_packets(own_packets(&self.0.cert).into_iter()).ok()?;
        let slim = Certificate::new(cert)?;
        (slim.bytes().len() <= CERTIFICATE_BYTES).then_some(slim)
    }

    /// Both together: nothing known is ever removed, a revocation from any source is taken.
    /// `None` where the two are not the same key.
    pub fn merge(&self, other: &Certificate) -> Option<Certificate> {
        Certificate::new(self.0.cert.clone().merge_public(other.0.cert.clone()).ok()?)
    }
}

/// Key, user ids and subkeys with what the primary key itself said about them.
fn own_packets(cert: &Cert) -> Vec<Packet> {
    let mut packets = vec![Packet::from(cert.primary_key().key().clone())];
    let own = |signature: &openpgp::packet::Signature| Packet::from(signature.clone());
    packets.extend(cert.primary_key().self_revocations().map(own));
    packets.extend(cert.primary_key().self_signatures().map(own));
    for id in cert.userids().filter(|id| id.self_signatures().next().is_some()) {
        packets.push(Packet::from(id.userid().clone()));
        packets.extend(id.self_revocations().map(own));
        packets.extend(id.self_signatures().map(own));
    }
    for key in cert.keys().subkeys() {
        packets.push(Packet::from(key.key().clone()));
        packets.extend(key.self_revocations().map(own));
        packets.extend(key.self_signatures().map(own));
    }
    packets
}

pub(super) fn armored(kind: armor::Kind, bytes: &[u8]) -> String {
    let written = || -> std::io::Result<Vec<u8>> {
        let mut writer = armor::Writer::new(Vec::new(), kind)?;
        writer.write_all(bytes)?;
        writer.finalize()
    };
    written().ok().and_then(|text| String::from_utf8(text).ok()).unwrap_or_default()
}

/// Whether secret key material is among these bytes, whatever their armor calls them.
pub fn holds_secret(bytes: &[u8]) -> bool {
    let named = b"-----BEGIN PGP PRIVATE KEY BLOCK-----";
    bytes.windows(named.len()).any(|window| window == named)
        || blocks(bytes).take(CERTIFICATES).any(|block| secret_packet(block).unwrap_or(false))
}

fn secret_packet(block: &[u8]) -> openpgp::Result<bool> {
    let mut parser = PacketParser::from_bytes(block)?;
    while let PacketParserResult::Some(packet) = parser {
        if matches!(packet.header().ctb().tag(), Tag::SecretKey | Tag::SecretSubkey) {
            return Ok(true);
        }
        parser = packet.next()?.1;
    }
    Ok(false)
}

/// Each armored block, or all the bytes where there is none.
fn blocks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mark = b"-----BEGIN PGP ";
    let mut starts: Vec<usize> = bytes
        .windows(mark.len())
        .enumerate()
        .filter(|(_, w)| w == mark)
        .map(|(at, _)| at)
        .collect();
    if starts.is_empty() {
        starts.push(0);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([bytes.len()]).collect();
    starts.into_iter().zip(ends).filter_map(move |(from, to)| bytes.get(from..to))
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.0.fingerprint)
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.bytes() == other.bytes()
    }
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
