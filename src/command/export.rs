//! `/export`: the case as an advisory. No format is written yet, and none by halves.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use strum::{Display, VariantArray};

pub const EXPORT: Command = Command {
    name: "export",
    usage: "/export osv|csaf|cve",
    summary: "Sends you the case as an advisory (these formats come later).",
    help: "This version writes none of the formats yet, and says so rather than leave something \
           out. /show has everything that they will hold.\n\n\
           /export osv",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(export),
};

#[derive(Clone, Copy, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
enum Format {
    Osv,
    Csaf,
    Cve,
}

fn export(words: &mut Words<'_>, _: &Asked<'_>) -> Result<Ruling, Refusal> {
    let format: Format = words.word_of("a format")?;
    Err(Refusal::new(format!(
        "The format {format} is not written yet: it comes with a later version. /show has \
         everything that is known."
    )))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn no_half_document_leaves() {
        let mut office = Office::new();
        for format in ["osv", "csaf", "cve"] {
            let said = office.refused("cora", &format!("/export {format}\n"));
            assert!(said.contains("not written yet"), "{said}");
        }
        assert!(office.refused("cora", "/export pdf\n").contains("pdf is none of: osv, csaf, cve"));
        assert!(office.refused("cora", "/export\n").contains("a format is missing"));
    }
}
