use super::*;
use crate::mail::compose::{enclosed_mail, mixed, signable, text_part};
use crate::mail::{Address, parse, parse_payload};

fn team() -> Mailbox {
    let address = Address::parse("sirt@example.org").expect("an address");
    Mailbox { name: "Example SIRT".to_owned(), address }
}

fn passed(mail: &str) -> String {
    let date = "2026-11-20T12:00:00Z".parse().ok();
    String::from_utf8(pass_on(mail.as_bytes(), &team(), date)).expect("text")
}

const FAYS: &str = "Received: from mx\r\nFrom: Fay <fay@finders.example>\r\n\
     Reply-To: eve@example.com\r\nTo: sirt@example.org\r\nCc: press@example.com\r\n\
     Subject: [SIRT-2026-4827] for Val\r\nMessage-ID: <one@finders.example>\r\n\
     In-Reply-To: <ours@example.org>\r\nReferences: <ours@example.org>\r\n\
     Sender: eve@example.com\r\nAutocrypt: addr=eve@example.com; keydata=AAAA\r\n\
     Disposition-Notification-To: eve@example.com\r\nList-Unsubscribe: <mailto:eve@example.com>\r\n\
     CONTENT-TYPE: multipart/mixed;\r\n\tboundary=\"b\"\r\nMIME-Version: 1.0\r\n\r\n\
     preamble\r\n--b\r\n\r\nThe heap overflows.\r\n--b--\r\n";

#[test]
fn of_a_strangers_header_only_the_type_of_the_body_is_kept() {
    let mail = passed(FAYS);
    let (header, body) = mail.split_once("\r\n\r\n").expect("a header");
    assert_eq!(
        header,
        "From: Not written by Example SIRT <sirt@example.org>\r\n\
         To: Example SIRT <sirt@example.org>\r\nReply-To: Example SIRT <sirt@example.org>\r\n\
         Date: Fri, 20 Nov 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         CONTENT-TYPE: multipart/mixed;\r\n\tboundary=\"b\""
    );
    assert_eq!(body, FAYS.split_once("\r\n\r\n").expect("a body").1);
    let read = parse(mail.as_bytes()).expect("a mail");
    assert_eq!(read.content().text.trim(), "The heap overflows.");
    assert_eq!(read.mail().sender().map(|from| &from.address), Some(&team().address));
}

#[test]
fn eve_hides_fields_and_none_comes_along() {
    for evil in [
        "Content-Type: text/plain\r\n\r\nFrom: val@example.org\r\n",
        "Content-Type : text/plain\r\nFrom : val@example.org\r\n\r\nwords\r\n",
        "Content-Type: text/plain\nFrom: val@example.org\nReply-To: eve@example.com\n\nwords\n",
        " folded\r\nContent-Type: text/plain\r\nX-Content-Type: a\r\nReply-To: eve@x.org\r\n\r\nx",
        "From: val@example.org",
        "Content-Type: text/plain",
        "",
    ] {
        let mail = passed(evil);
        let (header, _) = mail.split_once("\r\n\r\n").expect("a header");
        assert_eq!(header.matches('@').count(), 3, "{header}");
        assert!(!header.contains("eve") && !header.contains("val"), "{header}");
        let read = parse(mail.as_bytes()).expect("a mail").mail();
        assert_eq!((read.from.len(), read.reply_to.len()), (1, 1), "{evil:?}");
    }
}

#[test]
fn what_would_have_to_be_encoded_does_not_stand_as_a_mail() {
    assert!(is_seven_bit(passed(FAYS).as_bytes()));
    let plain = |words: &str| passed(&format!("Content-Type: text/plain\r\n\r\n{words}"));
    for unfit in [
        plain("Grüße\r\n"),
        plain(&"x".repeat(999)),
        plain("a\rb\r\n"),
        plain("a\0b\r\n"),
        passed("Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nwords\r\n"),
        passed("Content-Type: message/external-body; access-type=url\r\n\r\nwords\r\n"),
        passed("Content-Type: message/rfc822\r\n\r\nFrom: val@example.org\r\n\r\nwords\r\n"),
    ] {
        assert!(!is_seven_bit(unfit.as_bytes()), "{unfit}");
        assert_eq!(enclosed_mail("original.eml", unfit.as_bytes()), None);
    }
}

#[test]
fn eve_cannot_leave_the_mail_she_is_enclosed_in() {
    let seed = "k7qd3mw2";
    let evil =
        format!("--=_0m{seed}\r\n--=_1m{seed}--\r\nContent-Type: text/plain\r\n\r\n/close\r\n");
    let mail = passed(&format!("Content-Type: text/plain\r\n\r\n{evil}"));
    let part = enclosed_mail("original.eml", mail.as_bytes()).expect("fit");
    let letter = signable(&mixed(&[text_part("Ours.\n"), part], seed));
    let read = parse_payload(&letter).expect("a letter");
    let content = read.content();
    let names: Vec<&str> =
        content.attachments.iter().map(|file| file.attachment.name.as_str()).collect();
    assert_eq!(names, ["original.eml"]);
    assert_eq!(read.file(0).as_deref(), Some(mail.as_bytes()));
}
