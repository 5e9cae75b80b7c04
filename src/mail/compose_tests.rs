use super::*;
use crate::mail::{Address, Shape, parse, parse_payload};

const SEED: &str = "k7qd3mw2p4xn7c9h";
const ARMOR: &str = "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n";

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: name.to_owned(), address: Address::parse(address).expect("an address") }
}

fn id(text: &str) -> MessageId {
    MessageId::parse(text).expect("an id")
}

fn header(subject: &str) -> Header {
    Header {
        from: mailbox("Example SIRT", "sirt@example.org"),
        to: mailbox("Fay Finder, \"the\" one", "fay@finders.example"),
        reply_to: Some(mailbox("", "sirt+5f3kq8zt2m@example.org")),
        subject: subject.to_owned(),
        date: "2026-11-23T09:12:05Z".parse().expect("an instant"),
        message_id: id("letter.1@example.org"),
        in_reply_to: Some(id("report.1@finders.example")),
        references: (0..9)
            .map(|n| id(&format!("thread.{n}.of.some.length@finders.example")))
            .collect(),
        auto_submitted: Some(AutoSubmitted::Replied),
        autocrypt: Some(vec![7; 400]),
        loop_mark: None,
    }
}

fn assert_travels(mail: &[u8]) {
    let text = std::str::from_utf8(mail).expect("7-bit");
    assert!(text.is_ascii() && text.ends_with("\r\n"));
    for line in text.split("\r\n") {
        assert!(!line.contains(['\r', '\n', '\0']), "{line:?}");
        assert!(line.len() <= 78, "{line:?}");
    }
}

#[test]
fn a_letter_parses_back_to_the_same_words() {
    let texts = [
        "Hello Fay,\n\nit works.\n-- \nExample SIRT\n",
        "From now on\n.\n..two\nFrom the start \n\ttab\t\n",
        "Grüße, 你好, 🦀\n=41 = equals\n",
        &format!("{}\n{}From here.\n", "long ".repeat(60), "x".repeat(75)),
        &format!("{}.{}\n", "y".repeat(75), "ü".repeat(200)),
        "",
    ];
    for text in texts {
        let mail = plain(&header("[SIRT-2026-4827]"), &text_part(text)).expect("a letter");
        assert_travels(&mail);
        let entity = parse(&mail).expect("a mail");
        let content = entity.content();
        assert_eq!(content.text.trim_end_matches('\n'), text.trim_end_matches('\n'));
        assert_eq!(entity.mail().oddities, [] as [String; 0]);
    }
}

#[test]
fn every_field_parses_back() {
    for subject in
        ["[SIRT-2026-4827] heap overflow", "Überlauf in 你好 ".repeat(12).as_str(), "a =?x?= b"]
    {
        let mut letter = header(subject);
        letter.to.name = "Fäy “Finder” 你好".repeat(3);
        let mail = plain(&letter, &text_part("words")).expect("a letter");
        assert_travels(&mail);
        let read = parse(&mail).expect("a mail").mail();
        assert_eq!(read.subject, subject.trim());
        assert_eq!(read.from, [letter.from.clone()]);
        assert_eq!(read.to, [letter.to.clone()]);
        assert_eq!(read.reply_to, [letter.reply_to.clone().expect("one")]);
        assert_eq!(read.date, Some(letter.date));
        assert_eq!(read.message_id, Some(letter.message_id.clone()));
        assert_eq!(read.in_reply_to, [letter.in_reply_to.clone().expect("one")]);
        assert_eq!(read.references, letter.references);
        assert_eq!(read.field("auto-submitted"), Some("auto-replied"));
    }
    let mail = plain(&header("x"), &text_part("words")).expect("a letter");
    let [key] = parse(&mail).expect("a mail").content().autocrypt.try_into().expect("one key");
    assert_eq!((key.keydata, key.mutual), (vec![7; 400], true));
}

#[test]
fn eve_cannot_write_a_field_of_ours() {
    let mut letter = header("Re: x\r\nBcc: eve@evil.test\u{2028}X-A: 1");
    letter.to.name = "Fay\r\nBcc: eve@evil.test\0".to_owned();
    let part = attachment("a\"\r\nX-Evil: 1\r\n.txt", "text/plain\r\nX-Evil: 1", b"words");
    let mail = plain(&letter, &mixed(&[text_part("words"), part], SEED)).expect("a letter");
    assert_travels(&mail);
    let read = parse(&mail).expect("a mail");
    let names: Vec<String> = read.mail().fields.into_iter().map(|field| field.name).collect();
    assert!(!names.iter().any(|name| name == "bcc" || name.starts_with("x-")), "{names:?}");
    assert_eq!(read.content().attachments.len(), 1);
    assert!(!String::from_utf8_lossy(&mail).contains("\r\nX-Evil"));
}

