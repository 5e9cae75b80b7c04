//! Tests from outside: one binary, since linking is slow.

mod servers;
mod support;
mod letters;
