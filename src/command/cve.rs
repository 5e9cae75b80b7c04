//! `/cve`: its public id.

use super::known::{self, Known};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Matter, values};

pub const CVE: Command = Command {
    name: "cve",
    usage: "/cve <id> [off]",
    summary: "The CVE id it has.",
    help: "\
There may be several: each line adds one. off behind it takes one away again. It asks nobody for \
an id, it only records one.\n\n\
Example: /cve CVE-2026-12345",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(cve),
};

fn cve(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let value = values::cve(words.word("a CVE id")?).map_err(|why| words.slip(why))?;
    let known = Known { what: Matter::Cve, label: "CVE", value, detail: String::new() };
    known::set_or_off(words, asked, &known)
}
