//! What becomes of a case, from the table of moves to the letters.

use crate::case::embargo::Embargo;
use crate::case::{Actor, Deed, EmbargoState, Entry, Event, Status};
use crate::desk::orders::cast::Office;
use crate::desk::test_support::Sketch;
use crate::letter::Transcript;

fn did(transcript: &Transcript) -> String {
    transcript.steps.iter().flat_map(|step| step.did.clone()).collect::<Vec<_>>().join(" ")
}

/// Templates of letters to people outside, so far.
fn letters(office: &Office) -> Vec<String> {
    let outside = office.cases().letters_in(&office.case).filter(|one| one.participant.is_some());
    outside.map(|letter| letter.template.clone()).skip(1).collect()
}

fn embargo(office: &mut Office, state: EmbargoState) {
    let embargo = Embargo { state, ..Embargo::default() };
    let event = Event::Deed(Deed::EmbargoSet { embargo, private: Default::default() });
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    office.world.fold(Entry { at, case, by: Actor::Cli, event });
}

#[test]
fn a_report_on_its_way() {
    let mut office = Office::new();
    assert!(did(&office.does("cora", "/valid\n")).contains("received before, valid now"));
    office.does("cora", "/engage\n");
    office.does("cora", "/defer capacity: until the release\n");
    assert_eq!(office.case().reason.as_deref(), Some("capacity: until the release"));
    office.does("cora", "/engage\n");
    office.does("cora", "/close\n");
    office.does("cora", "/reopen the fix is not complete\n");
    assert_eq!(office.case().status, Status::Accepted);
    assert_eq!(letters(&office), ["T-07a", "T-08", "T-15", "T-15", "T-60", "T-15"]);
}

#[test]
fn each_is_taken_back() {
    for lines in ["/valid", "/reject hardening", "/valid\n/engage", "/valid\n/defer waiting"] {
        let mut office = Office::new();
        let before = office.case().matter();
        office.does("cora", &format!("{lines}\n"));
        assert_ne!(office.case().matter(), before);
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before, "{lines}");
    }
}

#[test]
fn a_move_that_is_none_says_what_is() {
    let mut office = Office::new();
    assert!(office.refused("cora", "/close\n").contains("Say /valid or /reject first."));
    assert!(office.refused("cora", "/engage\n").contains("Say /valid or /reject first."));
    assert!(office.refused("cora", "/reopen now\n").contains("not closed"));
    office.does("cora", "/valid\n");
    assert!(office.refused("cora", "/close\n").contains("not closed in passing"));
    assert!(office.refused("cora", "/defer\n").contains("a reason"));
    assert!(office.refused("cora", "/reject boring\n").contains("none of"));
}

#[test]
fn each_reason_has_its_letter_and_spam_has_none() {
    let told = [
        ("not-credible", "T-07b"),
        ("closed-source", "T-09a"),
        ("hardening", "T-09b"),
        ("own-exposure", "T-09c"),
        ("below-floor", "T-09d"),
        ("beg-bounty", "T-09e"),
    ];
    for (reason, letter) in told {
        let mut office = Office::new();
        office.does("cora", &format!("/reject {reason}\n"));
        assert_eq!(letters(&office), [letter]);
    }
    let mut office = Office::new();
    office.does("cora", "/reject spam\n/close\n");
    assert!(letters(&office).is_empty());
}

#[test]
fn quiet_and_send_and_using() {
    let mut office = Office::new();
    assert!(did(&office.does("cora", "/valid quiet\n")).contains("Nobody outside is told."));
    assert!(letters(&office).is_empty());
    let said = office.does("cora", "/engage using \"Thank you, Fay.\"\n");
    assert_eq!(said.leaving.len(), 1);
    let both = "/defer waiting using \"Thank you.\" quiet\n";
    assert!(office.refused("cora", both).contains("leave out using"));
}

#[test]
fn a_reason_is_not_told_outside() {
    let mut office = Office::new();
    office.does("cora", "/valid quiet\n");
    let order = office.order("cora", "/defer the maintainer is unwell\n");
    let (decision, _) = office.take(&order);
    let outside = decision.letters.iter().filter(|letter| letter.to.member.is_none());
    let said: Vec<String> = outside.map(|letter| format!("{:?}", letter.wording)).collect();
    assert!(said.len() == 1 && said.iter().all(|said| !said.contains("unwell")), "{said:?}");
}

#[test]
fn under_an_embargo_it_stays_open() {
    for state in [EmbargoState::Active, EmbargoState::Revise, EmbargoState::Proposed] {
        let mut office = Office::new();
        office.does("cora", "/reject not-credible\n");
        embargo(&mut office, state);
        assert!(office.refused("cora", "/close\n").contains("stays open"));
        assert_eq!(office.case().status, Status::Invalid);
    }
}

#[test]
fn closed_as_invalid_it_comes_back_as_valid() {
    let mut office = Office::new();
    office.does("cora", "/reject not-credible quiet\n/close quiet\n");
    assert!(office.refused("cora", "/valid\n").contains("/reopen"));
    assert!(office.refused("cora", "/reopen\n").contains("a reason"));
    office.does("cora", "/reopen it crashes after all\n");
    assert_eq!(office.case().status, Status::Valid);
}

#[test]
fn a_duplicate_thanks_its_finder_and_says_nothing_of_the_other() {
    let mut office = Office::new();
    office.world.take(&Sketch { from: 2, ..Sketch::default() });
    let here = office.case.clone();
    let other = office.cases().cases().find(|case| case.id != here).expect("another").id.clone();
    let before = office.case().matter();
    let order = office.order("cora", &format!("/duplicate {other}\n"));
    let (decision, _) = office.take(&order);
    assert_eq!(letters(&office), ["T-06"]);
    assert_eq!(office.case().status, Status::Deferred);
    assert_eq!(office.case().links, std::slice::from_ref(&other));
    assert_eq!(office.cases().case(&other).expect("it").links, [here]);
    let outside = decision.letters.iter().filter(|letter| letter.to.member.is_none());
    let said: Vec<String> = outside.map(|letter| format!("{:?}", letter.wording)).collect();
    assert!(said.iter().all(|said| !said.contains(other.as_str())));
    office.does("cora", "/undo\n");
    assert_eq!(office.case().matter(), before);
}

#[test]
fn eve_with_vals_key_learns_of_no_case_by_naming_it() {
    let mut office = Office::new();
    office.read_in("val");
    office.world.take(&Sketch { from: 2, ..Sketch::default() });
    let here = office.case.clone();
    let other = office.cases().cases().find(|case| case.id != here).expect("another").id.clone();
    let real = office.refused("val", &format!("/duplicate {other}\n"));
    assert!(real.contains("Not a case you can read."));
    let none = office.refused("val", "/duplicate SIRT-2026-0000\n");
    assert_eq!(real.lines().last(), none.lines().last());
    assert!(office.refused("val", &format!("/duplicate {here}\n")).contains("this very case"));
}
