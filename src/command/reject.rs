//! `/reject`: the report is not for us, with a reason.

use super::status::{self, Why};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::Status;
use crate::case::moves::Reason;
use crate::letter::{Said, Wording};

pub const REJECT: Command = Command {
    name: "reject",
    usage: "/reject <reason> [using \"…\"] [quiet]",
    summary: "The report is none for us, and whoever sent it hears why.",
    help: "\
<reason> is one of not-security, not-credible, closed-source, hardening, own-exposure, \
below-floor, beg-bounty, spam. It stands in the letter in words of ours: T-07b for the first two, \
T-09a to T-09e for the others; nobody writes to spam.\n\n\
using \"…\" adds a sentence to the letter, which needs a proven key of theirs; a /send in the same \
mail stands instead of it; quiet as the last word sends nothing. New facts make it /valid again; \
/close ends it.\n\n\
Example: /reject hardening",
    needs: Needs::Reader,
    writes: "T-07b, T-09a to T-09e",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(reject),
};

fn reject(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (ending, case) = (status::ending(words)?, asked.case()?);
    let reason: Reason = words.word_of("a reason")?;
    let why = Why { reason: Some(reason.to_string()), ..Why::default() };
    let ruling = status::becomes(case, Status::Invalid, why)?
        .then("/close", "ends the case, and those who take part hear that")
        .then("/valid", "we believe it after all");
    let wording = match reason.letter() {
        None if ending.sentence.is_some() => {
            return Err(Refusal::new("Nobody writes to spam: leave out using."));
        }
        None => return Ok(ruling),
        Some("T-07b") => Wording::NotConfirmed,
        Some(_) => Wording::Declined,
    };
    let said = Said { reason: Some(reason.to_string()), ..Said::default() };
    let told = status::Told { said, ..status::to_finder(case, wording) };
    Ok(status::tells(ruling, asked, &ending, told))
}
