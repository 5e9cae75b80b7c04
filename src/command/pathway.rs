//! `/pathway`: the way the case goes, put right.

use super::known;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Deed, Pathway};

pub const PATHWAY: Command = Command {
    name: "pathway",
    usage: "/pathway p0|p1|p2|p3",
    summary: "Which way the case goes, where triage thought otherwise.",
    help: "\
p0: traffic of a list, nobody asked us. p1: a finder wants to reach a maintainer. p2: a \
maintainer asks us. p3: nobody maintains it, and those who use it are to know. It writes to \
nobody and changes no status.\n\nExample: /pathway p3",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(pathway),
};

fn pathway(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (case, pathway) = (asked.case()?, words.word_of::<Pathway>("a pathway")?);
    if case.pathway == pathway {
        return Ok(Ruling::nothing(format!("Pathway: {pathway} already.")));
    }
    let answer = known::changed("Pathway", Some(&case.pathway.to_string()), &pathway.to_string());
    Ok(Ruling::of(Deed::PathwaySet { pathway }, answer))
}
