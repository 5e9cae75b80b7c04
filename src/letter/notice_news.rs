//! What the team hears of a notice on its way.

use super::{CaseCard, ReadyLine};
use serde::Serialize;
use strum::Display;

#[derive(Clone, Debug, Serialize)]
pub struct NoticeNews {
    pub what: NoticeStep,
    /// "SIRT-SIREN-2026-0007 version 1"
    pub notice: String,
    pub list: String,
    /// What there is to know, as sentences of ours.
    pub said: Vec<String>,
    /// What was posted, word for word; empty where it did not leave.
    pub words: String,
    pub card: CaseCard,
    pub ready: Vec<ReadyLine>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum NoticeStep {
    Posted,
    Held,
    /// It came back from the list as it was sent.
    Seen,
    /// It came back, and the signature or the words are damaged.
    Damaged,
    /// It did not come back.
    Missed,
}
