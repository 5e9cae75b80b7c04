//! `/link`: two cases have to do with each other.

use super::across;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};

pub const LINK: Command = Command {
    name: "link",
    usage: "/link <case>",
    summary: "Notes in both cases that they have to do with each other.",
    help: "\
<case> is the number of a case that you can read. Members who read one of them see the number of \
the other, nothing else. Nobody outside hears of it.\n\nExample: /link SIRT-2026-4827",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(link),
};

fn link(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let other = across::target(asked, &words.case()?)?;
    let ruling = across::link(Ruling::default(), case, other);
    if ruling.deeds.is_empty() && ruling.elsewhere.is_empty() {
        return Ok(Ruling::nothing(format!("{} is linked already.", other.id)));
    }
    let mut ruling = ruling;
    ruling.answer = format!("Linked to {}.", other.id);
    ruling.tells.push((other.id.clone(), format!("Linked to {}.", case.id)));
    Ok(ruling)
}

#[cfg(test)]
#[path = "across_tests.rs"]
mod tests;
