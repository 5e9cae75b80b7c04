//! OpenPGP fingerprints as plain values, so that the core can name a key without knowing OpenPGP.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The fingerprint of a certificate's primary key: 40 (v4) or 64 (v6) upper-case hex digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(String);

#[derive(Debug, thiserror::Error)]
#[error("not an OpenPGP fingerprint: 40 or 64 hex digits are asked for")]
pub struct NotAFingerprint;

impl Fingerprint {
    /// Reads hex digits of either case, spaces and colons between them allowed.
    pub fn parse(text: &str) -> Option<Fingerprint> {
        let hex: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
        let whole = matches!(hex.len(), 40 | 64) && hex.chars().all(|c| c.is_ascii_hexdigit());
        whole.then(|| Fingerprint(hex.to_ascii_uppercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as people compare them.
    pub fn spaced(&self) -> String {
        let groups: Vec<&str> =
            self.0.as_bytes().chunks(4).filter_map(|four| std::str::from_utf8(four).ok()).collect();
        groups.join(" ")
    }

    /// `71B0 22D4 ... 09AE`: enough to recognise a key by, not to check it.
    pub fn short(&self) -> String {
        let spaced = self.spaced();
        let (head, tail) = (spaced.get(..9), spaced.get(spaced.len().saturating_sub(4)..));
        format!("{} ... {}", head.unwrap_or_default(), tail.unwrap_or_default())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NotAFingerprint;

    fn try_from(text: String) -> Result<Self, NotAFingerprint> {
        Fingerprint::parse(&text).ok_or(NotAFingerprint)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> String {
        fingerprint.0
    }
}
