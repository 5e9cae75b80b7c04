//! SIREN: the headings of its template, for people who run software and have little time.

use super::{Said, pieces};

pub fn subject(said: &Said<'_>) -> String {
    let heading = said.heading;
    let ids = match pieces::short_ids(&said.said.ids) {
        none if none.is_empty() => none,
        ids => format!("({ids})"),
    };
    format!(
        "[SIREN] {} v{} {}: {} {ids} exploited: {}",
        heading.id,
        heading.version,
        pieces::mark(heading.kind),
        said.said.title,
        said.said.exploited
    )
    .replace(" :", ":")
}

pub fn body(said: &Said<'_>) -> String {
    let (heading, text) = (said.heading, said.said);
    let mut page = pieces::begin(said);
    pieces::supersedes(&mut page, said);
    page.part("Title", &text.title)
        .part("Notice", &format!("{}, version {}", heading.id, heading.version))
        .part("CVE ID", &pieces::ids(&text.ids));
    page.items("Affected", &pieces::affected(&text.affected));
    page.items("Fixed", &pieces::fixed(&text.affected));
    page.items("Severity", &pieces::severity(said));
    page.part("Description", &text.description).part("Impact", &text.impact);
    page.part("TTPs/IoCs", &text.indicators);
    page.part("Recommended Actions", &text.actions);
    page.gap().line("Known to be Actively Exploited?").prose(&pieces::exploited(said));
    let date = text.date.map(|date| date.to_string()).unwrap_or_default();
    page.part("Date Added", &date);
    page.items("Source", &pieces::sources(said));
    page.items("Resources & Notes", &pieces::references(said));
    page.gap().prose(&text.notes);
    page.part("Use of AI", &text.ai);
    page.items("Credits", &pieces::credits(said));
    page.items("Timeline", &pieces::timeline(said));
    page.items("Machine-readable, attached", &pieces::files(said));
    pieces::end(page, said)
}
