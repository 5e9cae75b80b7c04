//! What becomes of a case: what the commands about it share.
//!
//! A status command moves the case, and writes the letter of its template to whoever is concerned:
//! with a sentence of the member's by `using "…"`, not at all by `quiet`, and not where a `/send`
//! of the same mail says it.

use super::words::Words;
use super::{Asked, Refusal, Ruling};
use crate::case::{Case, Class};
use crate::case::{CaseId, Deed, Participant, Role, Status, Words as Text, moves};
use crate::letter::{Said, Wording};
use crate::limits::MANY_READERS;

/// How the line ends.
pub struct Ending<'a> {
    pub quiet: bool,
    pub sentence: Option<&'a str>,
}

/// Takes `quiet` and `using "…"` off the end of the line.
///
/// # Errors
/// Both at once, or a quote that is not closed.
pub fn ending<'a>(words: &mut Words<'a>) -> Result<Ending<'a>, Refusal> {
    let quiet = words.take_quiet();
    let sentence = words.take_using()?;
    if quiet && sentence.is_some() {
        return Err(words.slip("quiet sends nothing: leave it out, or leave out using").into());
    }
    Ok(Ending { quiet, sentence })
}

/// Why a case becomes what it becomes.
#[derive(Default)]
pub struct Why<'a> {
    /// A word of ours.
    pub reason: Option<String>,
    pub of: Option<CaseId>,
    /// The member's.
    pub words: &'a str,
}

/// The move, where the table of moves has it.
///
/// # Errors
/// It has not: what is possible instead.
pub fn becomes(case: &Case, to: Status, why: Why<'_>) -> Result<Ruling, Refusal> {
    moves::may_become(case.status, to).map_err(Refusal::new)?;
    Ok(moved(case, to, why))
}

/// The same without asking the table.
pub fn moved(case: &Case, to: Status, why: Why<'_>) -> Ruling {
    let answer = format!("Status: {} before, {to} now.", case.status);
    Ruling::of(set(to, why), answer)
}

pub fn set(status: Status, why: Why<'_>) -> Deed {
    let private = Text::of(why.words);
    Deed::StatusSet { status, reason: why.reason, of: why.of, private }
}

/// A letter that goes with a move.
pub struct Told {
    pub to: Vec<u32>,
    pub wording: fn(Said) -> Wording,
    pub said: Said,
}

/// The letter for the finder.
pub fn to_finder(case: &Case, wording: fn(Said) -> Wording) -> Told {
    Told { to: finder(case), wording, said: Said::default() }
}

/// Writes it, or says why nobody is written to.
pub fn tells(ruling: Ruling, asked: &Asked<'_>, ending: &Ending<'_>, told: Told) -> Ruling {
    let why_not = match () {
        () if ending.quiet => "Nobody outside is told.",
        () if asked.sends_too => "Your /send tells them.",
        () if told.to.is_empty() => "There is nobody outside to tell.",
        () => return written(ruling, asked, ending, told),
    };
    let answer = format!("{} {why_not}", ruling.answer);
    Ruling { answer, ..ruling }
}

fn written(mut ruling: Ruling, asked: &Asked<'_>, ending: &Ending<'_>, told: Told) -> Ruling {
    let said = Said {
        sentence: ending.sentence.map(str::to_owned),
        signs_as: asked.by.signs_as.clone(),
        ..told.said
    };
    if told.to.len() > MANY_READERS {
        ruling = ruling.after(format!("letters to {} people", told.to.len()));
    }
    told.to.iter().fold(ruling, |ruling, to| ruling.says(*to, (told.wording)(said.clone())))
}

/// Everybody outside who takes part and can be written to.
pub fn everybody(case: &Case) -> Vec<u32> {
    case.participants.iter().filter(|person| reachable(person)).map(|one| one.number).collect()
}

/// Who brought it: finders and reporters; where somebody asked for help, or nobody is that, whoever
/// wrote first.
fn finder(case: &Case) -> Vec<u32> {
    let brought = |one: &&Participant| matches!(one.role, Role::Finder | Role::Reporter);
    let there = || case.participants.iter().filter(|person| reachable(person));
    let finders: Vec<u32> = there().filter(brought).map(|one| one.number).collect();
    if !finders.is_empty() && case.class != Class::Plea {
        return finders;
    }
    let first = case.participants.first().filter(|person| reachable(person));
    first.map(|one| one.number).into_iter().collect()
}

fn reachable(person: &Participant) -> bool {
    !person.left && person.address.is_some()
}
