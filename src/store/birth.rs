//! What a state is told once, at its birth, in the clear: its format, whether it is an exercise.

use super::files::Files;
use super::seal::{Keys, random};
use super::segments::Family;
use super::{Birth, StoreError};
use serde::{Deserialize, Serialize};
use std::path::Path;

pub(super) const FORMAT: u32 = 1;
const FILE: &str = "birth.json";
const CHANGED: &str = "it is not as it was written";

#[derive(Serialize, Deserialize)]
pub(super) struct Certificate {
    format: u32,
    exercise: bool,
    created: String,
    /// Random, so that no two states have the same journal beginning.
    name: String,
    /// Tells a wrong state key from damage.
    key: String,
    /// Over all of the above.
    seal: String,
}

#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl Certificate {
    pub fn write(files: &Files, dir: &Path, keys: &Keys, birth: Birth) -> Result<(), StoreError> {
        let mut name = [0; 16];
        random(&mut name)?;
        let mut certificate = Certificate {
            format: FORMAT,
            exercise: birth.exercise,
            created: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            name: name.iter().map(|byte| format!("{byte:02x}")).collect(),
            key: key_mark(keys),
            seal: String::new(),
        };
        certificate.seal = certificate.sealed(keys);
        let json = serde_json::to_vec_pretty(&certificate)
            .map_err(|_| StoreError::Refused("no birth certificate"))?;
        files.replace("birth", &dir.join(FILE), &json)
    }

    pub fn read(dir: &Path, keys: &Keys) -> Result<Certificate, StoreError> {
        let bytes = std::fs::read(dir.join(FILE)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => StoreError::Missing,
            _ => StoreError::io("read")(error),
        })?;
        let FormatOnly { format } = serde_json::from_slice(&bytes).map_err(|_| damaged(CHANGED))?;
        if format > FORMAT {
            return Err(StoreError::NewerFormat { format });
        }
        let certificate: Certificate =
            serde_json::from_slice(&bytes).map_err(|_| damaged(CHANGED))?;
        if certificate.key != key_mark(keys) {
            return Err(StoreError::WrongKey);
        }
        if certificate.seal != certificate.sealed(keys) {
            Err(damaged(CHANGED))
        } else {
            Ok(certificate)
        }
    }

    pub fn birth(&self) -> Birth {
        Birth { exercise: self.exercise }
    }

    /// The chain hash before the first frame: a journal fits no other state.
    pub fn genesis(&self, keys: &Keys) -> [u8; 32] {
        keys.heads.hash(self.seal.as_bytes())
    }

    fn sealed(&self, keys: &Keys) -> String {
        let Certificate { format, exercise, created, name, key, seal: _ } = self;
        hex(keys.birth.hash(format!("{format}\n{exercise}\n{created}\n{name}\n{key}").as_bytes()))
    }
}

pub(super) fn is_there(dir: &Path) -> bool {
    dir.join(FILE).exists()
}

/// A journal without a birth certificate is a state that has lost it, not an empty directory.
pub(super) fn must_be_there(dir: &Path, journal: &Family) -> Result<(), StoreError> {
    match is_there(dir) {
        true => Ok(()),
        false if holds_data(journal) => Err(damaged("the file is missing")),
        false => Err(StoreError::Missing),
    }
}

pub(super) fn holds_data(journal: &Family) -> bool {
    let segments = journal.list().unwrap_or_default();
    let length = |segment: &u32| journal.path(*segment).metadata().map_or(0, |meta| meta.len());
    segments.iter().any(|segment| length(segment) > 0)
}

fn key_mark(keys: &Keys) -> String {
    hex(keys.birth.hash(b"the key of this state"))
}

fn hex(hash: [u8; 32]) -> String {
    blake3::Hash::from_bytes(hash).to_hex().to_string()
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { segment: FILE.into(), sequence: None, what }
}
