//! Notices as documents: word for word, against schemas and the standards' rules, and any notice.

#[path = "formats/any.rs"]
mod any;
#[path = "formats/program.rs"]
mod program;
#[path = "formats/rules.rs"]
mod rules;
#[path = "formats/schemas.rs"]
mod schemas;

use serde::Deserialize;
use serde_json::Value;
use sirt_gateway::case::{Format, Heading, Statement};
use sirt_gateway::siren::clear::{self, Publisher};
use sirt_gateway::siren::format::{Document, document};
use sirt_gateway::siren::{Finding, Notice};
use std::fs;
use std::path::{Path, PathBuf};
use strum::VariantArray;

#[derive(Deserialize)]
struct Sketch {
    heading: Heading,
    statement: Statement,
}

const NAMES: &[&str] = &["acme-archive", "libfold", "withdrawn"];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/notices")
}

fn sketch(name: &str) -> Sketch {
    let read = fs::read_to_string(fixtures().join(format!("{name}.json"))).expect("a fixture");
    serde_json::from_str(&read).expect("a heading and a statement")
}

fn team() -> Publisher {
    Publisher {
        name: "Example SIRT".to_owned(),
        address: sirt_gateway::mail::Address::parse("sirt@example.org").expect("an address"),
        namespace: Some("https://sirt.example.org".to_owned()),
        cve_org: Some("11111111-2222-4333-8444-555555555555".to_owned()),
        policy_url: Some("https://sirt.example.org/policy".to_owned()),
    }
}

fn notice(sketch: &Sketch) -> Result<Notice, Vec<Finding>> {
    clear::complete(&sketch.heading, &sketch.statement, &team())
}

fn json(document: &Document) -> Value {
    serde_json::from_str(&document.text).expect("JSON")
}

/// The document, or a line for each thing it lacks.
fn shown(made: Result<Document, Vec<Finding>>) -> String {
    match made {
        Ok(document) => document.text,
        Err(findings) => findings
            .iter()
            .map(|one| format!("{} ({}): {}\n", one.rule, one.part, one.what))
            .collect(),
    }
}

#[test]
fn three_notices_word_for_word() {
    for name in NAMES {
        let notice = notice(&sketch(name)).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        for format in Format::VARIANTS {
            let made = shown(document(*format, &notice)).replace(
                &format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")),
                "\"version\": \"OURS\"",
            );
            let ending =
                if *format == Format::Text { "text".into() } else { format!("{format}.json") };
            let file = fixtures().join(format!("{name}.{ending}"));
            if std::env::var_os("SIRT_WRITE").is_some_and(|value| value == "1") {
                fs::write(&file, &made).expect("written");
            }
            let expected = fs::read_to_string(&file).expect("what it becomes");
            assert_eq!(made, expected, "{}", file.display());
        }
    }
}

#[test]
fn files_are_named_after_the_notice() {
    let notice = notice(&sketch("acme-archive")).expect("complete");
    let names: Vec<String> = Format::VARIANTS
        .iter()
        .map(|format| document(*format, &notice).expect("whole").name)
        .collect();
    let expected = [
        "sirt-siren-2026-0007.osv.json",
        "sirt-siren-2026-0007.json",
        "cve-2026-10001.cve.json",
        "sirt-siren-2026-0007.txt",
    ];
    assert_eq!(names, expected);
}

#[test]
fn what_a_form_cannot_say_is_refused_with_all_that_is_missing() {
    let mut sketch = sketch("acme-archive");
    sketch.statement.ids = vec!["CVE-2026-10001".into(), "CVE-2026-10009".into()];
    sketch.statement.references.clear();
    sketch.statement.sources.clear();
    let publisher = Publisher { namespace: None, cve_org: None, ..team() };
    let notice = clear::complete(&sketch.heading, &sketch.statement, &publisher).expect("complete");
    let said = shown(document(Format::Cve, &notice));
    for what in ["exactly one CVE id", "[siren] cve_org", "at least one public link"] {
        assert!(said.contains(what), "{what}: {said}");
    }
    assert!(shown(document(Format::Csaf, &notice)).contains("[siren] namespace"));
    assert!(document(Format::Osv, &notice).is_ok());
}
