//! What all documents for machines take from a notice in the same way.

use super::versions::{Span, is_semver};
use super::{Document, Finding, Notice};
use crate::case::{Affected, NoticeKind, Severity, Statement, purl, values};
use crate::limits::VALUE_CHARS;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

/// Roles of a credit in lower case: the same words in all three forms.
const ROLES: &[&str] = &[
    "finder",
    "reporter",
    "analyst",
    "coordinator",
    "remediation developer",
    "remediation reviewer",
    "remediation verifier",
    "tool",
    "sponsor",
    "other",
];

/// The role as the forms name it; nothing said is "other".
pub fn credit_role(role: &str) -> Option<&'static str> {
    let tidy = role.trim().to_lowercase().replace(['-', '_'], " ");
    let tidy = if tidy.is_empty() { "other" } else { &tidy };
    ROLES.iter().copied().find(|known| *known == tidy)
}

/// An id as databases of flaws write them: `CVE-2026-12345`, `GHSA-…`, `XSA-480`, `VU#123456`.
pub fn is_flaw_id(id: &str) -> bool {
    let Some((name, rest)) = id.split_once(['-', '#']) else { return false };
    (5..=VALUE_CHARS).contains(&id.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c))
        && rest.ends_with(|c: char| c.is_ascii_alphanumeric())
}

pub fn is_cve(id: &str) -> bool {
    id.starts_with("CVE-")
}

/// One package of the statement, all entries of it together.
pub struct Software<'a> {
    /// As it was named.
    pub package: &'a str,
    /// Canonical, where it is one.
    pub purl: Option<String>,
    /// Whose it is, as far as the purl says.
    pub vendor: String,
    /// The last part of its name.
    pub name: String,
    pub spans: Vec<Span>,
    pub fixed: Vec<String>,
    pub scheme: Option<&'a str>,
    pub repo: Option<&'a str>,
}

/// The packages in order of the statement, each once.
pub fn software(statement: &Statement) -> Vec<Software<'_>> {
    let mut all: Vec<Software<'_>> = Vec::new();
    for affected in &statement.affected {
        let one = one(affected);
        let same = |other: &&mut Software<'_>| match (&other.purl, &one.purl) {
            (Some(a), Some(b)) => a == b,
            (None, None) => other.package.trim() == one.package.trim(),
            _ => false,
        };
        match all.iter_mut().find(same) {
            Some(known) => known.takes(one),
            None => all.push(one),
        }
    }
    all
}

fn one(affected: &Affected) -> Software<'_> {
    let purl = purl::canonical(&affected.package).map(|(purl, _)| purl);
    let path = purl::parts(&affected.package).map(|(_, path)| path).unwrap_or_default();
    let name = path.last().cloned().unwrap_or_else(|| affected.package.trim().to_owned());
    let space = path.split_last().map(|(_, space)| space.join("/")).unwrap_or_default();
    let vendor = if space.is_empty() { name.clone() } else { space };
    let mut one = Software {
        package: &affected.package,
        purl,
        vendor,
        name,
        spans: Vec::new(),
        fixed: Vec::new(),
        scheme: affected.scheme.as_deref(),
        repo: affected.repo.as_deref(),
    };
    for span in affected.versions.iter().filter_map(|text| Span::parse(text).ok()) {
        push(&mut one.spans, span);
    }
    for version in &affected.fixed {
        push(&mut one.fixed, version.trim().to_owned());
    }
    one
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

impl Software<'_> {
    fn takes<'a>(&mut self, other: Software<'a>)
    where
        Self: 'a,
    {
        for span in other.spans {
            push(&mut self.spans, span);
        }
        for version in other.fixed {
            push(&mut self.fixed, version);
        }
    }

    /// The type of its purl: "npm".
    pub fn kind(&self) -> Option<&str> {
        self.purl.as_ref()?.strip_prefix("pkg:")?.split('/').next()
    }

    /// All versions of it can be compared as Semantic Versioning does.
    pub fn is_semver(&self) -> bool {
        let said = self.scheme == Some("semver");
        let by_registry = matches!(self.kind(), Some("cargo" | "npm" | "golang" | "hex" | "pub"));
        let mut named = self.spans.iter().flat_map(Span::named);
        (said || self.scheme.is_none() && by_registry)
            && named.all(|version| is_semver(version) || version == "0")
            && self.fixed.iter().all(|version| is_semver(version))
    }
}

