//! The stream below the SMTP client.
//!
//! It hands over one reply line at a time, counts what is written, remembers the reply to the
//! command that was asked last, and lets nothing be written once something came unasked: a reply
//! that arrived before its question would else be taken for the answer to the next one.

use crate::limits::{REPLY_BYTES, REPLY_LINE};
use crate::net::Stream;
use crate::outbox::relay::answer::{Phase, Reply};
use lettre::transport::smtp::client::AsyncTokioStream;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

/// What is known of one connection, shared between the stream and who drives it.
#[derive(Debug)]
pub struct Notes {
    state: Mutex<State>,
    written: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    phase: Phase,
    /// How many octets will have been written when the end of the mail's data has been.
    dot_at: Option<u64>,
    lines: Vec<String>,
    octets: usize,
    reply: Option<Reply>,
    trouble: Option<Trouble>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    Closed,
    /// Not an SMTP reply.
    Garbage,
    /// A reply before its command.
    Unasked,
    Silent,
}

impl Notes {
    fn new() -> Arc<Notes> {
        let (written, _) = watch::channel(0);
        Arc::new(Notes { state: Mutex::default(), written })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new question is asked; the reply to the last one is forgotten.
    pub fn begin(&self, phase: Phase) {
        let mut state = self.state();
        state.phase = phase;
        state.reply = None;
    }

    pub fn phase(&self) -> Phase {
        self.state().phase
    }

    pub fn reply(&self) -> Option<Reply> {
        self.state().reply.clone()
    }

    fn between_replies(&self) -> bool {
        self.state().lines.is_empty()
    }

    pub fn trouble(&self) -> Option<Trouble> {
        self.state().trouble
    }

    /// The end of the mail's data will be the last of the next `octets` octets.
    pub fn expect_dot_after(&self, octets: u64) {
        let dot_at = *self.written.borrow() + octets;
        self.state().dot_at = Some(dot_at);
    }

    /// Whether everything up to the end of the mail's data has been handed to the stream.
    pub fn dot_is_out(&self) -> bool {
        let dot_at = self.state().dot_at;
        dot_at.is_some_and(|dot_at| *self.written.borrow() >= dot_at)
    }

    /// The mail before this one has been answered.
    pub fn dot_is_answered(&self) {
        self.state().dot_at = None;
    }

    /// Changes with every write that succeeds.
    pub fn progress(&self) -> watch::Receiver<u64> {
        self.written.subscribe()
    }

    fn fail(&self, trouble: Trouble) -> io::Error {
        self.state().trouble.get_or_insert(trouble);
        io::Error::other("the dialogue is broken")
    }

    /// Takes one line into the reply that is being read.
    fn take(&self, line: &[u8]) -> Result<(), Trouble> {
        let mut state = self.state();
        state.octets += line.len();
        let text = String::from_utf8_lossy(line).trim_end().to_owned();
        let last = Reply::is_last(&text).filter(|_| state.octets <= REPLY_BYTES);
        state.lines.push(text);
        if last.ok_or(Trouble::Garbage)? {
            let lines = std::mem::take(&mut state.lines);
            state.octets = 0;
            let reply = Reply::read(lines).ok_or(Trouble::Garbage)?;
            state.reply.get_or_insert(reply);
        }
        Ok(())
    }
}

pub struct Wire {
    stream: Stream,
    notes: Arc<Notes>,
    /// Read from the stream, not yet a line.
    raw: Vec<u8>,
    /// A line, or what is left of it, for the reader above.
    line: Vec<u8>,
}

impl Wire {
    pub fn new(stream: Stream) -> Wire {
        let (raw, line) = (Vec::new(), Vec::new());
        Wire { stream, notes: Notes::new(), raw, line }
    }

    pub fn notes(&self) -> Arc<Notes> {
        self.notes.clone()
    }

    /// A greeting for a reader above that waits for one, where it has been read already.
    pub fn repeat_greeting(&mut self) {
        self.line.extend_from_slice(b"220 relay\r\n");
    }

    /// Reads until the reply is whole. For what is read before the SMTP client takes over.
    pub async fn read_reply(&mut self) -> io::Result<()> {
        std::future::poll_fn(|cx| self.poll_reply(cx)).await
    }

    fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.notes.reply().is_none() {
            ready!(self.poll_line(cx))?;
            self.line.clear();
        }
        Poll::Ready(Ok(()))
    }

    /// Fills `line` with one whole line.
    fn poll_line(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            if let Some(end) = self.raw.iter().position(|octet| *octet == b'\n') {
                let line: Vec<u8> = self.raw.drain(..=end).collect();
                self.notes.take(&line).map_err(|trouble| self.notes.fail(trouble))?;
                self.line = as_handed_over(&line);
                return Poll::Ready(Ok(()));
            }
            if self.raw.len() > REPLY_LINE {
                return Poll::Ready(Err(self.notes.fail(Trouble::Garbage)));
            }
            ready!(self.poll_more(cx))?;
        }
    }

    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut room = [0; REPLY_LINE];
        let mut room = ReadBuf::new(&mut room);
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut room));
        if read.is_err() || room.filled().is_empty() {
            return Poll::Ready(Err(self.notes.fail(Trouble::Closed)));
        }
        self.raw.extend_from_slice(room.filled());
        Poll::Ready(Ok(()))
    }

    /// What has come unasked: the relay's parting words (421), or a dialogue out of step.
    fn refuse_unasked(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if self.notes.reply().is_some() {
            // The client wants to part by itself; who drives it decides that.
            return Err(io::Error::other("already answered"));
        }
        match self.poll_reply(cx) {
            Poll::Pending if self.raw.is_empty() && self.notes.between_replies() => Ok(()),
            Poll::Ready(Err(error)) => Err(error),
            _ => Err(self.notes.fail(Trouble::Unasked)),
        }
    }
}

/// A line as the reader above takes it: ASCII, nothing but spaces is nothing, and with the space
/// after the code that RFC 5321 section 4.2 lets a reply without text leave out.
fn as_handed_over(line: &[u8]) -> Vec<u8> {
    let ascii = |octet: &u8| if octet.is_ascii() { char::from(*octet) } else { '?' };
    let text: String = line.iter().map(ascii).collect();
    let text = text.trim_end();
    let space = if text.len() == 3 { " " } else { "" };
    format!("{text}{space}\r\n").into_bytes()
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.line.is_empty() {
            ready!(wire.poll_line(cx))?;
        }
        let fits = buf.remaining().min(wire.line.len());
        buf.put_slice(&wire.line.drain(..fits).collect::<Vec<u8>>());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.refuse_unasked(cx)?;
        match ready!(Pin::new(&mut wire.stream).poll_write(cx, buf)) {
            Ok(count) => {
                wire.notes.written.send_modify(|written| *written += count as u64);
                Poll::Ready(Ok(count))
            }
            Err(_) => Poll::Ready(Err(wire.notes.fail(Trouble::Closed))),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        ready!(Pin::new(&mut wire.stream).poll_flush(cx))
            .map_err(|_| wire.notes.fail(Trouble::Closed))?;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }
}

/// Shows nothing of what goes over it.
impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}
