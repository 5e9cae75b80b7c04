//! A notice as a document: for people, and for machines. One file a form; all from the same value.
//!
//! What a form has no field for stands in its notes or its own extension, so that nothing is lost
//! from one form that another has. A form refuses, naming what is missing, before it writes a
//! document that its readers could not use.

mod common;
mod csaf;
mod cve;
mod cwe;
mod osv;
pub mod text;
pub mod versions;

pub use common::{credit_role, is_flaw_id};
pub use cwe::name as cwe_name;

use super::clear::{Finding, Notice};
use crate::case::Format;

/// A finished document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// As a file: "sirt-siren-2026-0007.osv.json".
    pub name: String,
    pub kind: &'static str,
    pub text: String,
}

/// The notice in that form; or everything that the form asks for and the notice does not say.
///
/// # Errors
/// All findings of that form at once.
pub fn document(format: Format, notice: &Notice) -> Result<Document, Vec<Finding>> {
    match format {
        Format::Osv => osv::document(notice),
        Format::Csaf => csaf::document(notice),
        Format::Cve => cve::document(notice),
        Format::Text => text::document(notice),
    }
}
