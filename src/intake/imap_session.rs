//! One IMAP connection: commands out, answers in, the tagged status of every command looked at.
//!
//! The library below parses; it is not asked what an answer means. A command is done when its own
//! tagged status has come, and only OK is yes: NO, BAD, BYE, silence and an early end are each an
//! error, never an empty answer. Commands are written here, so that no password passes through
//! anything that might print it. Words of the server never reach ours.

use super::imap_answer::{
    Answer, Heard, News, Trouble, broken, closed, garbled, greeting, hear, silent,
};
use super::imap_gate::Gate;
use super::imap_text::{Line, Part};
use crate::limits;
use crate::net::Stream;
use async_imap::Client;
use async_imap::imap_proto::Response;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

pub(super) struct Session {
    client: Client<Gate>,
    tags: u32,
    state: State,
    pub capabilities: BTreeSet<String>,
    /// Mails in the folder, once the server has said.
    pub exists: Option<u32>,
    /// How often that number has changed: a new value means that mail may have come.
    pub changes: u64,
    /// Between a folder and the one below it, once asked for.
    pub delimiter: Option<Option<char>>,
    /// Of the selected folder; a session ends when it changes.
    pub uid_validity: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Ready,
    /// In the middle of a command: what comes next cannot be told apart any more.
    Busy,
    /// IDLE with this tag; DONE ends it.
    Idle(String),
}

/// How long an answer may take.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    /// Without a single octet.
    pub quiet: Duration,
    /// From the command to its status.
    pub whole: Duration,
}

pub(super) const GREETING: Pace =
    Pace { quiet: limits::GREETING_TIME, whole: limits::GREETING_TIME };
pub(super) const COMMAND: Pace = Pace { quiet: limits::COMMAND_TIME, whole: limits::COMMAND_TIME };
pub(super) const MAILS: Pace = Pace { quiet: limits::QUIET_TIME, whole: limits::BATCH_TIME };
pub(super) const SETTLE: Pace = Pace { quiet: limits::QUIET_TIME, whole: limits::SETTLE_TIME };

impl Session {
    /// Over a fresh connection; reads the greeting unless STARTTLS has already.
    pub async fn begin(stream: Stream, greeted: bool) -> Result<Session, Trouble> {
        let mut session = Session {
            client: Client::new(Gate::new(stream)),
            tags: 0,
            state: State::Busy,
            capabilities: BTreeSet::new(),
            exists: None,
            changes: 0,
            delimiter: None,
            uid_validity: None,
        };
        if !greeted {
            let until = Until::new(GREETING);
            session.read(until, "greeting", greeting).await??;
        }
        session.state = State::Ready;
        Ok(session)
    }

    /// Whether the next command can be sent as it is.
    pub fn is_ready(&self) -> bool {
        self.state == State::Ready
    }

