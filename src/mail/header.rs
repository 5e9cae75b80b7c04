//! From header fields to the header part of a [`super::Mail`].
