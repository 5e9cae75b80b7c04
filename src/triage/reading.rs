//! The sender's own words, apart from what they quote, pass on, or carry as a footer.

use crate::mail::Mail;

/// A signature block or a list's footer is short; a longer rest is text behind a divider.
const FOOTER_LINES: usize = 15;
/// Fewer own words than this above a forwarded mail say nothing: then its words speak.
const BARE_WORDS: usize = 4;

/// A mail as triage reads it.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// What the sender wrote into this mail, line by line.
    pub own: String,
    /// The same with what they quote or pass on, quote marks removed.
    pub whole: String,
    /// Subject and own text as plain words: lower case, one blank before and after each.
    pub words: String,
    /// Another mail is passed on below the sender's words.
    pub forwards: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Own,
    /// Below a line that says whose words follow.
    Quoted,
    Forwarded,
    Footer,
}

impl Reading {
    pub fn of(mail: &Mail) -> Reading {
        let mut reading = Reading::default();
        let lines: Vec<&str> = mail.text.lines().collect();
        let mut place = Place::Own;
        for (number, line) in lines.iter().enumerate() {
            let rest = lines.get(number + 1..).unwrap_or_default();
            place = place_after(place, line, rest);
            reading.take(place, line, rest);
        }
        if reading.forwards && plain_words(&reading.own).split(' ').count() < BARE_WORDS + 2 {
            reading.own.clone_from(&reading.whole);
        }
        let subject = topic(&mail.subject);
        reading.words = plain_words(&format!("{subject}\n{}", reading.own));
        reading
    }

    fn take(&mut self, place: Place, line: &str, rest: &[&str]) {
        let (depth, bare) = unquoted(line);
        if is_armor(line) || place == Place::Footer && depth == 0 {
            return;
        }
        self.forwards |= place == Place::Forwarded;
        let mine = place == Place::Own && depth == 0 && !is_attribution(line, rest);
        for text in [Some(&mut self.whole), mine.then_some(&mut self.own)].into_iter().flatten() {
            text.push_str(bare);
            text.push('\n');
        }
    }
}

fn place_after(before: Place, line: &str, rest: &[&str]) -> Place {
    let line = line.trim();
    match before {
        _ if begins_forward(line) => Place::Forwarded,
        Place::Own if begins_quote(line, rest) => Place::Quoted,
        Place::Own if begins_footer(line, rest) => Place::Footer,
        before => before,
    }
}

/// How deep a line is quoted, and the line without its marks.
pub fn unquoted(line: &str) -> (usize, &str) {
    let (mut depth, mut bare) = (0, line);
    while let Some(inner) = bare.trim_start().strip_prefix('>') {
        depth += 1;
        bare = inner;
    }
    (depth, if depth > 0 { bare.strip_prefix(' ').unwrap_or(bare) } else { bare })
}

/// Every line without its quote marks: codes and numbers of ours are found in what is quoted too.
pub fn unquoted_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(unquoted(line).1);
        out.push('\n');
    }
    out
}

/// The subject without "Re:", "Fwd:" and list tags in front.
pub fn topic(subject: &str) -> &str {
    let mut left = subject.trim();
    loop {
        let cut = REPLY_MARKS.iter().find_map(|mark| cut_prefix(left, mark)).or_else(|| {
            let (tag, rest) = left.strip_prefix('[')?.split_once(']')?;
            (!tag.contains(char::is_whitespace) && !rest.trim().is_empty()).then_some(rest)
        });
        match cut {
            Some(rest) => left = rest.trim_start(),
            None => return left,
        }
    }
}

const REPLY_MARKS: [&str; 9] = ["re:", "fwd:", "fw:", "aw:", "wg:", "sv:", "tr:", "antw:", "rv:"];

fn cut_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}

fn starts(line: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| cut_prefix(line, prefix).is_some())
}

fn begins_forward(line: &str) -> bool {
    const MARKS: [&str; 7] = [
        "begin forwarded message",
        "forwarded message",
        "weitergeleitete nachricht",
        "message transféré",
        "mensaje reenviado",
        "anfang der weitergeleiteten",
        "forwarded by",
    ];
    let bare = line.trim_matches(['-', ' ']);
    starts(bare, &MARKS) && (bare.len() < line.len() || line.ends_with(':'))
        || line.starts_with("[A mail from ") && line.contains(" is passed on: ")
}

fn begins_quote(line: &str, rest: &[&str]) -> bool {
    let original = ["original message", "ursprüngliche nachricht", "message d'origine"];
    let dashes = line.starts_with("---") && starts(line.trim_matches(['-', ' ']), &original);
    let outlook = line.len() >= 20
        && line.chars().all(|c| c == '_')
        && next_words(rest).is_some_and(|next| starts(next, &["from:", "von:", "de:"]));
    dashes || outlook || is_said_by(line) && !next_words(rest).is_some_and(|l| l.starts_with('>'))
}

fn next_words<'a>(rest: &[&'a str]) -> Option<&'a str> {
    rest.iter().take(3).map(|line| line.trim()).find(|line| !line.is_empty())
}

/// "On Monday, Fay wrote:" above a quote.
fn is_attribution(line: &str, rest: &[&str]) -> bool {
    let line = line.trim();
    let quote_below = next_words(rest).is_some_and(|next| next.starts_with('>'));
    quote_below && (is_said_by(line) || line.ends_with("wrote:") || line.ends_with("schrieb:"))
}

fn is_said_by(line: &str) -> bool {
    let ends = ["wrote:", "schrieb:", "a écrit :", "a écrit:", "escribió:", "ha scritto:"];
    let begins = ["on ", "am ", "le ", "el ", "il "];
    ends.iter().any(|end| line.ends_with(end))
        && starts(line, &begins)
        && line.contains(|c: char| c.is_ascii_digit())
}

fn begins_footer(line: &str, rest: &[&str]) -> bool {
    const LEGAL: [&str; 6] = [
        "confidentiality notice",
        "disclaimer:",
        "this e-mail and any",
        "this email and any",
        "this message is intended only",
        "diese e-mail enthält vertrauliche",
    ];
    let near_end = rest.len() <= FOOTER_LINES;
    let ruled = line.len() >= 20 && line.chars().all(|c| matches!(c, '_' | '-' | '=' | ' '));
    near_end && (line == "--" || starts(line, &LEGAL) || ruled && is_list_footer(rest))
}

fn is_list_footer(rest: &[&str]) -> bool {
    rest.iter().any(|line| {
        let line = line.to_ascii_lowercase();
        line.contains("mailing list") || line.contains("unsubscribe") || line.contains("listinfo")
    })
}

fn is_armor(line: &str) -> bool {
    line.starts_with("-----BEGIN PGP SIGN") || line.starts_with("-----END PGP")
}

/// Lower-case words with one blank before and after each: "We don't." is " we dont ".
pub fn plain_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(' ');
    for c in text.chars() {
        match c {
            '\'' | '\u{2019}' | '\u{ad}' => {}
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ if !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
