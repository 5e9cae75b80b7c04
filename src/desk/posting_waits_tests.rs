//! What waits for the relay or for a person is judged again; and what two members see of it.

use super::posting_cast::{DESCRIPTION, Newsroom, digest_now};
use super::posting_tests::{approve, refused};
use super::{Input, News, must_stay};
use crate::case::{
    Actor, Case, Entry, Event, LetterState, NoticeDraft, Observed, PostWords, Watch,
};
use crate::letter::{NoticeStep, Templates, Wording};
use crate::mail::MessageId;
use jiff::SignedDuration;

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
fn a_clock_that_jumps_posts_nothing() {
    let mut room = Newsroom::ready();
    room.does("val", "/siren at +2h\n");
    approve(&mut room, "val");
    approve(&mut room, "cora");
    room.office.world.decide(&Input::ClockJumped);
    room.pass(SignedDuration::from_hours(3));
    assert!(room.posts.is_empty());
    assert!(room.notice().held.clone().expect("held").contains("clock"));
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
    for rule in ["description", "actions", "tlp", "ask the duty coordinator"] {
        assert!(said.to_lowercase().contains(rule), "{rule}: {said}");
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
