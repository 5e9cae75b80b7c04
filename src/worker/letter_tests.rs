//! Our own letters, as their readers' programs open them: composer, seal and opening together.

use super::{Opening, Request, open};
use crate::mail::compose::{self, DetachedSignature, Header, Hp};
use crate::mail::{Address, Encrypted, Mailbox, MessageId};
use crate::pgp::Opener;
use crate::pgp::cast::{now, person};

const WORDS: &str = "Thank you.\nFrom here on we reply to you.  \n-- \nExample SIRT\n";

fn mailbox(name: &str) -> Mailbox {
    let address = Address::parse(&format!("{name}@example.org")).expect("address");
    Mailbox { name: name.to_owned(), address }
}

fn header(subject: &str) -> Header {
    Header {
        from: mailbox("sirt"),
        to: mailbox("fay"),
        reply_to: None,
        subject: subject.to_owned(),
        date: now(),
        message_id: MessageId::parse("one@example.org").expect("id"),
        in_reply_to: None,
        references: Vec::new(),
        auto_submitted: None,
        autocrypt: Some(person("sirt").certificate().bytes()),
        loop_mark: None,
    }
}

/// As a store keeps it with CRLF, and as one that keeps LF alone.
fn stored(letter: &[u8]) -> [Vec<u8>; 2] {
    let text = String::from_utf8(letter.to_vec()).expect("7 bit");
    [letter.to_vec(), text.replace("\r\n", "\n").into_bytes()]
}

#[test]
fn fay_opens_an_encrypted_letter() {
    let (team, fay) = (person("sirt"), person("fay"));
    let (inner, outer) = (header("[SIRT-2026-4827] heap overflow"), header("[SIRT-2026-4827]"));
    let part = compose::text_part(WORDS).protected(&inner, &outer, Hp::Cipher).expect("part");
    let bytes = compose::signable(&part);
    let sealed = team.team().seal(&bytes, &fay.certificate(), now()).expect("sealed");
    let letter = compose::encrypted(&outer, &sealed, "5eed").expect("letter");
    let hers = Opener::new(&fay.team().decryption_part().expect("part")).expect("opener");
    for raw in stored(&letter) {
        let (on_record, ours) = ([team.certificate()], [fay.certificate().fingerprint().clone()]);
        let request = Request { on_record: &on_record, ours: &ours, now: now() };
        let Opening { mail, proof } = open(&raw, &hers, &request).expect("a mail");
        assert_eq!(mail.evidence.encrypted, Encrypted::Whole);
        let signed = mail.evidence.signed().expect("signed");
        assert!(signed.alive_now && !signed.meant_for_others && proof.is_some());
        assert_eq!(mail.subject, "[SIRT-2026-4827] heap overflow");
        assert_eq!(mail.text, WORDS);
        assert!(!String::from_utf8_lossy(&raw).contains("heap overflow"));
    }
}

#[test]
fn a_signed_letter_holds_on_its_way() {
    let team = person("sirt");
    let head = header("Your report");
    let part = compose::text_part(WORDS).protected(&head, &head, Hp::Clear).expect("part");
    let signed = team.team().sign_detached(&compose::signable(&part), now()).expect("signed");
    let signature = DetachedSignature { armored: &signed.armored, micalg: signed.micalg };
    let letter = compose::signed(&head, &part, &signature, "5eed").expect("letter");
    let none = Opener::new(&person("fay").team().decryption_part().expect("part"));
    let none = none.expect("opener");
    for raw in stored(&letter) {
        let on_record = [team.certificate()];
        let request = Request { on_record: &on_record, ours: &[], now: now() };
        let mail = open(&raw, &none, &request).expect("a mail").mail;
        assert!(mail.evidence.signed().is_some(), "{:?}", mail.evidence);
        assert!(mail.evidence.protected_headers && !mail.evidence.from_mismatch);
        assert_eq!((mail.text.as_str(), mail.keys.len()), (WORDS, 1));
    }
}
