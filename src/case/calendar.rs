//! Business days, in UTC. Holidays come with the duty table.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The instant `days` business days after `from`, at the same time of day.
/// Saturates at the end of the calendar.
pub fn business_days_after(from: Timestamp, days: u32) -> Timestamp {
    let mut at = from.to_zoned(TimeZone::UTC);
    let mut left = days;
    while left > 0 {
        let Ok(next) = at.checked_add(1.day()) else { return at.timestamp() };
        at = next;
        if !matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    at.timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_do_not_count() {
        let monday: Timestamp = "2026-11-23T09:12:00Z".parse().expect("instant");
        let after = |days| business_days_after(monday, days).to_string();
        assert_eq!(after(4), "2026-11-27T09:12:00Z");
        assert_eq!(after(5), "2026-11-30T09:12:00Z");
        assert_eq!(after(10), "2026-12-07T09:12:00Z");
    }
}
