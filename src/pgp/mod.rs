//! OpenPGP (RFC 9580): open and seal, given bytes, keys and a time. Only here stands Sequoia.
//!
//! Going in: [`Opener`] turns a ciphertext into [`Plain`] bytes with the signature packets that
//! stood in it; [`Plain::signature`], [`verify_detached`] and [`verify_cleartext`] say what those
//! signatures are worth against [`Known`] certificates. Going out: [`TeamKey`] signs and seals.
//!
//! It knows fingerprints, not people. It never hands out a byte that was not authenticated as a
//! whole, never tries a password, never encrypts to a key that has a [`KeyTrouble`], and never
//! looks a key up anywhere: what it may use it is given.

#[cfg(test)]
pub(crate) mod cast;
mod cleartext;
mod dearmor;
#[cfg(test)]
mod gpg_tests;
mod keyring;
mod layers;
mod locks;
mod open;
mod renew;
mod seal;
mod signers;
mod team;
mod trouble;
mod verdict;
mod wkd;

pub use cleartext::verify_cleartext;
pub use keyring::{Certificate, KeyError, holds_secret};
pub use open::{Detached, OpenFailure, Opener, Plain, verify_detached};
pub use seal::{SealError, SignedBytes};
pub use signers::claims_signer;
pub use team::{Generated, Profile, TeamKey};
pub use trouble::KeyTrouble;
pub use verdict::{Context, Known};
pub use wkd::{WkdPaths, wkd_paths};

use crate::limits::CLOCK_SKEW;
use jiff::Timestamp;
use sequoia_openpgp::policy::StandardPolicy;
use std::time::SystemTime;

/// What is accepted today. Everything is judged by the rules of `now`, nothing by the date
/// that a packet claims for itself.
fn policy(now: Timestamp) -> StandardPolicy<'static> {
    StandardPolicy::at(system(now))
}

fn system(at: Timestamp) -> SystemTime {
    SystemTime::from(at)
}

fn timestamp(at: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(at).ok()
}

/// `now`, as far ahead as an honest clock may be.
fn soon(now: Timestamp) -> Timestamp {
    now.checked_add(CLOCK_SKEW).unwrap_or(now)
}
