#![forbid(unsafe_code)]

pub mod case;
pub mod cli;
pub mod config;
pub mod control;
pub mod intake;
pub mod letter;
pub mod limits;
pub mod mail;
pub mod net;
pub mod outbox;
pub mod pgp;
pub mod triage;
