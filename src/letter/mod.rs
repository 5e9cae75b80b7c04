//! Letters as values: who is written to, in which words, under which protection.
//!
//! The desk makes a [`Letter`]; [`template`] gives its words; the outbox dresses it into bytes.
//! On the way into a template every field passes [`fields`], so that no template, ours or a
//! team's own, can be made to print a line of a stranger as one of ours. Nothing here decides
//! whether to write, or to whom, and what a letter may tell is a property of its wording.

mod enclosure;
mod fields;
mod filters;
pub mod layout;
mod notice;
mod notice_news;
mod orders_words;
mod own_words;
mod passed_on;
pub mod sample;
pub mod sample_orders;
pub mod sample_watch;
pub mod template;
mod watch_words;
mod wording;

pub use enclosure::{Enclosure, LeftOut};
pub use filters::instant;
pub use notice::{NoticeFile, NoticePost};
pub use notice_news::{NoticeNews, NoticeStep};
pub use orders_words::*;
pub use passed_on::passed_on;
pub use template::{TemplateError, Templates, Words};
pub use watch_words::*;
pub use wording::*;

use crate::case::{CaseId, Tlp};
use crate::mail::{Address, Fingerprint, MessageId};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Everything that must be written to one reader.
#[derive(Clone, Debug)]
pub struct Letter {
    pub number: u64,
    pub case: Option<CaseId>,
    pub to: Reader,
    pub wording: Wording,
    /// The code in its case line.
    pub code: Option<String>,
    /// The case's title at opening: the protected Subject. None where the letter carries no detail
    /// and goes in the clear.
    pub title: Option<String>,
    /// Stands in the case line of letters with detail.
    pub tlp: Tlp,
    pub message_id: MessageId,
    /// Newest last; In-Reply-To is the last of them.
    pub references: Vec<MessageId>,
    /// Envelope sender: the keyed return address, or the null path (RFC 3834 section 3.3).
    pub return_path: Option<Address>,
    pub written: Timestamp,
    /// What comes attached. Never in a letter that goes in the clear.
    pub files: Vec<Enclosure>,
    /// Why it waits for a person instead of leaving.
    pub held: Option<String>,
    /// Not before this instant: until then it can be stopped.
    pub due: Option<Timestamp>,
    /// The orders it comes from.
    pub orders: Option<String>,
    /// Letters to others that its reader sees word for word, without their codes.
    pub enclosed: Vec<Letter>,
}

/// Whom a letter is for.
#[derive(Clone, Debug)]
pub struct Reader {
    pub address: Address,
    pub name: String,
    /// A member of the team, by handle.
    pub member: Option<String>,
    /// A participant of the case, by number.
    pub participant: Option<u32>,
    pub zone: TimeZone,
    pub protection: Protection,
    /// Only in letters that go in the clear: clients pick the key by address.
    pub reply_to: Option<Address>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Signed, readable by servers on the way: only for wordings without detail.
    Signed,
    /// Signed in the form its list keeps whole, for everybody to read: for a notice alone.
    Public,
    /// Signed and encrypted to this certificate alone. A member's is on the roster; a
    /// participant's comes along, armored.
    Sealed { key: Fingerprint, certificate: Option<String> },
    /// There is no usable key: kept sealed to the team itself, never sent as it is.
    Kept,
}
