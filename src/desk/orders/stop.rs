//! Commands that steer the mail itself: `/case`, `/try`, `/confirm`, `/hold`, `/undo`.

use super::Orders;
use super::carried::plural;
use super::plan::Planned;
use super::run::Run;
use crate::case::{Actor, Case, Deed, Event, LetterState, Permission, Posted, Words as Said};
use crate::command::standing;
use crate::command::words::Words;
use crate::command::{Refusal, Stops};
use crate::mail::clean;

const LATE: &str = "Too late to take back";

/// Carries out a line that is no rule about the case.
pub fn steer(
    run: &mut Run<'_>,
    orders: &Orders,
    planned: &Planned,
) -> Result<Vec<String>, Refusal> {
    // A word more, and it is not known what was meant: above all `/try`, which must not be half
    // taken.
    if ["try", "hold", "undo"].iter().any(|name| planned.names(name)) {
        Words::of(&planned.line).end()?;
    }
    let said = match () {
        () if planned.names("case") => case(run, orders, planned)?,
        () if planned.names("try") => "What follows is tried only: nothing is done.".to_owned(),
        () if planned.names("hold") => hold(run, orders)?,
        () if planned.names("undo") => undo(run, orders)?,
        () if planned.line.split_whitespace().count() == 1 && planned.names("confirm") => {
            "Words of this mail leave at once, without the usual wait.".to_owned()
        }
        () => {
            return Err(Refusal::new(
                "This line stands alone in a mail of its own, with the code from our letter.",
            ));
        }
    };
    Ok(vec![said])
}

/// The same words for a case one may not read and for one that is not there.
fn case(run: &Run<'_>, orders: &Orders, planned: &Planned) -> Result<String, Refusal> {
    let named =
        planned.case.as_ref().filter(|_| super::which_case::case_line(&planned.line).is_some());
    let words = planned.line.split_whitespace().count();
    let Some(id) = named.filter(|_| words == 2) else {
        return Err(Refusal::new(
            "Write the number of one case behind it, as SIRT-2026-4827, and nothing more.",
        ));
    };
    let readable = run.trial.case.as_ref().filter(|case| case.readable_by(&orders.member.handle));
    Ok(match readable {
        Some(case) => format!("What follows is about {id}, {}.", case.title),
        None => format!("What follows is about {id}."),
    })
}

/// Letters to people outside and to lists that wait in this case.
fn waiting(run: &Run<'_>, case: &Case) -> Vec<Posted> {
    let letters = run.trial.cases.letters_in(&case.id);
    letters
        .filter(|letter| letter.participant.is_some() || letter.is_post())
        .filter(|letter| letter.state == LetterState::Waiting)
        .cloned()
        .collect()
}

fn hold(run: &mut Run<'_>, orders: &Orders) -> Result<String, Refusal> {
    let case = readable(run, orders)?;
    let waiting = waiting(run, &case);
    let (late, held): (Vec<&Posted>, Vec<&Posted>) =
        waiting.iter().partition(|letter| letter.in_flight);
    let notices = approved_notices(&case);
    if held.is_empty() && notices.is_empty() {
        return Err(Refusal::new(match late.is_empty() {
            true => "No letter of this case is waiting to leave.",
            false => "It is on its way already and cannot be stopped.",
        }));
    }
    let names: Vec<String> = held.iter().map(|letter| letter.id()).collect();
    for letter in &held {
        let why = format!("held by {}", orders.member.handle);
        let event = Event::LetterHeld { letter: letter.number, why, kept: false };
        run.trial.note(Actor::Member(orders.member.handle.clone()), event);
    }
    for name in &names {
        let does = "lets this letter leave after all".to_owned();
        run.carried.next.push((format!("/release {name}"), does));
    }
    let mut said: Vec<String> = Vec::new();
    if !names.is_empty() {
        said.push(format!("Held, and will not leave by itself: {}.", names.join(", ")));
    }
    said.extend(notices.into_iter().map(|notice| hold_notice(run, orders, notice)));
    let said = said.join(" ");
    run.carried.take(run.trial.case.as_ref(), std::slice::from_ref(&said), None, Vec::new());
    Ok(said)
}

