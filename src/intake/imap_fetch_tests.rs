use super::super::imap_script::{
    ARCHIVE, FETCH, LIST, OPEN, after_open, play, settings, uids, whole,
};
use super::super::{Arrival, SourceErrorKind};
use super::*;

const CAPS: &str = "MOVE IDLE";

fn listing(mails: &[(u32, &str)]) -> String {
    let mut script = "C: NOOP\nS: $ OK\nC: UID FETCH 1:* (UID RFC822.SIZE FLAGS)\n".to_owned();
    for (uid, size) in mails {
        script += &format!("S: * 1 FETCH (UID {uid} RFC822.SIZE {size} FLAGS ())\n");
    }
    script + "S: $ OK\n"
}

fn fetching(set: &str, answers: &[&str]) -> String {
    let command = format!("C: UID FETCH {set} (UID INTERNALDATE BODY.PEEK[])\n");
    answers.iter().fold(command, |script, answer| script + "S: " + answer + "\n")
}

/// The arrivals of each call in turn, until the script ends in an error or in nothing.
async fn calls(limit: usize, script: &str) -> Vec<Result<Vec<Arrival>, String>> {
    let mut settings = settings();
    settings.mail_limit = limit;
    let (mut source, server) = play(settings, script);
    let mut results = Vec::new();
    loop {
        let next = source.next().await;
        let last = !matches!(&next, Ok(arrivals) if !arrivals.is_empty());
        results.push(next.map_err(|error| {
            assert_eq!(error.kind, SourceErrorKind::Temporary);
            error.words
        }));
        if last {
            drop(source);
            server.finish().await;
            return results;
        }
    }
}

async fn one_call(limit: usize, script: &str) -> Vec<Arrival> {
    let mut settings = settings();
    settings.mail_limit = limit;
    let (mut source, server) = play(settings, script);
    let arrivals = source.next().await.expect("next");
    drop(source);
    server.finish().await;
    arrivals
}

#[tokio::test]
async fn an_empty_folder_is_no_mail() {
    let open = OPEN.replace("CAPS", CAPS).replace("* 2 EXISTS", "* 0 EXISTS");
    let calls = calls(99, &(open + ARCHIVE + "C: NOOP\nS: $ OK\n")).await;
    assert!(matches!(calls.as_slice(), [Ok(none)] if none.is_empty()));
}

#[tokio::test]
async fn mail_that_came_since_is_listed() {
    let open = OPEN.replace("CAPS", CAPS).replace("* 2 EXISTS", "* 0 EXISTS");
    let noop = "C: NOOP\nS: * 2 EXISTS\nS: $ OK\n";
    let list = LIST.split_once("S: $ OK\n").expect("noop").1;
    let (mut source, server) = play(settings(), &(open + ARCHIVE + noop + list + FETCH));
    assert_eq!(uids(&source.next().await.expect("next")), [10, 11]);
    drop(source);
    server.finish().await;
}

#[tokio::test]
async fn a_mail_of_which_nothing_comes_is_told_once_and_asked_for_again() {
    let list = listing(&[(10, "20"), (11, "20")]);
    let again = listing(&[(10, "20")]);
    for nothing in ["NIL", "\"\"", "{0}\\r\\n"] {
        let body = format!("* 1 FETCH (UID 10 BODY[] {nothing})");
        let two = fetching("10:11", &[&body, "* 2 FETCH (UID 11 BODY[] <<b>>)", "$ OK"]);
        let one = fetching("10", &[&body, "$ OK"]);
        let open = after_open(CAPS, &[ARCHIVE, &list, &two, &again, &one, &again]);
        let later = after_open(CAPS, &[ARCHIVE, &again, &one, &again]);
        let (mut source, server) = play(settings(), &(open + "--\n" + &later));
        assert_eq!(uids(&source.next().await.expect("the other")), [11]);
        let error = source.next().await.err().expect("told");
        assert!(error.words.ends_with("lists 1 mails and does not hand them over"), "{error}");
        assert!(source.next().await.expect("told once").is_empty());
        assert_eq!(source.withheld(), 1);
        drop(source);
        server.finish().await;
    }
}

#[tokio::test]
async fn a_mail_withheld_from_the_beginning_is_an_error_first() {
    let list = listing(&[(10, "20")]);
    let one = fetching("10", &["* 1 FETCH (UID 10 BODY[] NIL)", "$ OK"]);
    let script = after_open(CAPS, &[ARCHIVE, &list, &one, &list]);
    let calls = calls(99, &script).await;
    let [Err(words)] = calls.as_slice() else { panic!("an error was expected") };
    assert!(words.ends_with("the server lists 1 mails and does not hand them over"), "{words}");
}

#[tokio::test]
async fn mails_that_others_took_meanwhile_are_no_trouble() {
    let list = listing(&[(10, "20"), (11, "20")]);
    for answer in ["$ NO [EXPUNGEISSUED] gone", "$ OK"] {
        let gone = fetching("10:11", &["* 1 EXPUNGE", "* 1 EXPUNGE", answer]);
        let again = "C: NOOP\nS: $ OK\n";
        let script = after_open(CAPS, &[ARCHIVE, &list, &gone, again]);
        let calls = calls(99, &script).await;
        assert!(matches!(calls.as_slice(), [Ok(none)] if none.is_empty()), "{answer}");
    }
}

