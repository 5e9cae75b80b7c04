//! Mail that no human wrote and that is never answered (RFC 3834 section 2).

use super::Mail;

/// Why a mail must not be answered by a program; `None` where a human seems to have written it.
pub fn automatic(_mail: &Mail) -> Option<&'static str> {
    None
}
