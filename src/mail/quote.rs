//! Where a sender's own words end: quotes, the lines that introduce them, pasted headers,
//! signatures. By form alone, for the clients that people write with.

use std::collections::BTreeSet;

/// Lines an attribution is wrapped over, and blank lines it may stand above its quote.
const ATTRIBUTION_LINES: usize = 3;
const ATTRIBUTION_BLANKS: usize = 2;
/// Lines of a pasted header block that are looked at.
const HEADER_LINES: usize = 16;

/// How deep a line is quoted, and the line without its marks.
///
/// `>= 1.2` is a version, not a quote.
pub fn unquoted(line: &str) -> (usize, &str) {
    let (mut depth, mut bare) = (0, line);
    while let Some(inner) = bare.trim_start().strip_prefix('>') {
        let version = inner.strip_prefix('=').map(str::trim_start);
        if version.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            break;
        }
        depth += 1;
        bare = inner;
    }
    (depth, if depth > 0 { bare.strip_prefix(' ').unwrap_or(bare) } else { bare })
}

pub fn is_quoted(line: &str) -> bool {
    unquoted(line).0 > 0
}

/// RFC 3676 section 4.3. Its blank gets lost on the way.
pub fn is_signature(line: &str) -> bool {
    line.trim_end() == "--"
}

/// "On Monday, Fay wrote:": how many lines it takes at the top of `lines`, the blank ones below
/// included, when `introduces` says so of the line under it.
pub fn attribution(lines: &[&str], introduces: impl Fn(&str) -> bool) -> Option<usize> {
    (1..=ATTRIBUTION_LINES).find_map(|count| {
        let (said, below) = lines.split_at_checked(count)?;
        let blanks = below.iter().take(ATTRIBUTION_BLANKS).take_while(|l| l.trim().is_empty());
        let blanks = blanks.count();
        let introduced = introduces(below.get(blanks)?);
        (introduced && says_who_wrote(said)).then_some(count + blanks)
    })
}

fn says_who_wrote(lines: &[&str]) -> bool {
    if lines.iter().any(|line| line.trim().is_empty() || is_quoted(line)) {
        return false;
    }
    let said = lines.join(" ").trim().to_lowercase();
    let mut words = said.split(|c: char| c.is_whitespace() || c == ':');
    let who = said.contains('@') || words.any(|word| WROTE.contains(&word));
    let begins = OPENERS.iter().any(|opener| said.starts_with(opener));
    let ends = said.ends_with(':') && who;
    ends && (begins || lines.len() == 1) || lines.len() == 1 && said.starts_with("quoting ")
}

/// How an attribution that is wrapped begins in Thunderbird, K-9, Apple Mail and Gmail.
const OPENERS: [&str; 11] =
    ["on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "dne ", "dnia ", "w dniu "];
const WROTE: [&str; 15] = [
    "wrote",
    "writes",
    "said",
    "schrieb",
    "écrit",
    "escribió",
    "scritto",
    "schreef",
    "skrev",
    "escreveu",
    "napisał",
    "napsal",
    "kirjoitti",
    "пишет",
    "написал",
];

/// Does another mail begin here, pasted with its header or announced by a ruler?
pub fn begins_pasted_mail(lines: &[&str]) -> bool {
    let Some((first, below)) = lines.split_first() else { return false };
    is_header_block(lines) || announces(first) || is_ruler(first) && is_header_below(below)
}

fn announces(line: &str) -> bool {
    let line = line.trim();
    let bare = line.trim_matches(['-', ' ']).trim_end_matches(':').to_lowercase();
    (bare.len() < line.len()) && ANNOUNCED.contains(&bare.as_str())
}

const ANNOUNCED: [&str; 14] = [
    "original message",
    "original-nachricht",
    "ursprüngliche nachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "begin forwarded message",
    "forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
    "message transféré",
    "mensaje reenviado",
];

/// "________", "-----": a line drawn across, with or without words in it.
fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    let drawn = |c: char| matches!(c, '-' | '_' | '=' | '\u{2014}');
    let head = line.chars().take_while(|c| drawn(*c)).count();
    head >= 5 && line.ends_with(drawn)
}

fn is_header_below(lines: &[&str]) -> bool {
    let blanks = lines.iter().take(2).take_while(|line| line.trim().is_empty()).count();
    lines.get(blanks..).is_some_and(is_header_block)
}

/// Who with when or about what, or any three different fields.
fn is_header_block(lines: &[&str]) -> bool {
    let mut names = BTreeSet::new();
    for line in lines.iter().take(HEADER_LINES) {
        match field(line) {
            Some(name) => names.insert(name),
            None if !names.is_empty() && line.starts_with([' ', '\t']) => continue,
            None => break,
        };
    }
    let has = |among: &[&str]| names.iter().any(|name| among.contains(&name.as_str()));
    names.len() >= 3 || has(FROM) && (has(WHEN) || has(ABOUT))
}

/// The name of a field of some mail. `*From:* Fay` is how bold comes out as text.
fn field(line: &str) -> Option<String> {
    let (name, _) = line.trim_start_matches('*').split_once(':')?;
    let name = name.trim_matches(['*', ' ', '\u{a0}', '\u{202f}']).to_lowercase();
    [FROM, WHEN, ABOUT, OTHER].iter().any(|names| names.contains(&name.as_str())).then_some(name)
}

