//! What holds of every case at every revision, whatever was ordered in whatever order.

use super::facts::{Fact, is_fact};
use super::{Case, NoticeDraft, Status};
use std::collections::BTreeSet;

impl Case {
    /// What must always be so of a case.
    ///
    /// # Errors
    /// The first rule that is broken, as a sentence that names handles and numbers only.
    pub fn invariants(&self) -> Result<(), String> {
        silence(self)?;
        rest(self)?;
        handlers_read(self)?;
        people(self)?;
        notices(self)?;
        history(self)
    }
}

fn holds(rule: bool, broken: impl FnOnce() -> String) -> Result<(), String> {
    if rule { Ok(()) } else { Err(broken()) }
}

/// What is public for certain is no secret; what is secret has an end.
fn silence(case: &Case) -> Result<(), String> {
    let (open, embargo) = (case.embargo.in_force(), &case.embargo);
    let out = [Fact::Public, Fact::Exploit].iter().find(|fact| is_fact(&case.facts, **fact));
    let out = out.filter(|_| open);
    holds(out.is_none(), || format!("an embargo is in force, and {out:?} is a fact"))?;
    holds(!open || embargo.until.is_some(), || "an embargo in force has no end".to_owned())?;
    let known = |number: &u32| case.participant(*number).is_some();
    let parties = embargo.bound.iter().chain(embargo.answers.keys()).all(known);
    holds(parties, || "somebody who takes no part answered an embargo".to_owned())
}

/// A closed case waits for nothing.
fn rest(case: &Case) -> Result<(), String> {
    if case.status != Status::Closed {
        return Ok(());
    }
    holds(!case.embargo.in_force(), || "closed, and an embargo is in force".to_owned())?;
    let leaves = case.notices.iter().any(super::NoticeDraft::is_open);
    holds(!leaves, || "closed, and a notice is on its way".to_owned())?;
    let waits = case.waits.is_some() || !case.reminders.is_empty();
    holds(!waits, || "closed, and somebody or something is waited for".to_owned())
}

fn handlers_read(case: &Case) -> Result<(), String> {
    let blind = case.handlers.iter().find(|handler| !case.readable_by(handler));
    holds(blind.is_none(), || format!("{blind:?} handles what they may not read"))?;
    let once: BTreeSet<&String> = case.handlers.iter().collect();
    holds(once.len() == case.handlers.len(), || "a handler stands twice".to_owned())?;
    let readers: BTreeSet<&String> = case.readers.iter().map(|reader| &reader.member).collect();
    holds(readers.len() == case.readers.len(), || "a reader stands twice".to_owned())
}

/// Numbers are unique, and who left has no reply address that still works.
fn people(case: &Case) -> Result<(), String> {
    let numbers: BTreeSet<u32> = case.participants.iter().map(|person| person.number).collect();
    holds(numbers.len() == case.participants.len(), || "a number is used twice".to_owned())?;
    let live = case.participants.iter().find(|person| person.left && person.generation == 0);
    holds(live.is_none(), || "who left still has their first reply address".to_owned())
}

/// Each version of a notice is posted once, and on each list one is on its way at most.
fn notices(case: &Case) -> Result<(), String> {
    let numbers = case.notices.iter().zip(1..).all(|(notice, number)| notice.number == number);
    holds(numbers, || "the notices are not numbered from 1".to_owned())?;
    let open = case.notices.iter().filter(|notice| notice.is_open());
    let lists: Vec<&String> = open.map(|notice| &notice.list).collect();
    let once: BTreeSet<&&String> = lists.iter().collect();
    holds(once.len() == lists.len(), || "two notices are on their way to one list".to_owned())?;
    let posted = case.notices.iter().filter_map(NoticeDraft::as_revision_of);
    let posted: Vec<(String, u32, &String)> = posted.collect();
    let once: BTreeSet<&(String, u32, &String)> = posted.iter().collect();
    holds(once.len() == posted.len(), || "a version was posted twice".to_owned())
}

/// Every entry counts, and only orders that were carried out can be taken back.
fn history(case: &Case) -> Result<(), String> {
    let entries = case.timeline.len() as u64;
    holds(case.revision == entries, || format!("revision {}, entries {entries}", case.revision))?;
    let point = case.checkpoint.as_ref();
    let known = point.is_none_or(|point| case.newest_orders.contains_key(&point.member));
    holds(known, || "orders can be taken back that nobody gave".to_owned())
}
