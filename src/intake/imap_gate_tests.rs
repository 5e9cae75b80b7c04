use super::*;
use proptest::prelude::*;

fn sifted(text: &[u8], cap: usize, step: usize) -> io::Result<Vec<u8>> {
    let mut sieve = Sieve { cap, ..Sieve::new() };
    for part in text.chunks(step) {
        sieve.sift(part)?;
    }
    Ok(sieve.passed)
}

fn passes(text: &str, expected: &str) {
    for step in [1, 3, 4096] {
        let passed = sifted(text.as_bytes(), 100, step).expect("sift");
        assert_eq!(String::from_utf8_lossy(&passed), expected, "in steps of {step}");
    }
}

#[test]
fn what_is_asked_for_passes_untouched() {
    for text in [
        "* OK [UIDVALIDITY 7] ready\r\n",
        "a1 NO [TRYCREATE] {12}\r\n",
        "+ go on\r\n",
        "* CAPABILITY IMAP4rev1 MOVE\r\n",
        "* 7 EXISTS\r\n* 3 EXPUNGE\r\n",
        "* LIST () \"/\" {3}\r\nabc\r\n",
        "* 1 FETCH (UID 7 BODY[] {8}\r\n\u{0}é)\r\n(( FLAGS ())\r\n",
        "* 1 FETCH (UID 7 BODY[] {0}\r\n)\r\n",
        "* 1 fetch (BODY[HEADER] {2}\r\n\r\n BODY[]<9> {1}\r\nx)\r\n",
    ] {
        passes(text, text);
    }
}

#[test]
fn what_nobody_asked_for_is_dropped_with_its_literals() {
    passes("* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n* 2 EXISTS\r\n", "* 2 EXISTS\r\n");
    passes("* X {18}\r\n* 9 EXISTS\r\n* OK\r\n {1}\r\nz (((\r\na1 OK\r\n", "a1 OK\r\n");
    passes("* 4 RECENT\r\n* FLAGS (\\Seen)\r\n\r\n* SEARCH 1 2\r\n", "");
    passes("* 4 FETCHED (X {2}\r\n\r\n)\r\na1 OK\r\n", "a1 OK\r\n");
}

#[test]
fn line_ends_and_odd_octets_are_made_plain() {
    passes("* OK r\u{e9}ady\u{1b}[2J\n", "* OK r??ady?[2J\r\n");
    passes("* OK [ALERT]é\r\n", "* OK [ALERT]??\r\n");
}

#[test]
fn a_literal_is_cut_off_at_the_cap() {
    let body = "x".repeat(250);
    let cut = "x".repeat(100);
    passes(
        &format!("* 1 FETCH (BODY[] {{250}}\r\n{body} UID 7)\r\na1 OK\r\n"),
        &format!("* 1 FETCH (BODY[] {{100}}\r\n{cut} UID 7)\r\na1 OK\r\n"),
    );
    let huge = format!("* 1 FETCH (BODY[] {{{}}}\r\nxyz", u64::MAX);
    passes(&huge, "* 1 FETCH (BODY[] {100}\r\nxyz");
}

#[test]
fn eve_cannot_fill_the_memory() {
    let endless = "* 1 FETCH (".to_owned() + &"X".repeat(limits::IMAP_LINE_BYTES);
    assert!(sifted(endless.as_bytes(), 100, 4096).is_err());
    let many = "* 1 FETCH (".to_owned() + &format!("X {{100}}\r\n{} ", "y".repeat(100)).repeat(900);
    assert!(sifted(many.as_bytes(), 100, 4096).is_err());
    let deep = "* 1 FETCH (BODYSTRUCTURE ".to_owned() + &"(".repeat(40) + "\r\n";
    assert!(sifted(deep.as_bytes(), 100, 4096).is_err());
}

proptest! {
    #[test]
    fn eve_can_send_what_she_likes(text in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = sifted(&text, 50, 7);
    }

    /// Nothing that passes makes the parser fall over.
    #[test]
    fn the_parser_stands_what_passes(
        text in "(\\* |a1 |\\+ ){1,2}(OK|NO|LIST|[0-9] FETCH|CAPABILITY)?\
                 [ \\[\\](){}\"a-zé0-9\\r\\n]{0,40}\r\n",
    ) {
        if let Ok(passed) = sifted(text.as_bytes(), 50, 64) {
            let _ = async_imap::imap_proto::Response::parse(&passed);
        }
    }
}
