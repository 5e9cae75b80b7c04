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

/// By keyed digest.
pub(super) type SealedIndex = BTreeMap<u64, Arc<SealedWords>>;

impl Caseload {
    /// Where a passage with this keyed digest went or came encrypted: words of ours before those
    /// of others.
    pub fn sealed_words(&self, passage: u64) -> Option<&SealedWords> {
        self.sealed_words.get(&passage).map(Arc::as_ref)
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

    /// The same whatever the order: the smallest stays.
    fn index(&mut self, words: SealedWords, passages: &[u64]) {
        let words = Arc::new(words);
        for passage in passages {
            let known = self.sealed_words.entry(*passage).or_insert_with(|| words.clone());
            if rank(&words) < rank(known) {
                *known = words.clone();
            }
        }
    }
}

fn rank(words: &SealedWords) -> (Option<&Address>, &CaseId) {
    (words.from.as_ref(), &words.case)
}
