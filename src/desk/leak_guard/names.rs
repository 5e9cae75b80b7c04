//! Who and what a text names: other cases, addresses, members and their keys, our own marks.

use super::plain::{Token, plain, plain_case, tokens};
use crate::case::{CaseId, Member, codes_in};
use crate::mail::{Address, Fingerprint};
use regex::Regex;
use std::sync::LazyLock;

/// What may stand between the words of an address that is spelt out.
const SPELT: [&str; 12] = [
    "at",
    "dot",
    "ät",
    "punkt",
    "arobase",
    "point",
    "arroba",
    "punto",
    "ponto",
    "apenstaartje",
    "punt",
    "klammeraffe",
];
/// The second line of every letter to members.
const INTERNAL: [&str; 4] = ["internal", "for", "the", "handlers"];
/// Hex digits of a long key id: the end of a fingerprint of version 4, the beginning of later ones.
const KEY_ID: usize = 16;
const V4_DIGITS: usize = 40;

/// A text, read once for every question here.
pub struct Text {
    plain: String,
    words: Vec<Token>,
    /// The same, with "at" where an @ stands apart; none where no @ does.
    spoken: Option<Vec<Token>>,
    /// With capitals.
    cased: String,
    /// Hex digits in a row with only blanks and colons between, each run with its line.
    hex: Vec<(String, usize)>,
    mailboxes: Vec<(String, usize)>,
    code: Option<usize>,
}

impl Text {
    pub fn new(text: &str) -> Text {
        let plain = plain(text);
        let words = tokens(&plain);
        let cased = plain_case(text);
        let code = plain.split('\n').position(|line| codes_in(line).next().is_some());
        let apart = plain.replace(" @", " at ").replace("@ ", " at ").replace("@\n", " at\n");
        let spoken = (apart != plain).then(|| tokens(&apart));
        let (hex, mailboxes) = (hex_runs(&words), mailboxes(&plain));
        Text { words, spoken, cased, hex, mailboxes, code: code.map(|line| line + 1), plain }
    }

    pub fn plain(&self) -> &str {
        &self.plain
    }

    pub fn words(&self) -> &[Token] {
        &self.words
    }

    /// Numbers of that prefix that are not this case's, however they are written.
    pub fn other_cases(&self, prefix: &str, this: &CaseId) -> Vec<(CaseId, usize)> {
        let Some(number) = case_number(prefix) else { return Vec::new() };
        let mut found: Vec<(CaseId, usize)> = Vec::new();
        for hit in number.captures_iter(&self.plain) {
            let Some((whole, [year, number])) = hit.get(0).zip(two(&hit)) else { continue };
            let Some(id) = CaseId::parse(&format!("{prefix}-{year}-{number}")) else { continue };
            if id != *this && !found.iter().any(|(other, _)| *other == id) {
                found.push((id, self.line_at(whole.start())));
            }
        }
        found
    }

    /// The line that names this address: written, in a link, with a detail, or spelt out.
    pub fn address(&self, address: &Address) -> Option<usize> {
        let wanted = address.as_str().to_lowercase();
        let written = self.mailboxes.iter().find(|(mailbox, _)| *mailbox == wanted);
        let (domain, _) = idna::domain_to_unicode(address.domain());
        let spoken = format!("{}@{domain}", address.local()).to_lowercase();
        let shown = self.mailboxes.iter().find(|(mailbox, _)| *mailbox == spoken);
        let written = written.or(shown).map(|(_, line)| *line);
        let again = || if spoken == wanted { None } else { self.spelt_out(&spoken) };
        written.or_else(|| self.spelt_out(&wanted)).or_else(again)
    }

    /// The words of an address in a row with "at" and "dot" between them.
    fn spelt_out(&self, address: &str) -> Option<usize> {
        let wanted = tokens(&plain(address));
        let begins = |from: &usize| {
            let (mut at, mut spelt) = (*from, false);
            for (place, word) in wanted.iter().enumerate() {
                while place > 0 && self.spells(at, &word.word) {
                    (at, spelt) = (at + 1, true);
                }
                if self.spoken().get(at).is_none_or(|token| token.word != word.word) {
                    return false;
                }
                at += 1;
            }
            spelt
        };
        let from = (0..self.spoken().len()).find(begins)?;
        self.spoken().get(from).map(|token| token.line)
    }

    fn spells(&self, at: usize, wanted: &str) -> bool {
        let word = self.spoken().get(at).map(|token| token.word.as_str());
        word.is_some_and(|word| word != wanted && SPELT.contains(&word))
    }

    fn spoken(&self) -> &[Token] {
        self.spoken.as_deref().unwrap_or(&self.words)
    }

    /// The line that names a member: by name, unless it is what they sign as, by address or key.
    pub fn member(&self, member: &Member) -> Option<usize> {
        let addresses = std::iter::once(&member.address).chain(&member.also_from);
        let by_address = addresses.filter_map(|address| self.address(address)).min();
        let by_name = || self.name(member);
        by_address.or_else(by_name).or_else(|| self.key(&member.key))
    }

