//! What a signature is worth: one signature packet, the certificates we know, and the time.
//!
//! A key is judged twice: at the time the signature claims for itself, and today. Both are said.

use super::keyring::Certificate;
use super::{policy, soon, system, timestamp, trouble};
use crate::mail::{Fingerprint, KeyOrigin, Signature, Signed};
use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::KeyHandle;
use openpgp::cert::amalgamation::key::ErasedKeyAmalgamation;
use openpgp::cert::amalgamation::{ValidAmalgamation, ValidateAmalgamation};
use openpgp::packet::Signature as Packet;
use openpgp::packet::key::PublicParts;
use openpgp::policy::{Policy, StandardPolicy};
use openpgp::types::RevocationStatus;
use std::time::SystemTime;

/// The certificates a check may use. On-record ones are asked first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The roster's, and those on the record of a case.
    pub on_record: &'a [Certificate],
    /// Came with this very mail.
    pub in_mail: &'a [Certificate],
    /// Primary fingerprints of our own certificates, for the intended recipient.
    pub ours: &'a [Fingerprint],
}

/// What stands around a signature. RFC 9580 section 5.2.3.36 gives an intended recipient a
/// meaning only within encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    Open,
    Encrypted,
}

/// One look at the signatures over some bytes.
pub(super) struct Look<'a> {
    pub keys: Known<'a>,
    pub context: Context,
    pub now: Timestamp,
}

const SEVERAL: &str = "It carries more than one signature.";
const ALTERED: &str = "The signature does not fit these words: they were changed on the way.";
const FUTURE: &str = "The signature is dated in the future.";
const LAPSED: &str = "The signature itself has expired.";
const WEAK: &str = "The signature uses a method that is no longer safe.";
const UNFIT: &str = "The signing key was expired, revoked or not meant for signing.";
const FORM: &str = "The signature is of a kind or form that does not sign mail.";
const MISDIRECTED: &str =
    "The signature was made for an encrypted mail and came without encryption.";

/// The verdict over all signatures that stand over `bytes`. Exactly one must, and hold.
pub(super) fn verdict(packets: &[Packet], bytes: &[u8], look: &Look<'_>) -> Signature {
    match packets {
        [] => Signature::None,
        [one] => judge(one, bytes, look),
        _ => bad(SEVERAL),
    }
}

pub(super) fn bad(why: &str) -> Signature {
    Signature::Bad { why: why.to_owned() }
}

fn judge(packet: &Packet, bytes: &[u8], look: &Look<'_>) -> Signature {
    if !matches!(packet.version(), 4 | 6) {
        return bad(FORM);
    }
    let issuers = packet.get_issuers();
    let policy = policy(look.now);
    let mut failure = None;
    for (certificate, origin) in look.keys.candidates(&issuers) {
        for key in certificate.cert().keys().filter(|key| is_issuer(key, &issuers)) {
            match (Check { packet, policy: &policy, key, look }).hold() {
                Ok(held) => return Signature::Good(held.signed(&certificate, origin, bytes)),
                Err(why) => failure = failure.or(Some(why)),
            }
        }
    }
    match failure {
        Some(why) => bad(why),
        None => Signature::UnknownKey { issuers: issuers.iter().map(KeyHandle::to_hex).collect() },
    }
}

pub(super) fn is_issuer(
    key: &ErasedKeyAmalgamation<'_, PublicParts>,
    issuers: &[KeyHandle],
) -> bool {
    let handle = KeyHandle::from(key.key().fingerprint());
    issuers.iter().any(|issuer| issuer.aliases(&handle))
}

impl Known<'_> {
    /// The certificates that could have made it. A copy that came with the mail is merged into
    /// the one on record, never taken instead of it: it may lack a revocation that we know.
    fn candidates(&self, issuers: &[KeyHandle]) -> Vec<(Certificate, KeyOrigin)> {
        let on_record = self.on_record.iter().map(|known| (known, KeyOrigin::OnRecord));
        let in_mail = self.in_mail.iter().map(|known| (known, KeyOrigin::InMail));
        let mut found: Vec<(Certificate, KeyOrigin)> = Vec::new();
        for (known, origin) in on_record.chain(in_mail) {
            let same = found.iter_mut().find(|(one, _)| one.fingerprint() == known.fingerprint());
            if let Some((one, _)) = same {
                *one = one.merge(known).unwrap_or_else(|| one.clone());
            } else if known.cert().keys().any(|key| is_issuer(&key, issuers)) {
                found.push((known.clone(), origin));
            }
        }
        found
    }
}

