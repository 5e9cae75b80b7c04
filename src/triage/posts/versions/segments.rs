//! A post as pieces that say one thing each: a paragraph, an item of a list, a labelled line; and
//! what the heading above a piece says about the versions in it.

use super::roles::{Role, cues};

/// What a heading or a label says about the numbers below or behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    Affected,
    Fixed,
    /// What to do: a number alone is the version to go to; other words are read first.
    Advice,
    NotAffected,
    /// Who found it, links, what it was tested on: numbers mean nothing here.
    Quiet,
    #[default]
    Plain,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    pub section: Section,
    /// Its lines in one.
    pub text: String,
}

const HEADING_WORDS: usize = 7;
const HEADING_CHARS: usize = 70;

/// Begins of headings in lower-case words, the longer before the shorter.
#[rustfmt::skip]
const HEADINGS: &[(Section, &[&str])] = &[
    (Section::NotAffected, &[
        "not affected", "unaffected", "not vulnerable", "versions not affected",
        "versions unaffected", "not impacted", "non vulnerable", "non affected",
    ]),
    (Section::Plain, &[
        "affected and fixed", "affected component", "affected function", "affected file",
        "affected endpoint", "affected area", "affected platform", "fixed by", "patch by",
        "fix by", "fixes cve", "update history", "vulnerable code", "vulnerable function",
        "vulnerable configuration", "updates in version", "affected module", "patched code",
        "affected code", "affected users", "fix commit", "fixed by commit", "fix author",
    ]),
    (Section::Affected, &[
        "affected", "affects", "versions affected", "version affected", "vulnerable",
        "impacted", "versions impacted", "vulnerable systems", "product versions affected",
        "versions vulnerable", "supported versions that are affected", "known affected",
        "confirmed affected", "which versions are affected", "what versions are affected",
        "who is affected", "affected versions", "tested versions", "tested version",
        "product and versions", "introduced in", "am i affected", "am i vulnerable",
        "versions", "version",
    ]),
    (Section::Fixed, &[
        "fixed", "patched", "versions fixed", "version fixed", "versions patched",
        "first fixed", "corrected in", "patched versions", "resolved in", "fix version",
        "fix versions", "fixes available", "fixed release", "fix available", "fix released",
        "patches released", "vendor fixed", "new releases", "releases", "resolved versions",
        "the following releases have been issued", "fixen in", "solved in", "addressed in",
    ]),
    (Section::Advice, &[
        "solution", "resolution", "remediation", "mitigation", "mitigations",
        "recommendation", "recommendations", "recommended", "fix", "fixes", "patch",
        "patches", "patch availability", "how do i mitigate", "how do i upgrade", "upgrade",
        "update", "updates", "action", "immediate actions", "what should i do", "workaround",
        "workarounds", "how to fix",
    ]),
    (Section::Quiet, &[
        "references", "reference", "links", "credit", "credits", "acknowledg", "thanks",
        "tested on", "test environment", "environment", "tested with", "reproduc",
        "proof of concept", "poc", "steps to", "discover", "reported by", "reporter",
        "found by", "severity", "cvss", "score", "base score", "contact", "about",
        "see also", "further reading", "date", "cwe", "timeline", "disclosure timeline",
        "history", "exploit", "requirements", "system", "platform", "changelog", "crash",
        "asan", "valgrind", "backtrace", "output", "hash", "sha256", "sha512", "checksum",
        "download",
    ]),
    (Section::Plain, &[
        "description", "details", "technical", "summary", "overview", "impact", "background",
        "introduction", "issue description", "problem", "vulnerability", "analysis",
        "root cause", "info", "note", "notes", "product", "vendor", "package", "software",
        "title", "type", "what", "why", "how", "advisory", "abstract", "issue", "deploying",
        "permission", "component", "project", "subject", "id", "cve", "discussion",
        "conclusion", "attack",
    ]),
];

/// The lines of a text as segments, in order.
pub fn segments(text: &str) -> Vec<Segment> {
    let mut reader = Reader::default();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        reader.line(line, lines.peek().copied().unwrap_or_default());
    }
    reader.flush();
    reader.out
}

