//! One journal frame: the seal around an entry, and its link to the frame before.
//!
//! ```text
//! u32 LE length of what follows the head; top bit: the same commit goes on in the next frame
//! u64 LE sequence
//! 8 octets: keyed hash over the chain hash before, length and sequence
//! 24 octets nonce, ciphertext, 16 octets tag: associated data = chain hash before, head
//! ```
//!
//! The chain hash after a frame is BLAKE3 over the chain hash before and all octets of the frame.
//! The head's own hash tells a length that was changed from a frame that was never finished.

use super::StoreError;
use super::seal::{Key, SEALED};
use crate::limits;

pub(super) const HEAD: usize = 20;
const CHECKED: usize = 12;
const GOES_ON: u32 = 1 << 31;

pub(super) type Chain = [u8; 32];

/// The keys that frames are made with.
#[derive(Clone)]
pub(super) struct FrameKeys {
    pub seal: Key,
    pub heads: Key,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub body: usize,
    pub seq: u64,
    /// More frames of the same commit follow: without them this one does not count.
    pub goes_on: bool,
}

impl FrameKeys {
    /// Appends the frame to `out` and returns the chain hash after it.
    pub fn write(
        &self,
        chain: &Chain,
        (seq, goes_on): (u64, bool),
        entry: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Chain, StoreError> {
        let start = out.len();
        if entry.len() > limits::ENTRY_BYTES {
            return Err(StoreError::Refused("an entry is too long"));
        }
        let head = self.head(chain, Head { body: entry.len() + SEALED, seq, goes_on });
        out.extend_from_slice(&head);
        self.seal.seal_into(&bound(chain, &head), entry, out)?;
        Ok(after(chain, out.get(start..).unwrap_or_default()))
    }

    fn head(&self, chain: &Chain, head: Head) -> [u8; HEAD] {
        let length = head.body as u32 | if head.goes_on { GOES_ON } else { 0 };
        let mut bytes = [0; HEAD];
        let (plain, check) = bytes.split_at_mut(CHECKED);
        plain[..4].copy_from_slice(&length.to_le_bytes());
        plain[4..].copy_from_slice(&head.seq.to_le_bytes());
        check.copy_from_slice(&self.check(chain, plain));
        bytes
    }

    fn check(&self, chain: &Chain, plain: &[u8]) -> [u8; HEAD - CHECKED] {
        let mut input = [0; 32 + CHECKED];
        input[..32].copy_from_slice(chain);
        input[32..].copy_from_slice(plain);
        let mut check = [0; HEAD - CHECKED];
        check.copy_from_slice(&self.heads.hash(&input)[..HEAD - CHECKED]);
        check
    }

    /// The head, where it is one that follows this chain hash.
    pub fn read_head(&self, chain: &Chain, bytes: &[u8; HEAD]) -> Option<Head> {
        let (plain, check) = bytes.split_at(CHECKED);
        if self.check(chain, plain) != check {
            return None;
        }
        let (length, seq) = plain.split_at(4);
        let length = u32::from_le_bytes(length.try_into().ok()?);
        let seq = u64::from_le_bytes(seq.try_into().ok()?);
        let body = (length & !GOES_ON) as usize;
        let fits = (SEALED..=limits::ENTRY_BYTES + SEALED).contains(&body);
        fits.then_some(Head { body, seq, goes_on: length & GOES_ON != 0 })
    }

    pub fn open(&self, chain: &Chain, head: &[u8; HEAD], body: &[u8]) -> Option<Vec<u8>> {
        self.seal.open(&bound(chain, head), body)
    }
}

fn bound(chain: &Chain, head: &[u8; HEAD]) -> [u8; 32 + HEAD] {
    let mut bound = [0; 32 + HEAD];
    bound[..32].copy_from_slice(chain);
    bound[32..].copy_from_slice(head);
    bound
}

pub(super) fn after(chain: &Chain, frame: &[u8]) -> Chain {
    let mut hasher = blake3::Hasher::new();
    hasher.update(chain);
    hasher.update(frame);
    hasher.finalize().into()
}
