use crate::case::{Actor, Deed, Entry, Event};
use crate::desk::orders::cast::Office;
use crate::desk::test_support::Sketch;
use crate::letter::layout::columns;

fn page(office: &mut Office, by: &str, text: &str) -> String {
    let said = office.asks(by, text);
    assert!(said.pages[0].lines().all(|line| columns(line) <= 72), "{}", said.pages[0]);
    said.pages[0].split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn open_cases_with_who_is_waited_for_and_the_next_date() {
    let mut office = Office::new();
    let said = page(&mut office, "cora", "/list\n");
    assert!(said.starts_with("1 case that is open:"), "{said}");
    for part in ["received", "not rated", "Handled by nobody", "waits for us, to take it"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(said.contains("Next: assess it, Mon 30 Nov 2026 09:00 UTC"), "{said}");
    assert!(page(&mut office, "cora", "/list mine\n").starts_with("You handle no case."));
    assert!(
        page(&mut office, "cora", "/list overdue\n").starts_with("No case that you may read is")
    );
}

#[test]
fn what_is_late_stands_first() {
    let mut office = Office::new();
    office.wait(24 * 10);
    office.world.take(&Sketch { from: 1, text: 4, ..Sketch::default() });
    let said = page(&mut office, "cora", "/list\n");
    assert!(said.starts_with("2 cases that are open, the most urgent first:"), "{said}");
    let newer = office.cases().cases().find(|case| case.id != office.case).expect("newer");
    let place = |id: &str| said.find(id).expect("listed");
    assert!(place(office.case.as_str()) < place(newer.id.as_str()), "{said}");
    assert!(said.contains("OVERDUE: assess it"), "{said}");
    let late = page(&mut office, "cora", "/list overdue\n");
    assert!(late.starts_with("1 case that is overdue:"), "{late}");
}

#[test]
fn a_wait_that_is_over_is_late() {
    let mut office = Office::new();
    let who = "the finder".to_owned();
    let until = Some(office.world.now() + jiff::SignedDuration::from_hours(1));
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    let event = Event::Deed(Deed::WaitSet { who, until });
    office.world.fold(Entry { at, case, by: Actor::Cli, event });
    assert!(page(&mut office, "cora", "/list\n").contains("waits for the finder. Next: the wait"));
    office.wait(2);
    let late = page(&mut office, "cora", "/list overdue\n");
    assert!(late.contains("OVERDUE: the wait for the finder ends"), "{late}");
}

#[test]
fn eve_with_vals_key_learns_only_how_many_there_are() {
    let mut office = Office::new();
    assert_eq!(page(&mut office, "val", "/list\n"), "No case that you may read is open.");
    let said = page(&mut office, "val", "/list all\n");
    assert!(said.contains("1 open, 1 of them without a handler, and 0 closed"), "{said}");
    assert!(!said.contains(office.case.as_str()) && !said.contains("SIRT-"), "{said}");
    let said = office.refused("cora", "/list every\n");
    assert!(said.contains("every is none of: mine, open, overdue, all."), "{said}");
}
