//! The edges, and the whole gateway, against the servers that people run.

mod imap;
mod killed;
mod latency;
mod mailman;
mod smtp;
mod thousand;
mod volunteer;
