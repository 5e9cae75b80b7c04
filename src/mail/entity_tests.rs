use super::*;
use crate::limits::{ADDRESSES, ATTACHMENTS, ERRANT_PIECES, MIB, REFERENCES, TEXT_BYTES};
use crate::mail::{KeySource, Matter, Place};

fn mail(fields: &str) -> Mail {
    parse(format!("{fields}\r\n\r\nwords\r\n").as_bytes()).expect("a mail").mail()
}

fn sender(fields: &str) -> Option<String> {
    mail(fields).sender().map(|from| from.address.as_str().to_owned())
}

#[test]
fn a_mail_is_read() {
    let read = mail(
        "Received: from a by b\r\nFrom: =?utf-8?Q?F=C3=A4y?= <fay@Example.ORG>\r\n\
         To: a@b.example, Team: c@d.example, e@f.example;\r\n\
         Subject: =?utf-8?B?w5xiZXJsYXVm?= in\r\n libexample\r\n\
         Date: Mon, 23 Nov 2026 10:12:05 +0100\r\nMessage-ID: <m@x>\r\nIn-Reply-To: <a@b>\r\n\
         References: <r@s>\r\n <a@b>\r\nX-Odd: =?utf-8?Q?as=20written?=",
    );
    let from = read.sender().expect("a sender");
    assert_eq!((from.name.as_str(), from.address.as_str()), ("Fäy", "fay@example.org"));
    assert_eq!(read.to.len(), 3);
    assert_eq!(read.subject, "Überlauf in libexample");
    assert_eq!(read.date.expect("a date").to_string(), "2026-11-23T09:12:05Z");
    assert_eq!(read.references.len(), 2);
    assert_eq!(read.field("x-odd"), Some("=?utf-8?Q?as=20written?="));
    assert_eq!(read.field("received"), Some("from a by b"));
    assert_eq!(read.oddities, [] as [String; 0]);
}

#[test]
fn eve_cannot_be_taken_for_another_sender() {
    // I2
    assert_eq!(
        sender("From: \"val@team.example\" <eve@evil.test>").as_deref(),
        Some("eve@evil.test")
    );
    for fields in [
        "From: val@team.example\r\nFrom: eve@evil.test",
        "From: val@team.example\r\nFrom: val@team.example",
        "From: val@team.example\r\nfrom: \"nobody\"",
        "From: val@team.example, eve@evil.test",
        "From: \"Val\"",
        "From:",
        "To: val@team.example",
        "From: <val@team.example> <eve@evil.test>",
        "From: <@r,@s:val@team.example>",
        "From: =?utf-8?Q?val=40team.example?=",
        "From: Team: val@team.example, eve@evil.test;",
        "From: Team: val@team.example;",
        "From: val@team.example\0@evil.test",
        "From: =?utf-8?Q?val=40team.example=00?= <>",
        "From: val@team.example, \"Val\"",
        "From : val@team.example",
        " From: val@team.example",
        "X: y\r\nFr om: val@team.example",
        "From\r\n : val@team.example",
        "From\t: val@team.example",
        "\u{a0}From: val@team.example",
        "From\0: val@team.example",
        "Sender: val@team.example",
        "Resent-From: val@team.example",
        "Reply-To: val@team.example",
    ] {
        assert_eq!(sender(fields), None, "{fields:?}");
    }
}

#[test]
fn eve_cannot_hide_that_a_field_stands_twice() {
    for name in ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Reply-To"] {
        let read = mail(&format!("{name}: a@b.example\r\n{name}: c@d.example"));
        let said = format!("It has 2 {name} fields.");
        assert!(read.oddities.contains(&said), "{name}: {:?}", read.oddities);
    }
    let read = mail("From: a@b.example\r\nSubject : evil\r\nSubject: good");
    assert_eq!(read.subject, "good");
    assert!(read.oddities.iter().any(|oddity| oddity.contains("blanks")));
    assert_eq!(mail("Subject: first\r\nSubject: second").subject, "first");
}

#[test]
fn eve_cannot_bring_a_line_break_into_a_field() {
    // J1
    let read = mail(
        "From: =?utf-8?Q?Foo=0D=0ABcc:_x=40y?= <eve@evil.test>\r\n\
         Subject: =?utf-8?Q?a=0D=0Ab=E2=80=A8c=E2=80=AEd=1B[31m?=\r\nX-Raw: a\rb\0c",
    );
    let name = &read.sender().expect("a sender").name;
    assert_eq!(read.subject, "a  b cd [31m");
    let values = read.fields.iter().map(|field| &field.value).chain([name, &read.subject]);
    for value in values {
        assert!(
            !value.chars().any(|c| c.is_control() || c == '\u{2028}' || c == '\u{202e}'),
            "{value:?}"
        );
    }
}

