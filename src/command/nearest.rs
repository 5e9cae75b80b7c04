//! The nearest word, for a slip of the finger: of commands, of their words, of settings.

use crate::limits::WORD_CHARS;

/// How alike two words must be to be offered (Jaro-Winkler, 0 to 1).
const ALIKE: f64 = 0.82;

/// The word most like this one, if any is like it at all; of two as like, the one named first.
/// Case does not matter. Words longer than [`WORD_CHARS`] are like none.
pub fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().nth(WORD_CHARS).is_some() {
        return None;
    }
    let word = word.to_lowercase();
    let mut best = (ALIKE, None);
    for known in among {
        let alike = strsim::jaro_winkler(&word, &known.to_lowercase());
        if alike > best.0 || (alike == best.0 && best.1.is_none()) {
            best = (alike, Some(known));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_nonsense_is_not() {
        let known = ["host", "port", "tls", "user", "password_file"];
        assert_eq!(nearest("hots", known), Some("host"));
        assert_eq!(nearest("passwordfile", known), Some("password_file"));
        assert_eq!(nearest("PORT", known), Some("port"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"host".repeat(10_000), known), None);
    }

    #[test]
    fn of_commands_the_one_that_was_meant() {
        let names = "take assign handover decline drop valid reject engage defer duplicate close \
                     reopen severity send note hold undo confirm again try invite readin remove \
                     embargo remind resume";
        let known = || names.split(' ');
        for (written, meant) in [
            ("sevrity", "severity"),
            ("hlod", "hold"),
            ("confrim", "confirm"),
            ("ebmargo", "embargo"),
            ("read-in", "readin"),
            ("asign", "assign"),
            ("reopne", "reopen"),
            ("sned", "send"),
            ("ake", "take"),
            ("Clsoe", "close"),
        ] {
            assert_eq!(nearest(written, known()), Some(meant), "{written}");
        }
        assert_eq!(nearest("frobnicate", known()), None);
        assert_eq!(nearest("same", ["same", "same"]), Some("same"));
    }
}
