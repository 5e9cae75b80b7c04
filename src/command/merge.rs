//! `/merge`: two cases are one; the other one goes on.

use super::across;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::embargo::{Deed as Forbidden, forbidden_by_embargo};
use crate::case::{Case, Deed};

pub const MERGE: Command = Command {
    name: "merge",
    usage: "/merge <case>",
    summary: "This case is the same as another one, and goes on there.",
    help: "\
<case> is the number of an open case that you can read. This case is closed with a pointer to it, \
and its mail is read there from now on. Members who cannot read this case and will read its mail \
there are named, and you confirm that first.\n\n\
Nobody moves: who reads only this case does not read the other, and who takes part here is not \
written to from there until a coordinator sends /add. Not while an embargo is proposed or in \
force here: use /link. It writes to nobody, and is not taken back by /undo.\n\n\
Example: /merge SIRT-2026-4827",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(merge),
};

fn merge(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let other = across::target(asked, &words.case()?)?;
    across::open(case)?;
    across::open(other)?;
    if let Some(why) = forbidden_by_embargo(case.embargo.state, Forbidden::Close) {
        return Err(Refusal::new(format!("{why} /link notes that they belong together.")));
    }
    super::siren::none_open(case)?;
    let mut ruling = Ruling::of(Deed::Merged { into: other.id.clone() }, answer(case, other));
    ruling.elsewhere.push((other.id.clone(), Deed::Linked { case: case.id.clone() }));
    for mail in case.mails.iter().filter(|mail| across::movable(mail)) {
        ruling = across::moves(ruling, mail, case, other);
    }
    let told = format!("{} was merged into this case; its mail stands here now.", case.id);
    ruling.tells.push((other.id.clone(), told));
    across::shown_to(ruling, asked, case, other)
}

fn answer(case: &Case, other: &Case) -> String {
    let mails = case.mails.iter().filter(|mail| across::movable(mail)).count();
    format!(
        "Status: {} before, closed now; it goes on as {}. Mails that stand there now: {mails}.",
        case.status, other.id
    )
}