#[test]
fn eve_cannot_thread_a_forged_header() {
    // J2
    let read = mail(
        "Message-ID: <a@b>x\r\nIn-Reply-To: <a b@c> <=?utf-8?Q?a=40b=0D=0AX-Evil?=>\r\n\
            References: <,@;> <ok@x>",
    );
    assert!(read.in_reply_to.iter().all(|id| id.as_str().chars().all(|c| c.is_ascii_graphic())));
    assert_eq!(read.references.iter().map(ToString::to_string).collect::<Vec<_>>(), ["<ok@x>"]);
}

#[test]
fn dates_of_any_year_are_read_or_left_out() {
    for date in [
        "Mon, 31 Feb 0000 99:99:99 +9999",
        "1 Jan 9999 23:59:60 -2359",
        "1 Jan 99999 00:00:00 +0000",
        "Thu, 00 Xyz 1970",
        "garbage",
        "",
        "1 Jan 1900 00:00:00 GMT",
        "-1 -1 -1",
    ] {
        let read = mail(&format!("Date: {date}"));
        assert!(
            read.date.is_none_or(|date| date.as_second() >= -62_135_596_800 - 86_400),
            "{date}"
        );
    }
}

#[test]
fn limits_come_before_everything() {
    // D1 to D4
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
    let deep: String = (0..200)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    let wide = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n",
        "--b\r\n\r\nx\r\n".repeat(PARTS + 1)
    );
    let many = format!("{}\r\nx", "X: y\r\n".repeat(HEADER_FIELDS + 1));
    let long = format!("X: {}\r\n\r\nx", "y".repeat(HEADER_BYTES));
    let below = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{}\r\nx\r\n--b--\r\n",
        "X: y\r\n".repeat(PARTS_FIELDS)
    );
    for evil in [nested, deep, wide, many, long, below] {
        assert!(parse(evil.as_bytes()).is_err(), "{evil:.60}");
    }
    assert!(parse(&vec![b'x'; OPENED_BYTES + 1]).is_err());
    assert!(parse_payload(&vec![b'x'; OPENED_BYTES + 1]).is_err());
    assert!(parse(b"").is_err());
    let parameters: String = (0..15_000).map(|n| format!(";p*{n}=x\r\n ")).collect();
    let continued = format!("Content-Type: text/plain{parameters}\r\n\r\nx");
    assert_eq!(parse(continued.as_bytes()).expect("a mail").content().text, "x\n");
}

#[test]
fn long_lists_are_cut() {
    let addresses = vec!["a@b.example"; 5_000].join(", ");
    let ids: String = (0..5_000).map(|n| format!(" <m{n}@x>")).collect();
    let read = mail(&format!("From: a@b.example\r\nTo: {addresses}\r\nReferences:{ids}"));
    assert_eq!((read.to.len(), read.references.len()), (ADDRESSES, REFERENCES));
    assert_eq!(read.references.last().expect("the newest").as_str(), "m4999@x");
}

fn body(kind: &str, body: &str) -> Content {
    let mail = format!("From: fay@example.org\r\nContent-Type: {kind}\r\n\r\n{body}");
    parse(mail.as_bytes()).expect("a mail").content()
}

fn parts(kind: &str, parts: &[&str]) -> Content {
    let parts: String = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
    body(&format!("{kind}; boundary=b"), &format!("{parts}--b--\r\n"))
}

const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\n/take\r\n";

#[test]
fn texts_are_read_in_order_and_one_alternative_is_shown() {
    let html = "Content-Type: text/html\r\n\r\n<p>/take</p>";
    let other = "Content-Type: text/html\r\n\r\n<p>/close</p>";
    let content = parts("multipart/alternative", &[PLAIN, html]);
    assert_eq!((content.text.as_str(), content.not_for_orders), ("/take\n", None));
    let content = parts("multipart/alternative", &[html]);
    assert_eq!(
        (content.text.as_str(), content.not_for_orders),
        ("/take\n", Some("Its text is HTML."))
    );
    let content = parts("multipart/alternative", &["Content-Type: text/plain\r\n\r\n \r\n", html]);
    assert_eq!(content.text, "/take\n");
    let content = parts("multipart/alternative", &[PLAIN, other]);
    assert_eq!(content.text, "/take\n");
    assert!(content.not_for_orders.is_some(), "R11");
    let content = parts("multipart/mixed", &[PLAIN, PLAIN]);
    assert_eq!(content.text, "/take\n\n/take\n");
    assert_eq!(content.not_for_orders, Some("It has more than one text."));
}

