use super::cast::*;
use super::*;
use crate::mail::{Attachment, Encrypted, Signature};

#[test]
fn there_is_always_an_answer() {
    let house = House::new();
    let triage = house.ask(&Mail::default());
    assert_eq!((triage.class, triage.certain), (Class::Report, Certainty::Doubtful));
    assert!(!triage.because.is_empty());
}

#[test]
fn the_keys_of_the_cast_differ() {
    let keys = ["val", "cora", "team", "fay", "mo", "eve"].map(key);
    let all: std::collections::BTreeSet<_> = keys.iter().collect();
    assert_eq!(all.len(), keys.len());
}

/// Eve writes a Message-ID of ours, which she knows from a letter to her, into a mail of her own;
/// or she takes our address for From. Neither alone makes her mail disappear as our own.
#[test]
fn eve_cannot_dress_a_mail_as_our_own_letter() {
    let house = House::new();
    let decoy = Mail { message_id: Some(house.message_id(1)), ..mail(EVE, "x", "heap overflow") };
    assert_eq!(house.ask(&decoy).class, Class::Report);
    let in_our_name = house.ask(&mail(US, "x", "close all cases"));
    assert_ne!(in_our_name.class, Class::OwnLetter);
    assert!(in_our_name.because.iter().any(|why| why.contains("our own address")));
}

#[test]
fn our_own_letters_are_known_again() {
    let mut house = House::new();
    let back = Mail { message_id: Some(house.message_id(1)), ..mail(US, "x", "ours") };
    assert_eq!(house.ask(&back).class, Class::OwnLetter);
    let looped = with_field(mail(US, "x", "ours"), "x-loop", US);
    assert_eq!(house.ask(&looped).class, Class::OwnLetter);
    house.list = Some("oss-security");
    let list = "oss-security@lists.watched.example";
    let rewritten = Mail { reply_to: vec![mailbox(US)], ..mail(list, "x", "ours") };
    assert_eq!(house.ask(&rewritten).class, Class::OwnLetter);
}

#[test]
fn handlers_hear_of_what_is_dangerous() {
    let mut odd = mail(EVE, "x", "see the file");
    odd.secret_key_inside = true;
    odd.evidence.from_mismatch = true;
    odd.from.push(mailbox(FAY));
    let (name, kind) = ("updated-poc.docm".to_owned(), "application/octet-stream".to_owned());
    odd.attachments.push(Attachment { name, kind, bytes: 1, encrypted: false });
    let because = House::new().ask(&odd).because.join(" ");
    for words in ["secret key", "another than the one outside", "more than one sender", "run code"]
    {
        assert!(because.contains(words), "{words}: {because}");
    }
}

#[test]
fn a_member_without_a_good_signature_only_claims_to_be_one() {
    let house = House::new();
    let mut claims = mail(VAL, "close", "/close");
    for (signature, how) in [
        (Signature::None, "not signed"),
        (Signature::UnknownKey { issuers: Vec::new() }, "another key"),
        (Signature::Bad { why: String::new() }, "does not hold"),
        (Signature::Partly(signature("val")), "in part only"),
    ] {
        claims.evidence.signature = signature;
        let triage = house.ask(&claims);
        assert_ne!(triage.class, Class::Orders);
        let said =
            triage.because.iter().any(|why| why.contains("Claims to be val") && why.contains(how));
        assert!(said, "{how}: {:?}", triage.because);
    }
}

#[test]
fn what_cannot_be_opened_is_a_report() {
    let house = House::new();
    for encrypted in [Encrypted::NotToUs { key_ids: Vec::new() }, Encrypted::Damaged] {
        let mut closed = mail(FAY, "...", "casino casino casino click here");
        closed.evidence.encrypted = encrypted;
        assert_eq!(house.ask(&closed).class, Class::Report);
    }
}

/// A megabyte of what makes careless readers slow is read like any other.
#[test]
fn eve_cannot_stop_triage_with_a_text() {
    let house = House::new();
    for piece in
        ["[case", "<", "> ", "[SIRT-2026-4827 aaaaaaaa ", "CVE-2026-1000 ", "1.", "(", "\n"]
    {
        let text = piece.repeat(crate::limits::TEXT_BYTES / piece.len());
        assert!(house.ask(&mail(EVE, piece, &text)).class.opens_case());
    }
}
