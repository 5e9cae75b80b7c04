//! The command line: one file for each group of commands.
//!
//! A command reads the configuration, asks for what it needs, prints, and ends with an [`Exit`].
//! What reads the state goes through [`ask`]: a running gateway answers over its socket, and where
//! none runs the same question is put to the state itself. Errors are one line each on stderr:
//! what, where, and what to do. Whatever somebody else wrote is escaped before it is shown.
//! Nothing here decides anything about a case.

mod ask;
mod check;
mod check_keys;
mod commands;
mod export;
mod import;
mod init;
mod key;
mod log;
mod pages;
pub mod run;
mod screen;
mod tables;

pub use ask::{Reading, ask};
pub use check::{CheckArgs, Finding, check};
pub use commands::{commands, commands_json};
pub use import::{ImportArgs, import, since};
pub use init::{InitArgs, Kind, init};
pub use key::{export, show};
pub use log::quiet_panics;
pub use screen::{clean, say};

pub use crate::config::Settings;
use crate::config::{self, Problems};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// How a command ends: the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    /// Findings, or a request that was refused.
    Findings = 1,
    /// Usage, configuration, keys, a refused password.
    Unusable = 2,
    /// A mailbox or the relay could not be used, the disk is full, another gateway runs.
    TryLater = 75,
}

/// Why a command did not do what it was asked, a line each: `what (where): what to do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub exit: Exit,
    pub lines: Vec<String>,
}

pub type Outcome = Result<Exit, Failure>;

impl Failure {
    pub fn new(exit: Exit, line: impl Into<String>) -> Failure {
        Failure { exit, lines: vec![line.into()] }
    }

    /// Tells it on stderr, as one line each.
    pub fn tell(&self) {
        for line in &self.lines {
            eprintln!("sirt: {}", clean(line));
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Failure {
        Failure {
            exit: Exit::Unusable,
            lines: problems.0.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Where the configuration is looked for when nobody says.
const PLACES: [&str; 2] = ["config.toml", "/etc/sirt/config.toml"];

/// The configuration that is meant: `--config`, `$SIRT_CONFIG`, here, or the machine's.
pub fn find_config(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    if let Some(named) = std::env::var_os("SIRT_CONFIG").filter(|named| !named.is_empty()) {
        return Ok(named.into());
    }
    PLACES.iter().map(PathBuf::from).find(|place| place.exists()).ok_or_else(|| {
        let line = "no configuration (./config.toml, /etc/sirt/config.toml): \
                    name one with --config, or let sirt init write one";
        Failure::new(Exit::Unusable, line)
    })
}

/// Finds and reads the configuration, and begins to log as it says.
pub fn settings(named: Option<&Path>) -> Result<Settings, Failure> {
    let settings = read_settings(&find_config(named)?)?;
    log::begin(settings.log)?;
    Ok(settings)
}

fn read_settings(file: &Path) -> Result<Settings, Problems> {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    config::load(file, credentials.as_deref())
}

/// A value as one JSON document.
pub fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
