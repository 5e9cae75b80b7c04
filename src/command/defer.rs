//! `/defer`: we put it off.

use super::status::{self, Why};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::Status;
use crate::letter::{Said, Wording};

pub const DEFER: Command = Command {
    name: "defer",
    usage: "/defer <reason> [using \"…\"] [quiet]",
    summary: "We put the case off, with a reason; the finder hears it.",
    help: "\
Works in a case that is valid or accepted. The reason is for the case. If its first word is \
capacity, track or waiting, the letter says that in words of ours; anything else of it stays \
inside.\n\n\
Writes letter T-15 to whoever brought the report. using \"…\" adds a sentence to it, which needs a \
proven key of theirs; a /send in the same mail stands instead of it; quiet as the last word sends \
nothing. /engage takes the case up again.\n\nExample: /defer capacity: back after the release",
    needs: Needs::Reader,
    writes: "T-15",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(defer),
};

/// Reasons that the finder may hear.
const TOLD: [&str; 3] = ["capacity", "track", "waiting"];

fn defer(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (ending, case) = (status::ending(words)?, asked.case()?);
    let first = words.peek().unwrap_or_default().trim_end_matches([':', ',', '.']);
    let reason = TOLD.into_iter().find(|known| first.eq_ignore_ascii_case(known));
    let reason = reason.map(str::to_owned);
    if reason.is_some() {
        words.optional();
    } else if first.is_empty() {
        words.word("a reason, such as capacity,")?;
    }
    let why = Why { reason: reason.clone(), words: words.rest(), ..Why::default() };
    let ruling = status::becomes(case, Status::Deferred, why)?
        .then("/engage", "takes it up again")
        .then("/close", "ends the case");
    let said = Said { reason, ..Said::default() };
    let told = status::Told { said, ..status::to_finder(case, Wording::Deferred) };
    Ok(status::tells(ruling, asked, &ending, told))
}
