//! The loop: introduces the edges to the desk. The only place that knows them all.
//!
//! ```text
//! intake ─▶ taking ─▶ worker (opens) ─▶ triage ─▶ desk ─▶ dressing ─▶ book (commit)
//!   ▲ settle                                                             │
//!   └────────────────────────────────────────────────────────────────────┤
//!                                         book ◀─ outbox ◀─ sending ◀────┘
//! ```
//!
//! What the desk decides becomes true with [`book::Book::commit`]; nothing is settled at a source
//! and nothing is sent before that. After a fault of the store the gateway ends: its memory is
//! ahead of the journal, and the next start reads what really became true.

mod answers;
mod book;
mod clock;
mod deadlines;
mod dressing;
pub mod edges;
mod enclosing;
mod fault;
mod importing;
mod notify;
mod once;
mod proving;
mod run;
mod sending;
mod shapes;
mod start;
mod summary;
mod taking;

pub use answers::{answer, offline, verified};
pub use book::fold;
pub use clock::Clock;
pub use fault::Fault;
pub use importing::Imported;
pub use once::{Finished, once, send_due};
pub use run::run;
pub use start::{open_to_read, sources, start, start_with, state_key};
pub use summary::Summary;

use crate::outbox::Carrier;
use crate::outbox::dress::Dresser;
use crate::worker::Pool;
use book::Book;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One running gateway.
pub struct Gateway {
    book: Book,
    dresser: Dresser,
    pool: Pool,
    carrier: Arc<Carrier>,
    clock: Clock,
    taking: TakingRules,
    /// The clock, and time that nobody can set, when the deadlines were last looked at.
    looked: Option<deadlines::Look>,
    /// Letters that the relay has in hand.
    on_the_way: BTreeSet<u64>,
    /// Why the relay cannot be used as configured.
    relay_trouble: Option<String>,
    /// Why the newest letter that was tried still waits.
    delayed: Option<String>,
}

/// What the gateway itself must know about mailboxes.
#[derive(Clone, Debug, Default)]
pub struct TakingRules {
    pub mail_limit: usize,
    /// The watched list a mailbox carries, by the mailbox's name.
    pub lists: BTreeMap<String, String>,
}

impl Gateway {
    pub fn book(&self) -> &Book {
        &self.book
    }

    pub fn clock_mut(&mut self) -> &mut Clock {
        &mut self.clock
    }
}
