//! A post seen on a watched list: what it says, and what we made of it. It moves no fact.

use super::{CaseId, Severity};
use crate::mail::MessageId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What a post says, as far as it could be read. Subscribers' addresses and tokens are not in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// Without list tags, Re: and Fwd:.
    pub subject: String,
    /// As in the public post: a name and an address.
    pub author: String,
    pub posted: Option<Timestamp>,
    pub message_id: Option<MessageId>,
    /// The posts it answers or passes on, oldest first: References, In-Reply-To,
    /// X-Forwarded-Message-Id, and the headers of a mail forwarded inside its text.
    pub thread: Vec<MessageId>,
    /// Where it can be read.
    pub archive: Option<String>,
    pub kind: PostKind,
    /// "XSA-480", and which version of it this is.
    pub series: Option<Series>,
    /// CVE, GHSA, OSV and other ids of flaws, normalised, in order of the text.
    pub ids: Vec<String>,
    /// Those that the post is about: in its Subject, or of its own first mention.
    pub about: Vec<String>,
    /// Packages as purls where they can be, else as named.
    pub packages: Vec<String>,
    /// Constraints: `<1.2.3`, `>=1.2.0|<=1.2.3`, `1.4`.
    pub affected: Vec<String>,
    pub fixed: Vec<String>,
    pub cvss: Vec<String>,
    pub severity: Option<Severity>,
    /// The sentence that says it is exploited, cut and cleaned.
    pub exploited: Option<String>,
    /// The sentence that tells of malicious code, a taken-over account, a campaign.
    pub malicious: Option<String>,
    /// It withdraws, disputes or corrects something said before.
    pub takes_back: bool,
    /// Of its text after footers, quotes and armour are taken off: near-same posts share most.
    pub print: Vec<u64>,
    /// It is a notice of ours, and what shows it.
    pub from_us: Option<String>,
    /// In short, for people: the first sentences of its own, cleaned.
    pub gist: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    pub version: u32,
}

/// What kind of post it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum PostKind {
    Advisory,
    /// Of an advisory: another version, a correction, more versions affected.
    Update,
    /// An answer without news.
    Discussion,
    CveRequest,
    /// What a distribution or a kernel's list sends all day.
    Routine,
    /// Conferences, the list's own business, anything without a flaw.
    #[default]
    Other,
}

impl PostKind {
    /// It says itself what the flaw is, for everybody.
    pub fn announces(self) -> bool {
        matches!(self, PostKind::Advisory | PostKind::Update | PostKind::Routine)
    }
}

/// A post in the books.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenPost {
    pub number: u32,
    pub at: Timestamp,
    pub list: String,
    pub post: Observed,
    /// The post that said the same before, and what shows it.
    pub same_as: Option<(u32, String)>,
    /// The post that this one brings up to date.
    pub update_of: Option<u32>,
    /// Why it may be worth a notice; none where it is not.
    pub reasons: Vec<Reason>,
    /// Open cases with the same ids.
    pub cases: Vec<CaseId>,
    /// Imported: nobody is told of it.
    pub past: bool,
    /// It stood in a digest.
    pub told: bool,
    /// Open cases of which it holds more than an id.
    #[serde(default)]
    pub leaks: Vec<CaseLeak>,
    #[serde(default)]
    pub tellings: Tellings,
}

/// Who has heard of a post, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tellings {
    /// The digest to the team that it stood in.
    pub digest: Option<Timestamp>,
    /// Letters to those who attend to a case.
    pub cases: BTreeMap<CaseId, Timestamp>,
}

/// Something of ours in a public post.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CaseLeak {
    pub case: CaseId,
    pub what: LeakedBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeakedBy {
    /// Words that went or came encrypted.
    Words,
    /// A code, number or Message-ID that we gave to people of the case.
    Mark,
}

/// Why a post may be worth a notice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    pub rule: Selection,
    /// What shows it, as a sentence.
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
pub enum Selection {
    /// Evidence of exploitation.
    #[strum(serialize = "S-1")]
    #[serde(rename = "S-1")]
    Exploited,
    /// Malicious code, a taken-over account or registry, a campaign against maintainers.
    #[strum(serialize = "S-2")]
    #[serde(rename = "S-2")]
    Malicious,
    /// The SSVC table for publishing says publish, and our notice would add something.
    #[strum(serialize = "S-3")]
    #[serde(rename = "S-3")]
    Publish,
    /// Software everybody depends on, a base score of 9.0 or more, and a fix to install.
    #[strum(serialize = "S-4")]
    #[serde(rename = "S-4")]
    Critical,
    /// What users have to do has changed: fix incomplete, more versions, withdrawn.
    #[strum(serialize = "S-5")]
    #[serde(rename = "S-5")]
    Changed,
}

impl SeenPost {
    /// `O12`: how people name it.
    pub fn id(&self) -> String {
        format!("O{}", self.number)
    }

    /// How it touches this case by more than an id, the strongest first.
    pub fn leaked(&self, case: &CaseId) -> Option<LeakedBy> {
        self.leaks.iter().filter(|leak| leak.case == *case).map(|leak| leak.what).min()
    }

    /// It may be worth a notice, and says something new.
    pub fn is_candidate(&self) -> bool {
        !self.reasons.is_empty() && self.same_as.is_none() && !self.past
    }
}
