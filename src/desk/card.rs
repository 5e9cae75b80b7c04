//! WHERE IT STANDS: the card of a case, as it stands in letters to the team.

use super::draft::Draft;
use crate::case::embargo::Embargo;
use crate::case::{
    Case, EmbargoState, Event, LetterState, POST_WORDING, Posted, Status, business_days_after,
};
use crate::letter::{CaseCard, Protection, instant};
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub fn card(draft: &Draft<'_>, case: &Case) -> CaseCard {
    let assess = (case.status == Status::Received)
        .then(|| business_days_after(case.opened, draft.rules.letters.assess_days));
    CaseCard {
        status: case.status.to_string(),
        severity: case.severity.map_or("not set".to_owned(), |severity| severity.to_string()),
        handlers: case.handlers.iter().map(|handle| present(draft, handle)).collect(),
        embargo: embargo(&case.embargo),
        read_in: case.readers.iter().map(|reader| reader.member.clone()).collect(),
        waits_for: waits_for(case),
        channel: channels(case),
        assess_by: assess,
        sent: sent(draft, case),
    }
}

/// A handle, and until when they are away.
fn present(draft: &Draft<'_>, handle: &str) -> String {
    let zone = draft.rules.roster.by_handle(handle).map(|member| member.zone.clone());
    let today = draft.now.to_zoned(zone.unwrap_or(TimeZone::UTC)).date();
    let away = draft.away(handle).filter(|(from, to)| (*from..=*to).contains(&today));
    match away {
        Some((_, to)) => format!("{handle} (away until {to})"),
        None => handle.to_owned(),
    }
}

fn embargo(embargo: &Embargo) -> String {
    let at = |at: Option<Timestamp>| at.map(|at| instant(at, &TimeZone::UTC)).unwrap_or_default();
    let (until, proposed) = (at(embargo.until), at(embargo.proposed));
    match embargo.state {
        EmbargoState::None => "none agreed. Keep silent.".to_owned(),
        EmbargoState::Proposed => format!("proposed until {proposed}. Keep silent."),
        EmbargoState::Active => format!("in force until {until}"),
        EmbargoState::Revise => format!("in force until {until}; {proposed} is proposed"),
        EmbargoState::Exited => "over".to_owned(),
    }
}

fn waits_for(case: &Case) -> String {
    if let Some(wait) = &case.waits {
        let until = wait.until.map(|until| format!(", until {}", when(until)));
        return format!("{}{}", wait.who, until.unwrap_or_default());
    }
    match (case.status, case.handlers.is_empty()) {
        (Status::Closed, _) => "nobody".to_owned(),
        (_, true) => "us, to take it".to_owned(),
        (_, false) => "its handlers".to_owned(),
    }
}

fn channels(case: &Case) -> String {
    let channels: Vec<String> = case
        .participants
        .iter()
        .map(|person| format!("{} ({}): {}", person.role, person.number, person.channel))
        .collect();
    match channels.is_empty() {
        true => "nobody to write to".to_owned(),
        false => channels.join(", "),
    }
}

/// Letters to outsiders in this case, this decision's own included.
fn sent(draft: &Draft<'_>, case: &Case) -> Vec<String> {
    let earlier = draft.cases.letters_in(&case.id).filter(|letter| letter.member.is_none());
    let earlier = earlier.map(|letter| {
        let state = match state(draft, letter) {
            LetterState::Sent => String::new(),
            LetterState::Waiting if letter.due > letter.written => leaves(Some(letter.due)),
            state => format!(" ({state})"),
        };
        let said = told(&letter.wording);
        let to = match letter.is_post() {
            true => "a list".to_owned(),
            false => reader(case, letter.participant),
        };
        format!("{} to {to}{}: {said}{state}", when(letter.written), protection(letter.sealed))
    });
    let now = draft.letters().iter().filter(|letter| letter.to.member.is_none());
    let now = now.map(|letter| {
        let sealed = matches!(letter.to.protection, Protection::Sealed { .. });
        let said = told(letter.wording.form().file);
        let to = match letter.wording.as_given() {
            Some(post) => format!("the list {}", post.list),
            None => reader(case, letter.to.participant),
        };
        let state = match letter.held {
            Some(_) => " (waiting)".to_owned(),
            None => leaves(letter.due),
        };
        format!("{} to {to}{}: {said}{state}", when(letter.written), protection(sealed))
    });
    earlier.chain(now).collect()
}

fn leaves(due: Option<Timestamp>) -> String {
    due.map(|due| format!(" (leaves {})", when(due))).unwrap_or_default()
}

/// This decision included.
fn state(draft: &Draft<'_>, letter: &Posted) -> LetterState {
    let of = |number: &u64, state: LetterState| (*number == letter.number).then_some(state);
    let now = draft.entries().iter().rev().find_map(|entry| match &entry.event {
        Event::LetterHeld { letter, .. } => of(letter, LetterState::Held),
        Event::LetterReleased { letter } => of(letter, LetterState::Waiting),
        Event::LetterDiscarded { letter, .. } => of(letter, LetterState::Discarded),
        _ => None,
    });
    now.unwrap_or(letter.state)
}

fn when(at: Timestamp) -> String {
    at.strftime("%a %-d %b %Y %H:%M UTC").to_string()
}

fn protection(sealed: bool) -> &'static str {
    if sealed { ", encrypted" } else { ", in the clear" }
}

fn reader(case: &Case, participant: Option<u32>) -> String {
    let person = participant.and_then(|number| case.participant(number));
    person.map_or("the sender".to_owned(), |person| format!("the {}", person.role))
}

/// What a letter said, by the file of its words.
fn told(wording: &str) -> &'static str {
    match wording {
        "report-received" | "report-received-clear" | "question-received" => "it has arrived.",
        "plea-received" => "the request has arrived; a few questions.",
        "cannot-decrypt" => "we cannot decrypt it; please send it again.",
        "protection-help" => "how to write to us encrypted.",
        "missing-elements" => "what is missing.",
        "status-answer" => "where things stand.",
        "channel-set" => "how we write from now on.",
        "own-words" | "own-words-clear" => "a member's own words.",
        "report-confirmed" => "confirmed.",
        "report-not-confirmed" => "not confirmed, and why.",
        "request-declined" => "declined, and where to go.",
        "case-engaged" => "we take it on.",
        "case-deferred" => "put off, or taken up again.",
        "report-duplicate" => "known already.",
        "case-closed" => "closed.",
        "contact-asked" => "are you the right person?",
        "embargo-invited" => "will you keep an embargo?",
        POST_WORDING => "our notice.",
        _ => "a letter.",
    }
}
