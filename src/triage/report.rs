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

struct Scores(BTreeMap<Topic, Score>);

impl Scores {
    fn points(&self, topic: Topic) -> u32 {
        self.0.get(&topic).map_or(0, |score| score.points)
    }

    fn because(&self, topic: Topic) -> impl Iterator<Item = &'static str> {
        self.0.get(&topic).into_iter().flat_map(|score| score.because.iter().copied())
    }

    /// Substance and words of a report together.
    fn report(&self) -> u32 {
        self.points(Topic::Substance) + self.points(Topic::Report)
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
    let (class, topics) = choose(&scores);
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

/// The class, and the topics whose reasons say why.
fn choose(scores: &Scores) -> (Class, &'static [Topic]) {
    use Topic::*;
    let points = |topic| scores.points(topic);
    let (substance, report) = (points(Substance), scores.report());
    let worked_out = scores.because(Substance).any(is_worked_out);
    // Flagged even where a report is attached: nothing may answer it.
    if points(Extortion) >= LIKELY {
        return (Class::Extortion, &[Extortion]);
    }
    if points(Legal) >= SPEAKS && points(Legal) >= substance {
        return (Class::Legal, &[Legal]);
    }
    if points(Press) >= SPEAKS && substance < SOLID {
        return (Class::Press, &[Press]);
    }
    // A maintainer passes on what a finder wrote: its substance is not the sender's own report.
    if points(Plea) >= CLEARLY {
        return (Class::Plea, &[Plea]);
    }
    if points(ClosedSource) >= SPEAKS && points(ClosedSource) > points(OpenSource) {
        return (Class::ClosedSource, &[ClosedSource]);
    }
<<<<<<< HEAD
    // Whoever asks about their own systems names packages and versions too.
    let worked_out = scores.because(Substance).any(is_worked_out);
    if points(OwnExposure) >= CLEARLY && (substance < SOLID || !worked_out) {
=======
    // Who asks about their own house names packages and versions, too.
    if points(OwnExposure) >= CLEARLY && !worked_out {
>>>>>>> triage
        return (Class::OwnExposure, &[OwnExposure]);
    }
    if points(Scanner) >= CLEARLY && !worked_out {
        return (Class::Scanner, &[Scanner]);
    }
    if points(BegBounty) >= CLEARLY && substance < SOLID {
        return (Class::BegBounty, &[BegBounty]);
    }
    let asks_only = points(Question) >= 3 && points(Report) + points(Contact) == 0;
    if !asks_only && (report >= LIKELY || substance >= 3 || points(Contact) > 0) {
        return (Class::Report, &[Substance, Report, Contact]);
    }
    if points(Question) >= 3 {
        return (Class::Question, &[Question]);
    }
    if report > 0 {
        return (Class::Report, &[Substance, Report]);
    }
    if points(Spam) >= SPEAKS {
        return (Class::Spam, &[Spam]);
    }
    match points(Question) {
        0 => (Class::Report, &[]),
        _ => (Class::Question, &[Question]),
    }
}

/// What no scanner and no customer writes.
fn is_worked_out(because: &str) -> bool {
    ["trace of a crash", "a patch", "a file and a line"].iter().any(|words| because.contains(words))
}

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
