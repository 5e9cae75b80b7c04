//! What is known about how a mail came. Every field starts at "unknown" and is only ever
//! raised by a check that was really made.

use super::Fingerprint;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What cryptography says about one mail. It says nothing about who ought to be believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub encrypted: Encrypted,
    pub signature: Signature,
    /// The Subject and From shown are those from inside the protection.
    pub protected_headers: bool,
    /// Outer and inner From differ and no good signature binds the inner one (RFC 9788
    /// section 4.4).
    pub from_mismatch: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encrypted {
    #[default]
    Unknown,
    /// Nothing in the mail is encrypted.
    No,
    /// The whole mail was encrypted, and one of our keys opened it.
    Whole,
    /// Only pieces of it: inline blocks, attachments, a part below the root.
    Partly,
    /// Encrypted, and no key of ours opens it. The key ids it names, as hex.
    NotToUs { key_ids: Vec<String> },
    /// Encrypted to us, but damaged, unprotected against change, or over a limit.
    Damaged,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    #[default]
    Unknown,
    /// Nothing is signed.
    None,
    /// Exactly one signature, good, over everything that is read.
    Good(Signed),
    /// Good, but only over a part below the root or an inline block: shown, never believed.
    Partly(Signed),
    /// Signed by keys we do not hold. Their issuer ids or fingerprints, as hex.
    UnknownKey { issuers: Vec<String> },
    /// A signature is there and does not hold, or there is more than one.
    Bad { why: String },
}

/// A signature that verified, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Primary key of the certificate that made it.
    pub signer: Fingerprint,
    /// When the signature says it was made. Not proven by anybody.
    pub made: Timestamp,
    pub key: KeyOrigin,
    /// Certificate and signing key are alive and unrevoked at the time of receipt.
    pub alive_now: bool,
    /// The signature names its readers, and none of our certificates is among them.
    pub meant_for_others: bool,
    /// Keyless digest (BLAKE3, hex) of the signed bytes, against replay.
    pub digest: String,
}

/// Where the certificate that verified a signature came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyOrigin {
    /// Given by us to the check: the roster, or the record of a case.
    OnRecord,
    /// Came with this very mail: first use, checked by nobody.
    InMail,
}

/// What makes a signature this one and no other, whatever envelope it comes in: who signed, which
/// bytes, and when it says so. A digest (BLAKE3, hex); each piece stands behind its length.
///
/// Boundaries, Message-IDs, armor, encryption, and the parts of a signature packet that nobody
/// signed are not in it.
pub fn replay_id(signed: &Signed) -> String {
    let made = signed.made.to_string();
    let mut hasher = blake3::Hasher::new();
    for piece in ["replay", signed.signer.as_str(), &signed.digest, &made] {
        hasher.update(&(piece.len() as u64).to_le_bytes()).update(piece.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

impl Evidence {
    /// The signer of the whole mail, where one stands.
    pub fn signed(&self) -> Option<&Signed> {
        match &self.signature {
            Signature::Good(signed) => Some(signed),
            _ => None,
        }
    }

    /// Encrypted in a way that no key of ours opens.
    pub fn unreadable(&self) -> bool {
        matches!(self.encrypted, Encrypted::NotToUs { .. } | Encrypted::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> Signed {
        Signed {
            signer: Fingerprint::parse("9F2C41D70B6E5A8813C47E90D2A566BF3C18E704").expect("key"),
            made: Timestamp::constant(1_795_425_120, 0),
            key: KeyOrigin::OnRecord,
            alive_now: true,
            meant_for_others: false,
            digest: "ab".repeat(32),
        }
    }

    #[test]
    fn a_replay_is_known_by_signer_bytes_and_time_alone() {
        let id = replay_id(&signed());
        let judged = Signed { alive_now: false, key: KeyOrigin::InMail, ..signed() };
        assert_eq!(replay_id(&judged), id, "how it is judged today is no part of it");
        let later = Signed { made: Timestamp::constant(1_795_425_121, 0), ..signed() };
        let other = Signed { digest: "ac".repeat(32), ..signed() };
        let eve = Fingerprint::parse("71B022D4A1C3E5F70819ABCD2233445566F809AE").expect("key");
        let hers = Signed { signer: eve, ..signed() };
        for another in [later, other, hers] {
            assert_ne!(replay_id(&another), id, "{another:?}");
        }
    }
}
