//! Is the roster the one the journal knows? Each difference is a fact, and told to all who were
//! coordinators before it, at the addresses they had then: whoever can write the configuration
//! cannot turn this letter aside.

use super::draft::Draft;
use super::notify;
use crate::case::{Actor, Event, Member, Pinned, PinnedFact, RosterFact};
use crate::letter::{RosterChange, RosterChanged};

/// Pins what is new, and tells what nobody was told of yet.
pub fn judge(draft: &mut Draft<'_>) {
    let first = draft.cases.pinned().next().is_none();
    let cases = draft.cases;
    let mut changes: Vec<RosterChange> = decided(draft);
    for member in draft.rules.roster.members.clone() {
        let before = cases.pinned_member(&member.handle).filter(|pinned| !pinned.left);
        changes.extend(pin(draft, &member, before, first));
    }
    let roster = &draft.rules.roster;
    let gone = cases.pinned().filter(|one| !one.left && roster.by_handle(&one.member).is_none());
    for gone in gone {
        changes.push(change(&gone.member, vec!["is on the roster no longer.".to_owned()]));
        let fact = RosterFact::Left { member: gone.member.clone() };
        draft.note(Actor::Gateway, Event::Roster(fact));
    }
    if !first && !changes.is_empty() {
        notify::roster_changed(draft, &RosterChanged { changes });
    }
}

fn change(member: &str, what: Vec<String>) -> RosterChange {
    RosterChange { member: member.to_owned(), what, waits: None }
}

fn pin(
    draft: &mut Draft<'_>,
    member: &Member,
    before: Option<&Pinned>,
    first: bool,
) -> Option<RosterChange> {
    let fact = PinnedFact::of(member, first);
    let what = match before {
        None => vec![format!("is new here, as {}, with key {}.", member.role, member.key.spaced())],
        Some(before) => differences(before, &fact),
    };
    if what.is_empty() {
        return None;
    }
    let waits = before.is_none_or(|before| before.key != member.key);
    let waits = (waits && !first).then(|| member.key.to_string());
    let fact = match before {
        None => RosterFact::Joined(fact),
        Some(_) => RosterFact::Changed(fact),
    };
    draft.note(Actor::Gateway, Event::Roster(fact));
    Some(RosterChange { member: member.handle.clone(), what, waits })
}

fn differences(before: &Pinned, now: &PinnedFact) -> Vec<String> {
    let mut what = Vec::new();
    if before.key != now.key {
        let (old, new) = (before.key.spaced(), now.key.spaced());
        what.push(format!("has another key: it was {old}, now it is {new}."));
    }
    if before.role != now.role {
        what.push(format!("was {}, and is {} now.", before.role, now.role));
    }
    if before.addresses != now.private {
        what.push("has another address, or may write from others.".to_owned());
    }
    what
}

/// Keys on which a person has decided since the last letter.
fn decided(draft: &mut Draft<'_>) -> Vec<RosterChange> {
    let untold: Vec<&Pinned> = draft.cases.pinned().filter(|one| one.untold).collect();
    if untold.is_empty() {
        return Vec::new();
    }
    let members = untold.iter().map(|one| one.member.clone()).collect();
    draft.note(Actor::Gateway, Event::Roster(RosterFact::Told { members }));
    let told = |one: &&Pinned| {
        let key = one.key.spaced();
        let what = match &one.accepted {
            Some(accepted) => format!("has key {key}, accepted by {}.", who(&accepted.by)),
            None => format!("has key {key}, which was refused: it is not obeyed."),
        };
        change(&one.member, vec![what])
    };
    untold.iter().map(told).collect()
}

/// As people name them.
pub fn who(by: &Actor) -> String {
    match by {
        Actor::Member(handle) => handle.clone(),
        Actor::Cli => "somebody at the gateway's terminal".to_owned(),
        _ => "nobody: it was there from the beginning".to_owned(),
    }
}

#[cfg(test)]
#[path = "roster_tests.rs"]
mod tests;
