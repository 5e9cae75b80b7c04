//! What goes through the pipe. Octets travel as frames of their own, the rest as JSON.

use super::fetch::Wanted;
use super::opening::{Opening, Proof};
use crate::mail::{Fingerprint, Mail};
use crate::pgp::Certificate;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What a worker is given once, at its start.
#[derive(Clone)]
pub struct Setup {
    /// [`crate::pgp::TeamKey::decryption_part`], of every team key one after the other.
    pub decryption_part: Zeroizing<Vec<u8>>,
    /// The members' certificates.
    pub roster: Vec<Certificate>,
    /// Primary fingerprints of our own certificates.
    pub ours: Vec<Fingerprint>,
    /// Those certificates: what they signed is known again when it comes back from a list.
    pub own: Vec<Certificate>,
}

/// The answer to a setup: the worker has read it and limited itself.
pub(super) const READY: &[u8] = b"ready";

/// Followed by a frame with the decryption part.
#[derive(Serialize, Deserialize)]
pub(super) struct SetupHead {
    pub roster: Vec<String>,
    pub ours: Vec<Fingerprint>,
    #[serde(default)]
    pub own: Vec<String>,
}

/// Followed by a frame with the raw mail.
#[derive(Serialize, Deserialize)]
pub(super) struct RequestHead {
    pub now: Timestamp,
    /// On the record of the case that the mail may belong to, beside the roster.
    pub on_record: Vec<String>,
    /// One thing out of the mail, instead of what it says.
    pub wanted: Option<Wanted>,
}

/// Where there is a proof, followed by frames with the signed bytes and the signature; what was
/// fetched, by one with its octets.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AnswerHead {
    Mail { mail: Box<Mail>, proof: Option<ProofHead> },
    Unparsable(String),
    Fetched { name: String, date: Option<Timestamp> },
    NotThere,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ProofHead {
    pub encrypted: bool,
}

impl Setup {
    pub(super) fn head(&self) -> SetupHead {
        let (roster, own) = (armored(&self.roster), armored(&self.own));
        SetupHead { roster, ours: self.ours.clone(), own }
    }
}

pub(super) fn armored(certificates: &[Certificate]) -> Vec<String> {
    certificates.iter().map(Certificate::armored).collect()
}

pub(super) fn parsed(armored: &[String]) -> Vec<Certificate> {
    let read = |text: &String| Certificate::parse_all(text.as_bytes()).unwrap_or_default();
    armored.iter().flat_map(read).collect()
}

impl AnswerHead {
    pub(super) fn of(opening: Opening) -> (AnswerHead, Option<Proof>) {
        let proof = opening.proof.as_ref().map(|proof| ProofHead { encrypted: proof.encrypted });
        (AnswerHead::Mail { mail: Box::new(opening.mail), proof }, opening.proof)
    }
}
