//! A public post touches an open case: its own people hear of it, and nobody else.
//!
//! The first such letter is written at once; what comes meanwhile is gathered into the next, an
//! hour later at the earliest while the case is not public, else a day.

use super::{later, link, posted, some_of};
use crate::case::{Actor, Case, CaseId, Caseload, Event, LeakedBy, SeenPost, Status, Watch};
use crate::desk::draft::Draft;
use crate::desk::{card, notify};
use crate::letter::{AlarmPost, ListAlarm, ReadyLine};
use crate::limits::{ALARM_PAUSE, ALARM_POSTS, LINK_CHARS, NEWS_PAUSE};
use jiff::Timestamp;
use std::cmp::Reverse;

/// When the people of some case are to hear of posts.
pub fn next(cases: &Caseload) -> Option<Timestamp> {
    cases.posts().cases_to_tell().filter_map(|id| due_in(cases, id)).min()
}

fn due_in(cases: &Caseload, id: &CaseId) -> Option<Timestamp> {
    let case = cases.case(id).filter(|case| case.status != Status::Closed)?;
    let first = cases.posts().untold_in(id).next()?.at;
    let pause = if case.keeps_silent() { ALARM_PAUSE } else { NEWS_PAUSE };
    let told = cases.posts().told_in(id).map(|told| later(told, pause));
    Some(told.map_or(first, |told| told.max(first)))
}

pub fn due(draft: &mut Draft<'_>) {
    let cases = draft.cases;
    let due = |id: &&CaseId| due_in(cases, id).is_some_and(|at| at <= draft.now);
    let due: Vec<CaseId> = cases.posts().cases_to_tell().filter(due).cloned().collect();
    for id in due {
        tell(draft, &id);
    }
}

fn tell(draft: &mut Draft<'_>, id: &CaseId) {
    if !draft.take_up(id) {
        return;
    }
    let cases = draft.cases;
    let mut posts: Vec<&SeenPost> = cases.posts().untold_in(id).collect();
    let numbers = posts.iter().map(|seen| seen.number).collect();
    if let Some(case) = draft.case.clone() {
        posts.sort_by_key(|seen| Reverse(strength(cases, &case, seen)));
        let alarm = alarm(draft, &case, &posts);
        notify::list_alarm(draft, &alarm);
    }
    draft.note(Actor::Gateway, Event::PostsTold { posts: numbers });
    draft.put_down();
}

/// How surely a post is about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// It repeats another post, or continues it.
    Follows,
    Mentions,
    /// Its subject has an id that triage found in the report, or that other posts say is one of
    /// the case.
    Alike,
    /// Its subject has an id that a member gave the case.
    Same,
    Mark,
    Words,
}

fn strength(cases: &Caseload, case: &Case, seen: &SeenPost) -> Strength {
    match seen.leaked(&case.id) {
        Some(LeakedBy::Words) => return Strength::Words,
        Some(LeakedBy::Mark) => return Strength::Mark,
        None => {}
    }
    let about = &seen.post.about;
    let names = |id: &String| case.names(id) || other_name(cases, case, id).is_some();
    if about.iter().any(|id| case.is_known_as(id)) {
        Strength::Same
    } else if about.iter().any(names) {
        Strength::Alike
    } else if seen.post.ids.iter().any(names) {
        Strength::Mentions
    } else {
        Strength::Follows
    }
}

/// What the case calls the flaw that a post calls by another id. Posts said so, and nobody has
/// looked: it is never sure.
fn other_name(cases: &Caseload, case: &Case, id: &str) -> Option<String> {
    cases.posts().names_of(id).into_iter().find(|name| name != id && case.names(name))
}

fn alarm(draft: &Draft<'_>, case: &Case, posts: &[&SeenPost]) -> ListAlarm {
    let cases = draft.cases;
    let strongest = posts.first().map(|seen| strength(cases, case, seen));
    let shown = posts.iter().take(ALARM_POSTS).zip(1..);
    ListAlarm {
        silent: case.keeps_silent(),
        words: strongest == Some(Strength::Words),
        mark: strongest == Some(Strength::Mark),
        posts: shown.map(|(seen, number)| shown_post(cases, case, (seen, number))).collect(),
        more: posts.len().saturating_sub(ALARM_POSTS),
        card: card::card(draft, case),
        ready: ready(draft, case, posts),
    }
}

