//! Every fact there can be, with its pinned name, and the entry that puts it into the journal.
//!
//! Names are for ever: a journal written today is read in ten years. Addresses, titles, people's
//! words and extracted ids stand in `private`, which the store seals under the case's own key;
//! where that key has been destroyed `private` reads as its default.

use super::{
    CaseId, CaseLeak, Channel, Class, Deed, Observed, OrdersTaken, Pathway, Reason, Role,
    RosterFact, Tlp,
};
use crate::mail::{Address, Fingerprint, KeySource, MessageId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt;

/// A fact with its time, its case and its author.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub at: Timestamp,
    pub case: Option<CaseId>,
    pub by: Actor,
    pub event: Event,
}

/// Who did it, in a form that names no outsider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    Gateway,
    /// Somebody at the terminal, with the rights of the operating system.
    Cli,
    Member(String),
    Participant(u32),
    /// Somebody who takes no part in the case.
    Stranger,
}

/// A fact. Public fields stand in the journal as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts")]
pub enum Event {
    #[serde(rename = "case.opened")]
    CaseOpened {
        class: Class,
        pathway: Pathway,
        tlp: Tlp,
        #[serde(default)]
        private: Opening,
    },
    #[serde(rename = "participant.joined")]
    ParticipantJoined {
        participant: u32,
        role: Role,
        #[serde(default)]
        private: Person,
    },
    #[serde(rename = "key.learned")]
    KeyLearned {
        participant: u32,
        source: KeySource,
        proven: bool,
        #[serde(default)]
        private: Key,
    },
    #[serde(rename = "key.proven")]
    KeyProven {
        participant: u32,
        #[serde(default)]
        private: KeyName,
    },
    #[serde(rename = "channel.set")]
    ChannelSet { participant: u32, channel: Channel },
    #[serde(rename = "member.read-in")]
    ReadIn { member: String, why: String },
    /// A mail was filed: into a case, or (list, bounce, automatic, own letter) into none.
    #[serde(rename = "mail.filed")]
    MailFiled(Filed),
    #[serde(rename = "mail.quarantined")]
    MailQuarantined(Quarantined),
    #[serde(rename = "mail.retried")]
    MailRetried { quarantine: u64 },
    #[serde(rename = "letter.written")]
    LetterWritten(Written),
    #[serde(rename = "letter.tried")]
    LetterTried { letter: u64 },
    #[serde(rename = "letter.sent")]
    LetterSent { letter: u64 },
    /// Not taken yet, tried again at `again`.
    #[serde(rename = "letter.delayed")]
    LetterDelayed { letter: u64, why: String, again: Timestamp },
    #[serde(rename = "letter.held")]
    LetterHeld {
        letter: u64,
        why: String,
        /// It was sealed to ourselves, for want of a usable key.
        #[serde(default)]
        kept: bool,
    },
    #[serde(rename = "letter.failed")]
    LetterFailed { letter: u64, why: String },
    #[serde(rename = "letter.released")]
    LetterReleased { letter: u64 },
    #[serde(rename = "letter.discarded")]
    LetterDiscarded { letter: u64, why: String },
    /// The report text was shown on the terminal.
    #[serde(rename = "words.shown")]
    WordsShown { user: u32 },
    #[serde(rename = "orders.taken")]
    OrdersTaken(OrdersTaken),
    /// Signed words that were read before, or are nobody's.
    #[serde(rename = "orders.refused")]
    OrdersRefused { member: String, why: String },
    /// The newest orders of a member in this case, taken back by that member.
    #[serde(rename = "orders.undone")]
    OrdersUndone { orders: String },
    /// A clear mail held words that we had sent encrypted.
    #[serde(rename = "words.exposed")]
    WordsExposed { mail: String },
    /// Whole days, both included.
    #[serde(rename = "member.away")]
    MemberAway { member: String, from: Date, to: Date },
    /// A post on a watched list was read.
    #[serde(rename = "post.observed")]
    PostObserved {
        post: u32,
        list: String,
        #[serde(default)]
        same_as: Option<u32>,
        #[serde(default)]
        update_of: Option<u32>,
        #[serde(default)]
        past: bool,
        #[serde(default)]
        private: PostWords,
    },
    /// These posts stood in a digest to the team; or, in a case, in a letter to its people.
    #[serde(rename = "posts.told")]
    PostsTold { posts: Vec<u32> },
    #[serde(untagged)]
    Deed(Deed),
    #[serde(untagged)]
    Roster(RosterFact),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Opening {
    pub title: String,
    /// Why triage took it for this, as sentences.
    pub because: Vec<String>,
    pub found: Found,
}

/// What triage read out of the words of a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// CVE, GHSA, OSV and other ids, normalised.
    pub ids: Vec<String>,
    /// Packages as purls where they can be, else as named.
    pub packages: Vec<String>,
    pub versions: Vec<String>,
    /// Days named in the text, ISO 8601.
    pub dates: Vec<String>,
    /// The sender's date of publication, where one is named: the day and the words it stood in.
    pub deadline: Option<Deadline>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// ISO 8601 day, or instant where hour and zone were said.
    pub at: String,
    pub words: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    pub name: String,
    pub address: Option<Address>,
    /// Of the key that is theirs, as whoever named them says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_key: Option<Fingerprint>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyName {
    pub fingerprint: Option<Fingerprint>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Key {
    pub fingerprint: Option<Fingerprint>,
    /// Fingerprints of primary and subkeys, as hex: a signature may name any of them.
    pub key_ids: Vec<String>,
    /// The certificate, armored.
    pub certificate: String,
    /// Why it cannot be encrypted to, in words for its owner.
    pub trouble: Option<String>,
}

/// A mail that was filed. `mail` names its octets in the store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filed {
    pub mail: String,
    /// Keyed digests of the whole mail and of the mail without its route.
    pub exact: String,
    pub routeless: String,
    pub class: Class,
    pub bytes: u64,
    pub mailbox: String,
    /// The number of the participant who wrote it, where one did.
    pub from: Option<u32>,
    #[serde(default)]
    pub private: FiledWords,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FiledWords {
    pub from: Option<Address>,
    pub subject: String,
    pub message_id: Option<MessageId>,
    /// The case it belongs to by what, or why it is filed without one.
    pub because: Vec<String>,
    /// Keyed digest of its words, where they are long enough to know again.
    pub words: Option<String>,
    /// Keyed digests of its passages, so that a quotation of it is noticed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<u64>,
    /// The whole mail came encrypted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub encrypted: bool,
    /// Files that came with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<u32>,
}

/// What a post says and what we made of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostWords {
    pub post: Observed,
    /// What shows that it is the same as another.
    pub because: String,
    pub reasons: Vec<Reason>,
    pub cases: Vec<CaseId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaks: Vec<CaseLeak>,
}

