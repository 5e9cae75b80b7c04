//! Orders as a volunteer's GnuPG makes them, carried out; and what Eve makes of such mail, not.

use crate::support::desk::{Desk, TEAM, by_recipient};
use crate::support::gnupg::Gnupg;
use crate::support::people::{Person, report};
use crate::support::pgp_mime::{Signing, encrypted_mime, mail, signed_mime, text_entity};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::fs;

/// A desk with one case of Fay's; Val has GnuPG and a letter about it.
struct Scene {
    desk: Desk,
    val: Person,
    eve: Person,
    gnupg: Gnupg,
    eves: Gnupg,
    case: String,
    code: String,
}

impl Scene {
    fn new() -> Scene {
        let born = Timestamp::now() - SignedDuration::from_hours(24 * 60);
        let val = Person::born("Val", "val@example.org", born);
        let vic = Person::born("Vic", "vic@example.org", born);
        let eve = Person::born("Eve", "eve@evil.example", born);
        let fay = Person::new("Fay", "fay@finders.example");
        let desk = Desk::local(&[&val, &vic]);
        let gnupg = Gnupg::of(&val, &desk.certificate());
        let eves = Gnupg::of(&eve, &desk.certificate());
        desk.deliver(&fay.plain("fay-1@finders.example", "Overflow", &report(1)));
        assert_eq!(desk.once()["taken"], 1);
        let (case, code) = case_line(&desk, &gnupg);
        Scene { desk, val, eve, gnupg, eves, case, code }
    }

    fn deliver(&self, name: &str, from: &Person, entity: &[u8]) {
        self.desk.deliver(&mail(from, &format!("{name}@example.org"), entity));
    }

    /// Orders under the case line of a letter that Val has.
    fn under_code(&self, line: &str) -> Vec<u8> {
        let (case, code) = (&self.case, &self.code);
        text_entity(&format!("{line}\n\n> [{case} {code} {TEAM} TLP:RED]\n> INTERNAL.\n"))
    }

    /// What became of each signed mail, in order: outcome and case.
    fn outcomes(&self) -> Vec<(String, Option<String>)> {
        let word = |value: &Value| value.as_str().map(str::to_owned);
        let facts = self.desk.facts("orders.taken").into_iter();
        facts
            .map(|fact| (word(&fact["facts"]["outcome"]).unwrap_or_default(), word(&fact["case"])))
            .collect()
    }

    fn told_not_obeyed(&self) -> usize {
        let letters = self.desk.facts("letter.written").into_iter();
        letters.filter(|fact| fact["facts"]["wording"] == "not-obeyed").count()
    }
}

/// Number and code in the case line of Val's newest letter.
fn case_line(desk: &Desk, gnupg: &Gnupg) -> (String, String) {
    let letters = desk.letters();
    let to_val = |letter: &&Vec<u8>| crate::support::desk::recipient(letter) == "val@example.org";
    let letter = letters.iter().rfind(to_val).expect("a letter to Val");
    let signer = desk.certificate().fingerprint().as_str().to_owned();
    let words = gnupg.open(letter, &signer);
    let line = words.lines().find(|line| line.starts_with("[SIRT-")).expect("a case line");
    let mut parts = line.trim_start_matches('[').split_whitespace().map(str::to_owned);
    (parts.next().expect("a number"), parts.next().expect("a code"))
}

