#![forbid(unsafe_code)]

pub mod case;
pub mod intake;
pub mod letter;
pub mod limits;
pub mod mail;
pub mod net;
pub mod outbox;
pub mod pgp;
pub mod triage;
pub mod worker;
