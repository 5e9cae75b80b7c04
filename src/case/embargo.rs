//! An agreement to keep silent until an instant, and what it forbids while it is in force.
//!
//! ```text
//! none ──propose──▶ proposed ──all accept──▶ active ──propose──▶ revise
//!   ▲                  │                     │  ▲                  │ │
//!   └────one declines──┘                     │  └─accept, decline──┘ │
//!                                            ▼                       ▼
//!                                 exited: the end came, it became public, or it was lifted
//! ```
//!
//! Each step gives the next value, or a sentence why not. The machine of the Vultron model: no
//! embargo without a definite end, none once the matter is public, and none for ever. Silence
//! agrees to nothing, a date in force moves only when everybody asked accepts, and what has
//! exited stays so. It reads no clock: `now` is an argument, [`Embargo::ends`] the deadline.

use super::facts::{Fact, Facts, claimed, in_force, is_fact};
use super::{EmbargoState, Permission};
use crate::limits::{EMBARGO_DAYS, EMBARGO_DAYS_WITH_FIX, EMBARGO_REVISIONS};
use jiff::{SignedDuration, Timestamp};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Embargo {
    pub state: EmbargoState,
    /// The end agreed on; stays on record when the embargo has exited.
    pub until: Option<Timestamp>,
    /// The end that is proposed and not agreed on yet.
    pub proposed: Option<Timestamp>,
    /// Who proposed it: a participant, or the team.
    pub proposer: Option<u32>,
    /// When the first proposal was made, from which the longest embargo is counted.
    pub since: Option<Timestamp>,
    /// How often the end was moved later.
    pub revisions: u32,
    /// Participants' answers to what is proposed.
    #[serde(deserialize_with = "numbered")]
    pub answers: BTreeMap<u32, bool>,
    /// Participants who accepted the embargo in force.
    pub bound: BTreeSet<u32>,
}

/// A date somebody asks for.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    pub until: Timestamp,
    /// The participant whose date it is; None for the team's.
    pub by: Option<u32>,
}

/// One participant's answer, with everybody whose acceptance is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub participant: u32,
    pub accepted: bool,
    pub asked: &'a BTreeSet<u32>,
}

/// What an embargo stands against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Anything of the case to a list, or marked clear.
    Public,
    Close,
    WidenReaders,
    LoosenTlp,
}

type Next = Result<Embargo, &'static str>;

const NOTHING_OPEN: &str = "No date is open to answer. Say /embargo until with one first.";
const ENDED: &str = "The end agreed on has come: the embargo is over.";
const EXITED: &str = "The embargo is over, and a case gets no second one.";

impl Default for Embargo {
    fn default() -> Embargo {
        Embargo {
            state: EmbargoState::None,
            until: None,
            proposed: None,
            proposer: None,
            since: None,
            revisions: 0,
            answers: BTreeMap::new(),
            bound: BTreeSet::new(),
        }
    }
}

/// The numbers are names in JSON, and stay so while it is not yet known which fact they are part
/// of.
fn numbered<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<u32, bool>, D::Error> {
    let named = BTreeMap::<String, bool>::deserialize(from)?;
    let number = |(name, yes): (String, bool)| name.parse().map(|number| (number, yes));
    named.into_iter().map(number).collect::<Result<_, _>>().map_err(D::Error::custom)
}

impl Embargo {
    /// Somebody asks for an end: of a new embargo, or another one for the embargo in force.
    ///
    /// Two parties who each propose an end agree at least on the earlier one: it is in force at
    /// once, and the later one is a proposed revision.
    pub fn propose(&self, proposal: &Proposal, now: Timestamp, facts: &Facts) -> Next {
        self.may_propose(proposal.until, now, facts)?;
        let Proposal { until, by } = *proposal;
        let mut next = self.clone();
        next.since = self.since.or(Some(now));
        (next.proposed, next.proposer) = (Some(until), by);
        next.answers = by.map(|by| (by, true)).into_iter().collect();
        next.state = match self.state {
            EmbargoState::None | EmbargoState::Proposed => EmbargoState::Proposed,
            _ => EmbargoState::Revise,
        };
        Ok(if self.is_a_second(proposal, now) { self.shorter_of_two(next) } else { next })
    }

