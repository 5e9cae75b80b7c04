//! `/siren`: a notice on its way to a list. Drafted by one, approved by two, stopped by anyone.
//!
//! One subject of the command a file. Nothing here posts: two approvals of one digest are facts,
//! and the desk posts what they are for when its instant has come, if nothing stands against it.

mod approve;
mod draft;
mod fate;
mod preview;
mod seen;

pub use draft::Drafted;
pub use preview::{Preview, overview, preview, refused};

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Case, Deed, NoticeDraft, Status};
use crate::siren::standing::{Looker, Place};
use strum::{Display, VariantArray};

pub const SIREN: Command = Command {
    name: "siren",
    usage: "/siren [draft|edit|approve <digest>|at <instant>|hold|retract <reason>]",
    summary: "A notice for a list: draft, approve by two, stop, correct.",
    help: "\
/siren alone shows the notices of the case, word for word, and what still stands against them.

/siren draft makes one of what the case knows. for and the name of a list behind it chooses the \
list; without it it is the first in the configuration. /siren draft O12 makes one of a post that \
was seen on a watched list, in a case of its own. Once a notice is posted, draft makes its next \
version, and /siren correct <what was wrong> one that puts it right.

/siren edit with a text below changes it: the parts that the text names (Description: and so on) \
are replaced, the others stay. /siren edit <part> <words> changes one part. Any change makes \
another digest, and what was approved is approved no longer.

/siren approve <digest> is your word for exactly what stands in the preview. Two different members \
approve the same digest, one of them a coordinator; you confirm it once more. It then waits for \
send_delay and is posted, or at the instant that /siren at names (at now: as soon as approved).

/siren hold stops it, by one member alone, until two approve it anew. /siren retract <reason> \
drops a draft; of a notice that was posted it drafts the withdrawal, which is approved like any \
other.

/siren seen lists posts of watched lists that may be worth a notice.

Several notices in one case have numbers: /siren show 2, /siren edit 2 title <words>, \
/siren hold 2

/siren draft for siren",
    needs: Needs::Member,
    writes: "T-41, T-42, T-44, T-46",
    takes_text: true,
    risky: false,
    rule: Rule::Asks(siren),
};

#[derive(Clone, Copy, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
enum Form {
    Show,
    Draft,
    Correct,
    Edit,
    Approve,
    At,
    Hold,
    Retract,
    Seen,
}

fn siren(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let form = match words.peek() {
        Some(word) if word.parse::<u32>().is_err() => words.word_of("what about it")?,
        _ => Form::Show,
    };
    let ruling = match form {
        Form::Show => preview::show(words, asked),
        Form::Draft => draft::draft(words, asked),
        Form::Correct => draft::correct(words, asked),
        Form::Edit => draft::edit(words, asked),
        Form::Approve => approve::approve(words, asked),
        Form::At => fate::at(words, asked),
        Form::Hold => fate::hold(words, asked),
        Form::Retract => fate::retract(words, asked),
        Form::Seen => seen::seen(words, asked),
    }?;
    Ok(match form {
        Form::Draft | Form::Edit => ruling,
        _ => noted(ruling, asked),
    })
}

/// Text below that is no notice's is a note for the handlers.
fn noted(ruling: Ruling, asked: &Asked<'_>) -> Ruling {
    match asked.text.trim() {
        "" => ruling,
        text => ruling.and(Deed::NoteWritten { private: crate::case::Words::of(text) }),
    }
}

/// Where this member looks at the notices of the case.
pub(super) fn place<'a>(asked: &'a Asked<'a>, case: &'a Case) -> Place<'a> {
    let by = Looker::Member(&asked.by.handle);
    Place { cases: asked.cases, rules: asked.rules, case, now: asked.now, by }
}

/// Whoever writes notices handles the case, or is a coordinator who may read it.
fn may_write(asked: &Asked<'_>, case: &Case) -> Result<(), Refusal> {
    if case.status == Status::Closed {
        return Err(Refusal::new("The case is closed. Send /reopen and why first."));
    }
    if asked.is_coordinator() || case.handlers.contains(&asked.by.handle) {
        return Ok(());
    }
    Err(Refusal::new("Notices are written by the handlers of the case. Send /take first."))
}

/// # Errors
/// A notice of the case is on its way: what is closed says nothing more.
pub fn none_open(case: &Case) -> Result<(), Refusal> {
    match case.notices.iter().find(|notice| notice.is_open()) {
        None => Ok(()),
        Some(notice) => Err(Refusal::new(format!(
            "Notice {} for the list {} is on its way. Wait until it is posted, or drop it first: \
             /siren retract and why",
            notice.number, notice.list
        ))),
    }
}

/// The notice that the line means: by its number, else the only one that is on its way.
fn open_notice<'a>(words: &mut Words<'_>, case: &'a Case) -> Result<&'a NoticeDraft, Refusal> {
    let number = words.peek().and_then(|word| word.parse::<u32>().ok());
    if let Some(number) = number {
        words.optional();
        let notice = case.notice(number).filter(|notice| notice.is_open());
        return notice.ok_or_else(|| words.slip(format!("no notice {number} is open")).into());
    }
    let mut open = case.notices.iter().filter(|notice| notice.is_open());
    match (open.next(), open.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => {
            Err(Refusal::new("No notice is on its way in this case. /siren draft makes one."))
        }
        (Some(_), Some(_)) => Err(Refusal::new(format!(
            "Several notices are open: {}. Write its number behind the word, as in /siren show 2",
            numbers(case)
        ))),
    }
}

fn numbers(case: &Case) -> String {
    let open = case.notices.iter().filter(|notice| notice.is_open());
    let numbers: Vec<String> =
        open.map(|notice| format!("{} for {}", notice.number, notice.list)).collect();
    numbers.join(", ")
}
