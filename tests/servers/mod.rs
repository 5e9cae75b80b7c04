//! The edges, and the whole gateway, against real servers.

mod imap;
mod killed;
mod smtp;
mod thousand;
