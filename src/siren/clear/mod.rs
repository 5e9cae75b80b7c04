//! The lint: everything that stands against a notice, all at once, and the only maker of one.

mod complete;
mod post;

pub use complete::complete;
pub use post::post;

use super::format::Document;
use crate::case::{CaseId, EmbargoState, Heading, PostList, Secrets, SignForm};
use crate::case::{Statement, Team, Tlp};
use crate::mail::{Address, Fingerprint, Mailbox, MessageId};
use jiff::Timestamp;

/// What stands against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// "O2", "D3", "G14", "TLP": the rule, as the manual names it.
    pub rule: &'static str,
    /// What is wrong and what to do, as one or two sentences.
    pub what: String,
    /// The part of the statement to mend: "title", "description"; empty where it is none.
    pub part: &'static str,
}

/// A statement that is complete and sound, with what stands over it. Made by [`complete`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    heading: Heading,
    statement: Statement,
    publisher: Publisher,
}

impl Finding {
    /// What it is about, as a word or two: the part to mend, else what stands in the way.
    pub fn about(&self) -> &str {
        match (self.part, self.rule) {
            ("", "G14" | "D1" | "O6") => "case",
            ("", rule) => rule,
            (part, _) => part,
        }
    }
}

/// The post of a draft; or everything that stands against it at once, in what it says and around
/// it: whoever mends one thing is not told of the next only then.
///
/// # Errors
/// All findings.
pub fn judge(
    (heading, statement): (&Heading, &Statement),
    publisher: &Publisher,
    around: &Around<'_>,
) -> Result<Post, Vec<Finding>> {
    let mut findings = match complete(heading, statement, publisher) {
        Ok(notice) => return post(&notice, around),
        Err(findings) => findings,
    };
    let (heading, statement) = (heading.clone(), statement.clone());
    let unsound = Notice { heading, statement, publisher: publisher.clone() };
    let more = post(&unsound, around).err().unwrap_or_default();
    let parts: Vec<&str> = findings.iter().map(|one| one.part).collect();
    let new = |one: &Finding| one.part.is_empty() || !parts.contains(&one.part);
    findings.extend(more.into_iter().filter(new));
    Err(findings)
}

/// Who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publisher {
    pub name: String,
    pub address: Address,
    /// Namespace in CSAF: a URL of ours.
    pub namespace: Option<String>,
    /// Our UUID as CVE records name it.
    pub cve_org: Option<String>,
    pub policy_url: Option<String>,
}

impl Notice {
    pub fn heading(&self) -> &Heading {
        &self.heading
    }

    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    pub fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// Whatever it says: for tests of what comes after [`complete`].
    #[cfg(test)]
    pub(in crate::siren) fn unchecked(
        heading: Heading,
        statement: Statement,
        publisher: Publisher,
    ) -> Notice {
        Notice { heading, statement, publisher }
    }
}

/// A post for one list, word for word. Made by [`post`] alone; what is approved is its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    list: String,
    to: Address,
    from: Mailbox,
    subject: String,
    /// US-ASCII, 72 columns.
    body: String,
    files: Vec<Document>,
    /// Forms that the list is sent and this notice cannot have, each with the reason.
    left_out: Vec<String>,
    sign: SignForm,
    /// None: as soon as it is approved.
    at: Option<Timestamp>,
    /// The posts of ours that it follows, oldest first.
    references: Vec<MessageId>,
    /// The key it is encrypted to.
    key: Option<Fingerprint>,
}

impl Post {
    pub fn list(&self) -> &str {
        &self.list
    }

    pub fn to(&self) -> &Address {
        &self.to
    }

    pub fn from(&self) -> &Mailbox {
        &self.from
    }

    pub fn subject(&self) -> &str {
        &self.subject
    }

    pub fn body(&self) -> &str {
        &self.body
    }

    /// What is not attached, and why.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    pub fn files(&self) -> &[Document] {
        &self.files
    }

    pub fn sign(&self) -> SignForm {
        self.sign
    }

    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }

    pub fn references(&self) -> &[MessageId] {
        &self.references
    }

    pub fn key(&self) -> Option<&Fingerprint> {
        self.key.as_ref()
    }

    /// What two members sign: 16 characters over all of it. Any change makes another one.
    pub fn digest(&self, secrets: &Secrets) -> String {
        let (sign, at) = (self.sign.to_string(), self.at.map(|at| at.to_string()));
        let (files, follows) = (self.files.len().to_string(), self.references.len().to_string());
        let mut parts: Vec<&str> = vec![
            &self.list,
            self.to.as_str(),
            &self.from.name,
            self.from.address.as_str(),
            &self.subject,
            &self.body,
            &sign,
            at.as_deref().unwrap_or_default(),
            self.key.as_ref().map(Fingerprint::as_str).unwrap_or_default(),
            &files,
            &follows,
        ];
        parts.extend(self.files.iter().flat_map(|file| [&file.name, file.kind, &file.text]));
        parts.extend(self.references.iter().map(MessageId::as_str));
        secrets.post(&parts)
    }
}

/// How things stand around a notice when it is looked at: at drafting, at each approval, and once
/// more when it is posted.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    pub now: Timestamp,
    pub team: &'a Team,
    pub list: &'a PostList,
    /// Of its own case.
    pub tlp: Tlp,
    pub embargo: EmbargoState,
    /// When that embargo ends, where one is in force.
    pub embargo_until: Option<Timestamp>,
    /// It is known to the public, with evidence, and nobody's claim alone.
    pub public: bool,
    /// Other cases under an embargo that name the same ids or packages; None where whoever asks may
    /// not read that case.
    pub embargoed_too: Vec<Option<CaseId>>,
    /// Posts of ours to that list in the last 24 hours.
    pub posted_today: usize,
    /// The same ids were posted to that list already, and this is no new version of it.
    pub posted_before: Option<String>,
    /// Addresses and names of participants who agreed to be named nowhere.
    pub unnamed: Vec<String>,
    pub at: Option<Timestamp>,
    pub references: Vec<MessageId>,
}
