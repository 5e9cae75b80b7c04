//! A notice's way to a list, and everything that stops it on the way.

use super::posting_cast::{Newsroom, digest_now};
use crate::case::{Deed, Event, LetterState, NoticeFate, NoticeKind};
use crate::letter::{NoticeStep, Wording};
use jiff::SignedDuration;

pub fn approve(room: &mut Newsroom, by: &str) -> crate::letter::Transcript {
    let digest = digest_now(&room.office);
    room.does(by, &format!("/siren approve {digest}\n"))
}

pub fn refused(room: &mut Newsroom, by: &str, text: &str) -> String {
    room.office.refused(by, text)
}

#[test]
fn two_members_approve_the_same_words_and_they_leave_once() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    assert!(room.posts.is_empty());
    approve(&mut room, "cora");
    assert!(room.posts.is_empty(), "it can be stopped for a while");
    room.pass(SignedDuration::from_mins(5));
    let [post] = room.posts.as_slice() else { panic!("{}", room.posts.len()) };
    let Wording::Notice(words) = &post.wording else { panic!() };
    assert!(words.body.starts_with("TLP:CLEAR\n"), "{}", words.body);
    assert_eq!(post.to.address.as_str(), "siren@lists.example");
    assert!(matches!(room.notice().fate, NoticeFate::Posted { .. }));
    room.pass(SignedDuration::from_hours(48));
    assert_eq!(room.posts.len(), 1);
}

#[test]
fn eve_has_the_key_of_one_member() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    let digest = digest_now(&room.office);
    let again = room.office.does("val", &format!("/siren approve {digest}\n"));
    assert!(again.steps[0].did[0].contains("approved exactly this already"), "{again:?}");
    room.pass(SignedDuration::from_hours(3));
    assert!(room.posts.is_empty());
}

#[test]
fn two_volunteers_are_not_enough() {
    let mut room = Newsroom::ready();
    for member in &mut room.office.world.rules.roster.members {
        if member.handle == "vic" {
            member.role = crate::case::Permission::Volunteer;
        }
    }
    approve(&mut room, "val");
    let said = approve(&mut room, "vic");
    assert!(said.steps[0].did[0].contains("a coordinator"), "{said:?}");
    room.pass(SignedDuration::from_hours(1));
    assert!(room.posts.is_empty());
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    assert_eq!(room.posts.len(), 1);
}

#[test]
fn any_change_voids_what_was_approved() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    let old = digest_now(&room.office);
    room.does("val", "/siren edit impact A crash, and perhaps more.\n");
    let said = refused(&mut room, "cora", &format!("/siren approve {old}\n"));
    assert!(said.contains("has that digest now"), "{said}");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_hours(1));
    assert!(room.posts.is_empty(), "val approved other words");
}

#[test]
fn one_member_stops_it_and_two_let_it_go_again() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.does("vic", "/siren hold I have a question\n");
    room.pass(SignedDuration::from_hours(1));
    assert!(room.posts.is_empty());
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_hours(1));
    assert!(room.posts.is_empty(), "both approve anew");
    approve(&mut room, "val");
    room.pass(SignedDuration::from_mins(6));
    assert_eq!(room.posts.len(), 1);
}

#[test]
fn an_embargo_on_the_same_id_stops_it_at_the_last_moment() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.twin(true);
    room.pass(SignedDuration::from_mins(5));
    assert!(room.posts.is_empty());
    let held = room.notice().held.clone().expect("held");
    assert!(held.contains("ask the duty coordinator"), "{held}");
    let other = room.office.cases().cases().find(|case| case.embargo.in_force()).expect("twin");
    assert!(!held.contains(other.id.as_str()), "it names no case: {held}");
}

#[test]
fn nothing_leaves_under_a_label_that_is_not_clear() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.does("cora", "/tlp amber\n");
    room.pass(SignedDuration::from_mins(5));
    assert!(room.posts.is_empty());
    assert!(room.notice().held.is_some());
}

