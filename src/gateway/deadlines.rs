//! The desk is asked what is due whenever the clock says that something may be.

use super::{Fault, Gateway};
use crate::desk::{self, Input};
use jiff::Timestamp;

/// How often the desk is asked at one instant: what follows from one deadline may be another.
const ROUNDS: usize = 64;

impl Gateway {
    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        desk::next_deadline(self.book.cases(), &self.book.rules)
    }

    /// Lets the desk decide on what is due, and makes it true. Says how many letters wait for a
    /// person.
    pub(super) fn ring(&mut self) -> Result<u64, Fault> {
        let mut held = 0;
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
}
