//! Does a text tell its readers what is not theirs?
