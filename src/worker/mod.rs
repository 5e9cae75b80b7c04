//! Opening of mail, in a process of its own.
//!
//! A mail goes by [`Pool::open`] through a pipe to a worker process, which decrypts and verifies
//! it ([`open`]) and sends back one [`crate::mail::Mail`] with its evidence, and a [`Proof`] of
//! what a key on record signed. The worker holds the decryption keys and certificates, and no
//! other secret; it limits its own memory, files and time before it reads anything, and ends
//! with its input. What kills it [`crate::limits::POISON_DEATHS`] times is poison; the next mail
//! goes on. What is to be had out of a kept mail, [`Pool::fetch`] takes out in a process of its own
//! that ends with it.
//!
//! It never writes a file, never looks anything up, and never decides what a mail means.

mod candidates;
mod errand;
mod fetch;
pub mod frame;
#[cfg(test)]
mod letter_tests;
mod opening;
mod own;
mod pieces;
mod pool;
pub mod process;
mod root;
mod wire;

pub use fetch::{Fetched, Wanted, fetch};
pub use opening::{Opening, Proof, Request, open, open_knowing};
pub use pool::{Opened, Pool, PoolSize, Question};
pub use wire::Setup;
