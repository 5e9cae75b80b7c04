//! Each rule with the slip or the attack that it stops.

use super::*;
use crate::case::Secrets;
use crate::case::*;
use crate::mail::Fingerprint;
use crate::siren::samples::{self, address, around, at, for_distros, id, list, notice, team};

fn secrets() -> Secrets {
    Secrets { numbers: [1; 32], codes: [2; 32], tokens: [3; 32], message_ids: [4; 32] }
}

/// What stands against it after a slip, as "rule part".
fn found(
    manners: Manners,
    said: Statement,
    slip: impl FnOnce(&mut Around<'_>),
) -> Vec<(String, String)> {
    let (team, list) = (team(), list(manners));
    let mut around = around(&team, &list);
    slip(&mut around);
    let found = post(&notice(samples::heading(), said), &around).err().unwrap_or_default();
    for one in &found {
        assert!(one.what.ends_with('.') && one.what.len() > 20, "{one:?}");
    }
    found.into_iter().map(|one| (format!("{} {}", one.rule, one.part), one.what)).collect()
}

fn rules(manners: Manners, said: Statement) -> Vec<String> {
    found(manners, said, |_| {}).into_iter().map(|(rule, _)| rule).collect()
}

fn around_rules(manners: Manners, slip: impl FnOnce(&mut Around<'_>)) -> Vec<String> {
    let said = match manners {
        Manners::Distros => for_distros(),
        _ => samples::statement(),
    };
    found(manners, said, slip).into_iter().map(|(rule, _)| rule).collect()
}

fn with(change: impl FnOnce(&mut Statement)) -> Statement {
    let mut said = samples::statement();
    change(&mut said);
    said
}

/// The same words in the description.
fn says(words: &str) -> Statement {
    with(|said| said.description.push_str(&format!("\n\n{words}")))
}

#[test]
fn a_sound_notice_becomes_a_post() {
    for manners in [Manners::Siren, Manners::OssSecurity] {
        assert_eq!(found(manners, samples::statement(), |_| {}), [], "{manners}");
    }
    assert_eq!(found(Manners::Distros, for_distros(), |_| {}), []);
}

#[test]
fn nothing_leaves_under_a_label_that_forbids_it() {
    for tlp in [Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red] {
        let case = around_rules(Manners::Siren, |around| around.tlp = tlp);
        assert_eq!(case, ["G14 ", "TLP tlp"]);
        assert_eq!(rules(Manners::Siren, with(|said| said.tlp = tlp)), ["G14 tlp"]);
    }
    assert_eq!(rules(Manners::Distros, Statement { tlp: Tlp::Red, ..for_distros() }), ["G14 tlp"]);
    let loose = Statement { tlp: Tlp::Clear, ..for_distros() };
    assert_eq!(rules(Manners::Distros, loose), ["TLP tlp"]);
    assert_eq!(rules(Manners::Siren, says("As tlp:amber says.")), ["TLP description"]);
}

#[test]
fn a_list_that_is_set_to_take_more_than_clear_still_takes_only_clear_in_public() {
    let (team, mut list) = (team(), list(Manners::OssSecurity));
    list.highest_tlp = Tlp::Red;
    let mut around = around(&team, &list);
    around.tlp = Tlp::Red;
    let said = with(|said| said.tlp = Tlp::Red);
    let found = post(&notice(samples::heading(), said), &around).expect_err("refused");
    assert_eq!(found.iter().filter(|one| one.rule == "G14").count(), 2);
}

#[test]
fn eve_posts_nothing_before_the_embargo_ends_or_it_is_public() {
    for state in [EmbargoState::Active, EmbargoState::Revise] {
        let rules = around_rules(Manners::Siren, |around| around.embargo = state);
        assert_eq!(rules, ["embargo "]);
    }
    assert_eq!(around_rules(Manners::OssSecurity, |around| around.public = false), ["G14 "]);
    assert_eq!(around_rules(Manners::Distros, |around| around.public = true), ["D1 "]);
}

#[test]
fn who_cannot_read_another_case_learns_only_whom_to_ask() {
    let hidden = |count: usize| {
        found(Manners::Siren, samples::statement(), |around| {
            around.embargoed_too = vec![None; count];
        })
    };
    let one = ("held ".to_owned(), "Held: ask the duty coordinator.".to_owned());
    assert_eq!(hidden(1), hidden(3));
    assert_eq!(hidden(1), [one]);
    let readable = found(Manners::Siren, samples::statement(), |around| {
        around.embargoed_too = vec![CaseId::parse("SIRT-2026-4827")];
    });
    assert!(readable.iter().any(|(_, what)| what.contains("SIRT-2026-4827")));
}

#[test]
fn nothing_is_posted_twice_or_too_often() {
    let twice = |around: &mut Around<'_>| around.posted_before = Some("version 1".to_owned());
    assert_eq!(around_rules(Manners::Siren, twice), ["twice ids"]);
    assert_eq!(around_rules(Manners::Siren, |around| around.posted_today = 5), ["rate "]);
    assert_eq!(around_rules(Manners::Siren, |around| around.posted_today = 4), [""; 0]);
    let said = with(|said| said.date = Some(jiff::civil::date(2026, 6, 5)));
    let later = found(Manners::Siren, said, |around| {
        (around.posted_today, around.at) = (5, Some(at("2026-06-05T10:00:00Z")));
    });
    assert_eq!(later, []);
}

#[test]
fn the_date_in_it_is_the_day_of_posting() {
    let later = |around: &mut Around<'_>| around.at = Some(at("2026-06-04T00:00:00Z"));
    assert_eq!(around_rules(Manners::Siren, later), ["date date"]);
    let late = |around: &mut Around<'_>| around.at = Some(at("2026-06-01T00:00:00Z"));
    assert_eq!(around_rules(Manners::Siren, late), [""; 0]);
    assert_eq!(rules(Manners::Siren, with(|said| said.date = None)), ["date date"]);
}

#[test]
fn what_replaces_a_post_follows_it_and_says_what_is_new() {
    let (team, list) = (team(), list(Manners::Siren));
    let mut around = around(&team, &list);
    let heading = samples::later(NoticeKind::Correction);
    let said = with(|said| said.changes = "1.6.2 is affected too.".to_owned());
    let rules = |said: &Statement, around: &Around<'_>| {
        let found = post(&notice(heading.clone(), said.clone()), around).err().unwrap_or_default();
        found.iter().map(|one| one.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(&said, &around), ["thread"]);
    around.references = vec![id("23456789abcdefghjkmnpqrstv@sirt.example")];
    assert_eq!(rules(&said, &around), [""; 0]);
    assert_eq!(rules(&samples::statement(), &around), ["changes"]);
    let first = post(&notice(samples::heading(), samples::statement()), &around);
    assert!(first.expect_err("a thread of its own").iter().any(|one| one.rule == "O6"));
}

#[test]
fn gaps_that_were_to_be_filled_are_found() {
    for gap in ["TODO", "see CVE-2026-XXXX", "<your name>", "{{ date }}", "[insert version]"] {
        assert_eq!(rules(Manners::Siren, says(gap)), ["placeholder description"], "{gap}");
    }
}

#[test]
fn it_is_of_use_when_every_link_is_dead() {
    let links = format!("https://acme.example/{} is all there is.", "a".repeat(100));
    let said = with(|said| said.description = links);
    assert_eq!(rules(Manners::OssSecurity, said), ["O3 description"]);
    let said = with(|said| said.actions = "See https://acme.example/fix".to_owned());
    assert_eq!(rules(Manners::Siren, said), ["O3 actions"]);
}

#[test]
fn that_it_is_exploited_is_said_with_how_we_know() {
    assert_eq!(rules(Manners::Siren, with(|said| said.evidence.clear())), ["evidence evidence"]);
}

#[test]
fn an_id_alone_is_no_subject() {
    let said = with(|said| said.title = "CVE-2026-10001".to_owned());
    assert_eq!(rules(Manners::OssSecurity, said), ["O2 title"]);
    let said = with(|said| said.title = "path traversal in acme-archive".to_owned());
    assert_eq!(rules(Manners::OssSecurity, said), ["O2 title"]);
    let said = with(|said| said.title = format!("tool 1 {}", "very ".repeat(60)));
    assert_eq!(rules(Manners::Siren, said), ["subject title"]);
}

#[test]
fn closed_source_is_for_other_lists() {
    let said = with(|said| said.title = "Microsoft Windows 11 kernel overflow".to_owned());
    assert_eq!(rules(Manners::OssSecurity, said), ["O4 title"]);
    assert_eq!(rules(Manners::Siren, says("It is proprietary software.")), ["O4 title"]);
}

#[test]
fn letters_that_are_not_ascii_are_written_plainly_or_refused() {
    assert_eq!(rules(Manners::Siren, says("Grüße – “so”")), [""; 0]);
    assert_eq!(rules(Manners::Siren, says("ключ")), ["ASCII description"]);
}

#[test]
fn readers_are_sent_nowhere_they_cannot_go() {
    for url in [
        "http://localhost:8080/x",
        "https://git.internal/acme",
        "https://wiki.corp.example.lan/x",
        "http://10.1.2.3/x",
        "http://[fd00::1]/x",
        "http://buildhost/log",
        "file:///etc/passwd",
        "https://val:secret@acme.example/",
        "https://acme.example/x?token=abc",
        "https://docs.google.com/document/1",
        "https://github.com/acme/archive-ghsa-aaaa-2bbb-3ccc/pull/1",
        "https://github.com/acme/archive/security/advisories/new",
    ] {
        assert_eq!(rules(Manners::Siren, says(url)), ["reference description"], "{url}");
    }
    for fine in [
        "https://github.com/acme/archive/security/advisories/GHSA-aaaa-2bbb-3ccc",
        "jndi:ldap://attacker.example/a",
        "http://169.254.169.254/latest",
    ] {
        assert_eq!(rules(Manners::Siren, says(fine)), [""; 0], "{fine}");
    }
    assert_eq!(rules(Manners::Siren, says("in /workspace/cases/1")), ["reference description"]);
    let signs = with(|said| said.indicators = "It asks http://127.0.0.1:9/x".to_owned());
    assert_eq!(rules(Manners::Siren, signs), [""; 0]);
}

#[test]
fn nothing_of_our_house_is_named() {
    for words in [
        "See SIRT-2026-4827.",
        "[SIRT-2026-4827 k7qd3mw2 sirt@sirt.example TLP:CLEAR]",
        "Write to sirt+abcdefgh@sirt.example.",
        "In <zzzz2345abcdefghjkmnpqrstv@sirt.example> it says so.",
    ] {
        let rules = rules(Manners::Siren, says(words));
        assert!(!rules.is_empty() && rules.iter().all(|one| one == "ours description"), "{words}");
    }
    assert_eq!(rules(Manners::Siren, says("Our key: sirt+key@sirt.example")), [""; 0]);
}

#[test]
fn eve_gets_nobody_named_who_has_not_agreed() {
    let unnamed = |names: &[&str], words: &str| {
        let found = found(Manners::Siren, says(words), |around| {
            around.unnamed = names.iter().map(|name| (*name).to_owned()).collect();
        });
        assert!(found.iter().all(|(_, what)| !what.contains("Mo")), "{found:?}");
        found.into_iter().map(|(rule, _)| rule).collect::<Vec<_>>()
    };
    let here = ["named description"];
    assert_eq!(unnamed(&["Mo Maintainer"], "Thanks to mo\nmaintainer!"), here);
    assert_eq!(unnamed(&["Mo Maintainer"], "Maintainer, Mo wrote it"), here);
    assert_eq!(unnamed(&["mo@acme.example"], "Ask MO@acme.example"), here);
    assert_eq!(unnamed(&["Jörg Maintainer"], "by Jörg Maintainer"), here);
    assert_eq!(unnamed(&["Mo"], "Mo wrote it"), here);
    assert_eq!(unnamed(&["Mo"], "More of it"), [""; 0]);
}

#[test]
fn oss_security_gets_all_that_it_asks_for() {
    let cases: [(Statement, &str); 5] = [
        (with(|said| said.affected.clear()), "O8 affected"),
        (with(|said| said.impact.clear()), "O8 impact"),
        (with(|said| said.references.clear()), "O8 references"),
        (with(|said| said.references.truncate(1)), "O8 references"),
        (with(|said| said.ai.clear()), "O10 ai"),
    ];
    for (said, rule) in cases {
        assert_eq!(rules(Manners::OssSecurity, said), [rule]);
    }
}

#[test]
fn distros_gets_what_it_takes_and_no_more() {
    let on = |text: &str| Statement { public_on: Some(at(text)), ..for_distros() };
    let fix = |mut said: Statement| {
        let url = "https://acme.example/commit/1".to_owned();
        said.references.push(Reference { kind: ReferenceKind::Fix, url });
        said
    };
    let cases: [(Statement, &[&str]); 9] = [
        (Statement { severity: Some(Severity::Low), ..for_distros() }, &["D1 severity"]),
        (fix(for_distros()), &["D8 references"]),
        (Statement { told_before: vec![], ..for_distros() }, &["D6 told"]),
        (
            Statement {
                told_before: vec!["upstream".to_owned(), "linux-distros".to_owned()],
                ..for_distros()
            },
            &["D2 told"],
        ),
        (Statement { public_on: None, ..for_distros() }, &["D5 public"]),
        (on("2026-06-02T14:00:00Z"), &["D5 public", "D5 public"]),
        (on("2026-09-01T14:00:00Z"), &["D5 public", "D5 public"]),
        (on("2026-06-13T14:00:00Z"), &["D5 public", "D5 public"]),
        (
            Statement { exploited: Exploited::Yes, evidence: "seen".to_owned(), ..for_distros() },
            &["D9 public"],
        ),
    ];
    for (said, wanted) in cases {
        assert_eq!(rules(Manners::Distros, said), wanted);
    }
}

#[test]
fn distros_is_written_to_encrypted_and_with_nothing_in_the_subject() {
    let (team, mut list) = (team(), list(Manners::Distros));
    (list.key, list.sign, list.formats) = (None, SignForm::Clearsign, vec![Format::Text]);
    let around = around(&team, &list);
    let found = post(&notice(samples::heading(), for_distros()), &around).expect_err("refused");
    assert_eq!(found.iter().map(|one| one.rule).collect::<Vec<_>>(), ["D4", "D4"]);
}

fn sample() -> Post {
    Post {
        left_out: Vec::new(),
        list: "siren".to_owned(),
        to: address("siren@lists.example"),
        from: Mailbox { name: "SIRT".to_owned(), address: address("sirt@sirt.example") },
        subject: "s".to_owned(),
        body: "b\n".to_owned(),
        files: vec![Document { name: "n".to_owned(), kind: "k", text: "t".to_owned() }],
        sign: SignForm::Clearsign,
        at: None,
        references: vec![id("a@b.example")],
        key: None,
    }
}

#[test]
fn any_change_of_a_post_is_another_digest() {
    let changes: Vec<fn(&mut Post)> = vec![
        |_| {},
        |post| post.list.push('x'),
        |post| post.to = address("other@lists.example"),
        |post| post.from.name.push('x'),
        |post| post.from.address = address("eve@evil.example"),
        |post| post.subject.push('x'),
        |post| post.body.push('x'),
        |post| post.files[0].name.push('x'),
        |post| post.files[0].kind = "x",
        |post| post.files[0].text.push('x'),
        |post| post.files.clear(),
        |post| post.files.push(post.files[0].clone()),
        |post| post.sign = SignForm::PgpMime,
        |post| post.at = Some(at("2026-06-03T10:00:00Z")),
        |post| post.at = Some(at("2026-06-03T10:00:00.000000001Z")),
        |post| post.references.clear(),
        |post| post.references.push(id("c@d.example")),
        |post| post.key = Fingerprint::parse(&"B".repeat(40)),
        // The same characters, divided elsewhere.
        |post| (post.subject, post.body) = (String::new(), "sb\n".to_owned()),
    ];
    let digest = |change: &fn(&mut Post)| {
        let mut post = sample();
        change(&mut post);
        post.digest(&secrets())
    };
    let mut digests: Vec<String> = changes.iter().map(digest).collect();
    assert!(digests.iter().all(|digest| digest.len() == 16));
    assert_eq!(digests.first(), Some(&sample().digest(&secrets())));
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), changes.len());
    let other = Secrets { codes: [9; 32], ..secrets() };
    assert_ne!(sample().digest(&other), sample().digest(&secrets()));
}
