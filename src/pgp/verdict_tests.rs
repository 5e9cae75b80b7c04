use super::super::cast::*;
use super::super::{Context, Detached, Known, verify_detached};
use super::digest;
use crate::mail::{KeyOrigin, Signature, Signed};
use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::Packet;
use openpgp::cert::CertBuilder;
use openpgp::packet::signature::SignatureBuilder;
use openpgp::packet::signature::subpacket::{Subpacket, SubpacketValue};
use openpgp::serialize::MarshalInto;
use openpgp::types::{HashAlgorithm, KeyFlags, ReasonForRevocation, SignatureType};

const WORDS: &[u8] = b"Content-Type: text/plain\r\n\r\n/case SIRT-2026-4827\r\n/close\r\n";

fn verify(signature: &[u8], keys: &Known<'_>, at: Timestamp) -> Signature {
    let mail = Detached { signed: WORDS, signature, context: Context::Open };
    verify_detached(&mail, keys, at)
}

fn good(signature: Signature) -> Signed {
    match signature {
        Signature::Good(signed) => signed,
        other => panic!("not good: {other:?}"),
    }
}

fn is_bad(signature: &Signature) -> bool {
    matches!(signature, Signature::Bad { .. })
}

#[test]
fn val_signs_and_all_of_it_is_known() {
    let val = person("val");
    let made = now() - hours(1);
    let on_record = [val.certificate()];
    let signed = good(verify(&val.signature(WORDS, made), &known(&on_record, &[]), now()));
    assert_eq!(signed.signer, *on_record[0].fingerprint());
    assert_eq!(signed.made, made);
    assert_eq!(signed.key, KeyOrigin::OnRecord);
    assert!(signed.alive_now && !signed.meant_for_others);
    assert_eq!(signed.digest, digest(WORDS));
}

#[test]
fn eve_changes_one_byte_of_the_words() {
    let val = person("val");
    let signature = val.signature(WORDS, now());
    let mut words = WORDS.to_vec();
    words[40] ^= 1;
    let mail = Detached { signed: &words, signature: &signature, context: Context::Open };
    assert!(is_bad(&verify_detached(&mail, &known(&[val.certificate()], &[]), now())));
}

#[test]
fn eve_puts_her_signature_beside_vals_in_either_order() {
    let (val, eve) = (person("val"), person("eve"));
    let on_record = [val.certificate()];
    let (first, second) = (val.signature(WORDS, now()), eve.signature(WORDS, now()));
    for pair in [[&first, &second], [&second, &first], [&first, &first]] {
        let both = [pair[0].as_slice(), pair[1]].concat();
        assert!(is_bad(&verify(&both, &known(&on_record, &[]), now())));
        assert!(is_bad(&verify(&both, &known(&on_record, &[eve.certificate()]), now())));
    }
}

#[test]
fn eve_cuts_the_self_signature_of_vals_user_id_into_the_signature_part() {
    let val = person("val");
    let id = val.cert.userids().next().expect("user id");
    let own = id.self_signatures().next().expect("self-signature").clone();
    assert!(is_bad(&verify(&packet(own.into()), &known(&[val.certificate()], &[]), now())));
}

#[test]
fn eve_uses_a_standalone_or_timestamp_signature_of_val() {
    let val = person("val");
    for kind in [SignatureType::Standalone, SignatureType::Timestamp] {
        let builder = SignatureBuilder::new(kind);
        let builder = builder.set_signature_creation_time(super::system(now())).expect("time");
        let made = if kind == SignatureType::Standalone {
            builder.sign_standalone(&mut val.signer())
        } else {
            builder.sign_timestamp(&mut val.signer())
        };
        let made = packet(made.expect("signature").into());
        assert!(is_bad(&verify(&made, &known(&[val.certificate()], &[]), now())), "{kind:?}");
    }
}

#[test]
fn a_signature_with_sha_1_is_bad() {
    let val = person("val");
    let weak = val.signature_with(WORDS, now(), |b| b.set_hash_algo(HashAlgorithm::SHA1));
    assert!(is_bad(&verify(&weak, &known(&[val.certificate()], &[]), now())));
}

#[test]
fn a_signature_with_an_unknown_critical_part_is_bad() {
    let val = person("val");
    let odd = val.signature_with(WORDS, now(), |builder| {
        let value = SubpacketValue::Unknown {
            tag: openpgp::packet::signature::subpacket::SubpacketTag::Private(101),
            body: b"x".to_vec(),
        };
        builder
            .modify_hashed_area(|mut area| {
                area.add(Subpacket::new(value, true)?)?;
                Ok(area)
            })
            .expect("area")
    });
    assert!(is_bad(&verify(&odd, &known(&[val.certificate()], &[]), now())));
}

