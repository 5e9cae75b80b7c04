//! `/credit`: whom a notice thanks, in which words.

use super::known::{self, Known};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::Matter;

pub const CREDIT: Command = Command {
    name: "credit",
    usage: "/credit <words> [off]",
    summary: "Whom a notice thanks, in these words.",
    help: "\
The words as they are to stand, at most 250 characters: a name, with or without where they work. \
There may be several; off as the last word takes one away again. Nothing is published before \
their consent is on record: /consent finder credit.\n\n\
Example: /credit Fay Finder, Finders Ltd",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(credit),
};

fn credit(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let line = known::line(words, "a name")?;
    let gone = line.strip_suffix(" off").map(str::trim_end).map(str::to_owned);
    let known = |value: String| Known {
        what: Matter::Credit,
        label: "Credit",
        value,
        detail: String::new(),
    };
    if let Some(value) = gone {
        return known::off(asked.case()?, &known(value));
    }
    let ruling = known::set(asked.case()?, &known(line));
    Ok(ruling.then("/consent finder credit", "records that they agreed to it"))
}
