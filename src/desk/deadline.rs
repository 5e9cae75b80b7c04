//! What falls due by the clock: notices to be posted, alarms and digests about watched lists.
//!
//! The clock is a question asked of the state: [`next_deadline`] says when to ask again, and what
//! is due then follows from the state alone. Asking too early, too late or twice does no harm.

use super::draft::Draft;
use super::{posting, watching};
use crate::case::{Caseload, HouseRules};
use jiff::Timestamp;

/// When something falls due next; None while nothing waits for the clock.
pub fn next_deadline(cases: &Caseload, rules: &HouseRules) -> Option<Timestamp> {
    let posts = posting::next_due(cases, rules);
    let digest = watching::next_digest(cases, rules);
    let alarm = watching::next_alarm(cases);
    [posts, digest, alarm].into_iter().flatten().min()
}

pub fn due(draft: &mut Draft<'_>) {
    posting::post_due(draft);
    watching::alarms_due(draft);
    watching::digest_due(draft);
}
