//! The small state machines of a case, as words. Their moves come with the commands that make them.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// How far we are with a report (the report management states of the Vultron model).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Status {
    Received,
    Invalid,
    Valid,
    Accepted,
    Deferred,
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Severity {
    None,
    Low,
    Medium,
    High,
    Critical,
}

/// Traffic Light Protocol 2.0, from open to closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Tlp {
    Clear,
    Green,
    Amber,
    #[serde(rename = "amber+strict")]
    #[strum(serialize = "amber+strict")]
    AmberStrict,
    Red,
}

/// An agreement to keep silent until a date or event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum EmbargoState {
    None,
    Proposed,
    Active,
    Revise,
    Exited,
}

/// What somebody is to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    Finder,
    Maintainer,
    Reporter,
    Other,
}

/// How a participant is written to: see the contract, section 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Channel {
    Ask,
    Clear,
    Encrypted,
}

/// What somebody outside agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Consent {
    /// We may pass the report on to whoever can mend it.
    Contact,
    /// We may bring them together with the other side.
    Introduce,
    /// We may name them.
    Name,
    /// They want to be credited, in the words on record.
    Credit,
}

/// What is known about a weakness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Matter {
    Cvss,
    Cwe,
    Cve,
    Affects,
    Fixed,
    Credit,
    Ssvc,
}

impl Matter {
    /// There can be several of it.
    pub fn many(self) -> bool {
        !matches!(self, Matter::Cvss | Matter::Ssvc)
    }
}

impl Tlp {
    /// `TLP:RED`, as labels are written.
    pub fn label(self) -> String {
        format!("TLP:{}", self.to_string().to_ascii_uppercase())
    }
}
