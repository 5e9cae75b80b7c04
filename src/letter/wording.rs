//! Everything we can say: one variant a template, with its fields.
//!
//! What a letter may carry, whether a program wrote it, and which T-number it has are properties
//! of the wording here, in code. A team may replace the words of a template, never these.

use super::{
    CaseNews, Digest, Invitation, ListAlarm, NotObeyed, NoticeNews, NoticePost, OwnWords,
    PostDigest, ReadOut, RosterChanged, Said, Transcript,
};
use jiff::Timestamp;
use serde::Serialize;
use strum::EnumCount;

#[derive(Clone, Debug, Serialize, EnumCount)]
#[serde(untagged)]
pub enum Wording {
    /// T-01, encrypted: the report has arrived.
    ReportReceived(Received),
    /// T-01 and T-04, in the clear: it has arrived, and how shall we write to you?
    ReportReceivedClear(Received),
    /// T-02: a request for help has arrived.
    PleaReceived(Received),
    /// T-01 for a question.
    QuestionReceived(Received),
    /// T-01 for a mail over the size limit or in a form we cannot read.
    NotTakenIn(NotTakenIn),
    /// T-03: we cannot decrypt it.
    CannotDecrypt(CannotDecrypt),
    /// T-04: how to write to us encrypted; answers `sirt+key@` and `sirt+help@`.
    ProtectionHelp(Plain),
    /// T-05: what is missing; sent by a person.
    MissingElements(MissingElements),
    /// T-12: where things stand, for whoever asked with the word `status`.
    StatusAnswer(StatusAnswer),
    /// T-12: we write in the clear, or encrypted only, from now on.
    ChannelSet(ChannelAnswer),
    /// To the team: a new case, with the report enclosed.
    CaseOpened(Box<CaseLetter>),
    /// To the team: more mail in a case, enclosed.
    MailJoined(Box<CaseLetter>),
    /// To the team: a letter could not be delivered.
    LetterFailed(LetterNews),
    /// To the team: a letter waits for a person.
    LetterHeld(LetterNews),
    /// T-57, to a member: what became of their orders.
    Transcript(Box<Transcript>),
    /// T-57, to a member: a mail in their name was not obeyed.
    NotObeyed(NotObeyed),
    /// To a coordinator, at the old address: who the members are has changed. No case's detail.
    RosterChanged(RosterChanged),
    /// To the team: what somebody's orders changed in a case.
    CaseChanged(Box<CaseNews>),
    /// To the team: a notice left, was held, came back from its list or did not.
    NoticeNews(Box<NoticeNews>),
    /// T-58, to a member: you may read this case from now on.
    ReadIn(Box<Digest>),
    /// T-58, to a member: you may read this case no longer.
    ReadOut(ReadOut),
    /// T-47, to a coordinator: posts of watched lists that may be worth a notice.
    PostDigest(Box<PostDigest>),
    /// To those who attend to a case: public posts touch it.
    ListAlarm(Box<ListAlarm>),
    /// A member's own words, encrypted.
    OwnWords(OwnWords),
    /// A member's own words, in the clear, confirmed by the member.
    OwnWordsClear(OwnWords),
    /// T-07a: we believe the report.
    Confirmed(Said),
    /// T-07b: not a weakness, or not credible.
    NotConfirmed(Said),
    /// T-09a to T-09e: nothing we can take on, and where to go.
    Declined(Said),
    /// T-08: we take it on.
    Engaged(Said),
    /// T-15: put off, or taken up again.
    Deferred(Said),
    /// T-06: somebody was first.
    Duplicate(Said),
    /// T-60: the case is closed.
    Closed(Said),
    /// T-10: are you the right person? No detail.
    ContactAsked(Invitation),
    /// T-30: will you keep an embargo? No detail.
    EmbargoInvited(Invitation),
    /// T-41, T-42: a post to a list, word for word as it was approved. No template makes it.
    Notice(Box<NoticePost>),
}

/// How much a wording may tell: not a mark in a template, but here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    None,
    /// A member confirmed these very words for the clear.
    InClear,
    Case,
}

/// What stands in Auto-Submitted (RFC 3834 section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Automatic {
    /// A person wrote it, or ordered it.
    No,
    Replied,
    Generated,
}

/// The fixed properties of a wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// `templates/<file>.txt`
    pub file: &'static str,
    pub number: &'static str,
    pub detail: Detail,
    pub automatic: Automatic,
    /// The team's certificate goes along as an attachment.
    pub with_key: bool,
    /// For members: the second line says INTERNAL.
    pub internal: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Plain {}

