//! What one section must not say because of another.

use super::people::MemberSettings;
use super::read::Reader;
use super::{RelaySettings, Settings, SourceSettings};
use crate::command::nearest::nearest;
use crate::mail::Address;
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn check(reader: &Reader, settings: &Settings) {
    names(reader, settings);
    addresses(reader, settings);
    member_keys(reader, &settings.members);
    lists_of_mailboxes(reader, settings);
    paths(reader, settings);
    exercise(reader, settings);
}

/// A name stands once among its kind.
fn names(reader: &Reader, settings: &Settings) {
    let once = |kind: &str, names: Vec<(&String, usize)>| {
        let mut seen = BTreeMap::new();
        for (name, line) in names {
            if let Some(first) = seen.insert(name, line) {
                let what = format!("{kind} \"{name}\" stands twice");
                reader.wrong(line, what, format!("the first is on line {first}: rename one"));
            }
        }
    };
    once("mailbox", settings.mailboxes.iter().map(|one| (&one.name, one.line)).collect());
    once("handle", settings.members.iter().map(|one| (&one.handle, one.line)).collect());
    once("list", settings.lists.iter().map(|one| (&one.name, one.line)).collect());
    once("watch", settings.watches.iter().map(|one| (&one.name, one.line)).collect());
}

/// An address is one member's, or a list's, or the team's: never two of these.
/// A list that we post to may be watched as well.
fn addresses(reader: &Reader, settings: &Settings) {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut taken = |address: &Address, owner: String, line: usize| {
        let key = address.as_str().to_ascii_lowercase();
        if is_the_teams(address, settings) {
            let what = format!("the address of {owner} is one of the team's own");
            reader.wrong(line, what, "give it another address");
        } else if let Some(other) = owners.insert(key, owner.clone()) {
            let what = format!("the address of {owner} is also that of {other}");
            reader.wrong(line, what, "let each have an address of its own");
        }
    };
    for member in &settings.members {
        for address in std::iter::once(&member.address).chain(&member.also_from) {
            taken(address, format!("member \"{}\"", member.handle), member.line);
        }
    }
    for list in &settings.lists {
        taken(&list.address, format!("list \"{}\"", list.name), list.line);
    }
    let posted = |address: &Address| settings.lists.iter().any(|list| list.address == *address);
    for watch in &settings.watches {
        if let Some(address) = watch.address.as_ref().filter(|address| !posted(address)) {
            taken(address, format!("watch \"{}\"", watch.name), watch.line);
        }
    }
}

fn is_the_teams(address: &Address, settings: &Settings) -> bool {
    let team = &settings.team;
    address.as_str().eq_ignore_ascii_case(team.address.as_str())
        || address.detail_of(&team.address, &team.subaddress).is_some()
}

/// One certificate a file, and a file for each member.
fn member_keys(reader: &Reader, members: &[MemberSettings]) {
    let mut seen: BTreeMap<&Path, &str> = BTreeMap::new();
    for member in members {
        if let Some(other) = seen.insert(&member.key.value, &member.handle) {
            let what = format!("\"{other}\" and \"{}\" name the same key", member.handle);
            reader.wrong(member.key.line, what, "give each member a key of their own");
        }
    }
}

fn lists_of_mailboxes(reader: &Reader, settings: &Settings) {
    let known: Vec<&str> = settings.watches.iter().map(|watch| watch.name.as_str()).collect();
    for mailbox in &settings.mailboxes {
        let Some(list) = mailbox.list.as_deref().filter(|list| !known.contains(list)) else {
            continue;
        };
        let todo = match nearest(list, known.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("describe it in a section [[watch]] with name = \"{list}\""),
        };
        let what = format!("mailbox \"{}\" carries an unknown list", mailbox.name);
        reader.wrong(mailbox.line, what, todo);
    }
}

/// A folder is read once and written by one part of us.
fn paths(reader: &Reader, settings: &Settings) {
    let mut seen: BTreeMap<&Path, &str> = BTreeMap::new();
    seen.insert(&settings.team.state, "the state");
    if let Some(RelaySettings::Maildir { path }) = &settings.relay
        && seen.insert(path, "the relay").is_some()
    {
        reader.wrong(0, "the relay writes into the state", "give the relay a folder of its own");
    }
    for mailbox in &settings.mailboxes {
        let SourceSettings::Maildir { path } = &mailbox.source else { continue };
        if let Some(other) = seen.insert(path, "another mailbox") {
            let what = format!("mailbox \"{}\" and {other} share a folder", mailbox.name);
            reader.wrong(mailbox.line, what, "give each a folder of its own");
        }
    }
}

/// In an exercise nobody is written to.
fn exercise(reader: &Reader, settings: &Settings) {
    if settings.team.exercise && matches!(settings.relay, Some(RelaySettings::Smtp { .. })) {
        let todo = "write [relay] maildir = \"out\", or take exercise = true away";
        reader.wrong(settings.relay_line, "an exercise would write to people", todo);
    }
}
