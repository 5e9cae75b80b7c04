//! What became of each letter: the fold of the `letter.*` facts.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use super::{CaseId, Entry, Event, Written};
use crate::mail::{Address, Fingerprint, MessageId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum LetterState {
    Waiting,
    Sent,
    Held,
    Failed,
    Discarded,
}

/// How posts to lists are told from all other letters.
pub const POST_WORDING: &str = "notice";

/// A letter on its way, or at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posted {
    pub number: u64,
    pub case: Option<CaseId>,
    pub template: String,
    /// The file of its words.
    pub wording: String,
    pub mail: String,
    pub message_id: MessageId,
    pub code: Option<String>,
    pub to: Option<Address>,
    pub member: Option<String>,
    pub participant: Option<u32>,
    pub acknowledges: bool,
    pub sealed: bool,
    /// Sealed to ourselves, for want of a usable key of its reader: never leaves as it is.
    pub kept: bool,
    pub return_token: Option<String>,
    pub written: Timestamp,
    pub state: LetterState,
    pub why: String,
    pub attempts: u32,
    /// Tried, and the answer is not in the journal: the gateway died in between.
    pub in_flight: bool,
    /// Not before this instant.
    pub due: Timestamp,
    /// The orders it comes from: `/undo` stops it while it waits.
    pub orders: Option<String>,
    /// Keyed digests of what a member wrote in it, where it went encrypted.
    pub passages: Vec<u64>,
    /// The key it is encrypted to, where it is a participant's.
    #[serde(default)]
    pub key: Option<Fingerprint>,
}

impl Posted {
    pub fn written(case: Option<&CaseId>, at: Timestamp, written: &Written) -> Posted {
        Posted {
            number: written.letter,
            case: case.cloned(),
            template: written.template.clone(),
            wording: written.wording.clone(),
            mail: written.mail.clone(),
            message_id: written.message_id.clone(),
            code: written.code.clone(),
            to: written.private.to.clone(),
            member: written.member.clone(),
            participant: written.participant,
            acknowledges: written.acknowledges,
            sealed: written.sealed,
            kept: written.kept,
            return_token: written.return_token.clone(),
            written: at,
            state: if written.held.is_some() { LetterState::Held } else { LetterState::Waiting },
            why: written.held.clone().unwrap_or_default(),
            attempts: 0,
            in_flight: false,
            due: written.due.unwrap_or(at),
            orders: written.orders.clone(),
            passages: written.private.passages.clone(),
            key: written.private.key.clone(),
        }
    }

    /// It waits, and no relay has it in hand.
    pub fn can_be_stopped(&self) -> bool {
        self.state == LetterState::Waiting && !self.in_flight
    }

    pub fn id(&self) -> String {
        format!("L{}", self.number)
    }

    /// A post to a list: what is said there twice cannot be taken back.
    pub fn is_post(&self) -> bool {
        self.wording == POST_WORDING
    }

    /// What a fact makes of the letter. One that is discarded stays so; one that was sent can
    /// still come back.
    pub fn apply(&mut self, entry: &Entry) {
        let came_back = matches!(entry.event, Event::LetterFailed { .. });
        match self.state {
            LetterState::Discarded => return,
            LetterState::Sent if !came_back => return,
            _ => {}
        }
        match &entry.event {
            Event::LetterTried { .. } => {
                self.attempts += 1;
                self.in_flight = true;
            }
            Event::LetterSent { .. } => self.become_(LetterState::Sent, ""),
            Event::LetterHeld { why, kept, .. } => {
                self.become_(LetterState::Held, why);
                self.kept |= kept;
            }
            Event::LetterFailed { why, .. } => self.become_(LetterState::Failed, why),
            Event::LetterDiscarded { why, .. } => self.become_(LetterState::Discarded, why),
            Event::LetterReleased { .. } => {
                self.become_(LetterState::Waiting, "");
                self.due = entry.at;
            }
            Event::LetterDelayed { why, again, .. } => {
                self.become_(LetterState::Waiting, why);
                self.due = *again;
            }
            _ => {}
        }
    }

    fn become_(&mut self, state: LetterState, why: &str) {
        self.state = state;
        self.why = why.to_owned();
        self.in_flight = false;
    }
}

impl Event {
    /// The number of the letter this fact is about.
    pub fn letter(&self) -> Option<u64> {
        match self {
            Event::LetterWritten(written) => Some(written.letter),
            Event::LetterTried { letter }
            | Event::LetterSent { letter }
            | Event::LetterDelayed { letter, .. }
            | Event::LetterHeld { letter, .. }
            | Event::LetterFailed { letter, .. }
            | Event::LetterReleased { letter }
            | Event::LetterDiscarded { letter, .. } => Some(*letter),
            _ => None,
        }
    }
}
