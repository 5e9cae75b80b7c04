//! One binary for all tests that need the whole program: the crypto library links slowly.

mod crash;
mod dress;
mod dress_gnupg;
mod letters;
mod servers;
mod stories;
mod support;
mod worker;
