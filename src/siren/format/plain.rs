//! The notice as a text for people, with everything that is in it: for reading, not for a list.

use super::common::{file_name, lines, sections, software, word_of};
use super::{Document, Notice};
use crate::case::Statement;

pub(super) fn document(notice: &Notice) -> Document {
    let (heading, statement) = (notice.heading(), notice.statement());
    let label = statement.tlp.label();
    let mut text = format!("{label}\n\n{}\n", statement.title.trim());
    let version = format!("{} version {} ({})", heading.id, heading.version, heading.kind);
    let from = format!("{} <{}>", notice.publisher().name, notice.publisher().address);
    let when = heading.written.to_string();
    for (name, value) in [("Notice", version), ("From", from), ("Written", when)] {
        text.push_str(&format!("{name}: {value}\n"));
    }
    for (name, value) in facts(statement) {
        text.push_str(&format!("{name}: {value}\n"));
    }
    for (name, words) in sections(statement) {
        text.push_str(&format!("\n{name}\n\n{}\n", words.trim()));
    }
    for (name, words) in lists(statement).into_iter().chain(lines(notice)) {
        text.push_str(&format!("\n{name}\n\n{}\n", words.trim()));
    }
    text.push_str(&format!("\n{label}\n"));
    Document { name: format!("{}.txt", file_name(&heading.id)), kind: "text/plain", text }
}

fn facts(statement: &Statement) -> Vec<(&'static str, String)> {
    let severity = statement.severity.map(word_of).unwrap_or_default();
    let mut facts = vec![
        ("Ids", statement.ids.join(", ")),
        ("Severity", severity),
        ("CVSS", statement.cvss.join(", ")),
        ("Weakness", statement.cwe.join(", ")),
        ("Known to be exploited", statement.exploited.to_string()),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn lists(statement: &Statement) -> Vec<(&'static str, String)> {
    let software = software(statement);
    let affected = software.iter().map(|one| {
        let spans: Vec<String> = one.spans.iter().map(ToString::to_string).collect();
        let fixed = if one.fixed.is_empty() { "none known".into() } else { one.fixed.join(", ") };
        let repo = one.repo.map(|repo| format!("; source {repo}")).unwrap_or_default();
        format!("{}: {}; fixed in {fixed}{repo}", one.package.trim(), spans.join(", "))
    });
    let references = statement.references.iter().map(|one| format!("{}: {}", one.kind, one.url));
    let credits = statement.credits.iter().map(|one| match one.role.trim() {
        "" => one.name.clone(),
        role => format!("{} ({role})", one.name),
    });
    let mut lists = vec![
        ("Affected", affected.collect::<Vec<_>>().join("\n")),
        ("References", references.collect::<Vec<_>>().join("\n")),
        ("Credits", credits.collect::<Vec<_>>().join("\n")),
    ];
    lists.retain(|(_, text)| !text.is_empty());
    lists
}
