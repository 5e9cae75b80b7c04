#![forbid(unsafe_code)]

pub mod intake;
pub mod limits;
pub mod mail;
pub mod net;
pub mod outbox;
pub mod pgp;
pub mod worker;