/// An acknowledgement. No field of it repeats a word of the sender.
#[derive(Clone, Debug, Serialize)]
pub struct Received {
    pub received: Timestamp,
    /// When we say at the latest what we make of it.
    pub assess_by: Timestamp,
    /// It came encrypted to us.
    pub came_encrypted: bool,
    /// Why a key that came with it cannot be used, in words for its owner (T-56).
    pub key_trouble: Option<String>,
    /// This letter is encrypted to a key nobody has proven yet: reply signed, and it counts.
    pub prove_key: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct NotTakenIn {
    pub received: Timestamp,
    pub too_large: bool,
    pub bytes: u64,
    pub limit: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct CannotDecrypt {
    pub received: Timestamp,
    pub assess_by: Timestamp,
    /// Ids of the keys it was encrypted to, as far as it names them.
    pub key_ids: Vec<String>,
    /// It was encrypted to us and is damaged, or not protected against change.
    pub damaged: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct MissingElements {
    pub missing: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct StatusAnswer {
    pub status: String,
    pub opened: Timestamp,
    pub assess_by: Option<Timestamp>,
    pub handled: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct ChannelAnswer {
    /// "clear" or "encrypted".
    pub channel: String,
    /// Whether we hold a proven key to encrypt to.
    pub have_key: bool,
    /// This letter is encrypted to a key nobody has proven yet: reply signed, and it counts.
    pub prove_key: bool,
}

/// What handlers read of a mail: the verdict block, from our own checks only, and the words.
#[derive(Clone, Debug, Serialize)]
pub struct CaseLetter {
    pub mail: MailBlock,
    pub verdict: VerdictBlock,
    pub card: CaseCard,
    /// The sender's words, cleaned. On the way to the template every line goes behind a bar.
    pub words: String,
    pub word_lines: usize,
    pub words_cut: bool,
    /// Ready lines that fit this case.
    pub ready: Vec<ReadyLine>,
}

/// WHAT CAME IN: nothing here can be written by the sender, but names, which are escaped and cut.
#[derive(Clone, Debug, Serialize)]
pub struct MailBlock {
    pub number: usize,
    pub from: String,
    pub calls_itself: Option<String>,
    /// What we know of this address: "first mail from this address".
    pub known: String,
    pub received: Timestamp,
    pub encrypted: String,
    pub signed: String,
    pub also_to: Vec<String>,
    pub reply_to: Vec<String>,
    pub files: Vec<FileLine>,
    /// What is odd or alarming about it, as sentences.
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FileLine {
    pub number: usize,
    pub name: String,
    pub kind: String,
    pub size: String,
}

/// WHAT WE TAKE IT FOR.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictBlock {
    pub class: String,
    pub certain: String,
    pub because: Vec<String>,
    pub pathway: String,
    pub pathway_words: String,
    pub ids: Vec<String>,
    pub packages: Vec<String>,
    pub versions: Vec<String>,
    /// Other cases with the same ids, that the reader may read.
    pub like_it: Vec<String>,
    pub deadline: Option<DeadlineLine>,
    /// How it belongs to this case, for mail that joins one.
    pub belongs: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DeadlineLine {
    pub words: String,
    pub at: String,
}

/// WHERE IT STANDS.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CaseCard {
    pub status: String,
    pub severity: String,
    pub handlers: Vec<String>,
    pub embargo: String,
    pub read_in: Vec<String>,
    pub waits_for: String,
    pub channel: String,
    pub assess_by: Option<Timestamp>,
    pub sent: Vec<String>,
}

/// A line to send back, from our own fields only, and what it does.
#[derive(Clone, Debug, Serialize)]
pub struct ReadyLine {
    pub line: String,
    pub does: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct LetterNews {
    pub letter: String,
    pub template: String,
    /// "the finder", "val": never an address that the reader may not see.
    pub to: String,
    pub why: String,
    /// A post to a list: what is said there twice cannot be taken back.
    pub post: bool,
}

/// What a post to a list is called where other letters name their template.
pub const NOTICE: &str = crate::case::POST_WORDING;

impl Wording {
    /// The post, where this is one: words that no template may touch.
    pub fn as_given(&self) -> Option<&NoticePost> {
        match self {
            Wording::Notice(post) => Some(post),
            _ => None,
        }
    }

    /// What a member added to the words of a template.
    pub fn sentence(&self) -> Option<&str> {
        match self {
            Wording::Confirmed(said)
            | Wording::NotConfirmed(said)
            | Wording::Declined(said)
            | Wording::Engaged(said)
            | Wording::Deferred(said)
            | Wording::Duplicate(said)
            | Wording::Closed(said) => said.sentence.as_deref(),
            _ => None,
        }
    }

    pub fn form(&self) -> Form {
        use Automatic::{Generated, Replied};
        use Detail::{Case, InClear, None};
        let form = |file, number, detail, automatic| Form {
            file,
            number,
            detail,
            automatic,
            with_key: false,
            internal: false,
        };
        let outside = |file, number| Form { with_key: true, ..form(file, number, None, Replied) };
        let team = |file, number, automatic| Form {
            internal: true,
            ..form(file, number, Case, automatic)
        };
        // By a person: no program is asked not to answer it (RFC 3834 section 5).
        let person = |file, number, detail| Form {
            with_key: true,
            ..form(file, number, detail, Automatic::No)
        };
        match self {
            Wording::ReportReceived(_) => outside("report-received", "T-01"),
            Wording::ReportReceivedClear(_) => outside("report-received-clear", "T-01"),
            Wording::PleaReceived(_) => outside("plea-received", "T-02"),
            Wording::QuestionReceived(_) => outside("question-received", "T-01"),
            Wording::NotTakenIn(_) => outside("not-taken-in", "T-01"),
            Wording::CannotDecrypt(_) => outside("cannot-decrypt", "T-03"),
            Wording::ProtectionHelp(_) => outside("protection-help", "T-04"),
            Wording::MissingElements(_) => form("missing-elements", "T-05", None, Generated),
            Wording::StatusAnswer(_) => form("status-answer", "T-12", None, Replied),
            Wording::ChannelSet(_) => form("channel-set", "T-12", None, Replied),
            Wording::CaseOpened(_) => team("case-opened", "T-50", Generated),
            Wording::MailJoined(_) => team("mail-joined", "T-12", Generated),
            Wording::LetterFailed(_) => team("letter-failed", "T-56", Generated),
            Wording::LetterHeld(_) => team("letter-held", "T-56", Generated),
            Wording::Transcript(_) => team("transcript", "T-57", Replied),
            Wording::NotObeyed(_) => team("not-obeyed", "T-57", Replied),
            Wording::RosterChanged(_) => {
                Form { internal: true, ..form("roster-changed", "T-56", None, Generated) }
            }
            Wording::CaseChanged(_) => team("case-changed", "T-12", Generated),
            Wording::NoticeNews(_) => team("notice-news", "T-42", Generated),
            Wording::ReadIn(_) => team("read-in", "T-58", Generated),
            Wording::ReadOut(_) => team("read-out", "T-58", Generated),
            Wording::PostDigest(_) => team("siren-digest", "T-47", Generated),
            Wording::ListAlarm(_) => team("list-alarm", "T-51", Generated),
            Wording::OwnWords(_) => person("own-words", "T-12", Case),
            Wording::OwnWordsClear(_) => person("own-words-clear", "T-12", InClear),
            Wording::Confirmed(said) => person("report-confirmed", "T-07a", said.detail()),
            Wording::NotConfirmed(said) => person("report-not-confirmed", "T-07b", said.detail()),
            Wording::Declined(said) => person("request-declined", said.declined(), said.detail()),
            Wording::Engaged(said) => person("case-engaged", "T-08", said.detail()),
            Wording::Deferred(said) => person("case-deferred", "T-15", said.detail()),
            Wording::Duplicate(said) => person("report-duplicate", "T-06", said.detail()),
            Wording::Closed(said) => person("case-closed", "T-60", said.detail()),
            Wording::ContactAsked(_) => person("contact-asked", "T-10", None),
            Wording::EmbargoInvited(_) => person("embargo-invited", "T-30", None),
            Wording::Notice(_) => form(NOTICE, "T-41", InClear, Automatic::No),
        }
    }
}

impl Said {
    fn detail(&self) -> Detail {
        if self.sentence.is_some() { Detail::Case } else { Detail::None }
    }

    /// The T-number of a refusal, by its reason.
    fn declined(&self) -> &'static str {
        match self.reason.as_deref() {
            Some("closed-source") => "T-09a",
            Some("hardening") => "T-09b",
            Some("own-exposure") => "T-09c",
            Some("below-floor") => "T-09d",
            _ => "T-09e",
        }
    }
}
