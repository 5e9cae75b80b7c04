//! Opening a state: what stands in sled is used as far as the journal bears it out; for the rest
//! the journal is read again. Every step may be broken off and begun anew.

use super::birth::Certificate;
use super::commit::Writer;
use super::entry;
use super::files::{self, Files};
use super::frame::FrameKeys;
use super::index::{Changes, Contents, Index, Why, has_blobs};
use super::journal::{Journal, Position, Source};
use super::lock::Lock;
use super::mail::{Mail, MailReader, Scan};
use super::record::{Records, Stamp};
use super::seal::{Keys, StateKey};
use super::segments::Family;
use super::slots::{HOUSE, Slots};
use super::walk::{Next, Walk};
use super::{Opened, Settings, Store, StoreError, birth};
use crate::limits;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Records of one sled batch while it is rebuilt.
const SLICE: usize = 2_000;
/// Directories of damaged sleds that are kept.
const SET_ASIDE: usize = 2;

/// The parts of a state, before sled.
pub(super) struct House {
    pub dir: PathBuf,
    pub files: Files,
    pub keys: Keys,
    pub certificate: Certificate,
    pub slots: Arc<Slots>,
    pub source: Source,
    pub reader: MailReader,
    pub settings: Settings,
    /// None where somebody reads beside the one who holds it.
    pub lock: Option<Lock>,
}

/// The journal, read.
pub(super) struct Reading {
    /// After the last whole commit.
    pub end: Position,
    pub torn: bool,
    /// The opened ones, those of a torn commit left out.
    pub entries: Vec<entry::Opened>,
    /// The place of the stamp was met.
    pub met: bool,
}

/// sled as it may be used, and the journal behind it.
struct Ready {
    index: Index,
    contents: Contents,
    stamp: Stamp,
    reading: Reading,
}

impl House {
    pub fn enter(dir: &Path, key: &StateKey, settings: Settings) -> Result<House, StoreError> {
        birth::must_be_there(dir, &journal_family(dir, &settings))?;
        let lock = Lock::take(&dir.join("lock"), settings.lock_time)?;
        let house = House::look(dir, Keys::of(key), settings)?;
        Ok(House { lock: Some(lock), ..house })
    }

    /// Without the lock, to read alone: the caller sees to it that nobody writes meanwhile.
    pub fn look(dir: &Path, keys: Keys, settings: Settings) -> Result<House, StoreError> {
        let certificate = Certificate::read(dir, &keys)?;
        let files = Files::new(settings.watch.clone());
        let slots = Arc::new(Slots::open(&files, dir, &keys)?);
        let frames = FrameKeys { seal: keys.journal.clone(), heads: keys.heads.clone() };
        let source = Source {
            family: journal_family(dir, &settings),
            keys: frames,
            genesis: certificate.genesis(&keys),
        };
        let reader = MailReader::new(mail_family(dir, &settings), &keys);
        let dir = dir.to_path_buf();
        let lock = None;
        Ok(House { dir, files, keys, certificate, slots, source, reader, settings, lock })
    }

    pub fn sled(&self) -> PathBuf {
        self.dir.join("sled")
    }

    pub fn index(&self) -> Result<(Index, Contents), Why> {
        let records = Records::new(&self.keys, self.slots.clone());
        Index::open(&self.sled(), (records, self.files.clone()), self.settings.index_time)
    }

    /// Reads the journal; entries up to `closed` only by their links, unless one does not fit:
    /// then all are opened, to name the one that is damaged.
    pub fn read(&self, closed: u64, meet: Option<&Position>) -> Result<Reading, StoreError> {
        match self.read_once(closed, meet) {
            Err(StoreError::Damaged { .. }) if closed > 0 => self.read_once(0, meet),
            Ok(reading) if closed > 0 && !reading.met => self.read_once(0, meet),
            reading => reading,
        }
    }

    fn read_once(&self, closed: u64, meet: Option<&Position>) -> Result<Reading, StoreError> {
        let mut walk = Walk::new(self.source.clone(), None)?.closed_until(closed);
        let beginning = Position::beginning(self.source.genesis);
        let mut entries: Vec<entry::Opened> = Vec::new();
        let mut met = meet.is_none_or(|place| *place == beginning);
        let torn = loop {
            match walk.next()? {
                Next::Frame(json) => {
                    met = met || meet == Some(&walk.here());
                    entries.extend(json.map(|json| self.entry(&walk, &json)).transpose()?);
                }
                Next::End => break false,
                Next::Torn => break true,
            }
        };
        let end = walk.commit();
        entries.retain(|entry| entry.seq <= end.seq);
        Ok(Reading { end, torn, entries, met })
    }

