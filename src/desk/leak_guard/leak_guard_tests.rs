use super::*;
use crate::case::{Permission, Secrets};
use crate::mail::Fingerprint;
use jiff::tz::TimeZone;

const FAY: &str = "When the frame counter wraps around, the second thread frees the session \
    while the first still writes its trailer into it.";
const NOTE: &str = "Mo seems slow; Cora thinks we should call the distribution directly.";

fn secrets() -> Secrets {
    Secrets { numbers: [1; 32], codes: [2; 32], tokens: [3; 32], message_ids: [4; 32] }
}

fn val() -> Member {
    Member {
        handle: "val".to_owned(),
        name: "Val Olunteer".to_owned(),
        address: Address::parse("val@team.example").expect("val"),
        also_from: Vec::new(),
        key: Fingerprint::parse(&"A1".repeat(20)).expect("a key"),
        key_trouble: None,
        role: Permission::Volunteer,
        zone: TimeZone::UTC,
        signs_as: "Example SIRT".to_owned(),
    }
}

/// What is found in Val's letter to Mo, as the sentences he reads.
fn sentences(text: &str) -> Vec<String> {
    let (secrets, val) = (secrets(), val());
    let this_case = CaseId::parse("SIRT-2026-4827").expect("an id");
    let fay = Address::parse("fay@finders.example").expect("fay");
    let words = passages(&secrets, FAY);
    let sources = vec![Source { whose: "the finder, which came encrypted", passages: &words }];
    let guarded = Guarded {
        notes: vec!["Called the hosting company.", NOTE],
        words: Sought { secrets: &secrets, sources, known: Vec::new() },
        addresses: vec![&fay],
        members: vec![&val],
        this_case: &this_case,
        prefix: "SIRT",
        codes: vec!["w2rj9dkx"],
    };
    leaks(text, &guarded).iter().map(Leak::to_string).collect()
}

#[test]
fn each_slip_of_val_is_named_with_its_line() {
    let letter = "Hello Mo,\n\nthe second thread frees the session while the first still writes \
        its trailer.\n(Cora thinks we should call the distribution.)\nAsk fay@finders.example; \
        it is like SIRT-2026-1234.\n\nVal Olunteer\n\n> w2rj9dkx\n";
    assert_eq!(
        sentences(letter),
        [
            "Line 3 repeats words of the finder, which came encrypted.",
            "Line 4 repeats words of an internal note.",
            "Line 5 names the address fay@finders.example.",
            "Line 5 names another case, SIRT-2026-1234.",
            "Line 7 names the member val, by name, address or key.",
            "Line 9 has a mark of ours that is for members.",
        ]
    );
}

#[test]
fn a_clean_letter_is_clean() {
    let letter = "Hello Mo,\n\na finder told us of a race in the session code of libexample. May \
        we send you the detail? We need a key of yours for it.\n\nYour case is SIRT-2026-4827.\n\
        Write to sirt@example.org at any time.\n\nExample SIRT\n";
    assert_eq!(sentences(letter), [""; 0]);
}

#[test]
fn a_note_is_found_by_five_words_or_thirty_characters() {
    for text in [
        "cora THINKS we\n> should call",
        "We hear that Mo seems slow; Cora thinks.",
        "«call the distribution directly»",
    ] {
        assert_eq!(sentences(text), ["Line 1 repeats words of an internal note."], "{text}");
    }
    for text in ["Mo seems slow.", "we should call you directly", "Should we call the company?"] {
        assert_eq!(sentences(text), [""; 0], "{text}");
    }
}

#[test]
fn eve_gains_nothing_with_a_text_of_nothing() {
    let blank = [
        String::new(),
        "\r\r\n\u{2028}\u{feff}".to_owned(),
        "-\n".repeat(10_000),
        "> ".repeat(10_000),
        "a-\n".repeat(10_000),
        "@".repeat(10_000),
        "'".repeat(10_000),
        "\u{301}".repeat(10_000),
    ];
    for text in blank {
        assert_eq!(sentences(&text), [""; 0], "{text:.20}");
    }
}
