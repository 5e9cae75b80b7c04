//! Tests from outside: one binary, since the crypto library links slowly.

mod cli;
mod dress;
mod dress_gnupg;
mod letters;
mod servers;
mod support;
mod tidy;
mod triage;
mod worker;