#[test]
fn eve_writes_vals_name_on_her_key() {
    let eve = person("eve").with_user_id("val <val@example.org>");
    let on_record = [person("val").certificate()];
    let signature = eve.signature(WORDS, now());
    assert!(matches!(
        verify(&signature, &known(&on_record, &[]), now()),
        Signature::UnknownKey { .. }
    ));
    let signed = good(verify(&signature, &known(&on_record, &[eve.certificate()]), now()));
    assert_eq!(signed.signer, *eve.certificate().fingerprint());
    assert_eq!(signed.key, KeyOrigin::InMail);
}

#[test]
fn eve_binds_vals_signing_subkey_to_her_certificate() {
    let (val, eve) = (person("val"), person("eve"));
    let policy = super::policy(now());
    let keys = val.cert.keys().subkeys().with_policy(&policy, super::system(now()));
    let stolen = keys.for_signing().next().expect("signing subkey").key().clone();
    for flags in [Some(KeyFlags::empty().set_signing()), None] {
        let builder = SignatureBuilder::new(SignatureType::SubkeyBinding)
            .set_signature_creation_time(super::system(now() - days(80)))
            .expect("time");
        let builder = match flags {
            Some(flags) => builder.set_key_flags(flags).expect("flags"),
            None => builder,
        };
        let binding = stolen.bind(&mut eve.primary(), &eve.cert, builder).expect("binding");
        let packets = vec![Packet::from(stolen.clone()), binding.into()];
        let adopted = eve.cert.clone().insert_packets(packets).expect("cert").0;
        let adopted = [super::Certificate::new(adopted).expect("certificate")];
        let signature = val.signature(WORDS, now());
        assert!(is_bad(&verify(&signature, &known(&adopted, &[]), now())));
        let signed = good(verify(&signature, &known(&[val.certificate()], &adopted), now()));
        assert_eq!(signed.signer, *val.certificate().fingerprint());
    }
}

