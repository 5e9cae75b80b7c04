//! What a notice says, while it is being written: frozen values, so that what the case learns later
//! changes no word of it.

use super::{NoticeKind, Severity, Tlp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Statement {
    /// Software, versions and what: one line, without ids.
    pub title: String,
    /// CVE first, then GHSA and others; all of the same flaw.
    pub ids: Vec<String>,
    pub affected: Vec<Affected>,
    pub severity: Option<Severity>,
    /// Vectors.
    pub cvss: Vec<String>,
    /// "CWE-22"
    pub cwe: Vec<String>,
    /// What the flaw is, in the mail itself: it stays useful when all links are dead.
    pub description: String,
    /// What whoever uses it can do.
    pub impact: String,
    /// How attacks go, and how to see them.
    pub indicators: String,
    /// What readers should do now.
    pub actions: String,
    pub exploited: Exploited,
    /// How we know that it is, or is not.
    pub evidence: String,
    pub credits: Vec<Credit>,
    pub timeline: Vec<Dated>,
    pub references: Vec<Reference>,
    /// Posts of others that it passes on.
    pub sources: Vec<Source>,
    /// What is new since the last version.
    pub changes: String,
    pub notes: String,
    /// The day that stands in it.
    pub date: Option<Date>,
    pub tlp: Tlp,
    /// Where it was told before, in private: `distros`.
    pub told_before: Vec<String>,
    /// When it is to become public; for lists that are told before.
    pub public_on: Option<jiff::Timestamp>,
    /// Whether and how AI was used, as a sentence: some lists ask for it.
    pub ai: String,
}

/// One package, and which versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Affected {
    /// A purl, or a name where there is none.
    pub package: String,
    /// As `vers` writes it without scheme: `>=1.4.0|<1.6.3`, or `1.4.0`; each a range of its own.
    pub versions: Vec<String>,
    pub fixed: Vec<String>,
    /// The scheme its versions compare by, where it is known: "semver".
    pub scheme: Option<String>,
    /// Git range, where versions do not say it.
    pub repo: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Credit {
    pub name: String,
    /// "finder", "reporter", "coordinator", "remediation developer"
    pub role: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    pub day: Date,
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub url: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ReferenceKind {
    Advisory,
    Fix,
    Report,
    Article,
    Evidence,
    Web,
}

/// Where a post that we pass on stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    pub list: String,
    pub author: String,
    pub date: Option<Date>,
    pub message_id: Option<crate::mail::MessageId>,
    pub archive: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Exploited {
    Yes,
    No,
    #[default]
    Unknown,
}

impl Default for Statement {
    fn default() -> Statement {
        Statement {
            title: String::new(),
            ids: Vec::new(),
            affected: Vec::new(),
            severity: None,
            cvss: Vec::new(),
            cwe: Vec::new(),
            description: String::new(),
            impact: String::new(),
            indicators: String::new(),
            actions: String::new(),
            exploited: Exploited::Unknown,
            evidence: String::new(),
            credits: Vec::new(),
            timeline: Vec::new(),
            references: Vec::new(),
            sources: Vec::new(),
            changes: String::new(),
            notes: String::new(),
            date: None,
            tlp: Tlp::Clear,
            told_before: Vec::new(),
            public_on: None,
            ai: String::new(),
        }
    }
}

/// What stands over a notice: whose it is, and which version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// "SIRT-SIREN-2026-0007"
    pub id: String,
    pub version: u32,
    pub kind: NoticeKind,
    /// When this version was written: the instant in documents for machines.
    pub written: jiff::Timestamp,
    /// Earlier versions, oldest first.
    pub history: Vec<Revision>,
}

impl Heading {
    /// The last digits of its id.
    pub fn number(&self) -> u32 {
        self.id.rsplit('-').next().and_then(|digits| digits.parse().ok()).unwrap_or_default()
    }
}

/// One published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    pub version: u32,
    pub at: jiff::Timestamp,
    pub summary: String,
    /// The post on the list.
    pub message_id: Option<crate::mail::MessageId>,
}
