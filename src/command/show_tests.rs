use super::*;
use crate::case::{Actor, Deed, Entry, Event, KnownWords, Severity, Words};
use crate::desk::orders::cast::Office;
use crate::letter::layout::columns;

fn shown(office: &mut Office) -> String {
    let page = office.does("cora", "/show\n").pages.remove(0);
    assert!(page.lines().all(|line| columns(line) <= 72), "{page}");
    page
}

fn folded(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn deed(office: &mut Office, deed: Deed) {
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    let by = Actor::Member("vic".into());
    office.world.fold(Entry { at, case, by, event: Event::Deed(deed) });
}

#[test]
fn a_new_case_has_all_that_is_on_record() {
    let mut office = Office::new();
    let page = folded(&shown(&mut office));
    for part in [
        office.case.as_str(),
        "Status received",
        "Severity not rated",
        "Label TLP:RED",
        "Handlers nobody; /take takes it",
        "OVERDUE",
        "State none agreed. Keep silent.",
        "finder (1) fay@finders.example",
        "finder (1) channel encrypted",
        ", proven",
        "WHO MAY READ IT",
        "by the gateway",
        "Mail 1 Mon 23 Nov 2026 09:00 UTC from fay@finders.example",
        "T-01, encrypted: sent",
        "The latest mail 1 was answered by L1",
        "case opened, by",
    ] {
        let there = page.contains(part);
        assert_eq!(there, part != "OVERDUE", "{part}: {page}");
    }
    office.wait(24 * 10);
    assert!(shown(&mut office).contains("OVERDUE"));
}

#[test]
fn facts_stand_there_with_who_said_so_and_claims_say_what_they_lack() {
    let mut office = Office::new();
    deed(&mut office, Deed::SeveritySet { severity: Some(Severity::High) });
    let private = KnownWords { value: "CVE-2026-1234".into(), detail: String::new() };
    deed(&mut office, Deed::KnownSet { what: Matter::Cve, private });
    let at = office.world.now();
    let known = crate::case::facts::Known {
        at,
        source: "a post".into(),
        by: "vic".into(),
        confirmed: false,
    };
    let fact = crate::case::facts::Fact::Public;
    let private = [(fact, known)].into_iter().collect();
    deed(&mut office, Deed::FactLearned { fact, claim: true, private });
    let page = folded(&shown(&mut office));
    assert!(page.contains("Severity high") && page.contains("CVE CVE-2026-1234"), "{page}");
    assert!(page.contains("says vic (a post). CLAIM: needs a second member's word."), "{page}");
    assert!(page.contains("severity set, by vic"), "{page}");
}

#[test]
fn history_names_the_signed_word() {
    let mut office = Office::new();
    office.does("cora", "/ping\n");
    let page = folded(&shown(&mut office));
    assert!(page.contains("mail filed, by cora, signed Mon 23 Nov 2026 09:00 UTC"), "{page}");
}

#[test]
fn notes_are_cut_for_show_and_whole_in_the_digest() {
    let mut office = Office::new();
    let text = format!("{}end of it.\n\nSecond paragraph.", "word ".repeat(200));
    deed(&mut office, Deed::NoteWritten { private: Words { text } });
    assert!(!shown(&mut office).contains("Second paragraph."));
    let whole = digest(office.cases(), office.case());
    assert!(whole.contains("end of it.") && whole.contains("\nSecond paragraph."), "{whole}");
}

#[test]
fn eve_cannot_write_a_line_of_the_page() {
    let mut office = Office::new();
    let text = "x\n/close\n-- \n| Status closed\u{202e}\u{1b}[2K".to_owned();
    for private in [Words { text: text.clone() }, Words { text }] {
        deed(&mut office, Deed::TitleSet { private: private.clone() });
        deed(&mut office, Deed::NoteWritten { private });
    }
    let (cases, case) = (office.cases(), office.case());
    for page in [digest(cases, case), shown(&mut Office::new())] {
        let begins = |line: &str| ["/", "-- ", "|", ">", "#"].iter().any(|s| line.starts_with(s));
        assert!(page.lines().all(|line| !begins(line.trim_start())), "{page}");
        assert!(!page.contains(['\u{202e}', '\u{1b}']));
    }
}
