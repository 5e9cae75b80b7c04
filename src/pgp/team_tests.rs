use super::super::cast::*;
use super::super::{Context, Detached, verify_detached};
use super::super::{KeyTrouble, Known, Opener, SealError, verify_cleartext};
use super::{KeyError, Profile, TeamKey};
use crate::mail::{Address, Signature};
use sequoia_openpgp as openpgp;

use openpgp::parse::Parse;
use openpgp::types::ReasonForRevocation;

const WORDS: &[u8] = b"Content-Type: text/plain\r\n\r\nThank you.\r\n";

fn team(profile: Profile) -> TeamKey {
    let address = Address::parse("sirt@example.org").expect("address");
    TeamKey::generate("Example SIRT", &address, profile, now() - days(1)).expect("key").key
}

#[test]
fn a_new_key_can_do_all_that_the_team_needs() {
    for profile in [Profile::Rfc4880, Profile::Rfc9580] {
        let key = team(profile);
        key.fitness(now()).expect("fit");
        let certificate = key.certificate();
        assert!(certificate.belongs_to(&Address::parse("sirt@example.org").expect("a"), now()));
        assert_eq!(certificate.trouble(now()), None);
        assert_eq!(certificate.expires(now()), Some(now() - days(1) + days(730)));
        let sealed = key.seal_to_team(WORDS, now()).expect("sealed");
        let opener = Opener::new(&key.decryption_part().expect("part")).expect("opener");
        let plain = opener.decrypt(sealed.as_bytes(), now()).expect("opened");
        let on_record = [certificate.clone()];
        let ours = [certificate.fingerprint().clone()];
        let keys = Known { on_record: &on_record, in_mail: &[], ours: &ours };
        match plain.signature(&keys, now()) {
            Signature::Good(signed) => {
                assert!(signed.alive_now && !signed.meant_for_others);
                assert_eq!((plain.bytes.as_slice(), signed.made), (WORDS, now()));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_version_4_key_invites_nothing_gnupg_cannot_do() {
    let key = team(Profile::Rfc4880);
    assert!(!key.invites_aead(now()));
    let sealed = key.seal_to_team(WORDS, now()).expect("sealed");
    assert!(!sealed.contains('\r') && sealed.lines().all(|line| line.len() <= 76));
    assert_eq!(key.certificate().fingerprint().as_str().len(), 40);
    assert!(team(Profile::Rfc9580).invites_aead(now()));
}

#[test]
fn the_revocation_certificate_revokes() {
    let address = Address::parse("sirt@example.org").expect("address");
    let made = TeamKey::generate("", &address, Profile::Rfc4880, now()).expect("key");
    let signature = openpgp::PacketPile::from_bytes(made.revocation.as_bytes()).expect("packets");
    let cert = made.key.secret().clone().insert_packets(signature.into_children()).expect("cert").0;
    let revoked = TeamKey::new(cert).expect("key");
    assert_eq!(revoked.fitness(now()), Err(KeyError::Revoked));
}

#[test]
fn a_key_file_says_what_is_missing() {
    let key = team(Profile::Rfc4880);
    let load = |bytes: &[u8], passphrase| TeamKey::load(bytes, passphrase, now()).err();
    let plain = key.to_secret_armor(None).expect("armor");
    assert_eq!(load(plain.as_bytes(), None), None);
    assert_eq!(load(plain.as_bytes(), Some("needless")), None);
    let locked = key.to_secret_armor(Some("correct horse")).expect("armor");
    assert_eq!(load(locked.as_bytes(), Some("correct horse")), None);
    assert_eq!(load(locked.as_bytes(), None), Some(KeyError::PassphraseNeeded));
    assert_eq!(load(locked.as_bytes(), Some("wrong")), Some(KeyError::WrongPassphrase));
    let public = key.certificate().armored();
    assert_eq!(load(public.as_bytes(), None), Some(KeyError::NoSecret));
    assert_eq!(load(b"hello", None), Some(KeyError::NotAKey));
    let part = key.decryption_part().expect("part");
    assert_eq!(load(&part, None), Some(KeyError::NoSigningKey));
    let none = person_with("sirt", Made { encrypts: false, ..Made::default() });
    assert_eq!(load(&none.secret(), None), Some(KeyError::NoEncryptionKey));
    let short = person_with("sirt", Made { valid_days: 80, ..Made::default() });
    assert_eq!(load(&short.secret(), None), Some(KeyError::Expired(now() - days(10))));
    let revoked = person("sirt").revoked(ReasonForRevocation::KeyRetired, now() - days(2));
    assert_eq!(load(&revoked.secret(), None), Some(KeyError::Revoked));
}

#[test]
fn an_expired_key_is_extended_under_the_same_fingerprint() {
    for version_6 in [false, true] {
        let old = person_with("sirt", Made { valid_days: 80, version_6, ..Made::default() });
        let read = TeamKey::read(&old.secret(), None).expect("an expired key can be read");
        let longer = read.extend(now() + days(365), now()).expect("extended");
        assert_eq!(longer.fitness(now()), Ok(()));
        assert_eq!(longer.certificate().fingerprint(), read.certificate().fingerprint());
        assert_eq!(longer.certificate().expires(now()), Some(now() + days(365)));
        let signed = longer.sign_detached(WORDS, now()).expect("signed");
        let keys = [longer.certificate().clone()];
        let mail = Detached {
            signed: WORDS,
            signature: signed.armored.as_bytes(),
            context: Context::Open,
        };
        let verdict = verify_detached(&mail, &known(&keys, &[]), now());
        assert!(matches!(verdict, Signature::Good(_)), "{verdict:?}");
        let again = longer.extend(now() + days(400), now()).expect("twice in a second");
        assert_eq!(again.certificate().expires(now() + hours(1)), Some(now() + days(400)));
    }
}

#[test]
fn without_its_primary_a_key_works_and_cannot_be_extended() {
    let val = person("sirt");
    let primary = val.cert.fingerprint();
    let subkeys = val.cert.as_tsk().set_filter(|key| key.fingerprint() != primary);
    let bytes = openpgp::serialize::MarshalInto::to_vec(&subkeys).expect("bytes");
    let key = TeamKey::load(&bytes, None, now()).expect("usable");
    assert_eq!(key.extend(now() + days(900), now()).err(), Some(KeyError::PrimaryOffline));
}

#[test]
fn nothing_is_sealed_to_a_key_in_trouble() {
    let key = team(Profile::Rfc4880);
    let seal = |reader: &Person| key.seal(WORDS, &reader.certificate(), now()).err();
    let expired = person_with("fay", Made { valid_days: 80, ..Made::default() });
    assert_eq!(seal(&expired), Some(SealError::Trouble(KeyTrouble::Expired(now() - days(10)))));
    let none = person_with("fay", Made { encrypts: false, ..Made::default() });
    assert_eq!(seal(&none), Some(SealError::Trouble(KeyTrouble::NoEncryptionKey)));
    let revoked = person("fay").revoked(ReasonForRevocation::KeyCompromised, now() - days(2));
    assert_eq!(seal(&revoked), Some(SealError::Trouble(KeyTrouble::Revoked)));
    let late = person_with("sirt", Made { valid_days: 80, ..Made::default() }).team();
    let fay = person("fay").certificate();
    assert!(matches!(late.seal(WORDS, &fay, now()), Err(SealError::Ours(_))));
    assert!(late.sign_detached(WORDS, now()).is_err());
}

#[test]
fn a_sealed_letter_is_for_one_reader() {
    let (key, fay, eve) = (team(Profile::Rfc4880), person("fay"), person("eve"));
    let sealed = key.seal(WORDS, &fay.certificate(), now()).expect("sealed");
    let open = |person: &Person| {
        let part = person.team().decryption_part().expect("part");
        Opener::new(&part).expect("opener").decrypt(sealed.as_bytes(), now())
    };
    assert_eq!(open(&fay).expect("hers").bytes, WORDS);
    assert!(open(&eve).is_err());
    let part = key.decryption_part().expect("part");
    assert!(Opener::new(&part).expect("opener").decrypt(sealed.as_bytes(), now()).is_err());
}

#[test]
fn many_threads_sign_at_once() {
    let key = team(Profile::Rfc4880);
    let on_record = [key.certificate().clone()];
    std::thread::scope(|scope| {
        for number in 0..8u8 {
            let (key, on_record) = (&key, &on_record);
            scope.spawn(move || {
                let words = [number; 40];
                let signed = key.sign_detached(&words, now()).expect("signed");
                let mail = Detached {
                    signed: &words,
                    signature: signed.armored.as_bytes(),
                    context: Context::Open,
                };
                let verdict = verify_detached(&mail, &known(on_record, &[]), now());
                assert!(matches!(verdict, Signature::Good(_)));
            });
        }
    });
}

#[test]
fn a_notice_in_the_clear_and_what_eve_does_to_it() {
    let key = team(Profile::Rfc4880);
    let on_record = [key.certificate().clone()];
    let text = "Update now.\n- really\nFrom us  \n-- \nSIRT\n";
    let block = key.sign_cleartext(text, now()).expect("signed");
    let verify = |block: &str| verify_cleartext(block.as_bytes(), &known(&on_record, &[]), now());
    let (words, verdict) = verify(&block);
    assert!(matches!(verdict, Signature::Good(_)), "{verdict:?}");
    assert_eq!(words.trim_end(), "Update now.\n- really\nFrom us\n--\nSIRT");
    let begin = "-----BEGIN PGP SIGNED MESSAGE-----\n";
    let attacks = [
        format!("Do not update.\n{block}"),
        format!("{block}Do not update.\n"),
        format!("{block}{block}"),
        block.replace("Hash: SHA512\n", "Hash: SHA512\nComment: do not update\n"),
        block.replace(begin, &format!("{begin}\u{c}Do not update\n")),
        block.replace("Update now", "Do not update"),
        block.replace("-----END PGP SIGNATURE-----\n", ""),
    ];
    for attack in attacks {
        let (words, verdict) = verify(&attack);
        assert!(matches!(verdict, Signature::Bad { .. }), "{attack}");
        assert!(!words.is_empty(), "nothing is lost");
    }
}