    fn entry(&self, walk: &Walk, json: &[u8]) -> Result<entry::Opened, StoreError> {
        let Position { segment, seq, .. } = walk.here();
        let foreign =
            || self.source.family.damaged(segment, Some(seq), "it is not an entry of this gateway");
        let opened = entry::read(json, &self.slots).ok_or_else(foreign)??;
        if opened.seq == seq { Ok(opened) } else { Err(foreign()) }
    }
}

pub(super) fn journal_family(dir: &Path, settings: &Settings) -> Family {
    let limit = settings.journal_segment;
    Family { dir: dir.join("journal"), name: "journal", extension: "log", limit }
}

pub(super) fn mail_family(dir: &Path, settings: &Settings) -> Family {
    let limit = settings.mail_segment;
    Family { dir: dir.join("mail"), name: "mail", extension: "seg", limit }
}

pub(super) fn open(
    dir: &Path,
    key: &StateKey,
    settings: Settings,
) -> Result<(Store, Opened), StoreError> {
    let house = House::enter(dir, key, settings)?;
    let mut notes = Vec::new();
    let ready = match house.resume(&mut notes)? {
        Ok(ready) => ready,
        Err(why) => house.start_over(why, &mut notes)?,
    };
    house.bring_up(ready, notes)
}

impl House {
    /// sled as it is, where the journal bears out what it says.
    fn resume(&self, notes: &mut Vec<String>) -> Result<Result<Ready, Why>, StoreError> {
        if !self.sled().exists() {
            return Ok(Err("it was not there"));
        }
        if has_blobs(&self.sled()) {
            notes.push("sled holds files in sled/blobs: a value was longer than it may be".into());
        }
        let (index, mut contents) = match self.index() {
            Ok(opened) => opened,
            Err(why) => return Ok(Err(why)),
        };
        let Some(mut stamp) = contents.stamp.take() else { return Ok(Err("it has no stamp")) };
        if contents.destroyed {
            stamp.folded = None;
        }
        let closed = stamp.folded.unwrap_or(0).min(stamp.journal.seq);
        let reading = self.read(closed, Some(&stamp.journal))?;
        if reading.met {
            let behind = reading.end.seq.saturating_sub(stamp.journal.seq);
            if behind > 0 {
                // After a crash a few; many are a log that sled itself has cut.
                notes.push(format!("sled was {behind} entries behind and was brought up"));
            }
            return Ok(Ok(Ready { index, contents, stamp, reading }));
        }
        let (have, seen) = (reading.end.seq, stamp.journal.seq);
        if seen > have {
            notes.push(format!(
                "the journal ends at entry {have}, sled has seen entry {seen}: what was said \
                 since may be said again; compare with the last backup"
            ));
        }
        Ok(Err("it does not belong to this journal"))
    }

    /// A new sled, to be filled from the journal and the mail segments.
    fn start_over(&self, why: Why, notes: &mut Vec<String>) -> Result<Ready, StoreError> {
        let reading = self.read(0, None)?;
        let aside = set_aside(&self.dir)?;
        if let Some(name) = aside {
            notes.push(format!("sled was moved to {name} ({why}) and rebuilt from the journal"));
        } else if reading.end.seq > 0 {
            notes.push(format!("sled was rebuilt from the journal ({why})"));
        }
        files::directory(&self.sled())?;
        let records = Records::new(&self.keys, self.slots.clone());
        let time = self.settings.index_time.max(limits::INDEX_OPEN_TIME);
        let (index, contents) = Index::open(&self.sled(), (records, self.files.clone()), time)
            .map_err(|_| self.no_sled())?;
        let stamp = Stamp {
            journal: Position::beginning(self.source.genesis),
            folded: (reading.end.seq == 0).then_some(0),
            mail: (1, 0),
            next_slot: HOUSE + 1,
            counts: BTreeMap::new(),
        };
        Ok(Ready { index, contents, stamp, reading })
    }

    /// sled cannot even be made on a full disk.
    fn no_sled(&self) -> StoreError {
        match super::free_space(&self.dir) {
            Ok(free) if free > limits::MIB as u64 * 16 => StoreError::Index,
            _ => StoreError::Full,
        }
    }

    /// Writes what sled lacks, and opens journal and mail for appending.
    fn bring_up(self, ready: Ready, mut notes: Vec<String>) -> Result<(Store, Opened), StoreError> {
        let Ready { index, mut contents, stamp, reading } = ready;
        if reading.torn {
            notes.push("the last commit of the journal was not finished: it was cut".into());
        }
        let journal = Journal::open(&self.files, self.source.clone(), reading.end)?;
        let mut mail = Mail::open(&self.files, self.reader.clone())?;
        let scan = self.reader.scan(stamp.mail.0, stamp.mail.1)?;
        mail_notes(&scan, (stamp.mail, mail.end()), &mut notes);
        if scan.gaps.iter().any(|gap| gap.last) {
            mail.leave()?;
        }
        let new = reading.entries.iter().filter(|entry| entry.seq > stamp.journal.seq);
        let changes = changes(new, scan);
        let next_slot = next_slot(&stamp, &changes, &reading);
        if next_slot > self.slots.total() {
            return Err(StoreError::Damaged {
                segment: "keys".into(),
                sequence: None,
                what: "keys that are in use are missing",
            });
        }
        contents.cases.extend(changes.cases.clone());
        let writer = Writer {
            journal,
            mail,
            cases: contents.cases,
            next_slot,
            folded: stamp.folded,
            broken: None,
        };
        write_sliced(&index, changes, writer.stamp())?;
        let snapshots = stamp.folded.map(|_| contents.snapshots);
        let opened = opened(snapshots, (reading.entries, stamp.folded), notes);
        Ok((self.store(index, writer), opened))
    }

