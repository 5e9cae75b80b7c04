use super::tests::Place;
use super::*;
use std::collections::BTreeSet;

const EXAMPLE: &str = include_str!("../../config.example.toml");

/// Everything that can be set: what a configuration that uses all of it asks for.
const ALL: &str = r#"
[team]
name = "x"
address = "x@example.org"
[[mailbox]]
name = "a"
imap = { host = "h.example", user = "u", password_file = "keys/imap.password" }
done = { flag = "$Filed" }
[[mailbox]]
name = "b"
maildir = "b"
[relay]
smtp = { host = "h.example" }
[[member]]
handle = "val"
name = "Val"
address = "val@example.org"
key = "keys/val.asc"
[[list]]
name = "l"
address = "l@example.org"
[[watch]]
name = "w"
list_id = "w.example.org"
[siren]
[mail]
[letters]
[limits]
[log]
"#;

fn place() -> Place {
    let place = Place::new();
    place.write("keys/relay.password", "pw", 0o600);
    place
}

#[test]
fn the_example_is_a_configuration() {
    let settings = place().load(EXAMPLE).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(settings.mailboxes.len(), 2);
    assert!(settings.complete().is_ok());
}

#[test]
fn every_setting_stands_in_the_example() {
    let place = place();
    let file = place.path("config.toml");
    let (table, faults) = DeTable::parse_recoverable(ALL);
    assert!(faults.is_empty(), "{faults:?}");
    let reader = Reader::new(&file, ALL, None);
    assert!(settings(&reader, &reader.whole(table.get_ref())).is_some());
    assert!(reader.problems.borrow().is_empty(), "{:?}", reader.problems.borrow());
    let asked: BTreeSet<_> = reader.asked.take();
    assert!(asked.len() > 60, "{}", asked.len());
    for (section, key) in asked {
        let shown = match section {
            "" => {
                EXAMPLE.contains(&format!("\n[{key}]")) || EXAMPLE.contains(&format!("[[{key}]]"))
            }
            _ => in_section(section, key),
        };
        assert!(shown, "{key} of [{section}] is not in config.example.toml");
    }
}

/// Whether a key is set or mentioned between the heading of its section and the next section.
fn in_section(section: &str, key: &str) -> bool {
    let top = section.split('.').next().unwrap_or_default();
    let parts = EXAMPLE.split("\n[").filter(|part| part.trim_start_matches('[').starts_with(top));
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    parts.into_iter().any(|part| part.split(|c| !word(c)).any(|found| found == key))
}

#[test]
fn what_the_example_calls_a_default_is_one() {
    let place = place();
    let short = "[team]\nname = \"Example SIRT\"\naddress = \"sirt@example.org\"\n";
    let (short, long) = (place.load(short).expect("short"), place.load(EXAMPLE).expect("long"));
    let team = |settings: &Settings| format!("{:?}", settings.team);
    let plain = |text: String| text.replace(|c: char| c.is_ascii_digit(), "");
    assert_eq!(plain(team(&short)), plain(team(&long)));
    assert_eq!(format!("{:?}", short.limits), format!("{:?}", long.limits));
    assert_eq!(format!("{:?}", short.log), format!("{:?}", long.log));
    assert_eq!(short.letters, long.letters);
    assert_eq!(short.mail.signature_age, long.mail.signature_age);
}
