use super::super::cast::*;
use super::super::{Known, OpenFailure, Opener};
use super::Plain;
use crate::limits::{HIDDEN_RECIPIENTS, MIB, OPENED_BYTES, SESSION_KEY_PACKETS};
use crate::mail::Signature;
use sequoia_openpgp as openpgp;

use openpgp::crypto::SessionKey;
use openpgp::packet::{PKESK, Packet, Tag};
use openpgp::parse::{PacketParser, PacketParserResult, Parse};
use openpgp::serialize::stream::{Encryptor, LiteralWriter, Message};
use openpgp::types::SymmetricAlgorithm;
use std::io::Write;

const WORDS: &[u8] = b"Content-Type: text/plain\r\n\r\nThe heap overflows.\r\n";

fn opener(person: &Person) -> Opener {
    Opener::new(&person.team().decryption_part().expect("part")).expect("opener")
}

fn open(gateway: &Person, message: &[u8]) -> Result<Plain, OpenFailure> {
    opener(gateway).decrypt(message, now())
}

fn failure(gateway: &Person, message: &[u8]) -> OpenFailure {
    match open(gateway, message) {
        Ok(plain) => panic!("opened: {} octets", plain.bytes.len()),
        Err(failure) => failure,
    }
}

fn sealing<'a>(from: &'a Person, to: &'a Person) -> Sealing<'a> {
    Sealing { from: Some(from), to: vec![to], ..Sealing::default() }
}

