//! A statement that says enough, in the right form, to be a notice at all.

use super::{Finding, Notice, Publisher};
use crate::case::{Heading, Statement};

/// The notice; or everything that is missing or wrong in any format or on any list.
pub fn complete(
    heading: &Heading,
    statement: &Statement,
    publisher: &Publisher,
) -> Result<Notice, Vec<Finding>> {
    let (heading, statement) = (heading.clone(), statement.clone());
    Ok(Notice { heading, statement, publisher: publisher.clone() })
}