#[test]
fn the_list_is_changed_in_the_configuration_after_two_approved() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.office.world.rules.lists[0].address =
        crate::mail::Address::parse("everybody@lists.example").expect("an address");
    room.pass(SignedDuration::from_mins(5));
    assert!(room.posts.is_empty());
    let held = room.notice().held.clone().expect("held");
    assert!(held.contains("settings"), "{held}");
}

#[test]
fn who_left_the_team_has_approved_nothing() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.office.world.rules.roster.members.retain(|member| member.handle != "val");
    room.pass(SignedDuration::from_mins(5));
    assert!(room.posts.is_empty());
    assert!(room.notice().held.is_some());
}

#[test]
fn it_waits_for_its_instant() {
    let mut room = Newsroom::ready();
    room.does("val", "/siren at +8h\n");
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_hours(7));
    assert!(room.posts.is_empty());
    room.pass(SignedDuration::from_hours(1));
    assert_eq!(room.posts.len(), 1);
}

#[test]
fn a_correction_and_a_withdrawal_are_notices_of_their_own() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    let first = room.posts[0].message_id.clone();
    room.does("val", "/siren correct 2.2 is affected too\n");
    assert_eq!(room.notice().heading.kind, NoticeKind::Correction);
    approve(&mut room, "val");
    approve(&mut room, "vic");
    room.pass(SignedDuration::from_mins(5));
    let [_, correction] = room.posts.as_slice() else { panic!("{}", room.posts.len()) };
    assert_eq!(correction.references, std::slice::from_ref(&first));
    let Wording::Notice(words) = &correction.wording else { panic!() };
    assert!(words.body.contains(first.as_str()), "{}", words.body);
    assert!(words.subject.contains("v2"), "{}", words.subject);
    room.does("cora", "/siren retract it was no flaw at all\n");
    assert_eq!(room.notice().heading.kind, NoticeKind::Withdrawal);
    assert_eq!(room.posts.len(), 2, "not without two words");
}

#[test]
fn the_post_comes_back_from_the_list_and_the_team_hears_how() {
    for (signature, whole, step) in [
        (true, true, NoticeStep::Seen),
        (true, false, NoticeStep::Damaged),
        (false, true, NoticeStep::Damaged),
    ] {
        let mut room = Newsroom::ready();
        approve(&mut room, "val");
        approve(&mut room, "cora");
        room.pass(SignedDuration::from_mins(5));
        let told = room.comes_back(signature, whole);
        assert_eq!(told, Some(step));
        assert_eq!(room.comes_back(signature, whole), None, "told once");
    }
}

#[test]
fn eve_sends_us_a_copy_of_our_own_post() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    assert_eq!(room.copy_sent_to_us(), None);
    assert_eq!(room.notice().seen, None);
}

#[test]
fn a_post_that_does_not_come_back_is_missed_once() {
    let mut room = Newsroom::ready();
    room.reads_its_list();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    room.pass(SignedDuration::from_hours(24));
    let missed = |event: &Event| matches!(event, Event::Deed(Deed::NoticeMissed { .. }));
    let entries = &room.office.world.entries;
    assert_eq!(entries.iter().filter(|entry| missed(&entry.event)).count(), 1);
}

#[test]
fn a_notice_on_its_way_keeps_its_case_open() {
    let mut room = Newsroom::ready();
    room.does("val", "/valid\n");
    room.does("val", "/engage\n");
    let said = refused(&mut room, "val", "/close\n");
    assert!(said.contains("is on its way"), "{said}");
    room.does("val", "/siren retract not needed\n");
    room.does("val", "/close\n");
}

#[test]
fn taking_back_a_change_brings_no_approval_back() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.does("val", "/siren edit impact A crash, and perhaps more.\n");
    room.pass(SignedDuration::from_hours(1));
    room.does("val", "/undo\n");
    assert!(!room.notice().statement.impact.contains("perhaps more"), "it reads as before");
    room.pass(SignedDuration::from_hours(1));
    assert!(room.posts.is_empty(), "val had seen that something is wrong with it");
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    assert_eq!(room.posts.len(), 1);
}

