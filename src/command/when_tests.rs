use super::*;

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("zone")
}

/// Read on Mon 23 Nov 2026 at 09:12:30 UTC, by somebody in Berlin.
fn read(word: &str) -> Result<String, String> {
    let reading = Reading {
        now: "2026-11-23T09:12:30Z".parse().expect("instant"),
        zone: &berlin(),
        publish_time: Time::constant(14, 0, 0, 0),
    };
    instant(word, &reading).map(|at| at.to_string()).map_err(|wrong| wrong.to_string())
}

#[test]
fn instants_as_people_write_them() {
    for (word, at) in [
        ("2026-12-11T14:00Z", "2026-12-11T14:00:00Z"),
        ("2026-12-11t14:00z", "2026-12-11T14:00:00Z"),
        ("2026-12-11T14:00:30Z", "2026-12-11T14:00:30Z"),
        ("2026-12-11T14:00+01:00", "2026-12-11T13:00:00Z"),
        ("2026-12-11T14:00-0530", "2026-12-11T19:30:00Z"),
        ("2026-12-11T14:00+01", "2026-12-11T13:00:00Z"),
        ("2026-12-11T14:00", "2026-12-11T13:00:00Z"),
        ("2026-12-11 14:00", "2026-12-11T13:00:00Z"),
        ("2026-07-11 14:00", "2026-07-11T12:00:00Z"),
        ("2026-12-11 14:00 UTC", "2026-12-11T14:00:00Z"),
        ("2026-12-11T14:00UTC", "2026-12-11T14:00:00Z"),
        ("2026-12-11", "2026-12-11T14:00:00Z"),
        ("2028-02-29", "2028-02-29T14:00:00Z"),
        ("2000-01-01", "2000-01-01T14:00:00Z"),
        ("2200-12-31", "2200-12-31T14:00:00Z"),
        ("+30m", "2026-11-23T09:43:00Z"),
        ("+2h", "2026-11-23T11:13:00Z"),
        ("+14d", "2026-12-07T09:13:00Z"),
        ("+2w", "2026-12-07T09:13:00Z"),
        ("+5bd", "2026-11-30T09:13:00Z"),
        ("+5BD", "2026-11-30T09:13:00Z"),
    ] {
        assert_eq!(read(word), Ok(at.to_owned()), "{word}");
    }
}

#[test]
fn what_is_no_date_says_what_would_be_one() {
    let right = "Write 2026-12-11, 2026-12-11T14:00Z, +14d or +5bd.";
    assert_eq!(read("2026-13-01"), Err(format!("2026-13-01 is no date. {right}")));
    for (word, said) in [
        ("", "Nothing is no date."),
        ("tomorrow", "tomorrow is no date."),
        ("11.12.2026", "11.12.2026 is no date."),
        ("2027-02-29", "2027-02-29 is no date."),
        ("20261211", "20261211 is no date."),
        ("2026-12-11T", "Nothing is no time of day."),
        ("2026-12-11T24:00Z", "24:00 is no time of day."),
        ("2026-12-11T9:00Z", "9:00 is no time of day."),
        ("2026-12-11 14h", "14h is no time of day."),
        ("2026-12-11T14:00+25:00", "+25:00 is no offset from UTC."),
        ("2026-12-11T14:00+1", "+1 is no offset from UTC."),
        ("2026-12-11T14:00 CET", "CET is no offset from UTC."),
        ("2026-12-11T14:00+01:00[Asia/Tokyo]", "is no offset from UTC."),
        ("1999-12-31", "is not between the years 2000 and 2200."),
        ("2201-01-01", "is not between the years 2000 and 2200."),
        ("9999-12-31", "is not between the years 2000 and 2200."),
        ("+0d", "+0d is no time from now."),
        ("+14", "+14 is no time from now."),
        ("+14y", "+14y is no time from now."),
        ("+99999d", "+99999d is no time from now."),
        ("+9999w", "is not between the years 2000 and 2200."),
        ("+-3d", "+-3d is no time from now."),
        ("-3d", "-3d is no date."),
        ("２０26-12-11", "is no date."),
    ] {
        let wrong = read(word).expect_err(word);
        assert!(wrong.contains(said), "{word}: {wrong}");
    }
}

#[test]
fn what_clocks_show_twice_or_never_is_not_guessed() {
    assert_eq!(
        read("2027-03-28T02:30"),
        Err("02:30 does not exist on 2027-03-28 in Europe/Berlin: clocks are put forward over \
             it. Write another time, or the instant in UTC: 2027-03-28T14:00Z."
            .to_owned())
    );
    assert_eq!(
        read("2026-10-25 02:30"),
        Err("02:30 comes twice on 2026-10-25 in Europe/Berlin: clocks are put back. Write \
             which: 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00."
            .to_owned())
    );
    assert_eq!(read("2026-10-25T02:30+01:00"), Ok("2026-10-25T01:30:00Z".to_owned()));
}

#[test]
fn nothing_anybody_writes_stops_the_reading() {
    let bits = ["2026", "-", "12", "11", "T", " ", "14", ":", "00", "Z", "+", "bd", "é", "\u{0}"];
    for (one, two) in bits.iter().flat_map(|one| bits.iter().map(move |two| (one, two))) {
        for word in [
            format!("{one}{two}"),
            format!("+{one}{two}"),
            format!("2026-12-11{one}{two}"),
            format!("2026-12-11T14:00{one}{two}"),
        ] {
            let _ = (read(&word), day(&word), span(&word));
            assert!(!read(&word).err().unwrap_or_default().contains('\0'), "{word:?}");
        }
    }
}

#[test]
fn whole_days() {
    assert_eq!(day("2026-12-24").expect("day").to_string(), "2026-12-24");
    for wrong in ["24.12.", "2026-12-32", "+3d", "2026-12-24T10:00", "1815-06-18"] {
        assert!(day(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn spans_of_work() {
    for (word, minutes) in [
        ("1h30", 90),
        ("1h30m", 90),
        ("1H", 60),
        ("90m", 90),
        ("1:30", 90),
        ("0:05", 5),
        ("168h", 10_080),
    ] {
        assert_eq!(span(word), Ok(minutes), "{word}");
    }
    for wrong in ["90", "1:5", "1h75", "0m", "169h", "h", "m", ":", "1.5h", "-1h", "+1h", "1:30m"] {
        let said = span(wrong).expect_err(wrong).to_string();
        assert!(said.contains("Write 1h30, 1h, 90m or 1:30."), "{wrong}: {said}");
    }
}

#[test]
fn an_instant_is_repeated_in_two_clocks() {
    let at = "2026-12-11T14:00:00Z".parse().expect("instant");
    assert_eq!(both(at, &berlin()), "Fri 11 Dec 2026 14:00 UTC (15:00 Berlin)");
    assert_eq!(both(at, &TimeZone::UTC), "Fri 11 Dec 2026 14:00 UTC");
}
