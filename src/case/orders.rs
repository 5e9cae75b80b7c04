//! Orders: the signed mails of members, what became of each, and what may still follow from it.

use super::CaseId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

/// What became of a signed mail of orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    Done,
    /// Nothing was done; one line may be mended by `/again`.
    Refused,
    /// Nothing was done yet; `/confirm` does it.
    Waits,
    /// `/try`: nothing was done.
    Tried,
}

/// A signed mail that was read, so that it is never obeyed twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrdersTaken {
    /// Signer, signed bytes and signature time, as one digest.
    pub orders: String,
    pub member: String,
    /// When the signature says it was made.
    pub made: Timestamp,
    pub outcome: Outcome,
    /// It changed this case.
    pub changes: bool,
    /// Why it was refused, in words of ours.
    pub why: Option<String>,
    /// The code of its answer: `/again` and `/confirm` name it.
    pub code: Option<String>,
    /// Earlier orders that this mail carried out or mended: they are used up.
    #[serde(default)]
    pub uses: Option<String>,
    #[serde(default)]
    pub private: KeptOrders,
}

/// What was ordered, kept while it may be mended or confirmed. Empty once it was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptOrders {
    pub lines: Vec<String>,
    pub text: String,
    /// The case that a case line of ours named.
    pub case: Option<CaseId>,
    /// A case line of ours stood in it.
    pub certain: bool,
    /// Of everything that was to leave and of the case as it stood: a confirmation is for this.
    pub digest: String,
    /// The letter of ours that they answered.
    pub answers: Option<u64>,
    /// When they were first sent in, where they have run before.
    pub since: Option<Timestamp>,
}

/// Orders as they stand in the caseload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Orders {
    pub case: Option<CaseId>,
    pub at: Timestamp,
    pub taken: OrdersTaken,
    /// Mended, confirmed, undone: its code is worth nothing any more.
    pub used: bool,
}

/// Until when refused orders may be mended, and waiting ones confirmed.
pub fn ends(at: Timestamp) -> Timestamp {
    at.checked_add(crate::limits::ORDERS_KEPT).unwrap_or(at)
}
