//! Connections: TCP, TLS, STARTTLS, time limits. No knowledge of mail.

use std::fmt;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Where a server is and how it is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// More CA roots, PEM.
    pub ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    Implicit,
    StartTls,
    /// Accepted by the configuration for loopback addresses only.
    None,
}

/// Who we are to a server.
#[derive(Clone, Debug)]
pub enum Login {
    Password {
        user: String,
        password: Secret,
    },
    /// A bearer token, by XOAUTH2 or OAUTHBEARER.
    Token {
        user: String,
        token: Secret,
    },
    Nobody,
}

/// A secret that is wiped when dropped and never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    /// The secret itself; only for the line that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
