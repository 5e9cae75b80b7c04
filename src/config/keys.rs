//! The keys that the configuration names, read: the team's own, and one certificate a member.

use super::{Problem, Problems, Settings};
use crate::mail::Fingerprint;
use crate::pgp::{Certificate, KeyError, TeamKey, holds_secret};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Everything that is signed, opened and believed with.
pub struct Keys {
    pub team: TeamKey,
    /// By handle. They may have expired: letters to such a member wait.
    pub members: BTreeMap<String, Certificate>,
}

impl Keys {
    /// By handle, as [`Settings::house_rules`] takes them.
    pub fn fingerprints(&self) -> BTreeMap<String, Fingerprint> {
        let own =
            |(handle, key): (&String, &Certificate)| (handle.clone(), key.fingerprint().clone());
        self.members.iter().map(own).collect()
    }
}

impl Settings {
    /// Reads all keys, and refuses a team key that cannot sign and open now.
    pub fn keys(&self, now: Timestamp) -> Result<Keys, Problems> {
        let team = self.team_key().and_then(|key| match key.fitness(now) {
            Ok(()) => Ok(key),
            Err(error) => Err(self.key_problem(&error)),
        });
        let mut problems = Vec::new();
        let mut members = BTreeMap::new();
        for (handle, found) in self.member_keys() {
            match found {
                Ok(certificate) => drop(members.insert(handle, certificate)),
                Err(problem) => problems.push(problem),
            }
        }
        match team {
            Ok(team) if problems.is_empty() => Ok(Keys { team, members }),
            Ok(_) => Err(Problems(problems)),
            Err(problem) => Err(Problems([vec![problem], problems].concat())),
        }
    }

    /// The team's key, which may have expired: to look at it.
    pub fn team_key(&self) -> Result<TeamKey, Problem> {
        let wrong = |what: String, todo: &str| self.at_key(what, todo);
        let bytes = self.team.key.value.bytes().map_err(|what| wrong(what, "mend that"))?;
        let passphrase = self.team.key_passphrase.as_ref().map(|source| source.text());
        let passphrase = passphrase.transpose();
        let passphrase =
            passphrase.map_err(|what| wrong(what, "the team's key needs its passphrase"))?;
        TeamKey::read(&bytes, passphrase.as_ref().map(|secret| secret.reveal()))
            .map_err(|error| self.key_problem(&error))
    }

    /// Each member's certificate, or what is wrong with its file.
    pub fn member_keys(&self) -> Vec<(String, Result<Certificate, Problem>)> {
        let read = |member: &super::MemberSettings| {
            let found = certificate(&member.key.value).map_err(|(what, todo)| Problem {
                line: member.key.line,
                file: self.file.clone(),
                what: format!("the key of \"{}\" {what}", member.handle),
                todo: todo.to_owned(),
            });
            (member.handle.clone(), found)
        };
        self.members.iter().map(read).collect()
    }

    fn key_problem(&self, error: &KeyError) -> Problem {
        self.at_key(format!("the team's key cannot be used: {error}"), "see: sirt key show")
    }

    fn at_key(&self, what: String, todo: &str) -> Problem {
        let line = self.team.key.line;
        Problem { line, file: self.file.clone(), what, todo: todo.to_owned() }
    }
}

/// The one certificate in a file.
fn certificate(path: &std::path::Path) -> Result<Certificate, (&'static str, &'static str)> {
    let bytes = std::fs::read(path).map_err(|_| ("cannot be read", "let sirt read the file"))?;
    if holds_secret(&bytes) {
        return Err(("holds a secret key", "export the public key alone, and keep theirs theirs"));
    }
    let found = Certificate::parse_all(&bytes)
        .map_err(|_| ("is not an OpenPGP certificate", "export it with: gpg --armor --export"))?;
    match found.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(("is not alone in its file", "keep one certificate in each file")),
    }
}
