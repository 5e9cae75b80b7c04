//! The statement, taken from a case or from a post seen on a list.

use crate::case::{Case, SeenPost, Statement};
use jiff::civil::Date;

/// What the case knows, as a first statement; what nobody has said yet stays empty.
pub fn from_case(_: &Case, _: Date) -> Statement {
    Statement::default()
}

/// What a post said, passed on with its provenance.
pub fn from_post(_: &SeenPost, _: Date) -> Statement {
    Statement::default()
}

/// The statement with these words in it; or a sentence on what is not understood.
pub fn edit(_: &Statement, _: Option<&str>, _: &str) -> Result<Statement, String> {
    Err(String::new())
}

/// The statement as a member edits it.
pub fn sheet(_: &Statement) -> String {
    String::new()
}