#[derive(Default)]
struct Reader {
    out: Vec<Segment>,
    section: Section,
    open: Segment,
    patch: bool,
    /// The section is that of a list below a sentence: it ends with the list.
    listing: Listing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Listing {
    #[default]
    No,
    /// A sentence with a colon stood above; its list may follow.
    Announced,
    Inside,
}

impl Reader {
    fn line(&mut self, raw: &str, next: &str) {
        let line = raw.trim();
        if self.in_patch(raw) || line.is_empty() || is_drawn(line) || is_log(line) {
            return self.flush();
        }
        let inside = !self.open.text.is_empty();
        // "upgrade to one of these fixed\nversions:"
        let goes_on = inside && line.starts_with(|c: char| c.is_lowercase());
        if let Some(section) = heading(line, next, inside).filter(|_| !goes_on) {
            self.flush();
            (self.section, self.listing) = (section, Listing::No);
            if section == Section::Plain && line.contains(|c: char| c.is_ascii_digit()) {
                self.out.push(Segment { section, text: line.to_owned() });
            }
            return;
        }
        let (item, bare) = item(line);
        if let Some((section, value)) = label(bare).filter(|_| !goes_on) {
            self.flush();
            let known = section.unwrap_or(self.section);
            self.open = Segment { section: known, text: value.to_owned() };
            if let Some(section) = section {
                let says = value.contains(|c: char| c.is_ascii_digit());
                self.section =
                    if says || section == Section::Quiet { Section::Plain } else { section };
            }
            return;
        }
        if item || is_thanks(bare) {
            self.flush();
        }
        if is_thanks(bare) {
            self.open.section = Section::Quiet;
            self.open.text.push_str(bare);
            return;
        }
        if self.begins_anew(bare) {
            self.flush();
        }
        self.list(item);
        if self.open.text.is_empty() {
            self.open.section = self.section;
        } else {
            self.open.text.push(' ');
        }
        self.open.text.push_str(bare);
    }

    fn flush(&mut self) {
        if self.open.text.is_empty() {
            return;
        }
        if self.open.text.ends_with(':') {
            let said = cues(&self.open.text.to_ascii_lowercase()).last().map(|cue| cue.role);
            let section = match said {
                Some(Role::Fixed) => Some(Section::Fixed),
                Some(Role::Affected) => Some(Section::Affected),
                Some(Role::NotAffected) => Some(Section::NotAffected),
                _ => None,
            };
            if let Some(section) = section {
                (self.section, self.listing) = (section, Listing::Announced);
            }
        }
        // HTML as text puts a heading behind the paragraph above it.
        let tail = self.open.text.rsplit(['.', '>']).next().unwrap_or_default().trim();
        let (headed, few) = (known(tail), (2..=3).contains(&tail.split(' ').count()));
        if few
            && matches!(headed, Some(Section::Affected | Section::Fixed))
            && tail != self.open.text
        {
            (self.section, self.listing) = (headed.unwrap_or_default(), Listing::No);
        }
        self.out.push(std::mem::take(&mut self.open));
    }

    /// In a list of versions without marks, a line behind a number begins another entry.
    fn begins_anew(&self, line: &str) -> bool {
        let versions = matches!(self.open.section, Section::Affected | Section::Fixed);
        let ended = self.open.text.ends_with(|c: char| c.is_ascii_digit());
        versions && ended && line.starts_with(|c: char| c.is_ascii_uppercase())
    }

    /// A list below a sentence ends where prose begins again.
    fn list(&mut self, item: bool) {
        self.listing = match (self.listing, item) {
            (Listing::Announced | Listing::Inside, true) => Listing::Inside,
            (Listing::Inside, false) if self.open.text.is_empty() => {
                self.section = Section::Plain;
                Listing::No
            }
            (listing, _) => listing,
        };
    }

    /// Lines of a patch are no prose.
    fn in_patch(&mut self, line: &str) -> bool {
        let begins = ["diff --git ", "Index: ", "--- a/", "@@ -"];
        if begins.iter().any(|begin| line.starts_with(begin)) {
            self.patch = true;
        } else if self.patch && !line.is_empty() {
            const INSIDE: [&str; 12] = [
                " ",
                "+",
                "-",
                "@@",
                "\\",
                "index ",
                "new file",
                "deleted file",
                "old mode",
                "new mode",
                "similarity",
                "rename ",
            ];
            self.patch = INSIDE.iter().any(|begin| line.starts_with(begin));
        }
        self.patch
    }
}

/// `[   12.345678] BUG: ...`
fn is_log(line: &str) -> bool {
    let inside = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    inside.is_some_and(|(stamp, _)| {
        stamp.contains('.') && stamp.trim().bytes().all(|b| b.is_ascii_digit() || b == b'.')
    })
}

/// "Credit to somebody of Example Lab 7.1": a line of its own.
fn is_thanks(line: &str) -> bool {
    const THANKS: [&str; 8] = [
        "Credit to",
        "Credits to",
        "Reported by",
        "Discovered by",
        "Found by",
        "Thanks to",
        "Credit:",
        "Reporter:",
    ];
    THANKS.iter().any(|thanks| line.starts_with(thanks))
}

/// `-----`, `=====`, `|---|---|`.
fn is_drawn(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | '~' | '+' | '|' | ' ' | '#'))
}

