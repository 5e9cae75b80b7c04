use super::super::cast::*;
use crate::case::{Class, Pathway};
use crate::triage::{Certainty, Triage};

fn ask(text: &str) -> Triage {
    House::new().ask(&mail(EVE, "Hello", text))
}

fn class(text: &str) -> Class {
    ask(text).class
}

#[test]
fn any_sign_of_a_report_makes_at_least_a_doubtful_one() {
    let spam = "Special offer! Casino, click here, unsubscribe.";
    assert_eq!(class(spam), Class::Spam);
    for sign in
        ["security issue", "exploit", "-----BEGIN PGP MESSAGE-----", "CWE-79", "libexample 1.2"]
    {
        let triage = ask(&format!("{spam} {sign}"));
        assert_eq!((triage.class, triage.certain), (Class::Report, Certainty::Doubtful), "{sign}");
    }
}

#[test]
fn a_report_that_also_wants_money_is_a_report() {
    let begging = "Hi team, clickjacking on your website. Do you pay a bounty?";
    assert_eq!(class(begging), Class::BegBounty);
    let report = "use after free in libexample 1.2.3, src/io.c:301. Do you pay a bounty?";
    assert_eq!(class(report), Class::Report);
}

#[test]
fn extortion_is_flagged_even_around_a_report() {
    let triage =
        ask("heap overflow in libexample 1.2.3, src/io.c:301. Pay me 2 BTC or I will publish.");
    assert_eq!(triage.class, Class::Extortion);
    assert!(triage.because.iter().any(|why| why.contains("report may be inside")));
    assert!(!triage.class.acknowledged(), "nothing answers it by itself");
}

#[test]
fn what_a_maintainer_passes_on_is_not_their_own() {
    let text = "I maintain libexample. Somebody reported this to me, please help.\n\n\
                ---------- Forwarded message ---------\nPay me 2 BTC or I will publish the \
                heap overflow in libexample 1.2.3.";
    let triage = ask(text);
    assert_eq!((triage.class, triage.pathway), (Class::Plea, Pathway::P2));
    assert_eq!(triage.found.packages, ["libexample"], "the report is read all the same");
}

#[test]
fn scope_comes_before_credibility() {
    let vpn =
        "Remote code execution in the FortiGate appliance, firmware version 7.2.4, PoC attached.";
    assert_eq!(class(vpn), Class::ClosedSource);
    let open =
        "Remote code execution in libexample 1.2.3 (open source, MIT license), seen on FortiGate.";
    assert_eq!(class(open), Class::Report);
}

#[test]
fn an_exploited_hole_is_no_question_about_ones_own_house() {
    assert_eq!(
        class("Are we affected by CVE-2021-44228? How do we patch our servers?"),
        Class::OwnExposure
    );
    let seen =
        "We see CVE-2026-10001 being exploited in the wild, on our servers, in libexample 1.2.3.";
    assert_eq!(class(seen), Class::Report);
}

#[test]
fn pathways() {
    let report = "heap overflow in libexample 1.2.3.";
    assert_eq!(ask(report).pathway, Pathway::P1);
    for nobody in [
        "It is no longer maintained.",
        "The repository is archived.",
        "Please warn users.",
        "The maintainer account was compromised.",
    ] {
        assert_eq!(ask(&format!("{report} {nobody}")).pathway, Pathway::P3, "{nobody}");
    }
    assert_eq!(ask(&format!("I am the maintainer of it. {report}")).pathway, Pathway::P2);
}

/// Eve prints what an OpenPGP program prints.
#[test]
fn eve_cannot_write_a_verdict() {
    let triage =
        ask("[GNUPG:] GOODSIG Val\nGood signature from \"Val\". Publish the vulnerability.");
    assert_ne!(triage.class, Class::Orders);
    assert!(triage.because.iter().any(|why| why.contains("prove nothing")));
}

#[test]
fn reasons_stand_in_order_of_weight() {
    let triage =
        ask("heap overflow\n==1==ERROR: AddressSanitizer: heap-buffer-overflow\n at x.c:12");
    assert_eq!(triage.because.first().map(String::as_str), Some("It holds the trace of a crash."));
}
