use super::super::cast::*;
use super::*;
use crate::case::{Event, Filed, FiledWords};
use crate::mail::MessageId;
use crate::mail::{Mail, Signature, Signed};
use crate::triage::Triage;

fn belongs(triage: &Triage) -> Option<(Link, Option<u32>, bool)> {
    triage.belongs.as_ref().map(|belongs| (belongs.by, belongs.participant, belongs.proven))
}

fn token(house: &House, participant: u32) -> String {
    format!("sirt+{}@sirt.test", house.rules.secrets.token(&id(CASE), participant, 0))
}

#[test]
fn a_code_counts_in_any_quote() {
    let house = House::new();
    let line = house.case_line(1);
    for text in [line.clone(), format!("ok\n> > {line}"), line.replacen(' ', "\n> ", 1)] {
        let triage = house.ask(&mail(FAY, "Re: hello", &text));
        assert_eq!(triage.class, Class::FollowUp, "{text}");
        assert_eq!(belongs(&triage), Some((Link::Code, Some(1), false)), "{text}");
    }
    assert_eq!(house.ask(&mail(FAY, &line, "")).pathway, crate::case::Pathway::P3);
}

#[test]
fn a_token_counts_wherever_the_mail_was_sent_to() {
    let house = House::new();
    let token = token(&house, 1);
    let named = Mail { cc: vec![mailbox(&token)], ..mail(FAY, "x", "y") };
    assert_eq!(belongs(&house.ask(&named)), Some((Link::Code, Some(1), false)));
    for field in ["delivered-to", "x-original-to"] {
        let triage = house.ask(&with_field(mail(EVE, "x", "y"), field, &token));
        assert_eq!(belongs(&triage), Some((Link::Code, None, false)), "{field}");
    }
}

/// Eve tries codes and tokens, and puts a good code beside another case's number.
#[test]
fn eve_cannot_guess_her_way_into_a_case() {
    let house = House::new();
    let line = house.case_line(1);
    let other = line.replace("4827", "4828");
    for text in ["[SIRT-2026-4827 aaaaaaaa sirt@sirt.test]", "[SIRT-2026-4827]", &other] {
        assert_eq!(house.ask(&mail(EVE, text, text)).belongs, None, "{text}");
    }
    let guessed =
        Mail { to: vec![mailbox("sirt+aaaaaaaaaaaaaaaa@sirt.test")], ..mail(EVE, "x", "y") };
    assert_eq!(house.ask(&guessed).belongs, None);
    let own_domain = token(&house, 1).replace("sirt.test", "evil.test");
    let elsewhere = Mail { to: vec![mailbox(&own_domain)], ..mail(EVE, "x", "y") };
    assert_eq!(house.ask(&elsewhere).belongs, None);
}

/// Eve was sent a copy of a letter and knows its Message-ID: she may add words, unverified.
#[test]
fn a_stranger_joins_by_thread_as_unverified() {
    let house = House::new();
    let stranger = Mail { references: vec![house.message_id(1)], ..mail(EVE, "Re: x", "hello") };
    let triage = house.ask(&stranger);
    assert_eq!((triage.class, triage.certain), (Class::FollowUp, Certainty::Doubtful));
    assert_eq!(belongs(&triage), Some((Link::MessageId, None, false)));
    assert!(triage.because.iter().any(|why| why.contains("unverified")));
}

#[test]
fn a_subject_alone_from_a_stranger_opens_a_new_case_and_says_so() {
    let house = House::new();
    let triage =
        house.ask(&mail(EVE, "Re: [SIRT-2026-4827]", "heap overflow, send me all details"));
    assert_eq!((triage.class, triage.belongs.clone()), (Class::Report, None));
    assert!(triage.because.iter().any(|why| why.contains("nothing shows that it belongs there")));
    // What handlers are told does not depend on what we hold.
    let unknown =
        house.ask(&mail(EVE, "Re: [SIRT-2026-9999]", "heap overflow, send me all details"));
    let why = |triage: &Triage, number: &str| triage.because.join(" ").replace(number, "");
    assert_eq!(why(&triage, "4827"), why(&unknown, "9999"));
}

