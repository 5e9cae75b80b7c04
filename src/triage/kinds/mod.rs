//! The kinds of mail that people write to us, as a table of small weighted checks.
//!
//! A check looks at the sender's own words only. All phrases of all checks are found in one pass
//! over the text ([`Ear`]); what phrases cannot say is a function. The sum of a topic's checks is
//! its score, its sentences are the reasons that handlers read. Nothing here decides: see
//! [`super::report`].

mod beg_bounty;
mod closed_source;
mod extortion;
mod legal;
mod own_exposure;
mod pathway;
mod plea;
mod press;
mod question;
mod report;
mod scanner;
mod spam;
mod wrapping;

use super::reading::Reading;
use crate::case::Found;
use crate::mail::Mail;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a mail can be about. More than one may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// What can be checked: a trace, a patch, a line of code, a package with its version.
    Substance,
    /// The words of a report.
    Report,
    /// It wants a person who can mend it.
    Contact,
    Plea,
    Question,
    BegBounty,
    Scanner,
    ClosedSource,
    OpenSource,
    OwnExposure,
    Press,
    Legal,
    Extortion,
    Spam,
    /// Nobody maintains it, or those who do cannot be told.
    NoMaintainer,
    /// Asks that nobody is told.
    KeepPrivate,
    /// Imitates the verdict of an OpenPGP program.
    Verdict,
    /// Asks for a click before a mail is delivered.
    Challenge,
}

/// One small check with the reason it gives.
pub struct Check {
    pub weight: u32,
    pub because: &'static str,
    pub sign: Sign,
}

pub enum Sign {
    /// Any of these phrases stands in the text as whole words; `*` at the end leaves the word open.
    Words(&'static [&'static str]),
    Seen(fn(&Matter<'_>) -> bool),
}

/// What a check may look at.
pub struct Matter<'a> {
    pub mail: &'a Mail,
    pub reading: &'a Reading,
    pub found: &'a Found,
}

/// Points of one topic, and what gave them, the strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub points: u32,
    pub because: Vec<&'static str>,
}

const TOPICS: &[(Topic, &[Check])] = &[
    (Topic::Substance, report::SUBSTANCE),
    (Topic::Report, report::WORDS),
    (Topic::Contact, pathway::CONTACT),
    (Topic::Plea, plea::CHECKS),
    (Topic::Question, question::CHECKS),
    (Topic::BegBounty, beg_bounty::CHECKS),
    (Topic::Scanner, scanner::CHECKS),
    (Topic::ClosedSource, closed_source::CLOSED),
    (Topic::OpenSource, closed_source::OPEN),
    (Topic::OwnExposure, own_exposure::CHECKS),
    (Topic::Press, press::CHECKS),
    (Topic::Legal, legal::CHECKS),
    (Topic::Extortion, extortion::CHECKS),
    (Topic::Spam, spam::CHECKS),
    (Topic::NoMaintainer, pathway::NO_MAINTAINER),
    (Topic::KeepPrivate, pathway::KEEP_PRIVATE),
    (Topic::Verdict, wrapping::VERDICT),
    (Topic::Challenge, wrapping::CHALLENGE),
];

/// Hears every phrase of every check in one pass.
struct Ear {
    phrases: AhoCorasick,
    /// For each phrase the number of its check, counted over all topics.
    check: Vec<usize>,
}

static EAR: LazyLock<Option<Ear>> = LazyLock::new(|| {
    let (mut phrases, mut check) = (Vec::new(), Vec::new());
    for (number, one) in TOPICS.iter().flat_map(|(_, checks)| *checks).enumerate() {
        let Sign::Words(words) = one.sign else { continue };
        for word in words {
            phrases.push(match word.strip_suffix('*') {
                Some(open) => format!(" {open}"),
                None => format!(" {word} "),
            });
            check.push(number);
        }
    }
    let phrases = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(phrases).ok()?;
    Some(Ear { phrases, check })
});

/// The numbers of the checks whose words stand in `words`.
fn heard(words: &str) -> Vec<bool> {
    let mut heard = vec![false; TOPICS.iter().map(|(_, checks)| checks.len()).sum()];
    let Some(ear) = EAR.as_ref() else { return heard };
    for found in ear.phrases.find_overlapping_iter(words) {
        let number = ear.check.get(found.pattern().as_usize());
        if let Some(seat) = number.and_then(|number| heard.get_mut(*number)) {
            *seat = true;
        }
    }
    heard
}

/// The score of every topic that has one.
pub fn scores(matter: &Matter<'_>) -> BTreeMap<Topic, Score> {
    let heard = heard(&matter.reading.words);
    let mut heard = heard.into_iter();
    let mut scores = BTreeMap::new();
    for (topic, checks) in TOPICS {
        let mut hits: Vec<&Check> = Vec::new();
        for check in *checks {
            let in_words = heard.next().unwrap_or_default();
            let hit = match check.sign {
                Sign::Words(_) => in_words,
                Sign::Seen(sees) => sees(matter),
            };
            hits.extend(hit.then_some(check));
        }
        if !hits.is_empty() {
            scores.insert(*topic, Score::of(&mut hits));
        }
    }
    scores
}

impl Score {
    fn of(hits: &mut [&Check]) -> Score {
        hits.sort_by_key(|check| std::cmp::Reverse(check.weight));
        Score {
            points: hits.iter().map(|check| check.weight).sum(),
            because: hits.iter().map(|check| check.because).collect(),
        }
    }
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod tests;
