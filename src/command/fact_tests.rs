use crate::case::facts::{Fact, is_fact};
use crate::case::{EmbargoState, LetterState};
use crate::desk::orders::stage::{embargoed, handled, insist, letter, said, undone};

#[test]
fn a_fact_without_an_embargo_is_one_members_word() {
    let mut office = handled();
    let told = insist(&mut office, "val", "/fact vendor-aware at 2026-11-20T10:00Z by phone\n");
    assert!(said(&told).contains("Fri 20 Nov 2026 10:00 UTC"), "{}", said(&told));
    let known = &office.case().facts[&Fact::VendorAware];
    assert_eq!((known.source.as_str(), known.by.as_str()), ("by phone", "val"));
    insist(&mut office, "val", "/fact exploit\n");
    assert!(is_fact(&office.case().facts, Fact::Public), "an exploit makes it public");
}

#[test]
fn what_is_no_fact_is_refused() {
    let mut office = handled();
    assert!(office.refused("val", "/fact\n").contains("vendor-aware, fix-ready"));
    assert!(office.refused("val", "/fact pubic\n").contains("Did you mean public ?"));
    assert!(office.refused("val", "/fact public at +1d\n").contains("lies ahead"));
    assert!(office.refused("val", "/fact fix-ready\n").contains("/fact vendor-aware"));
    assert!(office.refused("val", "/fact not public\n").contains("Nobody said so"));
    let long = format!("/fact public {}\n", "x".repeat(251));
    assert!(office.refused("val", &long).contains("250"));
}

/// Eve has Val's key. She can alarm, and end nothing.
#[test]
fn eve_with_one_members_key_ends_no_embargo() {
    let mut office = embargoed();
    let waiting = letter(&mut office);
    let told = insist(&mut office, "val", "/fact public https://news.example/42\n");
    assert!(told.told.contains("cora"), "{}", told.told);
    assert!(said(&told).contains(&format!("Held, and will not leave by itself: L{waiting}")));
    assert!(office.refused("val", "/fact public\n").contains("You have said so"));
    assert!(office.case().embargo.in_force());
    assert!(!is_fact(&office.case().facts, Fact::Public));
    let held = office.cases().letter(waiting).expect("the letter");
    assert_eq!(held.state, LetterState::Held);
    assert!(office.refused("val", &format!("/release L{waiting}\n")).contains("claim stands"));
}

#[test]
fn a_second_member_makes_the_claim_a_fact() {
    let mut office = embargoed();
    insist(&mut office, "val", "/fact exploit\n");
    let told = insist(&mut office, "cora", "/fact exploit seen it too\n");
    assert!(said(&told).contains("claimed by val"), "{}", said(&told));
    assert!(said(&told).contains("The embargo is over."));
    assert_eq!(office.case().embargo.state, EmbargoState::Exited);
    assert!(is_fact(&office.case().facts, Fact::Public));
}

#[test]
fn confirmed_attacks_leave_the_embargo_to_a_coordinator() {
    let mut office = embargoed();
    insist(&mut office, "cora", "/fact attacks\n");
    let told = insist(&mut office, "val", "/fact attacks\n");
    assert!(said(&told).contains("/embargo lift"), "{}", said(&told));
    assert!(office.case().embargo.in_force());
}

#[test]
fn a_claim_is_taken_back_by_its_author_or_a_coordinator() {
    let mut office = embargoed();
    insist(&mut office, "cora", "/fact exploit\n");
    assert!(office.refused("val", "/fact not exploit\n").contains("who made it"));
    assert!(office.refused("cora", "/fact not public\n").contains("/fact not exploit"));
    insist(&mut office, "cora", "/fact not exploit\n");
    assert!(office.case().facts.is_empty(), "with the claim that it is public");
    insist(&mut office, "val", "/fact public\n");
    insist(&mut office, "cora", "/fact public\n");
    assert!(office.refused("val", "/fact not public\n").contains("not taken back"));
}

#[test]
fn a_slip_is_undone() {
    undone(&mut handled(), "val", "/fact public\n");
    undone(&mut embargoed(), "val", "/fact public\n");
    let mut office = embargoed();
    insist(&mut office, "cora", "/fact public\n");
    undone(&mut office, "val", "/fact public\n");
}
