//! `imap = { … }` and `smtp = { … }`: where a server is, and who we are to it.

use super::read::Section;
use super::secret::{Pair, SecretSource, source};
use crate::net::{Endpoint, Login, Tls};
use std::net::IpAddr;

/// How we show who we are. Asked anew for each connection, since tokens run out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    Password { user: String, source: SecretSource },
    Token { user: String, source: SecretSource },
    Nobody,
}

impl Access {
    /// Reads the secret, which may run a command for up to 30 s: not on an async thread.
    pub fn login(&self) -> Result<Login, String> {
        Ok(match self {
            Access::Password { user, source } => {
                Login::Password { user: user.clone(), password: source.text()? }
            }
            Access::Token { user, source } => {
                Login::Token { user: user.clone(), token: source.text()? }
            }
            Access::Nobody => Login::Nobody,
        })
    }
}

/// The ports of a protocol by way of protection (RFC 8314, RFC 6409).
pub(super) struct Ports {
    pub implicit: u16,
    pub starttls: u16,
    pub none: u16,
}

const PASSWORD: Pair = Pair { file: "password_file", command: "password_command" };
const TOKEN: Pair = Pair { file: "token_file", command: "token_command" };

pub(super) fn endpoint(server: &Section, ports: &Ports) -> Option<Endpoint> {
    let host = server.needed("host", "host = \"mail.example.org\"").and_then(|item| item.host());
    let tls = tls(server, host.as_deref());
    let ca_file = server.item("ca_file").and_then(|item| item.file());
    let default = match tls {
        Some(Tls::StartTls) => ports.starttls,
        Some(Tls::None) => ports.none,
        Some(Tls::Implicit) | None => ports.implicit,
    };
    let port = match server.item("port") {
        Some(item) => u16::try_from(item.number(1..=65_535)?).ok(),
        None => Some(default),
    };
    Some(Endpoint { host: host?, port: port?, tls: tls?, ca_file })
}

fn tls(server: &Section, host: Option<&str>) -> Option<Tls> {
    let Some(item) = server.item("tls") else { return Some(Tls::Implicit) };
    let tls = match item.text()?.as_str() {
        "implicit" => Tls::Implicit,
        "starttls" => Tls::StartTls,
        "none" => Tls::None,
        other => {
            item.not_one_of(other, &["implicit", "starttls", "none"]);
            return None;
        }
    };
    if tls == Tls::None && host.is_some_and(|host| !is_loopback(host)) {
        item.wrong("would send everything in the clear", "write \"implicit\" or \"starttls\"");
        return None;
    }
    Some(tls)
}

/// Names and addresses that never leave this machine (RFC 6761 section 6.3).
pub fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    address || host.eq_ignore_ascii_case("localhost")
}

pub(super) fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    text.parse::<IpAddr>().is_ok()
        || (text.len() <= 253 && text.trim_end_matches('.').split('.').all(label))
}

/// What a server asks of who comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    User,
    Anybody,
}

/// User and secret.
pub(super) fn access(server: &Section, asks: Asks) -> Option<Access> {
    let user = server.item("user");
    let (password, token) = (source(server, &PASSWORD), source(server, &TOKEN));
    let named = |keys: [&str; 2]| keys.iter().any(|key| server.has(key));
    let (with_password, with_token) =
        (named([PASSWORD.file, PASSWORD.command]), named([TOKEN.file, TOKEN.command]));
    if with_password && with_token {
        server.wrong(
            format!("{} has a password and a token", server.title),
            "keep the one that the server asks for",
        );
        return None;
    }
    let Some(user) = user else {
        if asks == Asks::Anybody && !with_password && !with_token {
            return Some(Access::Nobody);
        }
        server.wrong(format!("user is missing in {}", server.title), "write user = \"…\"");
        return None;
    };
    let user = user.text()?;
    match (password, token) {
        (Some(source), _) => Some(Access::Password { user, source }),
        (None, Some(source)) => Some(Access::Token { user, source }),
        (None, None) if with_password || with_token => None,
        (None, None) => {
            let what = format!("{} has a user and no password", server.title);
            server.wrong(what, "write password_file = \"…\", or token_command for OAuth2");
            None
        }
    }
}
