//! The way from a letter to the relay. Never decides whether to write, or to whom.
//!
//! A [`Sealed`] letter passes [`gate`], the last look at its bytes, and is carried by a
//! [`Carrier`]: to the mail relay by SMTP, or into a maildir. What the carrier met comes back as a
//! [`Fate`], and [`retry`] says what follows from it. Nothing here changes a letter's bytes,
//! chooses its reader, or writes down what it says.

pub mod gate;
pub mod maildir;
pub mod relay;
pub mod retry;

pub mod dress;
mod posts;

use crate::mail::{Address, MessageId};
use std::time::Duration;

/// A finished letter: the bytes that leave, the same at every attempt.
#[derive(Clone)]
pub struct Sealed {
    pub envelope: Envelope,
    pub message_id: MessageId,
    /// RFC 5322 octets with CRLF line ends, 7-bit, no line over 998 octets.
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// `None` is the null return path `<>` (RFC 3834 section 3.3).
    pub from: Option<Address>,
    pub to: Address,
}

/// What the relay said of one attempt. `why` is for the operator: codes and phase, no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The relay has taken responsibility.
    Sent,
    /// Not taken; may be tried again.
    Later { why: String },
    /// Refused, in a way some servers refuse in passing trouble: tried twice more, then believed.
    Soft { why: String },
    /// Refused for good.
    Refused { why: String },
    /// The connection ended after the mail was handed over and before the answer came.
    Unknown { why: String },
    /// The relay itself cannot be used as configured (credentials, TLS): stop, tell the operator.
    Stop { why: String },
}

impl Fate {
    /// Codes and phase, for the operator; empty where the letter was taken.
    pub fn why(&self) -> &str {
        match self {
            Fate::Sent => "",
            Fate::Later { why }
            | Fate::Soft { why }
            | Fate::Refused { why }
            | Fate::Unknown { why }
            | Fate::Stop { why } => why,
        }
    }
}

/// How letters leave.
pub enum Carrier {
    Smtp(Box<relay::Relay>),
    Maildir(maildir::Maildir),
}

impl Carrier {
    /// Carries a wave of letters, each with its number. The fates stand in the order of the wave.
    pub async fn carry(&self, wave: &[(u64, Sealed)]) -> Vec<Fate> {
        match self {
            Carrier::Smtp(relay) => relay.deliver_wave(wave.iter().map(|(_, letter)| letter)).await,
            Carrier::Maildir(maildir) => maildir.write_wave(wave).await,
        }
    }

    /// Finds out whether letters could leave; says what was found, or what is wrong.
    pub async fn probe(&self) -> Result<Vec<String>, String> {
        match self {
            Carrier::Smtp(relay) => relay.probe().await,
            Carrier::Maildir(maildir) => maildir.probe(),
        }
    }

    /// The largest letter that is taken, in octets, where that is known.
    pub fn size_limit(&self) -> Option<u64> {
        match self {
            Carrier::Smtp(relay) => relay.size_limit(),
            Carrier::Maildir(_) => None,
        }
    }

    /// See [`relay::Relay::stop`]. A maildir is written in a moment and needs no stopping.
    pub fn stop(&self, wait: Duration) {
        if let Carrier::Smtp(relay) = self {
            relay.stop(wait);
        }
    }

    /// Ends connections that rest.
    pub async fn close(&self) {
        if let Carrier::Smtp(relay) = self {
            relay.close().await;
        }
    }
}
