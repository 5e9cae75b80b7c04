//! Whether two posts are the same, or one brings the other up to date.
//!
//! Evidence is asked in the order of its certainty: Message-ID, thread, ids under all their names,
//! series and version, subject, text. Whatever ties two posts, a third question decides: does the
//! new one say something that none of those before it said? Then it is an update, never a
//! duplicate. An answer in a discussion is neither, and stays a post of its own, unless it tells
//! of exploitation or its author mends an advisory with it.

mod flaws;
mod kin;
mod likeness;
mod news;
mod ours;
#[cfg(test)]
pub(crate) mod samples;

pub use likeness::Likeness;
pub use news::News;
pub use ours::{Ours, Traces, is_ours};

use crate::case::{Observed, PostKind, SeenPost, SeenPosts};
use flaws::Flaws;
use kin::Kin;

/// What a new post is to those seen before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sameness {
    New,
    /// It says the same as that one; and what shows it, as a sentence.
    Same(u32, String),
    /// It brings that one up to date; and what is new in it. Without any news it is another
    /// account of the same: nobody is told, and nothing is taken for a copy.
    Update(u32, Vec<News>),
}

/// How alike two texts are of which a list changed one.
const COPY: f64 = 0.85;
/// So alike that a footer or a lost line may be all the difference.
const TWIN: f64 = 0.9;

impl Sameness {
    pub fn same_as(&self) -> Option<u32> {
        match self {
            Sameness::Same(number, _) => Some(*number),
            _ => None,
        }
    }

    pub fn update_of(&self) -> Option<u32> {
        match self {
            Sameness::Update(number, _) => Some(*number),
            _ => None,
        }
    }

    /// What shows it, or what is new, as sentences.
    pub fn because(&self) -> String {
        match self {
            Sameness::New => String::new(),
            Sameness::Same(_, why) => why.clone(),
            Sameness::Update(_, news) => {
                news.iter().map(News::sentence).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// What the post is to those in the books. It must not be among them yet.
pub fn compare(books: &SeenPosts, post: &Observed) -> Sameness {
    let kin = kin::of(books, post);
    if let Some(copy) = same_mail(&kin) {
        return copy;
    }
    match post.kind {
        PostKind::Discussion | PostKind::CveRequest => answered(post, &kin),
        _ => announced(post, &kin),
    }
}

/// The same mail by another way: its Message-ID or its instant, and its text. A Message-ID alone
/// proves nothing: anybody can send another text under it first.
fn same_mail(kin: &[Kin]) -> Option<Sameness> {
    let alike = |kin: &&Kin| kin.likeness.jaccard() >= TWIN || kin.bare_copy();
    let copy = kin.iter().filter(|kin| !kin.differs()).filter(alike);
    let copy = copy
        .filter(|kin| kin.same_message || kin.same_instant && kin.same_author && kin.same_subject);
    let copy = copy.min_by_key(|kin| (!kin.same_message, kin.seen.number))?;
    let why = match copy.same_message {
        true => "It has the same Message-ID and the same text.",
        false => "The same author sent the same text at the same second.",
    };
    Some(Sameness::Same(original(copy.seen), why.to_owned()))
}

/// An advisory, or what may be one: beside those about the same, is there anything new in it?
fn announced(post: &Observed, kin: &[Kin]) -> Sameness {
    let family: Vec<&Kin> = kin.iter().filter(|kin| kin.is_family(post)).collect();
    let said: Vec<&Observed> = family.iter().map(|kin| &kin.seen.post).collect();
    let Some(newest) = family.iter().max_by_key(|kin| kin.seen.number) else {
        return Sameness::New;
    };
    let news = news::beyond(post, &said);
    let same = family.iter().filter(|kin| kin.shows_same());
    let alike = |kin: &&&Kin| ((kin.likeness.jaccard() * 64.0) as u32, u32::MAX - kin.seen.number);
    match same.max_by_key(alike).filter(|_| news.is_empty() && !is_reworded(post, &family)) {
        Some(kin) => Sameness::Same(original(kin.seen), kin.sentence()),
        None if news.is_empty() && family.iter().all(|kin| kin.other_series) => Sameness::New,
        None => {
            // What another distributor says about a flaw brings no advisory up to date.
            let before =
                family.iter().filter(|kin| !kin.other_series && kin.is_older_version(post));
            let order = |kin: &&&Kin| (kin.seen.post.series.is_some(), kin.seen.number);
            Sameness::Update(original(before.max_by_key(order).unwrap_or(newest).seen), news)
        }
    }
}

/// An author who writes again about the same, in other words or as an update, tells something,
/// even where no fact could be read.
fn is_reworded(post: &Observed, family: &[&Kin]) -> bool {
    let copied = family.iter().any(|kin| {
        let alike = kin.likeness.is_copy(COPY) || kin.same_author && kin.bare_copy();
        alike && (post.kind != PostKind::Update || kin.seen.post.kind == PostKind::Update)
    });
    let again = |kin: &&Kin| kin.same_author && !kin.same_day && kin.likeness.is_known();
    let by_author = || family.iter().copied().any(|kin| again(&kin));
    !copied && (post.kind == PostKind::Update || by_author())
}

/// An answer, or a request for an id: a copy of another, grave news, or a post of its own.
fn answered(post: &Observed, kin: &[Kin]) -> Sameness {
    let about = |kin: &&Kin| kin.in_thread || kin.flaws == Flaws::Equal;
    let family: Vec<&Kin> = kin.iter().filter(about).collect();
    let said: Vec<&Observed> = family.iter().map(|kin| &kin.seen.post).collect();
    let root = family.iter().filter(|kin| kin.seen.post.kind.announces());
    let Some(root) = root.max_by_key(|kin| (kin.in_thread, kin.seen.number)) else {
        return copied(kin);
    };
    let mut news = news::beyond(post, &said);
    news.retain(|news| news.is_grave() || root.same_author);
    match news.is_empty() {
        true => copied(kin),
        false => Sameness::Update(original(root.seen), news),
    }
}

/// An answer that came by two ways, or that holds nothing but what it passes on.
fn copied(kin: &[Kin]) -> Sameness {
    let is_copy = |kin: &&Kin| {
        let same = kin.same_subject && kin.likeness.is_copy(TWIN);
        kin.flaws != Flaws::Disjoint && (same || kin.in_thread && kin.likeness.holds())
    };
    match kin.iter().filter(is_copy).min_by_key(|kin| kin.seen.number) {
        Some(copy) => Sameness::Same(original(copy.seen), copy.sentence()),
        None => Sameness::New,
    }
}

fn original(seen: &SeenPost) -> u32 {
    seen.same_as.as_ref().map_or(seen.number, |(number, _)| *number)
}

#[cfg(test)]
#[path = "observation_tests.rs"]
mod tests;
