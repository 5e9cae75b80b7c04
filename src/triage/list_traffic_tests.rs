use super::super::cast::*;
use super::*;
use crate::mail::{Encrypted, Mail};

const LIST: &str = "oss-security@lists.watched.example";
const LIST_ID: &str = "Open source security <oss-security.lists.watched.example>";
const RESULT: &str = "mx.sirt.test; dkim=pass header.d=lists.watched.example";

fn post() -> Mail {
    let post = mail("ralph@project.test", "CVE-2026-10111: overflow", "Affected: libexample 1.2.3");
    with_field(Mail { to: vec![mailbox(LIST)], ..post }, "list-id", LIST_ID)
}

fn list_mailbox() -> House {
    House { list: Some("oss-security"), ..House::new() }
}

/// With a border's field on top of all others.
fn seen(mut post: Mail, results: &[&str]) -> Mail {
    for value in results.iter().rev() {
        let name = "authentication-results".to_owned();
        post.fields.insert(0, crate::mail::Field { name, value: (*value).to_owned() });
    }
    post
}

#[test]
fn the_mailbox_of_a_list_carries_the_list() {
    let triage = list_mailbox().ask(&post());
    assert_eq!((triage.class, triage.pathway), (Class::List, Pathway::P0));
    assert_eq!(triage.found.ids, ["CVE-2026-10111"]);
    let answer = Mail {
        references: crate::mail::MessageId::parse("a@b.test").into_iter().collect(),
        ..post()
    };
    assert!(list_mailbox().ask(&answer).because.iter().any(|why| why.contains("another post")));
}

#[test]
fn elsewhere_the_lists_own_signature_shows_it() {
    let house = House::new();
    assert_eq!(house.ask(&seen(post(), &[RESULT])).class, Class::List);
    let above = "mx.sirt.test; dkim=pass header.d=watched.example";
    assert_eq!(house.ask(&seen(post(), &[above])).class, Class::List);
}

/// Eve writes a List-Id, and results of checks that our border never made.
#[test]
fn eve_cannot_dress_a_mail_as_list_traffic() {
    let house = House::new();
    let attacks: [&[&str]; 6] = [
        &[],
        &["mx.evil.test; dkim=pass header.d=lists.watched.example"],
        &["mx.sirt.test; dkim=fail header.d=lists.watched.example", RESULT],
        &["mx.sirt.test; dkim=pass header.d=evil.test"],
        &["mx.sirt.test; dkim=pass header.d=xlists.watched.example"],
        &["mx.sirt.test; dkim=pass header.d=example"],
    ];
    for results in attacks {
        let triage = house.ask(&seen(post(), results));
        assert_eq!(triage.class, Class::Report, "{results:?}");
        assert!(triage.because.iter().any(|why| why.contains("alone proves nothing")));
    }
    let mut unconfigured = House::new();
    unconfigured.rules.authserv_id = None;
    assert_eq!(unconfigured.ask(&seen(post(), &[RESULT])).class, Class::Report);
    let no_list_id = mail(EVE, "x", "heap overflow");
    assert_eq!(house.ask(&seen(no_list_id, &[RESULT])).class, Class::Report);
}

/// What comes straight to the mailbox of a list is no post: a report there is not lost.
#[test]
fn direct_mail_in_a_lists_mailbox_is_read() {
    let direct = mail(FAY, "hole", "There is a vulnerability in libexample 1.2.3.");
    assert_eq!(list_mailbox().ask(&direct).class, Class::Report);
}

#[test]
fn a_private_report_on_a_public_list_is_for_somebody_to_act_on() {
    let plea =
        Mail { text: "Please keep this private for 90 days. heap overflow".to_owned(), ..post() };
    let triage = list_mailbox().ask(&plea);
    assert_eq!((triage.class, triage.pathway), (Class::Report, Pathway::P0));
    assert!(triage.because.iter().any(|why| why.contains("public already")));
}

#[test]
fn words_of_ours_on_a_list_are_told_to_the_case() {
    let house = list_mailbox();
    let leak = Mail { text: format!("they wrote: {}", house.case_line(1)), ..post() };
    let triage = house.ask(&leak);
    assert_eq!(triage.class, Class::List);
    assert_eq!(triage.belongs.map(|belongs| belongs.case), Some(id(CASE)));
    assert!(triage.because.iter().any(|why| why.contains("become public")));
}

/// Eve has caught the octets of a report on its way, and sends them to us by a list: what our key
/// opens is no post, and stands in no observation.
#[test]
fn eve_lets_us_open_anothers_report_by_a_list() {
    for encrypted in [Encrypted::Whole, Encrypted::Partly] {
        let mut caught = post();
        caught.evidence.encrypted = encrypted;
        for triage in [list_mailbox().ask(&caught), House::new().ask(&seen(caught, &[RESULT]))] {
            assert!(triage.post.is_none(), "{triage:?}");
            assert_ne!(triage.class, Class::List);
        }
    }
}
