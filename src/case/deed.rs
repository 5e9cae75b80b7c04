//! What a member's signed word changes in a case: facts like all others, written by orders only.

use super::embargo::Embargo;
use super::facts::{Fact, Facts};
use super::{
    CaseId, Class, Consent, Heading, Matter, Pathway, Person, Role, Severity, Statement, Status,
    Tlp,
};
use crate::mail::MessageId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Part of [`super::Event`]; names are pinned for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts")]
pub enum Deed {
    /// The first is lead, the second buddy.
    #[serde(rename = "handlers.set")]
    HandlersSet { handlers: Vec<String> },
    /// Took a case that nobody handled: counted, so that nobody takes them all.
    #[serde(rename = "case.taken")]
    Taken { member: String },
    /// Was asked, or asked for it, and does not take it.
    #[serde(rename = "take.declined")]
    TakeDeclined { member: String },
    /// Wants to handle a case that somebody else has to grant.
    #[serde(rename = "take.asked")]
    TakeAsked { member: String },
    #[serde(rename = "status.set")]
    StatusSet {
        status: Status,
        /// One of our own words for it ("not-credible"), never a person's.
        reason: Option<String>,
        /// The case it repeats.
        of: Option<CaseId>,
        #[serde(default)]
        private: Words,
    },
    #[serde(rename = "class.set")]
    ClassSet { class: Class },
    #[serde(rename = "pathway.set")]
    PathwaySet { pathway: Pathway },
    #[serde(rename = "service.set")]
    ServiceSet { service: String },
    #[serde(rename = "title.set")]
    TitleSet {
        #[serde(default)]
        private: Words,
    },
    #[serde(rename = "severity.set")]
    SeveritySet { severity: Option<Severity> },
    #[serde(rename = "known.set")]
    KnownSet {
        what: Matter,
        #[serde(default)]
        private: KnownWords,
    },
    /// Something that was known wrongly.
    #[serde(rename = "known.dropped")]
    KnownDropped {
        what: Matter,
        #[serde(default)]
        private: KnownWords,
    },
    #[serde(rename = "note.written")]
    NoteWritten {
        #[serde(default)]
        private: Words,
    },
    #[serde(rename = "participant.invited")]
    Invited {
        participant: u32,
        role: Role,
        #[serde(default)]
        private: Person,
    },
    /// Their reply address is retired, and nothing more is sent to them.
    #[serde(rename = "participant.left")]
    ParticipantLeft {
        participant: u32,
        #[serde(default)]
        private: Words,
    },
    /// Another address of somebody who takes part already.
    #[serde(rename = "participant.also")]
    ParticipantAlso {
        participant: u32,
        #[serde(default)]
        private: Person,
    },
    #[serde(rename = "participant.consents")]
    Consents {
        participant: u32,
        to: Consent,
        /// Their mail that says so, by the name it is kept under.
        #[serde(default)]
        mail: Option<String>,
    },
    /// All that they agreed to is taken back.
    #[serde(rename = "participant.withdraws")]
    Withdraws { participant: u32 },
    /// One word of theirs on the first line of a mail. It moves nothing by itself.
    #[serde(rename = "participant.answered")]
    Answered {
        participant: u32,
        /// "accept", "decline", "withdraw" or "stop".
        word: String,
        mail: String,
        /// Signed by their key on record.
        proven: bool,
    },
    #[serde(rename = "member.read-out")]
    ReadOut { member: String },
    #[serde(rename = "deadline.set")]
    DeadlineSet { participant: u32, at: Timestamp },
    #[serde(rename = "tlp.set")]
    TlpSet { tlp: Tlp },
    /// What one member's word made known; a claim alarms and ends nothing.
    #[serde(rename = "fact.learned")]
    FactLearned {
        fact: Fact,
        claim: bool,
        #[serde(default)]
        private: Facts,
    },
    /// A claim was taken back.
    #[serde(rename = "fact.withdrawn")]
    FactWithdrawn { fact: Fact },
    #[serde(rename = "embargo.set")]
    EmbargoSet {
        embargo: Embargo,
        #[serde(default)]
        private: Words,
    },
    #[serde(rename = "wait.set")]
    WaitSet {
        /// A handle, or a participant's number in words of ours ("the finder").
        who: String,
        until: Option<Timestamp>,
    },
    /// It waits for nobody.
    #[serde(rename = "wait.over")]
    WaitOver {},
    #[serde(rename = "reminder.set")]
    ReminderSet {
        at: Timestamp,
        #[serde(default)]
        private: Words,
    },
    #[serde(rename = "time.spent")]
    TimeSpent {
        minutes: u32,
        #[serde(default)]
        private: Words,
    },
    /// Words to a participant who cannot be written to yet; they leave when that is mended.
    #[serde(rename = "words.kept")]
    WordsKept {
        participant: u32,
        #[serde(default)]
        private: Words,
    },
    /// Words that were kept have become a letter: these, or all where none stand here.
    #[serde(rename = "words.said")]
    WordsSaid {
        participant: u32,
        #[serde(default)]
        private: Words,
    },
    #[serde(rename = "case.linked")]
    Linked { case: CaseId },
    #[serde(rename = "case.merged")]
    Merged { into: CaseId },
    /// A mail of this case was moved to another; its octets stay under this case's key.
    #[serde(rename = "mail.moved")]
    MailMoved { mail: String, to: CaseId },
    /// A mail that was filed in another case, and stands here now.
    #[serde(rename = "mail.received")]
    MailReceived { mail: String, from: CaseId },
    #[serde(rename = "notice.drafted")]
    NoticeDrafted {
        notice: u32,
        list: String,
        heading: Heading,
        #[serde(default)]
        of: Option<u32>,
        #[serde(default)]
        private: Statement,
    },
    /// Its text is another one: what was approved is approved no longer.
    #[serde(rename = "notice.edited")]
    NoticeEdited {
        notice: u32,
        #[serde(default)]
        private: Statement,
    },
    #[serde(rename = "notice.approved")]
    NoticeApproved {
        notice: u32,
        digest: String,
        /// Whoever approved was a coordinator then.
        coordinator: bool,
    },
    /// When it is to be posted; None: as soon as it is approved.
    #[serde(rename = "notice.timed")]
    NoticeTimed { notice: u32, at: Option<Timestamp> },
    /// One person stopped it, or a rule did. It is approved anew before it leaves.
    #[serde(rename = "notice.held")]
    NoticeHeld {
        notice: u32,
        /// Why: a member's words, or what the lint found.
        #[serde(default)]
        private: Words,
    },
    /// It will not be posted.
    #[serde(rename = "notice.dropped")]
    NoticeDropped {
        notice: u32,
        #[serde(default)]
        private: Words,
    },
    /// It became a letter to the list.
    #[serde(rename = "notice.posted")]
    NoticePosted { notice: u32, letter: u64, message_id: MessageId, text: String },
    /// It was found on the list, and this is what the list made of it.
    #[serde(rename = "notice.seen")]
    NoticeSeen { notice: u32, signature: bool, text: bool, list: String },
    /// It was not found on the list in time.
    #[serde(rename = "notice.missed")]
    NoticeMissed { notice: u32 },
    #[serde(rename = "key.judged")]
    KeyJudged {
        participant: u32,
        accepted: bool,
        #[serde(default)]
        private: super::KeyName,
    },
}

