//! Walks the parsed file. Every setting is asked for by its name; what nobody asked for is unknown.
//! Each fault is noted and reading goes on, so that all of them are told at once.

use super::files;
use super::problem::Problem;
use super::server::is_host;
use crate::command::nearest::nearest;
use crate::mail::Address;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use strum::VariantArray;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Characters of one setting.
const SETTING_CHARS: usize = 1_000;

/// The file being read, and what was found wrong with it so far.
pub(super) struct Reader<'a> {
    pub file: &'a Path,
    pub text: &'a str,
    /// Where systemd lays the secrets of this unit.
    pub credentials: Option<&'a Path>,
    pub problems: RefCell<Vec<Problem>>,
    /// Every (section, setting) that was asked for: what the example has to show.
    pub asked: RefCell<BTreeSet<(&'static str, &'static str)>>,
}

/// One table: what stands in it, and which of it has been asked for.
pub(super) struct Section<'a> {
    pub reader: &'a Reader<'a>,
    /// As people write it: `[team]`, `[[mailbox]] imap`.
    pub title: String,
    place: &'static str,
    pub line: usize,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

/// One setting that is there.
pub(super) struct Item<'a> {
    pub reader: &'a Reader<'a>,
    pub name: String,
    pub line: usize,
    pub value: &'a DeValue<'a>,
}

/// A value and the line it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub line: usize,
}

impl<'a> Reader<'a> {
    pub fn new(file: &'a Path, text: &'a str, credentials: Option<&'a Path>) -> Reader<'a> {
        Reader { file, text, credentials, problems: RefCell::default(), asked: RefCell::default() }
    }

    pub fn wrong(&self, line: usize, what: impl Into<String>, todo: impl Into<String>) {
        let problem =
            Problem { line, file: self.file.to_owned(), what: what.into(), todo: todo.into() };
        self.problems.borrow_mut().push(problem);
    }

    pub fn line_of(&self, span: Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..span.start).unwrap_or(self.text.as_bytes());
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// Relative paths are relative to the file.
    pub fn resolved(&self, path: &str) -> PathBuf {
        self.file.parent().unwrap_or(Path::new(".")).join(path)
    }

    pub fn whole(&'a self, table: &'a DeTable<'a>) -> Section<'a> {
        let asked = RefCell::default();
        Section { reader: self, title: "the file".into(), place: "", line: 1, table, asked }
    }
}

impl<'a> Section<'a> {
    pub fn item(&self, key: &'static str) -> Option<Item<'a>> {
        self.asked.borrow_mut().push(key);
        self.reader.asked.borrow_mut().insert((self.place, key));
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(Item {
            reader: self.reader,
            name: format!("{key} in {}", self.title),
            line: self.reader.line_of(value.span()),
            value: value.get_ref(),
        })
    }

    /// A setting that has no default. `example` shows its form.
    pub fn needed(&self, key: &'static str, example: &str) -> Option<Item<'a>> {
        let item = self.item(key);
        if item.is_none() {
            self.wrong(format!("{key} is missing in {}", self.title), format!("write {example}"));
        }
        item
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref() == key)
    }

    /// A fault of the section as a whole.
    pub fn wrong(&self, what: impl Into<String>, todo: impl Into<String>) {
        self.reader.wrong(self.line, what, todo);
    }

    /// `[key]`, or `key = { … }`.
    pub fn section(&self, key: &'static str, place: &'static str) -> Option<Section<'a>> {
        let title = if self.place.is_empty() {
            format!("[{key}]")
        } else {
            format!("{} {key}", self.title)
        };
        let item = self.item(key)?;
        let section = item.table(place);
        if section.is_none() {
            item.wrong("is not a section", &format!("write {title} on a line of its own"));
        }
        section.map(|section| Section { title, ..section })
    }

    /// Every `[[key]]`, in order.
    pub fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let DeValue::Array(array) = item.value else {
            item.wrong("stands once", &format!("write [[{key}]], with two brackets, for each"));
            return Vec::new();
        };
        array.iter().filter_map(|value| self.one_of(key, value)).collect()
    }

    fn one_of(&self, key: &'static str, value: &'a Spanned<DeValue<'a>>) -> Option<Section<'a>> {
        let (reader, line) = (self.reader, self.reader.line_of(value.span()));
        let title = format!("[[{key}]]");
        let DeValue::Table(table) = value.get_ref() else {
            reader.wrong(line, format!("{key} holds something else"), format!("write {title}"));
            return None;
        };
        Some(Section { reader, title, place: key, line, table, asked: RefCell::default() })
    }

    /// To be called when everything has been asked for: the rest is unknown.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            let name: &str = key.get_ref();
            if !asked.contains(&name) {
                let line = self.reader.line_of(key.span());
                let todo = unknown(name, &asked);
                let what = format!("unknown setting '{}' in {}", shown(name), self.title);
                self.reader.wrong(line, what, todo);
            }
        }
    }
}

