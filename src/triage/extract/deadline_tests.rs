use super::super::{dates, each_once, plain};
use super::*;
use crate::mail::Mail;

/// Sunday, 22 November 2026, noon in UTC.
fn sent() -> Sent {
    let date = "2026-11-22T12:00:00Z".parse().ok();
    Sent::of(&Mail { date, ..Mail::default() })
}

fn days(text: &str) -> Vec<String> {
    let text = plain(text);
    each_once(dates::named(&dates::all(&text, sent(), Hints::of(&text))))
}

fn deadline(text: &str) -> Option<String> {
    whole(&plain(text), sent()).map(|deadline| deadline.at)
}

fn whole(text: &str, sent: Sent) -> Option<Deadline> {
    let hints = Hints::of(text);
    find(text, &dates::all(text, sent, hints), sent, hints)
}

#[test]
fn days_however_they_are_written() {
    for text in [
        "2026-12-11",
        "Friday 11 December",
        "11 Dec 2026",
        "11 Dec. 2026",
        "December 11th",
        "Dec 11, 2026",
        "the 11th of December",
        "11. Dezember 2026",
        "11.12.2026",
        "le 11 décembre 2026",
        "el 11 de diciembre de 2026",
        "in 19 days",
        "12/11 or 2026/12/11",
        "11\u{2011}Dec\u{2011}2026",
    ] {
        assert_eq!(days(text), ["2026-12-11"], "{text}");
    }
    assert_eq!(days("on 3 January"), ["2027-01-03"]);
    assert_eq!(days("on 1 November we told them"), ["2026-11-01"]);
    assert_eq!(days("juin, 14 juillet 2027"), ["2027-07-14"]);
}

#[test]
fn what_is_no_day() {
    for text in ["11/12/2026", "2026-13-40", "31 February", "may 99", "1.2.3", "version 11.12"] {
        assert!(days(text).is_empty(), "{text}: {:?}", days(text));
    }
}

#[test]
fn the_day_of_publication() {
    for (text, at) in [
        ("I will publish on 11 December 2026.", "2026-12-11"),
        ("I plan to go public on Friday\n11 December, whatever happens.", "2026-12-11"),
        ("We follow a 90-day disclosure policy.", "2027-02-20"),
        ("You have 48 hours or I will publish everything.", "2026-11-24T12:00:00Z"),
        ("Please embargo this until 2026-12-15 at 14:00 UTC.", "2026-12-15T14:00:00Z"),
        ("Disclosure deadline: 15 Dec 2026, 2:30 pm +0100", "2026-12-15T13:30:00Z"),
        ("I will publish this on Friday.", "2026-11-27"),
        ("Ich werde das am 11. Dezember 2026 veröffentlichen.", "2026-12-11"),
        ("Je vais publier le 11 décembre 2026.", "2026-12-11"),
        (
            "Reported on 1 November. I publish on 20 December or, if they agree, on 4 January.",
            "2026-12-20",
        ),
    ] {
        assert_eq!(deadline(text).as_deref(), Some(at), "{text}");
    }
}

#[test]
fn what_is_no_deadline() {
    for text in [
        "It was published on 3 May 2026.",
        "I reported it on 11 December 2026.",
        "The library was released 90 days ago.",
        "Please answer within 48 hours.",
    ] {
        assert_eq!(deadline(text), None, "{text}");
    }
}

#[test]
fn its_words_come_along_on_one_line() {
    let found =
        whole("Hello.\n\nI will publish\non 11 December.\n\nFay", sent()).expect("a deadline");
    assert_eq!(found.words, "I will publish on 11 December.");
}

#[test]
fn eve_cannot_make_reading_slow() {
    for text in ["publish 90 days ".repeat(30_000), "a. ".repeat(150_000), ".".repeat(500_000)] {
        whole(&text, sent());
    }
    let far = Mail { date: Some(jiff::Timestamp::MAX), ..Mail::default() };
    assert!(whole("publish in 90 days, on Friday, tomorrow", Sent::of(&far)).is_none());
}
