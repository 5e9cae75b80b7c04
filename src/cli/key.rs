//! `sirt key`: the team's key, and its published forms.

use super::{Exit, Failure, Outcome, clean, say};
use crate::config::{Problems, Settings};
use crate::mail::Address;
use crate::pgp::{TeamKey, wkd_paths};
use jiff::Timestamp;
use serde_json::json;
use std::fs;
use std::io;
use std::path::Path;

/// `sirt key show`: who it is, until when, and whether it can be used.
pub fn show(settings: &Settings, as_json: bool, now: Timestamp) -> Outcome {
    let key = settings.team_key().map_err(Problems::from)?;
    let certificate = key.certificate();
    let fitness = key.fitness(now);
    let expires = certificate.expires(now);
    let trouble = fitness.as_ref().err().map(ToString::to_string);
    if as_json {
        let shown = json!({
            "fingerprint": certificate.fingerprint(),
            "address": settings.team.address,
            "named": certificate.belongs_to(&settings.team.address, now),
            "expires": expires,
            "trouble": trouble,
        });
        say(&format!("{shown}\n"))?;
    } else {
        let expires = expires.map_or("never, or it has already".into(), |at| format!("{at}"));
        let state = trouble.unwrap_or_else(|| "signs and opens".into());
        let address = clean(settings.team.address.as_str());
        let fingerprint = certificate.fingerprint().spaced();
        say(&format!(
            "address      {address}\nfingerprint  {fingerprint}\nexpires      {expires}\n\
             state        {state}\n"
        ))?;
    }
    Ok(if fitness.is_ok() { Exit::Done } else { Exit::Unusable })
}

/// `sirt key export`: the certificate as text, or below a folder in the form of a Web Key
/// Directory.
pub fn export(settings: &Settings, folder: Option<&Path>) -> Outcome {
    let key = settings.team_key().map_err(Problems::from)?;
    let Some(folder) = folder else {
        say(&key.certificate().armored())?;
        return Ok(Exit::Done);
    };
    publish(&key, &settings.team.address, folder).map_err(|error| {
        let line = format!("cannot be written ({}): {}", folder.display(), error.kind());
        Failure::new(Exit::TryLater, line)
    })?;
    Ok(Exit::Done)
}

/// Writes the certificate below `folder` as both forms of a Web Key Directory
/// (draft-koch-openpgp-webkey-service section 3.1), each with its policy file (section 4.5).
pub(super) fn publish(key: &TeamKey, address: &Address, folder: &Path) -> io::Result<()> {
    let paths = wkd_paths(address).ok_or_else(|| io::Error::other("no SHA-1"))?;
    for path in [paths.advanced, paths.direct] {
        let file = folder.join(path);
        let hashes = file.parent().unwrap_or(folder);
        fs::create_dir_all(hashes)?;
        fs::write(&file, key.certificate().bytes())?;
        fs::write(hashes.parent().unwrap_or(folder).join("policy"), "")?;
    }
    Ok(())
}