#[test]
fn an_unknown_signer_is_named_by_every_id_the_signature_gives() {
    let fay = person("fay");
    match verify(&fay.signature(WORDS, now()), &known(&[], &[]), now()) {
        Signature::UnknownKey { issuers } => {
            let ids = fay.certificate().key_ids().to_vec();
            assert!(!issuers.is_empty());
            assert!(issuers.iter().all(|issuer| ids.iter().any(|id| id.ends_with(issuer))));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_key_on_record_counts_as_that_when_a_copy_came_with_the_mail() {
    let val = person("val");
    let same = [val.certificate()];
    let signed = good(verify(&val.signature(WORDS, now()), &known(&same, &same), now()));
    assert_eq!(signed.key, KeyOrigin::OnRecord);
}

#[test]
fn eve_dates_a_signature_into_the_future() {
    let val = person("val");
    let on_record = [val.certificate()];
    let soon = val.signature(WORDS, now() + jiff::SignedDuration::from_mins(20));
    assert!(good(verify(&soon, &known(&on_record, &[]), now())).alive_now);
    let later = val.signature(WORDS, now() + hours(2));
    assert!(is_bad(&verify(&later, &known(&on_record, &[]), now())));
}

#[test]
fn a_signature_that_ends_is_over_when_it_has_ended() {
    let val = person("val");
    let hour = std::time::Duration::from_secs(3600);
    let short = val.signature_with(WORDS, now() - days(1), |builder| {
        builder.set_signature_validity_period(hour).expect("validity")
    });
    assert!(is_bad(&verify(&short, &known(&[val.certificate()], &[]), now())));
}

#[test]
fn eve_back_dates_a_signature_of_an_expired_key() {
    let made = Made { ago: days(10), valid_days: 5, ..Made::default() };
    let val = person_with("val", made);
    let on_record = [val.certificate()];
    let old = good(verify(&val.signature(WORDS, now() - days(8)), &known(&on_record, &[]), now()));
    assert!(!old.alive_now, "the key is expired now");
    let new = verify(&val.signature(WORDS, now() - days(1)), &known(&on_record, &[]), now());
    assert!(is_bad(&new), "{new:?}");
}

#[test]
fn eve_back_dates_a_signature_of_a_revoked_key() {
    use ReasonForRevocation::{KeyCompromised, KeyRetired, KeySuperseded, Unspecified};
    let val = person("val");
    let signature = val.signature(WORDS, now() - days(8));
    for reason in [KeyRetired, KeySuperseded] {
        let retired = [val.revoked(reason, now() - days(2)).certificate()];
        assert!(!good(verify(&signature, &known(&retired, &[]), now())).alive_now, "{reason:?}");
    }
    for reason in [KeyCompromised, Unspecified] {
        let gone = [val.revoked(reason, now() - days(2)).certificate()];
        assert!(is_bad(&verify(&signature, &known(&gone, &[]), now())), "{reason:?}");
    }
}

#[test]
fn eve_sends_vals_revoked_key_without_its_revocation() {
    let val = person("val");
    let revoked = [val.revoked(ReasonForRevocation::KeyCompromised, now() - days(2)).certificate()];
    let stripped = [val.certificate()];
    let signature = val.signature(WORDS, now() - hours(1));
    assert!(is_bad(&verify(&signature, &known(&revoked, &stripped), now())));
    assert!(is_bad(&verify(&signature, &known(&stripped, &revoked), now())), "learned by mail");
}

#[test]
fn val_extends_the_key_and_only_the_newest_self_signature_is_left() {
    let old = person_with("val", Made { valid_days: 60, ..Made::default() });
    let signature = old.signature(WORDS, now() - days(40));
    let longer = old.team().extend(now() + days(300), now() - days(1)).expect("extended");
    let packets = longer.secret().clone().strip_secret_key_material();
    let newest = |at| Some(super::system(now() - days(1))) == at;
    let minimal: Vec<Packet> = packets
        .into_packets()
        .filter(|packet| match packet {
            Packet::Signature(signature) => newest(signature.signature_creation_time()),
            _ => true,
        })
        .collect();
    let minimal = openpgp::Cert::from_packets(minimal.into_iter()).expect("minimal");
    let minimal = [super::Certificate::new(minimal).expect("certificate")];
    let signed = good(verify(&signature, &known(&minimal, &[]), now()));
    assert!(signed.alive_now);
    let before = [old.certificate()];
    let fresh = old.signature(WORDS, now() - hours(1));
    assert!(is_bad(&verify(&fresh, &known(&before, &[]), now())), "expired on record");
    let signed = good(verify(&fresh, &known(&before, &[longer.certificate().clone()]), now()));
    assert!(signed.alive_now, "the extended copy came with the mail");
}

#[test]
fn eve_uses_a_signature_that_names_other_readers() {
    let (val, gateway, other) = (person("val"), person("sirt"), person("other"));
    let on_record = [val.certificate()];
    let ours = [gateway.certificate().fingerprint().clone()];
    let keys = Known { on_record: &on_record, in_mail: &[], ours: &ours };
    let reader = |person: &Person| {
        let fingerprint = person.cert.fingerprint();
        val.signature_with(WORDS, now(), |builder| {
            builder.set_intended_recipients([fingerprint]).expect("reader")
        })
    };
    let within = |signature: &[u8], context| {
        verify_detached(&Detached { signed: WORDS, signature, context }, &keys, now())
    };
    assert!(good(within(&reader(&other), Context::Open)).meant_for_others);
    assert!(good(within(&reader(&other), Context::Encrypted)).meant_for_others);
    assert!(!good(within(&reader(&gateway), Context::Encrypted)).meant_for_others);
    assert!(is_bad(&within(&reader(&gateway), Context::Open)), "its encryption was taken off");
}

#[test]
fn eve_floods_the_signature_part() {
    let val = person("val");
    let one = val.signature(WORDS, now());
    let on_record = [val.certificate()];
    for count in [17, 300, 4_000] {
        assert!(is_bad(&verify(&one.repeat(count), &known(&on_record, &[]), now())), "{count}");
    }
    assert!(is_bad(&verify(b"", &known(&on_record, &[]), now())));
    assert!(is_bad(&verify(b"-----BEGIN PGP SIGNATURE-----", &known(&on_record, &[]), now())));
    assert!(is_bad(&verify(&literal(b"x"), &known(&on_record, &[]), now())));
}

#[test]
fn a_version_6_key_signs_too() {
    let val = person_with("val", Made { version_6: true, ..Made::default() });
    let signature = val.signature(WORDS, now());
    let signed = good(verify(&signature, &known(&[val.certificate()], &[]), now()));
    assert_eq!(signed.signer.as_str().len(), 64);
}

#[test]
fn a_primary_that_signs_without_flags_for_it_is_refused() {
    let at = super::system(now() - days(90));
    let (cert, _) = CertBuilder::new()
        .set_creation_time(at)
        .add_userid("vic <vic@example.org>")
        .generate()
        .expect("certify-only key");
    let builder = SignatureBuilder::new(SignatureType::Binary);
    let builder = builder.set_signature_creation_time(super::system(now())).expect("time");
    let vic = Person { cert };
    let signature = builder.sign_message(&mut vic.primary(), WORDS).expect("signature");
    let signature = Packet::from(signature).to_vec().expect("bytes");
    assert!(is_bad(&verify(&signature, &known(&[vic.certificate()], &[]), now())));
}

#[test]
fn eve_cannot_replay_words_by_changing_their_line_ends() {
    for other in ["/close\n\nnow\n", "/close\r\rnow\r", "/close\n\r\nnow\r\n"] {
        assert_eq!(digest(other.as_bytes()), digest(b"/close\r\n\r\nnow\r\n"), "{other:?}");
    }
    assert_ne!(digest(b"/close\r\n"), digest(b"/close"));
}
