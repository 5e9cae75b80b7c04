use crate::mail::{Mail, merge, parse, parse_payload};

fn outer(from: &str) -> Mail {
    let mail = format!(
        "From: {from}\r\nTo: sirt@example.org\r\nCc: press@example.com\r\nSubject: [...]\r\n\
         Date: Mon, 23 Nov 2026 09:12:05 +0000\r\nMessage-ID: <outer@example.org>\r\n\r\nx\r\n"
    );
    parse(mail.as_bytes()).expect("a mail").mail()
}

fn read(kind: &str, fields: &str) -> Mail {
    let payload = format!("Content-Type: text/plain; {kind}\r\n{fields}\r\nwords\r\n");
    let payload = parse_payload(payload.as_bytes()).expect("a payload");
    let mut mail = outer("Fay <fay@example.org>");
    if let Some(protected) = payload.protected() {
        merge(&mut mail, protected);
    }
    mail
}

#[test]
fn what_stands_inside_is_shown() {
    let fields = "From: Fay Inder <fay@example.org>\r\nTo: sirt@example.org\r\nSubject: heap \
        overflow\r\n\
        Message-ID: <inner@example.org>\r\nReferences: <a@b> <c@d>\r\n";
    for kind in [
        "hp=\"cipher\"",
        "hp=clear",
        "protected-headers=\"v1\"",
        "hp=\"cipher\"; protected-headers=\"v1\"",
    ] {
        let mail = read(kind, fields);
        assert!(mail.evidence.protected_headers && !mail.evidence.from_mismatch, "{kind}");
        assert_eq!(mail.subject, "heap overflow");
        assert_eq!(mail.sender().expect("one").name, "Fay Inder");
        assert_eq!(mail.message_id.expect("an id").as_str(), "inner@example.org");
        assert_eq!(mail.references.len(), 2);
        assert_eq!(
            mail.fields.iter().filter(|f| f.name == "subject").count(),
            1,
            "outer fields stay"
        );
    }
}

#[test]
fn under_rfc_9788_what_is_not_inside_was_not_said() {
    let fields = "From: fay@example.org\r\nSubject: x\r\n";
    let mail = read("hp=cipher", fields);
    assert_eq!((mail.to, mail.cc, mail.date), (vec![], vec![], None));
    assert_eq!(mail.message_id.expect("kept for threads").as_str(), "outer@example.org");
    let mail = read("protected-headers=v1", fields);
    assert_eq!((mail.to.len(), mail.cc.len(), mail.date.is_some()), (1, 1, true));
}

#[test]
fn eve_cannot_become_another_sender_inside() {
    for from in [
        "From: val@example.org",
        "From: fay@example.org, val@example.org",
        "From: fay@example.org\r\nFrom: val@example.org",
        "From: \"fay@example.org\"",
        "From: <fay@example.org> <val@example.org>",
    ] {
        for kind in ["hp=cipher", "hp=clear", "protected-headers=v1"] {
            let mail = read(kind, &format!("{from}\r\nSubject: x\r\n"));
            assert!(mail.evidence.from_mismatch, "{from}");
            assert_eq!(mail.sender().expect("the outer one").address.as_str(), "fay@example.org");
        }
    }
}

#[test]
fn a_mark_that_is_not_quite_one_marks_nothing() {
    for kind in
        ["hp=secret", "hp=cipher; hp=clear", "protected-headers=v2", "x=y", "hp*=utf-8''Cipher"]
    {
        let mail = read(kind, "Subject: inside\r\n");
        assert!(!mail.evidence.protected_headers, "{kind}");
        assert_eq!(mail.subject, "[...]");
    }
    let nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: \
        text/plain; hp=cipher\r\n\
        Subject: evil\r\n\r\nwords\r\n--b--\r\n";
    assert!(parse_payload(nested.as_bytes()).expect("a payload").protected().is_none());
}

#[test]
fn hp_outer_tells_what_was_changed_and_what_is_secret() {
    let fields = "From: fay@example.org\r\nTo: sirt@example.org\r\nSubject: heap overflow\r\n\
        HP-Outer: From: fay@example.org\r\nHP-Outer: To: sirt@example.org\r\n\
        HP-Outer: Subject: [other]\r\n";
    let payload = format!("Content-Type: text/plain; hp=cipher\r\n{fields}\r\nwords\r\n");
    let entity = parse_payload(payload.as_bytes()).expect("a payload");
    assert_eq!(entity.protected().expect("protected").confidential(), ["subject"]);
    let mail = read("hp=cipher", fields);
    assert_eq!(mail.oddities, ["Changed on the way: from, subject."]);
}

#[test]
fn legacy_displays_are_left_out_of_the_words() {
    let hp = "Content-Type: text/plain; hp=cipher; hp-legacy-display=1\r\nSubject: heap \
        overflow\r\n\r\n\
        Subject: heap overflow\r\n\r\nwords\r\n";
    let v1 = "Content-Type: multipart/mixed; boundary=b; protected-headers=v1\r\nSubject: x\r\n\
        \r\n--b\r\n\
        Content-Type: text/rfc822-headers; protected-headers=v1\r\n\
        Content-Disposition: inline\r\n\r\n\
        Subject: x\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nwords\r\n--b--\r\n";
    for payload in [hp, v1, &v1.replace("text/rfc822-headers", "text/plain")] {
        let content = parse_payload(payload.as_bytes()).expect("a payload").content();
        assert_eq!((content.text.as_str(), content.attachments.len()), ("words\n", 0), "{payload}");
    }
    let unmarked = hp.replace("hp=cipher; ", "");
    let content = parse_payload(unmarked.as_bytes()).expect("a payload").content();
    assert_eq!(content.text, "Subject: heap overflow\n\nwords\n");
}
