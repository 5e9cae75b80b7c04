//! Moving the day a team key expires.

use super::keyring::KeyError;
use super::team::TeamKey;
use super::{policy, system, timestamp};
use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::cert::Cert;
use openpgp::crypto::KeyPair;
use openpgp::packet::key::{PublicParts, SubordinateRole};
use openpgp::packet::signature::SignatureBuilder;
use openpgp::packet::{Key, Packet, Signature};
use openpgp::types::{HashAlgorithm, SignatureType};
use std::time::{Duration, SystemTime};

impl TeamKey {
    /// The same key, valid until `end`: primary, user ids, and the newest subkey for each use.
    pub fn extend(&self, end: Timestamp, now: Timestamp) -> Result<TeamKey, KeyError> {
        let primary = self.secret().primary_key().key().clone().parts_into_secret();
        let primary = primary.and_then(|key| key.into_keypair());
        let mut renewal = Renewal {
            cert: self.secret(),
            primary: primary.map_err(|_| KeyError::PrimaryOffline)?,
            end,
            at: self.after_last(now),
        };
        let packets = renewal.packets().map_err(|_| KeyError::Failed)?;
        let cert = self.secret().clone().insert_packets(packets).map_err(|_| KeyError::Failed)?;
        TeamKey::new(cert.0)
    }

    /// A self-signature counts when it is the newest: one made in the same second may not.
    fn after_last(&self, now: Timestamp) -> Timestamp {
        let made = self.secret().keys().flat_map(|key| {
            let times =
                key.self_signatures().filter_map(|signature| signature.signature_creation_time());
            times.collect::<Vec<_>>()
        });
        let last = made.max().and_then(timestamp).unwrap_or(now);
        now.max(last.checked_add(Duration::from_secs(1)).unwrap_or(last))
    }
}

/// New self-signatures that move the day a key expires.
struct Renewal<'a> {
    cert: &'a Cert,
    primary: KeyPair,
    end: Timestamp,
    at: Timestamp,
}

impl Renewal<'_> {
    fn packets(&mut self) -> openpgp::Result<Vec<Packet>> {
        let cert = self.cert;
        let policy = policy(self.at);
        let valid = cert.with_policy(&policy, system(self.at))?;
        let mut packets = Vec::new();
        if let Ok(direct) = valid.direct_key_signature() {
            let renewed = self.renewed(direct, cert.primary_key().key().creation_time())?;
            packets.push(renewed.sign_direct_key(&mut self.primary, None)?.into());
        }
        for id in valid.userids().revoked(false) {
            let created = cert.primary_key().key().creation_time();
            let renewed = self.renewed(id.binding_signature(), created)?;
            packets.push(id.userid().bind(&mut self.primary, cert, renewed)?.into());
        }
        let signing = valid.keys().subkeys().revoked(false).for_signing();
        let signing = signing.max_by_key(|key| key.key().creation_time());
        let opening = valid.keys().subkeys().revoked(false);
        let opening = opening.for_transport_encryption().for_storage_encryption();
        let opening = opening.max_by_key(|key| key.key().creation_time());
        for key in signing.iter().chain(&opening) {
            let mut renewed = self.renewed(key.binding_signature(), key.key().creation_time())?;
            if key.for_signing() {
                renewed = renewed.set_embedded_signature(self.back_signature(key.key())?)?;
            }
            packets.push(key.key().bind(&mut self.primary, cert, renewed)?.into());
        }
        Ok(packets)
    }

    fn renewed(&self, old: &Signature, created: SystemTime) -> openpgp::Result<SignatureBuilder> {
        let validity = system(self.end).duration_since(created)?;
        SignatureBuilder::from(old.clone())
            .set_hash_algo(HashAlgorithm::SHA512)
            .set_signature_creation_time(system(self.at))?
            .set_key_validity_period(validity)
    }

    /// RFC 9580 section 5.2.1.10: a signing subkey says itself that it belongs to this primary.
    fn back_signature(
        &self,
        key: &Key<PublicParts, SubordinateRole>,
    ) -> openpgp::Result<Signature> {
        let own = self.cert.keys().unencrypted_secret();
        let own =
            own.map(|own| own.key().clone()).find(|own| own.fingerprint() == key.fingerprint());
        let mut signer =
            own.ok_or(openpgp::Error::InvalidArgument(String::new()))?.into_keypair()?;
        SignatureBuilder::new(SignatureType::PrimaryKeyBinding)
            .set_hash_algo(HashAlgorithm::SHA512)
            .set_signature_creation_time(system(self.at))?
            .sign_primary_key_binding(&mut signer, self.cert.primary_key().key(), key)
    }
}
