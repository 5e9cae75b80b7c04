//! What somebody at the terminal may do: let a letter go, or drop it with a reason, which changes
//! neither recipient, protection nor approvals; accept the new key of a member.

use super::draft::Draft;
use super::{Decision, Filing};
use crate::case::{Actor, Caseload, Event, HouseRules, LetterState, RosterFact};
use crate::mail::Fingerprint;
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
    /// A member's new key counts from now on.
    AcceptKey {
        key: String,
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
        AtTerminal::AcceptKey { key } => accept(&mut draft, key)?,
        AtTerminal::Shown { case, user } => {
            draft.take_up(case);
            draft.note(Actor::Cli, Event::WordsShown { user: *user });
        }
    }
    Ok(draft.decision(Filing::Done))
}

/// The key is one that the gateway has seen and pinned: so the coordinators were told of it.
fn accept(draft: &mut Draft<'_>, key: &str) -> Result<(), Refusal> {
    let wanted = Fingerprint::parse(&key.replace(' ', ""));
    let pinned = draft.cases.pinned().find(|one| Some(&one.key) == wanted.as_ref() && !one.left);
    let Some(pinned) = pinned else {
        return Err(Refusal(format!(
            "no key {key} waits here; a key that was just configured is seen at the gateway's \
             next start"
        )));
    };
    if pinned.accepted.is_some() {
        return Err(Refusal(format!("the key of {} is accepted already", pinned.member)));
    }
    let (member, key) = (pinned.member.clone(), pinned.key.clone());
    draft.note(Actor::Cli, Event::Roster(RosterFact::Accepted { member, key }));
    Ok(())
}

fn release(draft: &mut Draft<'_>, number: u64) -> Result<(), Refusal> {
    let letter = found(draft, number)?;
    let (state, kept) = (letter.state, letter.kept);
    if letter.is_post() {
        return Err(Refusal(format!(
            "L{number} is a post to a list, and only a coordinator's signed mail lets one go; look \
             at the list first: it may stand there"
        )));
    }
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
