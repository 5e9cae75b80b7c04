//! The print of a text: near-same texts share most of it, however they are wrapped or marked.

use crate::limits::{PRINT_DIGESTS, SHINGLE_WORDS};
use crate::triage::reading::plain_words;
use std::collections::BTreeSet;

/// The smallest digests of all runs of [`SHINGLE_WORDS`] words, in order. Anyone can make them of a
/// public text: they are no secret and hide nothing.
pub fn print(text: &str) -> Vec<u64> {
    let plain = plain_words(text);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut least = BTreeSet::new();
    for shingle in words.windows(SHINGLE_WORDS.min(words.len().max(1))) {
        least.insert(digest(shingle));
        if least.len() > PRINT_DIGESTS {
            least.pop_last();
        }
    }
    least.into_iter().collect()
}

fn digest(words: &[&str]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for word in words {
        hasher.update(word.as_bytes());
        hasher.update(b" ");
    }
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_and_marks_do_not_matter() {
        let one = print("A hole was found in libexample, which is bad.\nFix it!");
        let other = print("  A hole was\nfound in libexample which is bad\n\n * fix it");
        assert_eq!(one, other);
        assert!(one.is_sorted() && !one.is_empty());
        assert_ne!(one, print("Something else was found in libexample, which is good."));
        assert_eq!((print("two words").len(), print("").len()), (1, 0));
    }

    #[test]
    fn eve_cannot_make_it_long() {
        let text: String = (0..20_000).map(|n| format!("word{n} ")).collect();
        assert_eq!(print(&text).len(), PRINT_DIGESTS);
    }
}