/// One signature packet against one key.
struct Check<'a> {
    packet: &'a Packet,
    policy: &'a StandardPolicy<'static>,
    key: ErasedKeyAmalgamation<'a, PublicParts>,
    look: &'a Look<'a>,
}

/// A signature that held.
struct Held {
    made: Timestamp,
    alive_now: bool,
    meant_for_others: bool,
}

impl Check<'_> {
    fn hold(&self) -> Result<Held, &'static str> {
        let made = self.packet.signature_creation_time().ok_or(FORM)?;
        let claimed = timestamp(made).ok_or(FORM)?;
        if claimed > soon(self.look.now) {
            return Err(FUTURE);
        }
        // A clock ahead of ours makes keys that are not there yet; they are judged when they are.
        let today = made.max(system(self.look.now));
        let alive_now = self.fit(today);
        if !alive_now && !self.fit(made) {
            return Err(UNFIT);
        }
        self.sound(today)?;
        Ok(Held { made: claimed, alive_now, meant_for_others: self.meant_for_others()? })
    }

    /// The mathematics, the type (binary or text), and what today's policy says of the method.
    fn sound(&self, today: SystemTime) -> Result<(), &'static str> {
        use openpgp::types::SignatureType::{Binary, Text};
        if !matches!(self.packet.typ(), Binary | Text) {
            return Err(FORM);
        }
        self.packet.verify_document(self.key.key()).map_err(|_| ALTERED)?;
        self.policy.signature(self.packet, Default::default()).map_err(|_| WEAK)?;
        let ends = self.packet.signature_expiration_time();
        if ends.is_some_and(|end| end <= today) { Err(LAPSED) } else { Ok(()) }
    }

    /// Certificate and key at that time: bound, alive, unrevoked, for signing.
    fn fit(&self, at: SystemTime) -> bool {
        let Ok(key) = self.key.clone().with_policy(self.policy, at) else { return false };
        let revoked = matches!(key.revocation_status(), RevocationStatus::Revoked(_));
        trouble::alive(key.valid_cert()).is_ok()
            && key.alive().is_ok()
            && !revoked
            && key.for_signing()
    }

    fn meant_for_others(&self) -> Result<bool, &'static str> {
        let mut named = self.packet.intended_recipients().peekable();
        if named.peek().is_none() {
            return Ok(false);
        }
        let ours = &self.look.keys.ours;
        let us = named.any(|reader| ours.iter().any(|our| our.as_str() == reader.to_hex()));
        match self.look.context {
            Context::Open if us => Err(MISDIRECTED),
            Context::Open | Context::Encrypted => Ok(!us),
        }
    }
}

impl Held {
    fn signed(&self, certificate: &Certificate, key: KeyOrigin, bytes: &[u8]) -> Signed {
        Signed {
            signer: certificate.fingerprint().clone(),
            made: self.made,
            key,
            alive_now: self.alive_now,
            meant_for_others: self.meant_for_others,
            digest: digest(bytes),
        }
    }
}

/// Keyless digest of signed bytes with every line end as CRLF, as text signatures hash them
/// (RFC 9580 section 5.2.4): the same words with other line ends are the same words.
fn digest(bytes: &[u8]) -> String {
    if is_canonical(bytes) {
        return blake3::hash(bytes).to_hex().to_string();
    }
    let mut hasher = blake3::Hasher::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        let (line, tail) = rest.split_at(end);
        hasher.update(line).update(b"\r\n");
        let ending = if tail.starts_with(b"\r\n") { 2 } else { 1 };
        rest = tail.get(ending..).unwrap_or_default();
    }
    hasher.update(rest).finalize().to_hex().to_string()
}

/// Every line end is CRLF already, as mail has it. Sums, so that the compiler counts in parallel.
fn is_canonical(bytes: &[u8]) -> bool {
    let count = |wanted: u8| bytes.iter().map(|byte| u64::from(*byte == wanted)).sum::<u64>();
    let following = bytes.get(1..).unwrap_or_default();
    let pair = |(one, next): (&u8, &u8)| u64::from((*one == b'\r') & (*next == b'\n'));
    let pairs: u64 = bytes.iter().zip(following).map(pair).sum();
    count(b'\r') == pairs && count(b'\n') == pairs
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
