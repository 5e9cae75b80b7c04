//! What is known about a disclosure: who knows, is there a fix, is it public, is it attacked.
//!
//! Facts only come; none goes again. While an embargo is in force, that it is public, exploited
//! or attacked is a *claim* as long as one member alone says so: a claim alarms and holds what is
//! on its way out, and ends nothing. The word of a second member makes it a fact, and the embargo
//! is over. So neither one mistaken member nor one stolen key can end an embargo.

use super::EmbargoState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// The six events of the Vultron case state model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Fact {
    VendorAware,
    FixReady,
    FixDeployed,
    /// The vulnerability is known to the public.
    Public,
    /// Somebody published how to exploit it.
    Exploit,
    /// It is exploited. That alone does not make it public.
    Attacks,
}

/// How we know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// When it came to be so.
    pub at: Timestamp,
    pub source: String,
    /// The member who said so first.
    pub by: String,
    /// False for a claim.
    pub confirmed: bool,
}

pub type Facts = BTreeMap<Fact, Known>;

/// One member's signed word that something is so.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    pub fact: Fact,
    pub at: Timestamp,
    pub source: &'a str,
    pub by: &'a str,
    /// Handler of this case, or coordinator: whose word makes another's claim a fact.
    pub may_confirm: bool,
}

/// What a member's word makes known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// New or changed; laid over what was known.
    pub known: Facts,
    /// One member's word only: to be told to all handlers and coordinators, and to hold what is
    /// outgoing.
    pub claim: bool,
    /// The embargo, or the proposal of one, ends with this.
    pub embargo_exits: bool,
    /// Attacks in spite of an embargo: a coordinator decides soon whether it is lifted.
    pub must_decide: bool,
}

impl Fact {
    /// While an embargo is in force one member's word for this is only a claim.
    pub fn needs_two(self) -> bool {
        matches!(self, Fact::Public | Fact::Exploit | Fact::Attacks)
    }

    /// What must be so first: a fix is made by who knows, and shipped when it is made.
    fn after(self) -> Option<(Fact, &'static str)> {
        match self {
            Fact::FixReady => Some((
                Fact::VendorAware,
                "No fix is ready before the maintainer knows. Say /fact vendor-aware first.",
            )),
            Fact::FixDeployed => Some((
                Fact::FixReady,
                "No fix is deployed before it is ready. Say /fact fix-ready first.",
            )),
            _ => None,
        }
    }

    /// What is so at once when this is: an exploit makes it public, and the public includes the
    /// maintainer.
    fn implied(self) -> &'static [Fact] {
        match self {
            Fact::Exploit => &[Fact::Public, Fact::VendorAware],
            Fact::Public => &[Fact::VendorAware],
            _ => &[],
        }
    }
}

/// What becomes known when a member says so, or a sentence why it does not.
pub fn learn(
    facts: &Facts,
    embargo: EmbargoState,
    said: &Said,
    now: Timestamp,
) -> Result<Learned, &'static str> {
    if said.at > now {
        return Err("That lies ahead. A fact is what has happened.");
    }
    in_order(facts, said)?;
    is_news(facts, embargo, said)?;
    let claim = said.fact.needs_two() && in_force(embargo) && !seconded(facts, said);
    let known = if claim { claims(facts, said) } else { truths(facts, said) };
    let ends = known.iter().any(|(fact, known)| known.confirmed && ends_embargo(*fact));
    let open = in_force(embargo) || embargo == EmbargoState::Proposed;
    let must_decide = !claim && said.fact == Fact::Attacks && in_force(embargo);
    Ok(Learned { known, claim, embargo_exits: ends && open, must_decide })
}