#[test]
fn fay_sends_an_encrypted_and_signed_report() {
    let (gateway, fay) = (person("sirt"), person("fay"));
    for compressed in [0, 1] {
        let message = Sealing { compressed, ..sealing(&fay, &gateway) }.message(WORDS);
        let plain = open(&gateway, &message).expect("opened");
        assert_eq!(plain.bytes, WORDS);
        assert!(plain.was_encrypted);
        assert!(matches!(plain.signature(&Known::default(), now()), Signature::UnknownKey { .. }));
        let hers = [fay.certificate()];
        match plain.signature(&known(&[], &hers), now()) {
            Signature::Good(signed) => assert_eq!(signed.signer, *hers[0].fingerprint()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn unsigned_reports_open_and_are_not_signed() {
    let gateway = person("sirt");
    let message = Sealing { to: vec![&gateway], ..Sealing::default() }.message(WORDS);
    let plain = open(&gateway, &message).expect("opened");
    assert_eq!(plain.signature(&Known::default(), now()), Signature::None);
}

#[test]
fn version_6_keys_with_aead_open_too() {
    let gateway = person_with("sirt", Made { version_6: true, ..Made::default() });
    let message = sealing(&person("fay"), &gateway).message(WORDS);
    assert_eq!(open(&gateway, &message).expect("opened").bytes, WORDS);
    let cut = &message[..message.len() - 20];
    assert_eq!(failure(&gateway, cut), OpenFailure::Damaged);
    let mut flipped = message.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    assert_eq!(failure(&gateway, &flipped), OpenFailure::Damaged);
}

#[test]
fn eve_changes_cuts_or_unprotects_the_ciphertext() {
    let (gateway, fay) = (person("sirt"), person("fay"));
    let message = sealing(&fay, &gateway).message(WORDS);
    let body = message.len() - 200;
    for at in (body..message.len()).step_by(9) {
        let mut altered = message.clone();
        altered[at] ^= 0x40;
        assert_eq!(failure(&gateway, &altered), OpenFailure::Damaged, "octet {at}");
    }
    for cut in [1, 20, 22, 60, 150] {
        assert_eq!(failure(&gateway, &message[..message.len() - cut]), OpenFailure::Damaged);
    }
}

#[test]
fn eve_takes_the_change_detection_off() {
    let gateway = person("sirt");
    let literal = literal(WORDS);
    let key = SessionKey::from(vec![7u8; 32]);
    let pkesk = session_key(&gateway, &key);
    for modification in ["none", "wrong", "old packet"] {
        let message = [pkesk.as_slice(), &container(&key, &literal, modification)].concat();
        let failed = open(&gateway, &message).err();
        assert_eq!(failed, Some(OpenFailure::Damaged), "{modification}");
    }
    let whole = [pkesk.as_slice(), &container(&key, &literal, "right")].concat();
    assert_eq!(open(&gateway, &whole).expect("the same with it opens").bytes, WORDS);
}

fn session_key(reader: &Person, key: &SessionKey) -> Vec<u8> {
    let policy = super::policy(now());
    let keys = reader.cert.keys().with_policy(&policy, super::super::system(now()));
    let to = keys.for_transport_encryption().next().expect("key").key().clone();
    let made = openpgp::packet::pkesk::PKESK3::for_recipient(SymmetricAlgorithm::AES256, key, &to);
    packet(Packet::from(PKESK::from(made.expect("session key"))))
}

/// A version 1 container put together by hand (RFC 9580 sections 5.13.1 and 5.7).
fn container(key: &SessionKey, inner: &[u8], modification: &str) -> Vec<u8> {
    use openpgp::types::HashAlgorithm;
    let prefix = [9u8; 16];
    let mut plain = [&prefix[..], &prefix[14..], inner].concat();
    let mut hash = HashAlgorithm::SHA1.context().expect("hash").for_digest();
    hash.update(&plain);
    hash.update(&[0xd3, 0x14]);
    let mut mark = hash.into_digest().expect("digest");
    match modification {
        "none" | "old packet" => {}
        other => {
            if other == "wrong" {
                mark[3] ^= 1;
            }
            plain.extend([0xd3, 0x14]);
            plain.extend(&mark);
        }
    }
    let mut sink = Vec::new();
    let algorithm = SymmetricAlgorithm::AES256;
    let mode = openpgp::crypto::symmetric::BlockCipherMode::CFB;
    let mut cipher = openpgp::crypto::symmetric::Encryptor::new(
        algorithm,
        mode,
        openpgp::crypto::symmetric::PaddingMode::None,
        key,
        None,
        &mut sink,
    )
    .expect("cipher");
    cipher.write_all(&plain).expect("written");
    cipher.finalize().expect("finished");
    let (tag, version): (u8, &[u8]) =
        if modification == "old packet" { (9, &[]) } else { (18, &[1]) };
    let length = u32::try_from(version.len() + sink.len()).expect("length");
    [&[0xc0 | tag, 0xff][..], &length.to_be_bytes(), version, &sink].concat()
}

#[test]
fn eve_alters_a_mail_larger_than_the_look_ahead() {
    let (gateway, fay) = (person("sirt"), person("fay"));
    let words = vec![b'x'; 30 * MIB];
    let mut message = sealing(&fay, &gateway).message(&words);
    assert_eq!(open(&gateway, &message).expect("opened").bytes.len(), words.len());
    let last = message.len() - 1;
    message[last] ^= 1;
    assert_eq!(failure(&gateway, &message), OpenFailure::Damaged);
}

#[test]
fn eve_sends_a_bomb() {
    let gateway = person("sirt");
    let zeros = vec![0u8; OPENED_BYTES + 1];
    let once = Sealing { to: vec![&gateway], compressed: 1, ..Sealing::default() };
    let bomb = once.message(&zeros);
    assert!(bomb.len() < MIB);
    assert_eq!(failure(&gateway, &bomb), OpenFailure::TooLarge);
    let fits = once.message(&zeros[..OPENED_BYTES]);
    assert_eq!(open(&gateway, &fits).expect("fits").bytes.len(), OPENED_BYTES);
    let twice = Sealing { to: vec![&gateway], compressed: 2, ..Sealing::default() };
    assert_eq!(failure(&gateway, &twice.message(&zeros)), OpenFailure::Damaged);
}

#[test]
fn a_hidden_reader_is_found_within_the_limit() {
    let (gateway, other, fay) = (person("sirt"), person("other"), person("fay"));
    for (decoys, opens) in [(0, true), (HIDDEN_RECIPIENTS - 1, true), (HIDDEN_RECIPIENTS, false)] {
        let decoys = vec![&other; decoys];
        let message = Sealing { decoys, hidden: true, ..sealing(&fay, &gateway) }.message(WORDS);
        assert_eq!(open(&gateway, &message).is_ok(), opens);
    }
}

#[test]
fn eve_floods_the_session_keys() {
    let (gateway, other, eve) = (person("sirt"), person("other"), person("eve"));
    let decoys = vec![&other; SESSION_KEY_PACKETS];
    let message = Sealing { decoys, ..sealing(&eve, &gateway) }.message(WORDS);
    assert_eq!(failure(&gateway, &message), OpenFailure::Damaged);
}

#[test]
fn a_message_to_somebody_else_names_their_keys() {
    let (gateway, other, fay) = (person("sirt"), person("other"), person("fay"));
    match failure(&gateway, &sealing(&fay, &other).message(WORDS)) {
        OpenFailure::NotToUs { key_ids } => {
            let theirs = other.certificate().key_ids().to_vec();
            assert_eq!(key_ids.len(), 1);
            assert!(theirs.iter().any(|id| id.ends_with(&key_ids[0])));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn passwords_are_never_tried() {
    let gateway = person("sirt");
    let mut sink = Vec::new();
    let message = Encryptor::with_passwords(Message::new(&mut sink), [""]).build().expect("sealed");
    let mut literal = LiteralWriter::new(message).build().expect("literal");
    literal.write_all(WORDS).expect("written");
    literal.finalize().expect("finished");
    assert_eq!(failure(&gateway, &sink), OpenFailure::NotToUs { key_ids: Vec::new() });
}

#[test]
fn a_signed_message_that_looks_encrypted_is_not_encrypted() {
    let (gateway, fay) = (person("sirt"), person("fay"));
    let mut sink = Vec::new();
    Sealing { from: Some(&fay), ..Sealing::default() }.inner(Message::new(&mut sink), WORDS);
    let plain = open(&gateway, &sink).expect("read");
    assert!(!plain.was_encrypted);
    assert!(matches!(
        plain.signature(&known(&[fay.certificate()], &[]), now()),
        Signature::Good(_)
    ));
}

#[test]
fn eve_puts_two_messages_into_one() {
    let (gateway, val) = (person("sirt"), person("val"));
    let signed = |words: &[u8]| {
        let mut sink = Vec::new();
        Sealing { from: Some(&val), ..Sealing::default() }.inner(Message::new(&mut sink), words);
        sink
    };
    let (first, second) = (signed(WORDS), literal(b"/close"));
    let forms = [
        [first.clone(), second.clone()].concat(),
        [second.clone(), first.clone()].concat(),
        [second.clone(), second.clone()].concat(),
        [first.clone(), first.clone()].concat(),
        Vec::new(),
    ];
    for form in &forms {
        let to_us = Sealing { to: vec![&gateway], ..Sealing::default() };
        let message = to_us.encrypted(|mut message| {
            write(&mut message, form);
            message.finalize().expect("finished");
        });
        assert_eq!(failure(&gateway, &message), OpenFailure::Damaged);
        assert_eq!(failure(&gateway, form), OpenFailure::NotOpenPgp);
    }
}

#[test]
fn eve_signs_around_vals_ciphertext() {
    let (gateway, val, eve) = (person("sirt"), person("val"), person("eve"));
    let inside = Sealing { to: vec![&gateway], ..Sealing::default() }.message(WORDS);
    let mut sink = Vec::new();
    let signing = openpgp::serialize::stream::Signer::new(Message::new(&mut sink), eve.signer());
    let signing = signing.expect("signer").creation_time(super::super::system(now()));
    let mut signing = signing.build().expect("signer");
    write(&mut signing, &inside);
    signing.finalize().expect("finished");
    let keys = [val.certificate(), eve.certificate()];
    if let Ok(plain) = open(&gateway, &sink) {
        let verdict = plain.signature(&known(&keys, &[]), now());
        assert!(!matches!(verdict, Signature::Good(_)), "{verdict:?}");
    }
}

#[test]
fn eve_forwards_what_val_wrote_to_another_gateway() {
    let (gateway, other, val) = (person("sirt"), person("other"), person("val"));
    let on_record = [val.certificate()];
    let ours = [gateway.certificate().fingerprint().clone()];
    let keys = Known { on_record: &on_record, in_mail: &[], ours: &ours };
    for (intended, foreign) in [(&other, true), (&gateway, false)] {
        let message = Sealing { intended: vec![intended], ..sealing(&val, &gateway) };
        let plain = open(&gateway, &message.message(WORDS)).expect("opened");
        match plain.signature(&keys, now()) {
            Signature::Good(signed) => assert_eq!(signed.meant_for_others, foreign),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_is_not_openpgp_says_so() {
    let gateway = person("sirt");
    for bytes in [&b""[..], b"hello", b"-----BEGIN PGP MESSAGE-----\n\nxx\n", &[0xff; 100]] {
        assert_eq!(failure(&gateway, bytes), OpenFailure::NotOpenPgp);
    }
}

#[test]
fn the_decryption_part_holds_no_other_secret() {
    let gateway = person("sirt");
    let part = gateway.team().decryption_part().expect("part");
    let mut secret = Vec::new();
    let mut parser = PacketParser::from_bytes(&part[..]).expect("packets");
    while let PacketParserResult::Some(packet) = parser {
        if matches!(packet.packet.tag(), Tag::SecretKey | Tag::SecretSubkey) {
            secret.push(packet.packet.clone());
        }
        parser = packet.next().expect("next").1;
    }
    let [Packet::SecretSubkey(key)] = secret.as_slice() else { panic!("{}", secret.len()) };
    assert!(key.pk_algo().for_encryption());
    let public = gateway.certificate().bytes();
    assert!(Opener::new(&public).is_err());
}
