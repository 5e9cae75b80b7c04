//! What a ruling does to letters on their way, and facts about a member rather than a case.

use super::Orders;
use super::run::Run;
use crate::case::{Actor, Event, LetterState};

/// A member's absence, and their key, are about no case, wherever they were told of.
pub fn of_no_case(event: &Event) -> bool {
    matches!(event, Event::MemberAway { .. } | Event::Roster(_))
}

pub fn note_outside(run: &mut Run<'_>, orders: &Orders, events: Vec<Event>) {
    if events.is_empty() {
        return;
    }
    let here = run.trial.here();
    run.trial.put_down();
    run.begin(orders);
    for event in events {
        run.trial.note(Actor::Member(orders.member.handle.clone()), event);
    }
    run.trial.go_to(here.as_ref());
}

/// Holds every letter of this case to somebody outside, or to a list, that has not left.
pub fn hold(run: &mut Run<'_>, orders: &Orders, why: &str) -> Vec<String> {
    let Some(case) = run.trial.here() else {
        return Vec::new();
    };
    let letters = run.trial.cases.letters_in(&case);
    let outside = letters.filter(|one| one.participant.is_some() || one.is_post());
    let waits = outside.filter(|one| one.state == LetterState::Waiting);
    let (late, waits): (Vec<_>, Vec<_>) = waits.cloned().partition(|one| one.in_flight);
    let mut held: Vec<String> = Vec::new();
    for letter in waits {
        let event = Event::LetterHeld { letter: letter.number, why: why.to_owned(), kept: false };
        run.trial.note(Actor::Member(orders.member.handle.clone()), event);
        held.push(letter.id());
    }
    let of_this = |case_of: Option<&crate::case::CaseId>| case_of == Some(&case);
    for letter in run.trial.letters_mut() {
        let outside = letter.to.participant.is_some() && of_this(letter.case.as_ref());
        if outside && letter.held.is_none() {
            letter.held = Some(why.to_owned());
            held.push(format!("L{}", letter.number));
        }
    }
    for (leaving, letter) in &mut run.carried.leaving {
        if of_this(letter.case.as_ref()) {
            letter.held.get_or_insert_with(|| why.to_owned());
            leaving.waits.get_or_insert_with(|| why.to_owned());
            leaving.leaves = None;
        }
    }
    let late: Vec<String> = late.iter().map(|letter| letter.id()).collect();
    let mut said = Vec::new();
    if !held.is_empty() {
        said.push(format!("Held, and will not leave by itself: {}.", held.join(", ")));
    }
    if !late.is_empty() {
        said.push(format!("On its way already, and cannot be stopped: {}.", late.join(", ")));
    }
    said
}
