//! Saying who we are: LOGIN, PLAIN, OAUTHBEARER and XOAUTH2.

use super::imap_answer::{Answer, Code, Trouble, Verdict};
use super::imap_session::{COMMAND, Session};
use super::imap_text::Line;
use crate::net::{Endpoint, Login, Secret};
use async_imap::imap_proto::{Capability, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

pub(super) async fn log_in(
    session: &mut Session,
    login: &Login,
    endpoint: &Endpoint,
) -> Result<(), Trouble> {
    ask_capabilities(session).await?;
    let answer = match login {
        Login::Nobody => return Err(Trouble::settings("a mailbox needs `user` and a password")),
        Login::Password { user, password } => with_password(session, user, password).await?,
        Login::Token { user, token } => with_token(session, user, token, endpoint).await?,
    };
    judge(answer)?;
    // RFC 3501 section 6.2.3: what was offered before may differ now.
    ask_capabilities(session).await
}

async fn ask_capabilities(session: &mut Session) -> Result<(), Trouble> {
    let mut found = BTreeSet::new();
    let line = Line::new("CAPABILITY", "CAPABILITY");
    let each = |response: &Response<'_>| {
        if let Response::Capabilities(capabilities) = response {
            found = capabilities.iter().map(written).collect();
        }
    };
    session.run(&line, COMMAND, each).await?.ok()?;
    if found.is_empty() {
        return Err(Trouble::temporary("the server does not say what it can do"));
    }
    session.capabilities = found;
    Ok(())
}

fn written(capability: &Capability<'_>) -> String {
    match capability {
        Capability::Imap4rev1 => "IMAP4REV1".into(),
        Capability::Auth(name) => format!("AUTH={}", name.to_ascii_uppercase()),
        Capability::Atom(name) => name.to_ascii_uppercase(),
    }
}

async fn with_password(
    session: &mut Session,
    user: &str,
    password: &Secret,
) -> Result<Answer, Trouble> {
    let password = password.reveal();
    if user.contains('\0') || password.contains('\0') {
        return Err(Trouble::settings("user and password may not hold a NUL"));
    }
    if !session.offers("LOGINDISABLED") {
        let line = Line::new("LOGIN", "LOGIN").string(user).string(password);
        return session.run(&line, COMMAND, |_| ()).await;
    }
    if !session.offers("AUTH=PLAIN") {
        return Err(Trouble::settings("the server takes no password; use `token_command`"));
    }
    // RFC 4616.
    let plain = Zeroizing::new(format!("\0{user}\0{password}"));
    let initial = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
    session.authenticate("PLAIN", &initial, "*").await
}

async fn with_token(
    session: &mut Session,
    user: &str,
    token: &Secret,
    endpoint: &Endpoint,
) -> Result<Answer, Trouble> {
    let token = token.reveal();
    let graphic = |text: &str| !text.chars().any(char::is_control);
    if !graphic(user) || !graphic(token) {
        return Err(Trouble::settings("user and token may not hold control characters"));
    }
    if session.offers("AUTH=OAUTHBEARER") {
        // RFC 7628 section 3.1; the answer to a refusal is a lone ^A (section 3.2.3).
        let name = user.replace('=', "=3D").replace(',', "=2C");
        let Endpoint { host, port, .. } = endpoint;
        let text = Zeroizing::new(format!(
            "n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01"
        ));
        let initial = Zeroizing::new(STANDARD.encode(text.as_bytes()));
        return session.authenticate("OAUTHBEARER", &initial, "AQ==").await;
    }
    if session.offers("AUTH=XOAUTH2") {
        let text = Zeroizing::new(format!("user={user}\x01auth=Bearer {token}\x01\x01"));
        let initial = Zeroizing::new(STANDARD.encode(text.as_bytes()));
        return session.authenticate("XOAUTH2", &initial, "").await;
    }
    Err(Trouble::settings("the server takes no tokens; use `password_file`"))
}

fn judge(answer: Answer) -> Result<(), Trouble> {
    match (answer.status, answer.code) {
        (Verdict::Ok, _) => Ok(()),
        (Verdict::No, Code::Unavailable) | (Verdict::Bad, _) => Err(answer.refusal()),
        (Verdict::No, _) => Err(Trouble::credentials(
            "the server refused user and password (or token); check them there and here",
        )),
    }
}

#[cfg(test)]
#[path = "imap_login_tests.rs"]
mod tests;