/// A mail that could not be filed. Its octets are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quarantined {
    pub quarantine: u64,
    pub mail: String,
    pub exact: String,
    pub mailbox: String,
    pub bytes: u64,
    pub why: String,
}

/// A letter that is finished: its octets are kept under `mail`, the same at every attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Written {
    pub letter: u64,
    /// T-number and file name of its wording.
    pub template: String,
    pub wording: String,
    pub mail: String,
    pub message_id: MessageId,
    /// The code in its case line; none where it has no case.
    pub code: Option<String>,
    /// To a member of the team, by handle; else to an outsider.
    pub member: Option<String>,
    pub participant: Option<u32>,
    /// It answers a mail of somebody who takes part in no case.
    pub acknowledges: bool,
    pub sealed: bool,
    /// Sealed to ourselves, for want of a usable key of its reader.
    pub kept: bool,
    /// Detail of the keyed return address, where bounces count; none for the null path.
    pub return_token: Option<String>,
    /// Why it waits for a person, from the start.
    pub held: Option<String>,
    /// Not before this instant: it can be stopped until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The orders it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders: Option<String>,
    #[serde(default)]
    pub private: WrittenTo,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WrittenTo {
    pub to: Option<Address>,
    /// Keyed digests of what a member wrote in it, where it went encrypted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<u64>,
    /// The key it is encrypted to, where it is a participant's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Fingerprint>,
}

