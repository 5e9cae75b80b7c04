//! What stands between an IMAP server and the parser.
//!
//! Only responses that this program asks for or acts on pass; the rest of what a server may say is
//! read and dropped, so an extension nobody here knows cannot end a session. Lines are bounded in
//! length and nesting, octets that no answer needs become `?`, and a literal is cut off at a cap,
//! whatever was announced. Literals of a passing response are otherwise untouched.

use crate::limits;
use crate::net::Stream;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const CHUNK: usize = 64 * limits::KIB;

#[derive(Debug)]
pub(super) struct Gate {
    inner: Stream,
    chunk: Vec<u8>,
    sieve: Sieve,
    /// How much of what the sieve let through has been read.
    given: usize,
    heard: u64,
}

impl Gate {
    pub fn new(inner: Stream) -> Gate {
        Gate { inner, chunk: vec![0; CHUNK], sieve: Sieve::new(), given: 0, heard: 0 }
    }

    /// Octets heard from the server so far: whether it still talks.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// From here on a literal of more octets is cut off at `octets`.
    pub fn cap(&mut self, octets: usize) {
        self.sieve.cap = octets;
    }
}

impl AsyncRead for Gate {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        loop {
            let waiting = gate.sieve.passed.get(gate.given..).unwrap_or_default();
            if let Some(part) = waiting.get(..waiting.len().min(buf.remaining()))
                && !waiting.is_empty()
            {
                buf.put_slice(part);
                gate.given += part.len();
                return Poll::Ready(Ok(()));
            }
            gate.sieve.passed.clear();
            gate.given = 0;
            let mut chunk = ReadBuf::new(&mut gate.chunk);
            ready!(Pin::new(&mut gate.inner).poll_read(cx, &mut chunk))?;
            if chunk.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            gate.heard = gate.heard.saturating_add(chunk.filled().len() as u64);
            gate.sieve.sift(chunk.filled())?;
        }
    }
}

impl AsyncWrite for Gate {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

/// The pure part: octets in, octets that pass out.
struct Sieve {
    passed: Vec<u8>,
    cap: usize,
    line: Vec<u8>,
    state: State,
    response: Response,
}

#[derive(Clone, Copy)]
enum State {
    Line,
    Literal { pass: u64, skip: u64 },
}

/// What is known of the response that is being read.
#[derive(Clone, Copy)]
struct Response {
    begun: bool,
    passes: bool,
    literals: bool,
    depth: usize,
    octets: usize,
}

const NEXT: Response =
    Response { begun: false, passes: false, literals: false, depth: 0, octets: 0 };

impl std::fmt::Debug for Sieve {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sieve").field("cap", &self.cap).finish_non_exhaustive()
    }
}

impl Sieve {
    fn new() -> Sieve {
        let (passed, line) = (Vec::with_capacity(CHUNK), Vec::new());
        Sieve { passed, cap: limits::HEADER_BYTES, line, state: State::Line, response: NEXT }
    }

    fn sift(&mut self, mut octets: &[u8]) -> io::Result<()> {
        while !octets.is_empty() {
            octets = match self.state {
                State::Literal { pass, skip } => self.literal(octets, pass, skip),
                State::Line => self.line(octets)?,
            };
        }
        Ok(())
    }

