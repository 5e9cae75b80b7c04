//! Tests from outside: one binary, since linking is slow.

mod cli;
mod servers;
mod support;
mod tidy;