    /// A participant accepts or declines. With the last acceptance asked for, the proposed end is
    /// in force; with one refusal of somebody asked, things stay as they were before it.
    ///
    /// Where nothing is proposed it answers the embargo in force: a newcomer is bound by it, who
    /// leaves it is not, and for the others it goes on.
    pub fn answer(&self, answer: &Answer, now: Timestamp, facts: &Facts) -> Next {
        let Answer { participant, accepted, asked } = *answer;
        if accepted {
            still_secret(facts)?;
            self.still_ahead(now)?;
        }
        let mut next = self.clone();
        match self.state {
            EmbargoState::None => return Err(NOTHING_OPEN),
            EmbargoState::Exited => return Err(EXITED),
            EmbargoState::Active if accepted => _ = next.bound.insert(participant),
            EmbargoState::Active => _ = next.bound.remove(&participant),
            EmbargoState::Proposed | EmbargoState::Revise => {
                next.answers.insert(participant, accepted);
                // As with two proposals: silence for longer is silence until then.
                if accepted && self.in_force() && self.proposed > self.until {
                    next.bound.insert(participant);
                }
                let yes = |one: &u32| next.answers.get(one) == Some(&true);
                match asked.contains(&participant) {
                    true if !accepted => return Ok(self.refused()),
                    true if asked.iter().all(yes) => next.agree(),
                    _ => {}
                }
            }
        }
        Ok(next)
    }

    /// The proposal comes to nothing: declined, or unanswered until the time to answer was over.
    /// The old end stands where there is one.
    pub fn refused(&self) -> Embargo {
        let state = match self.state {
            EmbargoState::Proposed => EmbargoState::None,
            EmbargoState::Revise => EmbargoState::Active,
            other => other,
        };
        // An embargo that never was counts for nothing when the next is proposed.
        let since = self.since.filter(|_| state != EmbargoState::None);
        let answers = BTreeMap::new();
        Embargo { state, proposed: None, proposer: None, since, answers, ..self.clone() }
    }

    /// A coordinator ends it early; what is only proposed is withdrawn.
    pub fn lift(&self) -> Next {
        match self.state {
            EmbargoState::None => Err("There is no embargo to lift."),
            EmbargoState::Exited => Err("The embargo is over already."),
            _ => Ok(self.exited()),
        }
    }

    /// What it became public ends: the embargo, or the proposal of one.
    pub fn exited(&self) -> Embargo {
        let next = self.refused();
        let state = if in_force(next.state) { EmbargoState::Exited } else { next.state };
        Embargo { state, ..next }
    }

    /// When it ends by itself.
    pub fn ends(&self) -> Option<Timestamp> {
        self.until.filter(|_| self.in_force())
    }

    pub fn in_force(&self) -> bool {
        in_force(self.state)
    }

    /// May this participant be told what the case is about? Details go only to who accepted the
    /// embargo in force.
    pub fn binds(&self, participant: u32) -> bool {
        !self.in_force() || self.bound.contains(&participant)
    }

    /// The embargo of two cases that become one: the earlier end holds until another is agreed
    /// on, and everybody is asked again.
    pub fn merged(&self, other: &Embargo) -> Next {
        let exited = |one: &Embargo| one.state == EmbargoState::Exited;
        if exited(self) && other.in_force() || exited(other) && self.in_force() {
            return Err("One of the cases is under embargo, the other no longer: \
                        a coordinator lifts the embargo before they are merged.");
        }
        let (ours, theirs) = (self.refused(), other.refused());
        let (mut kept, dropped) = if ours.rank() >= theirs.rank() {
            (ours, theirs)
        } else {
            (Embargo { bound: BTreeSet::new(), ..theirs }, ours)
        };
        if kept.in_force() && dropped.in_force() {
            kept.until = kept.until.min(dropped.until);
        }
        kept.since = [kept.since, dropped.since].into_iter().flatten().min();
        kept.revisions = kept.revisions.max(dropped.revisions);
        Ok(kept)
    }

    fn rank(&self) -> u8 {
        match self.state {
            EmbargoState::Exited => 2,
            EmbargoState::Active | EmbargoState::Revise => 1,
            EmbargoState::None | EmbargoState::Proposed => 0,
        }
    }