/// Notices that the clock would post.
fn approved_notices(case: &Case) -> Vec<u32> {
    let open = case.notices.iter().filter(|notice| notice.is_open() && notice.held.is_none());
    open.filter(|notice| notice.agreed().is_some()).map(|notice| notice.number).collect()
}

fn hold_notice(run: &mut Run<'_>, orders: &Orders, notice: u32) -> String {
    run.begin(orders);
    let private = Said::of(&format!("by {}", orders.member.handle));
    let event = Event::Deed(Deed::NoticeHeld { notice, private });
    run.trial.note(Actor::Member(orders.member.handle.clone()), event);
    format!("Notice {notice} is held. It leaves only after two have approved it anew.")
}

/// Takes back the writer's own last mail, where nothing has left or been built on it.
fn undo(run: &mut Run<'_>, orders: &Orders) -> Result<String, Refusal> {
    let case = readable(run, orders)?;
    let late = |why: &str| Refusal::new(format!("{LATE}: {why}"));
    if run.carried.begun() {
        return Err(Refusal::new("/undo comes first in a mail, before other commands."));
    }
    let Some(point) = case.checkpoint.as_ref().filter(|point| point.member == orders.member.handle)
    else {
        return Err(late(
            "your last orders in this case changed nothing, or something was built on them. Say \
             what is to be changed.",
        ));
    };
    if point.stays {
        return Err(late(
            "a removal, a refusal, a withdrawal, a label or a released letter is never taken back \
             by itself. Say what is to be changed.",
        ));
    }
    if case.embargo.in_force() && !point.before.embargo.in_force() {
        if orders.member.role != Permission::Coordinator {
            return Err(late(
                "it put the embargo into force, and that ends by a coordinator only.",
            ));
        }
        run.carried.confirm.push("it ends the embargo of this case".to_owned());
    }
    let bare = point.orders.split('.').next().unwrap_or_default();
    let ours = |letter: &&Posted| letter.orders.as_deref() == Some(bare);
    let letters: Vec<Posted> = run.trial.cases.letters_in(&case.id).filter(ours).cloned().collect();
    let left = |letter: &&Posted| {
        letter.participant.is_some() && (letter.state == LetterState::Sent || letter.attempts > 0)
    };
    if let Some(letter) = letters.iter().find(left) {
        return Err(late(&format!("{} has left.", letter.id())));
    }
    if read_in_since(run, &case, &point.before) {
        return Err(late("somebody was read in by it and has the case by now."));
    }
    let by = Actor::Member(orders.member.handle.clone());
    for letter in letters.iter().filter(|letter| stoppable(letter)) {
        let why = format!("taken back by {}", orders.member.handle);
        let event = Event::LetterDiscarded { letter: letter.number, why };
        run.trial.note(by.clone(), event);
    }
    let orders_id = point.orders.clone();
    let back = back_to(&case, &point.before);
    run.trial.note(by, Event::OrdersUndone { orders: orders_id });
    let (said, heard) =
        ("Your last mail", format!("{} took back their last mail", orders.member.handle));
    let rest = "about this case";
    let said = match back.is_empty() {
        true => format!("{said} {rest} is taken back: all that it changed is as before."),
        false => format!("{said} {rest} is taken back: all that it changed is as before. {back}"),
    };
    let heard = format!("{heard} {rest}: all that it changed is as before.");
    run.carried.take(run.trial.case.as_ref(), &[heard], None, Vec::new());
    Ok(said)
}

