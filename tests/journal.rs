//! The journal of the first version, readable for ever: every event name, private parts opened.

use serde_json::Value;
use sirt_gateway::case::{Caseload, Entry};
use std::collections::BTreeSet;

/// Pinned: a name that was written once is read in ten years.
const NAMES: &str = "case.opened channel.set key.learned key.proven letter.delayed \
    letter.discarded letter.failed letter.held letter.released letter.sent letter.tried \
    letter.written mail.filed mail.quarantined mail.retried member.read-in participant.joined \
    words.shown";

#[test]
fn every_event_of_the_first_version_is_read_and_folded() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/journal/v1.jsonl");
    let text = std::fs::read_to_string(path).expect("the journal");
    let (mut cases, mut names) = (Caseload::default(), BTreeSet::new());
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).expect("JSON");
        let entry = Entry::from_line(value.clone()).expect("an entry");
        assert_eq!(entry.to_line().expect("a line"), value);
        names.insert(entry.event.name());
        cases.apply(&entry);
    }
    assert_eq!(names.into_iter().collect::<Vec<_>>().join(" "), NAMES);
    assert!(cases.cases().count() > 1 && cases.letters().count() > 5);
    let read = Caseload::from_snapshots(cases.snapshots(), cases.last_entry());
    assert_eq!(read.expect("a caseload").snapshots(), cases.snapshots());
}
