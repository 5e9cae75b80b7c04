//! Tests from outside: one binary, since the crypto library links slowly.

mod cli;
mod commands;
mod crash;
mod damage;
mod dress;
mod dress_gnupg;
mod formats;
mod journal;
mod letters;
mod lists;
mod orders_attacks;
mod orders_gnupg;
mod posts;
mod refusals;
mod same;
mod servers;
mod stories;
mod support;
mod tabletops;
mod tidy;
mod triage;
mod troubles;
mod watch;
mod worker;
