//! A sender-verification robot: a letter of ours waits until a person clicks. A human decides.

use super::kinds::{Matter, Topic, scores};
use super::reading::Reading;
use super::{Certainty, Question, Rule, Triage, automatic, follow_up};
use crate::case::{Class, Found, Pathway};
use crate::mail::{self, Mail};

pub const RULE: Rule = Rule { name: "challenge", check };

/// Both of its signs: a mail that waits, and a click that is wanted.
const ENOUGH: u32 = 5;

fn check(question: &Question<'_>) -> Option<Triage> {
    let mail = question.mail;
    if !may_be_a_robot(mail) {
        return None;
    }
    let (reading, found) = (Reading::of(mail), Found::default());
    let scores = scores(&Matter { mail, reading: &reading, found: &found });
    let score = scores.get(&Topic::Challenge).filter(|score| score.points >= ENOUGH)?;
    if scores.contains_key(&Topic::Substance) {
        return None;
    }
    let mut triage = Triage::new(
        Class::Challenge,
        Pathway::P0,
        "A robot asks us to confirm that we wrote: nothing here clicks.",
    );
    triage.because.extend(score.because.iter().map(|why| (*why).to_owned()));
    triage.certain = Certainty::Likely;
    triage.belongs = follow_up::belonging(question).map(|(belongs, _)| belongs);
    Some(triage)
}

fn may_be_a_robot(mail: &Mail) -> bool {
    const NAMES: [&str; 7] =
        ["verify", "verification", "challenge", "confirm", "noreply", "no-reply", "approve"];
    let local = mail.sender().map(|from| from.address.local().to_ascii_lowercase());
    automatic::machine_made(mail).is_some()
        || mail::automatic(mail).is_some()
        || local.is_some_and(|local| NAMES.iter().any(|name| local.contains(name)))
}
