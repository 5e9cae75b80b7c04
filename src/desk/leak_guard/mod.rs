//! Does a text tell its readers what is not theirs?
//!
//! [`leaks`] reads what a member wrote, before it leaves, beside what must not stand in it:
//! internal notes, the words of others, what came encrypted, addresses, members, other cases, our
//! own codes. [`passages`] makes the keyed digests by which words are known again that lie sealed
//! with their mail; [`held`] looks for them, in a text that is to leave and in a mail that came in
//! the clear and may quote what we sent encrypted.
//!
//! It guards against slips: a wrong paste, a quotation left standing, the other window. It sees
//! through wrapping, quote marks, typography, letter case, hyphenation and HTML. It stops nobody
//! who rewrites, translates or encodes on purpose, and it never decides: a finding is refused or
//! confirmed elsewhere.

mod common;
mod names;
mod passages;
mod plain;

pub use passages::{Held, Sought, Source, held, known_again, passages};

use crate::case::{CaseId, Member};
use crate::mail::Address;
use names::Text;
use plain::{Measure, Token, tokens, windows};
use std::collections::BTreeMap;
use std::fmt;

/// What must not stand in a text.
#[derive(Clone, Debug)]
pub struct Guarded<'a> {
    /// Texts of internal notes.
    pub notes: Vec<&'a str>,
    /// What others wrote and what came encrypted.
    pub words: Sought<'a>,
    /// Addresses of participants other than the reader.
    pub addresses: Vec<&'a Address>,
    /// In letters to outsiders: every member.
    pub members: Vec<&'a Member>,
    pub this_case: &'a CaseId,
    pub prefix: &'a str,
    /// Codes, tokens and answer words handed out in this case to others.
    pub codes: Vec<&'a str>,
}

/// Something found, with the line of the text in which it begins, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    pub line: usize,
    pub what: Leaked,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaked {
    /// Words of the note at that place in [`Guarded::notes`].
    Note(usize),
    Words {
        whose: String,
    },
    Address(Address),
    /// By handle.
    Member(String),
    OtherCase(CaseId),
    /// A code of ours, a case line, a line only members see.
    Internal,
}

/// The sentence for the member who wrote the text; it names what they wrote, and goes to them only.
impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        match &self.what {
            Leaked::Note(_) => write!(f, "Line {line} repeats words of an internal note."),
            Leaked::Words { whose } => write!(f, "Line {line} repeats words of {whose}."),
            Leaked::Address(address) => write!(f, "Line {line} names the address {address}."),
            Leaked::Member(handle) => {
                write!(f, "Line {line} names the member {handle}, by name, address or key.")
            }
            Leaked::OtherCase(case) => write!(f, "Line {line} names another case, {case}."),
            Leaked::Internal => write!(f, "Line {line} has a mark of ours that is for members."),
        }
    }
}

/// What of the guarded stands in this text, each once, in the order of its lines.
pub fn leaks(text: &str, guarded: &Guarded<'_>) -> Vec<Leak> {
    let read = Text::new(text);
    let mut found = notes(read.words(), &guarded.notes);
    let others = passages::held_in(read.plain(), read.words(), &guarded.words);
    found.extend(others.into_iter().filter_map(|held| {
        let whose = guarded.words.sources.get(held.source)?.whose.to_owned();
        Some(Leak { line: held.line, what: Leaked::Words { whose } })
    }));
    found.extend(named(&read, guarded));
    found.sort_by_key(|leak| leak.line);
    let mut once: Vec<Leak> = Vec::new();
    for leak in found {
        if !once.contains(&leak) {
            once.push(leak);
        }
    }
    once
}

fn named(read: &Text, guarded: &Guarded<'_>) -> Vec<Leak> {
    let mut found: Vec<Leak> = Vec::new();
    for address in &guarded.addresses {
        let line = read.address(address);
        found.extend(line.map(|line| Leak { line, what: Leaked::Address((*address).clone()) }));
    }
    for member in &guarded.members {
        let line = read.member(member);
        found.extend(line.map(|line| Leak { line, what: Leaked::Member(member.handle.clone()) }));
    }
    let others = read.other_cases(guarded.prefix, guarded.this_case);
    found.extend(others.into_iter().map(|(id, line)| Leak { line, what: Leaked::OtherCase(id) }));
    let internal = read.internal(&guarded.codes);
    found.extend(internal.map(|line| Leak { line, what: Leaked::Internal }));
    found
}

/// Five words of a note in a row, or thirty characters of it.
const NOTE: Measure = Measure { weight: 10, chars: 30, telling: 1, most: 32 };

fn notes(words: &[Token], notes: &[&str]) -> Vec<Leak> {
    let mut lines: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for window in windows(words, NOTE) {
        let Some(window) = words.get(window) else { continue };
        let line = window.first().map_or(0, |token| token.line);
        lines.entry(spelt(window)).or_insert(line);
    }
    let one = |(note, noted): (usize, &&str)| {
        let noted = tokens(&plain::plain(noted));
        let places = windows(&noted, NOTE).into_iter();
        let met = places.filter_map(|window| lines.get(&spelt(noted.get(window)?)));
        Some(Leak { line: *met.min()?, what: Leaked::Note(note) })
    };
    notes.iter().enumerate().filter_map(one).collect()
}

fn spelt(window: &[Token]) -> Vec<&str> {
    window.iter().map(|token| token.word.as_str()).collect()
}

#[cfg(test)]
mod leak_guard_tests;
#[cfg(test)]
mod letters_tests;
