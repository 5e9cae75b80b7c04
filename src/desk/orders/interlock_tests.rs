//! Nothing of an embargoed case goes public, closes, or widens its readers: whatever the command,
//! whoever gives it, and though it is confirmed.

use super::cast::Office;
use super::stage::{LINES, WORDS, embargoed};
use crate::case::facts::{Fact, is_fact};
use crate::case::{Case, Permission, Status};
use crate::command::COMMANDS;
use crate::letter::Wording;

#[test]
fn nothing_of_an_embargoed_case_goes_public_closes_or_widens_its_readers() {
    for by in ["val", "cora", "vic"] {
        for command in COMMANDS {
            every_form(command.name, by);
        }
    }
}

fn every_form(name: &str, by: &str) {
    let mut office = embargoed();
    let known = LINES.iter().filter(|line| names(line, name)).map(|line| (*line).to_owned());
    let tried = WORDS.iter().map(|word| format!("/{name} {word}"));
    for line in known.chain(tried) {
        let before = office.case().clone();
        give(&mut office, by, &line);
        let after = office.case().clone();
        if !after.embargo.in_force() {
            let lifts = line.starts_with("/embargo lift") && coordinates(&office, by);
            assert!(lifts, "{by}: {line} ended the embargo");
            office = embargoed();
            continue;
        }
        secret(&office, (&before, &after), by, &line);
    }
}

fn names(line: &str, name: &str) -> bool {
    line.split_whitespace().next().and_then(|word| word.strip_prefix('/')) == Some(name)
}

/// With its confirmation, where one is asked for.
fn give(office: &mut Office, by: &str, line: &str) {
    let order = office.order(by, &format!("{line}\n\nSome words.\n"));
    let (_, answer) = office.take(&order);
    let Wording::Transcript(said) = answer.wording else { panic!("no transcript") };
    if let ("waits", Some(code)) = (said.outcome.as_str(), answer.code) {
        office.say(by, &format!("/confirm {code}\n"));
    }
}

fn secret(office: &Office, (before, after): (&Case, &Case), by: &str, line: &str) {
    assert_ne!(after.status, Status::Closed, "{by}: {line} closed it");
    assert!(after.tlp >= before.tlp, "{by}: {line} loosened its label");
    for fact in [Fact::Public, Fact::Exploit] {
        assert!(!is_fact(&after.facts, fact), "{by}: {line} alone made it {fact}");
    }
    let wider = after.readers.iter().any(|reader| !before.readable_by(&reader.member));
    assert!(!wider || coordinates(office, by), "{by}: {line} widened its readers");
    assert_eq!(after.invariants(), Ok(()), "{by}: {line}");
}

fn coordinates(office: &Office, by: &str) -> bool {
    office.rules().roster.by_handle(by).is_some_and(|one| one.role == Permission::Coordinator)
}
