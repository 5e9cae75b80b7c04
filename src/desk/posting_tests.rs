//! A notice's way to a list, and everything that stops it on the way.

use super::posting_cast::{DESCRIPTION, Newsroom, digest_now};
use super::{Input, News, must_stay};
use crate::case::{
    Actor, Case, Deed, Entry, Event, LetterState, NoticeDraft, NoticeFate, NoticeKind, Observed,
    PostWords, Watch,
};
use crate::letter::{NoticeStep, Templates, Wording};
use crate::mail::MessageId;
use jiff::SignedDuration;

fn approve(room: &mut Newsroom, by: &str) -> crate::letter::Transcript {
    let digest = digest_now(&room.office);
    room.does(by, &format!("/siren approve {digest}\n"))
}

fn refused(room: &mut Newsroom, by: &str, text: &str) -> String {
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
    assert_eq!(correction.references, [first.clone()]);
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

/// Approved by two, a letter to the list, and the relay has not taken it.
fn waiting() -> (Newsroom, u64) {
    let mut room = Newsroom::ready();
    for by in ["val", "cora"] {
        approve(&mut room, by);
    }
    room.office.world.pass(SignedDuration::from_mins(5));
    let decision = room.office.world.decide(&Input::Clock);
    let post = decision.letters.iter().find(|one| matches!(one.wording, Wording::Notice(_)));
    room.posts.extend(post.cloned());
    (room, post.expect("a post").number)
}

fn stays(room: &Newsroom, number: u64) -> Option<String> {
    let (cases, rules) = (room.office.cases(), room.office.rules());
    must_stay(cases, rules, cases.letter(number).expect("the post"), room.office.world.now())
}

#[test]
fn what_waits_for_the_relay_stays_when_an_embargo_begins_meanwhile() {
    let (mut room, number) = waiting();
    assert_eq!(stays(&room, number), None);
    room.twin(true);
    assert!(stays(&room, number).expect("it stays").contains("ask the duty coordinator"));
    room.twin(false);
    assert_eq!(stays(&room, number), None);
    room.does("cora", "/tlp amber\n");
    assert!(stays(&room, number).expect("it stays").contains("TLP:AMBER"));
}

#[test]
fn nobody_releases_a_post_against_an_embargo() {
    let (mut room, number) = waiting();
    let why = "the answer of the relay was lost".to_owned();
    room.office.world.decide(&Input::Letter { number, news: News::Held { why } });
    room.twin(true);
    let told = refused(&mut room, "cora", &format!("/release L{number}\n"));
    assert!(told.contains("Held"), "{told}");
    room.twin(false);
    room.does("cora", &format!("/release L{number}\n"));
    assert_eq!(room.office.cases().letter(number).expect("it").state, LetterState::Waiting);
}

#[test]
fn an_id_in_the_middle_of_the_text_counts_too() {
    let mut room = Newsroom::ready();
    room.twin(true);
    room.does("val", "/siren edit ids CVE-2026-19999\n");
    let words = format!("{DESCRIPTION} It resembles cve-2026-10001, see there.");
    let said = room.does("val", &format!("/siren edit description {words}\n"));
    let told = format!("{said:?}");
    assert!(told.contains("ask the duty coordinator"), "{told}");
}

#[test]
fn what_stands_around_an_unfinished_notice_is_said_at_once() {
    let mut room = Newsroom::new();
    room.does("val", "/cve CVE-2026-10001\n");
    room.twin(true);
    let said = format!("{:?}", room.does("val", "/siren draft\n"));
    for rule in ["DESCRIPTION", "ACTIONS", "G14", "ask the duty coordinator"] {
        assert!(said.contains(rule), "{rule}: {said}");
    }
}

#[test]
fn a_coordinator_hears_that_a_second_word_is_needed() {
    let mut room = Newsroom::ready();
    let digest = digest_now(&room.office);
    let order = room.office.order("val", &format!("/siren approve {digest}\n"));
    let (_, answer) = room.office.take(&order);
    let code = answer.code.expect("a code");
    let order = room.office.order("val", &format!("/confirm {code}\n"));
    let (decision, _) = room.office.take(&order);
    let to = |handle: &str| {
        decision.letters.iter().any(|letter| letter.to.member.as_deref() == Some(handle))
    };
    assert!(to("cora"), "she does not handle the case, and it takes her word");
}

#[test]
fn in_an_exercise_the_post_is_known_again() {
    let mut room = Newsroom::ready();
    room.office.world.rules.team.exercise = true;
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    let post = room.posts.last().expect("a post");
    let Wording::Notice(words) = &post.wording else { panic!() };
    let left = words.words(&room.office.rules().team).body;
    assert!(left.starts_with("[EXERCISE]\n"), "{left}");
    assert_eq!(super::posting::digest(&left), room.notice().text);
}

#[test]
fn eve_passes_our_post_on_to_another_list() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    let oss = room.office.world.rules.lists[1].address.clone();
    let watch = room.office.world.rules.watches[0].clone();
    let watch = Watch { name: "siren".to_owned(), address: Some(oss), ..watch };
    room.office.world.rules.watches = vec![watch];
    assert_eq!(room.comes_back(true, true), None);
    room.reads_its_list();
    assert_eq!(room.comes_back(true, true), Some(NoticeStep::Seen));
}

