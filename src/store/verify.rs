//! Proof that journal, kept mail and sled agree. Reads everything, mends nothing.

use super::entry::Opened;
use super::index::{Contents, Why};
use super::mail::{Gap, Kept, Place, Scan};
use super::open::{self, House, Reading};
use super::record::Stamp;
use super::{KeptId, Settings, StateKey, StoreError};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub level: Level,
    pub what: String,
    #[serde(rename = "where")]
    pub place: String,
    #[serde(rename = "do")]
    pub remedy: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing to do.
    Note,
    /// Mends itself at the next start.
    Warning,
    /// Something is lost or changed.
    Error,
}

const RESTORE: &str = "put back the last backup with sirt restore";
const START: &str = "start the gateway: sled is rebuilt from the journal";
const REBUILD: &str = "move the directory sled away and start: it is rebuilt from the journal";

/// Takes the lock, reads the whole state and folds it from zero with `snapshots_of`.
pub fn verify(
    dir: &Path,
    key: &StateKey,
    snapshots_of: impl FnOnce(Vec<Value>) -> BTreeMap<String, Value>,
) -> Vec<Finding> {
    let house = match House::enter(dir, key, Settings::default()) {
        Ok(house) => house,
        Err(error) => return vec![error_finding("state", &error)],
    };
    let sled = if house.sled().exists() {
        house.index().map(|(_, contents)| contents)
    } else {
        Err("it is not there")
    };
    findings(&house, sled, snapshots_of)
}

/// Holds the three against each other; sled as it was read, or why it could not be.
pub(super) fn findings(
    house: &House,
    sled: Result<Contents, Why>,
    snapshots_of: impl FnOnce(Vec<Value>) -> BTreeMap<String, Value>,
) -> Vec<Finding> {
    let stamp = sled.as_ref().ok().and_then(|contents| contents.stamp.clone());
    let reading = match house.read(0, stamp.as_ref().map(|stamp| &stamp.journal)) {
        Ok(reading) => reading,
        Err(error) => return vec![error_finding("journal", &error)],
    };
    let mut findings = journal_findings(&reading, house);
    let scan = house.reader.scan(1, 0).unwrap_or_else(|error| {
        findings.push(error_finding("mail", &error));
        Scan::default()
    });
    findings.extend(mail_findings(&reading, &scan, house));
    match stamp_of(sled, stamp, &reading) {
        Ok((contents, stamp)) => {
            findings.extend(index_findings(&contents, (&stamp, &reading), scan));
            findings.extend(snapshot_findings(contents, (&stamp, reading), snapshots_of));
        }
        Err(why) => findings.push(finding(Level::Warning, why, "sled", START)),
    }
    findings
}

fn stamp_of(
    sled: Result<Contents, Why>,
    stamp: Option<Stamp>,
    reading: &Reading,
) -> Result<(Contents, Stamp), Why> {
    let contents = sled?;
    let stamp = stamp.ok_or("it has no stamp")?;
    if reading.met { Ok((contents, stamp)) } else { Err("it does not belong to this journal") }
}

fn journal_findings(reading: &Reading, house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    if reading.torn {
        let what = "the last commit was not finished; it never counted";
        findings.push(finding(Level::Note, what, "journal", "nothing: the next start cuts it"));
    }
    for opened in reading.entries.iter().filter(|opened| opened.lost) {
        let place = format!("journal, entry {}", opened.seq);
        findings.push(finding(Level::Error, "its private part does not open", &place, RESTORE));
    }
    let slots = reading.entries.iter().filter_map(|opened| opened.added.slot);
    if slots.max().is_some_and(|highest| highest >= house.slots.total()) {
        findings.push(finding(Level::Error, "keys that are in use are missing", "keys", RESTORE));
    }
    findings
}

