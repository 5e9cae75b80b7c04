//! Direct mail: a report, or one of the things that are sent to the same address.
//!
//! Scope comes before credibility, and the cost of a mistake before both: what shows any sign of a
//! report is at least a doubtful one, and spam is only what shows nothing else.

use super::extract::{Scope, found};
use super::kinds::{Matter, Score, Topic, scores};
use super::reading::Reading;
use super::{Certainty, Question, Rule, Triage, automatic};
use crate::case::{Class, Found, Pathway};
use crate::mail::{Encrypted, Mail};
use std::collections::BTreeMap;

pub const RULE: Rule = Rule { name: "report", check: |question| Some(whatever_is_left(question)) };

/// Points from which a topic speaks, and from which a report is likely.
const SPEAKS: u32 = 4;
const CLEARLY: u32 = 5;
const LIKELY: u32 = 6;
const CERTAIN: u32 = 12;
/// What can be checked, from which on money words and scanner names change nothing.
const SOLID: u32 = 5;
/// A package with its versions; words and form of a question.
const NAMES: u32 = 3;
const ASKS: u32 = 3;

struct Scores(BTreeMap<Topic, Score>);

impl Scores {
    fn points(&self, topic: Topic) -> u32 {
        self.0.get(&topic).map_or(0, |score| score.points)
    }

    fn because(&self, topic: Topic) -> impl Iterator<Item = &'static str> {
        self.0.get(&topic).into_iter().flat_map(|score| score.because.iter().copied())
    }

    fn substance(&self) -> u32 {
        self.points(Topic::Substance)
    }

    /// Substance and words of a report together.
    fn report(&self) -> u32 {
        self.substance() + self.points(Topic::Report)
    }

    /// What no scanner and no customer writes.
    fn worked_out(&self) -> bool {
        const SIGNS: [&str; 3] = ["trace of a crash", "a patch", "a file and a line"];
        self.because(Topic::Substance).any(|why| SIGNS.iter().any(|sign| why.contains(sign)))
    }

    /// Money alone is no extortion: an invoice asks for it, too.
    fn threatens(&self) -> bool {
        const SIGNS: [&str; 2] = ["It threatens", "what happens if"];
        self.because(Topic::Extortion).any(|why| SIGNS.iter().any(|sign| why.contains(sign)))
    }

    fn speak_of_a_report(&self) -> bool {
        let words = self.points(Topic::Report) + self.points(Topic::Contact);
        let asks_only = self.points(Topic::Question) >= ASKS && words == 0;
        let speaks = self.report() >= LIKELY || self.substance() >= NAMES;
        !asks_only && (speaks || self.points(Topic::Contact) > 0)
    }
}

/// What a mail is that no other rule knows.
pub fn whatever_is_left(question: &Question<'_>) -> Triage {
    let mail = question.mail;
    let reading = Reading::of(mail);
    let found = found(mail, &reading, Scope::Whole);
    if mail.evidence.unreadable() {
        return unreadable(mail, found);
    }
    let scores = Scores(scores(&Matter { mail, reading: &reading, found: &found }));
    let choice = CHOICES.iter().find(|choice| (choice.when)(&scores));
    let (class, topics) = choice.map_or((Class::Report, &[] as &[Topic]), |c| (c.class, c.topics));
    let mut because: Vec<String> =
        topics.iter().flat_map(|topic| scores.because(*topic)).map(str::to_owned).collect();
    let certain = certainty(class, &scores);
    if because.is_empty() {
        because.push("Nothing says what it is: a person reads it.".to_owned());
    }
    if class == Class::Extortion && scores.report() >= SPEAKS {
        because.push("A report may be inside it.".to_owned());
    }
    let pathway = pathway(class, &scores, &mut because);
    let also = [Topic::Verdict, Topic::KeepPrivate].into_iter();
    because.extend(also.flat_map(|topic| scores.because(topic)).map(str::to_owned));
    because.extend(automatic::machine_made(mail).map(str::to_owned));
    Triage {
        class,
        pathway,
        because,
        certain,
        found,
        belongs: None,
        letter: None,
        asks_for_help: false,
        post: None,
        list: None,
    }
}

/// Encryption is trouble that nobody takes for an advertisement.
fn unreadable(mail: &Mail, found: Found) -> Triage {
    let why = match mail.evidence.encrypted {
        Encrypted::NotToUs { .. } => "It is encrypted to a key that we do not have.",
        _ => "It is encrypted and damaged, or not protected against change.",
    };
    let triage = Triage::new(Class::Report, Pathway::P1, why);
    Triage { certain: Certainty::Likely, found, ..triage }
}

