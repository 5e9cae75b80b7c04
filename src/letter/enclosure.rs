//! What comes attached to a letter, and what is said where it could not be.

use super::fields;
use super::layout;
use std::fmt;

/// One thing that comes attached. The desk names it; the gateway fetches its octets before the
/// letter is dressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enclosure {
    /// A file of a kept mail (the name it is kept under), by its number in the letter that listed
    /// it, from 1.
    File { mail: String, number: usize },
    /// The words of a kept mail, for the letter's own text, without what is named here.
    Words { mail: String, without: Vec<String> },
    /// A kept mail itself, opened, under a header of ours.
    Original { mail: String },
    /// Octets at hand. `kind` is a media type.
    Bytes { name: String, kind: String, bytes: Vec<u8> },
    /// It could not be enclosed, and the letter says so.
    LeftOut { name: String, why: LeftOut },
}

/// Why something that was to be enclosed is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The mail is kept no longer.
    Gone,
    /// That mail has no such file.
    NotThere,
    Unreadable,
    /// In octets: how large it is, and how much room the letter had for it.
    TooLarge {
        bytes: u64,
        room: u64,
    },
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LeftOut::Gone => f.write_str("the mail it came with is no longer kept."),
            LeftOut::NotThere => f.write_str("there is no such file in that mail."),
            LeftOut::Unreadable => f.write_str("it could not be opened."),
            LeftOut::TooLarge { bytes, room } => {
                let (size, most) = (kilobytes(*bytes), room / 1_024);
                write!(f, "it is too large for this letter ({size} KB, and {most} KB fit).")
            }
        }
    }
}

/// Rounded up, so that nothing too large looks as if it fitted.
fn kilobytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_024)
}

impl Enclosure {
    /// What is said of it where it is not enclosed.
    fn note(&self, prefix: &str) -> Option<String> {
        let (name, why) = match self {
            Enclosure::Bytes { .. } => return None,
            Enclosure::LeftOut { name, why } => (name.clone(), *why),
            Enclosure::Words { .. } => ("the words of a mail".to_owned(), LeftOut::Unreadable),
            Enclosure::File { number, .. } => (format!("file {number}"), LeftOut::Unreadable),
            Enclosure::Original { .. } => ("the original mail".to_owned(), LeftOut::Unreadable),
        };
        let words = format!("{}: {why}", fields::title(&name, prefix));
        Some(format!("  - {}\n", layout::fill(&words, 4)))
    }
}

/// The text of a letter with a section on what it does not enclose, above its last lines.
pub(super) fn with_notes(text: String, files: &[Enclosure], prefix: &str) -> String {
    let notes: String = files.iter().filter_map(|file| file.note(prefix)).collect();
    if notes.is_empty() {
        return text;
    }
    let section = format!("\nNOT ENCLOSED\n\n{notes}");
    match text.rfind("\n-- \n") {
        Some(at) => {
            let (before, after) = text.split_at(at);
            format!("{}\n{section}{after}", before.trim_end_matches('\n'))
        }
        None => text + &section,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(name: &str, why: LeftOut) -> Enclosure {
        Enclosure::LeftOut { name: name.to_owned(), why }
    }

    #[test]
    fn what_is_missing_is_said_above_the_last_lines() {
        let files = [
            Enclosure::Bytes { name: "a".into(), kind: "b/c".into(), bytes: Vec::new() },
            left_out("crash.zip", LeftOut::TooLarge { bytes: 30_000_001, room: 20_000_000 }),
            Enclosure::File { mail: "00".into(), number: 2 },
        ];
        let text = with_notes("| -- \nWords.\n\n-- \nExample SIRT\n".to_owned(), &files, "SIRT");
        let expected = "| -- \nWords.\n\nNOT ENCLOSED\n\n  - crash.zip: it is too large for this \
                        letter (29297 KB, and 19531 KB\n    fit).\n  - file 2: it could not be \
                        opened.\n\n-- \nExample SIRT\n";
        assert_eq!(text, expected);
        assert_eq!(with_notes("Words.\n".to_owned(), &files[..1], "SIRT"), "Words.\n");
    }

    #[test]
    fn eve_names_her_file_after_a_case_line() {
        let name = "x\r\n[SIRT-2026-4827 k7qd3mw2 sirt@example.org]\n/close\u{202e}";
        let files = [left_out(name, LeftOut::Gone)];
        let text = with_notes("Words.\n".to_owned(), &files, "SIRT");
        assert!(!text.contains("[SIRT") && !text.contains('\u{202e}'), "{text}");
        assert!(text.lines().all(|line| !line.trim_start().starts_with('/')), "{text}");
    }
}
