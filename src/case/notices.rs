//! Notices of a case: drafted, approved by two, posted once, corrected by notices of their own.
//!
//! ```text
//! draft ──two sign the same digest──▶ approved ──its instant comes──▶ posted ──▶ seen on the list
//!   ▲  │                                 │
//!   │  └── dropped                       │ held by one, edited by anyone
//!   └────────────────────────────────────┘
//! ```
//!
//! Whether it is approved is asked of the digest each time, and never stored: any change of the
//! text, the list, the sender, the signature's form or the instant makes another digest.

use super::{Case, Deed, Entry, Heading, Revision, Statement};
use crate::mail::MessageId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeDraft {
    /// Within its case, from 1.
    pub number: u32,
    pub heading: Heading,
    /// The name of the list it is for.
    pub list: String,
    /// The notice of this case that it corrects or takes back.
    pub of: Option<u32>,
    pub statement: Statement,
    pub drafted_by: String,
    /// When it is to be posted; None: as soon as it is approved.
    pub at: Option<Timestamp>,
    pub approvals: Vec<Approval>,
    /// Why a person stopped it.
    pub held: Option<String>,
    pub fate: NoticeFate,
    /// Digest of the words that were posted.
    #[serde(default)]
    pub text: String,
    /// What the list made of it.
    #[serde(default)]
    pub seen: Option<Delivered>,
    /// When its letter left.
    #[serde(default)]
    pub sent: Option<Timestamp>,
    /// It was not found on the list in time, and the team was told.
    #[serde(default)]
    pub missed: bool,
}

/// A post of ours as it came back from the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    pub at: Timestamp,
    /// Our signature is good over what was delivered.
    pub signature: bool,
    /// What it covers is what we posted, word for word.
    pub text: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum NoticeKind {
    First,
    /// More is known.
    Update,
    /// Something in it was wrong.
    Correction,
    /// All of it is taken back.
    Withdrawal,
}

/// A member's signed word for exactly this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub member: String,
    pub digest: String,
    /// They were a coordinator then.
    pub coordinator: bool,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeFate {
    Open,
    /// It became this letter to the list.
    Posted {
        letter: u64,
        at: Timestamp,
        message_id: MessageId,
    },
    Dropped,
}

impl NoticeDraft {
    pub fn is_open(&self) -> bool {
        self.fate == NoticeFate::Open
    }

    /// It became this letter.
    pub fn is_letter(&self, number: u64) -> bool {
        matches!(&self.fate, NoticeFate::Posted { letter, .. } if *letter == number)
    }

    /// Members who signed for this digest, each once.
    pub fn approved_by<'a>(&'a self, digest: &str) -> Vec<&'a str> {
        let mut members: Vec<&str> = self
            .approvals
            .iter()
            .filter(|one| one.digest == digest)
            .map(|one| one.member.as_str())
            .collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// Since when two members, one of them a coordinator, have signed for the same digest.
    pub fn agreed(&self) -> Option<Timestamp> {
        let coordinators = self.approvals.iter().filter(|one| one.coordinator);
        let digests = coordinators.map(|one| &one.digest);
        let agreed = digests.filter(|digest| self.approved_by(digest).len() >= 2);
        let since = |digest: &String| {
            self.approvals.iter().filter(|one| one.digest == *digest).map(|one| one.at).max()
        };
        agreed.filter_map(since).max()
    }

    /// Which version of what is posted to which list; none while it is not.
    pub(super) fn as_revision_of(&self) -> Option<(String, u32, &String)> {
        let posted = matches!(self.fate, NoticeFate::Posted { .. });
        posted.then(|| (self.heading.id.clone(), self.heading.version, &self.list))
    }

    /// As the next version of it names this one.
    pub fn as_revision(&self) -> Option<Revision> {
        let NoticeFate::Posted { at, message_id, .. } = &self.fate else { return None };
        Some(Revision {
            version: self.heading.version,
            at: *at,
            summary: match self.heading.kind {
                NoticeKind::First => "First version.".to_owned(),
                _ => self.statement.changes.clone(),
            },
            message_id: Some(message_id.clone()),
        })
    }
}

impl Case {
    pub fn notice(&self, number: u32) -> Option<&NoticeDraft> {
        self.notices.iter().find(|notice| notice.number == number)
    }

    /// What a deed makes of the notices; any other deed makes nothing.
    pub(super) fn carry_out_notice(&mut self, deed: &Deed, entry: &Entry) {
        if let Deed::NoticeDrafted { notice, list, heading, of, private } = deed {
            self.notices.push(NoticeDraft {
                number: *notice,
                heading: heading.clone(),
                list: list.clone(),
                of: *of,
                statement: private.clone(),
                drafted_by: entry.by.handle().unwrap_or_default().to_owned(),
                at: None,
                approvals: Vec::new(),
                held: None,
                fate: NoticeFate::Open,
                text: String::new(),
                seen: None,
                sent: None,
                missed: false,
            });
        }
        let Some(number) = deed.notice() else { return };
        let Some(notice) = self.notices.iter_mut().find(|one| one.number == number) else { return };
        match deed {
            // Who approved approved what it was.
            Deed::NoticeEdited { private, .. } => {
                notice.statement = private.clone();
                notice.approvals.clear();
            }
            Deed::NoticeApproved { digest, coordinator, .. } => {
                notice.approve(digest, *coordinator, entry);
            }
            Deed::NoticeTimed { at, .. } => {
                notice.at = *at;
                notice.approvals.clear();
            }
            Deed::NoticeHeld { private, .. } => {
                notice.held = Some(private.text.clone());
                notice.approvals.clear();
            }
            Deed::NoticeDropped { .. } => notice.fate = NoticeFate::Dropped,
            Deed::NoticePosted { letter, message_id, text, .. } => {
                let (letter, message_id) = (*letter, message_id.clone());
                notice.fate = NoticeFate::Posted { letter, at: entry.at, message_id };
                notice.text = text.clone();
            }
            Deed::NoticeSeen { signature, text, .. } => {
                let (signature, text) = (*signature, *text);
                notice.seen = Some(Delivered { at: entry.at, signature, text });
            }
            Deed::NoticeMissed { .. } => notice.missed = true,
            _ => {}
        }
    }
}

impl Case {
    /// A letter left: perhaps a notice.
    pub(super) fn letter_left(&mut self, letter: u64, at: Timestamp) {
        if let Some(notice) = self.notices.iter_mut().find(|notice| notice.is_letter(letter)) {
            notice.sent = Some(at);
        }
    }
}

impl NoticeDraft {
    fn approve(&mut self, digest: &str, coordinator: bool, entry: &Entry) {
        // Whoever approves again lets it go again.
        self.held = None;
        let Some(member) = entry.by.handle() else { return };
        let (member, digest) = (member.to_owned(), digest.to_owned());
        self.approvals.push(Approval { member, digest, coordinator, at: entry.at });
    }
}
