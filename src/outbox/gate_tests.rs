use super::*;
use crate::mail::{Address, MessageId};
use crate::outbox::Envelope;

const HEAD: &str = "From: <sirt@example.org>\r\nTo: <fay@example.org>\r\n\
    Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <a1@example.org>\r\nSubject: Thanks\r\n";

fn letter(bytes: &str) -> Sealed {
    Sealed {
        envelope: Envelope { from: None, to: Address::parse("fay@example.org").expect("fay") },
        message_id: MessageId::parse("a1@example.org").expect("an id"),
        bytes: bytes.as_bytes().to_vec(),
    }
}

fn body(text: &str) -> Result<(), String> {
    look(&letter(&format!("{HEAD}\r\n{text}")))
}

fn head(field: &str) -> Result<(), String> {
    look(&letter(&format!("{HEAD}{field}\r\n\r\nDear Fay,\r\n")))
}

#[test]
fn a_good_letter_passes() {
    assert_eq!(body("Dear Fay,\r\n\r\n.\r\n..\r\nthanks.\r\n"), Ok(()));
    assert_eq!(body(""), Ok(()), "an empty body is a body");
    assert_eq!(head("X-Long: a\r\n b\r\n\tc"), Ok(()));
    assert_eq!(body(&format!("{}\r\n", "x".repeat(998))), Ok(()));
}

#[test]
fn eve_cannot_end_the_mail_early_with_odd_line_ends() {
    let smuggled = "MAIL FROM:<sirt@example.org>\r\n";
    let ends =
        ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\r.\r\n", "\n.\r", "\r\r\n.\r\n"];
    for end in ends {
        let why = body(&format!("Dear Fay,{end}{smuggled}")).expect_err(end);
        assert!(why.contains("bare CR or LF"), "{end:?}: {why}");
    }
    for text in ["a\0b\r\n", "caf\u{e9}\r\n", "no end", "no end\r", "no end\n"] {
        assert!(body(text).is_err(), "{text:?}");
    }
    assert!(body(&format!("{}\r\n", "x".repeat(999))).is_err());
}

#[test]
fn eve_cannot_add_a_reader_or_a_second_header() {
    for field in [
        "Bcc: eve@example.net",
        "bcc : eve@example.net",
        "BCC: eve@example.net",
        "Resent-Bcc: eve@example.net",
        "From: eve@example.net",
        "Subject: again",
        "Content-Type: text/plain\r\nContent-type: text/html",
        "Message-ID: <b2@example.org>",
        "Return-Path: <eve@example.net>",
        "no colon here",
        ": no name",
        "X-Empty: a\r\n \r\n b",
    ] {
        assert!(head(field).is_err(), "{field:?}");
    }
}

#[test]
fn the_header_block_is_where_it_belongs() {
    let whole = format!("{HEAD}\r\nDear Fay,\r\n");
    for bytes in [
        "\r\n".to_owned(),
        format!("\r\n{whole}"),
        format!(" {whole}"),
        HEAD.to_owned(),
        whole.replace("Date:", "Data:"),
        whole.replace("From:", "Form:"),
        whole.replace("a1@", "a2@"),
        String::new(),
    ] {
        assert!(look(&letter(&bytes)).is_err(), "{bytes:?}");
    }
}

#[test]
fn an_address_outside_ascii_is_refused_not_mangled() {
    let mut strange = letter(&format!("{HEAD}\r\nhi\r\n"));
    strange.envelope.to = Address::parse("f\u{e5}y@example.org").expect("an address");
    assert!(look(&strange).expect_err("refused").contains("SMTPUTF8"));
}
