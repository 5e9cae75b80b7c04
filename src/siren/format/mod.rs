//! A notice as a document: for people, and for machines. One file a form; all from the same value.

pub mod text;

/// A finished document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// As a file: "sirt-siren-2026-0007.osv.json".
    pub name: String,
    pub kind: &'static str,
    pub text: String,
}

use super::clear::{Finding, Notice};
use crate::case::Format;

/// The notice in that form; or everything that the form asks for and the notice does not say.
pub fn document(format: Format, notice: &Notice) -> Result<Document, Vec<Finding>> {
    match format {
        Format::Text => text::document(notice),
        _ => Err(Vec::new()),
    }
}
