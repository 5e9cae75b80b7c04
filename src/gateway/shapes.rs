//! What the command line is told, as JSON in the shapes of the contract.

use crate::case::facts::Fact;
use crate::case::{
    Actor, Case, Caseload, Class, HouseRules, LetterState, Participant, Posted, SeenPost, Status,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use strum::VariantArray;

/// `sirt cases --json`: open cases by opening, or with `all` the closed and the silent ones too.
pub fn cases(cases: &Caseload, all: bool) -> Value {
    let shown = |case: &&Case| all || (case.status != Status::Closed && case.class != Class::Spam);
    let mut list: Vec<&Case> = cases.cases().filter(shown).collect();
    list.sort_by(|a, b| (a.opened, &a.id).cmp(&(b.opened, &b.id)));
    list.into_iter().map(head).collect()
}

fn head(case: &Case) -> Value {
    json!({
        "case": case.id, "title": case.title, "status": case.status, "class": case.class,
        "pathway": case.pathway, "tlp": case.tlp, "severity": case.severity,
        "opened": case.opened, "updated": case.updated, "handlers": case.handlers,
    })
}

/// `sirt roster --json`: the members as configured, and what the journal knows of their keys.
pub fn roster(cases: &Caseload, rules: &HouseRules) -> Value {
    let members = rules.roster.members.iter().map(|member| {
        let accepted = cases.accepted_key(member);
        let pinned = cases.pinned_member(&member.handle).filter(|one| one.key == member.key);
        let state = match (accepted, pinned) {
            (Some(_), _) => "accepted",
            (None, Some(one)) if one.refused => "refused",
            (None, Some(_)) => "waits",
            (None, None) => "not seen yet",
        };
        let since = accepted.and_then(|one| one.since).or(pinned.map(|one| one.joined));
        json!({
            "handle": member.handle, "name": member.name, "address": member.address,
            "role": member.role, "key": member.key, "state": state,
            "since": accepted.and(since), "by": accepted.map(|one| one.by.to_string()),
            "trouble": member.key_trouble,
        })
    });
    members.collect()
}

/// `sirt show CASE --json`.
pub fn show(cases: &Caseload, rules: &HouseRules, case: &Case) -> Value {
    let mut shown = head(case);
    let more = json!({
        "embargo": { "state": case.embargo.state, "until": case.embargo.until },
        "facts": facts(case),
        "because": case.because,
        "ids": case.found.ids, "packages": case.found.packages,
        "versions": case.found.versions, "dates": case.found.dates,
        "deadline": case.found.deadline,
        "participants": participants(rules, case),
        "readers": case.readers,
        "timeline": timeline(case),
        "letters": cases.letters_in(&case.id).map(letter).collect::<Value>(),
    });
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
        shown.extend(more);
    }
    shown
}

/// Each fact, or null; a claim that nobody has seconded says so.
fn facts(case: &Case) -> Value {
    let said = |fact: &Fact| {
        let known = case.facts.get(fact);
        let shown = known.map(
            |known| json!({ "at": known.at, "source": known.source, "claim": !known.confirmed }),
        );
        (fact.to_string().replace('-', "_"), shown.unwrap_or(Value::Null))
    };
    Value::Object(Fact::VARIANTS.iter().map(said).collect())
}

fn participants(rules: &HouseRules, case: &Case) -> Value {
    let outside = case.participants.iter().map(|person| {
        let key = person.any_key().map(|key| &key.fingerprint);
        json!({
            "role": person.role, "address": person.address, "handle": null, "key": key,
            "channel": person.channel, "name": person.name,
            "proven": person.key_on_record().is_some(),
        })
    });
    let members = case.readers.iter().filter_map(|reader| {
        let member = rules.roster.by_handle(&reader.member)?;
        Some(json!({
            "role": member.role, "address": member.address, "handle": member.handle,
            "key": member.key, "channel": "encrypted", "name": member.name, "proven": true,
        }))
    });
    outside.chain(members).collect()
}

fn timeline(case: &Case) -> Value {
    let line = |moment: &crate::case::Moment| {
        let by = by(case, &moment.by);
        json!({ "at": moment.at, "event": moment.event, "by": by, "mail": moment.mail })
    };
    case.timeline.iter().map(line).collect()
}

/// A handle, an address, `gateway` or `cli`.
fn by(case: &Case, actor: &Actor) -> String {
    match actor {
        Actor::Member(handle) => handle.clone(),
        Actor::Participant(number) => case
            .participant(*number)
            .and_then(|person: &Participant| person.address.as_ref())
            .map_or_else(|| actor.to_string(), ToString::to_string),
        Actor::Gateway | Actor::Cli | Actor::Stranger => actor.to_string(),
    }
}

/// `sirt letters --json`.
pub fn letters(cases: &Caseload, held: bool) -> Value {
    let shown = |one: &&Posted| !held || one.state == LetterState::Held;
    cases.letters().filter(shown).map(letter).collect()
}

fn letter(letter: &Posted) -> Value {
    json!({
        "id": letter.id(), "case": letter.case, "template": letter.template, "to": letter.to,
        "state": letter.state, "why": letter.why,
        "message_id": letter.message_id.to_string(), "member": letter.member,
        "written": letter.written, "attempts": letter.attempts,
    })
}

/// `sirt quarantine --json`: what has not been taken in since.
pub fn quarantine(cases: &Caseload) -> Value {
    let waiting = cases.quarantine().filter(|mail| !mail.retried);
    waiting
        .map(|mail| {
            json!({
                "id": format!("Q{}", mail.what.quarantine), "mailbox": mail.what.mailbox,
                "at": mail.at, "bytes": mail.what.bytes, "why": mail.what.why, "case": mail.case,
            })
        })
        .collect()
}

/// `sirt observations --json`, in the order in which they were read.
pub fn observations(cases: &Caseload, since: Option<Timestamp>, list: Option<&str>) -> Value {
    let recent =
        |seen: &&SeenPost| since.is_none_or(|since| seen.post.posted.unwrap_or(seen.at) >= since);
    let there = |seen: &&SeenPost| list.is_none_or(|list| seen.list == list);
    cases.posts().all().filter(recent).filter(there).map(observation).collect()
}

fn observation(seen: &SeenPost) -> Value {
    let post = &seen.post;
    let reasons = seen.reasons.iter().map(|one| json!({ "rule": one.rule, "why": one.why }));
    json!({
        "number": seen.number, "id": seen.id(), "at": seen.at, "list": seen.list,
        "kind": post.kind, "subject": post.subject, "author": post.author,
        "posted": post.posted, "message_id": post.message_id.as_ref().map(ToString::to_string),
        "thread": post.thread.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "archive": post.archive, "series": post.series, "ids": post.ids, "about": post.about,
        "packages": post.packages, "affected": post.affected, "fixed": post.fixed,
        "cvss": post.cvss, "severity": post.severity, "exploited": post.exploited,
        "malicious": post.malicious, "takes_back": post.takes_back, "from_us": post.from_us,
        "reasons": reasons.collect::<Vec<_>>(), "candidate": seen.is_candidate(),
        "same_as": seen.same_as.as_ref().map(|(number, _)| number),
        "same_because": seen.same_as.as_ref().map(|(_, why)| why),
        "update_of": seen.update_of, "cases": seen.cases, "past": seen.past, "told": seen.told,
        "gist": post.gist,
    })
}
