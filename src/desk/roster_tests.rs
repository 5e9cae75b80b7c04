use super::*;
use crate::case::{Caseload, Entry, Permission};
use crate::command::{Asked, Refusal, Ruling, key_member};
use crate::desk::orders::cast::Office;
use crate::desk::test_support::address;
use crate::desk::{AtTerminal, Decision, Input, at_terminal};
use crate::letter::{Letter, Protection, Wording};
use crate::mail::Fingerprint;
use jiff::SignedDuration;

fn key(digit: char) -> Fingerprint {
    Fingerprint::parse(&digit.to_string().repeat(40)).expect("a fingerprint")
}

/// Somebody writes another key under this handle into the configuration, and the gateway starts.
fn rekeyed(office: &mut Office, handle: &str, digit: char) -> Decision {
    let mut members = office.world.rules.roster.members.iter_mut();
    members.find(|one| one.handle == handle).expect("a member").key = key(digit);
    office.world.decide(&Input::Roster)
}

fn told(decision: &Decision) -> Vec<(&str, &Letter)> {
    decision.letters.iter().map(|one| (one.to.address.as_str(), one)).collect()
}

fn word(office: &Office, by: &str, digit: char, accept: bool) -> Option<Result<Ruling, Refusal>> {
    let member = office.rules().roster.by_handle(by).expect("a member");
    let asked = Asked::of(member, office.cases(), office.rules()).at(office.world.now());
    key_member::judge(key(digit).as_str(), accept, &asked)
}

/// `/key accept`, as the desk carries it out.
fn accepts(office: &mut Office, by: &str, digit: char) {
    let ruling = word(office, by, digit, true).expect("a member's key").expect("a ruling");
    assert_eq!(ruling.other.len(), 1, "{}", ruling.answer);
    let handle = office.cases().pinned().find(|one| one.key == key(digit)).expect("pinned");
    let fact = RosterFact::Accepted { member: handle.member.clone(), key: key(digit) };
    let (at, by) = (office.world.now(), Actor::Member(by.to_owned()));
    office.world.fold(Entry { at, case: None, by, event: Event::Roster(fact) });
}

/// How Val's `/list`, signed now, is answered.
fn answer(office: &mut Office) -> Letter {
    let order = office.order("val", "/list");
    office.take(&order).1
}

fn obeyed(letter: &Letter) -> bool {
    matches!(letter.wording, Wording::Transcript(_))
}

#[test]
fn the_first_roster_is_taken_as_it_is_and_told_to_nobody() {
    let mut office = Office::new();
    let joined: Vec<&Pinned> = office.cases().pinned().collect();
    assert_eq!(joined.len(), 3);
    assert!(joined.iter().all(|one| one.accepted.as_ref().is_some_and(|a| a.since.is_none())));
    assert!(office.cases().letters().all(|letter| letter.wording != "roster-changed"));
    let again = office.world.decide(&Input::Roster);
    assert!(again.entries.is_empty() && again.letters.is_empty());
}

#[test]
fn eve_writes_her_key_under_vals_name_into_the_configuration() {
    let mut office = Office::new();
    let decision = rekeyed(&mut office, "val", 'E');
    let names: Vec<&str> = decision.entries.iter().map(|entry| entry.event.name()).collect();
    assert_eq!(names, ["roster.changed", "letter.written", "letter.written"]);
    let told = told(&decision);
    assert_eq!(
        told.iter().map(|(to, _)| *to).collect::<Vec<_>>(),
        ["cora@example.org", "vic@example.org"]
    );
    let Wording::RosterChanged(words) = &told[0].1.wording else { panic!("{told:?}") };
    assert_eq!(words.changes[0].waits.as_deref(), Some(key('E').as_str()));
    assert!(matches!(told[0].1.to.protection, Protection::Sealed { .. }));
    // She is not obeyed, and reads nothing: what is for Val waits.
    let before = office.case().matter();
    let answer = answer(&mut office);
    assert!(!obeyed(&answer), "{answer:?}");
    assert_eq!(answer.to.protection, Protection::Kept);
    assert!(answer.held.is_some());
    assert_eq!(office.case().matter(), before);
}

#[test]
fn eve_turns_the_coordinators_letters_to_herself() {
    let mut office = Office::new();
    for member in &mut office.world.rules.roster.members {
        member.address = address("eve@evil.example");
        member.key = key('E');
    }
    let decision = office.world.decide(&Input::Roster);
    let told = told(&decision);
    let to: Vec<&str> = told.iter().map(|(to, _)| *to).collect();
    assert_eq!(to, ["cora@example.org", "vic@example.org"], "the addresses they had");
    // Their own certificates are gone with the change: in the clear, and no case is named.
    assert!(told.iter().all(|(_, one)| one.to.protection == Protection::Signed));
    assert!(told.iter().all(|(_, one)| one.case.is_none() && one.code.is_none()));
}

