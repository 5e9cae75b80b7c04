//! Which posts are worth a notice, and why.

use super::observation::Sameness;
use crate::case::{Observed, Reason, Selection, SirenRules};

/// Every reason there is, the strongest first; none where it is not worth a notice.
pub fn reasons(_: &Observed, _: &Sameness, _: &SirenRules) -> Vec<Reason> {
    Vec::new()
}

/// Somebody ought to look at it now: it is exploited, or malicious.
pub fn is_urgent(reasons: &[Reason]) -> bool {
    reasons.iter().any(|one| matches!(one.rule, Selection::Exploited | Selection::Malicious))
}
