//! `/severity`: how bad it is.

use super::known;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Deed, Severity};

pub const SEVERITY: Command = Command {
    name: "severity",
    usage: "/severity none|low|medium|high|critical",
    summary: "How bad it is.",
    help: "\
One of none, low, medium, high, critical. It stands whatever a CVSS vector says; a vector sets it \
only where it is not set.\n\nExample: /severity high",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(severity),
};

fn severity(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (case, severity) = (asked.case()?, words.word_of::<Severity>("a severity")?);
    if case.severity == Some(severity) {
        return Ok(Ruling::nothing(format!("Severity: {severity} already.")));
    }
    let before = case.severity.map(|severity| severity.to_string());
    let answer = known::changed("Severity", before.as_deref(), &severity.to_string());
    Ok(Ruling::of(Deed::SeveritySet { severity: Some(severity) }, answer))
}