#[tokio::test]
async fn one_mail_that_breaks_the_session_keeps_no_other_away() {
    let list = listing(&[(10, "20"), (11, "20"), (12, "20")]);
    let broken = "C~ UID FETCH 10:12 .*\nS: * BYE internal error\nclose\n--\n";
    let good = fetching(
        "11:12",
        &["* 2 FETCH (UID 11 BODY[] <<b>>)", "* 3 FETCH (UID 12 BODY[] <<c>>)", "$ OK"],
    );
    let alone = "C~ UID FETCH 10 .*\nS: * BYE internal error\nclose\n";
    let open = after_open(CAPS, &[ARCHIVE, &list]);
    let script = open.clone() + broken + &open + &good + alone;
    let (mut source, server) = play(settings(), &script);
    assert!(source.next().await.is_err());
    assert_eq!(uids(&source.next().await.expect("the others")), [11, 12]);
    assert!(source.next().await.is_err());
    assert_eq!(source.withheld(), 1);
    drop(source);
    server.finish().await;
}

#[tokio::test]
async fn what_came_before_the_break_is_kept() {
    let cut = "C~ UID FETCH 10:11 .*\nS: * 1 FETCH (UID 10 BODY[] <<a>>)\n\
               S: * 2 FETCH (UID 11 BODY[] {20}\\r\\nhalf of it\nclose\n";
    let (mut source, server) = play(settings(), &after_open(CAPS, &[ARCHIVE, LIST, cut]));
    let arrivals = source.next().await.expect("the first");
    assert_eq!((uids(&arrivals), whole(&arrivals[0])), (vec![10], &b"a"[..]));
    assert!(source.next().await.is_err(), "no third connection");
    drop(source);
    server.finish().await;
}

#[tokio::test]
async fn answers_in_any_order_and_twice_are_sorted() {
    let answers = [
        "* 9 FETCH (UID 99 BODY[] <<of another mail>>)",
        "* 2 FETCH (BODY[] <<b>> UID 11)",
        "* 2 FETCH (UID 11 BODY[] <<another b>>)",
        "* 1 FETCH (FLAGS (\\Seen))",
        "* 1 FETCH (UID 10 BODY[TEXT] <<not the whole>> BODY[]<5> <<nor this>>)",
        "* 1 FETCH (X-NEW (1) UID 10 BODY[] <<a>> FLAGS (\\Seen))",
        "$ OK",
    ];
    let script = after_open(CAPS, &[ARCHIVE, LIST, &fetching("10:11", &answers)]);
    let arrivals = one_call(99, &script).await;
    assert_eq!(uids(&arrivals), [10, 11]);
    assert_eq!((whole(&arrivals[0]), whole(&arrivals[1])), (&b"a"[..], &b"b"[..]));
}

#[tokio::test]
async fn a_size_that_lies_is_no_check() {
    // Announced small: the body is cut off at the limit, and known to be too large.
    let answers = ["* 1 FETCH (UID 10 BODY[] <<Subject: x\\r\\n\\r\\n123456789>>)", "$ OK"];
    let list = listing(&[(10, "1")]);
    let script = after_open(CAPS, &[ARCHIVE, &list, &fetching("10", &answers)]);
    let arrivals = one_call(20, &script).await;
    let Body::TooLarge { header, bytes } = &arrivals[0].body else { panic!("too large") };
    assert_eq!((header.as_slice(), *bytes), (&b"Subject: x\r\n\r\n"[..], 21));
    // Announced large, though it is not: the octet behind the limit is not there.
    let script = after_open(
        CAPS,
        &[
            ARCHIVE,
            &listing(&[(10, "4000")]),
            "C: UID FETCH 10 (UID INTERNALDATE BODY.PEEK[HEADER]<0.262144> BODY.PEEK[]<20.1>)\n\
             S: * 1 FETCH (UID 10 BODY[HEADER]<0> <<Subject: x\\r\\n\\r\\n>> BODY[]<20> \"\")\n\
             S: $ OK\n\
             C: UID FETCH 10 (UID INTERNALDATE BODY.PEEK[]<0.21>)\n\
             S: * 1 FETCH (UID 10 BODY[]<0> <<Subject: x\\r\\n\\r\\nabc>>)\nS: $ OK\n",
        ],
    );
    assert_eq!(whole(&one_call(20, &script).await[0]), b"Subject: x\r\n\r\nabc");
}

