//! Posts in the books that may be about the same, and what ties each of them to a new one.

use super::Likeness;
use super::flaws::{About, Flaws};
use crate::case::{Observed, PostKind, SeenPost, SeenPosts};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Flaws of one post that are looked up.
const FLAWS: usize = 16;
/// Texts so alike that an id or a date may be missing in one.
const ALIKE: f64 = 0.7;
const COPY: f64 = 0.85;
const HALF: f64 = 0.5;
/// What has the same subject later is another matter: next year's release.
const NEAR: SignedDuration = SignedDuration::from_hours(90 * 24);

pub(super) struct Kin<'a> {
    pub seen: &'a SeenPost,
    pub same_message: bool,
    pub same_instant: bool,
    pub same_author: bool,
    pub same_day: bool,
    pub same_subject: bool,
    /// One answers the other or passes it on, or both answer a third.
    pub in_thread: bool,
    /// Both have a series, and not the same.
    pub other_series: bool,
    pub other_version: bool,
    pub same_series: bool,
    pub near: bool,
    pub flaws: Flaws,
    pub likeness: Likeness,
}

/// Everything that may be the same, found by one sign or another, oldest first.
pub(super) fn of<'a>(books: &'a SeenPosts, post: &Observed) -> Vec<Kin<'a>> {
    let threads = threads(books, post);
    let about = About::of(books, &post.about);
    let mut found: BTreeMap<u32, &SeenPost> = threads.clone();
    let mut take = |seen: &'a SeenPost| found.entry(seen.number).or_insert(seen).number;
    post.message_id.iter().filter_map(|id| books.of_message(id)).for_each(|seen| {
        take(seen);
    });
    for id in post.about.iter().take(FLAWS) {
        books.about(id).for_each(|seen| {
            take(seen);
        });
    }
    let series = post.series.iter().flat_map(|series| books.of_series(series));
    for seen in series.chain(books.of_subject(&post.subject)).chain(books.like(&post.print)) {
        take(seen);
    }
    let tie = |seen: &'a SeenPost| {
        let in_thread = threads.contains_key(&seen.number);
        Kin { in_thread, flaws: about.compared(&seen.post.about), ..Kin::of(post, seen) }
    };
    found.into_values().map(tie).collect()
}

/// What the post answers or passes on, what answers it, and what has the same root.
fn threads<'a>(books: &'a SeenPosts, post: &Observed) -> BTreeMap<u32, &'a SeenPost> {
    let above = post.thread.iter().filter_map(|id| books.of_message(id));
    let roots = [post.thread.first(), post.thread.last(), post.message_id.as_ref()];
    let roots: BTreeSet<_> = roots.into_iter().flatten().collect();
    let around = roots.into_iter().flat_map(|root| books.in_thread(root));
    above.chain(around).map(|seen| (seen.number, seen)).collect()
}

