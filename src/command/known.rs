//! What is known about a weakness: what the commands about it share.

use super::words::Words;
use super::{Asked, Refusal, Ruling};
use crate::case::{Case, Deed, KnownFact, KnownWords, Matter};
use crate::limits::VALUE_CHARS;
use crate::mail::clean;

/// "CVSS: not set before, CVSS:3.1/... now."
pub fn changed(label: &str, before: Option<&str>, now: &str) -> String {
    format!("{label}: {} before, {now} now.", before.unwrap_or("not set"))
}

/// A value of which there is one, or one of several.
pub struct Known<'a> {
    pub what: Matter,
    pub label: &'a str,
    pub value: String,
    /// Versions, or what the value amounts to.
    pub detail: String,
}

impl Known<'_> {
    fn shown(&self) -> String {
        shown(&self.value, &self.detail)
    }

    /// What it stands instead of: the one there is, or the same with other details.
    fn before<'c>(&self, case: &'c Case) -> Option<&'c KnownFact> {
        let same = |one: &&KnownFact| !self.what.many() || one.value == self.value;
        case.known.iter().filter(|one| one.what == self.what).find(same)
    }

    fn words(&self) -> KnownWords {
        KnownWords { value: self.value.clone(), detail: self.detail.clone() }
    }
}

/// Sets it, or adds it to the others.
pub fn set(case: &Case, known: &Known<'_>) -> Ruling {
    let before = known.before(case).map(|one| shown(&one.value, &one.detail));
    if before.as_ref() == Some(&known.shown()) {
        return Ruling::nothing(format!("{}: {} already.", known.label, known.shown()));
    }
    let deed = Deed::KnownSet { what: known.what, private: known.words() };
    Ruling::of(deed, changed(known.label, before.as_deref(), &known.shown()))
}

/// Sets it; or takes it off, where the line ends with `off`.
///
/// # Errors
/// It is not there to be taken off.
pub fn set_or_off(
    words: &mut Words<'_>,
    asked: &Asked<'_>,
    known: &Known<'_>,
) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if !words.keyword("off") {
        return Ok(set(case, known));
    }
    off(case, known)
}

/// # Errors
/// It is not there.
pub fn off(case: &Case, known: &Known<'_>) -> Result<Ruling, Refusal> {
    if known.before(case).is_none() {
        let what = format!("{}: {} is not set. /show lists what is.", known.label, known.value);
        return Err(Refusal::new(what));
    }
    let deed = Deed::KnownDropped { what: known.what, private: known.words() };
    Ok(Ruling::of(deed, format!("{}: {} taken off.", known.label, known.value)))
}

/// All that is left of a line, cleaned, of at most [`VALUE_CHARS`].
///
/// # Errors
/// There is nothing, or too much.
pub fn line(words: &mut Words<'_>, what: &str) -> Result<String, Refusal> {
    words.peek().map_or_else(|| words.clone().word(what).map(drop), |_| Ok(()))?;
    let text = clean::line(words.rest());
    let chars = text.chars().count();
    if chars > VALUE_CHARS {
        let what = format!("that is {chars} characters, and {VALUE_CHARS} is the most");
        return Err(words.slip(what).into());
    }
    Ok(text)
}

fn shown(value: &str, detail: &str) -> String {
    match detail.is_empty() {
        true => value.to_owned(),
        false => format!("{value} ({detail})"),
    }
}
