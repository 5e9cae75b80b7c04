//! What we hand out to find our own letters again: codes, tokens, Message-IDs. All are keyed
//! digests, so nobody can guess one, and none says anything about the case.

use super::CaseId;
use crate::mail::{Address, MessageId};
use std::fmt;

/// Digits and letters that cannot be confused when read aloud.
const ALPHABET: &[u8; 30] = b"23456789abcdefghjkmnpqrstvwxyz";

/// Keys for what the desk hands out, derived from the state key.
#[derive(Clone)]
pub struct Secrets {
    pub numbers: [u8; 32],
    pub codes: [u8; 32],
    pub tokens: [u8; 32],
    pub message_ids: [u8; 32],
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// The eight characters in a case line: one letter to one reader, never reused.
    pub fn code(&self, case: &CaseId, revision: u64, letter: u64, reader: &Address) -> String {
        let (revision, letter) = (revision.to_string(), letter.to_string());
        keyed(&self.codes, &[case.as_str(), &revision, &letter, reader.as_str()], 8)
    }

    /// The code of the answer to orders: fixed before anything else of them is.
    pub fn orders_code(&self, orders: &str, reader: &Address) -> String {
        keyed(&self.codes, &["orders", orders, reader.as_str()], 8)
    }

    /// The detail of a participant's reply address: 16 characters, until the generation changes.
    pub fn token(&self, case: &CaseId, participant: u32, generation: u32) -> String {
        let (participant, generation) = (participant.to_string(), generation.to_string());
        keyed(&self.tokens, &[case.as_str(), &participant, &generation], 16)
    }

    /// The detail of a letter's return address, where bounces count.
    pub fn bounce(&self, letter: u64) -> String {
        format!("b{}", keyed(&self.tokens, &["bounce", &letter.to_string()], 16))
    }

    /// What two members sign: 16 characters over every part of a post, each with its length.
    pub fn post(&self, parts: &[&str]) -> String {
        let post = keyed(&self.codes, parts, 26);
        keyed(&self.codes, &["post", &post], 16)
    }

    /// A digest by which the same words are known again, whoever sends them.
    pub fn words(&self, words: &str) -> String {
        keyed(&self.message_ids, &["words", words], 26)
    }

    /// The key of the digests by which passages of a text are known again.
    pub fn passages(&self) -> [u8; 32] {
        *blake3::keyed_hash(&self.message_ids, b"passages").as_bytes()
    }

    /// The name a letter's octets are kept under, as hex.
    pub fn kept(&self, letter: u64) -> String {
        let name = format!("letter {letter}");
        blake3::keyed_hash(&self.message_ids, name.as_bytes()).to_hex().to_string()
    }

    /// The Message-ID of a letter: 26 characters @ our domain.
    pub fn message_id(&self, letter: u64, domain: &str) -> Option<MessageId> {
        let left = keyed(&self.message_ids, &[&letter.to_string()], 26);
        MessageId::parse(&format!("{left}@{domain}"))
    }
}

/// `length` characters of a keyed digest over parts, each part with its length.
fn keyed(key: &[u8; 32], parts: &[&str], length: usize) -> String {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    let mut reader = hasher.finalize_xof();
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut byte = [0_u8; 1];
        reader.fill(&mut byte);
        // 240 is the largest multiple of 30 in a byte: above it the digits would be uneven.
        if let [byte @ 0..240] = byte {
            text.extend(ALPHABET.get(usize::from(byte) % ALPHABET.len()).map(|c| char::from(*c)));
        }
    }
    text
}

/// Codes that stand in a text in the form of our case line, `[CASE code address …`.
pub fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('[').skip(1).filter_map(|rest| handles(rest).map(|(_, code)| code))
}

/// Case and code, where this line begins as our case line does.
pub fn case_line(line: &str) -> Option<(CaseId, &str)> {
    handles(line.trim_start().strip_prefix('[')?)
}

fn handles(inside: &str) -> Option<(CaseId, &str)> {
    let mut words = inside.split_whitespace();
    let case = CaseId::parse(words.next()?)?;
    let code = words.next()?;
    let ours = code.len() == 8 && code.bytes().all(|byte| ALPHABET.contains(&byte));
    ours.then_some((case, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        Secrets { numbers: [1; 32], codes: [2; 32], tokens: [3; 32], message_ids: [4; 32] }
    }

    #[test]
    fn a_code_is_for_one_letter_to_one_reader() {
        let case = CaseId::parse("SIRT-2026-4827").expect("id");
        let fay = Address::parse("fay@finders.test").expect("fay");
        let eve = Address::parse("eve@evil.test").expect("eve");
        let code = secrets().code(&case, 1, 1, &fay);
        assert_eq!(code.len(), 8);
        assert_eq!(code, secrets().code(&case, 1, 1, &fay));
        assert_ne!(code, secrets().code(&case, 1, 2, &fay));
        assert_ne!(code, secrets().code(&case, 1, 1, &eve));
        let line = format!("> [{case} {code} sirt@sirt.test TLP:RED]\n[nothing here]");
        assert_eq!(codes_in(&line).collect::<Vec<_>>(), [code]);
    }

    #[test]
    fn a_message_id_is_one() {
        let id = secrets().message_id(17, "example.org").expect("an id");
        assert_eq!(id.as_str().split('@').next().map(str::len), Some(26));
    }
}
