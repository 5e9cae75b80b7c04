//! More mail in a case: it joins, and those who attend to the case are told.
//!
//! Belonging gives no rights: a stranger's words are shown as such, and nobody is subscribed.

use super::draft::Draft;
use super::{Opened, answer_word, notify};
use crate::case::{Actor, Class, Event, KeyName, codes_in};

pub fn join(draft: &mut Draft<'_>, opened: &Opened) {
    let Some(belongs) = &opened.triage.belongs else { return };
    if !draft.take_up(&belongs.case) {
        return super::report::open(draft, opened);
    }
    draft.file(opened, belongs.participant);
    if opened.triage.class == Class::Automatic {
        return;
    }
    if let Some(participant) = belongs.participant {
        prove_key(draft, opened, participant);
        draft.learn(participant, &opened.mail.keys, None);
        answer_word::answer(draft, opened, participant);
    }
    notify::mail_joined(draft, opened);
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
            letter.sealed
                && letter.participant == Some(participant)
                && letter.case.as_ref() == Some(&case.id)
        })
    });
    let first_key = person.key_on_record().is_none();
    if let (Some(key), true, true) = (candidate, read_back, first_key) {
        let private = KeyName { fingerprint: Some(key.fingerprint.clone()) };
        draft.note(Actor::Participant(participant), Event::KeyProven { participant, private });
    }
}
