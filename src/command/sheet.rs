//! What was ordered: the lines at the top of a signed text, and the words below them.
