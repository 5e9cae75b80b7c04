//! `sirt export` from outside: what is missing is said, and nothing is written by halves.

use crate::support::desk::Desk;
use crate::support::people::Person;
use serde_json::json;

fn desk() -> (Desk, String) {
    let desk = Desk::local(&[&Person::new("Cora", "cora@example.org")]);
    let fay = Person::new("Fay", "fay@finders.example");
    desk.deliver(&fay.plain(
        "one@finders.example",
        "Overflow in libexample",
        "Version 1.2 reads on.",
    ));
    desk.once();
    let case = desk.cases()[0]["case"].as_str().expect("a case").to_owned();
    (desk, case)
}

#[test]
fn everything_that_is_missing_is_told_and_nothing_is_printed() {
    let (desk, case) = desk();
    for format in ["osv", "csaf", "cve", "text"] {
        let done = desk.sirt(&["export", &case, "--format", format]).ended(1);
        assert_eq!(done.stdout, "");
        assert!(done.lines().len() > 1, "a line for each: {done:?}");
        assert!(done.lines().iter().any(|line| line.contains("ACTIONS (actions): It does not")));
    }
    let done = desk.sirt(&["export", &case, "--format", "osv", "--json"]).ended(1);
    let findings = done.json();
    let findings = findings["findings"].as_array().expect("a list");
    assert!(findings.iter().any(|one| one["rule"] == json!("ACTIONS")), "{findings:?}");
    // Nothing was shown, so nothing is on record.
    assert!(desk.facts("words.shown").is_empty());
}

#[test]
fn a_case_or_a_form_that_is_not_there() {
    let (desk, case) = desk();
    desk.sirt(&["export", "SIRT-2026-1", "--format", "osv"]).ended(1).says(&["SIRT-2026-1"]);
    desk.sirt(&["export", &case, "--format", "pdf"]).ended(2);
    desk.sirt(&["export", &case]).ended(2);
}
