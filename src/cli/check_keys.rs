//! What `sirt check` says of keys.

use super::check::Report;
use crate::config::{SecretSource, Settings};
use crate::mail::Fingerprint;
use crate::pgp::Certificate;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// How long before it expires a key is spoken of.
const AHEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(super) fn team(settings: &Settings, now: Timestamp, report: &mut Report) {
    let key = match settings.team_key() {
        Ok(key) => key,
        Err(problem) => return report.problem(&problem),
    };
    let place = settings.team.key.value.to_string();
    let (certificate, address) = (key.certificate(), &settings.team.address);
    if let Err(error) = key.fitness(now) {
        let todo = "extend it with gpg or sq where its primary key is, and put it here again";
        report.error(&place, format!("the team's key cannot be used: {error}"), todo);
    } else if let Some(at) = soon(certificate, now) {
        let todo = "extend it before, and publish it again";
        report.warn(&place, format!("the team's key expires on {}", day(at)), todo);
    } else {
        let short = certificate.fingerprint().short();
        let until = certificate.expires(now).map_or("no end".into(), day);
        report.well.push(format!("team key: {short}, until {until}"));
    }
    if !certificate.belongs_to(address, now) {
        let what = format!("the team's key does not name {address}");
        report.error(&place, what, "add a user id with that address to the key");
    }
}

pub(super) fn members(settings: &Settings, now: Timestamp, report: &mut Report) {
    let mut owners: BTreeMap<Fingerprint, String> = BTreeMap::new();
    if let Ok(key) = settings.team_key() {
        owners.insert(key.certificate().fingerprint().clone(), "the team".into());
    }
    for ((handle, found), member) in settings.member_keys().into_iter().zip(&settings.members) {
        let place = member.key.value.display().to_string();
        let certificate = match found {
            Ok(certificate) => certificate,
            Err(problem) => {
                report.problem(&problem);
                continue;
            }
        };
        member_key(&handle, &certificate, (&place, now), report);
        if !certificate.belongs_to(&member.address, now) {
            let what = format!("the key of \"{handle}\" does not name {}", member.address);
            report.warn(&place, what, "ask for a key with that address, or correct the address");
        }
        if let Some(other) = owners.insert(certificate.fingerprint().clone(), handle.clone()) {
            let what = format!("the key of \"{handle}\" is also that of {other}");
            report.error(&place, what, "give each member a key of their own");
        }
    }
}

fn member_key(
    handle: &str,
    certificate: &Certificate,
    (place, now): (&str, Timestamp),
    report: &mut Report,
) {
    let todo = "ask them for the newer one: letters to them wait otherwise";
    if let Some(trouble) = certificate.trouble(now) {
        report.error(place, format!("nobody can write to \"{handle}\": {trouble}"), todo);
    } else if let Some(at) = soon(certificate, now) {
        report.warn(place, format!("the key of \"{handle}\" expires on {}", day(at)), todo);
    }
}

/// The key that seals the state is there, is a key, and lies elsewhere than the state.
pub(super) fn state_key(settings: &Settings, report: &mut Report) {
    let source = &settings.team.state_key.value;
    let place = source.to_string();
    if let Err(what) = source.key() {
        let todo = "put the right file there: without it nothing kept can be read";
        return report.error(&place, what, todo);
    }
    let SecretSource::File(file) = source else { return };
    let disk = |path: &Path| path.metadata().map(|found| found.dev()).ok();
    let state = &settings.team.state;
    let state = disk(state).or_else(|| state.parent().and_then(disk));
    if disk(file).is_some() && disk(file) == state {
        let what = "the state key lies on the disk of the state: who steals one has both";
        let todo = "hand it over as a systemd credential, or keep it on another disk";
        report.warn(&place, what, todo);
    }
}

fn soon(certificate: &Certificate, now: Timestamp) -> Option<Timestamp> {
    certificate.expires(now).filter(|at| at.duration_since(now) < AHEAD)
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
