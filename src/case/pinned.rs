//! The roster as the journal has it: whose key is obeyed, since when, and by whose word.
//!
//! The configuration says who the members are; whoever can write there could name a key of their
//! own. So each key is pinned when it is first seen, and a new one has no authority until another
//! coordinator, or somebody at the terminal, accepts it. The first roster is accepted as it is.

use super::{Actor, Caseload, Entry, Member, Permission};
use crate::mail::{Address, Fingerprint};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Part of [`super::Event`]; names are pinned for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts")]
pub enum RosterFact {
    #[serde(rename = "roster.joined")]
    Joined(PinnedFact),
    #[serde(rename = "roster.changed")]
    Changed(PinnedFact),
    #[serde(rename = "roster.left")]
    Left { member: String },
    #[serde(rename = "roster.accepted")]
    Accepted { member: String, key: Fingerprint },
    #[serde(rename = "roster.refused")]
    Refused { member: String, key: Fingerprint },
    /// The coordinators have been told of everything so far.
    #[serde(rename = "roster.told")]
    Told { members: Vec<String> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PinnedFact {
    pub member: String,
    pub key: Fingerprint,
    pub role: Permission,
    /// It belongs to the first roster: the key counts from the beginning.
    pub first: bool,
    #[serde(default)]
    pub private: MemberAddresses,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberAddresses {
    pub address: Option<Address>,
    pub also_from: Vec<Address>,
}

/// A member as the journal knows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pinned {
    pub member: String,
    pub key: Fingerprint,
    pub role: Permission,
    pub addresses: MemberAddresses,
    pub joined: Timestamp,
    /// None while nobody has accepted the key.
    pub accepted: Option<Accepted>,
    /// A coordinator has refused the key.
    pub refused: bool,
    pub left: bool,
    /// What was decided on the key by a person, and the coordinators have not heard of yet.
    pub untold: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// Signatures from then on are obeyed; none for the first roster, which is taken as it is.
    pub since: Option<Timestamp>,
    pub by: Actor,
}

impl Pinned {
    /// What this member obeys for: this very key, and somebody has accepted it.
    pub fn accepts(&self, key: &Fingerprint) -> Option<&Accepted> {
        self.accepted.as_ref().filter(|_| self.key == *key && !self.left)
    }

    fn apply(&mut self, entry: &Entry, fact: &RosterFact) {
        match fact {
            RosterFact::Joined(fact) | RosterFact::Changed(fact) => {
                if self.key != fact.key || self.left {
                    (self.accepted, self.refused) = (None, false);
                }
                self.key = fact.key.clone();
                self.role = fact.role;
                self.addresses = fact.private.clone();
                self.left = false;
            }
            RosterFact::Left { .. } => (self.left, self.accepted) = (true, None),
            RosterFact::Accepted { key, .. } if *key == self.key => {
                let by = entry.by.clone();
                self.accepted = Some(Accepted { since: Some(entry.at), by });
                (self.refused, self.untold) = (false, true);
            }
            RosterFact::Refused { key, .. } if *key == self.key => {
                self.accepted = None;
                (self.refused, self.untold) = (true, true);
            }
            RosterFact::Told { .. } => self.untold = false,
            RosterFact::Accepted { .. } | RosterFact::Refused { .. } => {}
        }
    }
}

impl PinnedFact {
    pub fn of(member: &Member, first: bool) -> PinnedFact {
        let (address, also_from) = (Some(member.address.clone()), member.also_from.clone());
        PinnedFact {
            member: member.handle.clone(),
            key: member.key.clone(),
            role: member.role,
            first,
            private: MemberAddresses { address, also_from },
        }
    }
}

impl RosterFact {
    /// The pinned name.
    pub fn name(&self) -> &'static str {
        match self {
            RosterFact::Joined(_) => "roster.joined",
            RosterFact::Changed(_) => "roster.changed",
            RosterFact::Left { .. } => "roster.left",
            RosterFact::Accepted { .. } => "roster.accepted",
            RosterFact::Refused { .. } => "roster.refused",
            RosterFact::Told { .. } => "roster.told",
        }
    }

    /// Of whom it speaks.
    pub fn members(&self) -> Vec<&str> {
        match self {
            RosterFact::Joined(fact) | RosterFact::Changed(fact) => vec![&fact.member],
            RosterFact::Left { member }
            | RosterFact::Accepted { member, .. }
            | RosterFact::Refused { member, .. } => vec![member],
            RosterFact::Told { members } => members.iter().map(String::as_str).collect(),
        }
    }
}

impl Caseload {
    /// Everybody who is on the roster as the journal has it, or was.
    pub fn pinned(&self) -> impl Iterator<Item = &Pinned> {
        self.members.values()
    }

    pub fn pinned_member(&self, handle: &str) -> Option<&Pinned> {
        self.members.get(handle)
    }

    /// Since when, and by whose word, this member's key is obeyed; none where it is not.
    pub fn accepted_key(&self, member: &Member) -> Option<&Accepted> {
        self.members.get(&member.handle)?.accepts(&member.key)
    }

    pub(super) fn apply_to_roster(&mut self, entry: &Entry, fact: &RosterFact) {
        if let RosterFact::Joined(joined) = fact
            && !self.members.contains_key(&joined.member)
        {
            let accepted = joined.first.then(|| Accepted { since: None, by: entry.by.clone() });
            let pinned = Pinned {
                member: joined.member.clone(),
                key: joined.key.clone(),
                role: joined.role,
                addresses: joined.private.clone(),
                joined: entry.at,
                accepted,
                refused: false,
                left: false,
                untold: false,
            };
            self.members.insert(joined.member.clone(), pinned);
            return;
        }
        for handle in fact.members() {
            if let Some(pinned) = self.members.get_mut(handle) {
                pinned.apply(entry, fact);
            }
        }
    }
}