#[test]
fn a_new_key_counts_from_when_another_coordinator_accepts_it() {
    let mut office = Office::new();
    rekeyed(&mut office, "val", 'A');
    let early = office.order("val", "/list");
    office.wait(1);
    accepts(&mut office, "cora", 'A');
    let pinned = office.cases().pinned_member("val").expect("val");
    assert_eq!(pinned.accepted.as_ref().map(|one| one.by.to_string()), Some("member:cora".into()));
    let old = crate::desk::orders::cast::Order { age: SignedDuration::from_hours(1), ..early };
    assert!(!obeyed(&office.take(&old).1), "signed before it was accepted");
    assert!(obeyed(&answer(&mut office)));
    // The others hear of it once.
    let decision = office.world.decide(&Input::Roster);
    assert_eq!(told(&decision).len(), 2);
    assert!(office.world.decide(&Input::Roster).letters.is_empty());
}

#[test]
fn who_may_accept_a_members_key() {
    let mut office = Office::new();
    rekeyed(&mut office, "cora", 'A');
    let refusal = |office: &Office, by: &str| match word(office, by, 'A', true) {
        Some(Err(refusal)) => refusal.what,
        _ => panic!("{by} was not refused"),
    };
    assert!(refusal(&office, "cora").contains("another coordinator"));
    assert!(refusal(&office, "val").contains("by a coordinator"));
    assert!(word(&office, "vic", 'B', true).is_none(), "nobody's: perhaps a participant's");
    assert!(word(&office, "vic", 'A', false).expect("hers").expect("yes").other.len() == 1);
    accepts(&mut office, "vic", 'A');
    let again = word(&office, "vic", 'A', true).expect("hers").expect("a ruling");
    assert!(again.other.is_empty(), "{}", again.answer);
}

#[test]
fn the_terminal_accepts_a_key_that_was_seen() {
    let mut office = Office::new();
    rekeyed(&mut office, "val", 'A');
    let ask = |office: &Office, digit: char| {
        let asked = AtTerminal::AcceptKey { key: key(digit).spaced() };
        at_terminal(office.cases(), office.rules(), &asked, office.world.now())
    };
    assert!(ask(&office, 'B').is_err(), "no key that waits");
    let decision = ask(&office, 'A').expect("accepted");
    decision.entries.into_iter().for_each(|entry| office.world.fold(entry));
    assert!(ask(&office, 'A').is_err(), "already");
    assert!(obeyed(&answer(&mut office)));
    assert_eq!(told(&office.world.decide(&Input::Roster)).len(), 2, "the coordinators hear of it");
}

#[test]
fn a_member_who_left_and_comes_back_waits_anew() {
    let mut office = Office::new();
    let val = office.rules().roster.by_handle("val").expect("val").clone();
    office.world.rules.roster.members.retain(|one| one.handle != "val");
    let left = office.world.decide(&Input::Roster);
    assert_eq!(left.entries[0].event.name(), "roster.left");
    office.world.rules.roster.members.push(val);
    let back = office.world.decide(&Input::Roster);
    assert_eq!(back.entries[0].event.name(), "roster.joined");
    assert!(!obeyed(&answer(&mut office)));
}

#[test]
fn a_new_role_is_told_and_the_key_still_counts() {
    let mut office = Office::new();
    let mut members = office.world.rules.roster.members.iter_mut();
    members.find(|one| one.handle == "val").expect("val").role = Permission::Coordinator;
    let decision = office.world.decide(&Input::Roster);
    let Wording::RosterChanged(words) = &decision.letters[0].wording else { panic!() };
    assert_eq!(words.changes[0].what, ["was volunteer, and is coordinator now."]);
    assert_eq!(words.changes[0].waits, None);
    assert!(obeyed(&answer(&mut office)));
}

#[test]
fn the_roster_is_read_back_from_its_snapshots_and_its_lines() {
    let mut office = Office::new();
    rekeyed(&mut office, "val", 'A');
    accepts(&mut office, "cora", 'A');
    let snapshots = office.cases().snapshots();
    assert!(snapshots.contains_key("member/val"));
    let read = Caseload::from_snapshots(snapshots.clone(), None).expect("read back");
    assert_eq!(read.snapshots(), snapshots);
    let mut folded = Caseload::default();
    for entry in &office.world.entries {
        let line = entry.to_line().expect("a line");
        folded.apply(&Entry::from_line(line).expect("an entry"));
    }
    assert_eq!(folded.snapshots(), snapshots);
}
