//! Orders as attacks and slips: nothing is done that was not signed, once, by the right person.

use super::cast::{Office, Order};
use crate::case::Event;
use crate::letter::Wording;
use jiff::SignedDuration;

#[test]
fn a_question_is_answered_and_changes_nothing() {
    let mut office = Office::new();
    let before = office.case().matter();
    let transcript = office.does("cora", "/show\n");
    assert_eq!(transcript.pages.len(), 1);
    assert_eq!(office.case().matter(), before);
}

#[test]
fn a_line_not_understood_refuses_the_whole_mail() {
    let mut office = Office::new();
    let said = office.refused("cora", "/show\n/shwo\n");
    assert!(said.contains("Did you mean /show ?"), "{said}");
}

#[test]
fn again_mends_one_line_and_works_once() {
    let mut office = Office::new();
    let order = office.order("cora", "/shwo\n");
    let (_, answer) = office.take(&order);
    let code = answer.code.expect("a code");
    let mended = office.does("cora", &format!("/again {code} 1 /show\n"));
    assert_eq!(mended.pages.len(), 1);
    let said = office.refused("cora", &format!("/again {code} 1 /show\n"));
    assert!(said.contains("was used"), "{said}");
}

#[test]
fn eve_replays_what_cora_signed() {
    let mut office = Office::new();
    let order = Order { bytes: Some("the same".into()), ..office.order("cora", "/show\n") };
    office.transcript(&order);
    let (decision, answer) = office.take(&order);
    assert!(matches!(answer.wording, Wording::NotObeyed(_)));
    let refused = |entry: &crate::case::Entry| matches!(entry.event, Event::OrdersRefused { .. });
    assert!(decision.entries.iter().any(refused));
}

#[test]
fn old_and_future_signatures_are_not_obeyed() {
    for hours in [49, -1] {
        let mut office = Office::new();
        let age = SignedDuration::from_hours(hours);
        let order = Order { age, ..office.order("cora", "/show\n") };
        let (_, answer) = office.take(&order);
        assert!(matches!(answer.wording, Wording::NotObeyed(_)), "{hours}");
    }
}

#[test]
fn a_case_one_may_not_read_is_like_one_that_is_not_there() {
    let mut office = Office::new();
    let order = |case: &str| Order {
        by: "val",
        text: format!("/case {case}\n/show\n"),
        age: SignedDuration::ZERO,
        encrypted: true,
        bytes: None,
    };
    let real = office.transcript(&order(office.case.clone().as_str()));
    let none = office.transcript(&order("SIRT-2026-0000"));
    let said = |transcript: &crate::letter::Transcript| transcript.steps[1].did.clone();
    assert_eq!(said(&real), said(&none));
    assert_eq!(real.about, None);
}
