//! More mail in a case: it joins, and those who attend to the case are told.
//!
//! Belonging gives no rights: a stranger's words are shown as such, and nobody is subscribed.

use super::draft::Draft;
use super::{Opened, answer_word, notify};
use crate::case::{Actor, Case, CaseId, Class, Deed, Event, KeyName, Status, codes_in};
use crate::mail::automatic;

pub fn join(draft: &mut Draft<'_>, opened: &Opened) {
    let Some(belongs) = &opened.triage.belongs else { return };
    if !draft.take_up(&belongs.case) {
        return super::report::open(draft, opened);
    }
    let participant = match merged_into(draft) {
        Some(case) if draft.take_up(&case) => sender_in(draft, opened),
        _ => belongs.participant,
    };
    if opens_anew(draft, opened) {
        return open_linked(draft, opened);
    }
    draft.file(opened, participant);
    if opened.triage.class == Class::Automatic {
        return;
    }
    if let Some(participant) = participant {
        prove_key(draft, opened, participant);
        draft.learn(participant, &opened.mail.keys, None);
        answer_word::answer(draft, opened, participant);
    }
    notify::mail_joined(draft, opened);
}

/// The case in which this one goes on.
fn merged_into(draft: &Draft<'_>) -> Option<CaseId> {
    let next = |case: &Case| case.merged_into.clone();
    let mut id = next(draft.case.as_ref()?)?;
    // As often as there are cases: nothing goes round in circles.
    for _ in draft.cases.cases() {
        match draft.cases.case(&id).and_then(next) {
            Some(further) => id = further,
            None => break,
        }
    }
    Some(id)
}

fn sender_in(draft: &Draft<'_>, opened: &Opened) -> Option<u32> {
    let address = &opened.mail.sender()?.address;
    draft.case.as_ref()?.participant_at(address).map(|person| person.number)
}

/// A closed case stays closed: what comes to it is something new, unless a robot wrote it or it
/// is one of the words we answer by ourselves.
fn opens_anew(draft: &Draft<'_>, opened: &Opened) -> bool {
    let closed = draft.case.as_ref().is_some_and(|case| case.status == Status::Closed);
    let robot = opened.triage.class == Class::Automatic || automatic(&opened.mail).is_some();
    closed && !robot && answer_word::first_word(&opened.mail.text).is_none()
}

/// A new case, linked to the closed one and it to the new.
fn open_linked(draft: &mut Draft<'_>, opened: &Opened) {
    let Some(old) = draft.case.as_ref().map(|case| (case.id.clone(), case.class)) else { return };
    let (old, class) = old;
    let mut anew = opened.clone();
    anew.triage.belongs = None;
    anew.triage.class = if class.opens_case() && !class.silent() { class } else { Class::Question };
    anew.triage.because.push(format!("{old} is closed: this is a new case, linked to it."));
    super::report::open(draft, &anew);
    let Some(new) = draft.here() else { return };
    draft.note(Actor::Gateway, Event::Deed(Deed::Linked { case: old.clone() }));
    draft.note_in(&old, Actor::Gateway, Event::Deed(Deed::Linked { case: new }));
}

/// The same mail by another route: filed beside the first, answered by nobody a second time.
pub fn twin(draft: &mut Draft<'_>, opened: &Opened) {
    let Some(case) = &opened.arrival.twin else { return };
    if !draft.take_up(case) {
        return super::report::open(draft, opened);
    }
    let sender = opened.mail.sender().map(|sender| sender.address.clone());
    let participant = sender.and_then(|address| {
        draft.case.as_ref()?.participant_at(&address).map(|person| person.number)
    });
    draft.file(opened, participant);
}

/// A mail out of quarantine, opened at last: it goes to the case that stood in for it.
pub fn out_of_quarantine(draft: &mut Draft<'_>, opened: &Opened) {
    twin(draft, opened);
    notify::mail_joined(draft, opened);
}

/// A candidate key is proven when it signs back a code that only its owner could read: one in a
/// letter that went to this participant, encrypted to this key.
fn prove_key(draft: &mut Draft<'_>, opened: &Opened, participant: u32) {
    let Some(signed) = opened.mail.evidence.signed().filter(|signed| signed.alive_now) else {
        return;
    };
    let Some(case) = &draft.case else { return };
    let Some(person) = case.participant(participant) else { return };
    let candidate = person.keys.iter().find(|key| key.fingerprint == signed.signer && !key.proven);
    let read_back = codes_in(&opened.mail.text).any(|code| {
        draft.cases.letter_with_code(code).is_some_and(|letter| {
            // A code that was read under another key proves nothing of this one.
            letter.key.as_ref() == Some(&signed.signer)
                && letter.participant == Some(participant)
                && letter.case.as_ref() == Some(&case.id)
        })
    });
    let first_key = person.key_on_record().is_none();
    // Whoever named them may have said which key is theirs.
    let expected = |fingerprint| person.expected_key.as_ref().is_none_or(|one| one == fingerprint);
    let candidate = candidate.filter(|key| expected(&key.fingerprint));
    if let (Some(key), true, true) = (candidate, read_back, first_key) {
        let private = KeyName { fingerprint: Some(key.fingerprint.clone()) };
        draft.note(Actor::Participant(participant), Event::KeyProven { participant, private });
        notify::say_kept(draft, participant, None);
    }
}

#[cfg(test)]
#[path = "follow_up_tests.rs"]
mod tests;
