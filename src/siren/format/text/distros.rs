//! distros: not public yet. The Subject travels in the clear and says nothing.

use super::{Said, pieces};
use jiff::Timestamp;

pub fn subject(said: &Said<'_>) -> String {
    let heading = said.heading;
    let mark = pieces::mark(heading.kind);
    format!("[vs] {} version {} {mark}", heading.id, heading.version)
}

pub fn body(said: &Said<'_>) -> String {
    let text = said.said;
    let mut page = pieces::begin(said);
    pieces::supersedes(&mut page, said);
    page.gap().line(&text.title);
    let date = text.public_on.map(definite).unwrap_or_default();
    page.part("Public on (please keep it private until then)", &date);
    page.part("CVE ID", &pieces::ids(&text.ids));
    page.items("Severity", &pieces::severity(said));
    page.items("Affected versions", &pieces::affected(&text.affected));
    page.items("Fixed versions", &pieces::fixed(&text.affected));
    page.part("Description", &text.description).part("Impact", &text.impact);
    page.part("Signs of attacks", &text.indicators);
    page.part("Known to be exploited", &pieces::exploited(said));
    page.part("What to do", &text.actions);
    page.part("Told before, in private", &told_before(&text.told_before));
    page.part("On that date", &promise(said));
    page.items("Credit", &pieces::credits(said));
    page.items("Timeline", &pieces::timeline(said));
    page.items("Source", &pieces::sources(said));
    page.items("References", &pieces::references(said));
    page.part("Notes", &text.notes).part("Use of AI", &text.ai);
    page.items("Attached", &pieces::files(said));
    let date = text.date.map(|date| date.to_string()).unwrap_or_default();
    page.part("Date of this mail", &date);
    pieces::end(page, said)
}

/// "Wednesday, 2026-06-03 14:00 UTC"
fn definite(at: Timestamp) -> String {
    at.strftime("%A, %Y-%m-%d %H:%M UTC").to_string()
}

fn told_before(who: &[String]) -> String {
    if who.is_empty() { String::new() } else { format!("{}.", who.join(", ")) }
}

fn promise(said: &Said<'_>) -> String {
    let at = said.said.public_on.map(definite).unwrap_or_else(|| "the public date".to_owned());
    format!(
        "On {at} we post this to oss-security ourselves, with at least the detail given here. If \
         it becomes known earlier, please tell us at once: we then post at once."
    )
}
