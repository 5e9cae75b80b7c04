use super::*;
use crate::mail::replay_id;
use crate::pgp::Opener;
use crate::pgp::cast::{
    Person, Sealing, hours, message_armor, now, person, signature_armor, with_unhashed,
};
use crate::worker::{Opening, Request, open};

const ORDERS: &str = "Content-Type: text/plain; charset=utf-8; hp=\"clear\"\r\n\
     Subject: [SIRT-2026-4827]\r\nFrom: Val <val@example.org>\r\n\r\n/take\r\n";

/// The gateway, and Val, who is on its roster.
struct House {
    gateway: Person,
    val: Person,
}

impl House {
    fn new() -> House {
        House { gateway: person("sirt"), val: person("val") }
    }

    /// What an honest opening process says.
    fn opening(&self, mail: &str) -> Opening {
        let part = self.gateway.team().decryption_part().expect("part");
        let ours = [self.gateway.certificate().fingerprint().clone()];
        let on_record = [self.val.certificate()];
        let request = Request { on_record: &on_record, ours: &ours, now: now() };
        open(mail.as_bytes(), &Opener::new(&part).expect("opener"), &request).expect("a mail")
    }

    fn proof(&self, mail: &str) -> Proof {
        self.opening(mail).proof.expect("Val signed it")
    }

    fn words(&self, mail: &str, proof: Proof) -> Option<SignedWords> {
        let claim = Claim {
            raw: mail.as_bytes().to_vec(),
            proof,
            certificate: self.val.certificate(),
            ours: self.gateway.certificate().fingerprint().clone(),
            now: now(),
        };
        claim.words()
    }

    fn believed(&self, mail: &str) -> SignedWords {
        self.words(mail, self.proof(mail)).expect("signed by Val")
    }

    fn signature(&self, entity: &str) -> Vec<u8> {
        self.val.signature(entity.as_bytes(), now() - hours(1))
    }

    fn sealed(&self, entity: &str) -> String {
        self.sealed_by(None, entity)
    }

    fn sealed_by(&self, from: Option<&Person>, entity: &str) -> String {
        let sealing = Sealing { from, to: vec![&self.gateway], ..Sealing::default() };
        pgp_mime(&message_armor(&sealing.message(entity.as_bytes())))
    }
}

fn pgp_mime(armored: &str) -> String {
    format!(
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; \
         boundary=e\r\n\r\n--e\r\nContent-Type: application/pgp-encrypted\r\n\r\n\
         Version: 1\r\n--e\r\nContent-Type: application/octet-stream\r\n\r\n\
         {}\r\n--e--\r\n",
        armored.replace('\n', "\r\n")
    )
}

fn header(id: &str) -> String {
    format!("From: val@example.org\r\nTo: sirt@example.org\r\nMessage-ID: <{id}@example.org>\r\n")
}

fn signed_part(entity: &str, signature: &[u8], boundary: &str) -> String {
    let armored = signature_armor(signature).replace('\n', "\r\n");
    format!(
        "Content-Type: multipart/signed; micalg=pgp-sha512; \
         protocol=\"application/pgp-signature\"; boundary={boundary}\r\n\r\n--{boundary}\r\n\
         {entity}\r\n--{boundary}\r\nContent-Type: application/pgp-signature\r\n\r\n\
         {armored}\r\n--{boundary}--\r\n"
    )
}

fn clear(house: &House) -> String {
    header("one") + &signed_part(ORDERS, &house.signature(ORDERS), "s")
}

#[test]
fn val_orders_in_the_clear_and_sealed() {
    let house = House::new();
    let part = signed_part(ORDERS, &house.signature(ORDERS), "s");
    for (mail, encrypted) in
        [(header("one") + &part, false), (header("two") + &house.sealed(&part), true)]
    {
        let words = house.believed(&mail);
        assert_eq!(words.signed.signer, *house.val.certificate().fingerprint());
        assert!(words.signed.alive_now && !words.signed.meant_for_others);
        assert_eq!((words.text.as_str(), words.text_cut), ("/take\n", false));
        assert_eq!((words.encrypted, words.not_for_orders), (encrypted, None));
        assert_eq!(words.subject.as_deref(), Some("[SIRT-2026-4827]"));
        let from: Vec<&str> = words.from.iter().map(|one| one.address.as_str()).collect();
        assert_eq!(from, ["val@example.org"]);
    }
}

#[test]
fn what_was_not_signed_is_in_nothing_that_is_read() {
    let house = House::new();
    let entity = "Content-Type: text/plain; charset=utf-8\r\n\r\n/take\r\n";
    let mail = format!(
        "Subject: [SIRT-2026-0001]\r\n{}",
        header("one") + &signed_part(entity, &house.signature(entity), "s")
    );
    let words = house.believed(&mail);
    assert_eq!((words.subject, words.from, words.text), (None, vec![], "/take\n".to_owned()));
}