/// Every mail that an entry came with is there and opens, or its key has been destroyed.
fn mail_findings(reading: &Reading, scan: &Scan, house: &House) -> Vec<Finding> {
    let mut places: BTreeMap<KeptId, Vec<&Place>> = BTreeMap::new();
    for place in &scan.found {
        places.entry(place.id).or_default().push(place);
    }
    let mut findings: Vec<Finding> = scan.gaps.iter().map(gap_finding).collect();
    for opened in &reading.entries {
        for id in &opened.added.kept {
            let there = places.get(id).map(Vec::as_slice).unwrap_or_default();
            let what = match there.iter().any(|place| is_well(place, house)) {
                true => continue,
                false if there.is_empty() => "a kept mail is missing",
                false => "a kept mail does not open",
            };
            let place = format!("mail {id} of entry {}", opened.seq);
            findings.push(finding(Level::Error, what, &place, RESTORE));
        }
    }
    findings
}

fn is_well(place: &Place, house: &House) -> bool {
    matches!(house.reader.read(place, &house.slots), Ok(Kept::Plain(_) | Kept::Destroyed))
}

fn gap_finding(gap: &Gap) -> Finding {
    let what = format!("{} octets belong to no whole mail", gap.octets);
    let place = format!("mail/{:08}.seg at {}", gap.segment, gap.offset);
    let remedy = "nothing, unless a mail is named as missing: a write was broken off here";
    finding(Level::Note, &what, &place, remedy)
}

/// Cases, digests and places of mails are those that the journal and the segments give.
fn index_findings(
    contents: &Contents,
    (stamp, reading): (&Stamp, &Reading),
    mut scan: Scan,
) -> Vec<Finding> {
    scan.found.retain(|place| (place.segment, place.offset) < stamp.mail);
    let told = reading.entries.iter().filter(|opened| opened.seq <= stamp.journal.seq);
    let expected = open::changes(told, scan);
    let seen: BTreeMap<_, _> = expected.seen.into_iter().collect();
    let mut findings = Vec::new();
    let mut compare = |same: bool, what: &str| {
        if !same {
            findings.push(finding(Level::Error, what, "sled", REBUILD));
        }
    };
    compare(by_id(&expected.mails) == by_id(&contents.mails), "places of kept mail differ");
    compare(seen == contents.seen, "digests seen differ from the journal's");
    compare(expected.cases == contents.cases, "keys of cases differ from the journal's");
    if reading.end.seq > stamp.journal.seq {
        let what = format!("it ends at entry {}", stamp.journal.seq);
        findings.push(finding(Level::Note, &what, "sled", "nothing: the next start brings it up"));
    }
    findings
}

fn by_id(places: &[Place]) -> BTreeMap<(KeptId, u32), (u32, u64)> {
    places.iter().map(|p| ((p.id, p.slot), (p.segment, p.offset))).collect()
}

/// Snapshots are what folding from zero gives, name by name.
fn snapshot_findings(
    contents: Contents,
    (stamp, reading): (&Stamp, Reading),
    snapshots_of: impl FnOnce(Vec<Value>) -> BTreeMap<String, Value>,
) -> Vec<Finding> {
    let Some(folded) = stamp.folded.filter(|_| !contents.destroyed) else {
        let what = "there are no snapshots to compare";
        return vec![finding(Level::Note, what, "sled", START)];
    };
    let told = reading.entries.into_iter().filter(|opened| opened.seq <= folded);
    let mut expected = snapshots_of(told.map(|Opened { value, .. }| value).collect());
    let mut findings = Vec::new();
    let mut tell = |what: &str, name: &str| {
        let place = format!("sled, snapshot {name}");
        findings.push(finding(Level::Error, what, &place, REBUILD));
    };
    for (name, value) in &contents.snapshots {
        match expected.remove(name) {
            Some(folded) if folded == *value => {}
            Some(_) => tell("it is not what the journal amounts to", name),
            None => tell("the journal knows nothing of it", name),
        }
    }
    expected.keys().for_each(|name| tell("it is missing", name));
    findings
}

pub(super) fn error_finding(place: &str, error: &StoreError) -> Finding {
    let remedy = match error {
        StoreError::Locked { .. } => "stop the gateway, or ask it through its socket",
        StoreError::WrongKey => "name the state key that sealed this state",
        _ => RESTORE,
    };
    finding(Level::Error, &error.to_string(), place, remedy)
}

fn finding(level: Level, what: &str, place: &str, remedy: &str) -> Finding {
    Finding { level, what: what.into(), place: place.into(), remedy: remedy.into() }
}
