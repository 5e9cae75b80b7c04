//! `/cvss`: a rating, and with it a severity where there is none.

use super::known::{self, Known};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Deed, Matter, values};

pub const CVSS: Command = Command {
    name: "cvss",
    usage: "/cvss <vector>",
    summary: "A CVSS 3.0, 3.1 or 4.0 vector; it sets the severity where none is set.",
    help: "\
All base metrics must be there. The answer gives the base score. A severity that was set before \
stays, and the answer says so where the vector says another.\n\n\
Example: /cvss CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(cvss),
};

fn cvss(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    words.peek().map_or_else(|| words.clone().word("a CVSS vector").map(drop), |_| Ok(()))?;
    let rating = values::cvss(words.rest()).map_err(|why| words.slip(why))?;
    let (value, severity) = (rating.vector, rating.severity);
    let detail = format!("base score {:.1}, {severity}", rating.base);
    let mut ruling = known::set(case, &Known { what: Matter::Cvss, label: "CVSS", value, detail });
    match case.severity {
        None => {
            ruling.answer.push_str(&format!(" Severity: not set before, {severity} now."));
            Ok(ruling.and(Deed::SeveritySet { severity: Some(severity) }))
        }
        Some(set) if set != severity => {
            ruling.answer.push_str(&format!(" The severity stays {set}."));
            Ok(ruling.then(format!("/severity {severity}"), "what the vector says"))
        }
        Some(_) => Ok(ruling),
    }
}
