//! `/valid`: the report is credible.

use super::status::{self, Why};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::Status;
use crate::letter::Wording;

pub const VALID: Command = Command {
    name: "valid",
    usage: "/valid [using \"…\"] [quiet]",
    summary: "The report is credible; the finder hears that we believe it.",
    help: "\
Writes letter T-07a to whoever brought the report. using \"…\" at the end of the line adds a \
sentence to it, which needs a proven key of theirs; a /send in the same mail stands instead of \
it; quiet as the last word sends nothing. Text below the commands is a note for the handlers. \
Then /engage, /defer or /reject is next.\n\n\
Example: /valid using \"We could reproduce it on 2.3.1.\"",
    needs: Needs::Reader,
    writes: "T-07a",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(valid),
};

fn valid(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (ending, case) = (status::ending(words)?, asked.case()?);
    let ruling = status::becomes(case, Status::Valid, Why::default())?
        .then("/engage", "we take it on, and the finder hears that")
        .then("/defer capacity", "we put it off, and the finder hears that");
    Ok(status::tells(ruling, asked, &ending, status::to_finder(case, Wording::Confirmed)))
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
