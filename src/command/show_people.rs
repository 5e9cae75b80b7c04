//! People of a case as a page shows them: who takes part, who handles it, who may read it.

use super::page::Block;
use super::show::{View, fact, headed, line, section};
use super::when;
use crate::case::{Actor, Case, Channel, KnownKey, Participant};
use jiff::tz::TimeZone;

pub fn blocks(view: &View<'_>) -> Vec<Block> {
    let people = view.case.participants.iter().flat_map(|one| person(view, one)).collect();
    let mut blocks = section("PEOPLE OUTSIDE", people);
    let table = readers(view.case, &view.zone);
    blocks.extend(headed("WHO MAY READ IT", table, !view.case.readers.is_empty()));
    blocks
}

/// The first is lead, the second buddy.
pub fn handlers(case: &Case) -> String {
    let named = case.handlers.iter().enumerate().map(|(place, handle)| match place {
        0 => format!("{handle} (lead)"),
        1 => format!("{handle} (buddy)"),
        _ => handle.clone(),
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() { "nobody; /take takes it".to_owned() } else { named.join(", ") }
}

fn person(view: &View<'_>, person: &Participant) -> Vec<(String, String)> {
    let label = |what: &str| format!("{} ({}) {what}", person.role, person.number);
    let address = person.address.as_ref().map_or("no address".to_owned(), ToString::to_string);
    let name = line(&person.name);
    let name = if name.is_empty() { name } else { format!(", calls itself {name}") };
    let left = if person.left { ". Takes part no longer" } else { "" };
    let mut facts =
        vec![fact(label("is").trim_end_matches(" is"), format!("{address}{name}{left}"))];
    facts.extend(person.also.iter().map(|also| fact(label("also"), also.to_string())));
    facts.push(fact(label("channel"), channel(person.channel)));
    facts.extend(person.keys.iter().map(|known| fact(label("key"), key(known))));
    if !person.consents.is_empty() {
        let consents: Vec<String> = person.consents.iter().map(ToString::to_string).collect();
        facts.push(fact(label("agrees to"), consents.join(", ")));
    }
    let deadline = person.deadline.map(|at| fact(label("publishes"), view.at(at)));
    facts.extend(deadline);
    facts
}

fn channel(channel: Channel) -> String {
    match channel {
        Channel::Ask => "ask: they have not chosen yet".to_owned(),
        other => other.to_string(),
    }
}

fn key(known: &KnownKey) -> String {
    let state = if known.proven { "proven" } else { "candidate, not proven" };
    let trouble = known.trouble.as_ref().map(|why| format!("; cannot be used: {}", line(why)));
    format!("{}, {state}{}", known.fingerprint.spaced(), trouble.unwrap_or_default())
}

/// Who may read the case: since when, by whom, why.
pub fn readers(case: &Case, zone: &TimeZone) -> Block {
    let rows = case.readers.iter().map(|reader| {
        let by = reader.by.as_ref().map_or("not on record".to_owned(), |by| actor(case, by));
        let since = when::both(reader.since, zone);
        let why = line(&reader.why);
        vec![reader.member.clone(), format!("since {since}, by {by}: {why}")]
    });
    Block::Table { head: vec!["Who", "Since, by whom, why"], rows: rows.collect() }
}

/// Whoever did something, in words.
pub fn actor(case: &Case, by: &Actor) -> String {
    match by {
        Actor::Gateway => "the gateway".to_owned(),
        Actor::Cli => "the terminal".to_owned(),
        Actor::Member(handle) => handle.clone(),
        Actor::Stranger => "somebody who takes no part".to_owned(),
        Actor::Participant(number) => case
            .participant(*number)
            .map_or("somebody outside".to_owned(), |one| format!("the {} ({number})", one.role)),
    }
}
