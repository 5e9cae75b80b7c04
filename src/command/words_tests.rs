use super::*;
use crate::case::{Severity, Tlp};
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// The line with what is wrong below it, as a transcript shows it.
fn told(line: &str, slip: &Slip) -> String {
    format!("  2  {line}\n{}", slip.under(5))
}

#[test]
fn one_word_after_the_other() {
    let mut words = Words::of("  /Affects  pkg:generic/libexample 1.2.0 to 1.2.3  ");
    assert_eq!(words.command(), "Affects");
    assert_eq!(words.peek(), Some("pkg:generic/libexample"));
    assert_eq!(words.word("a package"), Ok("pkg:generic/libexample"));
    assert_eq!(words.optional(), Some("1.2.0"));
    assert!(!words.keyword("from") && words.keyword("TO"));
    assert_eq!(words.rest(), "1.2.3");
    assert_eq!((words.rest(), words.optional(), words.end()), ("", None, Ok(())));
}

#[test]
fn a_slip_in_the_name_of_a_command_is_shown_under_it() {
    let slip = Words::of("/sevrity high").no_such_command(["send", "severity"]);
    assert_eq!(
        told("/sevrity high", &slip),
        "  2  /sevrity high\n      ^^^^^^^ no such command. Did you mean /severity ?"
    );
    let slip = Words::of("/frobnicate").no_such_command(["send", "severity"]);
    assert_eq!(slip.what, "no such command. /help lists all.");
    let slip = Words::of("/ take").no_such_command(["take"]);
    assert_eq!(slip.what, "a command stands directly behind its /");
}

#[test]
fn a_slip_in_a_word_lists_what_it_could_be() {
    let line = "/severity medium-ish";
    let slip = Words::of(line).word_of::<Severity>("a severity").expect_err("no severity");
    assert_eq!(
        told(line, &slip),
        "  2  /severity medium-ish\n               ^^^^^^^^^^\n     medium-ish is none of: none, \
         low, medium, high, critical. Did you\n     mean medium ?"
    );
    assert_eq!(Words::of("/tlp Amber+Strict").word_of::<Tlp>("a label"), Ok(Tlp::AmberStrict));
    let slip = Words::of("/severity").word_of::<Severity>("a severity").expect_err("nothing");
    assert_eq!(slip.what, "a severity is missing: none, low, medium, high, critical");
    assert_eq!(slip.at, Some((10, 1)));
    let slip = Words::of("/tlp red").one_of("a label", &[Tlp::Green]).expect_err("not offered");
    assert_eq!(slip.what, "red is none of: green.");
}

#[test]
fn columns_are_those_on_the_screen() {
    let mut words = Words::of("/note 漢字 x");
    assert_eq!(words.optional(), Some("漢字"));
    assert_eq!(words.slip("").at, Some((6, 4)));
    assert_eq!(words.optional(), Some("x"));
    assert_eq!(words.slip("").at, Some((11, 1)));
}

#[test]
fn too_many_words_are_not_swallowed() {
    let mut words = Words::of("/take now");
    assert_eq!(words.end().expect_err("left").what, "now is one word too many");
    let mut words = Words::of("/take it now");
    let slip = words.end().expect_err("left");
    assert_eq!(slip.what, "these words are too many: it now");
    assert_eq!(slip.at, Some((6, 6)));
    let mut words = Words::of("/case SIRT-2026-4827");
    assert!(words.case().is_ok() && words.end().is_ok());
    assert_eq!(words.slip("not a case you can read").at, Some((6, 14)), "still the last word");
}