/// "- one", "* one", "1. one", "o one": without the mark.
fn item(line: &str) -> (bool, &str) {
    for mark in ["- ", "* ", "+ ", "o ", "\u{2022} ", "\u{b7} ", "\u{2013} "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return (true, rest.trim_start());
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..).unwrap_or_default();
    let numbered = (1..3).contains(&digits)
        && [". ", ") "].iter().any(|mark| rest.starts_with(mark))
        && !rest.get(2..).unwrap_or_default().trim_start().is_empty();
    if numbered { (true, rest.get(2..).unwrap_or_default().trim_start()) } else { (false, line) }
}

fn words(line: &str) -> String {
    let kept: String = line
        .chars()
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn known(line: &str) -> Option<Section> {
    let words = words(line);
    let mut best: Option<(usize, Section)> = None;
    for (section, begins) in HEADINGS {
        for begin in *begins {
            let whole = words
                .strip_prefix(begin)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') || rest == "s");
            let longer = best.is_none_or(|(length, _)| begin.len() > length);
            if whole && longer || is_stem(begin) && words.starts_with(begin) && longer {
                best = Some((begin.len(), *section));
            }
        }
    }
    best.map(|(_, section)| section)
}

fn is_stem(begin: &str) -> bool {
    matches!(begin, "acknowledg" | "reproduc" | "discover")
}

/// A line that is a heading: above a drawn line, marked as one, in capitals, or ended by a colon.
fn heading(line: &str, next: &str, inside: bool) -> Option<Section> {
    let bare = line.trim_matches(['#', '*', '_', '=', '-', ' ', ':', '\u{2022}', '~', '[', ']']);
    if bare.is_empty() || bare.chars().count() > HEADING_CHARS {
        return None;
    }
    let underlined = !next.trim().is_empty() && is_drawn(next.trim()) && next.trim().len() >= 3;
    let marked = line.starts_with('#')
        || line.starts_with("==")
        || line.starts_with("**") && line.ends_with("**");
    let capitals =
        bare.len() > 3 && !bare.contains(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let colon = line.ends_with(':');
    let few = words(bare).split(' ').count() <= HEADING_WORDS;
    let form = underlined || marked || capitals || colon;
    let digit = |c: char| c.is_ascii_digit() || c == ':';
    let alone = !inside && next.trim().is_empty() && !bare.contains(digit);
    match known(bare) {
        Some(section) if few && (form || alone && words(bare).split(' ').count() <= 3) => {
            Some(section)
        }
        None if few && (underlined || marked || capitals) => Some(Section::Plain),
        _ => None,
    }
}

/// "Affected versions: 1.2.3": what it is the label of, where that is known, and its value.
fn label(line: &str) -> Option<(Option<Section>, &str)> {
    let (name, value) = line.split_once([':', '\t'])?;
    let name = name.trim_matches(['*', '#', '_', ' ', '[', '`']);
    let value = value.trim_start_matches(['*', ' ', '=', '|', '\t']);
    let plausible = !name.is_empty()
        && name.len() <= 45
        && words(name).split(' ').count() <= 6
        && !name.contains(['/', '.', ',', ';', '<', '>', '='])
        && !value.starts_with("//");
    let capital = name.starts_with(|c: char| c.is_uppercase());
    let section = known(name);
    (plausible && (section.is_some() || capital && !value.is_empty())).then_some((section, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_labels_and_items() {
        let text = "Affected versions:\n\n- Foo 1.0 before\n  1.2\n- Foo 2.0\n\nDescription:\n\n\
                    Words\n\
                    here.\n\nFIXED VERSIONS\n==============\n1.2\n\nNot affected: 0.9\n";
        let read = segments(text);
        let all: Vec<(Section, &str)> = read.iter().map(|s| (s.section, s.text.as_str())).collect();
        assert_eq!(
            all,
            [
                (Section::Affected, "Foo 1.0 before 1.2"),
                (Section::Affected, "Foo 2.0"),
                (Section::Plain, "Words here."),
                (Section::Fixed, "1.2"),
                (Section::NotAffected, "0.9"),
            ]
        );
    }
}
