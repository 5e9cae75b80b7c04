//! `/duplicate`: another case is about the same, and was first.

use super::status::{self, Why};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Deed, Status, moves};
use crate::letter::Wording;

pub const DUPLICATE: Command = Command {
    name: "duplicate",
    usage: "/duplicate <case> [using \"…\"] [quiet]",
    summary: "The report repeats another case; its finder is thanked.",
    help: "\
<case> is the number of the case that was first; you must be able to read it. This case becomes \
deferred in its favour, and each case links to the other. Nobody is moved across.\n\n\
Writes letter T-06 to whoever brought this report: thanks, and nothing of the other case. \
using \"…\" adds a sentence to it, which needs a proven key of theirs; a /send in the same mail \
stands instead of it; quiet as the last word sends nothing.\n\n\
Example: /duplicate SIRT-2026-4827",
    needs: Needs::Reader,
    writes: "T-06",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(duplicate),
};

fn duplicate(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (ending, case) = (status::ending(words)?, asked.case()?);
    let original = asked.other(&words.case()?)?;
    if original.id == case.id {
        return Err(words.slip("that is this very case").into());
    }
    let steps = moves::as_duplicate(case.status).map_err(Refusal::new)?;
    if case.links.contains(&original.id) && case.reason.as_deref() == Some("duplicate") {
        return Ok(Ruling::nothing(format!("It is a duplicate of {} already.", original.id)));
    }
    let why = Why {
        reason: Some("duplicate".to_owned()),
        of: Some(original.id.clone()),
        ..Why::default()
    };
    let mut ruling = status::moved(case, Status::Deferred, why);
    let through = steps.iter().filter(|step| **step != Status::Deferred);
    let through = through.map(|step| status::set(*step, Why::default()));
    ruling.deeds.splice(0..0, through);
    ruling.answer.push_str(&format!(" It repeats {}.", original.id));
    ruling.elsewhere.push((original.id.clone(), Deed::Linked { case: case.id.clone() }));
    ruling.tells.push((original.id.clone(), format!("{} repeats this case.", case.id)));
    Ok(status::tells(ruling, asked, &ending, status::to_finder(case, Wording::Duplicate)))
}
