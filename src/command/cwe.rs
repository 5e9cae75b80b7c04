//! `/cwe`: the kind of weakness.

use super::known::{self, Known};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Matter, values};

pub const CWE: Command = Command {
    name: "cwe",
    usage: "/cwe <id> [off]",
    summary: "The kind of weakness, by its CWE number.",
    help: "\
There may be several: each line adds one. off behind it takes one away again.\n\n\
Example: /cwe CWE-79",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(cwe),
};

fn cwe(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let value = values::cwe(words.word("a CWE number")?).map_err(|why| words.slip(why))?;
    let known = Known { what: Matter::Cwe, label: "CWE", value, detail: String::new() };
    known::set_or_off(words, asked, &known)
}
