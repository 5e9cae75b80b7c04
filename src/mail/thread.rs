//! What stands in In-Reply-To and References of an answer (RFC 5322 section 3.6.4).

use super::{Mail, MessageId};
use crate::limits::REFERENCES;

/// The References of an answer to `parent`: those of the parent, or the one id it answers, and
/// then the parent itself. Of a long thread its first mail and its newest ones stay.
pub fn references(parent: &Mail) -> Vec<MessageId> {
    let mut thread = parent.references.clone();
    if let ([], [one]) = (thread.as_slice(), parent.in_reply_to.as_slice()) {
        thread.push(one.clone());
    }
    thread.extend(parent.message_id.clone());
    let excess = thread.len().saturating_sub(REFERENCES);
    let first = usize::from(!thread.is_empty());
    thread.drain(first..first + excess);
    thread
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> MessageId {
        MessageId::parse(&format!("m{n}@example.org")).expect("an id")
    }

    #[test]
    fn an_answer_names_its_thread() {
        let mut parent = Mail { message_id: Some(id(2)), ..Mail::default() };
        assert_eq!(references(&parent), [id(2)]);
        parent.in_reply_to = vec![id(1)];
        assert_eq!(references(&parent), [id(1), id(2)]);
        parent.references = vec![id(0)];
        assert_eq!(references(&parent), [id(0), id(2)]);
        assert_eq!(references(&Mail::default()), []);
    }

    #[test]
    fn eve_cannot_make_a_thread_without_end() {
        let long = (0..500).map(id).collect();
        let parent = Mail { message_id: Some(id(500)), references: long, ..Mail::default() };
        let kept = references(&parent);
        assert_eq!(
            (kept.len(), kept.first(), kept.last()),
            (REFERENCES, Some(&id(0)), Some(&id(500)))
        );
    }
}
