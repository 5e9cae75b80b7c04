//! Notices on their way: at their instant they become letters to the list, if nothing stands
//! against them at that very moment; then they are looked for on the list itself.

use super::draft::Draft;
use super::notify;
use crate::case::{
    Actor, Case, CaseId, Caseload, Deed, Event, HouseRules, LetterState, NoticeDraft, NoticeFate,
    Posted,
};
use crate::limits::SEEN_AGAIN;
use crate::siren::standing::{Looker, Place, forbidden, is_approved, post_of};
use crate::siren::{Finding, Post};
use jiff::{SignedDuration, Timestamp};

/// Something that the clock brings about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: Timestamp,
    case: CaseId,
    notice: u32,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Post,
    /// It left long ago, and did not come back from the list.
    Missed,
}

/// When the next approved notice is to be posted, or one is missed on its list.
pub fn next_due(cases: &Caseload, rules: &HouseRules) -> Option<Timestamp> {
    all(cases, rules).map(|due| due.at).min()
}

/// One at a time: the next is judged in the light of this one.
pub fn post_due(draft: &mut Draft<'_>) {
    let due = all(draft.cases, draft.rules).filter(|due| due.at <= draft.now).min();
    let Some(due) = due.filter(|due| draft.take_up(&due.case)) else { return };
    match due.what {
        What::Post => post(draft, due.notice),
        What::Missed => missed(draft, due.notice),
    }
    draft.put_down();
}

fn all<'a>(cases: &'a Caseload, rules: &'a HouseRules) -> impl Iterator<Item = Due> + 'a {
    let with = cases.cases().filter(|case| !case.notices.is_empty());
    let pairs = with.flat_map(|case| case.notices.iter().map(move |notice| (case, notice)));
    pairs.filter_map(move |(case, notice)| {
        let (at, what) = post_at(notice, rules)
            .map(|at| (at, What::Post))
            .or_else(|| missed_at(cases, rules, notice).map(|at| (at, What::Missed)))?;
        Some(Due { at, case: case.id.clone(), notice: notice.number, what })
    })
}

/// Approved by two, and not before it could be stopped.
fn post_at(notice: &NoticeDraft, rules: &HouseRules) -> Option<Timestamp> {
    if !notice.is_open() || notice.held.is_some() {
        return None;
    }
    let agreed = notice.agreed()?;
    let soonest = agreed.checked_add(rules.letters.send_delay).unwrap_or(agreed);
    Some(notice.at.map_or(soonest, |at| at.max(soonest)))
}

fn post(draft: &mut Draft<'_>, number: u32) {
    match judged(draft, number) {
        Some(Ok(post)) => notify::notice_posted(draft, number, &post),
        Some(Err(why)) => hold(draft, number, why),
        None => {}
    }
}

/// The post as it would be now; or why it does not leave.
fn judged(draft: &Draft<'_>, number: u32) -> Option<Result<Post, Vec<String>>> {
    let case = draft.case.as_ref()?;
    let notice = case.notice(number)?;
    let (cases, rules, now) = (draft.cases, draft.rules, draft.now);
    let place = Place { cases, rules, case, now, by: Looker::Gateway };
    Some(match post_of(&place, notice) {
        Ok(post) if is_approved(&place, notice, &post.digest(&rules.secrets)) => Ok(post),
        Ok(_) => Err(vec![CHANGED.to_owned()]),
        Err(findings) => Err(told(&findings)),
    })
}

const CHANGED: &str = "what two members approved is not what would be posted now: the list's \
                       settings, the roster or who may read the case has changed since";

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|one| format!("{}: {}", one.rule, one.what)).collect()
}

fn hold(draft: &mut Draft<'_>, notice: u32, why: Vec<String>) {
    let all = why.join(" ");
    draft.note(Actor::Gateway, Event::Deed(Deed::NoticeHeld { notice, why: all }));
    notify::notice_held(draft, notice, why);
}

/// Why a post that was approved and has not left may not leave any more: it waited for the relay
/// or for a person, and meanwhile an embargo began, or a label became stricter.
pub fn must_stay(
    cases: &Caseload,
    rules: &HouseRules,
    letter: &Posted,
    now: Timestamp,
) -> Option<String> {
    let case = letter.case.as_ref().and_then(|case| cases.case(case))?;
    let posted = |notice: &&NoticeDraft| match &notice.fate {
        NoticeFate::Posted { letter: number, .. } => *number == letter.number,
        _ => false,
    };
    let notice = case.notices.iter().find(posted)?;
    let found = forbidden(&Place { cases, rules, case, now, by: Looker::Gateway }, notice);
    (!found.is_empty()).then(|| told(&found).join(" "))
}

