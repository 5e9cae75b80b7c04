//! The fields of letters about watched lists. Whatever a post says in them is cleaned, and stands
//! on one line or behind bars.

use super::{CaseCard, ReadyLine};
use jiff::Timestamp;
use serde::Serialize;

/// T-47, to a coordinator: posts that may be worth a notice. It speaks of no case.
#[derive(Clone, Debug, Serialize)]
pub struct PostDigest {
    /// How many flaws the posts are about.
    pub flaws: usize,
    pub urgent: usize,
    /// The strongest first.
    pub entries: Vec<DigestEntry>,
    /// Flaws that are not shown, and their posts as counts, a line a list.
    pub more: usize,
    pub more_are: Vec<String>,
    /// Posts without a reason for a notice since the digest before.
    pub others: usize,
    pub others_are: Vec<String>,
}

/// One flaw, however many posts are about it.
#[derive(Clone, Debug, Serialize)]
pub struct DigestEntry {
    pub number: usize,
    /// "O12"
    pub id: String,
    pub urgent: bool,
    pub lists: String,
    pub posted: Timestamp,
    pub subject: String,
    pub author: String,
    /// "S-1: …", the strongest first.
    pub why: Vec<String>,
    pub ids: String,
    pub packages: String,
    pub fixed: String,
    /// A post says so, or a catalogue: what, stands in `why`.
    pub exploited: bool,
    pub link: Option<String>,
    pub posts: usize,
    /// The line to send back.
    pub ready: String,
}

/// To those who attend to a case: public posts touch it.
#[derive(Clone, Debug, Serialize)]
pub struct ListAlarm {
    /// The case is not public, or an embargo is proposed or in force.
    pub silent: bool,
    /// Words of it stand in a post that went or came encrypted.
    pub words: bool,
    /// A code, number or Message-ID of ours stands in one.
    pub mark: bool,
    /// The strongest first.
    pub posts: Vec<AlarmPost>,
    pub more: usize,
    pub card: CaseCard,
    pub ready: Vec<ReadyLine>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AlarmPost {
    pub number: usize,
    pub id: String,
    pub list: String,
    pub posted: Timestamp,
    pub author: String,
    pub subject: String,
    pub link: Option<String>,
    /// What it has to do with the case, and how sure that is.
    pub why: String,
    pub exploited: Option<String>,
    /// Its first sentences; behind bars.
    pub gist: String,
}
