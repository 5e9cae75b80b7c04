//! An entry on its way into the journal and out of it.
//!
//! The store adds three members of its own and takes them off again: `key`, the slot that seals
//! `private` (and so, from its first entry on, the slot of the case); `kept`, the mails that came
//! with the commit; `seen`, the digests that no fact of the entry states.

use super::seal::Key;
use super::slots::{Slot, Slots};
use super::{Digest, KeptId, StoreError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use serde_json::{Map, Value, json};

const OWN: [&str; 3] = ["key", "kept", "seen"];
/// Facts that state a digest of the mail an entry is about.
const DIGESTS: [&str; 2] = ["exact", "routeless"];

pub(super) type Seen = (Digest, String);

/// What the store adds to an entry.
#[derive(Default)]
pub(super) struct Addition {
    pub slot: Option<u32>,
    pub kept: Vec<KeptId>,
    pub seen: Vec<Seen>,
}

/// An entry read back: as it was handed in, with its sequence, and what the store had added.
pub(super) struct Opened {
    pub value: Value,
    pub seq: u64,
    pub added: Addition,
    /// Its private part is there and its key does not open it; destroyed keys are not counted.
    pub lost: bool,
}

/// Refuses what could not be read back as it was.
pub(super) fn check(entry: &Value) -> Result<(), StoreError> {
    let Some(members) = entry.as_object() else {
        return Err(StoreError::Refused("an entry is not an object"));
    };
    if OWN.iter().any(|own| members.contains_key(*own)) {
        return Err(StoreError::Refused("an entry has a member that is the store's own"));
    }
    match members.get("case") {
        None | Some(Value::Null | Value::String(_)) => Ok(()),
        Some(_) => Err(StoreError::Refused("the case of an entry is not a name")),
    }
}

pub(super) fn case_of(entry: &Value) -> Option<&str> {
    entry.get("case").and_then(Value::as_str)
}

pub(super) fn has_private(entry: &Value) -> bool {
    entry.get("private").is_some_and(|private| !private.is_null())
}

/// The digests that the facts of an entry state, with its case (or none).
pub(super) fn stated(entry: &Value) -> Vec<Seen> {
    let case = case_of(entry).unwrap_or_default();
    let digest = |name: &&str| entry.get("facts")?.get(*name)?.as_str()?.parse().ok();
    DIGESTS.iter().filter_map(digest).map(|digest| (digest, case.to_string())).collect()
}

/// As JSON for the journal. `key` seals the private part.
pub(super) fn write(
    mut entry: Value,
    seq: u64,
    key: Option<&Key>,
    added: &Addition,
) -> Result<Vec<u8>, StoreError> {
    let members = entry.as_object_mut().ok_or(StoreError::Refused("an entry is not an object"))?;
    members.insert("seq".into(), json!(seq));
    if let Some(private) = members.get_mut("private").filter(|private| !private.is_null()) {
        let key = key.ok_or(StoreError::Refused("no key for a private part"))?;
        let sealed = key.seal(&bound(seq), private.to_string().as_bytes())?;
        *private = Value::String(BASE64.encode(sealed));
    }
    if let Some(slot) = added.slot {
        members.insert("key".into(), json!(slot));
    }
    insert_list(members, "kept", &added.kept);
    insert_list(members, "seen", &added.seen);
    serde_json::to_vec(&entry).map_err(|_| StoreError::Refused("an entry is not JSON"))
}

fn insert_list<T: serde::Serialize>(members: &mut Map<String, Value>, name: &str, list: &[T]) {
    if !list.is_empty() {
        members.insert(name.into(), json!(list));
    }
}

/// None where it is not an entry: then the journal was written by something else.
pub(super) fn read(json: &[u8], slots: &Slots) -> Option<Result<Opened, StoreError>> {
    let mut value: Value = serde_json::from_slice(json).ok()?;
    let members = value.as_object_mut()?;
    let seq = members.get("seq")?.as_u64()?;
    let added = take_added(members)?;
    let private = match open_private(members, seq, &added, slots) {
        Ok(private) => private,
        Err(error) => return Some(Err(error)),
    };
    let lost = matches!(private, Private::Lost);
    if let Some(place) = members.get_mut("private") {
        *place = if let Private::Plain(plain) = private { plain } else { Value::Null };
    }
    Some(Ok(Opened { value, seq, added, lost }))
}

fn take_added(members: &mut Map<String, Value>) -> Option<Addition> {
    let slot = match members.remove("key") {
        Some(slot) => Some(u32::try_from(slot.as_u64()?).ok()?),
        None => None,
    };
    let kept = members.remove("kept").map_or(Some(Vec::new()), |v| serde_json::from_value(v).ok());
    let seen = members.remove("seen").map_or(Some(Vec::new()), |v| serde_json::from_value(v).ok());
    Some(Addition { slot, kept: kept?, seen: seen? })
}

enum Private {
    Plain(Value),
    Absent,
    Lost,
}

fn open_private(
    members: &Map<String, Value>,
    seq: u64,
    added: &Addition,
    slots: &Slots,
) -> Result<Private, StoreError> {
    let Some(sealed) = members.get("private").and_then(Value::as_str) else {
        return Ok(Private::Absent);
    };
    let Some(slot) = added.slot else { return Ok(Private::Lost) };
    let key = match slots.get(slot)? {
        Slot::Key(key) => key,
        Slot::Destroyed => return Ok(Private::Absent),
        Slot::Damaged => return Ok(Private::Lost),
    };
    let plain = BASE64.decode(sealed).ok().and_then(|sealed| key.open(&bound(seq), &sealed));
    let value = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
    Ok(value.map_or(Private::Lost, Private::Plain))
}

fn bound(seq: u64) -> [u8; 15] {
    let mut bound = *b"private\0\0\0\0\0\0\0\0";
    bound[7..].copy_from_slice(&seq.to_le_bytes());
    bound
}
