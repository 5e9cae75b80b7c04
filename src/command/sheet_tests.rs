//! What each mail client writes, what Eve hopes for, and what holds for any text.

use super::*;
use crate::mail;
use proptest::prelude::*;

const COMMANDS: [&str; 10] = [
    "take", "severity", "send", "note", "close", "decline", "confirm", "reject", "title", "report",
];

fn sheet(text: &str) -> Result<Sheet, Unreadable> {
    read(text, &|word| COMMANDS.contains(&word))
}

fn good(text: &str) -> Sheet {
    sheet(text).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

fn texts(sheet: &Sheet) -> Vec<&str> {
    sheet.lines.iter().map(|line| line.text.as_str()).collect()
}

/// Orders and words of a mail without anything around them.
fn plain(text: &str) -> (Vec<String>, String) {
    let sheet = good(text);
    (texts(&sheet).into_iter().map(str::to_owned).collect(), sheet.text)
}

/// A signed part as a client writes it, through the reading of mail.
fn fixture(file: &str) -> Sheet {
    let mail = file.replace('\n', "\r\n");
    let content = mail::parse(mail.as_bytes()).expect("a mail").content();
    assert_eq!(content.not_for_orders, None, "{file:.200}");
    good(&content.text)
}

macro_rules! orders {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/orders/", $name, ".eml"))
    };
}

const TAKEN: [&str; 3] = ["/take", "/severity high", "/send finder"];
const THANKS: &str = "Thank you. We can reproduce it; the maintainers have it now.";

#[test]
fn val_orders_from_any_client_above_or_below_the_quote() {
    for (file, quoted, told) in [
        (orders!("thunderbird-above"), true, "the 18 lines from the quote on, and your signature"),
        (orders!("thunderbird-below"), true, "17 quoted lines at the top, and your signature"),
        (orders!("thunderbird-html-same"), true, "the 18 lines from the quote on"),
        (orders!("neomutt-above"), true, "the 18 lines from the quote on, and your signature"),
        (orders!("neomutt-below"), true, "17 quoted lines at the top, and your signature"),
        (orders!("apple-mail-html"), true, "the 19 lines from the quote on"),
        (orders!("k9-above"), true, "the 18 lines from the quote on, and your signature"),
        (orders!("outlook-above"), false, "the 17 lines from the pasted mail on"),
    ] {
        let sheet = fixture(file);
        assert_eq!(texts(&sheet), TAKEN, "{file}");
        assert_eq!(sheet.text.trim_end_matches("\n\nVal"), THANKS, "{file}");
        assert_eq!(sheet.unused.told().as_deref(), Some(told), "{file}");
        let [line] = sheet.case_lines.as_slice() else { panic!("one case line: {file}") };
        assert_eq!((line.case.as_str(), line.code.as_str()), ("SIRT-2026-4827", "k7qd3mw2"));
        assert_eq!(line.quoted, quoted, "{file}");
    }
}

