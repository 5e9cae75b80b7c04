//! stub
use crate::case::Team;
use crate::letter::{Letter, Templates};
use crate::outbox::Sealed;
use crate::pgp::{Certificate, TeamKey};
use jiff::Timestamp;
use std::collections::BTreeMap;
pub struct Dresser {
    pub templates: Templates,
    pub team: Team,
    pub key: TeamKey,
    pub members: BTreeMap<String, Certificate>,
}
pub struct Dressed {
    pub sealed: Sealed,
    pub kept: bool,
}
#[derive(Debug, thiserror::Error)]
pub enum DressError {
    #[error("{0}")]
    Key(String),
    #[error("{0}")]
    Bug(String),
}
pub fn dress(_l: &Letter, _d: &Dresser, _n: Timestamp) -> Result<Dressed, DressError> {
    Err(DressError::Bug(String::new()))
}
