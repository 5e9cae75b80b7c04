//! Everything that looks at the program from outside, in one binary.

mod servers;
mod support;
