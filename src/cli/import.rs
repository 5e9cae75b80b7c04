//! `sirt import`: past mail of watched lists, a batch at a time, however large the files are.

use super::run::{program, runtime};
use super::{Exit, Failure, Outcome, json, say};
use crate::config::Settings;
use crate::gateway::{self, Clock, Gateway, Imported};
use crate::intake::mbox;
use crate::limits::{BATCH_BYTES, BATCH_MAILS};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::io;
use std::path::{Path, PathBuf};

/// What is to be read, and how its result is shown.
#[derive(Clone, Debug)]
pub struct ImportArgs {
    pub files: Vec<PathBuf>,
    /// The list that all of it came by.
    pub list: Option<String>,
    pub json: bool,
}

/// Everything is there and can be read before the first mail is.
pub fn import(settings: &Settings, args: &ImportArgs) -> Outcome {
    settings.complete()?;
    known_list(settings, args.list.as_deref())?;
    let files = files(&args.files)?;
    let counts = runtime()?.block_on(async {
        let mut gateway = gateway::start(settings, program()?, Clock::System).await?;
        let mut counts = Imported::default();
        for file in &files {
            counts += import_file(&mut gateway, settings, (file, args.list.as_deref())).await?;
        }
        Ok::<Imported, Failure>(counts)
    })?;
    say(&match args.json {
        true => format!("{}\n", json(&counts)),
        false => page(&counts, files.len()),
    })?;
    Ok(Exit::Done)
}

async fn import_file(
    gateway: &mut Gateway,
    settings: &Settings,
    (file, list): (&Path, Option<&str>),
) -> Result<Imported, Failure> {
    let failed = |error: io::Error| unreadable(file, &error);
    let (mut counts, mut batch, mut bytes) = (Imported::default(), Vec::new(), 0);
    for mail in mbox::open(file, settings.limits.mail).map_err(failed)? {
        match mail.map_err(failed)? {
            Some(mail) => {
                bytes += mail.len();
                batch.push(mail);
            }
            None => counts += Imported { read: 1, too_large: 1, ..Imported::default() },
        }
        if batch.len() >= BATCH_MAILS || bytes >= BATCH_BYTES {
            bytes = 0;
            counts += gateway.import(std::mem::take(&mut batch), list).await?;
        }
    }
    counts += gateway.import(batch, list).await?;
    Ok(counts)
}

fn known_list(settings: &Settings, list: Option<&str>) -> Result<(), Failure> {
    let names: Vec<&str> = settings.watches.iter().map(|watch| watch.name.as_str()).collect();
    let what = match list {
        _ if names.is_empty() => "no list is watched: add a [[watch]] section".to_owned(),
        Some(list) if !names.contains(&list) => {
            format!("there is no [[watch]] named {list}: there is {}", names.join(", "))
        }
        _ => return Ok(()),
    };
    Err(Failure::new(Exit::Unusable, format!("{what} ({})", settings.file.display())))
}

/// Single files, in order; each is there and can be opened.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if path.as_os_str() == "-" {
            files.push(path.clone());
        } else if path.is_dir() {
            files.extend(mbox::files_of(path).map_err(|error| unreadable(path, &error))?);
        } else {
            std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let line = format!("cannot be read: {} ({}): name another file", error.kind(), path.display());
    Failure::new(Exit::Unusable, line)
}

fn page(counts: &Imported, files: usize) -> String {
    let Imported { read, observed, same, updates, candidates, duplicates, .. } = counts;
    let Imported { ours, unlisted, unreadable, too_large, held, .. } = counts;
    let mut page = format!(
        "read       {read} mails in {files} files\n\
         observed   {observed} posts: {same} the same as another, {updates} updates, \
         {candidates} worth a look\n\
         known      {duplicates} mails, from before\n\
         left out   {ours} of ours, {unlisted} of no watched list, {unreadable} unreadable, \
         {too_large} too large\n"
    );
    if *held > 0 {
        page += &format!("HELD       {held} posts touch what is held here: ask the coordinator\n");
    }
    page
}

/// A day, from its beginning (UTC), or an instant.
pub fn since(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let day = text.parse::<Date>().ok().and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    day.map(|day| day.timestamp()).ok_or_else(|| "write a day, as 2026-11-23".to_owned())
}
