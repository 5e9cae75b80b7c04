//! TCP: every address of the host in turn, within one time limit.

use super::{Endpoint, NetError, Tls};
use crate::limits;
use rustix::net::sockopt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

pub(super) async fn connect(endpoint: &Endpoint) -> Result<TcpStream, NetError> {
    match timeout(limits::CONNECT_TIME, dial(endpoint)).await {
        Ok(done) => done,
        Err(_) => Err(slow(endpoint)),
    }
}

async fn dial(endpoint: &Endpoint) -> Result<TcpStream, NetError> {
    let addresses = look_up(endpoint).await?;
    // A black hole at the first address must leave time for the others.
    let share = limits::CONNECT_TIME / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut last = slow(endpoint);
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                watch(&stream).map_err(|error| failed(endpoint, &error))?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = failed(endpoint, &error),
            Err(_) => last = slow(endpoint),
        }
    }
    Err(last)
}

async fn look_up(endpoint: &Endpoint) -> Result<Vec<SocketAddr>, NetError> {
    let found = lookup_host((bare(&endpoint.host), endpoint.port)).await.map_err(|_| {
        NetError::temporary(endpoint, "no such host; check `host` and the name server")
    })?;
    let addresses: Vec<_> = found.take(limits::HOST_ADDRESSES).collect();
    if endpoint.tls == Tls::None && !addresses.iter().all(|address| address.ip().is_loopback()) {
        let words = "tls = \"none\" is for loopback addresses only; use \"implicit\"";
        return Err(NetError::settings(endpoint, words));
    }
    Ok(addresses)
}

/// An IPv6 address is often written in brackets.
pub(super) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Lets the kernel notice a peer that went away without a word.
fn watch(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    sockopt::set_socket_keepalive(stream, true)?;
    sockopt::set_tcp_keepidle(stream, Duration::from_secs(60))?;
    sockopt::set_tcp_keepintvl(stream, Duration::from_secs(20))?;
    #[cfg(target_os = "linux")]
    {
        let limit = u32::try_from(limits::UNACKNOWLEDGED_TIME.as_millis()).unwrap_or(u32::MAX);
        sockopt::set_tcp_user_timeout(stream, limit)?;
    }
    Ok(())
}

fn slow(endpoint: &Endpoint) -> NetError {
    NetError::temporary(endpoint, "no connection in time; check host, port and firewall")
}

fn failed(endpoint: &Endpoint, error: &io::Error) -> NetError {
    let words = match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused; does the server run on this port?",
        io::ErrorKind::ConnectionReset => "connection reset by the server",
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "no way to this host; check the network"
        }
        io::ErrorKind::TimedOut => return slow(endpoint),
        io::ErrorKind::PermissionDenied => "connecting is not permitted here; check the firewall",
        _ => "no connection",
    };
    NetError::temporary(endpoint, words)
}

#[cfg(test)]
mod tests {
    use super::super::{NetErrorKind, Protocol, connect};
    use super::*;
    use tokio::net::TcpListener;

    fn endpoint(host: &str, port: u16) -> Endpoint {
        Endpoint { host: host.into(), port, tls: Tls::None, ca_file: None }
    }

    #[tokio::test]
    async fn loopback_without_tls_is_dialled() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = listener.local_addr().expect("address").port();
        for host in ["127.0.0.1", "localhost"] {
            let done = connect(&endpoint(host, port), Protocol::Imap).await.expect("connect");
            assert!(!done.greeted);
        }
    }

    #[tokio::test]
    async fn without_tls_nothing_but_loopback_is_dialled() {
        for host in ["192.0.2.1", "[2001:db8::1]", "0.0.0.0"] {
            let error = connect(&endpoint(host, 143), Protocol::Imap).await.expect_err("refused");
            assert_eq!(error.kind, NetErrorKind::Settings, "{host}");
            assert!(error.words.contains("loopback"), "{}", error.words);
        }
    }

    #[tokio::test]
    async fn a_closed_port_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = listener.local_addr().expect("address").port();
        drop(listener);
        let error =
            connect(&endpoint("127.0.0.1", port), Protocol::Imap).await.expect_err("closed");
        let start = format!("127.0.0.1:{port}: connection refused");
        assert!(error.words.starts_with(&start), "{}", error.words);
        assert_eq!(error.kind, NetErrorKind::Temporary);
    }
}
