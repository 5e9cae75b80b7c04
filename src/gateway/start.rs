//! From settings to a gateway: keys are read, the state is opened and folded, the edges are made.

use super::book::Book;
use super::{Clock, Fault, Gateway, TakingRules, edges};
use crate::case::Secrets;
use crate::config::{Keys, MailboxSettings, Problems, Settings};
use crate::intake::Source;
use crate::letter::Templates;
use crate::outbox::Carrier;
use crate::outbox::dress::Dresser;
use crate::store::{Birth, StateKey, Store, StoreError};
use crate::worker::{Pool, PoolSize, Setup};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Worker processes where nobody says how many.
const MOST_WORKERS: usize = 4;

/// Opens the state for reading and for words at the terminal. No key has to be usable for that:
/// whoever has none is left out of the roster.
pub fn open_to_read(settings: &Settings, now: Timestamp) -> Result<Book, Fault> {
    let team = settings.team_key().map_err(|problem| Problems(vec![problem]))?;
    let members = settings.member_keys().into_iter();
    let members = members.filter_map(|(handle, key)| Some((handle, key.ok()?))).collect();
    open_book(settings, &Keys { team, members }, now)
}

/// Reads the team's key and the roster's certificates.
fn keys(settings: &Settings, now: Timestamp) -> Result<Keys, Fault> {
    let keys = settings.keys(now)?;
    if keys.team.certificate().belongs_to(&settings.team.address, now) {
        return Ok(keys);
    }
    Err(Fault::Key {
        what: format!("the team's key does not name {}", settings.team.address),
        place: format!("{}:{}", settings.file.display(), settings.team.key.line),
        todo: "name the team's own key, or add that address to it".to_owned(),
    })
}

/// Opens the state, or makes it at the first start, and folds it.
fn open_book(settings: &Settings, keys: &Keys, now: Timestamp) -> Result<Book, Fault> {
    open_book_with(settings, keys, now, crate::store::Settings::default())
}

fn open_book_with(
    settings: &Settings,
    keys: &Keys,
    now: Timestamp,
    of_store: crate::store::Settings,
) -> Result<Book, Fault> {
    let state_key = state_key(settings)?;
    let (dir, exercise) = (&settings.team.state, settings.team.exercise);
    let (store, opened) = match Store::open_with(dir, &state_key, of_store.clone()) {
        Err(StoreError::Missing) => {
            Store::create_with(dir, &state_key, (Birth { exercise }, of_store))?
        }
        other => other?,
    };
    if store.birth().exercise != exercise {
        return Err(Fault::Key {
            what: "the state and [team] exercise do not agree".to_owned(),
            place: settings.file.display().to_string(),
            todo: "an exercise has a state of its own; name another".to_owned(),
        });
    }
    for note in &opened.notes {
        tracing::warn!("{note}");
    }
    let rules = settings.house_rules(
        secrets(&state_key),
        keys.team.certificate().fingerprint(),
        &keys.fingerprints(),
    )?;
    let mut book = Book::open(store, opened, rules)?;
    book.judge_keys(&keys.members, now);
    Ok(book)
}

pub fn state_key(settings: &Settings) -> Result<StateKey, Fault> {
    let source = &settings.team.state_key;
    let key = source.value.key().map_err(|what| Fault::Key {
        what: format!("the state key cannot be used: {what}"),
        place: format!("{}:{}", settings.file.display(), source.line),
        todo: "name the 32 octets that sirt init wrote".to_owned(),
    })?;
    Ok(StateKey::from_bytes(*key))
}

fn secrets(store: &StateKey) -> Secrets {
    Secrets {
        numbers: store.derived("case numbers"),
        codes: store.derived("codes"),
        tokens: store.derived("tokens"),
        message_ids: store.derived("message ids"),
    }
}

/// A whole gateway. `program` is started again as the workers that open mail.
pub async fn start(settings: &Settings, program: PathBuf, clock: Clock) -> Result<Gateway, Fault> {
    start_with(settings, program, clock, crate::store::Settings::default()).await
}

/// The same over a store that somebody watches, as tests do.
pub async fn start_with(
    settings: &Settings,
    program: PathBuf,
    clock: Clock,
    of_store: crate::store::Settings,
) -> Result<Gateway, Fault> {
    settings.complete()?;
    let now = clock.now();
    let keys = keys(settings, now)?;
    let book = open_book_with(settings, &keys, now, of_store)?;
    let pool = pool(settings, &keys, program).await?;
    let carrier = Arc::new(carrier(settings)?);
    let dresser = Dresser {
        templates: templates(settings)?,
        team: book.rules.team.clone(),
        key: keys.team,
        members: keys.members,
        lists: book.rules.lists.clone(),
    };
    let taking = TakingRules { mail_limit: settings.limits.mail, lists: lists(settings) };
    let mut gateway = Gateway {
        book,
        dresser,
        pool,
        carrier,
        clock,
        taking,
        looked: None,
        on_the_way: BTreeSet::new(),
        relay_trouble: None,
        delayed: None,
    };
    gateway.judge_roster()?;
    gateway.book.commit()?;
    Ok(gateway)
}

async fn pool(settings: &Settings, keys: &Keys, program: PathBuf) -> Result<Pool, Fault> {
    let decryption_part = keys.team.decryption_part().map_err(|error| Fault::Key {
        what: format!("the team's key cannot be used: {error}"),
        place: settings.file.display().to_string(),
        todo: "give it an encryption key".to_owned(),
    })?;
    let setup = Setup {
        decryption_part,
        roster: keys.members.values().cloned().collect(),
        ours: vec![keys.team.certificate().fingerprint().clone()],
        own: vec![keys.team.certificate().clone()],
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = settings.limits.workers.unwrap_or(cores.min(MOST_WORKERS));
    let what = "the process that opens mail cannot be started";
    let size = PoolSize { workers, memory: settings.limits.worker_memory };
    Pool::start_with(program, setup, size).await.map_err(|error| Fault::System { what, error })
}

pub fn templates(settings: &Settings) -> Result<Templates, Fault> {
    let replacements = settings.replaced_templates()?;
    Templates::new(&replacements).map_err(|error| Fault::Key {
        what: error.to_string(),
        place: "templates".to_owned(),
        todo: "mend the template, or remove it to get the built-in one".to_owned(),
    })
}

fn lists(settings: &Settings) -> BTreeMap<String, String> {
    let named = |mailbox: &MailboxSettings| Some((mailbox.name.clone(), mailbox.list.clone()?));
    settings.mailboxes.iter().filter_map(named).collect()
}

/// Where mail comes in.
pub fn sources(settings: &Settings) -> Vec<Source> {
    settings.mailboxes.iter().map(|one| edges::source(one, settings.limits.mail)).collect()
}

fn carrier(settings: &Settings) -> Result<Carrier, Fault> {
    let what = "the relay's maildir cannot be used";
    let carrier = edges::carrier(settings).map_err(|error| Fault::System { what, error })?;
    carrier.ok_or(Fault::Bug("the settings are complete without a relay"))
}
