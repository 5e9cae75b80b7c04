//! `/export`: the case as a document, for machines or for people, attached to the answer.

use super::words::Words;
use super::{Asked, Attach, Command, Needs, Refusal, Rule, Ruling};
use crate::case::Format;
use crate::siren;

pub const EXPORT: Command = Command {
    name: "export",
    usage: "/export osv|csaf|cve|text",
    summary: "Sends you the case as an advisory, for machines or for people, attached.",
    help: "It is made of the newest notice of the case, or of what the case knows where none was \
           drafted. osv is for package scanners, csaf for advisory feeds, cve is the record to \
           ask for an id with, text is for people. Where something is missing you are told all \
           of it, and get nothing rather than half a document. It carries the label of the case; \
           to have it does not mean that it may be published.\n\n\
           /export osv",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(export),
};

fn export(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let format: Format = words.word_of("a format")?;
    let case = asked.case()?;
    let document = siren::export(case, asked.rules, format, asked.now)
        .map_err(|findings| Refusal::new(said(format, &findings)))?;
    let answer = format!("{} comes attached. {}.", document.name, case.tlp.label());
    let attach = Attach::Document { name: document.name, text: document.text };
    Ok(Ruling { answer, attaches: vec![attach], ..Ruling::default() })
}

/// Everything that stands against it, in one paragraph.
fn said(format: Format, findings: &[siren::Finding]) -> String {
    let what: Vec<&str> = findings.iter().map(|one| one.what.as_str()).collect();
    format!("No {format} document can be made yet. {}", what.join(" "))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn no_half_document_leaves() {
        let mut office = Office::new();
        let said = office.refused("cora", "/export pdf\n");
        assert!(said.contains("pdf is none of: osv, csaf, cve"), "{said}");
        assert!(office.refused("cora", "/export\n").contains("a format is missing"));
    }

    #[test]
    fn a_case_that_says_too_little_is_refused_with_everything_it_lacks() {
        let mut office = Office::new();
        for format in ["osv", "csaf", "cve", "text"] {
            let said = office.refused("cora", &format!("/export {format}\n"));
            assert!(said.contains(&format!("No {format} document can be made yet.")), "{said}");
            assert!(said.contains("It has no description."), "{said}");
            assert!(said.contains("what readers should do now"), "{said}");
        }
    }

    /// Eve has Val's key, and Val is not read in.
    #[test]
    fn eve_gets_no_document_of_a_case_val_may_not_read() {
        let mut office = Office::new();
        let order = office.order("val", "/export text\n");
        let (_, answer) = office.take(&order);
        assert!(answer.files.is_empty());
    }
}
