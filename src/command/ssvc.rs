//! `/ssvc`: whether we take part, by a table of decisions.

use super::known::{self, Known};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Matter, ssvc as table};

pub const SSVC: Command = Command {
    name: "ssvc",
    usage: "/ssvc <vector|decision>",
    summary: "The decision whether to take part, with what it was taken on.",
    help: "\
A decision alone, decline, track or coordinate; or a vector that begins with SSVCv2/, of which \
the decision follows by the table. It is recorded and changes no status: /engage, /defer and \
/reject do.\n\nExample: /ssvc SSVCv2/RP:N/SCON:Y/RC:C/SC:M/SE:U/U:S/PSI:S",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(ssvc),
};

fn ssvc(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let chosen = table::read(words.word("a decision or a vector")?);
    let chosen = chosen.map_err(|why| words.slip(why))?;
    let decision = chosen.outcome.to_string();
    let (value, detail) = match (chosen.vector, chosen.table) {
        (Some(vector), Some(table)) => (vector, format!("{decision}, by {table}")),
        (Some(vector), None) => (vector, decision.clone()),
        (None, _) => (decision.clone(), String::new()),
    };
    let ruling =
        known::set(asked.case()?, &Known { what: Matter::Ssvc, label: "SSVC", value, detail });
    Ok(match chosen.outcome {
        table::Outcome::Coordinate => ruling.then("/engage", "we take it on"),
        table::Outcome::Track => ruling.then("/defer track", "we only watch it"),
        _ => ruling,
    })
}
