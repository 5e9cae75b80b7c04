//! What somebody at the terminal may do to letters: let one go, or drop it with a reason.
//! Neither changes recipient, protection or approvals.

use super::draft::Draft;
use super::{Decision, Filing};
use crate::case::{Actor, Caseload, Event, HouseRules, LetterState};
use jiff::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtTerminal {
    Release {
        letter: u64,
    },
    Discard {
        letter: u64,
        why: String,
    },
    /// The words of a case were shown to this user id.
    Shown {
        case: crate::case::CaseId,
        user: u32,
    },
}

/// The house says no; words for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

pub fn at_terminal(
    cases: &Caseload,
    rules: &HouseRules,
    asked: &AtTerminal,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let now = cases.last_entry().map_or(now, |last| last.max(now));
    let mut draft = Draft::new(cases, rules, now);
    match asked {
        AtTerminal::Release { letter } => release(&mut draft, *letter)?,
        AtTerminal::Discard { letter, why } => discard(&mut draft, *letter, why)?,
        AtTerminal::Shown { case, user } => {
            draft.take_up(case);
            draft.note(Actor::Cli, Event::WordsShown { user: *user });
        }
    }
    Ok(draft.decision(Filing::Done))
}

fn release(draft: &mut Draft<'_>, number: u64) -> Result<(), Refusal> {
    let letter = found(draft, number)?;
    let (state, kept) = (letter.state, letter.kept);
    if kept {
        return Err(Refusal(format!(
            "L{number} waits for a usable key of its reader; mend the key, or discard the letter"
        )));
    }
    match state {
        LetterState::Held | LetterState::Failed => {
            draft.note(Actor::Cli, Event::LetterReleased { letter: number });
            Ok(())
        }
        state => {
            Err(Refusal(format!("L{number} is {state}; only a held or failed letter is released")))
        }
    }
}

fn discard(draft: &mut Draft<'_>, number: u64, why: &str) -> Result<(), Refusal> {
    let state = found(draft, number)?.state;
    match state {
        LetterState::Sent | LetterState::Discarded => {
            Err(Refusal(format!("L{number} is {state} already; nothing to discard")))
        }
        _ => {
            let event = Event::LetterDiscarded { letter: number, why: why.to_owned() };
            draft.note(Actor::Cli, event);
            Ok(())
        }
    }
}

fn found<'a>(draft: &mut Draft<'a>, number: u64) -> Result<&'a crate::case::Posted, Refusal> {
    let letter = draft.cases.letter(number);
    let letter = letter
        .ok_or_else(|| Refusal(format!("there is no letter L{number}; see `sirt letters`")))?;
    if let Some(case) = &letter.case {
        draft.take_up(case);
    }
    Ok(letter)
}
