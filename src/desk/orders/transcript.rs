//! The answer to orders: each line and what it did, what leaves, what is next.

use super::plan::Plan;
use super::run::Run;
use super::{Orders, taken};
use crate::case::{Actor, Event, Outcome, orders_end};
use crate::desk::draft::Draft;
use crate::desk::{card, notify};
use crate::letter::{Enclosure, Letter, Mend, ReadyLine, Transcript};

/// Orders that could not even be read line by line: nothing of them is kept.
pub fn unreadable(draft: &mut Draft<'_>, orders: &Orders, why: &str) {
    let mut fact = taken(orders, Outcome::Refused);
    fact.why = Some(why.to_owned());
    fact.code = None;
    draft.note(Actor::Member(orders.member.handle.clone()), Event::OrdersTaken(fact));
    let mut transcript = blank(draft, orders, Outcome::Refused);
    transcript.why = vec![why.to_owned()];
    notify::transcript(draft, orders, transcript, Enclosed::default());
}

/// What comes along with a transcript.
#[derive(Default)]
pub struct Enclosed {
    pub letters: Vec<Letter>,
    pub files: Vec<Enclosure>,
}

pub fn write(
    draft: &mut Draft<'_>,
    orders: &Orders,
    plan: &Plan,
    run: &Run<'_>,
    (outcome, told): (Outcome, notify::Told),
) {
    let mut transcript = blank(draft, orders, outcome);
    transcript.steps = run.steps.clone();
    transcript.unused = plan.unused.iter().cloned().collect();
    transcript.why = why(run, outcome);
    transcript.leaving = run.carried.leaving.iter().map(|(leaving, _)| leaving.clone()).collect();
    if outcome != Outcome::Done {
        for leaving in &mut transcript.leaving {
            leaving.letter = None;
        }
    }
    let pages = run.carried.pages.iter().map(|page| page.render());
    transcript.pages = pages.filter(|page| !page.is_empty()).collect();
    transcript.pages.extend(told.pages);
    if !told.handles.is_empty() {
        let told: Vec<&str> = told.handles.iter().map(String::as_str).collect();
        transcript.told = super::carried::plural(&told);
    }
    if matches!(outcome, Outcome::Refused | Outcome::Waits) {
        transcript.kept_until = Some(orders_end(draft.now));
    }
    if let (Outcome::Refused, Some((line, meant))) = (outcome, &run.failed) {
        let mendable = plan.lines.iter().any(|one| one.number == *line && !one.added());
        let no_case = run.no_case;
        transcript.mend =
            (mendable || no_case).then(|| Mend { line: *line, suggestion: meant.clone(), no_case });
    }
    if outcome == Outcome::Done {
        let next = run.carried.next.iter();
        transcript.ready =
            next.map(|(line, does)| ReadyLine { line: line.clone(), does: does.clone() }).collect();
    }
    let shown = draft.case.as_ref().filter(|case| case.readable_by(&orders.member.handle));
    transcript.card = shown.map(|case| card::card(draft, case));
    let letters = run.carried.leaving.iter().map(|(_, letter)| letter.clone()).collect();
    let files = if outcome == Outcome::Done { run.carried.attached.clone() } else { Vec::new() };
    notify::transcript(draft, orders, transcript, Enclosed { letters, files });
}

/// Where a line was refused, the line itself says why.
fn why(run: &Run<'_>, outcome: Outcome) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    if !matches!(outcome, Outcome::Waits | Outcome::Tried) {
        return reasons;
    }
    for reason in run.carried.late.iter().chain(&run.carried.confirm) {
        if !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    reasons
}

fn blank(draft: &Draft<'_>, orders: &Orders, outcome: Outcome) -> Transcript {
    let case = draft.case.as_ref().filter(|case| case.readable_by(&orders.member.handle));
    Transcript {
        outcome: outcome.to_string(),
        why: Vec::new(),
        signed: orders.made,
        key: orders.key.clone(),
        encrypted: orders.encrypted,
        about: case.map(|case| case.title.clone()),
        steps: Vec::new(),
        unused: Vec::new(),
        leaving: Vec::new(),
        pages: Vec::new(),
        files: Vec::new(),
        told: "you alone".to_owned(),
        kept_until: None,
        mend: None,
        ready: Vec::new(),
        card: None,
        exposure: orders.exposure,
    }
}
