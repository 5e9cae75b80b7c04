use crate::case::embargo::Embargo;
use crate::case::{Actor, Deed, EmbargoState, Entry, Event};
use crate::desk::orders::cast::{Office, Order};
use crate::letter::Transcript;
use jiff::SignedDuration;

fn tells(office: &mut Office, deed: Deed) {
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    office.world.fold(Entry { at, case, by: Actor::Cli, event: Event::Deed(deed) });
}

fn secret(office: &mut Office) {
    let embargo = Embargo { state: EmbargoState::Active, ..Embargo::default() };
    tells(office, Deed::EmbargoSet { embargo, private: Default::default() });
}

fn order(case: &str) -> Order<'static> {
    Order {
        by: "val",
        text: format!("/case {case}\n/take\n"),
        age: SignedDuration::ZERO,
        encrypted: true,
        bytes: None,
    }
}

/// What of an answer could tell a case from another.
fn shown(transcript: &Transcript) -> String {
    let mut shown = transcript.clone();
    shown.steps.iter_mut().for_each(|step| step.line.clear());
    shown.steps.iter_mut().filter(|step| step.number == 1).for_each(|step| step.did.clear());
    shown.key.clear();
    format!("{shown:?}")
}

#[test]
fn a_free_case_is_taken_and_read() {
    let mut office = Office::new();
    let taken = office.does("val", "/take\n");
    assert_eq!(office.case().handlers, ["val"]);
    assert!(office.case().readable_by("val"));
    assert!(taken.told.contains("cora"), "{taken:#?}");
    assert_eq!(taken.pages.len(), 1, "what there is to know");
    assert!(office.does("val", "/take\n").steps[0].did[0].contains("already"));
}

#[test]
fn eve_who_stole_vals_key_cannot_tell_a_case_from_none() {
    let mut none = Office::new();
    let nothing = shown(&none.transcript(&order("SIRT-2026-0000")));
    let mut handled = Office::new();
    handled.does("cora", "/take\n");
    let mut hidden = Office::new();
    secret(&mut hidden);
    let mut closed = Office::new();
    closed.does("cora", "/reject not-credible quiet\n/close quiet\n");
    for office in [&mut handled, &mut hidden, &mut closed] {
        let case = office.case.clone();
        assert_eq!(shown(&office.transcript(&order(case.as_str()))), nothing);
        assert!(!office.case().readable_by("val"));
        assert_eq!(office.case().asked_to_take, ["val"]);
    }
}

#[test]
fn a_coordinator_grants_what_was_asked_for() {
    let mut office = Office::new();
    office.does("cora", "/take\n");
    office.does("val", "/take\n");
    office.does("cora", "/assign val\n");
    assert_eq!(office.case().handlers, ["cora", "val"]);
    assert!(office.case().asked_to_take.is_empty());
    assert!(office.case().readable_by("val"));
}

#[test]
fn under_embargo_a_volunteer_grants_nothing() {
    let mut office = Office::new();
    office.does("val", "/take\n");
    tells(&mut office, Deed::ReadOut { member: "vic".into() });
    secret(&mut office);
    for line in ["/assign vic\n", "/handover vic\n"] {
        let order = office.order("val", line);
        let said = format!("{:?}", office.transcript(&order).steps);
        assert!(said.contains("under embargo"), "{said}");
        assert!(!office.case().readable_by("vic"));
    }
    let all = format!("{:?}", office.does("val", "/handover vic all\n").steps);
    assert!(all.contains("Still yours"), "{all}");
    assert_eq!(office.case().handlers, ["val"]);
    office.does("cora", "/assign vic\n");
    assert!(office.case().readable_by("vic"));
}

#[test]
fn three_in_a_day_however_they_are_taken_back() {
    let mut office = Office::new();
    for _ in 0..3 {
        let before = office.case().matter();
        office.does("val", "/take\n");
        office.does("val", "/undo\n");
        assert_eq!(office.case().matter(), before);
        assert!(!office.case().readable_by("val"));
    }
    let fourth = office.does("val", "/take\n");
    assert!(fourth.steps[0].did[0].contains("3 cases"), "{fourth:#?}");
    assert!(!office.case().readable_by("val"));
    office.wait(25);
    office.does("val", "/take\n");
    assert!(office.case().readable_by("val"));
}

#[test]
fn three_in_one_mail_and_no_more() {
    use crate::desk::test_support::Sketch;
    let mut office = Office::new();
    for from in [1, 2, 7] {
        office.world.take(&Sketch { from, ..Sketch::default() });
    }
    let cases: Vec<String> = office.cases().cases().map(|case| case.id.to_string()).collect();
    assert!(cases.len() >= 4, "{cases:?}");
    let text: String = cases.iter().map(|case| format!("/case {case}\n/take\n")).collect();
    let order = Order { text, ..order("SIRT-2026-0000") };
    office.transcript(&order);
    let taken = office.cases().cases().filter(|case| case.readable_by("val")).count();
    assert_eq!(taken, 3);
}
