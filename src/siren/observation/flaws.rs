//! Whether two posts are about the same flaws, by whatever names.

use crate::case::SeenPosts;
use std::collections::BTreeSet;

/// The flaws two posts are about, each under one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaws {
    Equal,
    Some,
    Disjoint,
    /// One of them names none.
    Unknown,
}

/// The flaws a new post is about. Two names it gives one flaw are one, before the books know.
pub(super) struct About<'a> {
    books: &'a SeenPosts,
    ids: &'a [String],
    one: BTreeSet<String>,
    flaws: BTreeSet<String>,
}

impl<'a> About<'a> {
    pub fn of(books: &'a SeenPosts, ids: &'a [String]) -> About<'a> {
        let one = books.one_flaw(ids).unwrap_or_default();
        let about = About { books, ids, one, flaws: BTreeSet::new() };
        About { flaws: about.named(ids), ..about }
    }

    /// Ids of flaws decide; those of papers (DSA, XSA) only where a post has no others.
    pub fn compared(&self, theirs: &[String]) -> Flaws {
        if theirs.is_empty() || self.ids.is_empty() {
            return Flaws::Unknown;
        }
        if theirs == self.ids {
            return Flaws::Equal;
        }
        let flaws = self.named(theirs);
        match self.flaws.is_empty() || flaws.is_empty() {
            true => between(&self.ids.iter().cloned().collect(), &theirs.iter().cloned().collect()),
            false => between(&self.flaws, &flaws),
        }
    }

    fn named(&self, ids: &[String]) -> BTreeSet<String> {
        ids.iter().filter(|id| SeenPosts::is_flaw(id)).map(|id| self.name(id)).collect()
    }

    /// One name for each flaw: its CVE where it has one, else the first of its names.
    fn name(&self, id: &str) -> String {
        let known = self.books.names_of(id);
        let names = if known.is_disjoint(&self.one) { &known } else { &self.one };
        let cve = names.iter().find(|name| name.starts_with("CVE-"));
        cve.or(names.first()).cloned().unwrap_or_else(|| id.to_owned())
    }
}

fn between(one: &BTreeSet<String>, other: &BTreeSet<String>) -> Flaws {
    if one == other {
        Flaws::Equal
    } else if one.is_disjoint(other) {
        Flaws::Disjoint
    } else {
        Flaws::Some
    }
}
