use super::super::imap::ImapSettings;
use super::super::imap_script::{play, settings};
use super::super::{SourceError, SourceErrorKind};
use super::*;
use std::sync::Arc;

fn greeted(capabilities: &str) -> String {
    format!("S: * OK ready\nC: CAPABILITY\nS: * CAPABILITY IMAP4rev1 {capabilities}\nS: $ OK\n")
}

/// Ends the dialogue once the login is over: what follows it is refused.
const AFTER: &str = "C: CAPABILITY\nS: $ NO later\n";

fn with(login: Login) -> ImapSettings {
    ImapSettings { login: Arc::new(move || Ok(login.clone())), ..settings() }
}

fn password(user: &str, password: &str) -> ImapSettings {
    with(Login::Password { user: user.into(), password: Secret::new(password.into()) })
}

fn token() -> ImapSettings {
    with(Login::Token { user: "sirt@x,y=z".into(), token: Secret::new("ya29.t0k".into()) })
}

/// How a login went: the trouble after [`AFTER`] means that it was accepted.
async fn outcome(settings: ImapSettings, script: &str) -> Result<(), SourceError> {
    let (mut source, server) = play(settings, script);
    let error = source.next().await.err().expect("some trouble");
    drop(source);
    server.finish().await;
    assert!(!error.words.contains("secret") && !error.words.contains("t0k"), "{error}");
    if error.words.ends_with("the server refused CAPABILITY") { Ok(()) } else { Err(error) }
}

async fn kind(settings: ImapSettings, script: &str) -> SourceErrorKind {
    outcome(settings, script).await.expect_err("must fail").kind
}

#[tokio::test]
async fn strings_are_quoted_or_sent_as_literals() {
    let script = greeted("") + "C: LOGIN \"si\\\"rt\" \"sec\\\\ret\"\nS: $ OK\n" + AFTER;
    outcome(password("si\"rt", "sec\\ret"), &script).await.expect("accepted");
    let script = greeted("")
        + "C: LOGIN {5}\nS: + go on\nC+ sïrt {8}\nS: * OK wait\nS: + go on\nC+ secrët.\nS: $ OK\n"
        + AFTER;
    outcome(password("sïrt", "secrët."), &script).await.expect("accepted");
}

#[tokio::test]
async fn eve_cannot_ask_for_the_password_twice() {
    let script = greeted("") + "C: LOGIN {5}\nS: $ NO not like this\n";
    assert_eq!(kind(password("sïrt", "secret"), &script).await, SourceErrorKind::Temporary);
    let script = greeted("") + "C: LOGIN \"sirt\" \"secret\"\nS: + once more\n";
    assert_eq!(kind(password("sirt", "secret"), &script).await, SourceErrorKind::Temporary);
}

#[tokio::test]
async fn a_refused_password_is_told_apart_from_a_server_in_trouble() {
    let login = greeted("") + "C: LOGIN \"sirt\" \"secret\"\n";
    let settings = || password("sirt", "secret");
    for (answer, expected) in [
        ("S: $ NO [AUTHENTICATIONFAILED] no\n", SourceErrorKind::Credentials),
        ("S: $ NO\n", SourceErrorKind::Credentials),
        ("S: $ NO [UNAVAILABLE] later\n", SourceErrorKind::Temporary),
        ("S: $ NO [LIMIT] later\n", SourceErrorKind::Temporary),
        ("S: $ BAD what\n", SourceErrorKind::Temporary),
        ("S: * BYE\n", SourceErrorKind::Temporary),
    ] {
        assert_eq!(kind(settings(), &(login.clone() + answer)).await, expected, "{answer}");
    }
}

#[tokio::test]
async fn plain_is_used_where_login_is_disabled() {
    let plain = STANDARD.encode("\0sirt\0secret");
    let settings = || password("sirt", "secret");
    let script = greeted("LOGINDISABLED AUTH=PLAIN")
        + &format!("C: AUTHENTICATE PLAIN\nS: +\nC+ {plain}\nS: $ OK\n")
        + AFTER;
    outcome(settings(), &script).await.expect("accepted");
    let script = greeted("LOGINDISABLED AUTH=PLAIN SASL-IR")
        + &format!("C: AUTHENTICATE PLAIN {plain}\nS: $ OK\n")
        + AFTER;
    outcome(settings(), &script).await.expect("accepted");
    assert_eq!(kind(settings(), &greeted("LOGINDISABLED")).await, SourceErrorKind::Settings);
}

#[tokio::test]
async fn a_token_goes_by_oauthbearer_or_xoauth2() {
    let bearer = STANDARD.encode(
        "n,a=sirt@x=2Cy=3Dz,\x01host=imap.sirt.test\x01port=993\x01auth=Bearer ya29.t0k\x01\x01",
    );
    let script = greeted("AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR")
        + &format!("C: AUTHENTICATE OAUTHBEARER {bearer}\nS: $ OK\n")
        + AFTER;
    outcome(token(), &script).await.expect("accepted");
    let xoauth2 = STANDARD.encode("user=sirt@x,y=z\x01auth=Bearer ya29.t0k\x01\x01");
    let script = greeted("AUTH=XOAUTH2")
        + &format!("C: AUTHENTICATE XOAUTH2\nS: + \nC+ {xoauth2}\nS: $ OK\n")
        + AFTER;
    outcome(token(), &script).await.expect("accepted");
    assert_eq!(kind(token(), &greeted("AUTH=PLAIN")).await, SourceErrorKind::Settings);
}

#[tokio::test]
async fn a_refused_token_is_answered_and_ends_as_a_refusal() {
    for (mechanism, sorry) in [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")] {
        let script = greeted(&format!("AUTH={mechanism} SASL-IR"))
            + &format!("C~ AUTHENTICATE {mechanism} [A-Za-z0-9+/=]+\n")
            + &format!("S: + eyJzdGF0dXMiOiI0MDEifQ==\nC+ {sorry}\n")
            + "S: $ NO [AUTHENTICATIONFAILED] no\n";
        assert_eq!(kind(token(), &script).await, SourceErrorKind::Credentials, "{mechanism}");
    }
}

#[tokio::test]
async fn control_characters_never_reach_the_server() {
    let nobody = kind(with(Login::Nobody), &greeted("")).await;
    assert_eq!(nobody, SourceErrorKind::Settings);
    assert_eq!(kind(password("a\0b", "c"), &greeted("")).await, SourceErrorKind::Settings);
    let evil = with(Login::Token { user: "a\x01b".into(), token: Secret::new("c".into()) });
    assert_eq!(kind(evil, &greeted("AUTH=XOAUTH2")).await, SourceErrorKind::Settings);
}

#[tokio::test]
async fn a_password_that_cannot_be_had_is_told() {
    let mut settings = settings();
    settings.login = Arc::new(|| Err("password_command ended with status 1".into()));
    let (mut source, _) = play(settings, "");
    let error = source.next().await.err().expect("told");
    assert_eq!(error.kind, SourceErrorKind::Credentials);
    assert!(error.words.ends_with("password_command ended with status 1"), "{error}");
}
