//! `/affects`: a package, and which versions of it.

use super::known::{self, Known};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Matter, values};

pub const AFFECTS: Command = Command {
    name: "affects",
    usage: "/affects <purl> [versions|off]",
    summary: "A package that is affected, and in which versions.",
    help: "\
The package as a package URL. Versions in your words, at most 250 characters: 1.4.0 to 1.6.2, \
< 1.6.3. Named again, its versions are replaced; off takes the package away. There may be \
several packages.\n\nExample: /affects pkg:npm/left-pad < 1.3.0",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(affects),
};

fn affects(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let package = values::package(words.word("a package URL")?).map_err(|why| words.slip(why))?;
    let mut known = Known {
        what: Matter::Affects,
        label: "Affected",
        value: package.purl,
        detail: package.version.unwrap_or_default(),
    };
    let rest = words.clone().rest();
    if !rest.is_empty() && !rest.eq_ignore_ascii_case("off") {
        known.detail = values::versions(words.rest()).map_err(|why| words.slip(why))?;
    }
    known::set_or_off(words, asked, &known)
}
