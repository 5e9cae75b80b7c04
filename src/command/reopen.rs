//! `/reopen`: a closed case goes on.

use super::status::{self, Why};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::moves;
use crate::letter::{Said, Wording};

pub const REOPEN: Command = Command {
    name: "reopen",
    usage: "/reopen <reason> [using \"…\"] [quiet]",
    summary: "A closed case goes on, with a reason; the finder hears it.",
    help: "\
The case is accepted again if it ever was, else valid. The reason is for the case and is told to \
nobody outside. A case that was merged goes on where it went.\n\n\
Writes letter T-15 to whoever brought the report: it goes on. using \"…\" adds a sentence to it, \
which needs a proven key of theirs; a /send in the same mail stands instead of it; quiet as the \
last word sends nothing.\n\nExample: /reopen the fix is not complete",
    needs: Needs::Reader,
    writes: "T-15",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(reopen),
};

fn reopen(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (ending, case) = (status::ending(words)?, asked.case()?);
    let to = moves::reopened(case.status, case.accepted_once).map_err(Refusal::new)?;
    if let Some(into) = &case.merged_into {
        return Err(Refusal::new(match asked.other(into) {
            Ok(other) => format!("The case was merged into {}, and goes on there.", other.id),
            Err(_) => "The case was merged into another one, and goes on there.".to_owned(),
        }));
    }
    words.peek().map_or_else(|| words.clone().word("a reason").map(drop), |_| Ok(()))?;
    let ruling = status::moved(case, to, Why { words: words.rest(), ..Why::default() });
    let said = Said { resumed: true, reason: Some("reopened".to_owned()), ..Said::default() };
    let told = status::Told { said, ..status::to_finder(case, Wording::Deferred) };
    Ok(status::tells(ruling, asked, &ending, told))
}
