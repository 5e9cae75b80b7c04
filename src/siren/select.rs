//! Which posts are worth a notice, and why.

use super::observation::Sameness;
use crate::case::{Observed, Reason, SirenRules};

/// Every reason there is, the strongest first; none where it is not worth a notice.
pub fn reasons(_: &Observed, _: &Sameness, _: &SirenRules) -> Vec<Reason> {
    Vec::new()
}
