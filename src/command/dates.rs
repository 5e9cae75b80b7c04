//! Dates in commands: read with the writer's clock at hand, and repeated in UTC and in their zone.

use super::when::{Reading, both};
use super::words::Words;
use super::{Asked, Refusal};
use jiff::Timestamp;

/// The instant that stands next in the line.
///
/// # Errors
/// It is none, or could mean two.
pub fn instant(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Timestamp, Refusal> {
    let publish_time = asked.rules.letters.publish_time;
    let reading = Reading { now: asked.now, zone: &asked.by.zone, publish_time };
    Ok(words.instant(&reading)?)
}

/// An instant that lies ahead; `what` begins the sentence: "A reminder".
///
/// # Errors
/// It is none, or it has passed.
pub fn ahead(words: &mut Words<'_>, asked: &Asked<'_>, what: &str) -> Result<Timestamp, Refusal> {
    let at = instant(words, asked)?;
    if at > asked.now {
        return Ok(at);
    }
    let said = format!("{what} lies ahead, and {} has passed.", told(at, asked));
    Err(words.slip(said).into())
}

/// As an answer repeats it: `Fri 11 Dec 2026 14:00 UTC (15:00 Berlin)`.
pub fn told(at: Timestamp, asked: &Asked<'_>) -> String {
    both(at, &asked.by.zone)
}

/// The same, where there may be none.
pub fn told_or(at: Option<Timestamp>, asked: &Asked<'_>, none: &str) -> String {
    at.map_or_else(|| none.to_owned(), |at| told(at, asked))
}
