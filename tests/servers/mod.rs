//! The edges, and the whole gateway, against real servers.

mod killed;
mod smtp;
mod thousand;