#[test]
fn each_of_several_notices_is_shown_by_its_number() {
    let mut room = Newsroom::ready();
    room.does("val", "/siren draft for oss\n");
    let said = room.does("val", "/siren\n");
    let lines: Vec<&str> = said.ready.iter().map(|one| one.line.as_str()).collect();
    assert!(lines.contains(&"/siren show 1") && lines.contains(&"/siren show 2"), "{lines:?}");
    for line in ["/siren show 1\n", "/siren 1\n"] {
        assert!(format!("{:?}", room.does("val", line)).contains("/siren approve"), "{line}");
    }
}

#[test]
fn a_post_that_the_list_refused_is_let_go_again_unless_it_is_there() {
    let (mut room, number) = waiting();
    let why = "550 5.7.1 you are not subscribed".to_owned();
    let failed = Input::Letter { number, news: News::Failed { why } };
    let decision = room.office.world.decide(&failed);
    let told: Vec<&str> =
        decision.letters.iter().filter_map(|letter| letter.to.member.as_deref()).collect();
    assert!(told.contains(&"val") && told.contains(&"cora"), "{told:?}");
    let templates = Templates::new(&[]).expect("templates");
    let body = templates.words(&decision.letters[0], &room.office.rules().team).expect("words");
    assert!(body.body.contains(&format!("/release L{number}")), "{}", body.body);
    assert!(!body.body.contains("sirt release"), "{}", body.body);
    room.does("cora", &format!("/release L{number}\n"));
    assert_eq!(room.office.cases().letter(number).expect("it").state, LetterState::Waiting);
    room.office.world.decide(&Input::Letter { number, news: News::Sent });
    assert_eq!(room.comes_back(true, true), Some(NoticeStep::Seen));
    let why = "came back: 5.1.1".to_owned();
    room.office.world.decide(&Input::Letter { number, news: News::CameBack { why } });
    let told = refused(&mut room, "cora", &format!("/release L{number}\n"));
    assert!(told.contains("on its list"), "{told}");
}

#[test]
fn two_members_who_read_their_mail_on_different_days_can_agree() {
    let mut room = Newsroom::ready();
    approve(&mut room, "val");
    room.pass(SignedDuration::from_hours(30));
    approve(&mut room, "cora");
    room.pass(SignedDuration::from_mins(5));
    assert_eq!(room.posts.len(), 1);
    let mut room = Newsroom::ready();
    room.pass(SignedDuration::from_hours(24 * 5));
    let digest = digest_now(&room.office);
    assert!(refused(&mut room, "val", &format!("/siren approve {digest}\n")).contains("dated"));
}

/// Malicious software has no id as a rule: the post it was seen in says that it is the same.
#[test]
fn two_members_draft_from_the_same_post_and_one_notice_leaves() {
    let mut room = Newsroom::ready();
    let post = Observed {
        subject: "nicepack 9.9.1 on PyPI is malicious".to_owned(),
        author: "Mo <mo@project.example>".to_owned(),
        message_id: MessageId::parse("nicepack@project.example"),
        packages: vec!["pkg:pypi/nicepack".to_owned()],
        affected: vec!["9.9.1".to_owned()],
        gist: DESCRIPTION.to_owned(),
        ..Observed::default()
    };
    let private = PostWords { post, ..PostWords::default() };
    let (list, same_as, update_of, past) = ("oss".to_owned(), None, None, false);
    let event = Event::PostObserved { post: 1, list, same_as, update_of, past, private };
    let at = room.office.world.now();
    room.office.world.fold(Entry { at, case: None, by: Actor::Gateway, event });
    for _ in 0..2 {
        room.does("val", "/siren draft O1\n");
        let of_post = |one: &NoticeDraft| one.is_open() && !one.statement.sources.is_empty();
        let drafted = |case: &&Case| case.notices.iter().any(of_post);
        let case = room.office.cases().cases().find(drafted).map(|case| case.id.clone());
        room.office.case = case.expect("a case of its own");
        room.does("val", "/siren edit actions Remove nicepack 9.9.1 and change all tokens.\n");
        for by in ["val", "cora"] {
            let digest = digest_now(&room.office);
            let order = room.office.order(by, &format!("/siren approve {digest}\n"));
            room.takes(&order, true);
        }
        room.pass(SignedDuration::from_mins(6));
    }
    assert_eq!(room.posts.len(), 1);
}
