//! One binary for all tests that need the whole program: the crypto library links slowly.

mod triage;
mod worker;
