//! One connection to the relay: its opening, and letters over it, command by command.
//!
//! Each command has its own time limit, and each answer is judged by the code that was read below
//! the SMTP client. What the dialogue met is a [`Fate`]; before the end of the mail's data was
//! written out that is never `Unknown`, and after it never `Later` without the relay saying so.

use crate::limits;
use crate::mail::Address;
use crate::net::Connected;
use crate::outbox::relay::answer::{self, Phase, Reply};
use crate::outbox::relay::wire::{Notes, Trouble, Wire};
use crate::outbox::{Fate, Sealed};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, MailParameter};
use std::fmt::Display;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long the relay may take for each answer.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub greeting: Duration,
    pub ehlo: Duration,
    pub auth: Duration,
    pub mail: Duration,
    pub rcpt: Duration,
    pub data: Duration,
    /// For any octet of the mail to be taken.
    pub block: Duration,
    /// From the end of the mail's data to the answer. Too short a time makes second copies.
    pub dot: Duration,
    pub quit: Duration,
}

impl Default for Times {
    fn default() -> Times {
        Times {
            greeting: limits::SMTP_GREETING_TIME,
            ehlo: limits::SMTP_EHLO_TIME,
            auth: limits::SMTP_AUTH_TIME,
            mail: limits::SMTP_MAIL_TIME,
            rcpt: limits::SMTP_RCPT_TIME,
            data: limits::SMTP_DATA_TIME,
            block: limits::SMTP_BLOCK_TIME,
            dot: limits::SMTP_DOT_TIME,
            quit: limits::SMTP_QUIT_TIME,
        }
    }
}

/// What the relay said of itself after EHLO.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    keywords: Vec<Vec<String>>,
}

impl Offers {
    fn read(reply: &Reply) -> Offers {
        let words = |line: &String| line.split([' ', '=']).map(str::to_ascii_uppercase).collect();
        Offers { keywords: reply.lines.iter().skip(1).map(words).collect() }
    }

    fn values(&self, keyword: &str) -> Option<&[String]> {
        let (_, values) = self
            .keywords
            .iter()
            .filter_map(|line| line.split_first())
            .find(|(k, _)| *k == keyword)?;
        Some(values)
    }

    /// The largest mail it takes, in octets; `None` where it names no limit (RFC 1870 section 4).
    pub fn size(&self) -> Option<u64> {
        self.values("SIZE")?.first()?.parse().ok().filter(|size| *size > 0)
    }

    pub fn login(&self, mechanism: &str) -> bool {
        // Some servers write "AUTH=" beside or instead of "AUTH ".
        let lines = self.keywords.iter().filter_map(|line| line.split_first());
        lines
            .filter(|(keyword, _)| *keyword == "AUTH")
            .any(|(_, m)| m.iter().any(|m| m == mechanism))
    }
}

pub struct Dialog {
    smtp: AsyncSmtpConnection,
    notes: Arc<Notes>,
    times: Times,
    pub offers: Offers,
    /// Letters carried so far, taken or not.
    pub letters: u32,
    /// A transaction is open that must be reset before the next.
    unfinished: bool,
    /// Nothing more may be said on this connection.
    pub broken: bool,
}

/// How a letter fared on one connection.
pub struct Carried {
    pub fate: Fate,
    /// The connection was lost before the relay answered anything about this letter.
    pub untouched: bool,
}

impl Dialog {
    /// Reads the greeting and says EHLO. A 5xx to either comes back as `Soft`: it is about us
    /// and no letter.
    pub async fn open(connected: Connected, name: &ClientId, times: Times) -> Result<Dialog, Fate> {
        let mut wire = Wire::new(connected.stream);
        let notes = wire.notes();
        if !connected.greeted {
            let timed = timeout(times.greeting, wire.read_reply()).await;
            at_the_door(Phase::Connect, verdict(&notes, timed.is_err()))?;
        }
        wire.repeat_greeting();
        notes.begin(Phase::Ehlo);
        let opening = AsyncSmtpConnection::connect_with_transport(Box::new(wire), name);
        let opened = timeout(times.ehlo, opening).await;
        let reply = at_the_door(Phase::Ehlo, verdict(&notes, opened.is_err()))?;
        let smtp = opened.ok().and_then(Result::ok);
        let smtp = smtp.ok_or_else(|| later(answer::misfit(Phase::Ehlo, &reply)))?;
        let offers = Offers::read(&reply);
        Ok(Dialog { smtp, notes, times, offers, letters: 0, unfinished: false, broken: false })
    }

