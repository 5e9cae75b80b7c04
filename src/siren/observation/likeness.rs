//! How alike two texts are, by the smallest digests of their phrases.

use crate::case::Observed;

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
    /// Both prints are sorted. Above the greatest digest of a full print nothing is known of its
    /// text.
    pub fn of(one: &Observed, other: &Observed) -> Likeness {
        let known = |print: &[u64]| match print.len() >= WHOLE {
            true => print.last().copied().unwrap_or(u64::MAX),
            false => u64::MAX,
        };
        let limit = known(&one.print).min(known(&other.print));
        let below = |print: &[u64]| print.partition_point(|hash| *hash <= limit);
        let (of_one, of_other) = (below(&one.print), below(&other.print));
        let known = one.print.iter().take(of_one);
        let shared = known.filter(|hash| other.print.binary_search(hash).is_ok()).count();
        Likeness { shared, one: of_one, other: of_other }
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

    pub fn is_empty(self) -> bool {
        self.one + self.other == 0
    }

    pub fn is_copy(self, at_least: f64) -> bool {
        self.is_known() && self.jaccard() >= at_least
    }

    /// Some of the one comes from the other; unknown where one is too short.
    pub fn is_akin(self) -> bool {
        let least = self.one.min(self.other);
        self.jaccard() >= 0.4 || self.shared * 10 >= least * 8
    }

    /// The older text is in the newer one, with words around it.
    pub fn holds(self) -> bool {
        self.other >= TELLING && self.shared * 10 >= self.other * 9
    }
}
