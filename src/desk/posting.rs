//! Notices on their way: at their instant they become letters to the list, if nothing stands
//! against them at that very moment.

use super::draft::Draft;
use crate::case::{Caseload, HouseRules};
use jiff::Timestamp;

/// When the next approved notice is to be posted.
pub fn next_due(_: &Caseload, _: &HouseRules) -> Option<Timestamp> {
    None
}

pub fn post_due(_: &mut Draft<'_>) {}
