//! `/close`: the case is over.

use super::status::{self, Why};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::Status;
use crate::case::embargo::{Deed, forbidden_by_embargo};
use crate::case::moves::Reason;
use crate::letter::{Said, Wording};

pub const CLOSE: Command = Command {
    name: "close",
    usage: "/close [using \"…\"] [quiet]",
    summary: "The case is over; everybody who takes part hears it.",
    help: "\
Works in a case that is accepted, deferred or invalid: a valid one is not closed in passing. Not \
while an embargo is proposed or in force, or a notice is on its way.\n\n\
Writes letter T-60 to everybody outside who takes part, one letter each; to nobody where the case \
is spam. using \"…\" adds a sentence to them, which needs proven keys of theirs; a /send in the \
same mail stands instead of it; quiet as the last word sends nothing. /reopen takes the case up \
again.\n\nExample: /close",
    needs: Needs::Reader,
    writes: "T-60",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(close),
};

fn close(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (ending, case) = (status::ending(words)?, asked.case()?);
    if let Some(why) = forbidden_by_embargo(case.embargo.state, Deed::Close) {
        return Err(Refusal::new(why));
    }
    super::siren::none_open(case)?;
    let ruling = status::becomes(case, Status::Closed, Why::default())?;
    let spam = case.reason == Some(Reason::Spam.to_string());
    let to = if spam { Vec::new() } else { status::everybody(case) };
    let told = status::Told { to, wording: Wording::Closed, said: Said::default() };
    Ok(status::tells(ruling, asked, &ending, told))
}