    fn may_propose(
        &self,
        until: Timestamp,
        now: Timestamp,
        facts: &Facts,
    ) -> Result<(), &'static str> {
        if self.state == EmbargoState::Exited {
            return Err(EXITED);
        }
        still_secret(facts)?;
        if until <= now {
            return Err("That end lies behind us. Name a later one.");
        }
        if self.ends().is_some_and(|end| end <= now) {
            return Err(ENDED);
        }
        if later_than(until, self.since.unwrap_or(now), EMBARGO_DAYS) {
            return Err("No embargo lasts longer than 180 days from the first proposal.");
        }
        self.fix_allows(until, now, facts)?;
        self.may_move_to(until)
    }

    /// A fix that is out cannot be hidden, and one that is ready should not be.
    fn fix_allows(
        &self,
        until: Timestamp,
        now: Timestamp,
        facts: &Facts,
    ) -> Result<(), &'static str> {
        if self.until.is_some_and(|old| until <= old) {
            return Ok(());
        }
        if is_fact(facts, Fact::FixDeployed) {
            return Err("The fix is deployed, and who reads it knows: it is time to publish.");
        }
        if is_fact(facts, Fact::FixReady) && later_than(until, now, EMBARGO_DAYS_WITH_FIX) {
            return Err("The fix is ready: at most 14 days more, to prepare the publication.");
        }
        Ok(())
    }

    fn may_move_to(&self, until: Timestamp) -> Result<(), &'static str> {
        match self.until.filter(|_| self.in_force()) {
            Some(old) if until == old => Err("That is the end agreed on."),
            Some(old) if until > old && self.revisions >= EMBARGO_REVISIONS => {
                Err("The end was moved 3 times already. It can only come earlier.")
            }
            _ => Ok(()),
        }
    }

    /// What has ended, or would end in the past, can no longer be agreed on.
    fn still_ahead(&self, now: Timestamp) -> Result<(), &'static str> {
        if self.ends().is_some_and(|end| end <= now) {
            return Err(ENDED);
        }
        match self.proposed {
            Some(end) if end <= now => Err("The end proposed has passed. Propose another."),
            _ => Ok(()),
        }
    }

    /// A second party's end beside one that still lies ahead.
    fn is_a_second(&self, proposal: &Proposal, now: Timestamp) -> bool {
        let ahead = self.proposed.is_some_and(|first| first > now && first != proposal.until);
        ahead && self.state == EmbargoState::Proposed && self.proposer != proposal.by
    }

    /// Who accepted the later end will keep silent until the earlier one, too.
    fn shorter_of_two(&self, second: Embargo) -> Embargo {
        let until = self.proposed.min(second.proposed);
        let bound = self.accepting().chain(second.accepting()).collect();
        let later = if second.proposed > self.proposed { second } else { self.clone() };
        Embargo { state: EmbargoState::Revise, until, bound, ..later }
    }

    fn accepting(&self) -> impl Iterator<Item = u32> {
        self.answers.iter().filter(|(_, yes)| **yes).map(|(participant, _)| *participant)
    }

    fn agree(&mut self) {
        let later = self.until.is_some_and(|old| self.proposed > Some(old));
        self.revisions += u32::from(later);
        self.until = self.proposed.take();
        self.proposer = None;
        let accepted: Vec<u32> = self.accepting().collect();
        self.bound.extend(accepted);
        self.answers.clear();
        self.state = EmbargoState::Active;
    }
}

/// Why an embargo stands against it, as a sentence for who asked; None where it does not.
pub fn forbidden_by_embargo(embargo: EmbargoState, deed: Deed) -> Option<&'static str> {
    let proposed = embargo == EmbargoState::Proposed;
    match deed {
        _ if !in_force(embargo) && !proposed => None,
        Deed::Public if proposed => {
            Some("An embargo is proposed: nothing goes public before it is answered or withdrawn.")
        }
        Deed::Public => Some("The case is under embargo: nothing of it goes public."),
        Deed::Close if proposed => {
            Some("An embargo is proposed: the case stays open until it is answered or withdrawn.")
        }
        Deed::Close => Some("The case is under embargo: it stays open until the embargo is over."),
        // What is only proposed binds nobody yet.
        Deed::WidenReaders | Deed::LoosenTlp if proposed => None,
        Deed::WidenReaders => Some(
            "The case is under embargo: only who accepted it may read the case, \
             or who a coordinator reads in.",
        ),
        Deed::LoosenTlp => Some("The case is under embargo: its label only becomes stricter."),
    }
}

/// May somebody be read in, who accepted the embargo in force or did not?
pub fn may_read_in(
    embargo: EmbargoState,
    by: Permission,
    accepted: bool,
) -> Result<(), &'static str> {
    match forbidden_by_embargo(embargo, Deed::WidenReaders) {
        Some(why) if by != Permission::Coordinator && !accepted => Err(why),
        _ => Ok(()),
    }
}

/// Nothing is agreed on once it is out, nor while somebody says that it is.
fn still_secret(facts: &Facts) -> Result<(), &'static str> {
    let out = |fact: &Fact| is_fact(facts, *fact);
    if [Fact::Public, Fact::Exploit].iter().any(out) {
        return Err("It is public: there is nothing left to keep silent about.");
    }
    if is_fact(facts, Fact::Attacks) {
        return Err("It is attacked: no embargo is agreed on or made longer.");
    }
    if claimed(facts).next().is_some() {
        return Err("A member says that it is out. A second member signs that, or it is taken \
                    back, before an embargo is agreed on.");
    }
    Ok(())
}

/// Is the instant more than these days behind the other? Compared without leaving the calendar.
fn later_than(instant: Timestamp, from: Timestamp, days: i64) -> bool {
    instant.duration_since(from) > SignedDuration::from_hours(24 * days)
}

#[cfg(test)]
#[path = "embargo_tests.rs"]
mod tests;
