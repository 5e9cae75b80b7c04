//! How long to wait after a source failed.

use super::SourceErrorKind;
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// A server that keeps hearing a wrong password locks the account.
const REFUSED: Duration = Duration::from_secs(15 * 60);
/// Refusals of user or password before the pauses become long.
const REFUSALS: u32 = 3;

/// Pauses that double, spread over their whole length, so that many gateways do not come at once.
#[derive(Clone, Debug, Default)]
pub struct Backoff {
    failures: u32,
    refusals: u32,
}

impl Backoff {
    /// A whole poll went well: connected, logged in, listed. A login alone proves nothing.
    pub fn completed(&mut self) {
        *self = Backoff::default();
    }

    /// The pause after one more failure. `random` is any number, evenly spread.
    pub fn failed(&mut self, kind: SourceErrorKind, random: u32) -> Duration {
        self.failures = self.failures.saturating_add(1);
        match kind {
            SourceErrorKind::Temporary => spread(self.ceiling(), random),
            SourceErrorKind::Settings => LONGEST,
            SourceErrorKind::Credentials => {
                self.refusals = self.refusals.saturating_add(1);
                if self.refusals >= REFUSALS { REFUSED } else { self.ceiling() }
            }
        }
    }

    fn ceiling(&self) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(16);
        LONGEST.min(FIRST * 2_u32.pow(doublings))
    }
}

fn spread(ceiling: Duration, random: u32) -> Duration {
    let share = u128::from(random) * ceiling.as_millis() / u128::from(u32::MAX);
    Duration::from_millis(u64::try_from(share).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use SourceErrorKind::{Credentials, Settings, Temporary};

    fn seconds(backoff: &mut Backoff, kind: SourceErrorKind, random: u32) -> u64 {
        backoff.failed(kind, random).as_secs()
    }

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..10).map(|_| seconds(&mut backoff, Temporary, u32::MAX)).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(
            Backoff { failures: u32::MAX, refusals: 0 }.failed(Temporary, u32::MAX),
            LONGEST
        );
    }

    #[test]
    fn pauses_are_spread_over_their_whole_length() {
        let mut backoff = Backoff { failures: 7, refusals: 0 };
        assert_eq!(backoff.clone().failed(Temporary, 0), Duration::ZERO);
        assert_eq!(seconds(&mut backoff, Temporary, u32::MAX / 2), 127);
    }

    #[test]
    fn only_a_completed_poll_starts_again() {
        let mut backoff = Backoff { failures: 7, refusals: 9 };
        backoff.completed();
        assert_eq!(seconds(&mut backoff, Temporary, u32::MAX), 2);
        assert_eq!(seconds(&mut backoff, Credentials, 0), 4);
    }

    #[test]
    fn a_refused_password_is_tried_less_than_ten_times_an_hour() {
        let mut backoff = Backoff::default();
        let (mut logins, mut clock) = (0, 0);
        while clock < 3_600 {
            logins += 1;
            clock += seconds(&mut backoff, Credentials, 0);
        }
        assert!(logins < 10, "{logins}");
        assert_eq!(seconds(&mut backoff, Credentials, 0), 900);
    }

    #[test]
    fn a_setting_to_be_changed_is_looked_at_every_five_minutes() {
        assert_eq!(seconds(&mut Backoff::default(), Settings, 0), 300);
    }
}
