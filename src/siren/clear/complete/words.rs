//! Words: there, not too long, readable, and no placeholder among them.

use super::Findings;
use crate::case::{Exploited, Statement};
use crate::limits::{NOTICE_CHARS, NOTICE_TITLE_CHARS};
use crate::mail::clean;
use regex::Regex;
use std::sync::LazyLock;

/// What people leave where they meant to write something. Markup in angle brackets is often what
/// a flaw is about, so that only the words of forms count there.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let parts = [
        r"\b(?:TODO|FIXME|TBD|TBA|XXX+)\b",
        r"(?i:\blorem ipsum\b)",
        r"\?{3,}",
        r"(?i:\bCVE-(?:YYYY|XXXX|\d{4}-(?:N{3,}|X{3,}|\?+)))",
        r"\b(?:X\.Y(?:\.Z)?|x\.y\.z|[xn]\.[xn]\.[xn]|N\.N(?:\.N)?)\b",
        r"(?i:<(?:name|package|project|product|versions?|date)(?:[ _-][^<>\n]{0,60})?>)",
        r"(?i:<(?:url|link|title|add|describe|e\.?g|\.{2,})(?:[ _-][^<>\n]{0,60})?>)",
        r"(?i:<(?:insert|your|todo|tbd|placeholder)(?:[ _-][^<>\n]{0,60})?>)",
        r"(?i:\[(?:\.{2,}|insert|your|fill|if applicable)(?:[ _-][^\[\]\n]{0,60})?\])",
        r"(?i:\[(?:todo|tbd|placeholder|describe|add)(?:[ _-][^\[\]\n]{0,60})?\])",
        r"…\]|<…>",
    ];
    Regex::new(&parts.join("|")).ok()
});

/// Whole parts that say nothing.
const EMPTY_WORDS: &[&str] = &[
    "example",
    "examples",
    "test",
    "title",
    "description",
    "text",
    "none",
    "n/a",
    "na",
    "unknown",
    "placeholder",
    "project",
    "package",
    "-",
    "--",
    "...",
    ".",
];

pub(super) fn look(statement: &Statement, findings: &mut Findings) {
    there(statement, findings);
    for (part, text) in texts(statement) {
        if part == "title" && text.contains('\n') {
            findings.add("TITLE", part, "The title has more than one line. Write one.");
        }
        let most = if part == "title" { NOTICE_TITLE_CHARS } else { NOTICE_CHARS };
        if text.chars().count() > most {
            let what = format!("The {part} is longer than {most} characters. Shorten it.");
            findings.add("LENGTH", part, what);
        }
        if clean::text(text) != *text {
            let what = format!(
                "The {part} holds characters that cannot be seen or that turn the order of \
                 others. Type it anew."
            );
            findings.add("HIDDEN", part, what);
        }
        placeholder(part, text, findings);
    }
}

fn there(statement: &Statement, findings: &mut Findings) {
    let empty = |text: &str| text.trim().is_empty();
    if empty(&statement.title) {
        let what = "It has no title. Write the software, the versions and what it is about, in \
                    one line.";
        findings.add("TITLE", "title", what);
    }
    if empty(&statement.description) {
        let what = "It has no description. Say what the flaw is, so that it is understood when \
                    all links are dead.";
        findings.add("DESCRIPTION", "description", what);
    }
    if empty(&statement.actions) {
        let what = "It does not say what readers should do now. Write that, or that nothing has \
                    to be done.";
        findings.add("ACTIONS", "actions", what);
    }
    if statement.exploited == Exploited::Yes && empty(&statement.evidence) {
        let what = "It says that this is exploited, and not how anybody knows. Name who said so \
                    and where.";
        findings.add("EVIDENCE", "evidence", what);
    }
    let says_too_little =
        statement.ids.is_empty() && statement.affected.is_empty() && empty(&statement.indicators);
    if says_too_little {
        let what = "It names no id, no package and no indicators, so that no reader can tell \
                    whether it is about them. Name at least one.";
        findings.add("SUBJECT", "ids", what);
    }
}

/// Everything that people wrote, with its part.
pub(super) fn texts(statement: &Statement) -> Vec<(&'static str, &str)> {
    let mut texts = vec![
        ("title", statement.title.as_str()),
        ("description", &statement.description),
        ("impact", &statement.impact),
        ("indicators", &statement.indicators),
        ("actions", &statement.actions),
        ("evidence", &statement.evidence),
        ("changes", &statement.changes),
        ("notes", &statement.notes),
    ];
    texts.extend(statement.credits.iter().map(|one| ("credits", one.name.as_str())));
    texts.extend(statement.timeline.iter().map(|one| ("timeline", one.what.as_str())));
    for source in &statement.sources {
        texts.extend([("sources", source.list.as_str()), ("sources", source.author.as_str())]);
    }
    texts.extend(statement.told_before.iter().map(|one| ("told_before", one.as_str())));
    texts
}

fn placeholder(part: &'static str, text: &str, findings: &mut Findings) {
    let tidy = text.trim().to_lowercase();
    let whole = matches!(part, "title" | "description" | "actions" | "credits" | "timeline")
        && EMPTY_WORDS.contains(&tidy.as_str());
    let found = PLACEHOLDER.as_ref().and_then(|one| one.find(text)).map(|found| found.as_str());
    let found = if whole { Some(text.trim()) } else { found };
    if let Some(found) = found {
        let shown = clean::cut(&clean::line(found), 60);
        let what = format!("\"{shown}\" in the {part} is a placeholder. Write what it stands for.");
        findings.add("PLACEHOLDER", part, what);
    }
}
