//! One binary for all tests that need the whole program: the crypto library links slowly.

mod damage;
mod dress;
mod dress_gnupg;
mod letters;
mod refusals;
mod servers;
mod support;
mod troubles;
mod worker;
