//! Orders as GnuPG signs them, in every form there is, and what Eve makes of them.

use crate::support::desk::{Desk, TEAM};
use crate::support::gnupg::Gnupg;
use crate::support::people::Person;
use crate::support::pgp_mime::{Signing, encrypted_mime, mail, signed_mime, text_entity};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

/// A desk with two members, and GnuPG at Val's.
struct Scene {
    desk: Desk,
    val: Person,
    vic: Person,
    gnupg: Gnupg,
}

impl Scene {
    fn new() -> Scene {
        let born = Timestamp::now() - SignedDuration::from_hours(24 * 60);
        let val = Person::born("Val", "val@example.org", born);
        let vic = Person::born("Vic", "vic@example.org", born);
        let desk = Desk::local(&[&val, &vic]);
        let gnupg = Gnupg::of(&val, &desk.certificate());
        Scene { desk, val, vic, gnupg }
    }

    /// What the gateway takes each of these mails of Val's for: by whom, and which class.
    fn filed(&self, mails: &[(&str, Vec<u8>)]) -> BTreeMap<String, (String, String)> {
        for (name, entity) in mails {
            self.desk.deliver(&mail(&self.val, &format!("{name}@example.org"), entity));
        }
        assert_eq!(self.desk.once()["taken"], mails.len());
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        let told = |fact: Value| {
            let id = word(&fact["private"]["message_id"]);
            let name = id.trim_end_matches("@example.org").to_owned();
            (name, (word(&fact["by"]), word(&fact["facts"]["class"])))
        };
        self.desk.facts("mail.filed").into_iter().map(told).collect()
    }
}

fn orders(line: &str) -> Vec<u8> {
    text_entity(&format!("/case SIRT-2026-4827\n{line}\n"))
}

fn hours_from_now(hours: i64) -> Option<Timestamp> {
    Some(Timestamp::now() + SignedDuration::from_hours(hours))
}

#[test]
fn val_signs_her_orders_with_gnupg_in_every_form() {
    let scene = Scene::new();
    let gnupg = &scene.gnupg;
    let plain = Signing::default();
    let with = |hash| Signing { hash, ..Signing::default() };
    let mails = [
        ("signed", gnupg.sign_mime(&orders("/take"), &plain)),
        ("sha256", gnupg.sign_mime(&orders("/valid"), &with("sha256"))),
        ("encapsulated", gnupg.sign_then_encrypt(&orders("/show"), &with("sha384"), TEAM)),
        ("combined", gnupg.sign_and_encrypt(&orders("/engage"), &plain, TEAM)),
        ("sender", {
            let signing = Signing { sender: Some("val@example.org"), ..plain };
            gnupg.sign_and_encrypt(&orders("/list"), &signing, TEAM)
        }),
        ("old", {
            let signing = Signing { at: hours_from_now(-24 * 9), ..plain };
            gnupg.sign_then_encrypt(&orders("/drop"), &signing, TEAM)
        }),
    ];
    let filed = scene.filed(&mails);
    // What the gateway makes of a member's orders today: it keeps them.
    for (name, _) in &mails {
        let orders = ("member:val".to_owned(), "orders".to_owned());
        assert_eq!(filed.get(*name), Some(&orders), "{name}");
    }
}

#[test]
fn eve_makes_no_orders_of_what_val_signed() {
    let scene = Scene::new();
    let (gnupg, plain) = (&scene.gnupg, Signing::default());
    gnupg.takes_key_of(&scene.vic);
    let eve = Person::new("Eve", "eve@evil.example");
    let eves = Gnupg::of(&eve, &scene.desk.certificate());
    let both = ["val@example.org", "vic@example.org"];
    let mails = [
        ("unsigned", gnupg.encrypt_mime(&orders("/take"), TEAM)),
        ("hers", eves.sign_and_encrypt(&orders("/valid"), &plain, TEAM)),
        ("two", gnupg.sign_mime(&orders("/show"), &Signing { signers: &both, ..plain })),
        ("future", {
            let signing = Signing { at: hours_from_now(2), ..plain };
            gnupg.sign_and_encrypt(&orders("/drop"), &signing, TEAM)
        }),
        ("other-words", {
            let signature = gnupg.detached(&orders("/ping"), &plain);
            signed_mime(&orders("/close"), &signature, "sha512")
        }),
        ("outer-signature", {
            let sealed = eves.encrypt_mime(&orders("/resume"), TEAM);
            gnupg.sign_mime(&sealed, &plain)
        }),
    ];
    let filed = scene.filed(&mails);
    for (name, _) in &mails {
        let (by, class) = filed.get(*name).unwrap_or_else(|| panic!("{name}: {filed:?}"));
        assert!(class != "orders" && !by.starts_with("member:"), "{name}: {by} {class}");
    }
}

/// Val wrote to Eve; Eve takes the encryption off and sends what is signed to us.
#[test]
fn eve_passes_on_what_val_signed_for_her() {
    let scene = Scene::new();
    let eve = Person::new("Eve", "eve@evil.example");
    let eves = Gnupg::of(&eve, &scene.desk.certificate());
    scene.gnupg.knows(eve.key.certificate());
    let words = orders("/close");
    let named = scene.val.key.seal(&words, eve.key.certificate(), Timestamp::now());
    let named = encrypted_mime(&named.expect("sealed"));
    let unnamed = scene.gnupg.sign_and_encrypt(&words, &Signing::default(), "eve@evil.example");
    let mails = [("named", eves.pass_on(&named, TEAM)), ("unnamed", eves.pass_on(&unnamed, TEAM))];
    let filed = scene.filed(&mails);
    let of = |name: &str| filed.get(name).map(|(by, class)| format!("{class} of {by}"));
    // Filed as what it is, and not obeyed: it was signed for other readers.
    assert_eq!(of("named").as_deref(), Some("orders of member:val"));
    // GnuPG names no readers in what it signs: only the words can tell whom they were for.
    assert_eq!(of("unnamed").as_deref(), Some("orders of member:val"));
}