const FROM: &[&str] = &["from", "von", "de", "da", "van", "fra", "från", "od", "от"];
const WHEN: &[&str] = &[
    "sent",
    "date",
    "gesendet",
    "datum",
    "envoyé",
    "enviado",
    "enviado el",
    "fecha",
    "inviato",
    "data",
    "verzonden",
    "sendt",
    "skickat",
    "dato",
    "wysłano",
];
const ABOUT: &[&str] =
    &["subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "emne", "ämne"];
const OTHER: &[&str] = &[
    "to",
    "an",
    "à",
    "a",
    "para",
    "aan",
    "til",
    "till",
    "do",
    "кому",
    "cc",
    "bcc",
    "kopie",
    "kopia",
    "copie",
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "mime-version",
    "content-type",
    "in-reply-to",
    "references",
    "reply-to",
    "antwort an",
    "user-agent",
    "dkim-signature",
];

/// A link that a client wrote behind its own words goes: `a@b.example <mailto:a@b.example>`.
/// What a link adds stays. Takes time in proportion to the text.
pub fn links_once(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        rest = after;
        let end = after.find(|c: char| matches!(c, '<' | '>') || c.is_whitespace());
        let link = end.and_then(|end| after.split_at_checked(end));
        match link.and_then(|(link, behind)| Some((link, behind.strip_prefix('>')?))) {
            Some((link, behind)) if repeats(&out, link) => {
                out.truncate(out.trim_end_matches(' ').len());
                rest = behind;
            }
            _ => out.push('<'),
        }
    }
    out.push_str(rest);
    out
}

fn repeats(said: &str, link: &str) -> bool {
    let said = said.trim_end_matches(' ');
    let target = link.strip_prefix("mailto:").or(link.contains("://").then_some(link));
    let whole = |target: &str| {
        let before = said.trim_end_matches('/').strip_suffix(target.trim_end_matches('/'));
        before.is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric()))
    };
    target.is_some_and(|target| !target.is_empty() && whole(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn introduced(text: &str) -> Option<usize> {
        attribution(&text.lines().collect::<Vec<_>>(), is_quoted)
    }

    #[test]
    fn attributions_of_many_clients_belong_to_the_quote() {
        for (lines, text) in [
            (1, "On 23.11.26 10:12, Example SIRT wrote:\n> x"),
            (1, "On Mon, Nov 23, 2026 at 09:13:00AM +0000, Example SIRT wrote:\n> x"),
            (2, "On Mon, Nov 23, 2026 at 9:13 AM Example SIRT <sirt@example.org>\nwrote:\n> x"),
            (2, "On Mon, Nov 23, 2026 at 9:13 AM Example SIRT <sirt@example.org> wrote:\n\n> x"),
            (1, "Am 23.11.26 um 10:12 schrieb Example SIRT:\n> x"),
            (1, "Am 23. November 2026 10:12:00 MEZ schrieb Example SIRT <sirt@example.org>:\n>x"),
            (2, "Am 23. November 2026 10:12:00 MEZ schrieb Example\nSIRT <sirt@example.org>:\n>x"),
            (1, "Le 23/11/2026 à 10:12, Example SIRT a écrit\u{a0}:\n> x"),
            (1, "El 23/11/26 a las 10:12, Example SIRT escribió:\n> x"),
            (1, "* Example SIRT <sirt@example.org> [2026-11-23 09:13]:\n> x"),
            (1, "Quoting Example SIRT (2026-11-23 10:12:00)\n> x"),
            (2, "Example SIRT <sirt@example.org> writes:\n\n> x"),
        ] {
            assert_eq!(introduced(text), Some(lines), "{text}");
        }
        for text in [
            "Thank you.\n> x",
            "On 3 May he wrote:\nHello",
            "These are affected:\n> x",
            "We can reproduce it\nwith 1.2, and you wrote:\n> x",
        ] {
            assert_eq!(introduced(text), None, "{text}");
        }
    }

    #[test]
    fn a_pasted_header_block_is_known() {
        for text in [
            "-----Original Message-----\nFrom: x",
            "________________________________\nFrom: Fay\nSent: Monday\nTo: x\nSubject: y",
            "_____\n\nVon: Fay\nGesendet: Montag\nAn: x\nBetreff: y",
            "*From:* Fay\n*Sent:* Monday",
            "De : Fay\nEnvoyé : lundi\nÀ : x\nObjet : y",
            "-------- Forwarded Message --------\nSubject: \ty\nDate: \tz",
            "Received: from x\n\tby y\nMessage-ID: <x>\nTo: z",
            "Begin forwarded message:\n\nFrom: x",
        ] {
            assert!(begins_pasted_mail(&text.lines().collect::<Vec<_>>()), "{text}");
        }
        for text in [
            "From: 1.2.0\nTo: 1.3.0\n\nis affected",
            "From what we see: nothing\nDate: 3 May",
            "-----\nA list\n-----",
            "Original message",
            "Note: this\nFrom: x",
        ] {
            assert!(!begins_pasted_mail(&text.lines().collect::<Vec<_>>()), "{text}");
        }
    }

    #[test]
    fn depth_is_counted_and_a_version_is_no_quote() {
        for (depth, line) in
            [(0, "x"), (1, "> x"), (2, "> > x"), (2, ">> x"), (1, "  >x"), (0, ">= 1.2"), (1, ">=")]
        {
            assert_eq!(unquoted(line).0, depth, "{line}");
        }
    }

    #[test]
    fn only_a_link_that_repeats_goes() {
        for (text, once) in [
            ("a@b.example <mailto:a@b.example> x", "a@b.example x"),
            ("a@b.example<mailto:a@b.example>", "a@b.example"),
            ("https://a.example/ <https://a.example/>", "https://a.example/"),
            ("https://a.example <https://a.example/>", "https://a.example"),
            ("vic <mailto:eve@evil.test>", "vic <mailto:eve@evil.test>"),
            ("xa@b.example <mailto:a@b.example>", "xa@b.example <mailto:a@b.example>"),
            ("1 < 2 <", "1 < 2 <"),
        ] {
            assert_eq!(links_once(text), once);
        }
    }
}
