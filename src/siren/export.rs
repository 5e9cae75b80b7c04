//! A case as a document: its newest notice, or what the case itself knows where none was drafted.

use super::clear::{Finding, Publisher, complete};
use super::draft;
use super::format::{self, Document};
use crate::case::{Case, Format, Heading, HouseRules, NoticeFate, NoticeKind, Statement};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The document in that form. It carries the stricter label of case and notice, and nobody has
/// said yet that it may be published.
///
/// # Errors
/// Everything that is missing, of any notice and of this form.
pub fn export(
    case: &Case,
    rules: &HouseRules,
    form: Format,
    now: Timestamp,
) -> Result<Document, Vec<Finding>> {
    let (heading, mut statement) = newest(case, now);
    statement.tlp = statement.tlp.max(case.tlp);
    let publisher = Publisher::of(rules);
    match complete(&heading, &statement, &publisher) {
        Ok(notice) => format::document(form, &notice),
        Err(findings) => Err(findings),
    }
}

fn newest(case: &Case, now: Timestamp) -> (Heading, Statement) {
    let notices = case.notices.iter().filter(|notice| notice.fate != NoticeFate::Dropped);
    if let Some(notice) = notices.max_by_key(|notice| notice.number) {
        return (notice.heading.clone(), notice.statement.clone());
    }
    let day = now.to_zoned(TimeZone::UTC).date();
    let (id, written) = (case.id.to_string(), case.updated);
    let heading = Heading { id, version: 1, kind: NoticeKind::First, written, history: Vec::new() };
    (heading, draft::from_case(case, day))
}
