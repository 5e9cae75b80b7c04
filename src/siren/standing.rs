//! A notice of a case as it would be posted now, with everything around it that matters: asked
//! when it is shown, at each approval, and once more when its instant has come.

use super::clear::{self, Around, Finding, Post, Publisher};
use super::draft;
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
    let (heading, statement) = (&notice.heading, &notice.statement);
    let (publisher, around) = (publisher(place.rules), around(place, notice, list));
    match clear::complete(heading, statement, &publisher) {
        Ok(whole) => clear::post(&whole, &around),
        Err(lacks) => Err(clear::besides((heading, statement, &publisher), lacks, &around)),
    }
}

/// Rules about what may be said to whom: what they find holds a post back to its last moment.
const SECRECY: &[&str] = &["LIST", "G14", "TLP", "embargo", "held", "named"];

/// What stands against the words of a post that was approved, and waits still.
pub fn forbidden(place: &Place<'_>, notice: &NoticeDraft) -> Vec<Finding> {
    let found = post_of(place, notice).err().unwrap_or_default();
    found.into_iter().filter(|one| SECRECY.contains(&one.rule)).collect()
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

pub fn publisher(rules: &HouseRules) -> Publisher {
    Publisher {
        name: rules.team.name.clone(),
        address: rules.team.address.clone(),
        namespace: rules.siren.namespace.clone(),
        cve_org: rules.siren.cve_org.clone(),
        policy_url: rules.team.policy_url.clone(),
    }
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
    let named = named_in(statement);
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

/// Every id in it, in whichever part it stands.
fn named_in(statement: &Statement) -> BTreeSet<String> {
    let texts = super::texts::all(statement);
    let divides = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':';
    let words = texts.iter().flat_map(|(_, text)| text.split(divides));
    let named = words.map(|word| word.trim_matches([':', '-'])).filter(|word| draft::is_id(word));
    let said = statement.ids.iter().map(String::as_str);
    named.chain(said).map(str::to_lowercase).collect()
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
    let ids: BTreeSet<&String> = notice.statement.ids.iter().collect();
    let of: BTreeSet<&MessageId> = sources(&notice.statement).collect();
    let others = place.cases.cases().filter(|case| case.id != place.case.id);
    let all = others.flat_map(|case| &case.notices).chain(&place.case.notices);
    let before = all.filter(|other| {
        other.list == notice.list
            && matches!(other.fate, NoticeFate::Posted { .. })
            && (other.statement.ids.iter().any(|id| ids.contains(id))
                || sources(&other.statement).any(|id| of.contains(id)))
    });
    before.map(|other| other.heading.id.clone()).next()
}

/// The posts that it passes on.
fn sources(statement: &Statement) -> impl Iterator<Item = &MessageId> {
    statement.sources.iter().filter_map(|source| source.message_id.as_ref())
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