/// What to do about an unknown setting: above all when it is a secret written into the file.
fn unknown(name: &str, known: &[&'static str]) -> String {
    let file = format!("{name}_file");
    if known.iter().any(|key| *key == file) {
        return format!("secrets never stand in this file: name a file of its own with {file}");
    }
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// Somebody's text in a message: one line, cut.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(60).flat_map(char::escape_debug).collect()
}

/// The same without a cut, for words that are not a stranger's.
pub(super) fn shown_whole(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl<'a> Item<'a> {
    pub fn wrong(&self, what: &str, todo: &str) {
        self.reader.wrong(self.line, format!("{} {what}", self.name), todo);
    }

    /// One line of text, not empty, without control characters.
    pub fn text(&self) -> Option<String> {
        let DeValue::String(text) = self.value else {
            self.wrong("is not a text", "put it in quotes: \"…\"");
            return None;
        };
        let fine = !text.trim().is_empty()
            && text.chars().count() <= SETTING_CHARS
            && !text.chars().any(char::is_control);
        if !fine {
            self.wrong("is empty, too long or not one line", "write one line of plain text");
        }
        fine.then(|| text.trim().to_owned())
    }

    /// `{ … }`
    pub fn table(&self, place: &'static str) -> Option<Section<'a>> {
        let DeValue::Table(table) = self.value else { return None };
        let (reader, line, asked) = (self.reader, self.line, RefCell::default());
        Some(Section { reader, title: self.name.clone(), place, line, table, asked })
    }

    pub fn boolean(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                self.wrong("is neither true nor false", "write true or false, without quotes");
                None
            }
        }
    }

    pub fn number(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let number = match self.value {
            DeValue::Integer(text) => u64::from_str_radix(text.as_str(), text.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let todo =
                format!("write a number from {} to {}, without quotes", range.start(), range.end());
            self.wrong("is not such a number", &todo);
        }
        number
    }

    pub fn address(&self) -> Option<Address> {
        let text = self.text()?;
        let address = Address::parse(&text);
        if address.is_none() {
            self.wrong("is not a mail address", "write it bare, as name@example.org");
        }
        address
    }

    /// A host name or an address of a machine.
    pub fn host(&self) -> Option<String> {
        let host = self.text()?;
        let fine = is_host(&host);
        if !fine {
            self.wrong("is not a host name", "write the name alone, without scheme or port");
        }
        fine.then_some(host)
    }

    /// One of a closed set of words.
    pub fn word<T>(&self) -> Option<T>
    where
        T: FromStr + VariantArray + ToString,
    {
        let text = self.text()?;
        let word = T::from_str(&text).ok();
        if word.is_none() {
            let words: Vec<String> = T::VARIANTS.iter().map(T::to_string).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            self.not_one_of(&text, &words);
        }
        word
    }

    pub fn not_one_of(&self, text: &str, words: &[&str]) {
        let todo = match nearest(text, words.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("write one of: {}", words.join(", ")),
        };
        self.wrong(&format!("cannot be \"{}\"", shown(text)), &todo);
    }

    /// A path, relative to the file; nothing is looked up.
    pub fn path(&self) -> Option<PathBuf> {
        self.text().map(|text| self.reader.resolved(&text))
    }

    /// A file that has to be there and that only we and root may write.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.path()?;
        if let Err(complaint) = files::trusted(&path) {
            self.wrong(&format!("names {}", complaint.what), &complaint.todo);
            return None;
        }
        Some(path)
    }

    pub fn texts(&self) -> Vec<Item<'a>> {
        let DeValue::Array(array) = self.value else {
            self.wrong("is not a list", "put it in brackets: [\"…\", \"…\"]");
            return Vec::new();
        };
        self.parts(array)
    }

    fn parts(&self, array: &'a DeArray<'a>) -> Vec<Item<'a>> {
        let part = |value: &'a Spanned<DeValue<'a>>| Item {
            reader: self.reader,
            name: format!("an entry of {}", self.name),
            line: self.reader.line_of(value.span()),
            value: value.get_ref(),
        };
        array.iter().map(part).collect()
    }

    pub fn at<T>(&self, value: T) -> At<T> {
        At { value, line: self.line }
    }
}
