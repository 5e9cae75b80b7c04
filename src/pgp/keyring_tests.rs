use super::super::KeyTrouble;
use super::super::cast::*;
use super::{Certificate, KeyError, holds_secret};
use crate::limits::{CERTIFICATE_BYTES, KEY_BYTES};
use crate::mail::Address;
use sequoia_openpgp as openpgp;

use openpgp::Packet;
use openpgp::cert::CertBuilder;
use openpgp::packet::signature::SignatureBuilder;
use openpgp::packet::{UserAttribute, UserID, user_attribute};
use openpgp::types::{HashAlgorithm, KeyFlags, ReasonForRevocation, SignatureType};

fn address(text: &str) -> Address {
    Address::parse(text).expect(text)
}

fn one(bytes: &[u8]) -> Certificate {
    Certificate::parse_all(bytes).expect("certificate").remove(0)
}

#[test]
fn reads_every_form_a_key_comes_in() {
    let (fay, mo) = (person("fay").certificate(), person("mo").certificate());
    let armored = format!("Hello,\n{}\nand\n{}", fay.armored(), mo.armored());
    let forms = [armored.into_bytes(), [fay.bytes(), mo.bytes()].concat()];
    for form in forms {
        let read = Certificate::parse_all(&form).expect("both");
        assert_eq!(read, [fay.clone(), mo.clone()]);
    }
    let crlf = fay.armored().replace('\n', "\r\n");
    assert_eq!(one(crlf.as_bytes()), fay);
}

#[test]
fn what_is_no_key_says_so() {
    for bytes in [&b""[..], b"hello", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n"] {
        assert_eq!(Certificate::parse_all(bytes).err(), Some(KeyError::NotAKey));
    }
    let flood = vec![0x99; KEY_BYTES + 1];
    assert_eq!(Certificate::parse_all(&flood).err(), Some(KeyError::TooLarge));
}

#[test]
fn fay_sends_her_secret_key_by_mistake() {
    let fay = person("fay");
    let secret = fay.secret();
    assert!(holds_secret(&secret));
    let armored = super::armored(openpgp::armor::Kind::SecretKey, &secret);
    assert!(holds_secret(armored.as_bytes()));
    let disguised = super::armored(openpgp::armor::Kind::PublicKey, &secret);
    assert!(holds_secret(format!("see\n{disguised}").as_bytes()));
    assert!(!holds_secret(&fay.certificate().bytes()));
    assert!(!holds_secret(b"no key at all"));
    let kept = one(armored.as_bytes());
    assert!(!holds_secret(&kept.bytes()) && !kept.cert().is_tsk());
}

#[test]
fn an_address_is_a_users_only_by_a_user_id_the_key_signed() {
    let fay = person("fay");
    let certificate = fay.certificate();
    assert!(certificate.belongs_to(&address("fay@EXAMPLE.org"), now()));
    for other in ["Fay@example.org", "fay@example.com", "ay@example.org", "fay@example.org.test"] {
        assert!(!certificate.belongs_to(&address(other), now()), "{other}");
    }
    let bare = fay.with_user_id("fay@work.example").certificate();
    assert!(bare.belongs_to(&address("fay@work.example"), now()));
}

#[test]
fn eve_adds_vals_address_without_a_signature_or_with_a_foreign_one() {
    let (val, eve) = (person("val"), person("eve"));
    let id = UserID::from("val <val@example.org>");
    let bare = eve.cert.clone().insert_packets(id.clone()).expect("cert").0;
    let bare = Certificate::new(bare).expect("certificate");
    assert!(!bare.belongs_to(&address("val@example.org"), now()));
    let stolen = val.cert.userids().next().expect("id").self_signatures().next().expect("own");
    let packets = vec![Packet::from(id), stolen.clone().into()];
    let copied = eve.cert.clone().insert_packets(packets).expect("cert").0;
    let copied = Certificate::new(copied).expect("certificate");
    assert!(!copied.belongs_to(&address("val@example.org"), now()));
}

#[test]
fn a_key_we_cannot_encrypt_to_says_why() {
    assert_eq!(person("fay").certificate().trouble(now()), None);
    let none = person_with("fay", Made { encrypts: false, ..Made::default() });
    assert_eq!(none.certificate().trouble(now()), Some(KeyTrouble::NoEncryptionKey));
    let short = person_with("fay", Made { valid_days: 80, ..Made::default() }).certificate();
    let end = now() - days(10);
    assert_eq!(short.trouble(now()), Some(KeyTrouble::Expired(end)));
    assert_eq!(short.expires(now() - days(30)), Some(end));
    let words = short.trouble(now()).expect("trouble").to_string();
    assert_eq!(words, "The key expired on 2026-11-10. Please extend it and send it again.");
    for reason in [ReasonForRevocation::KeyRetired, ReasonForRevocation::KeyCompromised] {
        let revoked = person("fay").revoked(reason, now() - days(2)).certificate();
        assert_eq!(revoked.trouble(now()), Some(KeyTrouble::Revoked));
    }
    let six = person_with("fay", Made { version_6: true, ..Made::default() });
    assert_eq!(six.certificate().trouble(now()), None);
}

