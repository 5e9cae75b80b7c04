//! Which passages went or came encrypted: an index over all cases, so that a clear mail that
//! repeats one is noticed without a look at each of them.

use super::{CaseId, Caseload, Posted};
use crate::mail::Address;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a passage stands.
#[derive(Debug)]
pub struct SealedWords {
    pub case: CaseId,
    /// Who wrote it to us; none for words of ours.
    pub from: Option<Address>,
}

/// By keyed digest: every place, ours first. A copy that Eve sends us of what she caught hides no
/// other case.
pub(super) type SealedIndex = BTreeMap<u64, Vec<Arc<SealedWords>>>;

impl Caseload {
    /// Where a passage with this keyed digest went or came encrypted: words of ours before those
    /// of others.
    pub fn sealed_words(&self, passage: u64) -> Option<&SealedWords> {
        self.all_sealed_words(passage).next()
    }

    /// Everywhere it does.
    pub fn all_sealed_words(&self, passage: u64) -> impl Iterator<Item = &SealedWords> {
        self.sealed_words.get(&passage).into_iter().flatten().map(Arc::as_ref)
    }

    pub(super) fn index_letter(&mut self, letter: &Posted) {
        if let Some(case) = &letter.case {
            self.index(SealedWords { case: case.clone(), from: None }, &letter.passages);
        }
    }

    pub(super) fn index_mail(&mut self, case: &CaseId, from: Option<&Address>, passages: &[u64]) {
        // Of an author who is not known it is enough that it is not us.
        let Some(from) = from.cloned() else { return };
        self.index(SealedWords { case: case.clone(), from: Some(from) }, passages);
    }

    /// The same whatever the order in which they are read.
    fn index(&mut self, words: SealedWords, passages: &[u64]) {
        let words = Arc::new(words);
        for passage in passages {
            let known = self.sealed_words.entry(*passage).or_default();
            if let Err(at) = known.binary_search_by(|one| rank(one).cmp(&rank(&words))) {
                known.insert(at, words.clone());
            }
        }
    }
}

fn rank(words: &SealedWords) -> (Option<&Address>, &CaseId) {
    (words.from.as_ref(), &words.case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eve_sends_us_again_what_she_caught() {
        let id = |text| CaseId::parse(text).expect("a number");
        let from = |text| Address::parse(text).expect("an address");
        let (fay, eve) = (from("fay@finders.example"), from("eve@evil.example"));
        let mut cases = Caseload::default();
        cases.index_mail(&id("SIRT-2026-4827"), Some(&fay), &[7]);
        for _ in 0..2 {
            cases.index_mail(&id("SIRT-2026-1001"), Some(&eve), &[7]);
        }
        let all: Vec<&str> = cases.all_sealed_words(7).map(|words| words.case.as_str()).collect();
        assert_eq!(all, ["SIRT-2026-1001", "SIRT-2026-4827"]);
    }
}