impl<'a> Kin<'a> {
    fn of(post: &Observed, seen: &'a SeenPost) -> Kin<'a> {
        let old = &seen.post;
        let names = post.series.as_ref().zip(old.series.as_ref());
        let same_name = names.is_some_and(|(a, b)| a.name.eq_ignore_ascii_case(&b.name));
        let apart = |limit| is_within(post.posted, old.posted, limit);
        Kin {
            seen,
            same_message: post.message_id.is_some() && post.message_id == old.message_id,
            same_instant: apart(SignedDuration::from_secs(2)) == Some(true),
            same_author: is_same_author(&post.author, &old.author),
            same_day: apart(SignedDuration::from_hours(24)) != Some(false),
            same_subject: is_same_subject(&post.subject, &old.subject),
            in_thread: false,
            other_series: names.is_some() && !same_name,
            other_version: same_name && names.is_some_and(|(a, b)| a.version != b.version),
            same_series: same_name,
            near: apart(NEAR) != Some(false),
            flaws: Flaws::Unknown,
            likeness: Likeness::of(post, old),
        }
    }

    /// It is about the same as the new post, and says so to everybody.
    pub fn is_family(&self, post: &Observed) -> bool {
        if !self.seen.post.kind.announces() {
            return self.is_text_copy();
        }
        match self.flaws {
            Flaws::Disjoint => false,
            Flaws::Equal => true,
            _ if self.other_series => false,
            _ if self.same_series => true,
            Flaws::Some => self.is_follow_up(post) || self.likeness.is_copy(ALIKE),
            Flaws::Unknown => self.is_text_copy() || self.is_follow_up(post) || self.is_again(post),
        }
    }

    /// Another post cannot be told from it by flaws, and most of its text is the same.
    fn is_text_copy(&self) -> bool {
        let passed_on = self.in_thread && self.likeness.holds();
        let same = self.same_subject && self.near && self.likeness.is_copy(COPY);
        self.flaws != Flaws::Disjoint && !self.other_series && (same || passed_on)
    }

    /// In its thread, or under its subject, by its author or as an update.
    fn is_follow_up(&self, post: &Observed) -> bool {
        let tied = self.in_thread || self.same_subject && self.near;
        let by_author = self.same_author && self.flaws == Flaws::Some;
        let marked = post.kind == PostKind::Update && (self.in_thread || self.same_author);
        tied && (by_author || marked || self.in_thread && self.same_author)
    }

    /// By the same author under the same subject, and not this week's list of other releases.
    fn is_again(&self, post: &Observed) -> bool {
        let old = &self.seen.post;
        let share = |of: fn(&Observed) -> &[String]| {
            let (ours, theirs) = (of(post), of(old));
            ours.is_empty() || theirs.is_empty() || ours.iter().any(|one| theirs.contains(one))
        };
        let same = share(|post| &post.affected) && share(|post| &post.fixed);
        same && self.same_subject && self.same_author && self.near && self.likeness.is_copy(HALF)
    }

    /// Where nothing is new: two people who tell of one flaw in words of their own are no copies.
    pub fn shows_same(&self) -> bool {
        let own_words = self.likeness.is_known() && !self.likeness.is_akin();
        !self.other_series && !self.other_version && !own_words
    }

    /// However alike the texts: another flaw, another advisory, another version of it.
    pub fn differs(&self) -> bool {
        self.flaws == Flaws::Disjoint || self.other_series || self.other_version
    }

    /// Texts too short to tell by: the same subject, and no other words than those.
    pub fn bare_copy(&self) -> bool {
        let alike = self.likeness.is_empty() || self.likeness.jaccard() >= HALF;
        self.same_subject && !self.likeness.is_known() && alike
    }

    pub fn is_older_version(&self, post: &Observed) -> bool {
        let ours = post.series.as_ref().map(|series| series.version);
        let theirs = self.seen.post.series.as_ref().map(|series| series.version);
        !self.same_series || theirs < ours
    }

    /// Why it is the same, the surest first.
    pub fn sentence(&self) -> String {
        let what = match self {
            _ if self.same_message => "It has the same Message-ID",
            _ if self.in_thread && self.likeness.holds() => "It passes on the same text",
            _ if self.flaws == Flaws::Equal => "It is about the same ids",
            _ if self.same_series => "It is the same version of the same advisory",
            _ if self.same_subject => "It has the same subject and most of the same text",
            _ => "It has most of the same text",
        };
        format!("{what}, and says nothing new.")
    }
}

fn is_within(
    one: Option<Timestamp>,
    other: Option<Timestamp>,
    at_most: SignedDuration,
) -> Option<bool> {
    let apart = one?.duration_since(other?).abs();
    Some(apart <= at_most)
}

/// Lists write "Name via list" into From: then the names must do.
fn is_same_author(one: &str, other: &str) -> bool {
    let parts = |author: &str| {
        let lower = author.to_lowercase();
        let (name, address) = lower.split_once('<').unwrap_or((&lower, ""));
        let (name, via) = name.split_once(" via ").map_or((name, false), |(name, _)| (name, true));
        (
            name.trim_matches([' ', '"', '\'']).to_owned(),
            address.trim_end_matches('>').to_owned(),
            via,
        )
    };
    let ((one, at, via), (other, other_at, other_via)) = (parts(one), parts(other));
    let by_name = !one.is_empty() && one == other;
    by_name && (via || other_via || at.is_empty() || other_at.is_empty())
        || !at.is_empty() && at == other_at
}

/// The same words, or the one behind a tag that only the other has.
fn is_same_subject(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let tagged = short.split_whitespace().count() >= 4 && long.ends_with(short);
    tagged || SeenPosts::same_subject(one, other)
}
