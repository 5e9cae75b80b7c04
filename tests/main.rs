//! Tests from outside: one binary, since the crypto library links slowly.

mod cli;
mod damage;
mod dress;
mod dress_gnupg;
mod letters;
mod refusals;
mod servers;
mod support;
mod tidy;
mod triage;
mod troubles;
mod worker;
