//! One letter to the team with everything that may be worth a notice: soon where it is urgent, else
//! once a day, and never one for each post.

use super::{later, link, posted, some_of};
use crate::case::{
    Actor, Caseload, Event, HouseRules, PostKind, SeenPost, SeenPosts, Selection, Series,
};
use crate::desk::draft::Draft;
use crate::desk::notify;
use crate::letter::{DigestEntry, PostDigest};
use crate::limits::{
    DIGEST_ENTRIES, DIGEST_LATEST_TIME, DIGEST_LISTS, DIGEST_QUIET_TIME, URGENT_DIGESTS_A_DAY,
};
use crate::siren::select::is_urgent;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// When the next digest of candidates is to be written.
pub fn next(cases: &Caseload, rules: &HouseRules) -> Option<Timestamp> {
    let posts = cases.posts();
    let first = posts.untold().next()?;
    let daily = daily(first.at, rules.siren.digest_at);
    Some(urgent(posts).map_or(daily, |urgent| urgent.min(daily)))
}

/// Ten minutes after the last post of any kind, so that a flood is one letter; but an urgent post
/// waits an hour at most, unless there were very many such letters in a day.
fn urgent(posts: &SeenPosts) -> Option<Timestamp> {
    let first = posts.untold().find(|seen| is_urgent(&seen.reasons))?.at;
    let newest = posts.newest()?;
    let spaced = posts.digests().next_back().map(|last| later(last, DIGEST_LATEST_TIME));
    let quiet = later(newest, DIGEST_QUIET_TIME).max(spaced.unwrap_or(newest));
    let at = quiet.min(later(first, DIGEST_LATEST_TIME));
    let many = posts.digests().rev().nth(URGENT_DIGESTS_A_DAY - 1);
    Some(many.map_or(at, |many| at.max(later(many, DAY))))
}

/// The first such hour after that instant.
fn daily(after: Timestamp, time: Time) -> Timestamp {
    let date = after.to_zoned(TimeZone::UTC).date();
    let of_day = |days: i64| {
        let day = date.checked_add(days.days()).unwrap_or(date);
        day.to_datetime(time).to_zoned(TimeZone::UTC).map(|at| at.timestamp()).ok()
    };
    let next = of_day(0).filter(|at| *at > after).or_else(|| of_day(1));
    next.unwrap_or_else(|| later(after, DAY))
}

pub fn due(draft: &mut Draft<'_>) {
    if next(draft.cases, draft.rules).is_none_or(|at| at > draft.now) {
        return;
    }
    let posts = draft.cases.posts();
    let digest = digest(posts);
    let posts = posts.untold().map(|seen| seen.number).collect();
    notify::post_digest(draft, &digest);
    draft.note(Actor::Gateway, Event::PostsTold { posts });
}

fn digest(posts: &SeenPosts) -> PostDigest {
    let mut flaws = flaws(posts);
    flaws.sort_by_key(Flaw::rank);
    let urgent = flaws.iter().filter(|flaw| is_urgent(&flaw.strongest.reasons)).count();
    let shown = flaws.iter().take(DIGEST_ENTRIES);
    let entries = shown.zip(1..).map(|(flaw, number)| flaw.entry(number)).collect();
    let rest = flaws.iter().skip(DIGEST_ENTRIES);
    let rest: Vec<&SeenPost> = rest.flat_map(|flaw| flaw.posts.iter().copied()).collect();
    let before = posts.digests().next_back();
    let lately = posts.all().rev().take_while(|seen| Some(seen.at) > before);
    let others: Vec<&SeenPost> = lately.filter(|seen| !seen.past && !seen.is_candidate()).collect();
    PostDigest {
        flaws: flaws.len(),
        urgent,
        entries,
        more: flaws.len().saturating_sub(DIGEST_ENTRIES),
        more_are: counted(&rest),
        others: others.len(),
        others_are: counted(&others),
    }
}

/// Posts on the same flaw, whichever list they came by.
struct Flaw<'a> {
    /// The one with the strongest reason; of several, the first.
    strongest: &'a SeenPost,
    posts: Vec<&'a SeenPost>,
}