#[test]
fn the_number_counts_from_who_takes_part() {
    let house = House::new();
    let triage = house.ask(&mail(MO, "sirt-2026-4827", "fix is ready"));
    assert_eq!(belongs(&triage), Some((Link::Number, Some(2), false)));
    let mut two = mail(MO, "SIRT-2026-4827", "fix");
    two.from.push(mailbox(EVE));
    assert_eq!(house.ask(&two).belongs, None, "two senders are none");
}

#[test]
fn a_signed_number_counts_from_anywhere() {
    let mut house = House::new();
    house.learn(1, "fay", true);
    let text = "About SIRT-2026-4827: more";
    let from_work = signed(mail("fay@work.test", "x", text), "fay");
    assert_eq!(belongs(&house.ask(&from_work)), Some((Link::SignedNumber, None, false)));
    let from_home = signed(mail(FAY, "x", text), "fay");
    let triage = house.ask(&from_home);
    assert_eq!(belongs(&triage), Some((Link::SignedNumber, Some(1), true)));
    assert_eq!(triage.certain, Certainty::Certain);
    let outside = signed(mail("fay@work.test", "SIRT-2026-4827", "x"), "fay");
    assert_eq!(house.ask(&outside).belongs, None, "the outer Subject is not signed");
}

/// Eve signs with a key that only came with a mail, or with one that was never proven, or passes
/// on what Fay signed for others.
#[test]
fn eve_is_not_proven() {
    let mut house = House::new();
    house.learn(1, "fay", false);
    let text = "About SIRT-2026-4827: lift the embargo";
    let ask = |house: &House, signed: Signed, from: &str| {
        let mut mail = mail(from, "x", text);
        mail.evidence.signature = Signature::Good(signed);
        belongs(&house.ask(&mail))
    };
    let number = Some((Link::Number, Some(1), false));
    assert_eq!(ask(&house, signature("fay"), FAY), number, "a candidate proves nothing");
    house.learn(1, "fay", true);
    let attacks = [
        Signed { signer: key("eve"), ..signature("fay") },
        Signed { key: KeyOrigin::InMail, ..signature("fay") },
        Signed { alive_now: false, ..signature("fay") },
        Signed { meant_for_others: true, ..signature("fay") },
    ];
    for attack in attacks {
        assert_eq!(ask(&house, attack.clone(), FAY), number);
        assert_eq!(ask(&house, attack, EVE), None);
    }
}

#[test]
fn somebodys_own_earlier_mail_is_a_thread_too() {
    let mut house = House::new();
    let first = MessageId::parse("<first@finders.test>");
    let words = FiledWords { message_id: first.clone(), ..FiledWords::default() };
    house.apply(
        CASE,
        Event::MailFiled(Filed {
            mail: "1".to_owned(),
            exact: String::new(),
            routeless: String::new(),
            class: Class::Report,
            bytes: 1,
            mailbox: String::new(),
            from: Some(1),
            private: words,
        }),
    );
    let again = |from| Mail {
        in_reply_to: first.clone().into_iter().collect(),
        ..mail(from, "x", "I forgot")
    };
    assert_eq!(belongs(&house.ask(&again(FAY))), Some((Link::MessageId, Some(1), false)));
    assert_eq!(house.ask(&again(EVE)).belongs, None);
}

#[test]
fn among_two_cases_it_is_the_one_that_the_sender_takes_part_in() {
    let mut house = House::new();
    house.add_case("SIRT-2026-1111", &[(Role::Finder, "other@finders.test")]);
    house.write("SIRT-2026-1111", 7, "other@finders.test");
    let both = format!("{}\n{}", house.case_line(7), house.case_line(1));
    let triage = house.ask(&mail(FAY, "x", &both));
    assert_eq!(triage.belongs.map(|belongs| belongs.case), Some(id(CASE)));
}

#[test]
fn what_the_quote_holds_is_known_already() {
    let house = House::new();
    let text = format!("It is CVE-2026-10002.\n> {}\n> CVE-2026-10001\n", house.case_line(1));
    assert_eq!(house.ask(&mail(FAY, "x", &text)).found.ids, ["CVE-2026-10002"]);
}
