//! Certificates that came with a mail. Candidates, never more: who sent a mail chose its keys.

use crate::limits::CANDIDATE_KEYS;
use crate::mail::{Address, Autocrypt, CandidateKey, KeyBlock, KeySource};
use crate::pgp::{Certificate, holds_secret};
use jiff::Timestamp;

/// The certificates of one sender, each once, in the order in which they were found.
#[derive(Default)]
pub(super) struct Candidates {
    found: Vec<(Certificate, KeySource)>,
    pub secret_key: bool,
}

impl Candidates {
    pub fn blocks(&mut self, blocks: &[KeyBlock], sender: Option<&Address>, now: Timestamp) {
        for block in blocks {
            self.secret_key |= holds_secret(&block.bytes);
            self.take(&block.bytes, block.source, sender, now);
        }
    }

    /// Autocrypt 1.1 section 2.3: only the sender's own.
    pub fn autocrypt(&mut self, headers: &[Autocrypt], sender: Option<&Address>, now: Timestamp) {
        for header in headers.iter().filter(|header| Some(&header.address) == sender) {
            self.secret_key |= holds_secret(&header.keydata);
            self.take(&header.keydata, KeySource::Autocrypt, sender, now);
        }
    }

    /// Keeps what has a user id of the sender's address that the key itself signed.
    fn take(&mut self, bytes: &[u8], source: KeySource, sender: Option<&Address>, now: Timestamp) {
        let (Some(sender), Ok(all)) = (sender, Certificate::parse_all(bytes)) else { return };
        for certificate in all.iter().filter(|one| one.belongs_to(sender, now)) {
            self.keep(certificate.slim(), source);
        }
    }

    fn keep(&mut self, certificate: Option<Certificate>, source: KeySource) {
        let Some(new) = certificate else { return };
        let room = self.found.len() < CANDIDATE_KEYS;
        let same = self.found.iter_mut().find(|(old, _)| old.fingerprint() == new.fingerprint());
        if let Some((old, _)) = same {
            *old = old.merge(&new).unwrap_or(new);
        } else if room {
            self.found.push((new, source));
        }
    }

    pub fn certificates(&self) -> Vec<Certificate> {
        self.found.iter().map(|(certificate, _)| certificate.clone()).collect()
    }

    pub fn keys(&self, now: Timestamp) -> Vec<CandidateKey> {
        let key = |(certificate, source): &(Certificate, KeySource)| CandidateKey {
            fingerprint: certificate.fingerprint().clone(),
            key_ids: certificate.key_ids().to_vec(),
            source: *source,
            certificate: certificate.armored(),
            trouble: certificate.trouble(now).map(|trouble| trouble.to_string()),
        };
        self.found.iter().map(key).collect()
    }
}