    /// For whoever must know how far a letter has come when its time runs out.
    pub fn notes(&self) -> Arc<Notes> {
        self.notes.clone()
    }

    /// Carries one letter.
    pub async fn carry(&mut self, letter: &Sealed) -> Carried {
        self.letters += 1;
        let fate = match self.transact(letter).await {
            Ok(()) => Fate::Sent,
            Err(fate) => fate,
        };
        let unanswered = self.notes.phase() <= Phase::Mail && self.broken;
        Carried { untouched: unanswered && matches!(fate, Fate::Later { .. }), fate }
    }

    async fn transact(&mut self, letter: &Sealed) -> Result<(), Fate> {
        let size = letter.bytes.len();
        if self.offers.size().is_some_and(|limit| size as u64 > limit) {
            let why = format!("the letter has {size} octets, more than the relay takes (SIZE)");
            return Err(Fate::Refused { why });
        }
        self.reset().await?;
        let sized = self.offers.values("SIZE").map(|_| MailParameter::Size(size));
        let from = letter.envelope.from.as_ref().map(client_address);
        self.ask(Phase::Mail, Mail::new(from, sized.into_iter().collect()), 2).await?;
        let to = client_address(&letter.envelope.to);
        self.ask(Phase::Rcpt, Rcpt::new(to, Vec::new()), 2).await?;
        self.ask(Phase::Data, Data, 3).await?;
        self.hand_over(&letter.bytes).await
    }

    /// Ends a transaction that was refused half-way. A relay that will not is left.
    async fn reset(&mut self) -> Result<(), Fate> {
        if std::mem::replace(&mut self.unfinished, true) {
            let reset = self.ask(Phase::Rset, Rset, 2).await;
            self.broken |= reset.is_err();
            reset.map_err(|_| later("the relay did not reset".into()))?;
        }
        Ok(())
    }

    /// Says one command and wants an answer of this class.
    async fn ask(&mut self, phase: Phase, command: impl Display, class: u16) -> Result<(), Fate> {
        let limit = match phase {
            Phase::Rcpt => self.times.rcpt,
            Phase::Data => self.times.data,
            _ => self.times.mail,
        };
        match self.say(phase, command, limit).await {
            Ok(reply) if reply.class() == class => Ok(()),
            Ok(reply) if reply.class() >= 4 => Err(answer::refusal(phase, &reply)),
            Ok(reply) => {
                self.broken = true;
                Err(later(answer::misfit(phase, &reply)))
            }
            Err(trouble) => Err(later(answer::lost(phase, trouble))),
        }
    }

    /// Says one command and reads its answer, whatever it is.
    pub async fn say(
        &mut self,
        phase: Phase,
        command: impl Display,
        limit: Duration,
    ) -> Result<Reply, Trouble> {
        self.notes.begin(phase);
        let said = timeout(limit, self.smtp.command(command)).await;
        self.heard(said.is_err())
    }

    pub fn times(&self) -> Times {
        self.times
    }

    /// What was heard; after 421 (RFC 5321 section 3.8) or trouble the connection is of no use.
    fn heard(&mut self, timed_out: bool) -> Result<Reply, Trouble> {
        let heard = verdict(&self.notes, timed_out);
        let parted = heard.as_ref().is_ok_and(|reply| reply.code == 421);
        self.broken |= parted || heard.is_err() || self.notes.trouble().is_some();
        heard
    }

