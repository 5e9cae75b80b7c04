//! RFC 5322 and MIME: bytes to our own [`Mail`] and back. Knows nothing about cases.
//!
//! In: [`parse`] measures the bytes against [`crate::limits`] and reads one [`Entity`]. Its
//! [`Entity::shape`] says whether the root is encrypted or signed; what stood inside goes
//! through [`parse_payload`]. [`Entity::mail`] fills the header part of a [`Mail`], [`merge`]
//! puts protected headers over it, [`Entity::content`] gives text, files, keys and the pieces
//! below the root; [`quote`] knows where a sender's own words end. Out: [`compose`] writes our
//! letters.
//!
//! It never opens or verifies anything, asks the network for nothing, follows no link, and
//! never believes a name, a type or a header because a stranger wrote it: what could be read
//! in two ways is an oddity, and signed or encrypted in neither. The parser of mail is named
//! in this folder only; no byte of a mail is ever written again from what was parsed.
//!
//! | standard | what | state |
//! | --- | --- | --- |
//! | RFC 5322 | fields, addresses, dates, ids | read tolerantly, believed strictly; written |
//! | RFC 2045, 2046, 2049 | MIME entities | read within limits; written in seven bits |
//! | RFC 2047, 2231 | encoded words, parameters | read where words stand; written as UTF-8 |
//! | RFC 2183 | file names | hints, cleaned; written |
//! | RFC 3676 | format=flowed, delsp | undone for reading; never written |
//! | RFC 1847, 3156 | signed and encrypted mail | root counts, the rest are pieces; written |
//! | RFC 9787 | layers that count | followed: those from the root |
//! | RFC 9788 | protected headers | read and written; legacy display only removed, from text |
//! | `protected-headers="v1"` | the draft before it | read and written |
//! | RFC 9580 section 6, 7 | armor in a text | found and cut out; never written |
//! | Autocrypt 1.1 | the header | read and written; gossip ignored, dates left to others |
//! | RFC 3464, 6522 | delivery status | read; nothing that came back is opened |
//! | RFC 3834 | automatic mail | recognised; Auto-Submitted written |
//! | RFC 2369, 2919 | list headers | recognised; never written here |
//! | RFC 6532 | UTF-8 in fields | read; never written |
//! | RFC 8551 | S/MIME | not read: its parts are files |

mod address;
mod armor;
mod autocrypt;
mod automatic;
mod bounce;
pub mod clean;
pub mod compose;
mod content;
mod digest;
mod encode;
mod entity;
mod evidence;
mod fields;
mod files;
mod fingerprint;
mod header;
mod list_footer;
mod message_id;
mod pass_on;
mod protected;
pub mod quote;
mod shape;
mod text;
mod thread;
mod walk;
mod words;

pub use address::{Address, Mailbox, NotAnAddress};
pub use automatic::automatic;
pub use content::{Autocrypt, Body, Content, KeyBlock, Matter, Piece, Place};
pub use digest::{canonical, routeless};
pub use entity::{Entity, Unparsable, parse, parse_payload, typed};
pub use evidence::{Encrypted, Evidence, KeyOrigin, Signature, Signed, replay_id};
pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use list_footer::{kept_post, without_list_lines};
pub use message_id::{MessageId, NotAMessageId};
pub use pass_on::{is_seven_bit, pass_on};
pub use protected::{Protected, merge};
pub use shape::Shape;
pub use thread::references;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One mail as it reads after opening: plain values, every text cleaned of control characters.
///
/// Where headers are protected, `from`, `to`, `cc` and `subject` are the protected ones; `fields`
/// are always the outer ones, as the mail servers on the way saw them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mail {
    pub from: Vec<Mailbox>,
    /// Shown to handlers, never written to.
    pub reply_to: Vec<Mailbox>,
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    /// Delivered-To and X-Original-To: where it was handed in.
    pub delivered_to: Vec<Address>,
    pub subject: String,
    pub date: Option<Timestamp>,
    /// The sender's clock, in seconds east of UTC, as the Date field says.
    pub utc_offset: Option<i32>,
    pub message_id: Option<MessageId>,
    pub in_reply_to: Vec<MessageId>,
    pub references: Vec<MessageId>,
    /// Outer header fields, decoded, in order, names in lower case.
    pub fields: Vec<Field>,
    /// What a person reads: text/plain, or HTML as text. Cut at [`crate::limits::TEXT_BYTES`].
    pub text: String,
    pub text_cut: bool,
    /// Why `text` may not be read as commands, whoever signed it; none where it may.
    pub not_for_orders: Option<String>,
    pub attachments: Vec<Attachment>,
    /// Certificates that came with the mail and carry a user id of its sender's address.
    pub keys: Vec<CandidateKey>,
    /// What a delivery status notification says, where the mail is one.
    pub bounce: Option<Bounce>,
    /// A secret key came with the mail: named, never kept.
    pub secret_key_inside: bool,
    /// What is odd about its form, as sentences for handlers ("two From fields").
    pub oddities: Vec<String>,
    /// Words that a good signature of our own key covers, anywhere in it but in a mail passed on:
    /// a post of ours, come back.
    pub own_words: Option<String>,
    /// A signature that names our own key is in it, not in a mail passed on, and does not hold.
    pub own_signature_broken: bool,
    pub evidence: Evidence,
}

/// One outer header field. `name` is in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub value: String,
}

/// A file that came along. Names are hints, cleaned; contents stay in the kept mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    pub kind: String,
    pub bytes: u64,
    /// It came encrypted and was opened.
    pub encrypted: bool,
}

/// A certificate that came with a mail: a hint, never yet a trusted key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateKey {
    pub fingerprint: Fingerprint,
    /// Fingerprints of primary and subkeys, as hex: a signature may name any of them. Those of
    /// version 4 end in their key id, those of version 6 begin with it.
    pub key_ids: Vec<String>,
    pub source: KeySource,
    /// The certificate, armored, without third-party signatures.
    pub certificate: String,
    /// Why it cannot be encrypted to, in words for its owner; none where it can.
    pub trouble: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeySource {
    Attached,
    Autocrypt,
    /// Stood as an armored block in the text.
    Pasted,
}

/// A delivery status notification (RFC 3464).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    pub action: String,
    pub status: String,
    pub recipient: Option<Address>,
    /// Message-ID of the mail that came back, from the returned header part.
    pub original: Option<MessageId>,
}

impl Mail {
    /// The one sender, where there is exactly one From field with exactly one usable address.
    pub fn sender(&self) -> Option<&Mailbox> {
        match self.from.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The first outer field of that (lower-case) name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
    }

    pub fn fields_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |field| field.name == name).map(|field| field.value.as_str())
    }

    /// Message-IDs this mail answers: In-Reply-To, then References from the newest back.
    pub fn answers(&self) -> impl Iterator<Item = &MessageId> {
        self.in_reply_to.iter().chain(self.references.iter().rev())
    }
}
