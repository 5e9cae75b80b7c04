//! What one run of `once` came to.

use serde::Serialize;
use std::fmt;
use std::ops::AddAssign;

/// Counts of mails in and letters out. The first three are disjoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Filed for the first time, undecryptable included.
    pub taken: u64,
    pub duplicates: u64,
    pub quarantined: u64,
    pub sent: u64,
    pub held: u64,
    pub failed: u64,
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Summary) {
        self.taken += other.taken;
        self.duplicates += other.duplicates;
        self.quarantined += other.quarantined;
        self.sent += other.sent;
        self.held += other.held;
        self.failed += other.failed;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { taken, duplicates, quarantined, sent, held, failed } = self;
        writeln!(f, "mail     {taken} taken in, {duplicates} known, {quarantined} quarantined")?;
        write!(f, "letters  {sent} sent, {held} held, {failed} failed")
    }
}