/// A person's words, sealed with the case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownWords {
    pub value: String,
    /// What belongs to the value: versions of a package.
    pub detail: String,
}

impl Words {
    pub fn of(text: &str) -> Words {
        Words { text: text.to_owned() }
    }
}

impl Deed {
    /// The pinned name.
    pub fn name(&self) -> &'static str {
        match self {
            Deed::HandlersSet { .. } => "handlers.set",
            Deed::Taken { .. } => "case.taken",
            Deed::TakeDeclined { .. } => "take.declined",
            Deed::TakeAsked { .. } => "take.asked",
            Deed::StatusSet { .. } => "status.set",
            Deed::ClassSet { .. } => "class.set",
            Deed::PathwaySet { .. } => "pathway.set",
            Deed::ServiceSet { .. } => "service.set",
            Deed::TitleSet { .. } => "title.set",
            Deed::SeveritySet { .. } => "severity.set",
            Deed::KnownSet { .. } => "known.set",
            Deed::KnownDropped { .. } => "known.dropped",
            Deed::NoteWritten { .. } => "note.written",
            Deed::Invited { .. } => "participant.invited",
            Deed::ParticipantLeft { .. } => "participant.left",
            Deed::ParticipantAlso { .. } => "participant.also",
            Deed::Consents { .. } => "participant.consents",
            Deed::Withdraws { .. } => "participant.withdraws",
            Deed::Answered { .. } => "participant.answered",
            Deed::ReadOut { .. } => "member.read-out",
            Deed::DeadlineSet { .. } => "deadline.set",
            Deed::TlpSet { .. } => "tlp.set",
            Deed::FactLearned { .. } => "fact.learned",
            Deed::FactWithdrawn { .. } => "fact.withdrawn",
            Deed::EmbargoSet { .. } => "embargo.set",
            Deed::WaitSet { .. } => "wait.set",
            Deed::WaitOver {} => "wait.over",
            Deed::ReminderSet { .. } => "reminder.set",
            Deed::TimeSpent { .. } => "time.spent",
            Deed::WordsKept { .. } => "words.kept",
            Deed::WordsSaid { .. } => "words.said",
            Deed::Linked { .. } => "case.linked",
            Deed::Merged { .. } => "case.merged",
            Deed::MailMoved { .. } => "mail.moved",
            Deed::MailReceived { .. } => "mail.received",
            Deed::NoticeDrafted { .. } => "notice.drafted",
            Deed::NoticeEdited { .. } => "notice.edited",
            Deed::NoticeApproved { .. } => "notice.approved",
            Deed::NoticeTimed { .. } => "notice.timed",
            Deed::NoticeHeld { .. } => "notice.held",
            Deed::NoticeDropped { .. } => "notice.dropped",
            Deed::NoticePosted { .. } => "notice.posted",
            Deed::NoticeSeen { .. } => "notice.seen",
            Deed::NoticeMissed { .. } => "notice.missed",
            Deed::KeyJudged { .. } => "key.judged",
        }
    }

    /// The notice it is about, by its number in the case.
    pub fn notice(&self) -> Option<u32> {
        match self {
            Deed::NoticeDrafted { notice, .. }
            | Deed::NoticeEdited { notice, .. }
            | Deed::NoticeApproved { notice, .. }
            | Deed::NoticeTimed { notice, .. }
            | Deed::NoticeHeld { notice, .. }
            | Deed::NoticeDropped { notice, .. }
            | Deed::NoticePosted { notice, .. }
            | Deed::NoticeMissed { notice }
            | Deed::NoticeSeen { notice, .. } => Some(*notice),
            _ => None,
        }
    }

    /// Once done it stays: `/undo` never takes back a removal, a refusal, or a stricter label.
    pub fn stays(&self) -> bool {
        matches!(
            self,
            Deed::ParticipantLeft { .. }
                | Deed::Withdraws { .. }
                | Deed::ReadOut { .. }
                | Deed::TlpSet { .. }
                | Deed::KeyJudged { accepted: false, .. }
                | Deed::NoticeHeld { .. }
                | Deed::NoticeDropped { .. }
                | Deed::MailMoved { .. }
                | Deed::MailReceived { .. }
                | Deed::Merged { .. }
        )
    }
}
