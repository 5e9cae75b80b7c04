//! How alike two texts are, by the smallest digests of their phrases.

use crate::case::Observed;
use std::collections::BTreeSet;

/// How many digests a whole print holds; one with fewer holds all phrases of its text.
const WHOLE: usize = 64;
/// Fewer than these say nothing: "Thanks, I will look into it."
const TELLING: usize = 8;

/// What two prints share, as far as both are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    shared: usize,
    one: usize,
    other: usize,
}

impl Likeness {
    /// Above the greatest digest of a full print nothing is known about its text.
    pub fn of(one: &Observed, other: &Observed) -> Likeness {
        let known = |print: &[u64]| match print.len() >= WHOLE {
            true => print.last().copied().unwrap_or(u64::MAX),
            false => u64::MAX,
        };
        let limit = known(&one.print).min(known(&other.print));
        let below = |print: &[u64]| -> BTreeSet<u64> {
            print.iter().copied().filter(|hash| *hash <= limit).collect()
        };
        let (one, other) = (below(&one.print), below(&other.print));
        let shared = one.intersection(&other).count();
        Likeness { shared, one: one.len(), other: other.len() }
    }

    /// Phrases of both among the phrases of either: 0 for nothing, 1 for the same text.
    pub fn jaccard(self) -> f64 {
        let either = self.one + self.other - self.shared;
        if either == 0 { 0.0 } else { self.shared as f64 / either as f64 }
    }

    /// Long enough to say anything.
    pub fn is_known(self) -> bool {
        self.one.min(self.other) >= TELLING
    }

    pub fn is_copy(self, at_least: f64) -> bool {
        self.is_known() && self.jaccard() >= at_least
    }

    /// The older text is in the newer one, with words around it.
    pub fn holds(self) -> bool {
        self.other >= TELLING && self.shared * 10 >= self.other * 9
    }
}
