//! How values are written in IMAP commands: strings, folder names, sets of UIDs.

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use std::fmt::Write;
use zeroize::Zeroizing;

const MUTF7: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// One command on its way: text, and literals that the server has to ask for.
pub(super) struct Line {
    /// Its name, for our own words about it.
    pub what: &'static str,
    pub parts: Vec<Part>,
}

pub(super) enum Part {
    Text(Zeroizing<String>),
    Literal(Zeroizing<String>),
}

impl Line {
    /// A command that needs no strings; `text` begins with its name.
    pub fn new(what: &'static str, text: impl Into<String>) -> Line {
        Line { what, parts: vec![Part::Text(Zeroizing::new(text.into()))] }
    }

    pub fn text(mut self, text: &str) -> Line {
        self.parts.push(Part::Text(Zeroizing::new(text.to_owned())));
        self
    }

    /// A string: quoted, or a literal where quoting cannot say it (RFC 3501 section 4.3).
    pub fn string(mut self, value: &str) -> Line {
        let plain = value.bytes().all(|byte| matches!(byte, 0x20..=0x7e));
        self.parts.push(if plain {
            let quoted = Zeroizing::new(value.replace('\\', "\\\\"));
            Part::Text(Zeroizing::new(format!(" \"{}\"", quoted.replace('"', "\\\""))))
        } else {
            Part::Literal(Zeroizing::new(value.to_owned()))
        });
        self
    }
}

/// A folder name in modified UTF-7 (RFC 3501 section 5.1.3).
pub(super) fn folder_name(name: &str) -> String {
    let mut written = String::new();
    let mut shifted = Vec::new();
    for letter in name.chars() {
        if matches!(letter, ' '..='~') {
            unshift(&mut written, &mut shifted);
            written.push(letter);
            if letter == '&' {
                written.push('-');
            }
        } else {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                shifted.extend_from_slice(&unit.to_be_bytes());
            }
        }
    }
    unshift(&mut written, &mut shifted);
    written
}

fn unshift(written: &mut String, shifted: &mut Vec<u8>) {
    if !shifted.is_empty() {
        written.push('&');
        MUTF7.encode_string(&shifted, written);
        written.push('-');
        shifted.clear();
    }
}

/// UIDs as sets with ranges, `1:4,7`, none longer than `limit` characters by more than one range.
pub(super) fn uid_sets(uids: impl IntoIterator<Item = u32>, limit: usize) -> Vec<String> {
    let mut sorted: Vec<u32> = uids.into_iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut sets = vec![String::new()];
    for run in sorted.chunk_by(|one, next| one.checked_add(1) == Some(*next)) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        if sets.last().is_some_and(|set| set.len() >= limit) {
            sets.push(String::new());
        }
        let Some(set) = sets.last_mut() else { continue };
        let comma = if set.is_empty() { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = match first == last {
            true => write!(set, "{comma}{first}"),
            false => write!(set, "{comma}{first}:{last}"),
        };
    }
    sets.retain(|set| !set.is_empty());
    sets
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(line: &Line) -> String {
        let mut text = String::new();
        for part in &line.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Literal(part) => text.push_str(&format!(" {{{}}}", part.len())),
            }
        }
        text
    }

    #[test]
    fn strings_are_quoted_or_literal() {
        let line = Line::new("LOGIN", "LOGIN").string("fay").string("p\"w\\ d");
        assert_eq!(written(&line), r#"LOGIN "fay" "p\"w\\ d""#);
        let line = Line::new("LOGIN", "LOGIN").string("fäy").string("a\r\nb NOOP");
        assert_eq!(written(&line), "LOGIN {4} {9}");
        assert_eq!(written(&Line::new("X", "X").string("")), "X \"\"");
    }

    #[test]
    fn folder_names_are_modified_utf7() {
        for (name, expected) in [
            ("Archive", "Archive"),
            ("R&D", "R&-D"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("日本語", "&ZeVnLIqe-"),
            ("a\u{1f512}b", "a&2D3dEg-b"),
            ("tab\there", "tab&AAk-here"),
        ] {
            assert_eq!(folder_name(name), expected);
        }
    }

    #[test]
    fn uids_become_ranges() {
        assert_eq!(uid_sets([7, 1, 3, 2, 4, 7, 9], 900), ["1:4,7,9"]);
        assert_eq!(uid_sets([], 900), Vec::<String>::new());
        assert_eq!(uid_sets([u32::MAX, 1], 900), ["1,4294967295"]);
        assert_eq!(uid_sets([1, 3, 5, 7, 9], 3), ["1,3", "5,7", "9"]);
    }

    proptest! {
        #[test]
        fn sets_hold_exactly_the_uids(
            uids in proptest::collection::btree_set(1_u32..5_000, 0..400),
        ) {
            let sets = uid_sets(uids.iter().copied(), 100);
            prop_assert!(sets.iter().all(|set| set.len() < 125));
            let mut read = Vec::new();
            for range in sets.iter().flat_map(|set| set.split(',')) {
                let (first, last) = range.split_once(':').unwrap_or((range, range));
                read.extend(first.parse::<u32>().expect("uid")..=last.parse().expect("uid"));
            }
            prop_assert_eq!(read, uids.into_iter().collect::<Vec<_>>());
        }
    }
}
