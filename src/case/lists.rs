//! Lists: where notices go out, whose traffic is read, and what the team has agreed about both.

use super::Tlp;
use crate::mail::{Address, Fingerprint};
use jiff::civil::Time;
use std::collections::BTreeSet;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// A list that notices go out to.
#[derive(Clone, Debug)]
pub struct PostList {
    pub name: String,
    pub address: Address,
    pub highest_tlp: Tlp,
    pub sign: SignForm,
    /// What is attached for machines.
    pub formats: Vec<Format>,
    pub manners: Manners,
    /// Posts of ours in 24 hours; above it they wait for a person.
    pub a_day: usize,
    /// Posts to it are encrypted to this key, where there is one.
    pub key: Option<ListKey>,
}

#[derive(Clone, Debug)]
pub struct ListKey {
    pub fingerprint: Fingerprint,
    /// The certificate, armored.
    pub certificate: String,
}

/// The rules of a kind of list: what a post to it must hold and may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Manners {
    /// After disclosure only, TLP:CLEAR only; the headings of the SIREN template.
    Siren,
    /// Public at once; the details in the mail itself; no bare id as Subject.
    OssSecurity,
    /// Not public yet, for distributions; `[vs]` in the Subject and nothing else telling.
    Distros,
}

/// How a notice is signed: some list software keeps only one of them whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum SignForm {
    Clearsign,
    PgpMime,
}

/// A document for machines, or for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(EnumString, IntoStaticStr, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Format {
    Osv,
    Csaf,
    Cve,
    Text,
}

/// A list whose traffic is read.
#[derive(Clone, Debug)]
pub struct Watch {
    pub name: String,
    pub list_id: String,
    pub address: Option<Address>,
    /// Where a post can be read, with `{message_id}` in it.
    pub archive: Option<String>,
}

/// What the team has agreed about notices and watched lists.
#[derive(Clone, Debug)]
pub struct SirenRules {
    /// Software whose holes are everybody's: names or purls, in lower case.
    pub critical: BTreeSet<String>,
    /// CVE ids that a catalogue of exploited holes lists.
    pub exploited: BTreeSet<String>,
    /// When the digest of candidates is written each day (UTC), where there are any.
    pub digest_at: Time,
    /// Namespace of the publisher in CSAF: a URL of ours.
    pub namespace: Option<String>,
    /// Our organisation's UUID as CVE records name it.
    pub cve_org: Option<String>,
}

impl Default for SirenRules {
    fn default() -> SirenRules {
        SirenRules {
            critical: BTreeSet::new(),
            exploited: BTreeSet::new(),
            digest_at: jiff::civil::time(7, 0, 0, 0),
            namespace: None,
            cve_org: None,
        }
    }
}
