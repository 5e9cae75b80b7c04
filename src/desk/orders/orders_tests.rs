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

#[test]
fn a_mail_that_names_no_case_is_mended_by_naming_it() {
    let mut office = Office::new();
    let order =
        Order { text: "/severity high\n\nSeen here, too.\n".into(), ..office.order("cora", "") };
    let (_, answer) = office.take(&order);
    let Wording::Transcript(asked) = &answer.wording else { panic!("no transcript") };
    assert!(asked.mend.as_ref().is_some_and(|mend| mend.no_case), "{asked:#?}");
    let code = answer.code.clone().expect("a code");
    let mended = Order { text: format!("/again {code} /case {}\n", office.case), ..order };
    let before = office.cases().snapshots();
    let (decision, _) = office.take(&mended);
    // What the store writes is what changed, under the names by which a start finds it.
    let after = office.cases().snapshots();
    let cases = office.cases();
    let touched: Vec<String> = decision.entries.iter().flat_map(|one| cases.touched(one)).collect();
    assert!(touched.iter().all(|name| after.contains_key(name)), "{touched:?}");
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    for (name, _) in changed.filter(|(name, _)| name.starts_with("orders/")) {
        assert!(touched.contains(name), "{name} is not in {touched:?}");
    }
    let again = office.transcript(&Order { bytes: Some("signed again".into()), ..mended });
    assert!(again.why.iter().any(|why| why.contains("it was used")), "{again:#?}");
    assert_eq!(office.case().severity.map(|severity| severity.to_string()), Some("high".into()));
    assert_eq!(office.case().notes.len(), 1);
}

#[test]
fn a_note_alone_that_names_no_case_is_not_lost() {
    let mut office = Office::new();
    let order = Order { text: "They called me.\n".into(), ..office.order("cora", "") };
    let code = office.take(&order).1.code.expect("a code");
    let mended = Order { text: format!("/again {code} /case {}\n", office.case), ..order };
    assert_eq!(office.transcript(&mended).outcome, "done");
    assert_eq!(office.case().notes.len(), 1);
}

#[test]
fn naming_a_case_opens_none_to_whoever_may_not_read_it() {
    let mut office = Office::new();
    let order = Order { text: "/severity high\n".into(), ..office.order("val", "") };
    let code = office.take(&order).1.code.expect("a code");
    let mended = Order { text: format!("/again {code} /case {}\n", office.case), ..order };
    let answer = office.transcript(&mended);
    assert_eq!(answer.outcome, "refused");
    assert!(answer.steps.iter().any(|step| step.did == ["Not a case you can read."]));
}

#[test]
fn old_signatures_and_copies_are_answered_once_an_hour() {
    let mut office = Office::new();
    let old = |office: &Office| Order {
        age: SignedDuration::from_hours(49),
        ..office.order("cora", "/show\n")
    };
    let order = old(&office);
    let (_, answer) = office.take(&order);
    assert!(matches!(answer.wording, Wording::NotObeyed(_)));
    let copied = Order { bytes: Some("the same".into()), ..old(&office) };
    for _ in 0..3 {
        assert!(office.replay(&copied).letters.is_empty(), "Eve floods nobody");
    }
}

#[test]
fn undo_says_what_is_as_before() {
    let mut office = Office::new();
    office.does("cora", "/severity high\n");
    let said = office.does("cora", "/undo\n").steps.remove(0).did.join(" ");
    assert!(said.contains("Severity: high before, not rated now."), "{said}");
}
