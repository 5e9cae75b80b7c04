//! Against the servers that people run.

mod imap;
