//! Reading a post of a watched list: what it says, as values.
//!
//! ```text
//! Mail ──footers──▶ own words ──▶ flaws (ids) · versions · kind, series · sentences · print
//! ```
//!
//! Nothing in a post is believed: what is read here moves no fact. What is kept of it holds no
//! quote, no list's footer and no subscriber's address or token. Every reader is linear in the
//! text.

mod flaws;
mod footers;
mod kind;
mod own;
mod print;
mod sentences;
mod versions;

pub use footers::without_footers;

use crate::case::{Observed, Severity, Watch, values};
use crate::limits::{EXTRACTED, FIELD_CHARS, REFERENCES};
use crate::mail::{Mail, MessageId, clean};
use crate::triage::extract::{each_once, hints::Hints, ids, packages, plain};
use crate::triage::pattern;
use own::Own;
use regex::Regex;
use std::sync::LazyLock;

/// What the post says. Nothing in it is believed: it moves no fact.
pub fn read(mail: &Mail, watch: Option<&Watch>) -> Observed {
    let own = Own::of(mail);
    let (all, about) = flaws::of(&own);
    let found = versions::of(&own);
    let series = kind::series(&own, &about);
    let takes_back = sentences::takes_back(&own);
    let kind = kind::of(&kind::Signs {
        mail,
        watch,
        own: &own,
        ids: &all,
        about: &about,
        versions: !found.affected.is_empty() || !found.fixed.is_empty(),
        series: series.as_ref(),
        takes_back,
    });
    let cvss = ratings(&own.text);
    Observed {
        author: author(mail),
        posted: mail.date,
        message_id: mail.message_id.clone(),
        thread: thread(mail, &own),
        archive: archive(mail, watch),
        kind,
        series,
        ids: all,
        about,
        packages: named(&own),
        affected: found.affected,
        fixed: found.fixed,
        severity: severity(&own, &cvss),
        cvss,
        exploited: sentences::exploited(&own),
        malicious: sentences::malicious(&own),
        takes_back,
        print: print::print(own.message()),
        gist: sentences::gist(&own),
        from_us: None,
        subject: own.subject,
    }
}

/// Name and address as in the post. Lists that write in a sender's name say "Fay via list
/// <fay=finders.test@list>".
fn author(mail: &Mail) -> String {
    let Some(from) = mail.from.first() else { return String::new() };
    let name = from.name.as_str();
    let address = from.address.as_str();
    let (name, passed) = match name.split_once(" via ") {
        Some((name, _)) => (name, true),
        None => (name, false),
    };
    let name = clean::line(name.trim_matches(['"', '\'', ' ']));
    let shown = match from.address.local().rsplit_once('=') {
        Some((local, domain)) if passed && domain.contains('.') => format!("{local}@{domain}"),
        _ => address.to_owned(),
    };
    if name.is_empty() { shown } else { format!("{name} <{shown}>") }
}

/// Everything it answers or passes on, oldest first, each once.
fn thread(mail: &Mail, own: &Own) -> Vec<MessageId> {
    let forwarded = mail.fields_named("x-forwarded-message-id");
    let forwarded = forwarded.flat_map(str::split_whitespace).filter_map(MessageId::parse);
    let all = mail.references.iter().chain(&mail.in_reply_to).cloned();
    let mut seen = std::collections::BTreeSet::new();
    let mut all: Vec<MessageId> = all.chain(forwarded).chain(own.inner.iter().cloned()).collect();
    all.retain(|id| Some(id) != mail.message_id.as_ref() && seen.insert(id.clone()));
    all.truncate(REFERENCES);
    all
}

/// Archived-At (RFC 5064), else what the list's settings make of the Message-ID.
fn archive(mail: &Mail, watch: Option<&Watch>) -> Option<String> {
    let said = mail.field("archived-at").map(|value| value.trim().trim_matches(['<', '>']));
    let web = |url: &&str| {
        (url.starts_with("https://") || url.starts_with("http://"))
            && url.len() <= FIELD_CHARS
            && url.chars().all(|c| c.is_ascii_graphic())
            && without_footers(url) == format!("{url}\n")
    };
    let made = || {
        let id = escaped(mail.message_id.as_ref()?.as_str());
        Some(watch?.archive.as_ref()?.replace("{message_id}", &id))
    };
    said.filter(web).map(str::to_owned).or_else(made)
}

/// RFC 3986 section 2.1, of all but unreserved characters.
fn escaped(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// CVSS vectors of version 3 and 4.
fn ratings(text: &str) -> Vec<String> {
    let found = ids::find(&plain(text)).into_iter().filter(|(_, id)| id.starts_with("CVSS:"));
    each_once(found.collect())
}

/// As a label says it, else by the first vector or score.
fn severity(own: &Own, cvss: &[String]) -> Option<Severity> {
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?im)^[\s*#>|\[-]*(?:overall |base |max(?:imum)? )?(?:severity|risk",
            r"|criticality)(?: rating| level| score)?",
            r"[\s*:=|\]-]{1,6}(?:[0-9.]+\s*[(/-]?\s*)?(none|low|minor|medium|moderate",
            r"|important|high|critical)\b",
            r"|\bseverity: ?(none|low|minor|medium|moderate|important|high|critical)\b",
            r"|\b(low|medium|moderate|high|critical)[ -]severity\b|\brated (?:as )?(low",
            r"|medium|moderate|important|high|critical)\b",
        ))
    });
    static SCORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\bCVSS[ -~]{0,40}?(?:score|rating|base)?[ -/:-~]{0,20}[ !-\-/;-~]",
            r"(10(?:\.0)?|[0-9]\.[0-9])\b(?:(?u:[^.0-9/])|$)",
        ))
    });
    let text = format!("{}\n{}", own.subject, own.text);
    let said = LABEL.as_ref().and_then(|look| look.captures(&text));
    if let Some(word) = said.and_then(|hit| (1..=4).find_map(|n| hit.get(n))) {
        return by_word(&word.as_str().to_ascii_lowercase());
    }
    if let Some(rating) = cvss.iter().find_map(|vector| values::cvss(vector).ok()) {
        return Some(rating.severity);
    }
    let score = SCORE.as_ref().and_then(|look| look.captures(&text));
    by_score(score?.get(1)?.as_str().parse().ok()?)
}

fn by_word(word: &str) -> Option<Severity> {
    Some(match word {
        "none" => Severity::None,
        "low" | "minor" => Severity::Low,
        "medium" | "moderate" => Severity::Medium,
        "important" | "high" => Severity::High,
        "critical" => Severity::Critical,
        _ => return None,
    })
}

/// The scale of CVSS 3 and 4.
fn by_score(score: f32) -> Option<Severity> {
    match score {
        s if s >= 9.0 => Some(Severity::Critical),
        s if s >= 7.0 => Some(Severity::High),
        s if s >= 4.0 => Some(Severity::Medium),
        s if s > 0.0 => Some(Severity::Low),
        _ => None,
    }
}

/// Packages, as purls or as named: in the Subject, and where the text names one.
fn named(own: &Own) -> Vec<String> {
    let text = format!("{}\n\n{}", own.subject, own.text);
    let text = plain(&text);
    let mut names = each_once(packages::names(&packages::find(&text, Hints::of(&text))));
    names.truncate(EXTRACTED);
    names
}
