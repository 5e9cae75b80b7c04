//! An exercise: the mails of a script, in its order and by its clock, through the real gateway.
//!
//! [`play`] makes a desk of its own in a folder (maildir in, maildir out, sled), writes each mail
//! into it when its time comes, and lets the gateway do what it always does. Members read their
//! letters with their own keys and answer them with signed orders. Nobody is written to: the desk
//! is an exercise, which refuses every relay but a maildir. [`screen`] then tells what happened.
//! Scores are not given here.

mod desk;
mod people;
mod play;
mod reading;
mod screen;
mod script;

pub use play::{Played, play};
pub use screen::screen;
pub use script::Script;

/// Why an exercise cannot be played, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TabletopError(String);

fn trouble(what: impl ToString) -> TabletopError {
    TabletopError(what.to_string())
}
