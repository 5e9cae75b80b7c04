//! Values: ids, scores, weaknesses, credits and links in the one form that every document takes.

use super::Findings;
use crate::case::{Statement, values};
use crate::limits::{LINE_CHARS, NOTICE_ROWS, VALUE_CHARS};
use crate::mail::clean;
use crate::siren::format::{credit_role, cwe_name, is_flaw_id};
use std::collections::BTreeSet;

pub(super) fn look(statement: &Statement, findings: &mut Findings) {
    ids(statement, findings);
    scores(statement, findings);
    weaknesses(statement, findings);
    credits(statement, findings);
    for reference in &statement.references {
        link("references", &reference.url, findings);
    }
    for archive in statement.sources.iter().filter_map(|source| source.archive.as_ref()) {
        link("sources", archive, findings);
    }
    for (part, rows) in [
        ("ids", statement.ids.len()),
        ("affected", statement.affected.len()),
        ("credits", statement.credits.len()),
        ("timeline", statement.timeline.len()),
        ("references", statement.references.len()),
        ("sources", statement.sources.len()),
    ] {
        if rows > NOTICE_ROWS {
            let what = format!("There are {rows} {part}, and {NOTICE_ROWS} fit. Leave some out.");
            findings.add("LENGTH", part, what);
        }
    }
}

fn ids(statement: &Statement, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for id in &statement.ids {
        let shown = shown(id);
        let cve = id.get(..3).is_some_and(|first| first.eq_ignore_ascii_case("CVE"));
        if !is_flaw_id(id) || cve && values::cve(id).as_deref() != Ok(id.as_str()) {
            let what = format!(
                "\"{shown}\" is no id of a flaw. Write it as CVE-2026-12345 or \
                 GHSA-xxxx-xxxx-xxxx, or leave it out."
            );
            findings.add("IDS", "ids", what);
        }
        if !seen.insert(id) {
            findings.add("IDS", "ids", format!("{shown} stands there twice. Leave it once."));
        }
    }
}

fn scores(statement: &Statement, findings: &mut Findings) {
    let mut generations = BTreeSet::new();
    for vector in &statement.cvss {
        match values::cvss(vector) {
            Err(why) => findings.add("CVSS", "cvss", why),
            // Two scores of one generation would contradict each other.
            Ok(rating) => {
                let generation = rating.vector.get(..6).unwrap_or_default().to_owned();
                if !generations.insert(generation) {
                    let what = "There are two CVSS vectors of one generation. Keep the right one.";
                    findings.add("CVSS", "cvss", what);
                }
            }
        }
    }
}

fn weaknesses(statement: &Statement, findings: &mut Findings) {
    for cwe in &statement.cwe {
        if cwe_name(cwe).is_none() {
            let what = format!(
                "\"{}\" is no weakness of the CWE list; categories and deprecated entries are \
                 none. Write one as CWE-22.",
                shown(cwe)
            );
            findings.add("CWE", "cwe", what);
        }
    }
}

fn credits(statement: &Statement, findings: &mut Findings) {
    for credit in &statement.credits {
        if credit.name.trim().is_empty() || credit.name.chars().count() > VALUE_CHARS {
            let what = "A credit has no name, or no name that fits. Write the words they chose.";
            findings.add("CREDIT", "credits", what);
        }
        if credit_role(&credit.role).is_none() {
            let what = format!(
                "\"{}\" is no role of a credit. Write finder, reporter, analyst, coordinator, \
                 remediation developer, remediation reviewer, remediation verifier, tool, \
                 sponsor or other.",
                shown(&credit.role)
            );
            findings.add("CREDIT", "credits", what);
        }
    }
    if statement.timeline.iter().any(|one| one.what.trim().is_empty()) {
        findings.add("TIMELINE", "timeline", "A day has no words. Say what happened on it.");
    }
}

fn link(part: &'static str, url: &str, findings: &mut Findings) {
    if !is_public_link(url) {
        let what = format!(
            "\"{}\" is no public link. Write a whole one that begins with https://, or leave it \
             out.",
            shown(url)
        );
        findings.add("LINK", part, what);
    }
}

/// An absolute URL of the web (RFC 3986) without user or password, at a name with a dot.
pub(super) fn is_public_link(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let Some((authority, path)) = rest.split_at_checked(end) else { return false };
    let (host, port) = authority.split_once(':').map_or((authority, None), |(h, p)| (h, Some(p)));
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let percents = path
        .split('%')
        .skip(1)
        .all(|after| after.get(..2).is_some_and(|two| two.bytes().all(|b| b.is_ascii_hexdigit())));
    let allowed = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}[]".contains(c);
    url.len() <= 2_000
        && host.contains('.')
        && host.split('.').all(label)
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
        && path.chars().all(allowed)
        && path.matches('#').count() <= 1
        && percents
}

fn shown(text: &str) -> String {
    clean::cut(&clean::line(text), LINE_CHARS)
}
