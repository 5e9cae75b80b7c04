use super::*;
use crate::case::{Caseload, Entry, Filed, FiledWords, Opening, Pathway, Tlp};
use crate::desk::leak_guard::passages;
use crate::desk::orders::cast::Office;
use crate::desk::test_support::{World, address};
use crate::desk::{ArrivalFacts, Decision, Input};
use crate::letter::{Letter, Wording};
use crate::mail::{Mail, Mailbox};
use crate::triage::{Question, triage};

const SECRET: &str = "The overflow sits in the loop that copies the header without looking at the \
                      length that the caller was given, and a file of nine bytes reaches it.";

/// Val's words to Fay, which went encrypted.
fn spoken(office: &mut Office) {
    office.read_in("val");
    let letter = office.cases().letters().next().expect("a letter").clone();
    let mut written = crate::case::Written {
        letter: office.cases().next_letter(),
        template: "T-12".into(),
        wording: "own-words".into(),
        mail: "ab".repeat(32),
        message_id: crate::mail::MessageId::parse("words@example.org").expect("an id"),
        code: None,
        member: None,
        participant: Some(1),
        acknowledges: false,
        sealed: true,
        kept: false,
        return_token: None,
        held: None,
        due: None,
        orders: None,
        private: Default::default(),
    };
    written.private.to = letter.to;
    written.private.passages = passages(&office.rules().secrets, SECRET);
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    let event = Event::LetterWritten(written);
    office.world.fold(Entry { at, case, by: Actor::Gateway, event });
}

fn clear_mail(world: &mut World, from: &str, text: &str) -> Decision {
    let mut mail = Mail {
        from: vec![Mailbox { name: String::new(), address: address(from) }],
        to: vec![Mailbox { name: String::new(), address: address("sirt@example.org") }],
        text: text.to_owned(),
        ..Mail::default()
    };
    mail.evidence.encrypted = Encrypted::No;
    let question = Question { mail: &mail, cases: &world.cases, rules: &world.rules, list: None };
    let triage = triage(&question);
    let arrival = ArrivalFacts {
        mail: "cd".repeat(32),
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

fn exposed_in(decision: &Decision) -> Vec<Option<CaseId>> {
    let exposed = decision.entries.iter().filter(|one| one.event.name() == "words.exposed");
    exposed.map(|one| one.case.clone()).collect()
}

fn to<'a>(decision: &'a Decision, member: &str) -> Vec<&'a Letter> {
    let hers = |one: &&Letter| one.to.member.as_deref() == Some(member);
    decision.letters.iter().filter(hers).collect()
}

#[test]
fn fay_answers_in_the_clear_with_all_that_we_had_encrypted() {
    let mut office = Office::new();
    spoken(&mut office);
    let quoted =
        format!("> {}\n\nThank you, I understand.", SECRET.replace("header", "header\n> "));
    let decision = clear_mail(&mut office.world, "fay@finders.example", &quoted);
    assert_eq!(exposed_in(&decision), [Some(office.case.clone())]);
    let [told] = to(&decision, "cora")[..] else { panic!("one letter: {decision:?}") };
    let (Wording::CaseOpened(words) | Wording::MailJoined(words)) = &told.wording else {
        panic!("{told:?}")
    };
    assert!(words.mail.warnings.iter().any(|one| one.contains("in the clear")), "{words:?}");
    // Her own words, and words of nobody, are no exposure.
    let other = "Is there any news about the report that I sent you some two weeks ago by now?";
    assert!(exposed_in(&clear_mail(&mut office.world, "fay@finders.example", other)).is_empty());
}

#[test]
fn val_signs_in_the_clear_what_we_had_encrypted() {
    let mut office = Office::new();
    spoken(&mut office);
    let mut order = office.order("val", &format!("/note\n\n{SECRET}"));
    order.encrypted = false;
    let (decision, answer) = office.take(&order);
    assert_eq!(exposed_in(&decision), [Some(office.case.clone())]);
    let Wording::Transcript(transcript) = &answer.wording else { panic!("{answer:?}") };
    assert!(transcript.exposure);
    assert_eq!(to(&decision, "val").len(), 1);
    let told = to(&decision, "cora");
    let [told] = told[..] else { panic!("one letter: {told:?}") };
    let Wording::CaseChanged(news) = &told.wording else { panic!("{told:?}") };
    assert!(news.exposed && news.did.is_empty(), "{news:?}");
}

#[test]
fn eve_in_vals_name_repeats_what_cora_sent() {
    let mut office = Office::new();
    spoken(&mut office);
    let text = format!("About {}:\n\n{SECRET}", office.case);
    let cases = office.cases().cases().count();
    let decision = clear_mail(&mut office.world, "val@example.org", &text);
    assert_eq!(exposed_in(&decision), [Some(office.case.clone())]);
    assert_eq!(office.cases().cases().count(), cases, "it joins the case it names");
}

/// Ten thousand cases of four hundred words each: the index answers, not a walk.
#[test]
fn the_index_holds_ten_thousand_cases() {
    let office = Office::new();
    let (rules, at) = (office.rules(), office.world.now());
    let mut cases = Caseload::default();
    for number in 0..10_000_u64 {
        let id = CaseId::nth("SIRT", 2026, number, &rules.secrets.numbers);
        let words = (0..60_u64).map(|one| number * 1_000 + one).collect();
        let entry = |event| Entry { at, case: Some(id.clone()), by: Actor::Gateway, event };
        cases.apply(&entry(Event::CaseOpened {
            class: Class::Report,
            pathway: Pathway::P1,
            tlp: Tlp::Red,
            private: Opening::default(),
        }));
        let private = FiledWords {
            from: Some(address("fay@finders.example")),
            passages: words,
            encrypted: true,
            ..FiledWords::default()
        };
        cases.apply(&entry(Event::MailFiled(Filed {
            mail: format!("{number:064x}"),
            exact: String::new(),
            routeless: String::new(),
            class: Class::Report,
            bytes: 1,
            mailbox: String::new(),
            from: None,
            private,
        })));
    }
    let known = (0..10_000_000).filter(|one| cases.sealed_words(*one).is_some()).count();
    assert_eq!(known, 600_000);
}
