//! Message-IDs (RFC 5322 section 3.6.4), accepted only in a form that is safe to write again.

use crate::limits::MESSAGE_ID_CHARS;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A Message-ID without its angle brackets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);

#[derive(Debug, thiserror::Error)]
#[error("not a Message-ID")]
pub struct NotAMessageId;

impl MessageId {
    /// Reads `<left@right>` or `left@right`. Anything that could not be copied into a header
    /// line as it stands is refused: a thread is lost then, and no header is forged.
    pub fn parse(text: &str) -> Option<MessageId> {
        let text = text.trim();
        let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')).unwrap_or(text);
        let (left, right) = inner.split_once('@')?;
        let safe = |part: &str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_graphic() && !"<>()\\,;\"".contains(c))
        };
        (inner.len() <= MESSAGE_ID_CHARS && safe(left) && safe(right))
            .then(|| MessageId(inner.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl TryFrom<String> for MessageId {
    type Error = NotAMessageId;

    fn try_from(text: String) -> Result<Self, NotAMessageId> {
        MessageId::parse(&text).ok_or(NotAMessageId)
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> String {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms() {
        let id = MessageId::parse(" <abc.1@mail.example> ").expect("an id");
        assert_eq!(id.as_str(), "abc.1@mail.example");
        assert_eq!(MessageId::parse("abc.1@mail.example"), Some(id));
    }

    #[test]
    fn eve_cannot_write_a_header_through_an_id() {
        for text in
            ["a@b>\r\nX-Evil: 1", "<a b@c>", "<a@>", "<@b>", "a", "<a@b> <c@d>", "<a@b\u{202e}>"]
        {
            assert_eq!(MessageId::parse(text), None, "{text:?}");
        }
    }
}
