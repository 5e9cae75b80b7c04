//! The nearest word, for a slip of the finger.
