//! The commands that need the whole gateway, each as one call.

use super::{Exit, Failure, Outcome};
use crate::config::Settings;
use crate::control::{Answer, Request};
use jiff::Timestamp;
use serde::Serialize;
use std::path::PathBuf;

/// What `sirt once` did. `taken`, `duplicates` and `quarantined` are disjoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Filed for the first time, those we cannot decrypt included.
    pub taken: u64,
    pub duplicates: u64,
    pub quarantined: u64,
    pub sent: u64,
    pub held: u64,
    pub failed: u64,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Summary { taken, duplicates, quarantined, sent, held, failed } = self;
        writeln!(f, "mail     {taken} taken in, {duplicates} known, {quarantined} quarantined")?;
        write!(f, "letters  {sent} sent, {held} held, {failed} failed")
    }
}

/// What `sirt tabletop` is to play.
#[derive(Clone, Debug)]
pub struct Exercise {
    pub script: PathBuf,
    /// Where to lay everything out; a new folder where none is named.
    pub folder: Option<PathBuf>,
}

/// `sirt run`: until a signal ends it.
pub fn run(settings: &Settings) -> Outcome {
    settings.complete()?;
    Err(not_yet("run"))
}

/// `sirt once`. The summary is there even when a mailbox or the relay could not be used.
pub fn once(settings: &Settings, now: Option<Timestamp>) -> Result<(Summary, Exit), Failure> {
    settings.complete()?;
    if now.is_some() && !settings.team.exercise {
        let line = "--now is for exercises alone ([team] exercise): leave it out";
        return Err(Failure::new(Exit::Unusable, line));
    }
    Err(not_yet("once"))
}

/// The answer to a question where no gateway runs: the state is opened for it.
pub fn offline(_settings: &Settings, _request: &Request) -> Result<Answer, Failure> {
    Err(not_yet("reading the state"))
}

/// `sirt tabletop`
pub fn tabletop(_exercise: &Exercise) -> Outcome {
    Err(not_yet("tabletop"))
}

/// `sirt worker`, started by the gateway alone.
pub fn worker() -> Outcome {
    Err(not_yet("worker"))
}

fn not_yet(what: &str) -> Failure {
    let line = format!("{what} is not in this build (cli/run.rs): join it with the gateway");
    Failure::new(Exit::Unusable, line)
}
