//! `/engage`: we take it on, or up again.

use super::status::{self, Why};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::Status;
use crate::letter::{Said, Wording};

pub const ENGAGE: Command = Command {
    name: "engage",
    usage: "/engage [using \"…\"] [quiet]",
    summary: "We take the case on, or take it up again; the finder hears it.",
    help: "\
Works in a case that is valid or deferred. Writes letter T-08 to whoever brought the report, or \
T-15 where a case goes on that we had taken on before.\n\n\
using \"…\" adds a sentence to it, which needs a proven key of theirs; a /send in the same mail \
stands instead of it; quiet as the last word sends nothing.\n\nExample: /engage",
    needs: Needs::Reader,
    writes: "T-08, T-15",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(engage),
};

fn engage(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (ending, case) = (status::ending(words)?, asked.case()?);
    let mut ruling = status::becomes(case, Status::Accepted, Why::default())?;
    if case.handlers.is_empty() {
        ruling = ruling.then("/take", "you handle it");
    }
    let again = case.accepted_once;
    let wording = if again { Wording::Deferred } else { Wording::Engaged };
    let said = Said { resumed: again, ..Said::default() };
    let told = status::Told { said, ..status::to_finder(case, wording) };
    Ok(status::tells(ruling, asked, &ending, told))
}
