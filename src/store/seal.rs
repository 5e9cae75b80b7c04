//! Sealing at rest: the keys derived from the state key, and the one way to seal and open.

use super::StoreError;
use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use std::fmt;
use std::io;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

pub(super) const NONCE: usize = 24;
pub(super) const TAG: usize = 16;
/// How much longer a sealed text is.
pub(super) const SEALED: usize = NONCE + TAG;

/// The key that seals everything at rest. Wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct StateKey([u8; 32]);

impl StateKey {
    pub fn from_bytes(bytes: [u8; 32]) -> StateKey {
        StateKey(bytes)
    }

    /// The contents of a key file: exactly 32 octets.
    pub fn from_file(contents: &[u8]) -> Option<StateKey> {
        <[u8; 32]>::try_from(contents).ok().map(StateKey)
    }

    pub fn generate() -> Result<StateKey, StoreError> {
        let mut bytes = [0; 32];
        random(&mut bytes)?;
        Ok(StateKey(bytes))
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for the gateway's own use (case numbers, codes, tokens, Message-IDs), one a context.
    /// No context yields a key of the store.
    pub fn derived(&self, context: &str) -> [u8; 32] {
        blake3::derive_key(&format!("sirt-gateway 2026 use: {context}"), &self.0)
    }

    fn part(&self, part: &str) -> Key {
        Key::new(blake3::derive_key(&format!("sirt-gateway 2026 state: {part}"), &self.0))
    }
}

impl fmt::Debug for StateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey(…)")
    }
}

/// The store's own keys, one a purpose.
#[derive(Clone)]
pub(super) struct Keys {
    pub birth: Key,
    pub journal: Key,
    pub heads: Key,
    pub wrap: Key,
    pub index: Key,
    pub names: Key,
    pub snapshot: Key,
    pub digest: Key,
    pub kept: Key,
}

impl Keys {
    pub fn of(state: &StateKey) -> Keys {
        Keys {
            birth: state.part("birth"),
            journal: state.part("journal"),
            heads: state.part("heads of records"),
            wrap: state.part("wrap"),
            index: state.part("index"),
            names: state.part("names in the index"),
            snapshot: state.part("snapshot"),
            digest: state.part("digest"),
            kept: state.part("kept mail"),
        }
    }
}

/// 32 octets that seal, open and hash. Wiped from memory when dropped.
#[derive(Clone)]
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub fn new(bytes: [u8; 32]) -> Key {
        Key(Zeroizing::new(bytes))
    }

    pub fn generate() -> Result<Key, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        random(bytes.as_mut())?;
        Ok(Key(bytes))
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Nonce, ciphertext and tag, appended to `out`.
    pub fn seal_into(&self, aad: &[u8], plain: &[u8], out: &mut Vec<u8>) -> Result<(), StoreError> {
        let mut nonce = [0; NONCE];
        random(&mut nonce)?;
        out.reserve(plain.len() + SEALED);
        out.extend_from_slice(&nonce);
        let start = out.len();
        out.extend_from_slice(plain);
        let body = out.get_mut(start..).unwrap_or_default();
        let tag = self.cipher().encrypt_in_place_detached(XNonce::from_slice(&nonce), aad, body);
        out.extend_from_slice(&tag.map_err(|_| StoreError::Refused("too long to seal"))?);
        Ok(())
    }

    pub fn seal(&self, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut out = Vec::new();
        self.seal_into(aad, plain, &mut out)?;
        Ok(out)
    }

    /// The plain text, where `sealed` is whole and was sealed by this key with this `aad`.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_at_checked(NONCE)?;
        let (body, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
        let mut plain = body.to_vec();
        self.cipher()
            .decrypt_in_place_detached(XNonce::from_slice(nonce), aad, &mut plain, tag.into())
            .ok()?;
        Some(plain)
    }

    pub fn hash(&self, bytes: &[u8]) -> [u8; 32] {
        blake3::keyed_hash(&self.0, bytes).into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.as_ref().into())
    }
}

pub(super) fn random(bytes: &mut [u8]) -> Result<(), StoreError> {
    getrandom::fill(bytes).map_err(|_| StoreError::Io {
        doing: "draw a random number for",
        source: io::Error::from(io::ErrorKind::Unsupported),
    })
}
