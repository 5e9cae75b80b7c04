//! What was seen on watched lists: kept as observations, told in digests, and at once only to
//! those whose case it touches.
//!
//! ```text
//! post ──observe──▶ post.observed ──┬─ candidates ──digest──▶ one letter to the coordinators
//!                                   └─ touches an open case ──alarm──▶ its people alone
//! ```
//!
//! Both kinds of letter follow from the clock and the fold: a storm of posts is gathered, and a
//! restart in between changes nothing. No post moves a fact or an embargo, and nobody on a list is
//! answered. A digest never says that a case exists.

mod alarm;
mod digest;
mod observe;

pub use alarm::{due as alarms_due, next as next_alarm};
pub use digest::{due as digest_due, next as next_digest};
pub use observe::{PastPost, observe, past};

use crate::case::SeenPost;
use crate::limits::{DIGEST_NAMES, LINK_CHARS};
use jiff::{Timestamp, TimestampArithmetic};

fn later(at: Timestamp, by: impl Into<TimestampArithmetic>) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}

/// When it was posted, as far as that is to be believed: never after it came.
fn posted(seen: &SeenPost) -> Timestamp {
    seen.post.posted.unwrap_or(seen.at).min(seen.at)
}

/// Where to read it: a plain link, else its Message-ID.
fn link(seen: &SeenPost) -> Option<String> {
    let plain = |link: &&String| {
        let web = link.starts_with("https://") || link.starts_with("http://");
        web && link.len() <= LINK_CHARS && link.chars().all(|c| c.is_ascii_graphic())
    };
    let link = seen.post.archive.as_ref().filter(plain).cloned();
    link.or_else(|| seen.post.message_id.as_ref().map(ToString::to_string))
}

/// `a, b, c and 4 more`.
fn some_of(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(DIGEST_NAMES).map(String::as_str).collect();
    match names.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod watching_tests;
