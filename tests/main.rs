//! Tests from outside: one binary, since linking is slow.

mod letters;
mod servers;
mod support;
