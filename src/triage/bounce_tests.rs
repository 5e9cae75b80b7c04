use super::super::cast::*;
use crate::case::Class;
use crate::mail::{Bounce, Mail};
use crate::triage::Certainty;

fn dsn(to: &str) -> Mail {
    let bounce = Bounce { action: "failed".to_owned(), ..Bounce::default() };
    let from_nobody =
        with_field(mail("mailer-daemon@mx.test", "Undelivered", "sorry"), "return-path", "<>");
    Mail { to: vec![mailbox(to)], bounce: Some(bounce), ..from_nobody }
}

fn return_path(house: &House, letter: u64) -> String {
    format!("sirt+{}@sirt.test", house.rules.secrets.bounce(letter))
}

#[test]
fn at_the_letters_own_return_address_it_counts() {
    let house = House::new();
    let triage = house.ask(&dsn(&return_path(&house, 2)));
    assert_eq!((triage.class, triage.letter), (Class::Bounce, Some(2)));
    let belongs = triage.belongs.expect("a case");
    assert_eq!(
        (belongs.case.as_str(), belongs.participant, belongs.proven),
        (CASE, Some(2), false)
    );
    let delivered = with_field(dsn(US), "delivered-to", &return_path(&house, 1));
    assert_eq!(house.ask(&delivered).letter, Some(1));
}

/// Eve writes a delivery report about Mo, with the right Message-ID in it, to our plain address,
/// or to a return address that she made up, or to that of another letter.
#[test]
fn eve_cannot_make_a_letter_fail() {
    let house = House::new();
    for to in [US, "sirt+b2345678923456789@sirt.test", "sirt+b@sirt.test"] {
        let mut forged = dsn(to);
        forged.bounce.as_mut().expect("one").original = Some(house.message_id(2));
        let triage = house.ask(&forged);
        assert_eq!((triage.class, triage.letter, triage.belongs), (Class::Bounce, None, None));
        assert_eq!(triage.certain, Certainty::Likely);
    }
    let mut other = dsn(&return_path(&house, 1));
    other.bounce.as_mut().expect("one").original = Some(house.message_id(2));
    assert_eq!(house.ask(&other).letter, Some(1), "the address counts, not what is written inside");
}

/// Eve's report of a hole comes dressed as a delivery report, so that nobody would read it.
#[test]
fn a_report_dressed_as_a_bounce_is_read() {
    let mut dressed = dsn(US);
    dressed.text = "heap overflow in libexample 1.2.3, parse_chunk() in src/chunk.c:214".to_owned();
    assert_eq!(House::new().ask(&dressed).class, Class::Report);
}

#[test]
fn old_forms_are_known_and_people_are_not_robots() {
    let house = House::new();
    let qmail = "Hi. This is the qmail-send program at mx.test.\nI gave up.";
    let mut old =
        with_field(mail("mailer-daemon@mx.test", "failure notice", qmail), "return-path", "<>");
    old.to = vec![mailbox(&return_path(&house, 1))];
    assert_eq!(house.ask(&old).letter, Some(1));
    let human = mail(FAY, "Undeliverable: my mail", qmail);
    assert_ne!(house.ask(&human).class, Class::Bounce);
}