    fn store(self, index: Index, writer: Writer) -> Store {
        Store {
            index,
            writer: Mutex::new(writer),
            birth: self.certificate.birth(),
            slots: self.slots,
            reader: self.reader,
            keys: self.keys,
            files: self.files,
            settings: self.settings,
            dir: self.dir,
            _lock: self.lock,
        }
    }
}

fn opened(
    snapshots: Option<BTreeMap<String, serde_json::Value>>,
    (entries, folded): (Vec<entry::Opened>, Option<u64>),
    mut notes: Vec<String>,
) -> Opened {
    let lost = entries.iter().filter(|entry| entry.lost).count();
    if lost > 0 {
        notes.push(format!("the private part of {lost} entries does not open: run sirt verify"));
    }
    let behind = entries.into_iter().filter(|entry| entry.seq > folded.unwrap_or(0));
    Opened { snapshots, entries: behind.map(|entry| entry.value).collect(), notes }
}

/// What entries and mail segments say that belongs into the index.
pub(super) fn changes<'a>(entries: impl Iterator<Item = &'a entry::Opened>, scan: Scan) -> Changes {
    let mut changes = Changes { mails: scan.found, ..Changes::default() };
    for opened in entries {
        if let (Some(case), Some(slot)) = (entry::case_of(&opened.value), opened.added.slot) {
            changes.cases.insert(case.to_string(), slot);
        }
        changes.seen.extend(entry::stated(&opened.value));
        changes.seen.extend(opened.added.seen.iter().cloned());
    }
    changes
}

/// Behind every slot that anything speaks of: none is ever given out twice.
fn next_slot(stamp: &Stamp, changes: &Changes, reading: &Reading) -> u32 {
    let mails = changes.mails.iter().map(|place| place.slot);
    let entries = reading.entries.iter().filter_map(|entry| entry.added.slot);
    let highest = mails.chain(entries).max().unwrap_or(HOUSE);
    stamp.next_slot.max(highest.saturating_add(1))
}

fn mail_notes(scan: &Scan, (stamp, end): ((u32, u64), (u32, u64)), notes: &mut Vec<String>) {
    if stamp > end {
        notes.push("kept mail ends before what sled has seen: run sirt verify".into());
    }
    for gap in &scan.gaps {
        let (segment, octets) = (gap.segment, gap.octets);
        notes.push(format!("mail/{segment:08}.seg: {octets} octets are no whole mail, left out"));
    }
}

fn write_sliced(index: &Index, changes: Changes, stamp: Stamp) -> Result<(), StoreError> {
    let Changes { cases, mails, seen, snapshots } = changes;
    for slice in mails.chunks(SLICE) {
        index.apply(&Changes { mails: slice.to_vec(), ..Changes::default() }, None)?;
    }
    for slice in seen.chunks(SLICE) {
        index.apply(&Changes { seen: slice.to_vec(), ..Changes::default() }, None)?;
    }
    index.apply(&Changes { cases, snapshots, ..Changes::default() }, Some(stamp))
}

/// Moves sled away under a new name and drops all but the newest few such directories.
fn set_aside(dir: &Path) -> Result<Option<String>, StoreError> {
    let mut old: Vec<u32> = Vec::new();
    for item in std::fs::read_dir(dir).map_err(StoreError::io("list"))?.flatten() {
        let name = item.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("sled.damaged-"));
        old.extend(number.and_then(|number| number.parse::<u32>().ok()));
    }
    old.sort_unstable();
    if !dir.join("sled").exists() {
        return Ok(None);
    }
    let name = format!("sled.damaged-{}", old.last().map_or(1, |last| last.saturating_add(1)));
    std::fs::rename(dir.join("sled"), dir.join(&name)).map_err(StoreError::io("move sled in"))?;
    let surplus = (old.len() + 1).saturating_sub(SET_ASIDE);
    for number in old.into_iter().take(surplus) {
        let _ = std::fs::remove_dir_all(dir.join(format!("sled.damaged-{number}")));
    }
    Ok(Some(name))
}
