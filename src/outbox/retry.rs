//! What follows from one attempt: again, hold, give up, done. Pure.
//!
//! One minute, then 5, 15, 30, then 1, 2, 4, 8 hours, then every 8 hours for five days, each pause
//! up to a fifth shorter or longer, so that letters which failed together do not return together.

use crate::limits::{RETRY_ATTEMPTS, RETRY_LIFE, RETRY_PAUSE, SOFT_ATTEMPTS, UNKNOWN_ATTEMPTS};
use crate::outbox::Fate;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Who reads the letter. A person bears a second copy better than silence, a list does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Person,
    List,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The same bytes again, not before this moment.
    Again(Timestamp),
    /// Somebody must look first.
    Hold(String),
    GiveUp(String),
    Done,
}

/// One attempt that has been made.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// Attempts made so far, this one included.
    pub count: u32,
    /// When the letter was ready.
    pub first: Timestamp,
    pub audience: Audience,
    /// A random number for the spread of pauses.
    pub jitter: u32,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

const PAUSES: [u64; 8] =
    [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];

/// While the relay cannot be used at all, one letter in this time finds out whether it can again.
const STOPPED: Duration = Duration::from_secs(15 * MINUTE);

/// What to do with a letter after an attempt at `now` met `fate`.
pub fn next(attempt: Attempt, now: Timestamp, fate: &Fate) -> Step {
    match fate {
        Fate::Sent => Step::Done,
        Fate::Refused { why } => Step::GiveUp(why.clone()),
        Fate::Soft { why } if attempt.count >= SOFT_ATTEMPTS => Step::GiveUp(why.clone()),
        Fate::Later { why } | Fate::Soft { why } => again(attempt, now, why),
        Fate::Unknown { why } => unknown(attempt, now, why),
        Fate::Stop { why } if too_old(attempt, now) => Step::Hold(why.clone()),
        Fate::Stop { .. } => Step::Again(later(now, STOPPED)),
    }
}

/// What to do with a letter whose attempt was counted and whose fate was lost in a crash.
pub fn after_crash(attempt: Attempt, now: Timestamp) -> Step {
    let why = "the gateway ended before the relay's answer was written down";
    match attempt.audience {
        Audience::Person if attempt.count < UNKNOWN_ATTEMPTS => Step::Again(now),
        _ => Step::Hold(why.to_owned()),
    }
}

/// A stored moment as it counts now: a clock that jumped makes nobody wait longer than the
/// longest pause.
pub fn clamp(at: Timestamp, now: Timestamp) -> Timestamp {
    at.clamp(now, later(now, RETRY_PAUSE))
}

fn again(attempt: Attempt, now: Timestamp, why: &str) -> Step {
    match too_old(attempt, now) {
        true => Step::GiveUp(format!("not taken in five days; at last: {why}")),
        false => Step::Again(clamp(later(now, pause(attempt)), now)),
    }
}

/// Every repeat may be a second copy, so it is repeated less often than a letter that was refused.
fn unknown(attempt: Attempt, now: Timestamp, why: &str) -> Step {
    match attempt.audience {
        Audience::Person if attempt.count < UNKNOWN_ATTEMPTS => again(attempt, now, why),
        _ => Step::Hold(why.to_owned()),
    }
}

/// Five days by the clock, and as many attempts as make up the short pauses: a clock that jumps
/// ahead, or a machine that slept, costs no letter.
fn too_old(attempt: Attempt, now: Timestamp) -> bool {
    let age = now.duration_since(attempt.first).unsigned_abs();
    let ahead = now < attempt.first;
    let aged = !ahead && age >= RETRY_LIFE && attempt.count as usize > PAUSES.len();
    aged || attempt.count >= RETRY_ATTEMPTS
}

/// 80 to 120 parts of a hundred of the listed pause.
fn pause(attempt: Attempt) -> Duration {
    let place = attempt.count.saturating_sub(1) as usize;
    let listed = PAUSES.get(place).copied().unwrap_or(RETRY_PAUSE.as_secs());
    let parts = 8_000 + u64::from(attempt.jitter) * 4_000 / u64::from(u32::MAX);
    Duration::from_millis(listed * 1_000 * parts / 10_000)
}

fn later(now: Timestamp, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause)
        .ok()
        .and_then(|pause| now.checked_add(pause).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
