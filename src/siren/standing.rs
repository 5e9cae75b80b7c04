//! A notice of a case as it would be posted now, with everything around it that matters: asked
//! when it is shown, at each approval, and once more when its instant has come.

use super::clear::{self, Around, Finding, Post, Publisher};
use super::{draft, texts};
use crate::case::facts::Fact;
use crate::case::{
    Case, CaseId, Caseload, EmbargoState, HouseRules, LetterState, Matter, NoticeDraft, NoticeFate,
    NoticeKind, Permission, PostList, Statement,
};
use crate::mail::MessageId;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;

/// Who looks at it. A case that they may not read is not named to them.
#[derive(Clone, Copy)]
pub enum Looker<'a> {
    /// By handle.
    Member(&'a str),
    Gateway,
}

/// Where a notice is looked at. `case` may be a scratch copy that is ahead of `cases`.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub cases: &'a Caseload,
    pub rules: &'a HouseRules,
    pub case: &'a Case,
    pub now: Timestamp,
    pub by: Looker<'a>,
}

/// The post, word for word; or all that stands against it now.
pub fn post_of(place: &Place<'_>, notice: &NoticeDraft) -> Result<Post, Vec<Finding>> {
    let Some(list) = list_of(place.rules, notice) else {
        return Err(vec![Finding {
            rule: "LIST",
            what: format!("There is no list {} in the configuration any more.", notice.list),
            part: "",
        }]);
    };
    let draft = (&notice.heading, &notice.statement);
    clear::judge(draft, &Publisher::of(place.rules), &around(place, notice, list))
}

/// What stands against a post whose letter is made: all but what its own instant or place among
/// other posts brings with it.
pub fn forbids(place: &Place<'_>, notice: &NoticeDraft) -> Vec<Finding> {
    const PASSED: [&str; 5] = ["date", "rate", "twice", "D5", "D9"];
    let mut findings = post_of(place, notice).err().unwrap_or_default();
    findings.retain(|one| !PASSED.contains(&one.rule));
    findings
}

/// Two different members have signed for this very digest, one of them a coordinator; both are
/// still on the roster, under an accepted key, and may still read the case.
pub fn is_approved(place: &Place<'_>, notice: &NoticeDraft, digest: &str) -> bool {
    let counts = |handle: &&str| {
        let member = place.rules.roster.by_handle(handle);
        member.is_some_and(|member| place.cases.accepted_key(member).is_some())
            && place.case.readable_by(handle)
    };
    let members: Vec<&str> = notice.approved_by(digest).into_iter().filter(counts).collect();
    let coordinator = |handle: &&str| {
        let member = place.rules.roster.by_handle(handle);
        member.is_some_and(|member| member.role == Permission::Coordinator)
    };
    members.len() >= 2 && members.iter().any(coordinator)
}

pub fn list_of<'a>(rules: &'a HouseRules, notice: &NoticeDraft) -> Option<&'a PostList> {
    rules.lists.iter().find(|list| list.name == notice.list)
}

fn around<'a>(place: &Place<'a>, notice: &NoticeDraft, list: &'a PostList) -> Around<'a> {
    let case = place.case;
    let public = case.facts.get(&Fact::Public).is_some_and(|known| known.confirmed);
    Around {
        now: place.now,
        team: &place.rules.team,
        list,
        tlp: case.tlp,
        embargo: case.embargo.state,
        embargo_until: case.embargo.until.filter(|_| case.embargo.in_force()),
        public,
        embargoed_too: embargoed_too(place, &notice.statement),
        posted_today: posted_today(place, list),
        posted_before: posted_before(place, notice),
        unnamed: unnamed(case),
        at: notice.at,
        references: references(notice),
    }
}

/// Other cases under an embargo that are about the same.
fn embargoed_too(place: &Place<'_>, statement: &Statement) -> Vec<Option<CaseId>> {
    let texts = texts::all(statement);
    let named = names(place, texts.iter().flat_map(|(_, text)| ids_of(text)));
    let others = place.cases.cases().filter(|case| case.id != place.case.id);
    let secret = others
        .filter(|case| case.embargo.in_force() || case.embargo.state == EmbargoState::Proposed);
    let same = secret.filter(|case| ids_in(case).any(|id| named.contains(&id)));
    let may_read = |case: &Case| match place.by {
        Looker::Member(handle) => case.readable_by(handle),
        Looker::Gateway => false,
    };
    same.map(|case| may_read(case).then(|| case.id.clone())).collect()
}

/// Ids wherever they stand, in prose and links too.
fn ids_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.map(|word| word.trim_matches('-')).filter(|word| draft::is_id(word))
}

/// These ids, and all other names that the same flaws are known by, in small letters.
fn names<'a>(place: &Place<'_>, ids: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let all = ids.flat_map(|id| place.cases.posts().names_of(id));
    all.map(|id| id.to_lowercase()).collect()
}

/// What members said of a case, and what triage read in its first mail.
fn ids_in(case: &Case) -> impl Iterator<Item = String> {
    let known = case.known.iter().filter(|one| one.what == Matter::Cve).map(|one| &one.value);
    known.chain(&case.found.ids).map(|id| id.to_lowercase())
}

fn posted_today(place: &Place<'_>, list: &PostList) -> usize {
    let day_ago = place.now.checked_sub(24.hours()).unwrap_or(place.now);
    let to_list = |letter: &&crate::case::Posted| {
        letter.to.as_ref() == Some(&list.address) && letter.state != LetterState::Discarded
    };
    place.cases.letters_after(day_ago).filter(to_list).count()
}

/// A first notice about the same ids, or of the same post, went to this list before, from this case
/// or another.
fn posted_before(place: &Place<'_>, notice: &NoticeDraft) -> Option<String> {
    if notice.heading.kind != NoticeKind::First {
        return None;
    }
    let said = |one: &NoticeDraft| names(place, one.statement.ids.iter().map(String::as_str));
    let ids = said(notice);
    let others = place.cases.cases().filter(|case| case.id != place.case.id);
    let here = place.case.notices.iter().filter(|other| other.number != notice.number);
    let all = others.flat_map(|case| &case.notices).chain(here);
    let mut before = all.filter(|other| {
        other.list == notice.list
            && matches!(other.fate, NoticeFate::Posted { .. })
            && (!ids.is_disjoint(&said(other)) || (ids.is_empty() && same_source(other, notice)))
    });
    before.next().map(|other| other.heading.id.clone())
}

/// Both pass on the same post.
fn same_source(one: &NoticeDraft, other: &NoticeDraft) -> bool {
    let posts = |notice: &NoticeDraft| -> BTreeSet<MessageId> {
        notice.statement.sources.iter().filter_map(|source| source.message_id.clone()).collect()
    };
    !posts(one).is_disjoint(&posts(other))
}

/// Names and addresses of everybody who takes part and has not agreed to be named.
fn unnamed(case: &Case) -> Vec<String> {
    use crate::case::Consent;
    let silent = case.participants.iter().filter(|person| {
        !person.consents.contains(&Consent::Name) && !person.consents.contains(&Consent::Credit)
    });
    let names = silent.flat_map(|person| {
        let addresses = person.address.iter().chain(&person.also).map(ToString::to_string);
        addresses.chain([person.name.clone()])
    });
    names.filter(|name| name.trim().chars().count() > 2).collect()
}

fn references(notice: &NoticeDraft) -> Vec<MessageId> {
    notice.heading.history.iter().filter_map(|one| one.message_id.clone()).collect()
}