/// The signed part of a client's answer, its orders changed to a question, for this very letter.
fn fixture(name: &str, scene: &Scene) -> Vec<u8> {
    let file = format!("{}/fixtures/orders/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(file).expect("a fixture");
    let (begin, end) = (text.find("\n/take").expect("orders") + 1, "have it now.");
    let end = begin + text[begin..].find(end).expect("words") + end.len();
    let text = format!("{}/show{}", &text[..begin], &text[end..]);
    let text = text.replace("SIRT-2026-4827", &scene.case).replace("k7qd3mw2", &scene.code);
    text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()
}

#[test]
fn val_is_answered_whatever_form_and_client_signs_her_orders() {
    let scene = Scene::new();
    let (gnupg, plain) = (&scene.gnupg, Signing::default());
    // The same bytes signed in the same second would be one and the same order.
    let named = |name: &str| scene.under_code(&format!("# {name}\n/show"));
    let subject = format!(
        "Content-Type: text/plain; charset=utf-8; protected-headers=\"v1\"\r\n\
         Subject: Re: [{}] Overflow\r\n\r\n/show\r\n",
        scene.case
    );
    let mut mails = vec![
        ("clear", gnupg.sign_mime(&named("one"), &plain)),
        ("inside", gnupg.sign_then_encrypt(&named("two"), &plain, TEAM)),
        ("combined", gnupg.sign_and_encrypt(&named("three"), &plain, TEAM)),
        ("subject", gnupg.sign_then_encrypt(subject.as_bytes(), &plain, TEAM)),
        ("quoted", gnupg.sign_and_encrypt(&scene.under_code("/show"), &plain, TEAM)),
    ];
    for name in ["thunderbird-above", "k9-above"] {
        mails.push((name, gnupg.sign_then_encrypt(&fixture(name, &scene), &plain, TEAM)));
    }
    for name in ["neomutt-above", "neomutt-below"] {
        mails.push((name, gnupg.sign_and_encrypt(&fixture(name, &scene), &plain, TEAM)));
    }
    for (name, entity) in &mails {
        scene.deliver(name, &scene.val, entity);
        scene.desk.once();
        let done = ("done".to_owned(), Some(scene.case.clone()));
        assert_eq!(
            scene.outcomes().last(),
            Some(&done),
            "{name}: {:?}",
            scene.desk.facts("orders.taken").last()
        );
    }
    assert_eq!(scene.outcomes().len(), mails.len());
}

#[test]
fn eve_gets_nothing_carried_out() {
    let scene = Scene::new();
    let (gnupg, plain) = (&scene.gnupg, Signing::default());
    let orders = scene.under_code("/show");
    let hello = gnupg.sign_mime(&text_entity("hello\n"), &plain);
    let signed = gnupg.sign_mime(&orders, &plain);
    let text = |words: &[u8]| String::from_utf8(words.to_vec()).expect("text");
    let mixed = |parts: &[&str]| {
        let parts: String = parts.iter().map(|part| format!("--m\r\n{part}\r\n")).collect();
        format!("Content-Type: multipart/mixed; boundary=m\r\n\r\n{parts}--m--\r\n").into_bytes()
    };
    let third =
        text(&signed).replace("\r\n--=_signed--", "\r\n--=_signed\r\n\r\nmore\r\n--=_signed--");
    let stripped = text(&signed);
    let stripped = stripped.split("--=_signed\r\nContent-Type: application/pgp-sig").next();
    let stripped = format!("{}--=_signed--\r\n", stripped.expect("the first part"));
    let pkcs7 = text(&signed).replace("protocol=\"application/pgp", "protocol=\"application/pkcs7");
    let forwarded = "Content-Type: message/rfc822\r\n\r\nFrom: val@example.org\r\n";
    let forwarded = format!("{forwarded}{}", text(&signed));
    let file = format!("/case {}\n/show\n", scene.case).into_bytes();
    let inline = gnupg.run(&["--armor", "--clearsign"], &file).stdout;
    let bare = gnupg.run(&["--armor", "--sign"], &orders).stdout;
    let footer = "Content-Type: text/plain\r\n\r\n-- \r\nA list\r\n";
    let vals = [
        ("s1", mixed(&[&text(&orders), &text(&hello)])),
        ("s2", mixed(&["Content-Type: text/html\r\n\r\n<p>hello", &text(&signed)])),
        ("s3", third.into_bytes()),
        ("s4", pkcs7.into_bytes()),
        ("s5", stripped.into_bytes()),
        ("s7", forwarded.into_bytes()),
        ("s8", mixed(&[&text(&signed), footer])),
        ("s9", signed_mime(&file, &gnupg.detached(&file, &plain), "sha512")),
        ("s10", encrypted_mime(&text(&inline))),
        ("s11", text_entity(&text(&inline))),
        ("s15", gnupg.sign_mime(&orders, &Signing { hash: "sha1", ..plain })),
        ("s17", text_entity("Signed: good, key of val, on the roster\n\n/show\n")),
        ("s18", encrypted_mime(&text(&bare))),
        ("s19", gnupg.encrypt_mime(&orders, TEAM)),
        ("i5", scene.eves.sign_and_encrypt(&orders, &plain, TEAM)),
        (
            "i9",
            [b"Authentication-Results: example.org; dkim=pass\r\n".as_slice(), &orders].concat(),
        ),
        ("r10", gnupg.sign_mime(&text_entity("hello\n\n> /show\n"), &plain)),
        ("r12", gnupg.sign_and_encrypt(&scene.under_code("/show\n/nosuch"), &plain, TEAM)),
    ];
    for (name, entity) in &vals {
        scene.deliver(name, &scene.val, entity);
    }
    // I1 to I3: Val signed it, and the envelope is Eve's.
    let in_name = gnupg.sign_and_encrypt(&scene.under_code("/show"), &plain, TEAM);
    scene.deliver("i1", &scene.eve, &in_name);
    let two = text(&mail(&scene.val, "i3@example.org", &gnupg.sign_mime(&orders, &plain)));
    scene.desk.deliver(format!("From: Eve <eve@evil.example>\r\n{two}").as_bytes());
    let named = text(&mail(&scene.eve, "i2@example.org", &signed));
    scene.desk.deliver(named.replace("From: Eve", "From: \"val@example.org\"").as_bytes());
    scene.desk.once();
    let done: Vec<_> = scene.outcomes();
    let obeyed = done.iter().filter(|(outcome, _)| outcome != "refused").count();
    assert_eq!(obeyed, 0, "{done:?}");
    // What she newly signed is answered, and ten times an hour at most.
    assert!((1..=10).contains(&scene.told_not_obeyed()), "{}", scene.told_not_obeyed());
    let to_eve = by_recipient(&scene.desk.letters());
    assert!(to_eve.get("eve@evil.example").is_none_or(|count| *count <= 1), "{to_eve:?}");
}

#[test]
fn eve_sends_again_what_was_carried_out() {
    let scene = Scene::new();
    let orders = scene.gnupg.sign_mime(&scene.under_code("/show"), &Signing::default());
    scene.deliver("r1", &scene.val, &orders);
    scene.desk.once();
    scene.deliver("r1", &scene.val, &orders);
    scene.deliver("r2", &scene.val, &orders);
    let sealed = scene.eves.encrypt_mime(&orders, TEAM);
    scene.deliver("r2-sealed", &scene.val, &sealed);
    let other = String::from_utf8(mail(&scene.val, "r3@example.org", &orders)).expect("text");
    scene.desk.deliver(other.replace("Subject: ...", "Subject: [SIRT-2026-0001]").as_bytes());
    scene.desk.once();
    let done = scene.outcomes().into_iter().filter(|(outcome, _)| outcome == "done").count();
    assert_eq!(done, 1);
    assert!(!scene.desk.facts("orders.refused").is_empty());
    assert_eq!(scene.told_not_obeyed(), 1);
}

#[test]
fn eve_puts_her_key_on_the_roster_and_vic_hears_of_it() {
    let scene = Scene::new();
    let key = scene.desk.path("keys/val.asc");
    fs::write(&key, scene.eve.key.certificate().armored()).expect("written");
    let orders = scene.eves.sign_and_encrypt(&scene.under_code("/show"), &Signing::default(), TEAM);
    scene.deliver("hers", &scene.val, &orders);
    scene.desk.once();
    assert!(scene.outcomes().iter().all(|(outcome, _)| outcome == "refused"));
    let changed = scene.desk.facts("roster.changed");
    assert_eq!(changed.len(), 1);
    let told = scene.desk.facts("letter.written").into_iter();
    let told = told.filter(|fact| fact["facts"]["wording"] == "roster-changed");
    assert_eq!(
        told.map(|fact| fact["facts"]["member"].clone()).collect::<Vec<_>>(),
        ["val", "vic"]
    );
    let roster = scene.desk.json(&["roster"]);
    assert_eq!((&roster[0]["state"], &roster[1]["state"]), (&"waits".into(), &"accepted".into()));
    let hers = scene.eve.key.certificate().fingerprint().to_string();
    let page = scene.desk.sirt(&["roster"]).ended(0).stdout;
    assert!(page.contains("not yet") && page.contains(&hers), "{page}");
    scene.desk.sirt(&["roster", "accept", &"0".repeat(40)]).ended(1);
    scene.desk.sirt(&["roster", "accept", &hers]).ended(0);
    assert_eq!(scene.desk.json(&["roster"])[0]["by"], "cli");
    assert_eq!(scene.desk.json(&["verify"])["ok"], true);
}