/// Candidates by the ids they are about, their series, or the post that they bring up to date.
fn flaws(posts: &SeenPosts) -> Vec<Flaw<'_>> {
    let mut flaws: Vec<Flaw<'_>> = Vec::new();
    let mut known: BTreeMap<Mark<'_>, usize> = BTreeMap::new();
    for seen in posts.untold() {
        let marks = marks(seen);
        let place = marks.iter().find_map(|mark| known.get(mark)).copied();
        let place = place.unwrap_or(flaws.len());
        match flaws.get_mut(place) {
            Some(flaw) => flaw.add(seen),
            None => flaws.push(Flaw { strongest: seen, posts: vec![seen] }),
        }
        for mark in marks {
            known.entry(mark).or_insert(place);
        }
    }
    flaws
}

/// What two posts on one flaw share.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mark<'a> {
    Id(&'a str),
    Series(&'a str),
    Post(u32),
}

fn marks(seen: &SeenPost) -> BTreeSet<Mark<'_>> {
    let ids = seen.post.about.iter().map(|id| Mark::Id(id));
    let series = seen.post.series.iter().map(|Series { name, .. }| Mark::Series(name));
    let posts = [Some(seen.number), seen.update_of].into_iter().flatten().map(Mark::Post);
    ids.chain(series).chain(posts).collect()
}

impl<'a> Flaw<'a> {
    fn add(&mut self, seen: &'a SeenPost) {
        if rule(seen) < rule(self.strongest) {
            self.strongest = seen;
        }
        self.posts.push(seen);
    }

    /// The strongest first; of equals, the newest.
    fn rank(&self) -> (bool, Option<Selection>, Reverse<Timestamp>, u32) {
        let seen = self.strongest;
        (!is_urgent(&seen.reasons), rule(seen), Reverse(seen.at), seen.number)
    }

    fn entry(&self, number: usize) -> DigestEntry {
        let (seen, post) = (self.strongest, &self.strongest.post);
        let lists: BTreeSet<&str> = self.posts.iter().map(|seen| seen.list.as_str()).collect();
        let reasons = seen.reasons.iter().map(|one| format!("{}: {}", one.rule, one.why));
        let mut rules = self.posts.iter().flat_map(|seen| &seen.reasons).map(|one| one.rule);
        let exploited = rules.any(|rule| rule == Selection::Exploited);
        DigestEntry {
            number,
            id: seen.id(),
            urgent: is_urgent(&seen.reasons),
            lists: lists.into_iter().collect::<Vec<_>>().join(", "),
            posted: posted(seen),
            subject: post.subject.clone(),
            author: post.author.clone(),
            why: reasons.collect(),
            ids: some_of(if post.about.is_empty() { &post.ids } else { &post.about }),
            packages: some_of(&post.packages),
            fixed: some_of(&post.fixed),
            exploited,
            link: link(seen),
            posts: self.posts.len(),
            ready: format!("/siren draft {}", seen.id()),
        }
    }
}

fn rule(seen: &SeenPost) -> Option<Selection> {
    seen.reasons.iter().map(|one| one.rule).min()
}

/// `oss-security: 12 advisories, 3 updates`, a line a list.
fn counted(posts: &[&SeenPost]) -> Vec<String> {
    let mut lists: BTreeMap<&str, BTreeMap<PostKind, usize>> = BTreeMap::new();
    for seen in posts {
        let kinds = lists.entry(&seen.list).or_default();
        *kinds.entry(seen.post.kind).or_default() += 1;
    }
    let line = |(list, kinds): (&str, &BTreeMap<PostKind, usize>)| {
        let kinds: Vec<String> =
            kinds.iter().map(|(kind, count)| in_words(*count, *kind)).collect();
        format!("{list}: {}", kinds.join(", "))
    };
    let shown = lists.iter().take(DIGEST_LISTS).map(|(list, kinds)| line((list, kinds)));
    let more = lists.len().saturating_sub(DIGEST_LISTS);
    shown.chain((more > 0).then(|| format!("and {more} more lists"))).collect()
}

fn in_words(count: usize, kind: PostKind) -> String {
    let (one, many) = match kind {
        PostKind::Advisory => ("advisory", "advisories"),
        PostKind::Update => ("update", "updates"),
        PostKind::Discussion => ("answer", "answers"),
        PostKind::CveRequest => ("CVE request", "CVE requests"),
        PostKind::Routine => ("routine post", "routine posts"),
        PostKind::Other => ("other post", "other posts"),
    };
    format!("{count} {}", if count == 1 { one } else { many })
}
