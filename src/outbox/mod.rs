//! The way from a letter to the relay. Never decides whether to write, or to whom.

pub mod dress;

use crate::mail::{Address, MessageId};

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
    /// Refused for good.
    Refused { why: String },
    /// The connection ended after the mail was handed over and before the answer came.
    Unknown { why: String },
    /// The relay itself cannot be used as configured (credentials, TLS): stop, tell the operator.
    Stop { why: String },
}
