//! Two cases at once: nobody reads more than before unless it was confirmed.

use crate::case::embargo::Embargo;
use crate::case::{Actor, CaseId, Class, Deed, EmbargoState, Entry, Event, Status};
use crate::desk::orders::cast::Office;
use crate::desk::test_support::Sketch;

/// Fay's case and Mo's.
fn two() -> (Office, CaseId) {
    let mut office = Office::new();
    office.world.take(&Sketch { from: 2, ..Sketch::default() });
    let here = office.case.clone();
    let other = office.cases().cases().find(|case| case.id != here).expect("two").id.clone();
    (office, other)
}

fn fold(office: &mut Office, case: &CaseId, event: Event) {
    let (at, case) = (office.world.now(), Some(case.clone()));
    office.world.fold(Entry { at, case, by: Actor::Cli, event });
}

fn embargo(office: &mut Office, state: EmbargoState) {
    let embargo = Embargo { state, ..Embargo::default() };
    let case = office.case.clone();
    fold(office, &case, Event::Deed(Deed::EmbargoSet { embargo, private: Default::default() }));
}

fn reports(office: &Office, case: &CaseId) -> usize {
    let case = office.cases().case(case).expect("a case");
    case.mails.iter().filter(|mail| mail.class != Class::Orders).count()
}

#[test]
fn a_link_stands_in_both_and_is_taken_back() {
    let (mut office, other) = two();
    let before = office.case().matter();
    office.does("cora", &format!("/link {other}\n"));
    assert_eq!(office.case().links, std::slice::from_ref(&other));
    assert_eq!(office.cases().case(&other).expect("it").links, [office.case.clone()]);
    office.does("cora", "/undo\n");
    assert_eq!(office.case().matter(), before);
}

#[test]
fn a_merged_case_is_closed_and_its_mail_stands_in_the_other() {
    let (mut office, other) = two();
    office.does("cora", &format!("/merge {other}\n"));
    assert_eq!((office.case().status, reports(&office, &office.case)), (Status::Closed, 0));
    assert_eq!(reports(&office, &other), 2);
    let into = office.cases().case(&other).expect("it");
    assert_eq!(into.participants.len(), 1, "nobody is moved across");
    assert!(office.refused("cora", "/reopen it was another\n").contains("goes on there"));
}

#[test]
fn who_would_read_more_is_named_first() {
    let (mut office, other) = two();
    let why = "test".to_owned();
    fold(&mut office, &other, Event::ReadIn { member: "val".into(), why });
    let asked = office.say("cora", &format!("/merge {other}\n"));
    assert_eq!(asked.outcome, "waits");
    assert!(asked.why.iter().any(|why| why.contains("becomes readable to val")), "{asked:#?}");
    office.confirmed("cora", &format!("/move mail 1 {other}\n"));
    assert_eq!(reports(&office, &other), 2);
}

#[test]
fn under_an_embargo_nothing_is_merged() {
    let (mut office, other) = two();
    embargo(&mut office, EmbargoState::Active);
    assert!(office.refused("cora", &format!("/merge {other}\n")).contains("/link"));
}

#[test]
fn a_volunteer_moves_no_mail_out_of_an_embargo() {
    let (mut office, other) = two();
    office.read_in("val");
    let why = "test".to_owned();
    fold(&mut office, &other, Event::ReadIn { member: "val".into(), why });
    let here = office.case.clone();
    fold(&mut office, &here, Event::Deed(Deed::ReadOut { member: "vic".into() }));
    embargo(&mut office, EmbargoState::Active);
    let said = office.refused("val", &format!("/move mail 1 {other}\n"));
    assert!(said.contains("vic"), "{said}");
}

#[test]
fn eve_with_vals_key_reaches_no_case_that_val_cannot_read() {
    let (mut office, other) = two();
    office.read_in("val");
    for line in ["/merge", "/link", "/move mail 1", "/duplicate"] {
        let real = office.refused("val", &format!("{line} {other}\n"));
        assert!(real.contains("Not a case you can read."), "{real}");
        let none = office.refused("val", &format!("{line} SIRT-2026-0000\n"));
        assert_eq!(real.lines().last(), none.lines().last());
    }
}

#[test]
fn a_split_case_has_its_finder_and_its_embargo() {
    let mut office = Office::new();
    let until = office.world.now() + jiff::SignedDuration::from_hours(240);
    let state = EmbargoState::Active;
    let embargo = Embargo { state, until: Some(until), bound: [1].into(), ..Embargo::default() };
    let here = office.case.clone();
    fold(
        &mut office,
        &here,
        Event::Deed(Deed::EmbargoSet { embargo, private: Default::default() }),
    );
    office.does("cora", "/split The second hole\n");
    let new = office.cases().cases().find(|case| case.id != here).expect("a new case");
    assert_eq!((new.title.as_str(), new.handlers.len()), ("The second hole", 1));
    assert!(new.readable_by("cora") && new.readable_by("vic") && !new.readable_by("val"));
    let fay = new.participant(1).expect("fay");
    assert!(fay.key_on_record().is_some(), "her key is proven as it was");
    assert!(new.embargo.in_force() && new.embargo.binds(1) && new.embargo.until == Some(until));
    assert_eq!(
        (new.links.clone(), office.case().links.clone()),
        (vec![here], vec![new.id.clone()])
    );
}

#[test]
fn two_splits_of_one_mail_are_two_cases() {
    let mut office = Office::new();
    office.does("cora", "/split One\n/split Another\n");
    assert_eq!(office.cases().cases().count(), 3);
    assert_eq!(office.case().links.len(), 2);
}

#[test]
fn a_mail_gets_a_case_of_its_own() {
    let mut office = Office::new();
    let here = office.case.clone();
    office.does("cora", "/move mail 1 new\n");
    let new = office.cases().cases().find(|case| case.id != here).expect("a new case");
    assert_eq!((reports(&office, &new.id), reports(&office, &here)), (1, 0));
    assert_eq!(new.mails[0].participant, Some(1), "its writer takes part");
    assert!(office.refused("cora", "/move mail 99 new\n").contains("there is no mail 99"));
    assert!(office.refused("cora", "/move mail 1 new\n").contains("mail of commands"));
    assert!(office.refused("cora", "/move 1 new\n").contains("/move mail 2"));
}