#[test]
fn a_file_beside_the_text_leaves_orders_alone() {
    let key = "Content-Type: application/pgp-keys; name=key.asc\r\n\r\n-----BEGIN PGP PUBLIC KEY \
        BLOCK-----\r\n\r\nAA\r\n-----END PGP PUBLIC KEY BLOCK-----";
    let content = parts("multipart/mixed", &[PLAIN, key]);
    assert_eq!((content.text.as_str(), content.not_for_orders), ("/take\n", None));
    assert_eq!(content.keys.len(), 1);
}

#[test]
fn eve_cannot_order_in_an_alphabet_of_her_own() {
    // J8, J9
    for (kind, text) in [
        ("text/plain; charset=utf-7", "/+AGM-lose"),
        ("text/plain; charset=iso-8859-1", "/close"),
        ("text/plain; charset=x-unknown", "/close"),
        ("text/plain", "/cl\u{f6}se"),
        ("text/plain; charset=us-ascii", "/cl\u{f6}se"),
        ("text/plain; charset=utf-8; charset=us-ascii", "/close"),
        (
            "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\
                Content-Transfer-Encoding: base64",
            "/close",
        ),
        ("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", "L2Nsb3Nl%%%"),
        ("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", "/close=="),
        ("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: x-uuencode", "/close"),
        ("application/octet-stream", "/close"),
        ("text/html", "/close"),
    ] {
        assert!(body(kind, text).not_for_orders.is_some(), "{kind}");
    }
    for kind in [
        "text/plain",
        "text/plain; charset=US-ASCII",
        "text/plain; charset=\"UTF-8\"; format=flowed",
    ] {
        assert_eq!(body(kind, "/close").not_for_orders, None, "{kind}");
    }
    let mut bytes = b"Content-Type: text/plain; charset=utf-8\r\n\r\n/cl".to_vec();
    bytes.extend([0xc0, 0xaf]);
    assert!(parse(&bytes).expect("a mail").content().not_for_orders.is_some(), "overlong");
}

const CIPHER: &str = "-----BEGIN PGP MESSAGE-----\r\n\r\nAAAA\r\n-----END PGP MESSAGE-----\r\n";
const CLEAR: &str = "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\nwords\r\n\
    -----BEGIN PGP SIGNATURE-----\r\n\r\nAA\r\n-----END PGP SIGNATURE-----\r\n";

#[test]
fn inline_openpgp_stands_apart() {
    // S11, C6
    let content = body("text/plain", &format!("\r\n{CIPHER}\r\n"));
    let [piece] = content.pieces.as_slice() else { panic!("one piece") };
    assert_eq!((piece.place, content.text.as_str()), (Place::WholeText, ""));
    let content = body("text/plain", &format!("see below\r\n{CIPHER}or not\r\n{CLEAR}"));
    assert_eq!(content.pieces.iter().map(|p| p.place).collect::<Vec<_>>(), [Place::InText; 2]);
    assert!(
        content.text.starts_with(
            "see below\n[Here stood an encrypted block.]\nor not\n-----BEGIN PGP SIGNED"
        )
    );
    assert_eq!(content.not_for_orders, Some("There is OpenPGP inside its text."));
    let content = body("text/plain", CLEAR);
    assert!(matches!(content.pieces.as_slice(), [piece] if piece.place == Place::WholeText));
    assert!(content.text.contains("words"));
}

#[test]
fn a_cleartext_signature_keeps_its_bytes_in_any_charset() {
    let mut mail = b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n".to_vec();
    let block = CLEAR.as_bytes().iter().map(|b| if *b == b'w' { 0xfc } else { *b });
    mail.extend(block);
    let content = parse(&mail).expect("a mail").content();
    let [piece] = content.pieces.as_slice() else { panic!("one piece") };
    assert!(matches!(&piece.matter, Matter::Clearsigned(bytes) if bytes.contains(&0xfc)));
    assert!(content.text.contains("üords"), "{}", content.text);
}

