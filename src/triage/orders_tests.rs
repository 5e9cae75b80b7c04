use super::super::cast::*;
use crate::case::Class;
use crate::mail::{KeyOrigin, Mail, Signature, Signed};

fn orders() -> Mail {
    mail(VAL, "[SIRT-2026-4827]", "/case SIRT-2026-4827\n/take\n")
}

fn with(signed: Signed) -> Mail {
    let mut orders = orders();
    orders.evidence.signature = Signature::Good(signed);
    orders
}

#[test]
fn a_members_signed_mail_to_us() {
    let triage = House::new().ask(&signed(orders(), "val"));
    assert_eq!(triage.class, Class::Orders);
    assert!(triage.because.iter().all(|why| !why.contains("no address")));
    let token = Mail { to: vec![mailbox("sirt+abc@sirt.test")], ..signed(orders(), "val") };
    assert_eq!(House::new().ask(&token).class, Class::Orders);
}

#[test]
fn the_key_says_who_it_is_and_from_is_only_compared() {
    let elsewhere = Mail { from: vec![mailbox(EVE)], ..signed(orders(), "val") };
    let triage = House::new().ask(&elsewhere);
    assert_eq!(triage.class, Class::Orders);
    assert!(triage.because.iter().any(|why| why == "Its From is no address of val."));
}

/// Eve signs with her own key, or has a key come along.
#[test]
fn eve_gives_no_orders() {
    let val = || signature("val");
    let attacks = [
        ("her own key", Signed { signer: key("eve"), ..val() }),
        ("a key that came with the mail", Signed { key: KeyOrigin::InMail, ..val() }),
    ];
    for (attack, signed) in attacks {
        assert_ne!(House::new().ask(&with(signed)).class, Class::Orders, "{attack}");
    }
    let to_a_list = Mail { to: vec![mailbox("devel@lists.test")], ..signed(orders(), "val") };
    let triage = House::new().ask(&to_a_list);
    assert_ne!(triage.class, Class::Orders);
    assert!(triage.because.iter().any(|why| why.contains("not addressed to us")));
}

#[test]
fn a_members_post_to_a_watched_list_is_no_order() {
    let mut house = House::new();
    house.list = Some("oss-security");
    let list = mailbox("oss-security@lists.watched.example");
    let post = Mail { cc: vec![list], ..signed(orders(), "val") };
    assert_eq!(house.ask(&post).class, Class::List);
}