/// A post whose list we read is to come back in time.
fn missed_at(cases: &Caseload, rules: &HouseRules, notice: &NoticeDraft) -> Option<Timestamp> {
    let NoticeFate::Posted { letter, at, .. } = &notice.fate else { return None };
    let sent = cases.letter(*letter).is_some_and(|letter| letter.state == LetterState::Sent);
    if notice.seen.is_some() || notice.missed || !sent || !is_read(rules, &notice.list) {
        return None;
    }
    at.checked_add(SignedDuration::try_from(SEEN_AGAIN).ok()?).ok()
}

/// A list that we post to is read where a watched list has its address.
fn is_read(rules: &HouseRules, list: &str) -> bool {
    let posted = rules.lists.iter().find(|one| one.name == list).map(|one| &one.address);
    posted
        .is_some_and(|posted| rules.watches.iter().any(|one| one.address.as_ref() == Some(posted)))
}

/// Whoever passes a post of ours on to another list that we watch says nothing of its own list.
fn is_on(rules: &HouseRules, notice: &NoticeDraft, watched: &str) -> bool {
    let list = rules.lists.iter().find(|one| one.name == notice.list).map(|one| &one.address);
    let watch = rules.watches.iter().find(|one| one.name == watched);
    let address = watch.and_then(|watch| watch.address.as_ref());
    address.is_none() || address == list
}

fn missed(draft: &mut Draft<'_>, notice: u32) {
    draft.note(Actor::Gateway, Event::Deed(Deed::NoticeMissed { notice }));
    notify::notice_missed(draft, notice);
}

/// Something of ours came by a watched list: is it a post, and what did the list make of it? What
/// came in any other way says nothing: everybody can send us a copy.
pub fn came_back(draft: &mut Draft<'_>, opened: &super::Opened) {
    let Some(list) = &opened.triage.list else { return };
    let Some((case, number)) = posted_as(draft, opened) else { return };
    if !draft.take_up(&case) {
        return;
    }
    let notice = draft.case.as_ref().and_then(|case| case.notice(number)).cloned();
    let news = |notice: &NoticeDraft| notice.seen.is_none() && is_on(draft.rules, notice, list);
    if let Some(notice) = notice.filter(news) {
        let words = opened.mail.own_words.as_deref();
        let text = words.is_some_and(|words| digest(words) == notice.text);
        let (signature, list) = (words.is_some(), list.to_owned());
        let seen = Deed::NoticeSeen { notice: number, signature, text, list };
        draft.note(Actor::Gateway, Event::Deed(seen));
        notify::notice_seen(draft, number);
    }
    draft.put_down();
}

/// By its words; by our Message-ID, where the list left it or the words were damaged.
fn posted_as(draft: &Draft<'_>, opened: &super::Opened) -> Option<(CaseId, u32)> {
    let all = || {
        let notices = |case: &'_ Case| {
            let all: Vec<(CaseId, NoticeDraft)> =
                case.notices.iter().map(|one| (case.id.clone(), one.clone())).collect();
            all
        };
        draft.cases.cases().flat_map(notices)
    };
    let words = opened.mail.own_words.as_deref().map(digest);
    let by_words = words.and_then(|words| {
        all().find(|(_, notice)| !notice.text.is_empty() && notice.text == words)
    });
    let by_id = || {
        let id = opened.mail.message_id.as_ref()?;
        let letter = draft.cases.letter_of(id)?.number;
        all().find(|(_, notice)| {
            matches!(notice.fate, NoticeFate::Posted { letter: posted, .. } if posted == letter)
        })
    };
    by_words.or_else(by_id).map(|(case, notice)| (case, notice.number))
}

/// Of the words of a post, whatever line ends and trailing blanks a list has left.
pub fn digest(words: &str) -> String {
    let lines: Vec<&str> = words.trim_end().lines().map(str::trim_end).collect();
    blake3::hash(lines.join("\n").as_bytes()).to_hex().to_string()
}