#[test]
fn only_the_encryption_subkey_expired() {
    let made = now() - days(90);
    let month = std::time::Duration::from_secs(30 * 86_400);
    let (cert, _) = CertBuilder::new()
        .set_creation_time(super::system(made))
        .add_userid("fay@example.org")
        .add_subkey(KeyFlags::empty().set_storage_encryption(), month, None)
        .generate()
        .expect("key");
    let trouble = Certificate::new(cert).expect("certificate").trouble(now());
    assert_eq!(trouble, Some(KeyTrouble::EncryptionExpired(made + days(30))));
}

#[test]
fn a_key_held_together_by_sha_1_is_too_weak() {
    let fay = person("fay");
    let mut packets = vec![Packet::from(fay.cert.primary_key().key().clone())];
    let id = UserID::from("fay <fay@example.org>");
    let builder = SignatureBuilder::new(SignatureType::PositiveCertification)
        .set_hash_algo(HashAlgorithm::SHA1)
        .set_signature_creation_time(super::system(now() - days(90)))
        .expect("time");
    let binding = id.bind(&mut fay.primary(), &fay.cert, builder).expect("binding");
    packets.extend([Packet::from(id), binding.into()]);
    let weak = openpgp::Cert::from_packets(packets.into_iter()).expect("cert");
    let weak = Certificate::new(weak).expect("certificate");
    assert_eq!(weak.trouble(now()), Some(KeyTrouble::TooWeak));
    assert!(!weak.belongs_to(&address("fay@example.org"), now()));
}

#[test]
fn rsa_of_1024_bits_is_too_weak() {
    use openpgp::packet::key::{Key4, PrimaryRole, SecretParts};
    let key: Key4<SecretParts, PrimaryRole> = Key4::generate_rsa(1024).expect("key");
    let key = openpgp::packet::Key::from(key);
    let cert = openpgp::Cert::try_from(vec![Packet::from(key.clone())]).expect("cert");
    let mut signer = key.into_keypair().expect("pair");
    let id = UserID::from("fay@example.org");
    let builder = SignatureBuilder::new(SignatureType::PositiveCertification)
        .set_key_flags(KeyFlags::empty().set_certification().set_storage_encryption())
        .expect("flags");
    let binding = id.bind(&mut signer, &cert, builder).expect("binding");
    let cert = cert.insert_packets(vec![Packet::from(id), binding.into()]).expect("cert").0;
    let later = jiff::Timestamp::now().max(now()) + hours(1);
    assert_eq!(
        Certificate::new(cert).expect("certificate").trouble(later),
        Some(KeyTrouble::TooWeak)
    );
}

#[test]
fn eve_floods_a_key_with_foreign_signatures_and_pictures() {
    let (fay, eve) = (person("fay"), person("eve"));
    let id = fay.cert.userids().next().expect("id").userid().clone();
    let mut packets = Vec::new();
    for count in 0..300u32 {
        let builder = SignatureBuilder::new(SignatureType::GenericCertification)
            .set_signature_creation_time(super::system(now() - days(1)))
            .expect("time")
            .set_policy_uri(format!("x{count}").repeat(100))
            .expect("uri");
        let foreign =
            builder.sign_userid_binding(&mut eve.primary(), fay.cert.primary_key().key(), &id);
        packets.push(Packet::from(foreign.expect("certification")));
    }
    let picture = user_attribute::Image::JPEG(vec![1; 90_000].into_boxed_slice());
    let picture = UserAttribute::new(&[user_attribute::Subpacket::Image(picture)]);
    packets.push(picture.expect("picture").into());
    let flooded = fay.cert.clone().insert_packets(packets).expect("cert").0;
    let flooded = Certificate::new(flooded).expect("certificate");
    assert!(flooded.bytes().len() > CERTIFICATE_BYTES);
    let slim = flooded.slim().expect("slim");
    assert_eq!(slim, fay.certificate());
    assert_eq!(slim.trouble(now()), None);
}

#[test]
fn eve_makes_a_key_too_large_to_keep() {
    let mut eve = person("eve");
    for count in 0..900 {
        eve.cert = eve.with_user_id(&format!("{count}@example.org")).cert;
        if eve.certificate().bytes().len() > CERTIFICATE_BYTES {
            break;
        }
    }
    assert!(eve.certificate().slim().is_none());
}

#[test]
fn eve_sends_a_shortened_copy() {
    let fay = person("fay");
    let revoked = fay.revoked(ReasonForRevocation::KeyRetired, now() - days(2)).certificate();
    let stripped = fay.certificate();
    for merged in [revoked.merge(&stripped), stripped.merge(&revoked)] {
        let merged = merged.expect("the same key");
        assert_eq!(merged.trouble(now()), Some(KeyTrouble::Revoked));
        assert!(merged.belongs_to(&address("fay@example.org"), now()));
    }
    assert!(fay.certificate().merge(&person("eve").certificate()).is_none());
}

#[test]
fn ids_name_primary_and_subkeys() {
    let fay = person("fay").certificate();
    assert_eq!(fay.key_ids().len(), 3);
    assert_eq!(fay.key_ids().first().map(String::as_str), Some(fay.fingerprint().as_str()));
}

#[test]
fn a_clock_ahead_of_ours_is_forgiven_for_half_an_hour() {
    let ahead = |minutes: i64| {
        let ago = jiff::SignedDuration::from_mins(-minutes);
        person_with("fay", Made { ago, ..Made::default() }).certificate().trouble(now())
    };
    assert_eq!(ahead(20), None);
    assert_eq!(ahead(40), Some(KeyTrouble::Broken));
}