impl Event {
    /// The pinned name.
    pub fn name(&self) -> &'static str {
        match self {
            Event::CaseOpened { .. } => "case.opened",
            Event::ParticipantJoined { .. } => "participant.joined",
            Event::KeyLearned { .. } => "key.learned",
            Event::KeyProven { .. } => "key.proven",
            Event::ChannelSet { .. } => "channel.set",
            Event::ReadIn { .. } => "member.read-in",
            Event::MailFiled(_) => "mail.filed",
            Event::MailQuarantined(_) => "mail.quarantined",
            Event::MailRetried { .. } => "mail.retried",
            Event::LetterWritten(_) => "letter.written",
            Event::LetterTried { .. } => "letter.tried",
            Event::LetterSent { .. } => "letter.sent",
            Event::LetterDelayed { .. } => "letter.delayed",
            Event::LetterHeld { .. } => "letter.held",
            Event::LetterFailed { .. } => "letter.failed",
            Event::LetterReleased { .. } => "letter.released",
            Event::LetterDiscarded { .. } => "letter.discarded",
            Event::WordsShown { .. } => "words.shown",
            Event::OrdersTaken(_) => "orders.taken",
            Event::OrdersRefused { .. } => "orders.refused",
            Event::OrdersUndone { .. } => "orders.undone",
            Event::WordsExposed { .. } => "words.exposed",
            Event::MemberAway { .. } => "member.away",
            Event::PostObserved { .. } => "post.observed",
            Event::PostsTold { .. } => "posts.told",
            Event::Deed(deed) => deed.name(),
            Event::Roster(fact) => fact.name(),
        }
    }

    /// The kept mail this fact speaks of.
    pub fn mail(&self) -> Option<&str> {
        match self {
            Event::MailFiled(filed) => Some(&filed.mail),
            Event::MailQuarantined(quarantined) => Some(&quarantined.mail),
            Event::LetterWritten(written) => Some(&written.mail),
            _ => None,
        }
    }
}

/// An entry that the journal holds and this program cannot read.
#[derive(Debug, thiserror::Error)]
#[error("a journal entry cannot be read: {0}")]
pub struct NotAnEntry(#[from] serde_json::Error);

impl Entry {
    /// The line of the journal, without its sequence number, which the store gives.
    pub fn to_line(&self) -> Result<Value, NotAnEntry> {
        let mut line = serde_json::to_value(&self.event)?;
        let private = line
            .get_mut("facts")
            .and_then(Value::as_object_mut)
            .and_then(|facts| facts.remove("private"))
            .unwrap_or(Value::Null);
        let head = json!({
            "v": 1, "at": self.at, "case": self.case, "by": self.by, "private": private,
        });
        if let (Some(line), Value::Object(head)) = (line.as_object_mut(), head) {
            line.extend(head);
        }
        Ok(line)
    }

    pub fn from_line(line: Value) -> Result<Entry, NotAnEntry> {
        let Value::Object(mut line) = line else { return Ok(serde_json::from_value(line)?) };
        let head: Head = serde_json::from_value(Value::Object(line.clone()))?;
        let mut facts = line.remove("facts").unwrap_or(Value::Object(Map::new()));
        match (line.remove("private"), facts.as_object_mut()) {
            (Some(private), Some(facts)) if !private.is_null() => {
                facts.insert("private".to_owned(), private);
            }
            _ => {}
        }
        let event = json!({ "event": line.remove("event"), "facts": facts });
        Ok(Entry {
            at: head.at,
            case: head.case,
            by: head.by,
            event: serde_json::from_value(event)?,
        })
    }
}

#[derive(Deserialize)]
struct Head {
    at: Timestamp,
    case: Option<CaseId>,
    by: Actor,
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Entry, D::Error> {
        let line = Value::deserialize(deserializer)?;
        if !line.is_object() {
            return Err(serde::de::Error::custom("an entry is an object"));
        }
        Entry::from_line(line).map_err(serde::de::Error::custom)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("not an author of an entry")]
pub struct NotAnActor;

impl TryFrom<String> for Actor {
    type Error = NotAnActor;

    fn try_from(text: String) -> Result<Actor, NotAnActor> {
        match text.split_once(':') {
            Some(("member", handle)) => Ok(Actor::Member(handle.to_owned())),
            Some(("participant", n)) => n.parse().map(Actor::Participant).map_err(|_| NotAnActor),
            None if text == "gateway" => Ok(Actor::Gateway),
            None if text == "cli" => Ok(Actor::Cli),
            None if text == "stranger" => Ok(Actor::Stranger),
            _ => Err(NotAnActor),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> String {
        actor.to_string()
    }
}

impl Actor {
    /// Of a member.
    pub fn handle(&self) -> Option<&str> {
        match self {
            Actor::Member(handle) => Some(handle),
            _ => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Gateway => f.write_str("gateway"),
            Actor::Cli => f.write_str("cli"),
            Actor::Member(handle) => write!(f, "member:{handle}"),
            Actor::Participant(n) => write!(f, "participant:{n}"),
            Actor::Stranger => f.write_str("stranger"),
        }
    }
}
