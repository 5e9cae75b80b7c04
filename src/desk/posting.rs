//! Notices on their way: at their instant they become letters to the list, if nothing stands
//! against them at that very moment; then they are looked for on the list itself.

use super::draft::Draft;
use super::notify;
use crate::case::{
    Actor, Case, CaseId, Caseload, Deed, Event, HouseRules, LetterState, NoticeDraft, NoticeFate,
    Posted, Watch, Words,
};
use crate::limits::SEEN_AGAIN;
use crate::siren::standing::{Looker, Place, forbids, is_approved, list_of, post_of};
use crate::siren::{Finding, Post};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

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
    /// Its letter waits still, and must not leave any more.
    Stop,
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
        What::Stop => stop(draft, due.notice),
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
            .or_else(|| stop_at((cases, rules, case), notice).map(|at| (at, What::Stop)))
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

/// Every notice that two approved and that waits for its instant: nobody knows whether it has come.
pub fn hold_by_clock(draft: &mut Draft<'_>) {
    let waits =
        |notice: &&NoticeDraft| notice.at.is_some() && post_at(notice, draft.rules).is_some();
    let with = draft.cases.cases().flat_map(|case| {
        let notices = case.notices.iter().filter(waits);
        notices.map(|notice| (case.id.clone(), notice.number))
    });
    for (case, notice) in with.collect::<Vec<_>>() {
        if draft.take_up(&case) {
            hold(draft, notice, vec![JUMPED.to_owned()]);
        }
    }
    draft.put_down();
}

const JUMPED: &str = "the clock of the gateway's machine jumped ahead by more than an hour: \
                      whether its instant has come is not certain";

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
    findings.iter().map(|one| format!("{}: {}", one.about(), one.what)).collect()
}

fn hold(draft: &mut Draft<'_>, notice: u32, why: Vec<String>) {
    let private = Words::of(&why.join(" "));
    draft.note(Actor::Gateway, Event::Deed(Deed::NoticeHeld { notice, private }));
    notify::notice_held(draft, notice, why);
}

/// Why a post that was approved and has not left may not leave any more: it waited for the relay
/// or for a person, and meanwhile an embargo began, or a label became stricter. Asked at the very
/// moment it would leave.
pub fn must_stay(
    cases: &Caseload,
    rules: &HouseRules,
    letter: &Posted,
    now: Timestamp,
) -> Option<String> {
    let case = letter.case.as_ref().and_then(|case| cases.case(case))?;
    let notice = case.notices.iter().find(|notice| notice.is_letter(letter.number))?;
    let found = forbids(&Place { cases, rules, case, now, by: Looker::Gateway }, notice);
    (!found.is_empty()).then(|| told(&found).join(" "))
}

/// At once: a relay that was away for a day must not post what has become secret meanwhile.
fn stop_at(
    (cases, rules, case): (&Caseload, &HouseRules, &Case),
    notice: &NoticeDraft,
) -> Option<Timestamp> {
    let at = waiting(cases, notice)?.written;
    let place = Place { cases, rules, case, now: at, by: Looker::Gateway };
    (!forbids(&place, notice).is_empty()).then_some(at)
}

fn stop(draft: &mut Draft<'_>, number: u32) {
    let Some(case) = draft.case.clone() else { return };
    let Some(notice) = case.notice(number) else { return };
    let Some(letter) = waiting(draft.cases, notice).cloned() else { return };
    let (cases, rules, now) = (draft.cases, draft.rules, draft.now);
    let place = Place { cases, rules, case: &case, now, by: Looker::Gateway };
    let findings = forbids(&place, notice);
    let rules: BTreeSet<&str> = findings.iter().map(|one| one.rule).collect();
    let rules = rules.into_iter().collect::<Vec<_>>().join(", ");
    let why = format!("something stands against it since ({rules})");
    let held = Event::LetterHeld { letter: letter.number, why, kept: false };
    draft.note(Actor::Gateway, held);
    notify::notice_held(draft, number, told(&findings));
}

/// Its letter, where that has not left.
fn waiting<'a>(cases: &'a Caseload, notice: &NoticeDraft) -> Option<&'a Posted> {
    let NoticeFate::Posted { letter, .. } = &notice.fate else { return None };
    let letter = cases.letter(*letter)?;
    letter.can_be_stopped().then_some(letter)
}

/// A post whose list we read is to come back in time.
fn missed_at(cases: &Caseload, rules: &HouseRules, notice: &NoticeDraft) -> Option<Timestamp> {
    let NoticeFate::Posted { letter, .. } = &notice.fate else { return None };
    let left = cases.letter(*letter).is_some_and(|letter| letter.state == LetterState::Sent);
    if notice.seen.is_some() || notice.missed || !left || !is_read(rules, &notice.list) {
        return None;
    }
    notice.sent?.checked_add(SignedDuration::try_from(SEEN_AGAIN).ok()?).ok()
}

/// A list that we post to is read where a watched list has its address.
fn is_read(rules: &HouseRules, list: &str) -> bool {
    let posted = rules.lists.iter().find(|one| one.name == list).map(|one| &one.address);
    posted
        .is_some_and(|posted| rules.watches.iter().any(|one| one.address.as_ref() == Some(posted)))
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
    let here = |notice: &NoticeDraft| notice.seen.is_none() && is_its_list(draft, notice, list);
    if let Some(notice) = notice.filter(here) {
        let words = opened.mail.own_words.as_deref();
        let text = words.is_some_and(|words| digest(words) == notice.text);
        let (signature, list) = (words.is_some(), list.to_owned());
        let seen = Deed::NoticeSeen { notice: number, signature, text, list };
        draft.note(Actor::Gateway, Event::Deed(seen));
        notify::notice_seen(draft, number);
    }
    draft.put_down();
}

/// Where we know by which watched list a notice comes back, a copy on another one is not it.
fn is_its_list(draft: &Draft<'_>, notice: &NoticeDraft, watch: &str) -> bool {
    let Some(list) = list_of(draft.rules, notice) else { return true };
    let carries = |one: &&Watch| one.address.as_ref() == Some(&list.address);
    let mut own = draft.rules.watches.iter().filter(carries).peekable();
    let named = draft.rules.watches.iter().find(|one| one.name == watch);
    match named.and_then(|one| one.address.as_ref()) {
        Some(address) => *address == list.address,
        // Nothing says whose it is: unless another watched list is known to be the one.
        None => own.peek().is_none() || own.any(|one| one.name == watch),
    }
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
        all().find(|(_, notice)| notice.is_letter(letter))
    };
    by_words.or_else(by_id).map(|(case, notice)| (case, notice.number))
}

/// Of the words of a post, whatever line ends and trailing blanks a list has left.
pub fn digest(words: &str) -> String {
    let lines: Vec<&str> = words.trim_end().lines().map(str::trim_end).collect();
    blake3::hash(lines.join("\n").as_bytes()).to_hex().to_string()
}