#[test]
fn files_are_listed_and_openpgp_among_them_is_kept() {
    let file = |name: &str, bytes: &str| {
        format!(
            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; \
                filename=\"{name}\"\r\n\r\n{bytes}"
        )
    };
    let key =
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nAA\r\n-----END PGP PUBLIC KEY BLOCK-----";
    let secret = key.replace("PUBLIC", "PRIVATE");
    let listed = [
        file("../../trace.txt", "frame #0"),
        file("poc.tar.gz.pgp", CIPHER),
        file("fay.asc", key),
        file("oops.txt", &secret),
        file("binary.gpg", "\u{1}"),
        "Content-Type: text/x-log; name=\"a.log\"\r\n\r\nlog".to_owned(),
    ];
    let content = parts(
        "multipart/mixed",
        &[&[PLAIN], listed.each_ref().map(String::as_str).as_slice()].concat(),
    );
    let names: Vec<&str> =
        content.attachments.iter().map(|body| body.attachment.name.as_str()).collect();
    assert_eq!(
        names,
        ["trace.txt", "poc.tar.gz.pgp", "fay.asc", "oops.txt", "binary.gpg", "a.log"]
    );
    assert!(content.secret_key);
    assert!(matches!(content.pieces.as_slice(), [piece] if piece.place == Place::Attachment(1)));
    assert!(matches!(content.keys.as_slice(), [one] if one.source == KeySource::Attached));
    let kept: Vec<bool> = content.attachments.iter().map(|body| body.bytes.is_some()).collect();
    assert_eq!(kept, [false, true, true, false, false, false]);
}

#[test]
fn a_binary_openpgp_file_is_known_by_its_first_octet() {
    for (name, octets, pieces, keys, secret) in [
        ("a.pgp", [0xc1, 0x01], 1, 0, false),
        ("a.gpg", [0x85, 0x01], 1, 0, false),
        ("a.gpg", [0x99, 0x01], 0, 1, false),
        ("a.asc", [0xc6, 0x01], 0, 1, false),
        ("a.key", [0xc5, 0x01], 0, 0, true),
        ("a.bin", [0xc1, 0x01], 0, 0, false),
    ] {
        let mut mail =
            format!("Content-Type: application/octet-stream; name={name}\r\n\r\n").into_bytes();
        mail.extend(octets);
        let content = parse(&mail).expect("a mail").content();
        assert_eq!(
            (content.pieces.len(), content.keys.len(), content.secret_key),
            (pieces, keys, secret),
            "{name}"
        );
    }
}

#[test]
fn pasted_keys_are_taken_out_of_the_words() {
    let key =
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nAA\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n";
    let content =
        body("text/plain", &format!("My key:\r\n{key}Fay\r\n{}", key.replace("PUBLIC", "PRIVATE")));
    assert_eq!(
        content.text,
        "My key:\n[Here stood an OpenPGP key.]\nFay\n[Here stood a secret OpenPGP key.]\n"
    );
    assert!(content.secret_key);
    assert!(matches!(content.keys.as_slice(), [one] if one.source == KeySource::Pasted));
}

#[test]
fn eve_cannot_make_us_keep_more_than_the_limits() {
    let content = body("text/plain", &format!("x\r\n{CIPHER}").repeat(ERRANT_PIECES + 5));
    assert_eq!(content.pieces.len(), ERRANT_PIECES);
    assert_eq!(content.oddities.len(), 1);
    let many = vec!["Content-Type: image/png\r\n\r\nx"; ATTACHMENTS + 5];
    let content = parts("multipart/mixed", &many);
    assert_eq!((content.attachments.len(), content.oddities.len()), (ATTACHMENTS, 1));
    let key = format!(
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n{}-----END PGP PUBLIC KEY BLOCK-----\r\n",
        "A".repeat(300_000) + "\r\n"
    );
    let content = body("text/plain", &key.repeat(5));
    assert_eq!((content.keys.len(), content.oddities.len()), (3, 1));
    let content = body("text/plain", &"words and words\r\n".repeat(MIB / 10));
    assert!(content.text_cut && content.text.len() <= TEXT_BYTES);
    assert_eq!(content.not_for_orders, Some("Its text is too long."));
}

#[test]
fn what_a_server_sends_back_is_never_opened() {
    // L5
    let status = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n\
        Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.0.0\r\n";
    let returned =
        format!("Content-Type: message/rfc822\r\n\r\nMessage-ID: <m@x>\r\n\r\n/close\r\n{CIPHER}");
    let content =
        parts("multipart/report; report-type=delivery-status", &[PLAIN, status, &returned]);
    assert!(content.bounce.is_some());
    assert_eq!((content.text.as_str(), content.pieces.len()), ("/take\n", 0));
    assert_eq!(content.not_for_orders, Some("It is a report of a mail server."));
    assert_eq!(content.attachments.len(), 2);
}

