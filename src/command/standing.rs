//! How a case stands against its dates: who is waited for, what comes next, what is late.

use crate::case::{Case, CaseId, HouseRules, Severity, Status, business_days_after};
use jiff::Timestamp;
use std::cmp::Reverse;

/// Something with a date: when, and in words what.
pub type Date = (Timestamp, String);

/// Who is to act. What a member set stands before what follows from the status.
pub fn waits_for(case: &Case) -> String {
    match (&case.waits, case.status, case.handlers.is_empty()) {
        (_, Status::Closed, _) => "nobody".to_owned(),
        (Some(wait), ..) => wait.who.clone(),
        (None, _, true) => "us, to take it".to_owned(),
        (None, _, false) => "its handlers".to_owned(),
    }
}

/// Until when a new report is to be assessed; none once it is.
pub fn assess_by(case: &Case, rules: &HouseRules) -> Option<Timestamp> {
    (case.status == Status::Received)
        .then(|| business_days_after(case.opened, rules.letters.assess_days))
}

/// All dates of an open case, the earliest first. What is past stays until something is done.
fn dates(case: &Case, rules: &HouseRules) -> Vec<Date> {
    if case.status == Status::Closed {
        return Vec::new();
    }
    let assess = assess_by(case, rules).map(|at| (at, "assess it".to_owned()));
    let waits = case
        .waits
        .iter()
        .filter_map(|wait| wait.until.map(|at| (at, format!("the wait for {} ends", wait.who))));
    let reminders =
        case.reminders.iter().map(|one| (one.at, format!("reminder, set by {}", one.by)));
    let embargo = case.embargo.ends().map(|at| (at, "the embargo ends".to_owned()));
    let publish = case.participants.iter().filter(|person| !person.left).filter_map(|person| {
        person.deadline.map(|at| (at, format!("the {} publishes", person.role)))
    });
    let mut dates: Vec<Date> =
        assess.into_iter().chain(waits).chain(reminders).chain(embargo).chain(publish).collect();
    dates.sort();
    dates
}

/// The earliest date that lies ahead, or else is late.
pub fn next_date(case: &Case, rules: &HouseRules, now: Timestamp) -> Option<Date> {
    late(case, rules, now)
        .into_iter()
        .chain(dates(case, rules).into_iter().filter(|(at, _)| *at >= now))
        .next()
}

/// What should have been done by now: the assessment, and what was waited for.
pub fn late(case: &Case, rules: &HouseRules, now: Timestamp) -> Vec<Date> {
    let waited = case.waits.as_ref().and_then(|wait| wait.until);
    let counts = [assess_by(case, rules), waited];
    let dates = dates(case, rules).into_iter();
    dates.filter(|(at, _)| *at < now && counts.contains(&Some(*at))).collect()
}

/// Orders cases by what is urgent: open before closed, late before early, then by next date,
/// severity and age.
pub fn urgency(
    case: &Case,
    rules: &HouseRules,
    now: Timestamp,
) -> (bool, bool, Timestamp, Reverse<Option<Severity>>, Timestamp, CaseId) {
    let next = next_date(case, rules, now).map_or(Timestamp::MAX, |(at, _)| at);
    let closed = case.status == Status::Closed;
    let early = late(case, rules, now).is_empty();
    (closed, early, next, Reverse(case.severity), case.opened, case.id.clone())
}

/// "high", or that nobody has rated it.
pub fn severity(case: &Case) -> String {
    case.severity.map_or("not rated".to_owned(), |severity| severity.to_string())
}