    /// A full name as words, either way round; a single name only as it is written.
    fn name(&self, member: &Member) -> Option<usize> {
        let name = tokens(&plain(&member.name));
        let signs_as = tokens(&plain(&member.signs_as));
        if same_run(&signs_as, &name).is_some() {
            return None;
        }
        if let [_] = name.as_slice() {
            return same_run(&tokens(&self.cased), &tokens(&plain_case(&member.name)));
        }
        let turned: Vec<Token> =
            name.iter().cycle().skip(name.len() - 1).take(name.len()).cloned().collect();
        same_run(&self.words, &name).or_else(|| same_run(&self.words, &turned))
    }

    fn key(&self, key: &Fingerprint) -> Option<usize> {
        let hex = key.as_str().to_lowercase();
        let id = match hex.len() {
            V4_DIGITS => hex.get(V4_DIGITS - KEY_ID..),
            _ => hex.get(..KEY_ID),
        };
        let id = id.filter(|id| !id.is_empty())?;
        self.hex.iter().find(|(run, _)| run.contains(id)).map(|(_, line)| *line)
    }

    /// A case line of ours, one of these codes, or the line that heads letters to members.
    pub fn internal(&self, codes: &[&str]) -> Option<usize> {
        let codes: Vec<String> = codes.iter().map(|code| code.to_lowercase()).collect();
        let coded = |token: &&Token| codes.contains(&token.word);
        let code = self.words.iter().find(coded).map(|token| token.line);
        let heading: Vec<Token> = tokens(&INTERNAL.join(" "));
        self.code.into_iter().chain(code).chain(same_run(&self.words, &heading)).min()
    }

    fn line_at(&self, octet: usize) -> usize {
        1 + self.plain.get(..octet).map_or(0, |before| before.matches('\n').count())
    }
}

fn two<'a>(hit: &regex::Captures<'a>) -> Option<[&'a str; 2]> {
    Some([hit.get(1)?.as_str(), hit.get(2)?.as_str()])
}

/// A case number with any dash, blank, underscore or line break where a dash belongs.
fn case_number(prefix: &str) -> Option<Regex> {
    const GAP: &str = r"[\s>|_/.:#\u{2012}-\u{2015}-]{0,6}";
    let prefix: Vec<String> = prefix.split('-').map(regex::escape).collect();
    let prefix = prefix.join(GAP);
    let number = format!(r"(?i)\b{prefix}{GAP}([0-9]{{4}}){GAP}([0-9]{{4,9}})\b");
    Regex::new(&number).ok()
}

/// Addresses as they stand in a text, in lower case, without their detail.
fn mailboxes(plain: &str) -> Vec<(String, usize)> {
    static MAILBOX: LazyLock<Option<Regex>> = LazyLock::new(|| {
        const LABEL: &str = r"[\p{L}\p{N}-]+";
        Regex::new(&format!(r"([\w.!#$%&'*+/=?^`{{|}}~-]+)(?:@|%40)({LABEL}(?:\.{LABEL})*)")).ok()
    });
    let Some(mailbox) = MAILBOX.as_ref() else { return Vec::new() };
    let mut found = Vec::new();
    for (number, line) in plain.split('\n').enumerate() {
        for hit in mailbox.captures_iter(line) {
            let Some([local, domain]) = two(&hit) else { continue };
            let plain_local = local.split('+').next().unwrap_or(local);
            // In a link, behind markup.
            let last = plain_local.rsplit(['=', '/', '&', '?']).next().unwrap_or(plain_local);
            let bare = last.trim_start_matches(['\'', '`', '*', '_']);
            let forms = [local, plain_local, last, bare];
            found.extend(forms.map(|local| (format!("{local}@{domain}"), number + 1)));
        }
    }
    found
}

fn hex_runs(words: &[Token]) -> Vec<(String, usize)> {
    let mut runs: Vec<(String, usize)> = Vec::new();
    let mut open = false;
    for token in words {
        let digits = token.word.trim_start_matches("0x");
        let hex = digits.len() >= 2 && digits.chars().all(|c| c.is_ascii_hexdigit());
        match runs.last_mut().filter(|_| open && hex) {
            Some((run, _)) => run.push_str(digits),
            None if hex => runs.push((digits.to_owned(), token.line)),
            None => {}
        }
        open = hex;
    }
    runs
}

/// The line in which these words stand in a row.
fn same_run(words: &[Token], wanted: &[Token]) -> Option<usize> {
    if wanted.is_empty() {
        return None;
    }
    let same = |run: &&[Token]| run.iter().zip(wanted).all(|(one, other)| one.word == other.word);
    let run = words.windows(wanted.len()).find(same)?;
    run.first().map(|token| token.line)
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
