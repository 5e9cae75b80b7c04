//! `/class`: what triage took the mail for, put right.

use super::known;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Class, Deed};
use strum::VariantArray;

pub const CLASS: Command = Command {
    name: "class",
    usage: "/class <class>",
    summary: "What the case is, where triage took it for something else.",
    help: "\
One of report, plea, question, beg-bounty, scanner, closed-source, own-exposure, press, legal, \
extortion, spam, challenge. Both stay on record, so that triage can be measured. It writes to \
nobody and changes no status.\n\nExample: /class plea",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(class),
};

fn class(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let opening: Vec<Class> =
        Class::VARIANTS.iter().copied().filter(|class| class.opens_case()).collect();
    let class = words.one_of("a class", &opening)?;
    if case.class == class {
        return Ok(Ruling::nothing(format!("Class: {class} already.")));
    }
    let answer = known::changed("Class", Some(&case.class.to_string()), &class.to_string());
    Ok(Ruling::of(Deed::ClassSet { class }, answer))
}
