//! STARTTLS in our own few lines.
//!
//! Nothing said before TLS is believed afterwards: the server's lines are read, checked for the one
//! word that matters, and forgotten. Octets that stand behind the last answer were put there by
//! somebody who hopes that they count as said under TLS; they end the connection.

use super::{Endpoint, NetError, Protocol};
use crate::limits;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The connection ended, or broke.
    Closed,
    /// Not the protocol that was expected, or more of it than anybody needs.
    Unclear,
    /// The server says that it cannot talk now.
    Busy,
    NotOffered,
    /// A session without login over plain text (RFC 3501 section 7.1.4).
    Preauth,
    /// Octets behind the answer to STARTTLS.
    Early,
}

impl Refused {
    pub(super) fn at(&self, endpoint: &Endpoint) -> NetError {
        let temporary = |words| NetError::temporary(endpoint, words);
        match self {
            Refused::Closed => temporary("the connection ended before STARTTLS"),
            Refused::Unclear => temporary("no understandable answer before STARTTLS"),
            Refused::Busy => temporary("the server is not ready"),
            Refused::Preauth => {
                temporary("the server wants to skip TLS; somebody may be in between")
            }
            Refused::Early => temporary("data slipped in before TLS; somebody may be in between"),
            Refused::NotOffered => NetError::settings(
                endpoint,
                "the server offers no STARTTLS; use tls = \"implicit\" with its port",
            ),
        }
    }
}

pub(super) async fn negotiate<S>(stream: &mut S, protocol: Protocol<'_>) -> Result<(), Refused>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut lines = Lines { stream, waiting: Vec::new(), read: 0 };
    match protocol {
        Protocol::Imap => imap(&mut lines).await?,
        Protocol::Smtp { hello } => smtp(&mut lines, hello).await?,
    }
    if lines.waiting.is_empty() { Ok(()) } else { Err(Refused::Early) }
}

/// RFC 3501 section 6.2.1.
async fn imap<S>(lines: &mut Lines<'_, S>) -> Result<(), Refused>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let greeting = lines.next().await?;
    match words(&greeting) {
        ("*", "OK") => {}
        ("*", "PREAUTH") => return Err(Refused::Preauth),
        ("*", "BYE") => return Err(Refused::Busy),
        _ => return Err(Refused::Unclear),
    }
    // Some servers greet a second time once they are really ready.
    while lines.heard("* OK") {
        lines.next().await?;
    }
    lines.send("a STARTTLS\r\n").await?;
    loop {
        let line = lines.next().await?;
        match words(&line) {
            ("a", "OK") => return Ok(()),
            ("a", _) => return Err(Refused::NotOffered),
            ("*", "BYE") => return Err(Refused::Busy),
            ("*", _) => {}
            _ => return Err(Refused::Unclear),
        }
    }
}

/// The first two words of a line.
fn words(line: &str) -> (&str, &str) {
    let mut words = line.split(' ');
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    for known in ["OK", "PREAUTH", "BYE"] {
        if second.eq_ignore_ascii_case(known) {
            return (first, known);
        }
    }
    (first, second)
}

/// RFC 3207.
async fn smtp<S>(lines: &mut Lines<'_, S>, hello: &str) -> Result<(), Refused>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    reply(lines, "220").await?;
    if hello.is_empty() || !hello.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refused::Unclear);
    }
    lines.send(&format!("EHLO {hello}\r\n")).await?;
    let offers = reply(lines, "250").await?;
    if !offers.iter().any(|offer| offer.eq_ignore_ascii_case("STARTTLS")) {
        return Err(Refused::NotOffered);
    }
    lines.send("STARTTLS\r\n").await?;
    reply(lines, "220").await.map(|_| ())
}

/// The texts of one reply with this code (RFC 5321 section 4.2).
async fn reply<S>(lines: &mut Lines<'_, S>, code: &str) -> Result<Vec<String>, Refused>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut texts = Vec::new();
    loop {
        let line = lines.next().await?;
        let Some((start, rest)) = line.split_at_checked(3) else { return Err(Refused::Unclear) };
        if start != code {
            let refusal = start.starts_with(['4', '5']);
            return Err(if refusal { Refused::Busy } else { Refused::Unclear });
        }
        texts.push(rest.get(1..).unwrap_or_default().trim_end().to_owned());
        match rest.bytes().next() {
            None | Some(b' ') => return Ok(texts),
            Some(b'-') => {}
            Some(_) => return Err(Refused::Unclear),
        }
    }
}

struct Lines<'a, S> {
    stream: &'a mut S,
    waiting: Vec<u8>,
    read: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Lines<'_, S> {
    async fn send(&mut self, line: &str) -> Result<(), Refused> {
        // What came before it was asked for is not an answer.
        if !self.waiting.is_empty() {
            return Err(Refused::Early);
        }
        self.stream.write_all(line.as_bytes()).await.map_err(|_| Refused::Closed)?;
        self.stream.flush().await.map_err(|_| Refused::Closed)
    }

    /// Whether a line that begins like this has been heard to its end.
    fn heard(&self, start: &str) -> bool {
        self.waiting.starts_with(start.as_bytes()) && self.waiting.contains(&b'\n')
    }

    async fn next(&mut self) -> Result<String, Refused> {
        self.read += 1;
        while self.read <= limits::PLAIN_LINES && self.waiting.len() <= limits::PLAIN_LINE_BYTES {
            if let Some(end) = self.waiting.iter().position(|byte| *byte == b'\n') {
                let rest = self.waiting.split_off(end + 1);
                let line = std::mem::replace(&mut self.waiting, rest);
                let line = String::from_utf8(line).map_err(|_| Refused::Unclear)?;
                return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
            }
            let mut chunk = [0; 1024];
            let count = self.stream.read(&mut chunk).await.map_err(|_| Refused::Closed)?;
            match chunk.get(..count) {
                Some(heard) if !heard.is_empty() => self.waiting.extend_from_slice(heard),
                _ => return Err(Refused::Closed),
            }
        }
        Err(Refused::Unclear)
    }
}

#[cfg(test)]
#[path = "starttls_tests.rs"]
mod tests;
