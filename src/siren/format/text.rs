//! A notice as a letter that people read: Subject and body, in ASCII and 72 columns.
//!
//! One file for the manners of each kind of list; what they share stands in `pieces`. Every text
//! begins and ends with its label, and says first what it replaces where it replaces something.

pub mod ascii;
mod distros;
mod layout;
mod oss_security;
mod pieces;
mod siren;

pub use layout::COLUMNS;

use super::Document;
use crate::case::{Heading, Manners, Statement};
use crate::siren::clear::{Finding, Notice, Publisher};

/// Everything a text is made from.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    pub heading: &'a Heading,
    /// In ASCII.
    pub said: &'a Statement,
    pub publisher: &'a Publisher,
    /// What is attached for machines.
    pub files: &'a [Document],
}

pub fn subject(manners: Manners, said: &Said<'_>) -> String {
    let subject = match manners {
        Manners::Siren => siren::subject(said),
        Manners::OssSecurity => oss_security::subject(said),
        Manners::Distros => distros::subject(said),
    };
    subject.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn body(manners: Manners, said: &Said<'_>) -> String {
    match manners {
        Manners::Siren => siren::body(said),
        Manners::OssSecurity => oss_security::body(said),
        Manners::Distros => distros::body(said),
    }
}

/// The text with the headings of the SIREN template, as a file.
///
/// # Errors
/// Every character that has no plain form.
pub fn document(notice: &Notice) -> Result<Document, Vec<Finding>> {
    let (said, findings) = ascii::statement(notice.statement());
    if !findings.is_empty() {
        return Err(findings);
    }
    let (heading, publisher) = (notice.heading(), notice.publisher());
    let name = format!("{}.txt", heading.id.to_ascii_lowercase());
    let text = body(Manners::Siren, &Said { heading, said: &said, publisher, files: &[] });
    Ok(Document { name, kind: "text/plain", text })
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