fn shown_post(cases: &Caseload, case: &Case, (seen, number): (&SeenPost, usize)) -> AlarmPost {
    AlarmPost {
        number,
        id: seen.id(),
        list: seen.list.clone(),
        posted: posted(seen),
        author: seen.post.author.clone(),
        subject: seen.post.subject.clone(),
        link: link(seen),
        why: why(cases, case, seen),
        exploited: seen.post.exploited.clone(),
        gist: seen.post.gist.clone(),
    }
}

/// What it has to do with the case, and how sure that is.
fn why(cases: &Caseload, case: &Case, seen: &SeenPost) -> String {
    let called = |id: &String| {
        let other = || other_name(cases, case, id).map(|name| format!("{id} (that is {name})"));
        if case.names(id) { Some(id.clone()) } else { other() }
    };
    let ids = |wanted: &[String]| some_of(&wanted.iter().filter_map(called).collect::<Vec<_>>());
    let (about, named) = (ids(&seen.post.about), ids(&seen.post.ids));
    let by_posts = !seen.post.ids.iter().chain(&seen.post.about).any(|id| case.names(id));
    match strength(cases, case, seen) {
        Strength::Words => {
            "Words stand in it that went or came encrypted in this case. Sure, unless they were \
             public before."
                .to_owned()
        }
        Strength::Mark => "It bears a code, the number or a Message-ID that we gave only to \
                           people of this case. Sure."
            .to_owned(),
        Strength::Same => {
            format!("It is about {about}, which a member gave this case: the same flaw. Sure.")
        }
        Strength::Alike if by_posts => {
            format!("It is about {about}, as other posts say: the flaw of this case. Probable.")
        }
        Strength::Alike => {
            format!("It is about {about}, which the report of this case names too. Probable.")
        }
        Strength::Mentions => format!("It names {named} in passing, as this case does. Possible."),
        Strength::Follows => {
            let first = seen.same_as.as_ref().map(|(first, _)| *first).or(seen.update_of);
            let first = first.map_or_else(String::new, |first| format!(" O{first}"));
            format!("It repeats or continues the post{first}, which touched this case. Probable.")
        }
    }
}

/// Made of our own fields and checked ones only.
fn ready(draft: &Draft<'_>, case: &Case, posts: &[&SeenPost]) -> Vec<ReadyLine> {
    let line = |line: String, does: &str| ReadyLine { line, does: does.to_owned() };
    let first = posts.iter().min_by_key(|seen| posted(seen));
    let public = first.filter(|_| case.keeps_silent()).map(|seen| {
        let at = posted(seen).strftime("%Y-%m-%dT%H:%MZ");
        line(
            format!("/fact public at {at} {}", source(draft, seen)),
            "says that the flaw of this case is public, if you have looked and it is",
        )
    });
    let draft = "makes a first draft of a notice on this case, for its readers alone";
    let siren = line("/siren draft".to_owned(), draft);
    let show = line("/show".to_owned(), "all that is known of the case");
    public.into_iter().chain([siren, show]).collect()
}

/// The archive as the configuration names it; else the list and the Message-ID.
fn source(draft: &Draft<'_>, seen: &SeenPost) -> String {
    let watch = draft.rules.watches.iter().find(|watch| watch.name == seen.list);
    let ours = |link: &String| watch.is_some_and(|watch| is_in_archive(watch, link));
    if let Some(link) = link(seen).filter(ours) {
        return link;
    }
    let id = seen.post.message_id.as_ref().map(|id| format!(" {id}"));
    let id = id.filter(|id| id.len() <= LINK_CHARS);
    format!("{}{}", seen.list, id.unwrap_or_default())
}

fn is_in_archive(watch: &Watch, link: &str) -> bool {
    let place = watch.archive.as_deref().and_then(|form| form.split("{message_id}").next());
    place.is_some_and(|place| place.starts_with("http") && link.starts_with(place))
}
