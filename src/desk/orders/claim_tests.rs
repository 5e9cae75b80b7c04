use crate::desk::orders::cast::Office;
use crate::desk::test_support::{World, address};
use crate::desk::{ArrivalFacts, Decision, Input, Opened};
use crate::letter::Wording;
use crate::mail::{Encrypted, Mail, Mailbox};
use crate::triage::{Question, triage};

/// An unsigned mail in Val's name.
fn claim(world: &mut World, text: &str) -> Decision {
    let mut mail = Mail {
        from: vec![Mailbox { name: "Val".into(), address: address("val@example.org") }],
        to: vec![Mailbox { name: String::new(), address: address("sirt@example.org") }],
        text: text.to_owned(),
        ..Mail::default()
    };
    mail.evidence.encrypted = Encrypted::Whole;
    let question = Question { mail: &mail, cases: &world.cases, rules: &world.rules, list: None };
    let triage = triage(&question);
    let arrival = ArrivalFacts {
        mail: format!("{:064x}", world.entries.len()),
        exact: "ce".repeat(32),
        routeless: "cf".repeat(32),
        bytes: 1_000,
        mailbox: "security".to_owned(),
        received: world.now(),
        twin: None,
        retried: None,
    };
    world.decide(&Input::Mail(Box::new(Opened { mail, signed: None, triage, arrival })))
}

fn to<'a>(decision: &'a Decision, member: &str) -> Vec<&'a Wording> {
    let hers = decision.letters.iter().filter(|one| one.to.member.as_deref() == Some(member));
    hers.map(|one| &one.wording).collect()
}

#[test]
fn unsigned_words_of_val_join_the_case_they_name_and_order_nothing() {
    let mut office = Office::new();
    office.read_in("val");
    let text = format!("/case {}\n/close\n\nI am Val.", office.case);
    let before = office.case().matter();
    let decision = claim(&mut office.world, &text);
    assert_eq!(office.cases().cases().count(), 1, "no case of its own");
    assert_eq!(office.case().matter(), before, "and no order");
    let filed = decision.entries.iter().find(|one| one.event.name() == "mail.filed");
    let filed = filed.expect("filed");
    assert_eq!(
        (filed.case.as_ref(), filed.by.to_string()),
        (Some(&office.case), "stranger".into())
    );
    let [Wording::MailJoined(words)] = to(&decision, "cora")[..] else { panic!("{decision:?}") };
    let warned = words.mail.warnings.iter().any(|one| one.contains("claims to be from val"));
    assert!(warned, "{:?}", words.mail.warnings);
    let [Wording::NotObeyed(told)] = to(&decision, "val")[..] else { panic!("{decision:?}") };
    assert!(told.claim);
    let letter = decision.letters.iter().find(|one| one.to.member.as_deref() == Some("val"));
    assert_eq!(letter.expect("hers").case.as_ref(), Some(&office.case), "an answer makes a note");
}

#[test]
fn val_is_told_once_an_hour_however_much_eve_writes() {
    let mut office = Office::new();
    office.read_in("val");
    let text = format!("About {}: please close it.", office.case);
    let told = |office: &mut Office| to(&claim(&mut office.world, &text), "val").len();
    assert_eq!((told(&mut office), told(&mut office), told(&mut office)), (1, 0, 0));
    office.wait(2);
    assert_eq!(told(&mut office), 1);
}

#[test]
fn a_case_that_val_cannot_read_is_not_joined_in_her_name() {
    let mut office = Office::new();
    let mails = office.case().mails.len();
    let text = format!("libexample has a heap buffer overflow, see {}.", office.case);
    claim(&mut office.world, &text);
    assert_eq!(office.case().mails.len(), mails);
    assert_eq!(office.cases().cases().count(), 2, "in doubt it is a report");
}
