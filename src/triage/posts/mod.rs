//! Reading a post of a watched list: what it says, as values.

use crate::case::{Observed, Watch};
use crate::mail::Mail;

/// What the post says. Nothing in it is believed: it moves no fact.
pub fn read(_: &Mail, _: Option<&Watch>) -> Observed {
    Observed::default()
}