/// What goes back, as sentences: what it was until now, and what it is again.
fn back_to(case: &Case, before: &Case) -> String {
    let facts = |case: &Case| {
        [
            ("Status", case.status.to_string()),
            ("Severity", standing::severity(case)),
            ("Handlers", plural_or_nobody(&case.handlers)),
            ("Title", clean::line(&case.title)),
            ("Class", format!("{}, pathway {}", case.class, case.pathway)),
            ("Label", case.tlp.label().to_owned()),
            ("Embargo", case.embargo.state.to_string()),
            ("Notes", case.notes.len().to_string()),
        ]
    };
    let pairs = facts(case).into_iter().zip(facts(before));
    let changed = pairs.filter(|((_, now), (_, then))| now != then);
    let said = changed.map(|((what, now), (_, then))| format!("{what}: {now} before, {then} now."));
    said.collect::<Vec<_>>().join(" ")
}

fn plural_or_nobody(handles: &[String]) -> String {
    let names: Vec<&str> = handles.iter().map(String::as_str).collect();
    if names.is_empty() { "nobody".to_owned() } else { plural(&names) }
}

/// Letters of this case to somebody who is to read it no longer: those that have not left never
/// will.
pub fn stops(run: &mut Run<'_>, orders: &Orders, whom: &Stops) -> Result<Vec<String>, Refusal> {
    let Some(case) = run.trial.case.clone() else { return Ok(Vec::new()) };
    let theirs = |letter: &Posted| match whom {
        Stops::Participant(number) => letter.participant == Some(*number),
        Stops::Member(handle) => letter.member.as_ref() == Some(handle),
    };
    let written_now = run.carried.leaving.iter().any(|(_, letter)| match whom {
        Stops::Participant(number) => letter.to.participant == Some(*number),
        Stops::Member(_) => false,
    });
    if written_now {
        return Err(Refusal::new("A line above writes to them. Leave one of the two out."));
    }
    let open = [LetterState::Waiting, LetterState::Held, LetterState::Failed];
    let letters = run.trial.cases.letters_in(&case.id);
    let letters = letters.filter(|letter| theirs(letter) && open.contains(&letter.state)).cloned();
    let (late, stopped): (Vec<Posted>, Vec<Posted>) = letters.partition(|one| one.in_flight);
    for letter in &stopped {
        let why = format!("stopped by {}: its reader takes part no longer", orders.member.handle);
        let event = Event::LetterDiscarded { letter: letter.number, why };
        run.trial.note(Actor::Member(orders.member.handle.clone()), event);
    }
    let listed = |letters: &[Posted]| -> String {
        letters.iter().map(Posted::id).collect::<Vec<_>>().join(", ")
    };
    let said = [
        (!stopped.is_empty()).then(|| format!("Stopped, and never sent: {}.", listed(&stopped))),
        (!late.is_empty()).then(|| format!("On its way already: {}.", listed(&late))),
    ];
    Ok(said.into_iter().flatten().collect())
}

/// Words that waited for a key, in the answer to whoever accepted it.
pub fn kept_words(letters: &[u64]) -> Option<String> {
    let names: Vec<String> = letters.iter().map(|number| format!("L{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| {
        format!("Words that waited for this key leave now, encrypted: {}.", plural(&names))
    })
}

fn stoppable(letter: &Posted) -> bool {
    letter.participant.is_some()
        && matches!(letter.state, LetterState::Waiting | LetterState::Held | LetterState::Failed)
}

/// A digest of the case has left for somebody who was read in meanwhile.
fn read_in_since(run: &Run<'_>, case: &Case, before: &Case) -> bool {
    let new = case.readers.iter().filter(|reader| !before.readable_by(&reader.member));
    let mut told = new.map(|reader| {
        run.trial.cases.letters_in(&case.id).any(|letter| {
            letter.member.as_ref() == Some(&reader.member)
                && letter.template == "T-58"
                && (letter.state == LetterState::Sent || letter.attempts > 0)
        })
    });
    told.any(|told| told)
}

fn readable(run: &Run<'_>, orders: &Orders) -> Result<Case, Refusal> {
    let case = run.trial.case.as_ref().filter(|case| case.readable_by(&orders.member.handle));
    case.cloned().ok_or_else(|| {
        Refusal::new(match run.trial.case {
            Some(_) => crate::command::NOT_READABLE,
            None => crate::command::NO_CASE,
        })
    })
}
