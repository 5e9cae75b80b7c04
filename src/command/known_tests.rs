//! What is known about a case, as members say it and correct it.

use crate::case::{Class, Matter, Pathway, Severity};
use crate::desk::orders::cast::Office;
use crate::letter::Transcript;

fn did(transcript: &Transcript) -> String {
    transcript.steps.iter().flat_map(|step| step.did.clone()).collect::<Vec<_>>().join(" ")
}

fn known(office: &Office, what: Matter) -> Vec<(String, String)> {
    let known = office.case().known.iter().filter(|one| one.what == what);
    known.map(|one| (one.value.clone(), one.detail.clone())).collect()
}

const VECTOR: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";

#[test]
fn each_value_is_set_and_taken_back() {
    let lines = [
        "/title Heap overflow",
        "/severity high",
        &format!("/cvss {VECTOR}"),
        "/cwe 79",
        "/cve 2026-12345",
        "/affects pkg:npm/left-pad < 1.3.0",
        "/fixed pkg:npm/left-pad 1.3.0",
        "/credit Fay Finder",
        "/ssvc coordinate",
        "/class plea",
        "/pathway p3",
        "/service advice",
    ];
    for line in lines {
        let mut office = Office::new();
        let before = office.case().matter();
        assert!(did(&office.does("cora", &format!("{line}\n"))).contains(" now."), "{line}");
        assert_ne!(office.case().matter(), before, "{line}");
        let again = did(&office.does("cora", &format!("{line}\n")));
        assert!(again.contains("already"), "{line}: {again}");
        let mut office = Office::new();
        office.does("cora", &format!("{line}\n"));
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before, "{line}");
    }
}

#[test]
fn a_vector_sets_a_severity_where_there_is_none() {
    let mut office = Office::new();
    let said = did(&office.does("cora", &format!("/cvss {VECTOR}\n")));
    assert!(said.contains("base score 9.8") && said.contains("critical now"), "{said}");
    assert_eq!(office.case().severity, Some(Severity::Critical));
    let mut office = Office::new();
    office.does("cora", "/severity low\n");
    let said = did(&office.does("cora", &format!("/cvss {VECTOR}\n")));
    assert!(said.contains("The severity stays low."), "{said}");
    assert_eq!(office.case().severity, Some(Severity::Low));
}

#[test]
fn several_are_kept_and_one_is_put_right() {
    let mut office = Office::new();
    office.does("cora", "/cwe 79\n/cwe CWE-89\n/cve 2026-12345\n/credit Fay\n");
    assert_eq!(known(&office, Matter::Cwe).len(), 2);
    office.does("cora", "/cwe 79 off\n/cve CVE-2026-12345 off\n/credit Fay off\n");
    assert_eq!(known(&office, Matter::Cwe), [("CWE-89".to_owned(), String::new())]);
    assert!(known(&office, Matter::Cve).is_empty() && known(&office, Matter::Credit).is_empty());
    assert!(office.refused("cora", "/cwe 79 off\n").contains("is not set"));
    let lines = "/affects pkg:npm/left-pad 1.0\n/affects pkg:npm/left-pad 1.0 to 1.2\n";
    let said = did(&office.does("cora", lines));
    assert!(said.contains("(1.0) before, pkg:npm/left-pad (1.0 to 1.2) now"), "{said}");
    assert_eq!(known(&office, Matter::Affects).len(), 1);
}

#[test]
fn what_is_none_is_refused_with_what_would_be_right() {
    let mut office = Office::new();
    for (line, right) in [
        ("/severity bad", "none, low, medium, high, critical"),
        ("/cvss high", "begins with CVSS:3.1/"),
        ("/cwe xss", "Write CWE-79"),
        ("/cve soon", "Write CVE-2026-12345"),
        ("/affects left-pad", "Write pkg:npm/left-pad"),
        ("/fixed pkg:npm/left-pad", "a version is missing"),
        ("/ssvc maybe", "decline, track or coordinate"),
        ("/class follow-up", "is none of"),
        ("/pathway p9", "p0, p1, p2, p3"),
        ("/service all", "coordination"),
        ("/title", "a title is missing"),
        ("/cwe 79 89", "one word too many"),
    ] {
        let said = office.refused("cora", &format!("{line}\n"));
        assert!(said.contains(right), "{line}: {said}");
    }
    let long = office.refused("cora", &format!("/title {}\n", "x".repeat(251)));
    assert!(long.contains("250 is the most"), "{long}");
}

#[test]
fn what_triage_said_is_put_right_and_both_stand_in_the_journal() {
    let mut office = Office::new();
    office.does("cora", "/class plea\n/pathway p2\n");
    assert_eq!((office.case().class, office.case().pathway), (Class::Plea, Pathway::P2));
    let names: Vec<&str> = office.world.entries.iter().map(|entry| entry.event.name()).collect();
    assert!(names.contains(&"case.opened") && names.contains(&"class.set"));
}

#[test]
fn a_title_changes_no_subject() {
    let mut office = Office::new();
    let subject = office.case().subject.clone();
    office.does("cora", "/title Heap overflow\n");
    assert_eq!(
        (office.case().subject.clone(), office.case().title.as_str()),
        (subject, "Heap overflow")
    );
}

#[test]
fn eve_who_may_not_read_a_case_sets_nothing_in_it() {
    let mut office = Office::new();
    for line in ["/severity low", "/title x", "/cve 2026-12345", "/class spam"] {
        assert!(office.refused("val", &format!("{line}\n")).contains("Not a case you can read."));
    }
}
