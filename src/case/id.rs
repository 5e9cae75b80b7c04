//! Case numbers: their written form, finding them in text, and the order they are given in.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `SIRT-2026-4827`: prefix, year of opening, number. Numbers are not consecutive.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseId(String);

#[derive(Debug, thiserror::Error)]
#[error("not a case number: the form is PREFIX-YEAR-NUMBER")]
pub struct NotACaseId;

impl CaseId {
    /// Reads one case number, of any prefix; case does not matter.
    pub fn parse(text: &str) -> Option<CaseId> {
        let text = text.trim().to_ascii_uppercase();
        let (rest, number) = text.rsplit_once('-')?;
        let (prefix, year) = rest.rsplit_once('-')?;
        let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        let whole = is_prefix(prefix)
            && year.len() == 4
            && digits(year)
            && (4..=9).contains(&number.len())
            && digits(number);
        whole.then_some(CaseId(text))
    }

    /// All case numbers of that prefix in a text, in order, each once.
    pub fn find_all(text: &str, prefix: &str) -> Vec<CaseId> {
        let mut found: Vec<CaseId> = Vec::new();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        for id in words.filter_map(|word| CaseId::parse(word.trim_matches('-'))) {
            if id.prefix() == prefix && !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }

    /// The `count`-th case (from 0) of a year.
    pub fn nth(prefix: &str, year: i16, count: u64, key: &[u8; 32]) -> CaseId {
        CaseId(format!("{prefix}-{year:04}-{}", permuted(count, year, key)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn prefix(&self) -> &str {
        self.0.rsplitn(3, '-').nth(2).unwrap_or_default()
    }

    pub fn year(&self) -> i16 {
        self.0.rsplit('-').nth(1).and_then(|year| year.parse().ok()).unwrap_or_default()
    }
}

/// A prefix that cannot be confused with the number behind it.
pub fn is_prefix(text: &str) -> bool {
    (1..=16).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
        && !text.ends_with('-')
}

/// Counter to number: four digits for the first 9,000 cases of a year, then five, and so on.
/// A keyed permutation within each block, so that a number tells nobody how many there are.
fn permuted(count: u64, year: i16, key: &[u8; 32]) -> u64 {
    let (mut first, mut size, mut count) = (1_000_u64, 9_000_u64, count);
    while count >= size {
        count -= size;
        first *= 10;
        size *= 10;
    }
    let mut place = count;
    loop {
        // Cycle walking: the Feistel network permutes a power of four that holds the block.
        place = feistel(place, size, year, key);
        if place < size {
            return first + place;
        }
    }
}

fn feistel(value: u64, size: u64, year: i16, key: &[u8; 32]) -> u64 {
    let half = (u64::BITS - (size - 1).leading_zeros()).div_ceil(2);
    let mask = (1_u64 << half) - 1;
    let (mut left, mut right) = (value >> half, value & mask);
    for round in 0..6_u8 {
        let mut hasher = blake3::Hasher::new_keyed(key);
        hasher.update(&[round]).update(&year.to_le_bytes());
        hasher.update(&size.to_le_bytes()).update(&right.to_le_bytes());
        let mut word = [0_u8; 8];
        hasher.finalize_xof().fill(&mut word);
        (left, right) = (right, left ^ (u64::from_le_bytes(word) & mask));
    }
    left << half | right
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CaseId {
    type Error = NotACaseId;

    fn try_from(text: String) -> Result<Self, NotACaseId> {
        CaseId::parse(&text).ok_or(NotACaseId)
    }
}

impl From<CaseId> for String {
    fn from(id: CaseId) -> String {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn found_in_text_whatever_stands_around_it() {
        let text = "Re: [SIRT-2026-4827] and sirt-2026-1234, not OTHER-2026-9999 or SIRT-26-1";
        let found = CaseId::find_all(text, "SIRT");
        let names: Vec<&str> = found.iter().map(CaseId::as_str).collect();
        assert_eq!(names, ["SIRT-2026-4827", "SIRT-2026-1234"]);
    }

    #[test]
    fn ten_thousand_cases_have_ten_thousand_numbers() {
        let key = [7; 32];
        let ids: BTreeSet<CaseId> =
            (0..10_000).map(|count| CaseId::nth("SIRT", 2026, count, &key)).collect();
        assert_eq!(ids.len(), 10_000);
        assert_eq!(ids.iter().filter(|id| id.as_str().len() == 14).count(), 9_000);
    }

    #[test]
    fn numbers_tell_nobody_how_many_there_are() {
        let key = [7; 32];
        let number = |count| permuted(count, 2026, &key);
        assert!((0..20).all(|count| number(count + 1) != number(count) + 1));
        assert_ne!(permuted(0, 2026, &key), permuted(0, 2027, &key));
    }
}