/// What is left when a claim is taken back, by who made it or by a coordinator. What two signed
/// stays.
pub fn take_back(
    facts: &Facts,
    fact: Fact,
    by: &str,
    coordinator: bool,
) -> Result<Facts, &'static str> {
    match facts.get(&fact) {
        None => Err("Nobody said so: there is nothing to take back."),
        Some(known) if known.confirmed => Err("That is a fact. Facts are not taken back."),
        Some(known) if known.by != by && !coordinator => {
            Err("A claim is taken back by who made it, or by a coordinator.")
        }
        Some(_) => {
            let mut left = facts.clone();
            left.remove(&fact);
            Ok(left)
        }
    }
}

/// Known for certain.
pub fn is_fact(facts: &Facts, fact: Fact) -> bool {
    facts.get(&fact).is_some_and(|known| known.confirmed)
}

/// What one member says and no second has signed: it holds what is outgoing.
pub fn claimed(facts: &Facts) -> impl Iterator<Item = Fact> + '_ {
    facts.iter().filter(|(_, known)| !known.confirmed).map(|(fact, _)| *fact)
}

pub(super) fn in_force(embargo: EmbargoState) -> bool {
    matches!(embargo, EmbargoState::Active | EmbargoState::Revise)
}

fn ends_embargo(fact: Fact) -> bool {
    matches!(fact, Fact::Public | Fact::Exploit)
}

fn in_order(facts: &Facts, said: &Said) -> Result<(), &'static str> {
    let Some((first, why)) = said.fact.after() else { return Ok(()) };
    match facts.get(&first) {
        Some(known) if known.at <= said.at => Ok(()),
        Some(_) if first == Fact::VendorAware => {
            Err("That is before the maintainer knew. Give the earlier /fact vendor-aware first.")
        }
        Some(_) => Err("That is before the fix was ready. Give the earlier /fact fix-ready first."),
        None => Err(why),
    }
}

/// A fact stands; only when it came to be so may turn out to be earlier, and only for facts that
/// decide nothing about the embargo.
fn is_news(facts: &Facts, embargo: EmbargoState, said: &Said) -> Result<(), &'static str> {
    match facts.get(&said.fact) {
        Some(known) if known.confirmed && (said.fact.needs_two() || said.at >= known.at) => {
            Err("That is on record already.")
        }
        Some(known) if !known.confirmed && in_force(embargo) && known.by == said.by => {
            Err("You have said so. Another handler or a coordinator must sign it too.")
        }
        Some(known) if !known.confirmed && in_force(embargo) && !said.may_confirm => {
            Err("That is claimed already. A handler or a coordinator must sign it.")
        }
        _ => Ok(()),
    }
}

fn seconded(facts: &Facts, said: &Said) -> bool {
    let claim = facts.get(&said.fact).filter(|known| !known.confirmed);
    said.may_confirm && claim.is_some_and(|known| known.by != said.by)
}

/// A claimed exploit claims also that it is public; whom that obliges us to tell waits for the
/// second word.
fn claims(facts: &Facts, said: &Said) -> Facts {
    let implied = said.fact.implied().iter().copied().filter(|fact| fact.needs_two());
    let all = std::iter::once(said.fact).chain(implied);
    all.filter(|fact| !facts.contains_key(fact)).map(|fact| (fact, said.known(false))).collect()
}

fn truths(facts: &Facts, said: &Said) -> Facts {
    let implied = said.fact.implied().iter().copied().filter(|fact| !is_fact(facts, *fact));
    let mut known: Facts = implied.map(|fact| (fact, said.known(true))).collect();
    let first = facts.get(&said.fact).filter(|old| !old.confirmed);
    let told = match first {
        // Who said it first, and since when, stays on record when a second confirms it.
        Some(old) => Known { at: old.at.min(said.at), confirmed: true, ..old.clone() },
        None => said.known(true),
    };
    known.insert(said.fact, told);
    known
}

impl Said<'_> {
    fn known(&self, confirmed: bool) -> Known {
        let (source, by) = (self.source.to_owned(), self.by.to_owned());
        Known { at: self.at, source, by, confirmed }
    }
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
