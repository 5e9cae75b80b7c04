//! Dates and spans as people write them.
