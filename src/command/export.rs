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
    use crate::case::{Actor, Deed, Entry, Event, Heading, NoticeKind, Statement, Tlp};
    use crate::desk::orders::cast::Office;
    use crate::letter::Enclosure;

    /// A notice of the case, as `/siren draft` writes one.
    fn drafted(office: &mut Office, statement: Statement) {
        let at = office.world.now();
        let id = "SIRT-SIREN-2026-0007".to_owned();
        let kind = NoticeKind::First;
        let heading = Heading { id, version: 1, kind, written: at, history: Vec::new() };
        let list = "siren".to_owned();
        let deed = Deed::NoticeDrafted { notice: 1, list, heading, of: None, private: statement };
        let (case, by) = (Some(office.case.clone()), Actor::Member("cora".to_owned()));
        office.world.fold(Entry { at, case, by, event: Event::Deed(deed) });
    }

    #[test]
    fn the_newest_notice_comes_attached_under_the_stricter_label() {
        let mut office = Office::new();
        let statement = Statement {
            title: "acme 1.4: reads too far".to_owned(),
            ids: vec!["CVE-2026-10001".to_owned()],
            description: "A long name is read past its end.".to_owned(),
            actions: "Update to 1.5.".to_owned(),
            tlp: Tlp::Clear,
            ..Statement::default()
        };
        drafted(&mut office, statement);
        let order = office.order("cora", "/export text\n");
        let (_, answer) = office.take(&order);
        let [Enclosure::Bytes { name, kind, bytes }] = &answer.files[..] else {
            panic!("one file: {:?}", answer.files)
        };
        let text = String::from_utf8_lossy(bytes);
        assert_eq!((name.as_str(), kind.as_str()), ("sirt-siren-2026-0007.txt", "text/plain"));
        assert!(text.starts_with("TLP:RED\n") && text.contains("read past its end"), "{text}");
        let said = office.refused("cora", "/export osv\n");
        assert!(said.contains("no package is named"), "{said}");
    }

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
