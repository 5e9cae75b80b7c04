//! A thousand reports, from Dovecot's inbox to the answers in Postfix's mailboxes.

use crate::support::desk::{by_recipient, field, recipient};
use crate::support::gnupg::Gnupg;
use crate::support::people::{Person, finders};
use crate::support::site::Site;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

const REPORTS: usize = 1_000;
/// Letters that GnuPG opens, of each kind.
const SAMPLE: usize = 5;

#[test]
fn a_thousand_reports_are_taken_settled_and_answered_once_each() {
    let begun = Instant::now();
    let (cora, vic) =
        (Person::new("Cora", "cora@example.org"), Person::new("Vic", "vic@example.org"));
    let site = Site::new(&[&cora, &vic]);
    let finders = finders(REPORTS);
    site.deliver_reports(&finders);
    println!("{REPORTS} reports are written after {:.1?}", begun.elapsed());

    let begun = Instant::now();
    let summary = site.desk.once();
    let took = begun.elapsed();
    println!("taken and answered in {took:.1?}: {:?} a report", took / REPORTS as u32);
    let (taken, sent) = (REPORTS, 3 * REPORTS);
    let expected = json!({
        "taken": taken, "duplicates": 0, "quarantined": 0, "sent": sent, "held": 0, "failed": 0,
    });
    assert_eq!(summary, expected);
    site.assert_all_archived(REPORTS);
    assert_eq!(site.desk.cases().len(), REPORTS);

    let letters = site.letters_when(3 * REPORTS);
    let mut wanted: BTreeMap<String, usize> =
        finders.iter().map(|fay| (fay.address.to_string(), 1)).collect();
    wanted.extend([(cora.address.to_string(), REPORTS), (vic.address.to_string(), REPORTS)]);
    assert_eq!(by_recipient(&letters), wanted);
    let ids: BTreeSet<String> =
        letters.iter().map(|letter| field(letter, "Message-ID").expect("an id")).collect();
    assert_eq!(ids.len(), letters.len(), "no letter twice");
    assert_case_each(&site, &cora, &letters);
    for fay in finders.iter().step_by(REPORTS / SAMPLE) {
        assert_reads_her_answer(&site, fay, &letters);
    }
    assert_eq!(site.desk.once()["taken"], 0, "nothing is left");
    assert_eq!(site.desk.json(&["verify"]), json!({ "ok": true, "findings": [] }));
}

/// Cora's letters are about all cases, one each; some of them are opened.
fn assert_case_each(site: &Site, cora: &Person, letters: &[Vec<u8>]) {
    let told = site.desk.json(&["letters"]);
    let told = told.as_array().expect("a list").iter();
    let hers = told.filter(|letter| letter["to"] == cora.address.to_string());
    let cases: BTreeSet<String> = hers.map(|letter| letter["case"].to_string()).collect();
    assert_eq!(cases.len(), REPORTS);
    let team = site.desk.certificate();
    let gnupg = Gnupg::of(cora, &team);
    let hers = letters.iter().filter(|letter| recipient(letter) == cora.address.to_string());
    for letter in hers.step_by(REPORTS / SAMPLE) {
        let inside = gnupg.open(letter, team.fingerprint().as_str());
        assert!(inside.contains("Heap overflow number"), "{inside}");
        assert!(inside.contains("SIRT-20"), "{inside}");
    }
}

/// Her own answer is sealed to the key that came with her mail, and names her case alone.
fn assert_reads_her_answer(site: &Site, fay: &Person, letters: &[Vec<u8>]) {
    let team = site.desk.certificate();
    let hers = letters.iter().find(|letter| recipient(letter) == fay.address.to_string());
    let inside = Gnupg::of(fay, &team).open(hers.expect("a letter"), team.fingerprint().as_str());
    assert!(inside.contains("SIRT-20"), "{inside}");
}
