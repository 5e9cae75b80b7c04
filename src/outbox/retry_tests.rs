use super::*;

const NO_JITTER: u32 = u32::MAX / 2;

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

fn attempt(count: u32, audience: Audience) -> Attempt {
    Attempt { count, first: at("2026-11-22T12:00:00Z"), audience, jitter: NO_JITTER }
}

fn why() -> String {
    "451 at RCPT".into()
}

/// Seconds between `now` and the moment of the next attempt.
fn wait(step: Step, now: Timestamp) -> i64 {
    match step {
        Step::Again(at) => at.duration_since(now).as_secs(),
        other => panic!("no attempt follows: {other:?}"),
    }
}

#[test]
fn the_schedule() {
    let now = at("2026-11-22T12:00:00Z");
    let listed = [60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 28_800, 28_800];
    for (place, expected) in listed.into_iter().enumerate() {
        let made = attempt(place as u32 + 1, Audience::Person);
        let middle = wait(next(made, now, &Fate::Later { why: why() }), now);
        assert!(
            (middle - expected).abs() <= 1 + expected / 5_000,
            "attempt {}: {middle}",
            place + 1
        );
        for jitter in [0, 1, 12_345, u32::MAX] {
            let spread =
                wait(next(Attempt { jitter, ..made }, now, &Fate::Later { why: why() }), now);
            let most = (expected * 6 / 5).min(28_800);
            assert!((expected * 4 / 5..=most).contains(&spread), "{jitter}: {spread}");
        }
    }
}

#[test]
fn one_table_of_fates() {
    use Audience::{List, Person};
    let now = at("2026-11-22T12:00:00Z");
    let hold = || Step::Hold(why());
    let give_up = || Step::GiveUp(why());
    let table = [
        (1, Person, Fate::Sent, Step::Done),
        (9, List, Fate::Sent, Step::Done),
        (1, Person, Fate::Refused { why: why() }, give_up()),
        (2, Person, Fate::Soft { why: why() }, Step::Again(at("2026-11-22T12:04:59.999Z"))),
        (3, Person, Fate::Soft { why: why() }, give_up()),
        (3, List, Fate::Soft { why: why() }, give_up()),
        (3, Person, Fate::Unknown { why: why() }, Step::Again(at("2026-11-22T12:14:59.999Z"))),
        (4, Person, Fate::Unknown { why: why() }, hold()),
        (1, List, Fate::Unknown { why: why() }, hold()),
        (1, List, Fate::Stop { why: why() }, Step::Again(at("2026-11-22T12:15:00Z"))),
        (25, Person, Fate::Stop { why: why() }, Step::Again(at("2026-11-22T12:15:00Z"))),
    ];
    for (count, audience, fate, expected) in table {
        let step = next(attempt(count, audience), now, &fate);
        let near = match (&step, &expected) {
            (Step::Again(a), Step::Again(b)) => (a.duration_since(*b).as_secs()).abs() <= 1,
            _ => step == expected,
        };
        assert!(near, "{count} {audience:?} {fate:?}: {step:?}, not {expected:?}");
    }
}

#[test]
fn after_a_crash_a_person_is_written_to_at_once_and_a_list_is_not() {
    let now = at("2026-11-22T12:00:00Z");
    assert_eq!(after_crash(attempt(1, Audience::Person), now), Step::Again(now));
    assert!(matches!(after_crash(attempt(1, Audience::List), now), Step::Hold(_)));
    let crashes = after_crash(attempt(UNKNOWN_ATTEMPTS, Audience::Person), now);
    assert!(
        matches!(crashes, Step::Hold(_)),
        "a letter that kills the gateway is not sent for ever"
    );
}

/// Attempts until the letter is given up, and the hours that took.
fn simulate(jitter: impl Fn(u32) -> u32) -> (u32, i64) {
    let first = at("2026-11-22T12:00:00Z");
    let (mut now, mut count) = (first, 1);
    loop {
        let made = Attempt { count, first, audience: Audience::Person, jitter: jitter(count) };
        match next(made, now, &Fate::Later { why: why() }) {
            Step::Again(at) => (now, count) = (at, count + 1),
            Step::GiveUp(why) => {
                assert_eq!(why, "not taken in five days; at last: 451 at RCPT");
                return (count, now.duration_since(first).as_secs() / 3600);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn five_days_of_attempts() {
    let (middle, hours) = simulate(|_| NO_JITTER);
    assert_eq!((middle, hours), (23, 127));
    let (most, _) = simulate(|_| 0);
    let (least, _) = simulate(|_| u32::MAX);
    let (mixed, hours) = simulate(|count| count.wrapping_mul(2_654_435_761));
    assert!(most <= RETRY_ATTEMPTS && least >= 20 && (least..=most).contains(&mixed));
    assert!((120..130).contains(&hours));
}

#[test]
fn a_clock_that_jumps_costs_no_letter_and_starts_no_storm() {
    let made = attempt(2, Audience::Person);
    for moment in ["1970-01-01T00:00:01Z", "2025-11-22T12:00:00Z", "2027-11-22T12:00:00Z"] {
        let now = at(moment);
        let pause = wait(next(made, now, &Fate::Later { why: why() }), now);
        assert!((240..=360).contains(&pause), "{moment}: {pause}");
    }
    let now = at("2026-11-22T12:00:00Z");
    assert_eq!(clamp(at("2099-01-01T00:00:00Z"), now), at("2026-11-22T20:00:00Z"));
    assert_eq!(clamp(at("1970-01-01T00:00:00Z"), now), now);
    assert_eq!(clamp(at("2026-11-22T13:00:00Z"), now), at("2026-11-22T13:00:00Z"));
    assert_eq!(clamp(Timestamp::MAX, Timestamp::MAX), Timestamp::MAX);
}

#[test]
fn a_clock_set_back_for_ever_still_ends() {
    let now = at("1970-01-01T00:00:01Z");
    let made = attempt(RETRY_ATTEMPTS, Audience::Person);
    assert!(matches!(next(made, now, &Fate::Later { why: why() }), Step::GiveUp(_)));
}
