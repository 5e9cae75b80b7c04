//! A notice as a post for one list: the list's own rules, and what stands around it.

use super::{Around, Finding, Notice, Post};

/// The post, word for word; or everything that stands against it on this list, now.
pub fn post(_: &Notice, _: &Around<'_>) -> Result<Post, Vec<Finding>> {
    Err(Vec::new())
}