#[test]
fn quotes_hold_words_together() {
    let mut words = Words::of(r#"/credit "Fay Inder" finder"#);
    assert_eq!(words.quoted("a name"), Ok("Fay Inder"));
    assert_eq!(words.rest(), "finder");
    for (line, what) in [
        (r#"/credit "Fay Inder"#, "a \" is opened and not closed"),
        ("/credit Fay", "a name stands between two \": \"like this\""),
        ("/credit", "a name is missing"),
    ] {
        assert_eq!(Words::of(line).quoted("a name").expect_err(line).what, what);
    }
}

#[test]
fn quiet_and_using_come_off_the_end() {
    let mut words = Words::of(r#"/reject not-credible using "We saw no "crash" here." Quiet"#);
    assert!(words.take_quiet());
    assert_eq!(words.take_using(), Ok(Some("We saw no \"crash\" here.")));
    assert_eq!(words.rest(), "not-credible");

    let mut words = Words::of(r#"/valid quiet using "Thank you." "#);
    assert!(!words.take_quiet());
    assert_eq!(words.take_using(), Ok(Some("Thank you.")));
    assert!(words.take_quiet() && !words.take_quiet());
    assert_eq!(words.end(), Ok(()));
}

#[test]
fn what_only_looks_like_quiet_or_using_stays() {
    let mut words = Words::of(r#"/defer using "be quiet" quietly"#);
    assert!(!words.take_quiet());
    assert_eq!(
        words.take_using().expect_err("not at the end").what,
        "using \"…\" stands at the end of its line"
    );
    let mut words = Words::of("/send finder using T-05");
    assert_eq!(words.take_using(), Ok(None));
    assert_eq!(words.rest(), "finder using T-05");
    let mut words = Words::of(r#"/defer abusing "it""#);
    assert_eq!(words.take_using(), Ok(None));
    assert!(Words::of(r#"/valid using "Thank"#).take_using().is_err());
    assert!(Words::of(r#"/valid using """#).take_using().is_err());
}

#[test]
fn addresses_cases_and_numbers() {
    let mut words = Words::of("/add <Fay@Finders.Example> [sirt-2026-4827] 3");
    assert_eq!(words.address().map(|a| a.to_string()), Ok("Fay@finders.example".to_owned()));
    assert_eq!(words.case().map(|id| id.to_string()), Ok("SIRT-2026-4827".to_owned()));
    assert_eq!(words.number("a mail"), Ok(3));
    assert_eq!(
        Words::of("/add fay@").address().expect_err("half").what,
        "fay@ is no mail address. Write fay@example.org."
    );
    for wrong in ["/file 0", "/file -1", "/file +1", "/file one", "/file 99999999999", "/file"] {
        assert!(Words::of(wrong).number("a file").is_err(), "{wrong}");
    }
    assert!(Words::of("/duplicate 4827").case().is_err());
}

fn remind(line: &str) -> Result<(String, String), Slip> {
    let zone = TimeZone::get("Europe/Berlin").expect("zone");
    let now = "2026-11-23T09:12:00Z".parse().expect("instant");
    let reading = Reading { now, zone: &zone, publish_time: Time::constant(14, 0, 0, 0) };
    let mut words = Words::of(line);
    let at = words.instant(&reading)?;
    Ok((at.to_string(), words.rest().to_owned()))
}

#[test]
fn a_date_may_be_two_words_and_never_loses_its_zone() {
    for (line, at, text) in [
        ("/remind 2026-12-11 14:00 call Mo", "2026-12-11T13:00:00Z", "call Mo"),
        ("/remind 2026-12-11 14:00 UTC call Mo", "2026-12-11T14:00:00Z", "call Mo"),
        ("/remind 2026-12-11T14:00 UTC call Mo", "2026-12-11T14:00:00Z", "call Mo"),
        ("/remind 2026-12-11 14:00 -05:00 call Mo", "2026-12-11T19:00:00Z", "call Mo"),
        ("/remind 2026-12-11 14:00 - call Mo", "2026-12-11T13:00:00Z", "- call Mo"),
        ("/remind 2026-12-11T14:00Z Ist Mo da?", "2026-12-11T14:00:00Z", "Ist Mo da?"),
        ("/remind 2026-12-11 2 calls to Mo", "2026-12-11T14:00:00Z", "2 calls to Mo"),
        ("/remind +2h 14:00 is the call", "2026-11-23T11:12:00Z", "14:00 is the call"),
    ] {
        assert_eq!(remind(line), Ok((at.to_owned(), text.to_owned())), "{line}");
    }
    let slip = remind("/remind 2026-12-11 14:00 CET call").expect_err("whose?");
    assert!(slip.what.starts_with("CET does not say which instant."), "{slip}");
    assert_eq!(slip.at, Some((25, 3)));
    assert!(remind("/remind 2026-12-11 14:00 UTC, call Mo").is_err());
    let slip = remind("/remind 2026-12-11 2:00 pm call").expect_err("twelve hours");
    assert!(slip.what.starts_with("pm does not say"), "{slip}");
    let slip = remind("/remind 2026-12-11 14h call").expect_err("form");
    assert!(slip.what.starts_with("14h is no time of day."), "{slip}");
    assert_eq!(slip.at, Some((8, 14)));
}

#[test]
fn eve_cannot_write_lines_into_a_sentence() {
    let line = format!("/severity high\u{2028}/close{}", "x".repeat(10_000));
    let mut words = Words::of(&line);
    assert_eq!(words.word_of::<Severity>("a severity"), Ok(Severity::High));
    let slip = words.end().expect_err("left");
    let line = format!("/severity \u{1b}[2K\u{202e}{}", "x".repeat(10_000));
    let long = Words::of(&line).word_of::<Severity>("a severity").expect_err("no severity");
    for slip in [slip, long] {
        assert!(slip.what.chars().count() < 200 && !slip.what.chars().any(char::is_control));
        assert!(!slip.what.contains(['\u{2028}', '\u{202e}']));
        assert!(slip.under(5).lines().all(|line| columns(line) <= COLUMNS), "{}", slip.under(5));
    }
}
