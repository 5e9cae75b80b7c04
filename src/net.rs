//! Connections: TCP, TLS, STARTTLS, time limits. No knowledge of mail.
//!
//! [`connect`] looks the host up, dials, and hands over a byte stream that is either TLS with a
//! checked certificate and name, or a loopback connection. There is no switch that turns checking
//! off. What a peer wrote never stands in an error: the words are ours.

mod starttls;
mod tcp;
mod tls;

use crate::limits;
use std::fmt;
use std::path::PathBuf;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
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

/// Any two-way byte stream: a socket, TLS over it, or a pipe in a test.
pub trait Duplex: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug> Duplex for T {}

pub type Stream = Box<dyn Duplex>;

/// A connection, ready for the first command or for the greeting.
#[derive(Debug)]
pub struct Connected {
    pub stream: Stream,
    /// The greeting was read before STARTTLS and does not come again.
    pub greeted: bool,
}

/// In which protocol STARTTLS is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol<'a> {
    Imap,
    /// `hello` is the name given in EHLO.
    Smtp {
        hello: &'a str,
    },
}

/// Why there is no connection: one line that says what, where and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct NetError {
    pub words: String,
    pub kind: NetErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetErrorKind {
    /// Worth another try: refused, time limit, no such host just now.
    Temporary,
    /// Somebody has to change something first: certificate, name, CA, TLS setting.
    Settings,
}

impl NetError {
    fn temporary(endpoint: &Endpoint, words: &str) -> NetError {
        NetError { words: format!("{endpoint}: {words}"), kind: NetErrorKind::Temporary }
    }

    fn settings(endpoint: &Endpoint, words: &str) -> NetError {
        NetError { words: format!("{endpoint}: {words}"), kind: NetErrorKind::Settings }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Dials the endpoint and secures the connection as it says.
///
/// Takes at most [`limits::CONNECT_TIME`] for TCP and [`limits::HANDSHAKE_TIME`] for STARTTLS and
/// TLS together. `Tls::None` is refused for anything but loopback addresses.
pub async fn connect(endpoint: &Endpoint, protocol: Protocol<'_>) -> Result<Connected, NetError> {
    secure(tcp::connect(endpoint).await?, endpoint, protocol).await
}

/// Secures a stream that leads to the endpoint already.
pub async fn secure<S: Duplex + 'static>(
    mut stream: S,
    endpoint: &Endpoint,
    protocol: Protocol<'_>,
) -> Result<Connected, NetError> {
    let greeted = endpoint.tls == Tls::StartTls;
    let steps = async {
        if greeted {
            starttls::negotiate(&mut stream, protocol).await.map_err(|why| why.at(endpoint))?;
        }
        match endpoint.tls {
            Tls::None => Ok(Box::new(stream) as Stream),
            Tls::Implicit | Tls::StartTls => tls::client(stream, endpoint).await,
        }
    };
    match timeout(limits::HANDSHAKE_TIME, steps).await {
        Ok(done) => Ok(Connected { stream: done?, greeted }),
        Err(_) => Err(NetError::temporary(endpoint, "no answer to the TLS handshake in time")),
    }
}