#[test]
fn each_notice_is_stopped_by_its_number_and_all_of_them_without() {
    let held = |room: &Newsroom| -> Vec<bool> {
        room.office.case().notices.iter().map(|notice| notice.held.is_some()).collect()
    };
    let mut room = Newsroom::ready();
    room.does("val", "/siren draft for oss\n");
    room.does("vic", "/siren hold 2 it says too much\n");
    assert_eq!(held(&room), [false, true]);
    room.does("vic", "/siren hold\n");
    assert_eq!(held(&room), [true, true]);
}

#[test]
fn a_post_that_waits_for_the_relay_is_stopped_by_its_number_and_looked_at_before_it_goes() {
    let mut room = Newsroom::ready();
    room.relay_is_away();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    let number = room.posts[0].number;
    room.does("val", "/siren draft for oss\n");
    room.does("vic", "/siren hold 2\n");
    assert_eq!(room.letter(number).state, LetterState::Waiting, "the other one is meant");
    room.does("vic", "/siren hold 1\n");
    assert_eq!(room.letter(number).state, LetterState::Held);
    room.twin(true);
    let said = refused(&mut room, "cora", &format!("/release L{number}\n"));
    assert!(said.contains("ask the duty coordinator"), "{said}");
    room.twin(false);
    room.does("cora", &format!("/release L{number}\n"));
    assert_eq!(room.letter(number).state, LetterState::Waiting);
}

#[test]
fn what_becomes_secret_while_the_relay_is_away_does_not_leave() {
    for secret in ["twin", "/tlp amber\n"] {
        let mut room = Newsroom::ready();
        room.relay_is_away();
        approve(&mut room, "val");
        approve(&mut room, "cora");
        room.pass(SignedDuration::from_mins(5));
        let number = room.posts[0].number;
        room.pass(SignedDuration::from_hours(30));
        assert_eq!(room.letter(number).state, LetterState::Waiting, "late is no reason");
        match secret {
            "twin" => room.twin(true),
            line => _ = room.does("cora", line),
        }
        assert_eq!(room.letter(number).state, LetterState::Held, "{secret}");
    }
}

#[test]
fn an_embargoed_id_in_the_prose_stops_it_too() {
    let mut room = Newsroom::ready();
    room.does("val", "/siren edit ids CVE-2026-10002\n");
    room.does(
        "val",
        "/siren edit notes See also https://cve.example.net/id/cve-2026-10001_poc for more.\n",
    );
    assert_ne!(digest_now(&room.office), "zzzzzzzzzzzzzzzz");
    room.twin(true);
    assert_eq!(digest_now(&room.office), "zzzzzzzzzzzzzzzz");
}

#[test]
fn eve_passes_our_post_on_to_another_list_before_it_is_back() {
    let mut room = Newsroom::ready();
    room.reads_its_list();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    assert_eq!(room.comes_back(true, true), None, "it came by another list");
    assert_eq!(room.notice().seen, None);
}

#[test]
fn a_closed_case_says_nothing_more() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    room.does("val", "/valid\n");
    room.does("val", "/engage\n");
    room.does("val", "/close\n");
    for line in ["/siren draft", "/siren correct it", "/siren retract it"] {
        let said = refused(&mut room, "val", &format!("{line}\n"));
        assert!(said.contains("/reopen"), "{line}: {said}");
    }
    assert_eq!(room.office.case().invariants(), Ok(()));
}

#[test]
fn hold_alone_stops_notices_too() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.does("val", "/hold\n");
    room.pass(SignedDuration::from_hours(1));
    assert!(room.posts.is_empty());
    assert!(room.notice().held.is_some());
    room.relay_is_away();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    let number = room.posts[0].number;
    room.does("val", "/hold\n");
    assert_eq!(room.letter(number).state, LetterState::Held);
}
