//! The official schema of CSAF, where it is at hand beside the project; it is not ours to ship.

use super::{NAMES, json, notice, sketch};
use jsonschema::{Registry, Validator};
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

/// None where the schema is not at hand.
pub fn csaf() -> Option<Validator> {
    let folder = folder()?;
    let mut registry = Registry::new();
    for name in RATINGS {
        let mut schema = read(&folder, name);
        // They are named there by their address alone, without the day behind it.
        if let Some(fields) = schema.as_object_mut() {
            fields.remove("id");
            fields.remove("$id");
        }
        let address = format!("https://www.first.org/cvss/{name}");
        registry = registry.add(address, schema).expect("a schema");
    }
    let registry = registry.prepare().expect("a registry");
    let options = jsonschema::options().with_registry(&registry);
    Some(
        options
            .should_validate_formats(true)
            .build(&read(&folder, "csaf_json_schema.json"))
            .expect("a schema"),
    )
}

#[test]
fn the_fixtures_are_valid_csaf() {
    let Some(schema) = csaf() else { return };
    for name in NAMES {
        let notice = notice(&sketch(name)).expect("complete");
        let made = json(&document(Format::Csaf, &notice).expect("whole"));
        let wrong: Vec<String> = schema
            .iter_errors(&made)
            .map(|why| format!("{}: {why}", why.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
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
        assert!(!schema.is_valid(&broken), "{path}");
    }
}
