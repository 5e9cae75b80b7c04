//! The arguments of one line.
