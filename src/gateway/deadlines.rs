//! The desk is asked what is due whenever the clock says that something may be. A clock that jumps
//! brings nothing about: what would leave by it is held.

use super::clock::Clock;
use super::{Fault, Gateway};
use crate::desk::{self, Input};
use crate::limits::CLOCK_JUMP;
use jiff::{SignedDuration, Timestamp};
use std::time::Instant;

/// How often the desk is asked at one instant: what follows from one deadline may be another.
const ROUNDS: usize = 64;

/// The clock of the machine, and time as it passes whatever that clock is set to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    clock: Timestamp,
    passed: Instant,
}

impl Gateway {
    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        desk::next_deadline(self.book.cases(), &self.book.rules)
    }

    /// Lets the desk decide on what is due, and makes it true. Says how many letters wait for a
    /// person.
    pub(super) fn ring(&mut self) -> Result<u64, Fault> {
        let mut held = 0;
        if self.clock_jumped() {
            let decided = self.book.decide(&Input::ClockJumped, self.clock.now());
            held += self.dress(decided.letters)?;
            self.book.commit()?;
        }
        for _ in 0..ROUNDS {
            let now = self.clock.now();
            if self.next_deadline().is_none_or(|at| at > now) {
                break;
            }
            let decided = self.book.decide(&Input::Clock, now);
            held += self.dress(decided.letters)?;
            self.book.commit()?;
        }
        Ok(held)
    }

    /// In an exercise time jumps on purpose.
    fn clock_jumped(&mut self) -> bool {
        if !matches!(self.clock, Clock::System) {
            return false;
        }
        let look = Look { clock: self.clock.now(), passed: Instant::now() };
        let before = self.looked.replace(look);
        before.is_some_and(|before| jumped(before, look))
    }
}

/// More than [`CLOCK_JUMP`] ahead of the time that has passed. Back is no harm: decisions never
/// fall behind the last of them.
fn jumped(before: Look, now: Look) -> bool {
    let passed = now.passed.saturating_duration_since(before.passed) + CLOCK_JUMP;
    let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
    now.clock.duration_since(before.clock) > passed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_clock_that_runs_with_time_has_not_jumped() {
        let (clock, passed) = (Timestamp::UNIX_EPOCH, Instant::now());
        let before = Look { clock, passed };
        let later = |clock_hours: i64, hours: u64| Look {
            clock: clock + SignedDuration::from_hours(clock_hours),
            passed: passed + Duration::from_secs(hours * 3_600),
        };
        assert!(!jumped(before, later(5, 5)));
        assert!(!jumped(before, later(1, 0)), "an hour is set right now and then");
        assert!(!jumped(before, later(-9, 1)));
        assert!(jumped(before, later(3, 1)));
    }
}