#[test]
fn eve_has_the_opening_process_and_is_not_believed() {
    let house = House::new();
    let (mail, eve) = (clear(&house), person("eve"));
    let honest = house.proof(&mail);
    let hers = |entity: &str| {
        let signature = eve.signature(entity.as_bytes(), now() - hours(1));
        (header("x") + &signed_part(entity, &signature, "s"), signature)
    };
    // Her own signature, said to be Val's.
    let (forged, signature) = hers(ORDERS);
    let proof = Proof { signed: ORDERS.into(), signature, encrypted: false };
    assert_eq!(house.words(&forged, proof), None);
    // Val's signature under other words.
    let close = ORDERS.replace("/take", "/close");
    let proof = Proof { signed: close.clone().into_bytes(), ..honest.clone() };
    let other = header("x") + &signed_part(&close, &house.signature(ORDERS), "s");
    assert_eq!(house.words(&other, proof), None);
    // What Val signed in another mail, with one of hers; or deep inside hers; or beside her seal.
    let hidden = format!(
        "{}Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\
         Content-Type: text/plain\r\n\r\nhello\r\n--m\r\n{}\r\n--m--\r\n",
        header("x"),
        signed_part(ORDERS, &house.signature(ORDERS), "s")
    );
    let sealed = header("x") + &house.sealed("Content-Type: text/plain\r\n\r\n/take\r\n");
    for around in [forged, hidden, sealed, header("x") + "\r\n/take\r\n"] {
        assert_eq!(house.words(&around, honest.clone()), None, "{around}");
    }
    // A clear mail that is said to have come sealed.
    assert_eq!(house.words(&mail, Proof { encrypted: true, ..honest.clone() }), None);
    // A signature that is none, and no signed bytes at all.
    let empty = Proof { signature: Vec::new(), ..honest.clone() };
    assert_eq!(house.words(&mail, empty), None);
    assert_eq!(house.words(&mail, Proof { signed: Vec::new(), ..honest }), None);
}

#[test]
fn a_member_forwards_what_cannot_be_read() {
    let house = House::new();
    let nested = format!("{}\r\n/take\r\n", "Content-Type: message/rfc822\r\n\r\n".repeat(5_000));
    let words = house.believed(&(header("one") + &house.sealed_by(Some(&house.val), &nested)));
    assert_eq!((words.text.as_str(), words.not_for_orders.as_deref()), ("", Some(UNREADABLE)));
}

#[test]
fn eve_makes_a_mail_of_something_else_that_val_signed() {
    let house = House::new();
    // A file or a tag: nothing in it says that it is a mail.
    let file = header("x") + &house.sealed_by(Some(&house.val), "/close\r\n\r\n/close\r\n");
    assert!(house.believed(&file).not_for_orders.is_some());
    // Somebody else's ciphertext, signed from outside.
    let foreign = house.sealed("Content-Type: text/plain\r\n\r\n/close\r\n");
    let packet = house.signature(&foreign);
    let mail = header("x") + &signed_part(&foreign, &packet, "s");
    assert_eq!(house.opening(&mail).proof, None);
    let signature = signature_armor(&packet).replace('\n', "\r\n").into_bytes();
    let proof = Proof { signed: foreign.into(), signature, encrypted: false };
    let words = house.words(&mail, proof).expect("Val signed it");
    assert!(words.text.is_empty() && words.not_for_orders.is_some(), "{words:?}");
    // Two signatures, of which one is hers.
    let hers = person("eve").signature(ORDERS.as_bytes(), now() - hours(1));
    let both = [house.signature(ORDERS), hers].concat();
    let mail = header("x") + &signed_part(ORDERS, &both, "s");
    let signature = signature_armor(&both).replace('\n', "\r\n").into_bytes();
    let proof = Proof { signed: ORDERS.into(), signature, encrypted: false };
    assert_eq!(house.words(&mail, proof), None);
}

#[test]
fn orders_for_another_gateway_say_so() {
    let (house, other) = (House::new(), person("other"));
    let sealing = |intended| Sealing {
        from: Some(&house.val),
        to: vec![&house.gateway],
        intended: vec![intended],
        ..Sealing::default()
    };
    for (reader, for_others) in [(&house.gateway, false), (&other, true)] {
        let message = sealing(reader).message(ORDERS.as_bytes());
        let mail = header("x") + &pgp_mime(&message_armor(&message));
        assert_eq!(house.believed(&mail).signed.meant_for_others, for_others);
    }
}

/// What a replay is known by, from the mail as we verify it.
fn replay(house: &House, mail: &str) -> String {
    replay_id(&house.believed(mail).signed)
}

#[test]
fn eve_sends_vals_orders_again_in_another_envelope() {
    let house = House::new();
    let signature = house.signature(ORDERS);
    let part = signed_part(ORDERS, &signature, "s");
    let id = replay(&house, &clear(&house));
    let first = header("one") + &part;
    let padded = with_unhashed(&signature, b"again");
    assert_ne!(padded, signature);
    let comment = first
        .replace("-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----\r\nComment: 2");
    let again = [
        (
            "another Message-ID and Date",
            format!("Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n{}", header("two") + &part),
        ),
        ("another boundary", header("one") + &signed_part(ORDERS, &signature, "=_other")),
        ("other line ends", first.replace("\r\n", "\n")),
        ("another armor", comment),
        (
            "a further subpacket that nobody signed",
            header("one") + &signed_part(ORDERS, &padded, "s"),
        ),
        ("sealed", header("one") + &house.sealed(&part)),
        ("sealed once more", header("one") + &house.sealed(&part)),
    ];
    assert_eq!(replay(&house, &first), id);
    for (what, mail) in again {
        assert_eq!(replay(&house, &mail), id, "{what}");
    }
    let anew = house.val.signature(ORDERS.as_bytes(), now());
    let anew = header("one") + &signed_part(ORDERS, &anew, "s");
    assert_ne!(replay(&house, &anew), id, "Val's own second order is none");
}
