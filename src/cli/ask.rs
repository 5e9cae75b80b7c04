//! Commands that read the state, or ask for something in it: `cases`, `show`, `export`, `letters`,
//! `release`, `discard`, `quarantine`, `retry`, `journal`, `verify`.

use super::{Exit, Failure, Outcome, clean, pages, run, say, tables};
use crate::config::Settings;
use crate::control::{self, Answer, Request};
use serde_json::Value;
use std::io;

/// How an answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Tables and pages for people.
    Page,
    /// One JSON document.
    Json,
}

/// Asks the gateway, or the state where no gateway runs, and prints the answer.
pub fn ask(settings: &Settings, request: &Request, reading: Reading) -> Outcome {
    if let Request::Journal { from } = request {
        return journal(settings, *from);
    }
    match answer(settings, request)? {
        Answer::Ok(value) if matches!(request, Request::Export { .. }) => {
            super::export::told(&value, reading)
        }
        Answer::Ok(value) => {
            match reading {
                Reading::Json => say(&format!("{value}\n"))?,
                Reading::Page => say(&page(request, &value))?,
            }
            Ok(exit(request, &value))
        }
        Answer::Refused(why) => Err(Failure::new(Exit::Findings, why)),
        Answer::Failed(why) => Err(Failure::new(Exit::TryLater, why)),
    }
}

fn answer(settings: &Settings, request: &Request) -> Result<Answer, Failure> {
    let socket = settings.team.socket();
    match control::ask(&socket, request) {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => run::offline(settings, request),
        Err(error) => {
            let todo = match error.kind() {
                io::ErrorKind::PermissionDenied => {
                    "run this as the user of the gateway, or as root"
                }
                _ => "see whether the gateway is well: sirt check",
            };
            let what = format!("the gateway cannot be asked: {}", error.kind());
            Err(Failure::new(Exit::TryLater, format!("{what} ({}): {todo}", socket.display())))
        }
    }
}

/// Entries one a line, a part at a time, until there are no more.
fn journal(settings: &Settings, mut from: u64) -> Outcome {
    loop {
        let entries = match answer(settings, &Request::Journal { from })? {
            Answer::Ok(Value::Array(entries)) => entries,
            Answer::Refused(why) => return Err(Failure::new(Exit::Findings, why)),
            Answer::Ok(_) | Answer::Failed(_) => {
                let line = "the journal cannot be read now (state): see sirt verify";
                return Err(Failure::new(Exit::TryLater, line));
            }
        };
        let last = entries.iter().filter_map(|entry| entry.get("seq")?.as_u64()).max();
        let lines: Vec<String> = entries.iter().map(|entry| format!("{entry}\n")).collect();
        say(&lines.concat())?;
        match last {
            Some(last) if last >= from => from = last + 1,
            _ => return Ok(Exit::Done),
        }
    }
}

fn exit(request: &Request, value: &Value) -> Exit {
    let sound = value.get("ok").and_then(Value::as_bool);
    match request {
        Request::Verify if sound != Some(true) => Exit::Findings,
        _ => Exit::Done,
    }
}

fn page(request: &Request, value: &Value) -> String {
    match request {
        Request::Cases { all } => tables::cases(value, *all),
        Request::Show { .. } => pages::case(value),
        Request::Export { .. } => format!("{value}\n"),
        Request::Letters { held } => tables::letters(value, *held),
        Request::Quarantine => tables::quarantine(value),
        Request::Verify => tables::verify(value),
        Request::Observations { .. } => tables::observations(value),
        Request::Roster => tables::roster(value),
        Request::AcceptKey { key } => done(value, key, "is accepted"),
        Request::Release { id } => done(value, id, "released: it leaves with the next wave"),
        Request::Discard { id, .. } => done(value, id, "discarded: it will not leave"),
        Request::Retry { id } => done(value, id, "is taken in again"),
        Request::Ping => "the gateway runs\n".into(),
        Request::Journal { .. } => format!("{value}\n"),
    }
}

/// The gateway's own words, where it has some.
fn done(value: &Value, id: &str, words: &str) -> String {
    match value.get("said").and_then(Value::as_str) {
        Some(said) => format!("{}\n", clean(said)),
        None => format!("{} {words}\n", clean(id)),
    }
}
