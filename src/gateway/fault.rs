//! Something broke. For the operator: one line that says what, and whether trying again can help.

use crate::case::NotAnEntry;
use crate::config::Problems;
use crate::outbox::dress::DressError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}; is this state of a newer version?")]
    Entry(#[from] NotAnEntry),
    #[error(transparent)]
    Settings(#[from] Problems),
    /// A key, a secret or a template that cannot be used as configured.
    #[error("{what} ({place}): {todo}")]
    Key { what: String, place: String, todo: String },
    #[error("a letter cannot be written: {0}")]
    Dress(DressError),
    #[error("{what}: {error}")]
    System { what: &'static str, error: std::io::Error },
    #[error("this is a fault of the program: {0}; please report it")]
    Bug(&'static str),
}

impl Fault {
    /// Exit status 75: the same may work later. Everything else wants somebody to mend it (2).
    pub fn temporary(&self) -> bool {
        match self {
            Fault::Store(error) => !matches!(
                error,
                StoreError::WrongKey
                    | StoreError::NewerFormat { .. }
                    | StoreError::Missing
                    | StoreError::Exists
            ),
            Fault::System { .. } => true,
            Fault::Entry(_)
            | Fault::Settings(_)
            | Fault::Key { .. }
            | Fault::Dress(_)
            | Fault::Bug(_) => false,
        }
    }
}
