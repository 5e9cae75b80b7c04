//! oss-security: everything that matters in the mail itself, in the layout its readers know.

use super::{Said, pieces};
use crate::case::NoticeKind;

/// Ids alone are no Subject there: software, versions and the kind of flaw follow.
pub fn subject(said: &Said<'_>) -> String {
    let ids = match pieces::short_ids(&said.said.ids) {
        none if none.is_empty() => none,
        ids => format!("{ids}: "),
    };
    let version = said.heading.version;
    let mark = match said.heading.kind {
        NoticeKind::First => String::new(),
        kind => format!(" ({}, version {version})", pieces::mark(kind)),
    };
    format!("{ids}{}{mark}", said.said.title)
}

pub fn body(said: &Said<'_>) -> String {
    let text = said.said;
    let mut page = pieces::begin(said);
    pieces::supersedes(&mut page, said);
    page.gap().line(&text.title).gap();
    page.line(&format!("CVE ID: {}", pieces::ids(&text.ids)));
    if let Some(severity) = text.severity {
        page.line(&format!("Severity: {severity}"));
    }
    text.cvss.iter().chain(&text.cwe).for_each(|one| _ = page.line(one));
    page.items("Affected versions", &pieces::affected(&text.affected));
    page.items("Fixed versions", &pieces::fixed(&text.affected));
    page.part("Description", &text.description).part("Impact", &text.impact);
    page.part("Signs of attacks", &text.indicators);
    page.part("Known to be exploited", &pieces::exploited(said));
    page.part("Mitigation", &text.actions);
    page.items("Credit", &pieces::credits(said));
    page.items("Timeline", &pieces::timeline(said));
    page.part("Told before, in private", &told_before(&text.told_before));
    page.items("Source", &pieces::sources(said));
    page.items("References", &pieces::references(said));
    page.part("Notes", &text.notes);
    page.part("Use of AI", &text.ai);
    page.items("Machine-readable, attached", &pieces::files(said));
    let date = text.date.map(|date| date.to_string()).unwrap_or_default();
    page.part("Date", &date);
    pieces::end(page, said)
}

/// Readers want to know who could prepare.
fn told_before(lists: &[String]) -> String {
    match lists {
        [] => String::new(),
        lists => format!("This was handled in private before, with: {}.", lists.join(", ")),
    }
}
