//! The edges against real servers.

mod smtp;