#[test]
fn parts_that_act_are_only_files() {
    // J10, C13
    for kind in [
        "message/partial; id=x; number=1; total=2",
        "message/external-body; access-type=URL; URL=\"http://evil.test/\"",
        "application/ms-tnef",
        "text/calendar",
    ] {
        let content =
            parts("multipart/mixed", &[PLAIN, &format!("Content-Type: {kind}\r\n\r\nwords")]);
        assert_eq!((content.text.as_str(), content.attachments.len()), ("/take\n", 1), "{kind}");
    }
}

#[test]
fn a_passed_on_report_can_be_read() {
    let inner = "From: Fay <fay@example.org>\r\nDate: Mon, 23 Nov 2026 09:12:05 +0000\r\nSubject: \
        overflow\r\n\r\nIt overflows.";
    let content = parts(
        "multipart/mixed",
        &["\r\nPlease help.", &format!("Content-Type: message/rfc822\r\n\r\n{inner}")],
    );
    let shown = "Please help.\n\n[A mail from fay@example.org of 2026-11-23T09:12:05Z is passed \
        on: overflow]\n\nIt overflows.\n";
    assert_eq!(content.text, shown);
    let [file] = content.attachments.as_slice() else { panic!("one file") };
    assert_eq!(
        (file.attachment.name.as_str(), file.attachment.kind.as_str()),
        ("overflow.eml", "message/rfc822")
    );
}

#[test]
fn every_file_comes_back_by_its_place() {
    let mail = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\n\
        Content-Type: image/png\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b\r\n\r\nx\r\n--b--\r\n";
    let entity = parse(mail.as_bytes()).expect("a mail");
    assert_eq!(entity.file(0), Some(vec![0, 1, 2]));
    assert_eq!(entity.file(1).as_deref(), Some(b"From: a@b\r\n\r\nx".as_slice()));
    assert_eq!(entity.file(2), None);
}

fn multipart(kind: &str, boundary: &str, parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--{boundary}\r\n{part}\r\n")).collect();
    format!("Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n{parts}--{boundary}--\r\n")
}

#[test]
fn an_alternative_is_compared_whole() {
    let html = |words: &str| format!("Content-Type: text/html; charset=utf-8\r\n\r\n{words}");
    let outlook = html(
        "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><title></title><style>\
         <!-- p.MsoNormal {margin:0cm; font-size:11.0pt} --></style><!--[if gte mso 9]><xml>\
         <o:shapedefaults spidmax=\"1026\"/></xml><![endif]--></head><body lang=DE><div \
         class=WordSection1><p class=MsoNormal>/take<o:p></o:p></p><p class=MsoNormal>\
         <o:p>&nbsp;</o:p></p></div></body></html>",
    );
    assert_eq!(parts("multipart/alternative", &[PLAIN, &outlook]).not_for_orders, None);
    let file = "Content-Type: text/plain; name=trace.txt\r\n\r\nx";
    let plain = "Content-Type: text/plain; charset=utf-8\r\n\r\n/take\r\n\r\nsee above\r\n";
    for (first, last, orders) in
        [("/take", "see above", true), ("/take", "see below", false), ("/take", "", false)]
    {
        let mixed = multipart("mixed", "m", &[&html(first), file, &html(last)]);
        let content = parts("multipart/alternative", &[plain, &mixed]);
        assert_eq!(content.not_for_orders.is_none(), orders, "{first} {last}");
        assert_eq!(content.text, "/take\n\nsee above\n");
    }
}

#[test]
fn an_address_linked_in_one_form_is_the_same_word_in_the_other() {
    let html = "Content-Type: text/html\r\n\r\n/assign <a href=mailto:vic@b.example>\
        vic@b.example</a>";
    let plain = |words: &str| format!("Content-Type: text/plain\r\n\r\n/assign {words}\r\n");
    for (words, orders) in [
        ("vic@b.example <mailto:vic@b.example>", true),
        ("vic@b.example<mailto:vic@b.example>", true),
        ("vic@b.example <mailto:eve@evil.test>", false),
    ] {
        let content = parts("multipart/alternative", &[&plain(words), html]);
        assert_eq!(content.not_for_orders.is_none(), orders, "{words}");
    }
}

#[test]
fn empty_texts_around_a_file_are_no_second_text() {
    let blank = "Content-Type: text/plain; charset=us-ascii\r\n\r\n\r\n \r\n";
    let file = "Content-Type: application/pdf; name=a.pdf\r\n\r\nx";
    for order in [[PLAIN, file, blank], [blank, file, PLAIN]] {
        let content = parts("multipart/mixed", &order);
        assert_eq!((content.text.as_str(), content.not_for_orders), ("/take\n", None));
        assert_eq!(content.attachments.len(), 1);
    }
    assert_eq!(parts("multipart/mixed", &[blank]).not_for_orders, Some("It has no text."));
}