    pub fn offers(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// From here on a literal of more octets is cut off.
    pub fn cap(&mut self, octets: usize) {
        self.client.get_mut().cap(octets);
    }

    /// Sends one command and reads until its status; `each` sees every answer before it.
    pub async fn run(
        &mut self,
        line: &Line,
        pace: Pace,
        mut each: impl FnMut(&Response<'_>),
    ) -> Result<Answer, Trouble> {
        let until = Until::new(pace);
        let tag = self.send(line, until).await?;
        loop {
            let heard = self.read(until, line.what, |response| {
                let heard = hear(response, line.what, &tag);
                if matches!(heard, Ok(Heard::Data(_))) {
                    each(response);
                }
                heard
            });
            match heard.await?? {
                Heard::Done(answer) => {
                    self.state = State::Ready;
                    return Ok(answer);
                }
                Heard::Data(news) => self.note(news)?,
                Heard::GoOn => return Err(garbled(line.what)),
            }
        }
    }

    /// A command whose answers do not matter, only its OK.
    pub async fn order(&mut self, line: &Line, pace: Pace) -> Result<Answer, Trouble> {
        self.run(line, pace, |_| ()).await?.ok()
    }

    /// AUTHENTICATE: `initial` goes along with the command where the server takes it that way;
    /// any further challenge is a refusal in disguise and answered with `sorry`.
    pub async fn authenticate(
        &mut self,
        mechanism: &str,
        initial: &Zeroizing<String>,
        sorry: &str,
    ) -> Result<Answer, Trouble> {
        let what = "AUTHENTICATE";
        let until = Until::new(COMMAND);
        let mut line = Line::new(what, format!("AUTHENTICATE {mechanism}"));
        let mut sent = self.offers("SASL-IR");
        if sent {
            line = line.text(" ").text(initial);
        }
        let tag = self.send(&line, until).await?;
        loop {
            match self.read(until, what, |response| hear(response, what, &tag)).await?? {
                Heard::Done(answer) => {
                    self.state = State::Ready;
                    return Ok(answer);
                }
                Heard::Data(news) => self.note(news)?,
                Heard::GoOn => {
                    let next = if sent { sorry } else { initial.as_str() };
                    sent = true;
                    let mut octets = Zeroizing::new(next.as_bytes().to_vec());
                    octets.extend_from_slice(b"\r\n");
                    self.write(&octets, until, what).await?;
                }
            }
        }
    }

    /// Starts IDLE. False: the server refused.
    pub async fn idle(&mut self) -> Result<bool, Trouble> {
        let until = Until::new(COMMAND);
        let line = Line::new("IDLE", "IDLE");
        let tag = self.send(&line, until).await?;
        loop {
            match self.read(until, "IDLE", |response| hear(response, "IDLE", &tag)).await?? {
                Heard::GoOn => {
                    self.state = State::Idle(tag);
                    return Ok(true);
                }
                Heard::Done(answer) => {
                    self.state = State::Ready;
                    // OK before DONE makes no sense.
                    return if answer.is_ok() { Err(garbled("IDLE")) } else { Ok(false) };
                }
                Heard::Data(news) => self.note(news)?,
            }
        }
    }

    /// Waits in IDLE until the folder has changed since `known`, at most until `end`. May be
    /// dropped at any moment: the session stays in IDLE, and [`Session::done`] ends it.
    pub async fn news(&mut self, known: u64, end: Instant) -> Result<(), Trouble> {
        let State::Idle(tag) = self.state.clone() else { return Ok(()) };
        // Silence is no trouble here, so the reading has a longer limit than this wait.
        let until = Until { quiet: limits::IDLE_TIME * 2, whole: end + limits::IDLE_TIME };
        while self.changes == known {
            let read = self.read(until, "IDLE", |response| hear(response, "IDLE", &tag));
            match timeout_at(end, read).await {
                Err(_) => return Ok(()),
                Ok(heard) => match heard?? {
                    Heard::Data(news) => self.note(news)?,
                    Heard::Done(_) | Heard::GoOn => return Err(garbled("IDLE")),
                },
            }
        }
        Ok(())
    }

    /// Ends IDLE.
    pub async fn done(&mut self) -> Result<(), Trouble> {
        let State::Idle(tag) = self.state.clone() else { return Ok(()) };
        self.state = State::Busy;
        let end = limits::IDLE_END_TIME;
        let until = Until::new(Pace { quiet: end, whole: end });
        self.write(b"DONE\r\n", until, "DONE").await?;
        loop {
            match self.read(until, "DONE", |response| hear(response, "DONE", &tag)).await?? {
                Heard::Done(answer) => {
                    self.state = State::Ready;
                    return answer.ok().map(|_| ());
                }
                Heard::Data(news) => self.note(news)?,
                Heard::GoOn => {}
            }
        }
    }

    fn note(&mut self, news: News) -> Result<(), Trouble> {
        match news {
            News::Exists(count) if self.exists != Some(count) => {
                self.exists = Some(count);
                self.changes += 1;
            }
            News::Expunge => {
                self.exists = self.exists.map(|count| count.saturating_sub(1));
                self.changes += 1;
            }
            News::UidValidity(now) if self.uid_validity.is_some_and(|before| before != now) => {
                return Err(Trouble::temporary("the folder was made anew meanwhile"));
            }
            News::Exists(_) | News::UidValidity(_) | News::Other => {}
        }
        Ok(())
    }

    /// Writes the command and waits wherever the server has to ask for a literal.
    async fn send(&mut self, line: &Line, until: Until) -> Result<String, Trouble> {
        if self.state != State::Ready {
            return Err(Trouble::temporary("the session was in the middle of something else"));
        }
        self.state = State::Busy;
        self.tags += 1;
        let tag = format!("s{}", self.tags);
        let mut octets = Zeroizing::new(format!("{tag} ").into_bytes());
        for part in &line.parts {
            match part {
                Part::Text(text) => octets.extend_from_slice(text.as_bytes()),
                Part::Literal(text) => {
                    octets.extend_from_slice(format!(" {{{}}}\r\n", text.len()).as_bytes());
                    self.write(&octets, until, line.what).await?;
                    self.asked(&tag, line.what, until).await?;
                    octets = Zeroizing::new(text.as_bytes().to_vec());
                }
            }
        }
        octets.extend_from_slice(b"\r\n");
        self.write(&octets, until, line.what).await?;
        Ok(tag)
    }

    async fn asked(&mut self, tag: &str, what: &'static str, until: Until) -> Result<(), Trouble> {
        loop {
            match self.read(until, what, |response| hear(response, what, tag)).await?? {
                Heard::GoOn => return Ok(()),
                Heard::Done(answer) => return Err(answer.refusal()),
                Heard::Data(news) => self.note(news)?,
            }
        }
    }

    async fn write(
        &mut self,
        octets: &[u8],
        until: Until,
        what: &'static str,
    ) -> Result<(), Trouble> {
        let gate = self.client.get_mut();
        let write = async {
            gate.write_all(octets).await?;
            gate.flush().await
        };
        match timeout_at(until.whole, write).await {
            Ok(done) => done.map_err(|error| broken(&error, what)),
            Err(_) => Err(silent(what)),
        }
    }

    /// Reads one response. Being dropped does no harm: what was heard is kept for the next call.
    async fn read<T>(
        &mut self,
        until: Until,
        what: &'static str,
        take: impl FnOnce(&Response<'_>) -> T,
    ) -> Result<T, Trouble> {
        loop {
            let heard = self.client.get_ref().heard();
            let limit = until.whole.min(Instant::now() + until.quiet);
            match timeout_at(limit, self.client.read_response()).await {
                Ok(Ok(Some(response))) => return Ok(take(response.parsed())),
                Ok(Ok(None)) => return Err(closed(what)),
                Ok(Err(error)) => return Err(broken(&error, what)),
                // Slow, but it moves.
                Err(_) if self.client.get_ref().heard() > heard && limit < until.whole => {}
                Err(_) => return Err(silent(what)),
            }
        }
    }
}

/// A [`Pace`] that has begun.
#[derive(Clone, Copy)]
struct Until {
    quiet: Duration,
    whole: Instant,
}

impl Until {
    fn new(pace: Pace) -> Until {
        Until { quiet: pace.quiet, whole: Instant::now() + pace.whole }
    }
}

#[cfg(test)]
#[path = "imap_session_tests.rs"]
mod tests;