/// Vectors with their scores; each generation once.
pub fn ratings(statement: &Statement) -> Vec<values::Rating> {
    statement.cvss.iter().filter_map(|vector| values::cvss(vector).ok()).collect()
}

pub fn word_of(severity: Severity) -> String {
    severity.to_string().to_ascii_uppercase()
}

/// When the first version was published, or this one was written.
pub fn first(notice: &Notice) -> Timestamp {
    notice.heading().history.first().map_or(notice.heading().written, |one| one.at)
}

pub fn midnight(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

pub fn is_withdrawn(notice: &Notice) -> bool {
    notice.heading().kind == NoticeKind::Withdrawal
}

/// The parts of the statement that a form has no field of its own for, by name: whatever is not
/// in `spoken` and not empty. The notice itself is named first.
pub fn the_rest(notice: &Notice, spoken: &[&str]) -> Value {
    let heading = notice.heading();
    let mut rest = json!({
        "notice": heading.id, "version": heading.version, "kind": heading.kind,
        "publisher": notice.publisher().name,
    });
    let statement = serde_json::to_value(notice.statement()).unwrap_or_default();
    if let (Value::Object(rest), Value::Object(statement)) = (&mut rest, statement) {
        let left = statement
            .into_iter()
            .filter(|(name, value)| !spoken.contains(&name.as_str()) && !is_empty(value));
        for (name, value) in left {
            let value = if name == "tlp" { json!(notice.statement().tlp.label()) } else { value };
            rest.insert(name, value);
        }
        if let Some(policy) = &notice.publisher().policy_url {
            rest.insert("policy".to_owned(), json!(policy));
        }
    }
    rest
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// The paragraphs for people, each with its heading; empty ones are left out.
pub fn sections(statement: &Statement) -> Vec<(&'static str, &str)> {
    let sections = [
        ("Description", statement.description.as_str()),
        ("Impact", &statement.impact),
        ("TTPs and indicators", &statement.indicators),
        ("Recommended actions", &statement.actions),
        ("What is known of exploitation", &statement.evidence),
        ("Changes since the last version", &statement.changes),
        ("Notes", &statement.notes),
    ];
    sections.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect()
}

/// Lines of facts that have fields in some forms only.
pub fn lines(notice: &Notice) -> Vec<(&'static str, String)> {
    let statement = notice.statement();
    let mut lines = Vec::new();
    let timeline: Vec<String> =
        statement.timeline.iter().map(|one| format!("{}: {}", one.day, one.what)).collect();
    lines.push(("Timeline", timeline.join("\n")));
    let sources = statement.sources.iter().map(|source| {
        let date = source.date.map(|date| date.to_string());
        let id = source.message_id.as_ref().map(ToString::to_string);
        let parts = [Some(source.list.clone()), Some(source.author.clone()), date, id];
        let parts = parts.into_iter().chain([source.archive.clone()]).flatten();
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    });
    lines.push(("Passed on from", sources.collect::<Vec<_>>().join("\n")));
    lines.push(("Told before in private", statement.told_before.join(", ")));
    let date = |at: Option<String>| at.unwrap_or_default();
    lines.push(("Public on", date(statement.public_on.map(|at| at.to_string()))));
    lines.push(("Date", date(statement.date.map(|day| day.to_string()))));
    lines.retain(|(_, text)| !text.is_empty());
    lines
}

/// A document for machines, readable by people too.
pub fn json_document(name: String, value: &Value) -> Document {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    Document { name, kind: "application/json", text: text + "\n" }
}

/// The id as a file name: as CSAF 2.0 section 5.1 forms it, and for the others the same.
pub fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for c in id.to_ascii_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' | '+' | '-' => name.push(c),
            _ if name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    name
}

pub fn finding(rule: &'static str, part: &'static str, what: impl Into<String>) -> Finding {
    Finding { rule, what: what.into(), part }
}
