//! The official schema of CSAF, where it is at hand beside the project; it is not ours to ship.

use super::{NAMES, json, notice, sketch};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;
use sirt_gateway::case::Format;
use sirt_gateway::siren::format::document;
use std::fs;
use std::path::{Path, PathBuf};

const RATINGS: &[&str] = &["cvss-v2.0.json", "cvss-v3.0.json", "cvss-v3.1.json"];

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/csaf");
    let there = folder.join("csaf_json_schema.json").is_file();
    if !there {
        eprintln!("skipped: the schemas of CSAF are not beside the project");
    }
    there.then_some(folder)
}

fn read(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

/// A compiled schema.
pub struct Schema {
    all: Schemas,
    root: SchemaIndex,
}

impl Schema {
    /// What is wrong, in the words of the schema; empty where it is valid.
    pub fn wrong(&self, document: &Value) -> String {
        let checked = self.all.validate(document, self.root);
        checked.err().map(|wrong| wrong.to_string()).unwrap_or_default()
    }
}

/// None where the schema is not at hand.
pub fn csaf() -> Option<Schema> {
    let folder = folder()?;
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    for name in RATINGS {
        let mut schema = read(&folder, name);
        // They are named there by their address alone, without the day behind it.
        if let Some(fields) = schema.as_object_mut() {
            fields.remove("id");
            fields.remove("$id");
        }
        compiler.add_resource(&format!("https://www.first.org/cvss/{name}"), schema).expect("one");
    }
    let name = "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json";
    compiler.add_resource(name, read(&folder, "csaf_json_schema.json")).expect("the schema");
    let mut all = Schemas::new();
    let root = compiler.compile(name, &mut all).expect("a schema");
    Some(Schema { all, root })
}

#[test]
fn the_fixtures_are_valid_csaf() {
    let Some(schema) = csaf() else { return };
    for name in NAMES {
        let notice = notice(&sketch(name)).expect("complete");
        let made = json(&document(Format::Csaf, &notice).expect("whole"));
        let wrong = schema.wrong(&made);
        assert!(wrong.is_empty(), "{name}: {wrong}");
    }
}

#[test]
fn the_schema_finds_what_is_wrong() {
    let Some(schema) = csaf() else { return };
    let notice = notice(&sketch("acme-archive")).expect("complete");
    let made = json(&document(Format::Csaf, &notice).expect("whole"));
    for path in ["/document/title", "/document/tracking/id", "/vulnerabilities/0/cve"] {
        let mut broken = made.clone();
        *broken.pointer_mut(path).expect("there") = Value::from(7);
        assert!(!schema.wrong(&broken).is_empty(), "{path}");
    }
}
