//! The time for decisions: the system's, or that of an exercise.

use jiff::Timestamp;

#[derive(Clone, Copy, Debug)]
pub enum Clock {
    System,
    /// Exercises only.
    Set(Timestamp),
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Set(at) => *at,
        }
    }

    /// When a mail was received: never after now, whatever its source says.
    pub fn received(&self, at: Timestamp) -> Timestamp {
        match self {
            Clock::System => at.min(Timestamp::now()),
            Clock::Set(now) => *now,
        }
    }
}
