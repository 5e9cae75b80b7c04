//! AUTH (RFC 4954): PLAIN, LOGIN, OAUTHBEARER, XOAUTH2.

use crate::net::{Endpoint, Login};
use crate::outbox::Fate;
use crate::outbox::relay::answer::{self, Phase, Reply};
use crate::outbox::relay::dialog::{Dialog, later};
use base64::prelude::{BASE64_STANDARD, Engine};
use std::fmt;
use zeroize::Zeroizing;

/// How a login is told to this relay.
struct Telling {
    mechanism: &'static str,
    /// Sent with the command.
    first: Option<Zeroizing<String>>,
    /// Sent one by one, each when asked for.
    next: Vec<Zeroizing<String>>,
    /// What ends the exchange when the relay explains a refusal instead of giving it.
    understood: &'static str,
}

/// One line that is sent as it stands.
struct Line(Zeroizing<String>);

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\r\n", self.0.as_str())
    }
}

impl Dialog {
    /// Logs in. Refused credentials, or none that this relay takes, are `Stop`.
    pub async fn login(&mut self, login: &Login, endpoint: &Endpoint) -> Result<(), Fate> {
        let telling = match login {
            Login::Nobody => return Ok(()),
            login => self.telling(login, endpoint).map_err(|why| Fate::Stop { why })?,
        };
        let first = telling.first.as_deref().map_or(String::new(), |first| format!(" {first}"));
        let first = Zeroizing::new(format!("AUTH {}{}", telling.mechanism, *Zeroizing::new(first)));
        let mut reply = self.tell(first).await?;
        for line in telling.next {
            match reply.code {
                334 => reply = self.tell(line).await?,
                _ => break,
            }
        }
        if reply.code == 334 {
            reply = self.tell(Zeroizing::new(telling.understood.to_owned())).await?;
        }
        self.believed(reply)
    }

    fn believed(&mut self, reply: Reply) -> Result<(), Fate> {
        let why = format!("{reply} at AUTH");
        match reply.class() {
            2 => Ok(()),
            5 => Err(Fate::Stop { why: format!("the relay refused user or password: {why}") }),
            4 => Err(later(why)),
            _ => Err(later(answer::misfit(Phase::Auth, &reply))),
        }
    }

    async fn tell(&mut self, line: Zeroizing<String>) -> Result<Reply, Fate> {
        let limit = self.times().auth;
        let told = self.say(Phase::Auth, Line(line), limit).await;
        told.map_err(|trouble| later(answer::lost(Phase::Auth, trouble)))
    }

    fn telling(&self, login: &Login, endpoint: &Endpoint) -> Result<Telling, String> {
        let offers = |mechanism: &str| self.offers.login(mechanism);
        let (user, secret) = match login {
            Login::Password { user, password } => (user, password.reveal()),
            Login::Token { user, token } => (user, token.reveal()),
            Login::Nobody => return Err("nobody cannot log in".into()),
        };
        if user.contains(char::is_control) || secret.contains(char::is_control) {
            return Err("the relay's user or password contains a control character".into());
        }
        match login {
            Login::Password { .. } if offers("PLAIN") => Ok(plain(user, secret)),
            Login::Password { .. } if offers("LOGIN") => Ok(two_lines(user, secret)),
            Login::Token { .. } if offers("OAUTHBEARER") => Ok(oauthbearer(user, secret, endpoint)),
            Login::Token { .. } if offers("XOAUTH2") => Ok(xoauth2(user, secret)),
            _ => Err("the relay offers no way to log in that fits user and password".into()),
        }
    }
}

fn encoded(text: String) -> Zeroizing<String> {
    Zeroizing::new(BASE64_STANDARD.encode(Zeroizing::new(text).as_bytes()))
}

/// RFC 4616.
fn plain(user: &str, password: &str) -> Telling {
    let first = Some(encoded(format!("\0{user}\0{password}")));
    Telling { mechanism: "PLAIN", first, next: Vec::new(), understood: "*" }
}

fn two_lines(user: &str, password: &str) -> Telling {
    let next = vec![encoded(user.to_owned()), encoded(password.to_owned())];
    Telling { mechanism: "LOGIN", first: None, next, understood: "*" }
}

/// RFC 7628 section 3.1; its section 3.2.3 asks for a lone 0x01 after an explained refusal.
fn oauthbearer(user: &str, token: &str, endpoint: &Endpoint) -> Telling {
    let user = user.replace('=', "=3D").replace(',', "=2C");
    let Endpoint { host, port, .. } = endpoint;
    let first = format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01");
    let (first, next) = (Some(encoded(first)), Vec::new());
    Telling { mechanism: "OAUTHBEARER", first, next, understood: "AQ==" }
}

/// Its refusals are explained first, and given after an empty line.
fn xoauth2(user: &str, token: &str) -> Telling {
    let first = Some(encoded(format!("user={user}\x01auth=Bearer {token}\x01\x01")));
    Telling { mechanism: "XOAUTH2", first, next: Vec::new(), understood: "" }
}