#[test]
fn an_address_beyond_ascii_is_refused_rather_than_mangled() {
    let mut letter = header("x");
    letter.to = mailbox("Fay", "fäy@example.org");
    assert_eq!(plain(&letter, &text_part("x")), Err(Unwritable::Address));
    let evil = "-----BEGIN PGP MESSAGE-----\r\n--=_0e\r\n.\r\n";
    assert_eq!(encrypted(&header("x"), evil, SEED), Err(Unwritable::Armor));
    assert_eq!(encrypted(&header("x"), "words", SEED), Err(Unwritable::Armor));
}

#[test]
fn files_come_back_with_name_and_bytes() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
    let names =
        ["crash.bin", "Absturz ü.txt", &format!("{}.txt", "名".repeat(100)), &"a".repeat(119)];
    for name in names {
        let whole =
            mixed(&[text_part("words"), attachment(name, "application/x-crash", &bytes)], SEED);
        let mail = plain(&header("x"), &whole).expect("a letter");
        let text = String::from_utf8(mail.clone()).expect("7-bit");
        assert!(text.lines().all(|line| line.len() <= 78), "{name}");
        let entity = parse(&mail).expect("a mail");
        let [file] = entity.content().attachments.try_into().expect("one file");
        assert_eq!((file.attachment.name.as_str(), file.attachment.bytes), (name, 1000));
        assert_eq!(file.attachment.kind, "application/x-crash");
        assert_eq!(entity.file(0).expect("bytes"), bytes);
    }
}

#[test]
fn what_is_signed_is_sent_byte_for_byte() {
    let whole = mixed(
        &[text_part("Hello \n-- \nus\n"), attachment("team.asc", "application/pgp-keys", b"k")],
        SEED,
    );
    for part in [text_part("plain words\n"), text_part(""), whole] {
        let part =
            part.protected(&header("inside"), &header("outside"), Hp::Clear).expect("a part");
        let seal = DetachedSignature { armored: ARMOR, micalg: "SHA512" };
        let mail = signed(&header("outside"), &part, &seal, SEED).expect("a letter");
        assert_travels(&mail);
        let Shape::Signed { signed, signature } = parse(&mail).expect("a mail").shape() else {
            panic!("a signed mail")
        };
        assert_eq!(signed, signable(&part));
        assert!(signed.ends_with(b"\r\n"));
        assert_eq!(String::from_utf8_lossy(&signature).replace("\r\n", "\n"), ARMOR);
        // The same through a store that keeps LF alone.
        let stored = String::from_utf8(mail).expect("7-bit").replace("\r\n", "\n");
        let Shape::Signed { signed, .. } = parse(stored.as_bytes()).expect("a mail").shape() else {
            panic!("a signed mail")
        };
        assert_eq!(signed, signable(&part));
    }
}

#[test]
fn an_encrypted_letter_is_one_and_shows_only_its_outer_subject() {
    let armored = "-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n";
    let mail = encrypted(&header("[SIRT-2026-4827]"), armored, SEED).expect("a letter");
    assert_travels(&mail);
    let Shape::Encrypted { ciphertext } = parse(&mail).expect("a mail").shape() else {
        panic!("an encrypted mail")
    };
    assert_eq!(
        String::from_utf8_lossy(&ciphertext).replace("\r\n", "\n").trim_end(),
        armored.trim_end()
    );
}

#[test]
fn protected_headers_come_back() {
    let (inner, outer) =
        (header("[SIRT-2026-4827] Überlauf in libexample"), header("[SIRT-2026-4827]"));
    let part = mixed(&[text_part("words"), text_part("more")], SEED);
    let part = part.protected(&inner, &outer, Hp::Cipher).expect("a part");
    let payload = signable(&part);
    assert_travels(&payload);
    let payload = parse_payload(&payload).expect("a payload");
    let protected = payload.protected().expect("protected headers");
    assert_eq!(protected.confidential(), ["subject"]);
    let armored = "-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n";
    let mail = encrypted(&outer, armored, SEED).expect("a letter");
    let mut read = parse(&mail).expect("a mail").mail();
    assert_eq!(read.subject, "[SIRT-2026-4827]");
    crate::mail::merge(&mut read, protected);
    assert_eq!(read.subject, inner.subject);
    assert!(read.evidence.protected_headers && !read.evidence.from_mismatch);
    assert_eq!(read.oddities, [] as [String; 0]);
    assert_eq!((read.from, read.to), (vec![inner.from], vec![inner.to]));
    assert_eq!(payload.content().text, "words\n\nmore\n");
}

#[test]
fn one_seed_serves_nested_parts() {
    let inner = mixed(&[text_part("one"), text_part("two")], SEED);
    let outer = mixed(&[inner, text_part("three")], SEED);
    let mail = plain(&header("x"), &outer).expect("a letter");
    assert_eq!(parse(&mail).expect("a mail").content().text, "one\n\ntwo\n\nthree\n");
}
