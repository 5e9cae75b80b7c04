use crate::case::{Deed, EmbargoState, Event, Person, Role};
use crate::desk::orders::cast::Office;
use crate::desk::orders::stage::{at, embargoed, fold, handled, insist, said, undone};
use crate::desk::test_support::address;

fn invited(office: &mut Office) {
    let address = Some(address("mo@libexample.example"));
    let private = Person { name: "Mo".to_owned(), address, ..Person::default() };
    fold(office, Event::Deed(Deed::Invited { participant: 2, role: Role::Maintainer, private }));
}

#[test]
fn an_end_is_proposed_and_agreed_on() {
    let mut office = handled();
    let told = insist(&mut office, "val", "/embargo until 2026-12-23T14:00+01:00\n");
    let words = said(&told);
    assert!(words.contains("Embargo: none, now until Wed 23 Dec 2026 13:00 UTC is proposed"));
    assert!(words.contains("Nobody outside is told by us yet"), "{words}");
    assert!(told.ready.iter().any(|ready| ready.line == "/embargo accept for finder"));
    let told = insist(&mut office, "val", "/embargo accept for finder\n");
    assert!(said(&told).contains("in force until Wed 23 Dec 2026 13:00 UTC"), "{}", said(&told));
    assert!(said(&told).contains("Evidence: mail 1, of the finder"), "{}", said(&told));
    assert_eq!(office.case().embargo.until, Some(at("2026-12-23T13:00:00Z")));
    assert_eq!(told.card.expect("a card").embargo, "in force until Wed 23 Dec 2026 13:00 UTC");
}

/// Fay's mail came before anything was proposed: that it agrees is looked at twice.
#[test]
fn an_older_mail_is_evidence_only_when_confirmed() {
    let mut office = handled();
    office.wait(1);
    insist(&mut office, "val", "/embargo until +30d\n");
    let asked = office.say("val", "/embargo accept for finder\n");
    assert_eq!(asked.outcome, "waits");
    assert!(asked.why.iter().any(|why| why.contains("older than the first proposal")));
    assert_eq!(office.case().embargo.state, EmbargoState::Proposed);
}

#[test]
fn without_a_mail_there_is_no_evidence() {
    let mut office = handled();
    invited(&mut office);
    insist(&mut office, "val", "/embargo until +30d\n");
    insist(&mut office, "val", "/embargo accept for finder\n");
    assert!(!office.case().embargo.in_force(), "Mo was asked, too");
    for line in ["/embargo accept for maintainer\n", "/embargo until +20d for maintainer\n"] {
        assert!(office.refused("val", line).contains("no mail of the maintainer"));
    }
    assert_eq!(office.case().embargo.state, EmbargoState::Proposed);
}

#[test]
fn one_refusal_leaves_things_as_they_were() {
    let mut office = handled();
    insist(&mut office, "val", "/embargo until +30d\n");
    insist(&mut office, "val", "/embargo decline for finder\n");
    assert_eq!(office.case().embargo.state, EmbargoState::None);
    insist(&mut office, "val", "/embargo until +20d for finder\n");
    assert_eq!(office.case().embargo.proposer, Some(1));
}

#[test]
fn slips_are_told_with_what_is_possible() {
    let mut office = handled();
    for (line, why) in [
        ("/embargo", "until, accept, decline, lift"),
        ("/embargo until", "a date is missing"),
        ("/embargo until +181d", "180 days"),
        ("/embargo until 2026-11-20", "behind us"),
        ("/embargo accept finder", "for finder"),
        ("/embargo accept for finder", "/embargo until"),
        ("/embargo accept for nobody", "Those who take part: finder"),
        ("/embargo until +30d please", "one word too many"),
    ] {
        let said = office.refused("val", &format!("{line}\n"));
        assert!(said.contains(why), "{line}: {said}");
    }
    office.read_in("vic");
    fold(&mut office, Event::Deed(Deed::HandlersSet { handlers: vec!["cora".to_owned()] }));
    assert!(office.refused("val", "/embargo until +30d\n").contains("handlers of the case"));
}

#[test]
fn lifting_is_a_coordinators_and_always_confirmed() {
    let mut office = embargoed();
    assert!(office.refused("val", "/embargo lift it leaked\n").contains("Ask one: cora"));
    assert!(office.refused("cora", "/embargo lift\n").contains("Say why"));
    let asked = office.say("cora", "/embargo lift it leaked\n");
    assert_eq!(asked.outcome, "waits");
    assert!(office.case().embargo.in_force());
    office.confirmed("cora", "/embargo lift it leaked\n");
    assert_eq!(office.case().embargo.state, EmbargoState::Exited);
    assert!(office.refused("val", "/embargo until +9d\n").contains("no second one"));
}

/// Eve makes Cora sign a lift by mail, and the case has moved on when it is confirmed.
#[test]
fn a_confirmation_is_for_the_case_as_it_stood() {
    let mut office = embargoed();
    let order = office.order("cora", "/embargo lift it leaked\n");
    let (_, answer) = office.take(&order);
    insist(&mut office, "val", "/note I will answer Fay.\n");
    let again = office.say("cora", &format!("/confirm {}\n", answer.code.expect("a code")));
    assert_eq!(again.outcome, "waits", "a new preview");
    assert!(office.case().embargo.in_force());
}

#[test]
fn each_form_is_undone() {
    undone(&mut handled(), "val", "/embargo until +30d\n");
    let mut office = handled();
    insist(&mut office, "val", "/embargo until +30d\n");
    undone(&mut office, "val", "/embargo decline for finder\n");
    undone(&mut embargoed(), "cora", "/embargo lift it leaked\n");
}

/// Eve has Val's key: that the embargo came into force by it makes it no weaker.
#[test]
fn undo_ends_no_embargo_but_a_coordinators() {
    let mut office = embargoed();
    assert!(office.refused("val", "/undo\n").contains("by a coordinator only"));
    let mut office = handled();
    insist(&mut office, "val", "/embargo until +30d\n");
    insist(&mut office, "cora", "/embargo accept for finder\n");
    assert_eq!(office.say("cora", "/undo\n").outcome, "waits");
    office.confirmed("cora", "/undo\n");
    assert_eq!(office.case().embargo.state, EmbargoState::Proposed);
}

/// Answers stand in the journal by number, and a journal that cannot be read is a lost case.
#[test]
fn what_was_agreed_is_read_from_the_journal() {
    let mut office = handled();
    insist(&mut office, "val", "/embargo until +30d for finder\n");
    for entry in &office.world.entries {
        let line = entry.to_line().expect("a line");
        assert_eq!(crate::case::Entry::from_line(line).ok().as_ref(), Some(entry));
    }
}
