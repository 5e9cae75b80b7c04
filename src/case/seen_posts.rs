//! Posts of watched lists in the caseload, found by whatever tells that two say the same.

use super::post_index::{PostIndex, names_flaw, subject_key};
use super::{CaseId, Caseload, Entry, Event, SeenPost, Series, Tellings};
use crate::mail::MessageId;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub struct SeenPosts {
    posts: BTreeMap<u32, SeenPost>,
    // Derived.
    by_message: BTreeMap<MessageId, u32>,
    by_id: BTreeMap<String, BTreeSet<u32>>,
    untold: BTreeSet<u32>,
    index: PostIndex,
    /// Posts that touch a case and that its people have not heard of.
    untold_in: BTreeMap<CaseId, BTreeSet<u32>>,
    /// When they last heard of any.
    told_in: BTreeMap<CaseId, Timestamp>,
    digests: BTreeSet<Timestamp>,
    /// When the newest came that was not imported.
    newest: Option<Timestamp>,
}

impl SeenPosts {
    pub fn get(&self, number: u32) -> Option<&SeenPost> {
        self.posts.get(&number)
    }

    pub fn all(&self) -> impl DoubleEndedIterator<Item = &SeenPost> {
        self.posts.values()
    }

    pub fn next(&self) -> u32 {
        self.posts.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    pub fn of_message(&self, id: &MessageId) -> Option<&SeenPost> {
        self.by_message.get(id).and_then(|number| self.posts.get(number))
    }

    /// Posts that name this id, oldest first.
    pub fn naming(&self, id: &str) -> impl Iterator<Item = &SeenPost> {
        self.by_id.get(id).into_iter().flatten().filter_map(|number| self.posts.get(number))
    }

    /// Posts that answer this one or pass it on, oldest first.
    pub fn in_thread(&self, root: &MessageId) -> impl Iterator<Item = &SeenPost> {
        self.numbered(self.index.in_thread(root))
    }

    /// Advisories about this flaw under any of its names.
    pub fn about(&self, id: &str) -> impl Iterator<Item = &SeenPost> {
        self.numbered(self.index.about(id))
    }

    /// All versions of an advisory, in the order they came.
    pub fn of_series(&self, series: &Series) -> impl Iterator<Item = &SeenPost> {
        self.numbered(self.index.of_series(series))
    }

    /// Posts whose subject has the same words.
    pub fn of_subject(&self, subject: &str) -> impl Iterator<Item = &SeenPost> {
        self.numbered(self.index.of_subject(subject))
    }

    /// Posts that share some of this text, those that share most first.
    pub fn like(&self, print: &[u64]) -> impl Iterator<Item = &SeenPost> {
        self.numbered(self.index.like(print))
    }

    /// All names a flaw is known by, this one too: learned from advisories that give it two.
    pub fn names_of(&self, id: &str) -> BTreeSet<String> {
        self.index.names_of(id)
    }

    /// All names of the one flaw that these ids name; None where they may name several.
    pub fn one_flaw(&self, ids: &[String]) -> Option<BTreeSet<String>> {
        self.index.one_flaw(ids)
    }

    /// The id of a flaw itself; those of distributors (DSA, USN, XSA) name a paper about flaws.
    pub fn is_flaw(id: &str) -> bool {
        names_flaw(id)
    }

    /// Whether two subjects have the same words.
    pub fn same_subject(one: &str, other: &str) -> bool {
        let key = subject_key(one);
        !key.is_empty() && key == subject_key(other)
    }

    fn numbered(&self, numbers: Vec<u32>) -> impl Iterator<Item = &SeenPost> {
        numbers.into_iter().filter_map(|number| self.posts.get(&number))
    }

    /// Candidates that stood in no digest yet, oldest first.
    pub fn untold(&self) -> impl Iterator<Item = &SeenPost> {
        self.untold.iter().filter_map(|number| self.posts.get(number))
    }

    pub(super) fn add(&mut self, seen: SeenPost) {
        let number = seen.number;
        if let Some(id) = &seen.post.message_id {
            self.by_message.entry(id.clone()).or_insert(number);
        }
        for id in &seen.post.ids {
            self.by_id.entry(id.clone()).or_default().insert(number);
        }
        self.index.add(number, &seen.post);
        self.newest = self.newest.max(Some(seen.at).filter(|_| !seen.past));
        if seen.is_candidate() && !seen.told {
            self.untold.insert(number);
        }
        self.digests.extend(seen.tellings.digest);
        for (case, at) in &seen.tellings.cases {
            heard(&mut self.told_in, case, *at);
        }
        let news: Vec<&CaseId> =
            seen.cases.iter().filter(|case| self.is_news(&seen, case)).collect();
        for case in news {
            self.untold_in.entry(case.clone()).or_default().insert(number);
        }
        self.posts.insert(number, seen);
    }

    /// A copy of a post that touches the case already is none, unless it holds words of the case.
    fn is_news(&self, seen: &SeenPost, case: &CaseId) -> bool {
        let first = seen.same_as.as_ref().and_then(|(first, _)| self.posts.get(first));
        let copy = first.is_some_and(|first| !first.past && first.cases.contains(case));
        let told = seen.tellings.cases.contains_key(case);
        !seen.past && !told && (!copy || seen.leaked(case).is_some())
    }

    /// Cases with posts that their people have not heard of.
    pub fn cases_to_tell(&self) -> impl Iterator<Item = &CaseId> {
        self.untold_in.keys()
    }

    /// Posts that touch this case and that its people have not heard of, oldest first.
    pub fn untold_in(&self, case: &CaseId) -> impl Iterator<Item = &SeenPost> {
        let numbers = self.untold_in.get(case).into_iter().flatten();
        numbers.filter_map(|number| self.posts.get(number))
    }

    /// When the people of this case last heard of a post.
    pub fn told_in(&self, case: &CaseId) -> Option<Timestamp> {
        self.told_in.get(case).copied()
    }

    /// When the newest post came that was not imported.
    pub fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    /// When digests were written.
    pub fn digests(&self) -> impl DoubleEndedIterator<Item = Timestamp> {
        self.digests.iter().copied()
    }

    /// They stood in a digest.
    pub(super) fn tell(&mut self, numbers: &[u32], at: Timestamp) {
        self.digests.insert(at);
        for number in numbers {
            self.untold.remove(number);
            if let Some(seen) = self.posts.get_mut(number) {
                seen.told = true;
                seen.tellings.digest = Some(at);
            }
        }
    }

    /// The people of a case have heard of them.
    pub(super) fn tell_in(&mut self, case: &CaseId, numbers: &[u32], at: Timestamp) {
        heard(&mut self.told_in, case, at);
        for number in numbers {
            if let Some(seen) = self.posts.get_mut(number) {
                seen.tellings.cases.insert(case.clone(), at);
            }
        }
        if let Some(untold) = self.untold_in.get_mut(case) {
            untold.retain(|number| !numbers.contains(number));
            if untold.is_empty() {
                self.untold_in.remove(case);
            }
        }
    }
}

fn heard(told: &mut BTreeMap<CaseId, Timestamp>, case: &CaseId, at: Timestamp) {
    let newest = told.entry(case.clone()).or_insert(at);
    *newest = at.max(*newest);
}

impl Caseload {
    /// Posts of watched lists.
    pub fn posts(&self) -> &SeenPosts {
        &self.posts
    }

    pub(super) fn apply_to_posts(&mut self, entry: &Entry) {
        match &entry.event {
            Event::PostObserved { post, list, same_as, update_of, past, private } => {
                self.posts.add(SeenPost {
                    number: *post,
                    at: entry.at,
                    list: list.clone(),
                    post: private.post.clone(),
                    same_as: same_as.map(|same| (same, private.because.clone())),
                    update_of: *update_of,
                    reasons: private.reasons.clone(),
                    cases: private.cases.clone(),
                    past: *past,
                    told: false,
                    leaks: private.leaks.clone(),
                    tellings: Tellings::default(),
                });
            }
            Event::PostsTold { posts } => match &entry.case {
                Some(case) => self.posts.tell_in(case, posts, entry.at),
                None => self.posts.tell(posts, entry.at),
            },
            _ => {}
        }
    }
}
