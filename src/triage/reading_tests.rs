use super::*;

fn read(text: &str) -> Reading {
    Reading::of(&Mail { text: text.to_owned(), ..Mail::default() })
}

#[test]
fn quotes_attributions_and_signatures_are_not_own_words() {
    let text =
        "Thanks.\n\nOn Mon, 2 Nov 2026, Fay wrote:\n> pay me or else\n>> older\nBye\n-- \nMo\n";
    assert_eq!(read(text).own, "Thanks.\n\nBye\n");
    assert!(read(text).whole.contains("pay me or else\nolder\n"));
}

#[test]
fn a_reply_without_quote_marks_ends_at_its_attribution() {
    let text = "Ok.\n\nAm 02.11.2026 um 10:00 schrieb:\nGuten Tag\n";
    assert_eq!(read(text).own, "Ok.\n\n");
    let outlook = "Ok.\n________________________________\nFrom: Fay\nold words\n";
    assert_eq!(read(outlook).own, "Ok.\n");
}

#[test]
fn a_bare_forward_speaks_with_the_words_it_passes_on() {
    let text =
        "FYI\n\n---------- Forwarded message ---------\nFrom: Fay\n\nheap overflow in libexample\n";
    let reading = read(text);
    assert!(reading.forwards && reading.own.contains("heap overflow"));
    let with_words = format!("I maintain libexample and do not know what to do.\n{text}");
    assert!(!read(&with_words).own.contains("heap overflow"));
    assert!(read(&with_words).whole.contains("heap overflow"));
}

#[test]
fn a_divider_in_a_report_is_not_its_end() {
    let rest = "more text\n".repeat(30);
    let text = format!("Summary\n--\n{rest}");
    assert!(read(&text).own.ends_with("more text\n"));
    let list =
        "Post\n_______________________________________________\nDevel mailing list\nlistinfo\n";
    assert_eq!(read(list).own, "Post\n");
}

#[test]
fn words_are_plain() {
    assert_eq!(plain_words("We\u{2019}re  NOT\nÄrger-free."), " were not ärger free ");
    assert_eq!(plain_words(""), " ");
    assert_eq!(topic("Re: AW: [oss-security] Fwd: libexample"), "libexample");
    assert_eq!(topic("[SIRT-2026-4827]"), "[SIRT-2026-4827]");
}

#[test]
fn eve_cannot_make_reading_slow() {
    let deep = ">".repeat(300_000);
    assert!(read(&deep).own.is_empty());
    let dividers = "--\n".repeat(100_000);
    assert!(!read(&dividers).own.is_empty());
}
