//! Headers inside the protection (RFC 9788, and the older `protected-headers="v1"`).

use super::{Field, Mail};

/// Headers found on the root of an opened payload.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Protected {
    pub(super) mail: Mail,
    pub(super) names: Vec<String>,
    pub(super) outer: Vec<Field>,
}

/// Puts protected headers in place of the outer ones, as a reader shows them.
pub fn merge(_mail: &mut Mail, _protected: Protected) {}
