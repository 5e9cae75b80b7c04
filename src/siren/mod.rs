//! What we say in public: from a case, or a post seen elsewhere, to a notice on a list.
//!
//! ```text
//! Case, SeenPost ──draft──▶ Statement ──clear::complete──▶ Notice ──format──▶ Document
//!                               ▲                            │
//!                             edits       clear::post ◀──────┘
//!                                             └──▶ Post ──two approve──▶ the list
//! ```
//!
//! [`clear`] is the only maker of a [`Notice`] and of a [`Post`]: it says everything that stands
//! against one, all at once. All [`format`]s are made from the same notice, so they say the same.
//! Posting is a letter like any other: nothing here writes to anyone.

pub mod clear;
pub mod draft;
pub mod export;
pub mod format;
pub mod observation;
#[cfg(test)]
mod samples;
pub mod select;
pub mod standing;
mod texts;

pub use clear::{Around, Finding, Notice, Post};
pub use export::export;