#[test]
fn val_orders_from_a_phone() {
    let sheet = fixture(orders!("phone-wrapped"));
    let title = "/title Heap overflow in the chunk reader of libexample before 2.1, when the \
        length is odd";
    let lines = ["/Embargo until 2026-12-11T14:00Z", "/assign vic@example.org", title, "/take"];
    assert_eq!(texts(&sheet), lines);
    assert_eq!(sheet.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let wrapped = sheet.lines.get(2).expect("the title").wrapped_at;
    assert_eq!(wrapped.and_then(|at| title.get(at..)), Some("length is odd"));
    assert_eq!(sheet.text, "Sent from my phone");

    let sheet = fixture(orders!("curly"));
    let lines = [
        "/confirm k7qd3mw2",
        "/valid using \"It's reproduced\"",
        "/fixed pkg:cargo/libexample 2.1-2",
    ];
    assert_eq!(texts(&sheet), lines);
    assert_eq!(sheet.text, "She said “thank you” — so do we.", "words stay as written");
}

#[test]
fn transfer_forms_are_undone_before_anything_is_read() {
    let sheet = fixture(orders!("flowed"));
    assert_eq!(texts(&sheet), ["/reject not-security"]);
    assert_eq!(sheet.text, "This is a long line that was broken by a program for showing it.");
    let sheet = fixture(orders!("quoted-printable"));
    assert_eq!(texts(&sheet), ["/take", "/severity high"]);
    assert_eq!(sheet.text, "Grüße aus Köln.");
    assert_eq!(sheet.unused.signature, 2);
    let sheet = fixture(orders!("apple-mail-file"));
    assert_eq!((texts(&sheet), sheet.text.as_str()), (vec!["/note"], "The trace."));
}

#[test]
fn a_mail_that_says_two_things_carries_no_orders() {
    // R11
    let file = orders!("thunderbird-html-other").replace('\n', "\r\n");
    let content = mail::parse(file.as_bytes()).expect("a mail").content();
    let why = content.not_for_orders.expect("a reason");
    assert_eq!(why, "Its text and its other form do not say the same.");
}

#[test]
fn commands_a_blank_line_then_the_text() {
    let lines = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    let none = Vec::new();
    for (text, orders, words) in [
        ("/take", lines(&["/take"]), ""),
        ("\n\n  /take \n\n\nWords\n  and more \n\n", lines(&["/take"]), "Words\n  and more"),
        ("/ take\n/\nsend\nfinder", lines(&["/take", "/send finder"]), ""),
        ("# why\n# oh why\n/take\n# wrapped\ncomment", lines(&["/take"]), ""),
        ("# A heading\nand words", none.clone(), "# A heading\nand words"),
        ("/sevrity high\n\nx", lines(&["/sevrity high"]), "x"),
        (
            "Only words.\n/etc/passwd is readable",
            none.clone(),
            "Only words.\n/etc/passwd is readable",
        ),
        ("See\n/report.txt and\n/report/x", none.clone(), "See\n/report.txt and\n/report/x"),
        ("/take\n-- \nVal", lines(&["/take"]), ""),
        ("/take\n> quoted\nx", lines(&["/take"]), ""),
        ("/take\nOn Monday, Fay wrote:\n> quoted", lines(&["/take"]), ""),
        ("/affects pkg:cargo/a\n>= 1.2", lines(&["/affects pkg:cargo/a >= 1.2"]), ""),
        ("/assign v@b.example <mailto:v@b.example>", lines(&["/assign v@b.example"]), ""),
        ("/take\n\nSee:\n>= 1.2\n> quoted", lines(&["/take"]), "See:\n>= 1.2"),
        ("\u{feff}\u{200b}/take\u{202f}\u{a0}\n\u{a0}\nx", lines(&["/take"]), "x"),
        ("Hello", none.clone(), "Hello"),
        ("", none.clone(), ""),
        ("> all\n> quoted", none, ""),
    ] {
        assert_eq!(plain(text), (orders, words.to_owned()), "{text:?}");
    }
}

#[test]
fn the_kept_head_of_our_letter_names_the_case() {
    let head = "[SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:RED]";
    let internal = "INTERNAL. For the handlers of this case. Never forward; use /send.";
    for text in [
        format!("{head}\n{internal}\n\n/take\n"),
        format!("{head}\n/take\n"),
        format!("{}\n{internal}\n/take", head.replace(" TLP", "\nTLP")),
    ] {
        let sheet = good(&text);
        assert_eq!(texts(&sheet), ["/take"], "{text}");
        let [line] = sheet.case_lines.as_slice() else { panic!("one case line") };
        assert!(!line.quoted);
    }
    let two = good(&format!("{head}\n/take\n\n> {}\n> > {head}", head.replace("4827", "1111")));
    let named: Vec<_> = two.case_lines.iter().map(|l| (l.case.as_str(), l.quoted)).collect();
    assert_eq!(named, [("SIRT-2026-4827", false), ("SIRT-2026-1111", true)]);
    let cut =
        good(&format!("/take\n\nWords\n\nOn Monday, SIRT wrote:\n\n{head}\n{internal}\n  /close"));
    assert_eq!((texts(&cut), cut.text.as_str()), (vec!["/take"], "Words"));
    assert_eq!(cut.unused.told().as_deref(), Some("the 4 lines from the quote on"));
    for joined in [format!("{head} /close"), format!("{}\n/close [x]", head.replace(']', ""))] {
        let sheet = good(&joined);
        assert!(sheet.lines.is_empty() && sheet.unused.below > 0, "told, not done: {joined}");
    }
    let prose = good("See [SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:RED] too");
    assert!(prose.case_lines.is_empty(), "a case line is a line");
}

#[test]
fn a_command_that_would_not_be_carried_out_refuses_the_mail() {
    for (line, name, text) in [
        (3, "take", "Hi,\n\n/take\n"),
        (2, "take", "Hi,\n/Take it"),
        (3, "severity", "/take\n\n/severity high\n\nText"),
        (4, "close", "/take\n\nWords\n  /close. \n"),
        (3, "close", "Words\n\n\u{a0}\u{201c}/close\u{201d} now"),
        (5, "close", "/take\n\n> quoted\n\n/close\n"),
        (4, "close", "/take\n-- \nVal\n/close"),
        (3, "take", "# why\n\n/take"),
    ] {
        let lower = Unreadable::Lower { name: name.to_owned(), line };
        assert_eq!(sheet(text), Err(lower), "{text:?}");
    }
    let many = "/take\n".repeat(COMMANDS_A_MAIL);
    assert_eq!(good(&many).lines.len(), COMMANDS_A_MAIL);
    assert_eq!(sheet(&format!("{many}/take")), Err(Unreadable::TooMany));
    let long = format!("/take\n/title {}", "long words\n".repeat(COMMAND_CHARS / 10));
    assert_eq!(sheet(&long), Err(Unreadable::TooLong { number: 2 }));
    let why = sheet("Hi,\n/take").expect_err("refused").to_string();
    assert!(why.starts_with("/take stands on line 2 of your mail, below other words"), "{why}");
}

#[test]
fn eve_cannot_order_with_words_that_val_quotes() {
    // R10
    for text in [
        "> /close\n\nThat is no command.",
        "On Monday, Eve wrote:\n> /close\n> /send eve\n\nThat is no command.",
        "That is no command.\n\nOn Monday, Eve wrote:\n>/close\n>> /close",
        "> | /close\n>\n> | more\n\nThat is no command.",
        "That is no command.\n\n-----Original Message-----\nFrom: Eve\nSent: now\n\n/close",
    ] {
        let sheet = good(text);
        assert!(sheet.lines.is_empty(), "{text}");
        assert_eq!(sheet.text, "That is no command.", "{text}");
    }
}

#[test]
fn eve_cannot_order_with_the_wrapped_end_of_a_quote() {
    // A client that breaks long lines leaves their ends without a quote mark.
    let below =
        "> | words of hers, long enough that the next is wrapped\n/close\n> | more\n\n/take";
    assert_eq!(sheet(below), Err(Unreadable::TouchesQuote { line: 2 }));
    let below = "> words, and then a command on the next\n/close\n\nVal";
    assert_eq!(sheet(below), Err(Unreadable::TouchesQuote { line: 2 }));
    // Above the quote the end of it is no command of Val's, and does not stop hers.
    let above = "/take\n\nOn Monday, Eve wrote:\n> long words\n/close\n> | more\n";
    assert_eq!(texts(&good(above)), ["/take"]);
}

#[test]
fn eve_cannot_hide_a_line_in_words_that_val_pastes() {
    // Val's program shows one line; to us it would be two.
    for hidden in ["\u{85}", "\u{2028}", "\u{b}", "\u{c}", "\r"] {
        let mail = format!(
            "Content-Type: text/plain; charset=utf-8\r\n\r\n/title Overflow{hidden}/close\r\n"
        );
        let content = mail::parse(mail.as_bytes()).expect("a mail").content();
        assert!(content.not_for_orders.is_some(), "{hidden:?}");
    }
}

#[test]
fn eve_cannot_name_a_case_from_inside_a_quote() {
    let line = "[SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:RED]";
    for deep in [">>", "> >", "> |", "> > >", ">> "] {
        assert!(good(&format!("/take\n\n{deep} {line}")).case_lines.is_empty(), "{deep}");
    }
}

fn any_line() -> impl Strategy<Value = String> {
    let pieces = [
        "/",
        "take",
        " ",
        "> ",
        ">",
        "-- ",
        "#",
        "[SIRT-2026-4827 k7qd3mw2 x]",
        "On 1, a@b wrote:",
        "From: a",
        "Date: b",
        "\u{a0}",
        "\u{201c}",
        "words",
        "close",
        "_____",
        "<mailto:a>",
        "\u{feff}",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..5)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_or_refused(
        text in any::<String>(),
        lines in proptest::collection::vec(any::<String>(), 0..6),
    ) {
        let _ = sheet(&text);
        let _ = sheet(&lines.join("\n"));
    }

    #[test]
    fn words_of_a_quote_are_neither_ordered_nor_said(
        lines in proptest::collection::vec((any_line(), any::<bool>()), 0..12)
    ) {
        let marked = |(line, quoted): &(String, bool)| match quoted {
            true => format!("> secret {line}"),
            false => line.clone(),
        };
        let text = lines.iter().map(marked).collect::<Vec<_>>().join("\n");
        if let Ok(sheet) = sheet(&text) {
            prop_assert!(!sheet.text.lines().any(is_quoted), "{}", sheet.text);
            prop_assert!(!sheet.text.contains("secret"));
            prop_assert!(sheet.lines.iter().all(|line| !line.text.contains("secret")));
            prop_assert!(sheet.lines.iter().all(|line| line.text.starts_with('/')));
        }
    }

    #[test]
    fn any_quote_leaves_the_orders_as_they_are(
        quoted in proptest::collection::vec(any_line(), 1..9),
    ) {
        let quote = quoted.iter().map(|line| format!("> {line}\n")).collect::<String>();
        let above = good(&format!("/take\n\nWords\n\nOn 23.11.26, SIRT wrote:\n{quote}"));
        prop_assert_eq!((texts(&above), above.text.as_str()), (vec!["/take"], "Words"));
        let below = good(&format!("On 23.11.26, SIRT wrote:\n{quote}\n/take\n\nWords\n"));
        prop_assert_eq!((texts(&below), below.text.as_str()), (vec!["/take"], "Words"));
    }
}
