//! Mail addresses in one canonical form, so that comparing them is comparing text.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An addr-spec (RFC 5322 section 3.4.1): local part as written, domain in lower case as A-labels.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

/// An address with the name its owner wrote beside it. The name proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    pub name: String,
    pub address: Address,
}

#[derive(Debug, thiserror::Error)]
#[error("not a mail address")]
pub struct NotAnAddress;

/// RFC 5321 section 4.5.3.1 gives both lengths.
const LOCAL_CHARS: usize = 64;
const DOMAIN_CHARS: usize = 255;

impl Address {
    /// Reads an addr-spec strictly: dot-atom local part, host name or A-label domain.
    ///
    /// Quoted local parts, source routes, groups and address literals are refused: nobody
    /// we write to needs them, and each has been used to confuse a parser.
    pub fn parse(text: &str) -> Option<Address> {
        let (local, domain) = text.trim().rsplit_once('@')?;
        let domain = idna::domain_to_ascii(domain.trim_end_matches('.')).ok()?;
        (dot_atom(local, LOCAL_CHARS) && host_name(&domain))
            .then(|| Address(format!("{local}@{domain}")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// `sirt@example.org`, `+`, `token` gives `sirt+token@example.org`.
    pub fn with_detail(&self, separator: &str, detail: &str) -> Address {
        Address(format!("{}{separator}{detail}@{}", self.local(), self.domain()))
    }

    /// The detail behind `separator`, where the rest is `base`.
    pub fn detail_of(&self, base: &Address, separator: &str) -> Option<&str> {
        if self.domain() != base.domain() || separator.is_empty() {
            return None;
        }
        self.local().strip_prefix(base.local())?.strip_prefix(separator)
    }
}

fn dot_atom(text: &str, longest: usize) -> bool {
    let atom = |atom: &str| {
        !atom.is_empty()
            && atom.chars().all(|c| {
                c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !c.is_ascii()
            })
    };
    text.len() <= longest && text.split('.').all(atom) && !text.chars().any(char::is_control)
}

fn host_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.len() <= DOMAIN_CHARS && text.split('.').all(label)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Addresses are personal: they do not appear in debug output, and so not in logs.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl TryFrom<String> for Address {
    type Error = NotAnAddress;

    fn try_from(text: String) -> Result<Self, NotAnAddress> {
        Address::parse(&text).ok_or(NotAnAddress)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_one_address() {
        let same = ["fay@Example.ORG", " fay@example.org ", "fay@example.org."];
        for text in same {
            assert_eq!(Address::parse(text).expect(text).as_str(), "fay@example.org");
        }
        assert_ne!(Address::parse("Fay@example.org"), Address::parse("fay@example.org"));
        let idn = Address::parse("fay@bücher.example").expect("an IDN");
        assert_eq!(idn.domain(), "xn--bcher-kva.example");
    }

    #[test]
    fn eve_cannot_smuggle_a_second_address() {
        for text in [
            "",
            "fay",
            "@example.org",
            "a@x>@evil.test",
            "a@x <e@y",
            "a b@x",
            "@r,@s:a@x",
            "a\0@x",
            "a\r\nBcc: x@y",
            "\"a b\"@x.org",
            "a..b@x.org",
            "a@-x.org",
            "a@[127.0.0.1]",
        ] {
            assert_eq!(Address::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn detail_behind_the_separator() {
        let base = Address::parse("sirt@example.org").expect("base");
        let token = base.with_detail("+", "5f3k");
        assert_eq!(token.as_str(), "sirt+5f3k@example.org");
        assert_eq!(token.detail_of(&base, "+"), Some("5f3k"));
        assert_eq!(base.detail_of(&base, "+"), None);
    }
}
