//! What was seen on watched lists: kept as observations, told in digests, and at once only to
//! those whose case it touches. It moves no fact and no embargo, and nobody on a list is answered.

use super::draft::Draft;
use crate::case::{Caseload, HouseRules};
use jiff::Timestamp;

/// When the next digest of candidates is to be written.
pub fn next_digest(_: &Caseload, _: &HouseRules) -> Option<Timestamp> {
    None
}

pub fn digest_due(_: &mut Draft<'_>) {}
