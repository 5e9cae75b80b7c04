//! What became of a letter is a fact; where it went wrong, those who attend to the case are told.

use super::draft::Draft;
use super::notify;
use crate::case::{Actor, Event, LetterState, Posted};
use jiff::Timestamp;

/// What the outbox or a bounce says of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    Tried,
    Sent,
    Delayed {
        why: String,
        again: Timestamp,
    },
    /// Waits for a person: the fate of a list post is unknown.
    Held {
        why: String,
    },
    /// Its reader's key cannot be used; it was sealed to ourselves.
    Kept {
        why: String,
    },
    Failed {
        why: String,
    },
    /// A bounce of a letter that had left.
    CameBack {
        why: String,
    },
}

pub fn record(draft: &mut Draft<'_>, number: u64, news: &News) {
    let Some(letter) = draft.cases.letter(number).cloned() else { return };
    if final_already(&letter, news) {
        return;
    }
    match &letter.case {
        Some(case) => _ = draft.take_up(case),
        None => draft.case = None,
    }
    let event = stopped(draft, &letter, news).unwrap_or_else(|| event(number, news));
    draft.note(Actor::Gateway, event);
    match news {
        News::Failed { why } | News::CameBack { why } => notify::letter_failed(draft, &letter, why),
        News::Held { why } | News::Kept { why } => notify::letter_held(draft, &letter, why),
        News::Tried | News::Sent | News::Delayed { .. } => {}
    }
}

/// What could not be stopped because it was on its way is stopped when it comes to wait again.
fn stopped(draft: &Draft<'_>, letter: &Posted, news: &News) -> Option<Event> {
    let (News::Delayed { .. }, Some(number)) = (news, letter.participant) else { return None };
    let (case, letter) = (draft.case.as_ref()?, letter.number);
    if case.participant(number).is_some_and(|person| person.left) {
        let why = "its reader takes part no longer".to_owned();
        return Some(Event::LetterDiscarded { letter, why });
    }
    let why = notify::claimed(case)?;
    Some(Event::LetterHeld { letter, why, kept: false })
}

fn final_already(letter: &Posted, news: &News) -> bool {
    match letter.state {
        LetterState::Sent => !matches!(news, News::CameBack { .. }),
        LetterState::Failed | LetterState::Discarded => true,
        LetterState::Waiting | LetterState::Held => false,
    }
}

fn event(letter: u64, news: &News) -> Event {
    match news.clone() {
        News::Tried => Event::LetterTried { letter },
        News::Sent => Event::LetterSent { letter },
        News::Delayed { why, again } => Event::LetterDelayed { letter, why, again },
        News::Held { why } => Event::LetterHeld { letter, why, kept: false },
        News::Kept { why } => Event::LetterHeld { letter, why, kept: true },
        News::Failed { why } | News::CameBack { why } => Event::LetterFailed { letter, why },
    }
}