    /// Takes what belongs to the literal; gives back the rest.
    fn literal<'a>(&mut self, octets: &'a [u8], pass: u64, skip: u64) -> &'a [u8] {
        let length = |wanted: u64| octets.len().min(usize::try_from(wanted).unwrap_or(usize::MAX));
        let left = if pass > 0 {
            let (part, rest) = octets.split_at(length(pass));
            if self.response.passes {
                self.passed.extend_from_slice(part);
            }
            self.state = State::Literal { pass: pass - part.len() as u64, skip };
            rest
        } else {
            let (part, rest) = octets.split_at(length(skip));
            self.state = State::Literal { pass, skip: skip - part.len() as u64 };
            rest
        };
        if matches!(self.state, State::Literal { pass: 0, skip: 0 }) {
            self.state = State::Line;
        }
        left
    }

    fn line<'a>(&mut self, octets: &'a [u8]) -> io::Result<&'a [u8]> {
        let end = octets.iter().position(|octet| *octet == b'\n').map(|at| at + 1);
        let (part, rest) = octets.split_at(end.unwrap_or(octets.len()));
        if self.line.len() + part.len() > limits::IMAP_LINE_BYTES {
            return Err(refused());
        }
        self.line.extend_from_slice(part);
        if end.is_some() {
            let mut line = std::mem::take(&mut self.line);
            self.segment(&line)?;
            line.clear();
            self.line = line;
        }
        Ok(rest)
    }

    /// One line, or what stands between two literals.
    fn segment(&mut self, line: &[u8]) -> io::Result<()> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !self.response.begun {
            let (passes, literals) = kind(line);
            self.response = Response { begun: true, passes, literals, ..NEXT };
        }
        self.measure(line)?;
        match announced(line).filter(|_| self.response.literals) {
            Some((text, octets)) => self.announce(text, octets),
            None => {
                if self.response.passes {
                    self.pass(line);
                    self.passed.extend_from_slice(b"\r\n");
                }
                self.response = NEXT;
                Ok(())
            }
        }
    }

    /// The parser goes down with every parenthesis.
    fn measure(&mut self, line: &[u8]) -> io::Result<()> {
        for octet in line.iter().filter(|_| self.response.passes) {
            match octet {
                b'(' => self.response.depth += 1,
                b')' => self.response.depth = self.response.depth.saturating_sub(1),
                _ => {}
            }
            if self.response.depth > limits::IMAP_DEPTH {
                return Err(refused());
            }
        }
        Ok(())
    }

    fn announce(&mut self, text: &[u8], octets: u64) -> io::Result<()> {
        let pass = octets.min(self.cap as u64);
        self.response.octets += usize::try_from(pass).unwrap_or(usize::MAX) + text.len();
        if self.response.octets > self.cap + limits::IMAP_LINE_BYTES {
            return Err(refused());
        }
        if self.response.passes {
            self.pass(text);
            self.passed.extend_from_slice(format!("{{{pass}}}\r\n").as_bytes());
        }
        if octets > 0 {
            self.state = State::Literal { pass, skip: octets - pass };
        }
        Ok(())
    }

    /// Outside literals the answers we read are printable ASCII.
    fn pass(&mut self, line: &[u8]) {
        let clean = |octet: &u8| if matches!(octet, 0x20..=0x7e) { *octet } else { b'?' };
        self.passed.extend(line.iter().map(clean));
    }
}

/// Whether a response that begins like this passes, and whether it may hold literals. Status
/// responses, tagged or not, hold none: their text ends with the line (RFC 3501 section 7.1).
fn kind(line: &[u8]) -> (bool, bool) {
    let mut words = line.split(|octet| *octet == b' ');
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let third = words.next().unwrap_or_default();
    let one_of =
        |word: &[u8], known: &[&str]| known.iter().any(|k| word.eq_ignore_ascii_case(k.as_bytes()));
    match first {
        b"" => (false, false),
        b"*" if one_of(second, &["OK", "NO", "BAD", "BYE", "PREAUTH"]) => (true, false),
        b"*" if one_of(second, &["CAPABILITY", "LIST"]) => (true, true),
        b"*" if second.iter().all(u8::is_ascii_digit) => {
            (one_of(third, &["EXISTS", "EXPUNGE", "FETCH"]), true)
        }
        b"*" => (false, true),
        _ => (true, false),
    }
}

/// The literal that this line announces at its end: what stands before it, its octets.
fn announced(line: &[u8]) -> Option<(&[u8], u64)> {
    let open = line.iter().rposition(|octet| *octet == b'{')?;
    let (text, literal) = line.split_at_checked(open)?;
    let digits = literal.strip_prefix(b"{")?.strip_suffix(b"}")?;
    let digits = std::str::from_utf8(digits).ok()?;
    (digits.bytes().all(|digit| digit.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
        .map(|octets| (text, octets))
}

fn refused() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

#[cfg(test)]
#[path = "imap_gate_tests.rs"]
mod tests;