    /// The mail's data, to the answer to its end.
    async fn hand_over(&mut self, bytes: &[u8]) -> Result<(), Fate> {
        // The client adds the last CRLF itself, with the dot: the relay sees these very bytes.
        let data = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
        self.notes.begin(Phase::Body);
        self.notes.expect_dot_after(octets_on_the_wire(data));
        let timed_out = self.hand_over_in_time(data).await;
        let out = self.notes.dot_is_out();
        let phase = if out { Phase::Dot } else { Phase::Body };
        let answered = self.heard(timed_out);
        self.notes.dot_is_answered();
        match answered {
            Ok(reply) if out && reply.class() == 2 => {
                self.unfinished = false;
                Ok(())
            }
            Ok(reply) if reply.class() >= 4 => {
                self.unfinished = false;
                Err(answer::refusal(phase, &reply))
            }
            answered => {
                self.broken = true;
                let why = match answered {
                    Ok(reply) => answer::misfit(phase, &reply),
                    Err(trouble) => answer::lost(phase, trouble),
                };
                // RFC 1047: after the dot nobody knows who has the mail.
                Err(if out { Fate::Unknown { why } } else { later(why) })
            }
        }
    }

    /// Whether time ran out: no octet taken for a while, or no answer after the last.
    async fn hand_over_in_time(&mut self, data: &[u8]) -> bool {
        let notes = self.notes.clone();
        let mut progress = notes.progress();
        let mut handing = pin!(self.smtp.message(data));
        loop {
            let limit = if notes.dot_is_out() { self.times.dot } else { self.times.block };
            tokio::select! {
                biased;
                _ = &mut handing => return false,
                moved = timeout(limit, progress.changed()) => if moved.is_err() { return true },
            }
        }
    }

    /// Parts politely, within the time for it.
    pub async fn quit(mut self) {
        if !self.broken {
            let limit = self.times.quit;
            let _ = self.say(Phase::Quit, Quit, limit).await;
        }
    }
}

/// The mail's data with a dot doubled where it begins a line (RFC 5321 section 4.5.2), and its end.
fn octets_on_the_wire(data: &[u8]) -> u64 {
    let first = usize::from(data.starts_with(b"."));
    let doubled = first + data.windows(2).filter(|pair| pair == b"\n.").count();
    (data.len() + doubled + b"\r\n.\r\n".len()) as u64
}

/// The answer to the last question. What came before its question answers nothing, except that
/// a relay may refuse a mail while it is still being written.
fn verdict(notes: &Notes, timed_out: bool) -> Result<Reply, Trouble> {
    let refused = |reply: &Reply| notes.phase() == Phase::Body && reply.class() >= 4;
    match (notes.reply(), notes.trouble()) {
        (Some(reply), Some(Trouble::Unasked)) if !refused(&reply) => Err(Trouble::Unasked),
        (Some(reply), _) => Ok(reply),
        (None, Some(trouble)) => Err(trouble),
        (None, None) if timed_out => Err(Trouble::Silent),
        (None, None) => Err(Trouble::Garbage),
    }
}

fn at_the_door(phase: Phase, heard: Result<Reply, Trouble>) -> Result<Reply, Fate> {
    match heard {
        Ok(reply) if reply.class() == 2 => Ok(reply),
        Ok(reply) if reply.class() == 5 => Err(Fate::Soft { why: format!("{reply} at {phase}") }),
        Ok(reply) if reply.class() == 4 => Err(later(format!("{reply} at {phase}"))),
        Ok(reply) => Err(later(answer::misfit(phase, &reply))),
        Err(trouble) => Err(later(answer::lost(phase, trouble))),
    }
}

/// Ours are stricter than the client's, so its own reading could only refuse good ones.
fn client_address(address: &Address) -> lettre::Address {
    lettre::Address::new_dangerous(address.local(), address.domain())
}

pub fn later(why: String) -> Fate {
    Fate::Later { why }
}