/// One kind of direct mail: when it is that, and the topics whose reasons say why.
struct Choice {
    class: Class,
    topics: &'static [Topic],
    when: fn(&Scores) -> bool,
}

/// The kinds of direct mail, in the order in which they are asked.
const CHOICES: [Choice; 13] = [
    // Flagged even where a report is attached: nothing may answer it.
    Choice {
        class: Class::Extortion,
        topics: &[Topic::Extortion],
        when: |scores| scores.points(Topic::Extortion) >= LIKELY && scores.threatens(),
    },
    Choice {
        class: Class::Legal,
        topics: &[Topic::Legal],
        when: |scores| scores.points(Topic::Legal) >= SPEAKS.max(scores.substance()),
    },
    Choice {
        class: Class::Press,
        topics: &[Topic::Press],
        when: |scores| scores.points(Topic::Press) >= SPEAKS && scores.substance() < SOLID,
    },
    // What a finder wrote to them and they pass on is no report of their own.
    Choice {
        class: Class::Plea,
        topics: &[Topic::Plea],
        when: |scores| scores.points(Topic::Plea) >= CLEARLY,
    },
    // Scope before credibility.
    Choice {
        class: Class::ClosedSource,
        topics: &[Topic::ClosedSource],
        when: |scores| {
            let open = scores.points(Topic::OpenSource);
            scores.points(Topic::ClosedSource) >= SPEAKS.max(open + 1)
        },
    },
    // Who asks about their own house names packages and versions, too.
    Choice {
        class: Class::OwnExposure,
        topics: &[Topic::OwnExposure],
        when: |scores| scores.points(Topic::OwnExposure) >= CLEARLY && !scores.worked_out(),
    },
    Choice {
        class: Class::Scanner,
        topics: &[Topic::Scanner],
        when: |scores| scores.points(Topic::Scanner) >= CLEARLY && !scores.worked_out(),
    },
    // A report that also asks for money is a report.
    Choice {
        class: Class::BegBounty,
        topics: &[Topic::BegBounty],
        when: |scores| scores.points(Topic::BegBounty) >= CLEARLY && scores.substance() < SOLID,
    },
    Choice {
        class: Class::Report,
        topics: &[Topic::Substance, Topic::Report, Topic::Contact],
        when: Scores::speak_of_a_report,
    },
    Choice {
        class: Class::Question,
        topics: &[Topic::Question],
        when: |scores| scores.points(Topic::Question) >= ASKS,
    },
    // Any sign of a report makes at least a doubtful one: before spam.
    Choice {
        class: Class::Report,
        topics: &[Topic::Substance, Topic::Report],
        when: |scores| scores.report() > 0,
    },
    Choice {
        class: Class::Spam,
        topics: &[Topic::Spam],
        when: |scores| scores.points(Topic::Spam) >= SPEAKS,
    },
    Choice {
        class: Class::Question,
        topics: &[Topic::Question],
        when: |scores| scores.points(Topic::Question) > 0,
    },
];

fn certainty(class: Class, scores: &Scores) -> Certainty {
    let points = match class {
        Class::Report => scores.report(),
        Class::Plea => scores.points(Topic::Plea),
        Class::Question => scores.points(Topic::Question) + 3,
        _ => LIKELY,
    };
    match points {
        CERTAIN.. => Certainty::Certain,
        LIKELY.. => Certainty::Likely,
        _ => Certainty::Doubtful,
    }
}

/// P1 unless somebody says otherwise: P2 for who maintains it, P3 where nobody does.
fn pathway(class: Class, scores: &Scores, because: &mut Vec<String>) -> Pathway {
    let reports = matches!(class, Class::Report | Class::Extortion);
    if class == Class::Plea || scores.points(Topic::Plea) >= SPEAKS {
        return Pathway::P2;
    }
    if reports && scores.points(Topic::NoMaintainer) > 0 {
        because.extend(scores.because(Topic::NoMaintainer).map(str::to_owned));
        return Pathway::P3;
    }
    Pathway::P1
}

/// Do the sender's own words, whatever the mail is dressed as, speak of a report?
pub fn speaks_of_a_report(mail: &Mail) -> bool {
    let reading = Reading::of(mail);
    let found = found(mail, &reading, Scope::Own);
    Scores(scores(&Matter { mail, reading: &reading, found: &found })).report() >= SPEAKS
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
