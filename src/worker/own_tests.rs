use super::super::opening::{Request, open_knowing};
use crate::mail::{Evidence, Mail, Signature};
use crate::pgp::cast::{Person, now, person};
use crate::pgp::{Opener, TeamKey};

const WORDS: &str = "TLP:CLEAR\n\nUpdate libexample to 1.6.3.\n- first\nFrom 1.4 on.\n";

/// Opens it as the gateway does that posts as this person.
fn opened(team: &Person, mail: &str) -> Mail {
    let opener = Opener::new(&team.team().decryption_part().expect("part")).expect("opener");
    let own = [team.certificate()];
    let ours = [team.certificate().fingerprint().clone()];
    let request = Request { on_record: &[], ours: &ours, now: now() };
    open_knowing(&own, mail.as_bytes(), &opener, &request).expect("a mail").mail
}

fn block(key: &TeamKey) -> String {
    key.sign_cleartext(WORDS, now()).expect("signed").replace('\n', "\r\n")
}

fn post(body: &str) -> String {
    format!(
        "From: list@lists.example.org\r\nSubject: [siren] notice\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\n{body}"
    )
}

fn forwarded(mail: &str) -> String {
    format!(
        "From: eve@example.net\r\nContent-Type: multipart/mixed; boundary=f\r\n\r\n--f\r\n\
         Content-Type: text/plain\r\n\r\nLook.\r\n--f\r\nContent-Type: message/rfc822\r\n\r\n\
         {mail}\r\n--f--\r\n"
    )
}

#[test]
fn only_what_our_signature_covers_is_ours() {
    let team = person("sirt");
    let block = block(&team.team());
    let around = format!("Eve says: pay her.\r\n\r\n{block}\r\n--\r\nPay Eve.\r\n");
    for mail in [post(&block), post(&around)] {
        let mail = opened(&team, &mail);
        assert_eq!(mail.own_words.as_deref(), Some(WORDS));
        assert!(!mail.own_signature_broken);
    }
}

#[test]
fn our_own_signature_gives_nobody_authority() {
    let team = person("sirt");
    let mail = opened(&team, &post(&block(&team.team())));
    let unknown = matches!(mail.evidence.signature, Signature::UnknownKey { .. });
    assert!(unknown, "{:?}", mail.evidence);
    assert!(Evidence::signed(&mail.evidence).is_none());
}

#[test]
fn eve_changes_a_word_and_it_is_told() {
    let team = person("sirt");
    let mail = opened(&team, &post(&block(&team.team()).replace("1.6.3", "1.6.2")));
    assert_eq!(mail.own_words, None);
    assert!(mail.own_signature_broken);
}

#[test]
fn eve_signs_the_same_words_herself_and_they_are_not_ours() {
    let (team, eve) = (person("sirt"), person("eve"));
    let mail = opened(&team, &post(&block(&eve.team())));
    assert_eq!(mail.own_words, None);
    assert!(!mail.own_signature_broken, "it does not even say that it is ours");
}

#[test]
fn eve_forwards_a_notice_of_ours_and_says_nothing_in_our_name() {
    let team = person("sirt");
    let mail = opened(&team, &forwarded(&post(&block(&team.team()))));
    assert_eq!(mail.own_words, None);
    let changed = post(&block(&team.team()).replace("1.6.3", "1.6.2"));
    assert!(!opened(&team, &forwarded(&changed)).own_signature_broken);
}

#[test]
fn a_quoted_notice_is_nobodys_post() {
    let team = person("sirt");
    let quoted: String = block(&team.team()).lines().map(|line| format!("> {line}\r\n")).collect();
    let mail = opened(&team, &post(&quoted));
    assert_eq!((mail.own_words, mail.own_signature_broken), (None, false));
}
