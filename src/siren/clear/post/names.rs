//! People who agreed to be named nowhere.

use super::{Finding, Look, finding};
use crate::siren::format::text::ascii::plain_text;

/// No name and no address of theirs, in the text or in a file, however it is broken into lines.
pub(super) fn unnamed(look: &Look<'_>) -> Vec<Finding> {
    let texts: Vec<String> = look.texts().map(joined).collect();
    let mut found = Vec::new();
    for person in &look.around.unnamed {
        let Some(name) = Name::of(person) else { continue };
        if texts.iter().any(|text| name.stands_in(text)) {
            let part = look.part_with(|text| name.stands_in(&joined(text)));
            let what = "It names somebody of the case who has not agreed to be named. Take their \
                        name and address out, or record what they agreed to with /consent.";
            found.push(finding("named", part, what));
        }
    }
    found
}

/// In ASCII as the post is, each run of blanks as one.
fn joined(text: &str) -> String {
    let (plain, _) = plain_text(text);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

enum Name {
    /// An address, or a name of several words: case does not matter.
    Sure(String),
    /// One word, which may be a word of the language too: as it is written.
    Word(String),
}

impl Name {
    fn of(person: &str) -> Option<Name> {
        let name = joined(person);
        match name.len() {
            0 | 1 => None,
            _ if name.contains([' ', '@']) => Some(Name::Sure(name.to_ascii_lowercase())),
            _ => Some(Name::Word(name)),
        }
    }

    fn stands_in(&self, text: &str) -> bool {
        match self {
            Name::Word(name) => stands(text, name),
            Name::Sure(name) => {
                let text = text.to_ascii_lowercase();
                let turned = name.rsplit_once(' ').map(|(first, last)| format!("{last}, {first}"));
                stands(&text, name) || turned.is_some_and(|turned| stands(&text, &turned))
            }
        }
    }
}

/// As words of their own.
fn stands(text: &str, name: &str) -> bool {
    let free = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(name).any(|(at, found)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|text| text.chars().next());
        free(before) && free(after)
    })
}
