//! Journals of every version, readable for ever: every event name, private parts opened.

use serde_json::Value;
use sirt_gateway::case::{Caseload, Entry};
use std::collections::BTreeSet;

/// Pinned: a name that was written once is read in ten years.
const FIRST: &str = "case.opened channel.set key.learned key.proven letter.delayed \
    letter.discarded letter.failed letter.held letter.released letter.sent letter.tried \
    letter.written mail.filed mail.quarantined mail.retried member.read-in participant.joined \
    words.shown";

/// With orders by mail.
const SECOND: &str = "case.linked case.merged case.opened case.taken class.set deadline.set \
    embargo.set fact.learned fact.withdrawn handlers.set key.judged key.learned known.dropped \
    known.set letter.discarded letter.written mail.filed mail.moved mail.received member.away \
    member.read-in member.read-out note.written orders.refused orders.taken orders.undone \
    participant.also participant.answered participant.consents participant.invited \
    participant.joined participant.left participant.withdraws pathway.set reminder.set \
    roster.accepted roster.changed roster.joined roster.left roster.refused roster.told \
    service.set severity.set status.set take.asked take.declined time.spent title.set tlp.set \
    wait.over wait.set words.exposed words.kept words.said";

/// With notices and watched lists.
const THIRD: &str = "case.opened notice.approved notice.drafted notice.dropped notice.edited \
    notice.held notice.missed notice.posted notice.seen notice.timed participant.joined \
    post.observed posts.told";

#[test]
fn every_event_of_the_first_version_is_read_and_folded() {
    let cases = folded("v1.jsonl", FIRST);
    assert!(cases.cases().count() > 1 && cases.letters().count() > 5);
}

#[test]
fn every_event_of_orders_is_read_and_folded() {
    let cases = folded("v2.jsonl", SECOND);
    assert!(cases.cases().count() > 1 && cases.all_orders().count() > 1);
}

#[test]
fn every_event_of_notices_and_watched_lists_is_read_and_folded() {
    let cases = folded("v3.jsonl", THIRD);
    let notices: Vec<_> = cases.cases().flat_map(|case| &case.notices).collect();
    assert_eq!((cases.posts().all().count(), notices.len()), (3, 4));
    assert!(notices.first().is_some_and(|notice| notice.seen.is_some() && notice.missed));
}

fn folded(file: &str, pinned: &str) -> Caseload {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/journal/");
    let text = std::fs::read_to_string(format!("{folder}{file}")).expect("the journal");
    let (mut cases, mut names) = (Caseload::default(), BTreeSet::new());
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).expect("JSON");
        let entry =
            Entry::from_line(value.clone()).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(entry.to_line().expect("a line"), value);
        names.insert(entry.event.name());
        cases.apply(&entry);
    }
    assert_eq!(names.into_iter().collect::<Vec<_>>().join(" "), pinned);
    let read = Caseload::from_snapshots(cases.snapshots(), cases.last_entry());
    assert_eq!(read.expect("a caseload").snapshots(), cases.snapshots());
    cases
}
