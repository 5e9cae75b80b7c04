//! What is this mail?
//!
//! [`RULES`] are asked in order; the first that answers decides. Each answer carries its reasons
//! as sentences, which handlers read. A rule never acts, never answers, never drops: in doubt a
//! mail is a report and a human reads it.
//!
//! ```text
//! Mail ──▶ rules, in order ──▶ Triage { class, pathway, because, found, belongs }
//!            the last one, report: Reading (own words) ──▶ kinds (scores) ──▶ class
//!                                                     └──▶ extract (ids, packages, dates)
//! ```
//!
//! What the words say never gives rights: only the evidence, the roster, and what we handed out
//! ourselves (codes, tokens, Message-IDs) are believed. Everything is linear in the text.

mod automatic;
mod bounce;
#[cfg(test)]
mod cast;
mod challenge;
pub mod extract;
mod follow_up;
mod help;
pub mod kinds;
pub mod list_traffic;
mod notes;
mod orders;
mod own_letter;
pub mod posts;
pub mod reading;
mod report;
mod results;

use crate::case::{CaseId, Caseload, Class, Found, HouseRules, Observed, Pathway};
use crate::mail::{Address, Mail};
use serde::{Deserialize, Serialize};

/// The rules, in the order in which they are asked.
pub const RULES: &[Rule] = &[
    // Our own post, back from a list. First, or we would answer ourselves.
    own_letter::RULE,
    // Before `automatic`: a bounce is automatic too, but it means something.
    bounce::RULE,
    // Before `automatic`: a robot that waits for a person's click loses our letter otherwise.
    challenge::RULE,
    // RFC 3834: filed, never answered. Before what asks who writes: robots use people's addresses.
    automatic::RULE,
    // Signed by a member of the roster and addressed to us. Before `follow_up`: identity is the
    // key, and orders name their case themselves.
    orders::RULE,
    // Known by code, thread or number. Before the kinds: an answer is no new case.
    follow_up::RULE,
    // From a list we watch: nobody asked us.
    list_traffic::RULE,
    // Sent to the address that explains encryption, and no report. Before what opens a case.
    help::RULE,
    // Whatever is left: in doubt, a human reads it.
    report::RULE,
];

/// What this mail is. There is always an answer: the last rule takes what is left.
pub fn triage(question: &Question<'_>) -> Triage {
    let answer = RULES.iter().find_map(|rule| (rule.check)(question));
    let mut triage = answer.unwrap_or_else(|| report::whatever_is_left(question));
    notes::add(question, &mut triage);
    triage.list = list_traffic::carries(question).map(|(name, _)| name.to_owned());
    triage
}

/// What a rule may look at.
pub struct Question<'a> {
    pub mail: &'a Mail,
    pub cases: &'a Caseload,
    pub rules: &'a HouseRules,
    /// The watched list that the mailbox is configured for.
    pub list: Option<&'a str>,
}

/// What a mail was taken for, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Triage {
    pub class: Class,
    pub pathway: Pathway,
    /// Sentences for handlers, the strongest first.
    pub because: Vec<String>,
    pub certain: Certainty,
    pub found: Found,
    /// The case it belongs to, where it belongs to one.
    pub belongs: Option<Belonging>,
    /// The letter of ours that came back, where a bounce counts: it stood at the letter's own
    /// return address.
    #[serde(default)]
    pub letter: Option<u64>,
    /// It asks our help address how to encrypt, and holds no report.
    #[serde(default)]
    pub asks_for_help: bool,
    /// What it says as a post of a watched list, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Box<Observed>>,
    /// The watched list that carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    Certain,
    Likely,
    Doubtful,
}

/// Which case a mail belongs to, and what says so. It says nothing of who writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belonging {
    pub case: CaseId,
    pub by: Link,
    /// The participant whose address the mail comes from, where one takes part.
    pub participant: Option<u32>,
    /// A good signature by that participant's key on record covers the mail.
    pub proven: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// A code or token of ours.
    Code,
    /// A Message-ID of ours in In-Reply-To or References; or, from an address that takes part, one
    /// of their own earlier mails.
    MessageId,
    /// The case number, in text signed by a key on record of that case.
    SignedNumber,
    /// The case number, from an address that takes part.
    Number,
}

impl Triage {
    /// For a mail that could not be opened: in doubt it is a report.
    pub fn unopened(why: &str) -> Triage {
        Triage {
            class: Class::Report,
            pathway: Pathway::P1,
            because: vec![why.to_owned()],
            certain: Certainty::Doubtful,
            found: Found::default(),
            belongs: None,
            letter: None,
            asks_for_help: false,
            post: None,
            list: None,
        }
    }
}

/// One rule: a small named check with the reason recorded.
pub struct Rule {
    pub name: &'static str,
    pub check: fn(&Question<'_>) -> Option<Triage>,
}

impl Triage {
    /// An answer with its first reason; nothing found, no case.
    fn new(class: Class, pathway: Pathway, because: impl Into<String>) -> Triage {
        Triage {
            class,
            pathway,
            because: vec![because.into()],
            certain: Certainty::Certain,
            found: Found::default(),
            belongs: None,
            letter: None,
            asks_for_help: false,
            post: None,
            list: None,
        }
    }
}

impl Question<'_> {
    /// The details behind our own address that this mail was sent to: tokens, return addresses.
    fn details(&self) -> impl Iterator<Item = String> {
        let team = &self.rules.team;
        let named = self.mail.to.iter().chain(&self.mail.cc).map(|to| to.address.clone());
        let route = ["delivered-to", "x-original-to"]
            .into_iter()
            .flat_map(|name| self.mail.fields_named(name))
            .filter_map(|value| Address::parse(value.trim().trim_matches(['<', '>'])));
        named.chain(route).filter_map(|address| {
            let detail = address.detail_of(&team.address, &team.subaddress)?;
            Some(detail.to_ascii_lowercase())
        })
    }

    /// The one address in From, where the outside and the inside of the mail agree on it.
    fn sender(&self) -> Option<&Address> {
        self.mail.sender().map(|sender| &sender.address)
    }
}

/// A pattern of ours, over ASCII classes: linear, and fast on any text. One that does not compile
/// matches nothing, and fails every test that asks it.
fn pattern(pattern: &str) -> Option<regex::Regex> {
    let built = regex::RegexBuilder::new(pattern).unicode(false).build();
    #[cfg(test)]
    assert!(built.is_ok(), "{pattern}: {built:?}");
    built.ok()
}

#[cfg(test)]
#[path = "triage_tests.rs"]
mod tests;
