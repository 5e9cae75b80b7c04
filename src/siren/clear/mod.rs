//! The lint: everything that stands against a notice, all at once, and the only maker of one.

mod complete;
mod post;

pub use complete::complete;
pub use post::post;

use super::format::Document;
use crate::case::{CaseId, EmbargoState, Heading, PostList, SignForm, Statement, Team, Tlp};
use crate::mail::{Address, Mailbox, MessageId};
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
    sign: SignForm,
    /// None: as soon as it is approved.
    at: Option<Timestamp>,
    /// The posts of ours that it follows, oldest first.
    references: Vec<MessageId>,
}

impl Post {
    pub fn to(&self) -> &Address {
        &self.to
    }

    pub fn subject(&self) -> &str {
        &self.subject
    }

    pub fn body(&self) -> &str {
        &self.body
    }

    pub fn from(&self) -> &Mailbox {
        &self.from
    }

    /// The posts of ours that it follows.
    pub fn references(&self) -> &[MessageId] {
        &self.references
    }

    pub fn files(&self) -> &[Document] {
        &self.files
    }

    pub fn digest(&self, _: &crate::case::Secrets) -> String {
        String::new()
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