#[tokio::test]
async fn a_mail_over_the_limit_comes_as_its_header() {
    let ask = "C: UID FETCH 10 (UID INTERNALDATE BODY.PEEK[HEADER]<0.262144> BODY.PEEK[]<20.1>)\n";
    let answer =
        "S: * 1 FETCH (UID 10 BODY[HEADER]<0> <<Subject: x\\r\\n\\r\\n>> BODY[]<20> \"a\")\n";
    let script =
        after_open(CAPS, &[ARCHIVE, &listing(&[(10, "31457280")]), ask, answer, "S: $ OK\n"]);
    let arrivals = one_call(20, &script).await;
    let Body::TooLarge { header, bytes } = &arrivals[0].body else { panic!("too large") };
    assert_eq!((header.as_slice(), *bytes), (&b"Subject: x\r\n\r\n"[..], 31_457_280));
}

#[tokio::test]
async fn a_large_mail_comes_in_parts() {
    let part = limits::PART_BYTES;
    let rest = 30 * limits::MIB - 3 * part;
    let mut script = after_open(CAPS, &[ARCHIVE, &listing(&[(10, "31457280")])]);
    for (at, octets) in [(0, part), (part, part), (2 * part, part), (3 * part, rest)] {
        script += &format!(
            "C: UID FETCH 10 (UID INTERNALDATE BODY.PEEK[]<{at}.{part}>)\n\
             S: * 1 FETCH (UID 10 BODY[]<{at}> <<*{octets}>>)\nS: $ OK\n"
        );
    }
    let arrivals = one_call(40 * limits::MIB, &script).await;
    assert_eq!(whole(&arrivals[0]).len(), 30 * limits::MIB);
}

#[tokio::test]
async fn a_part_sent_elsewhere_is_not_taken() {
    let ask = "C~ UID FETCH 10 .*\nS: * 1 FETCH (UID 10 BODY[]<5> <<abc>>)\nS: $ OK\n";
    // No size at all: asked for alone, in parts.
    let list = "C: NOOP\nS: $ OK\nC~ UID FETCH 1:.*\nS: * 1 FETCH (UID 10 FLAGS ())\nS: $ OK\n";
    let script = after_open(CAPS, &[ARCHIVE, list, ask, list]);
    assert!(matches!(calls(99, &script).await.as_slice(), [Err(_)]));
}

#[tokio::test]
async fn a_mail_of_thirty_megabytes_where_none_was_announced_is_bounded() {
    let answers = ["* 1 FETCH (UID 10 BODY[] <<*31457280>>)", "$ OK"];
    let script = after_open(CAPS, &[ARCHIVE, &listing(&[(10, "100")]), &fetching("10", &answers)]);
    let arrivals = one_call(limits::MIB, &script).await;
    let Body::TooLarge { header, bytes } = &arrivals[0].body else { panic!("too large") };
    assert_eq!((header.len(), *bytes), (limits::HEADER_BYTES, limits::MIB as u64 + 1));
}

#[tokio::test]
async fn batches_are_bounded_in_mails_and_octets() {
    let mails: Vec<(u32, &str)> = (1..=150).map(|uid| (uid, "2")).collect();
    let answer = |uids: std::ops::RangeInclusive<u32>| {
        let line = |uid: u32| format!("S: * 1 FETCH (UID {uid} BODY[] <<ab>>)\n");
        uids.map(line).collect::<String>() + "S: $ OK\n"
    };
    let script = after_open(CAPS, &[ARCHIVE, &listing(&mails)])
        + "C~ UID FETCH 1:100 .*\n"
        + &answer(1..=100)
        + "C~ UID FETCH 101:150 .*\n"
        + &answer(101..=150);
    let (mut source, server) = play(settings(), &script);
    assert_eq!(source.next().await.expect("next").len(), 100);
    assert_eq!(source.next().await.expect("next").len(), 50);
    drop(source);
    server.finish().await;
    let mails: Vec<(u32, &str)> = (1..=9).map(|uid| (uid, "8000000")).collect();
    let script =
        after_open(CAPS, &[ARCHIVE, &listing(&mails)]) + "C~ UID FETCH 1:4 .*\n" + &answer(1..=4);
    assert_eq!(one_call(10 * limits::MIB, &script).await.len(), 4);
}

#[tokio::test]
async fn filed_mails_are_known_by_their_keyword() {
    let mut settings = settings();
    settings.done = super::super::Afterwards::Flag("$Filed".into());
    let list = LIST.replace("FLAGS (\\Seen)", "FLAGS (\\Seen $filed)");
    let fetch = "C~ UID FETCH 11 .*\nS: * 2 FETCH (UID 11 BODY[] <<b>>)\nS: $ OK\n";
    let (mut source, server) = play(settings, &after_open("IDLE", &[&list, fetch]));
    assert_eq!(uids(&source.next().await.expect("next")), [11]);
    drop(source);
    server.finish().await;
}

#[test]
fn dates_are_read_in_their_zone() {
    let at = |text: &str| received(Some(text)).to_string();
    assert_eq!(at("17-Jul-1996 02:44:25 -0700"), "1996-07-17T09:44:25Z");
    assert_eq!(at(" 1-Nov-2026 09:30:00 +0000"), "2026-11-01T09:30:00Z");
    let before = Timestamp::now();
    for odd in [None, Some(""), Some("32-Foo-1996 99:99:99 +9999")] {
        assert!(received(odd) >= before);
    }
}
