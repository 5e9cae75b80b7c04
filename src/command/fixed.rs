//! `/fixed`: the version of a package that is mended.

use super::known::{self, Known};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Matter, values};

pub const FIXED: Command = Command {
    name: "fixed",
    usage: "/fixed <purl> <version>|off",
    summary: "The version of a package in which it is mended.",
    help: "\
The package as a package URL, and the first version that is mended; several if several branches \
are. Named again, it is replaced; off takes it away. That the fix is ready or out is said with \
/fact.\n\nExample: /fixed pkg:npm/left-pad 1.3.0",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(fixed),
};

fn fixed(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let package = values::package(words.word("a package URL")?).map_err(|why| words.slip(why))?;
    let mut known = Known {
        what: Matter::Fixed,
        label: "Fixed",
        value: package.purl,
        detail: package.version.unwrap_or_default(),
    };
    let rest = words.clone().rest();
    if rest.is_empty() && known.detail.is_empty() {
        words.word("a version")?;
    } else if !rest.is_empty() && !rest.eq_ignore_ascii_case("off") {
        known.detail = values::versions(words.rest()).map_err(|why| words.slip(why))?;
    }
    let ruling = known::set_or_off(words, asked, &known)?;
    Ok(ruling.then("/fact fix-ready", "records that the fix is ready"))
}
