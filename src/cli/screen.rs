//! What is written to the terminal.

use super::{Exit, Failure};
use std::io::{self, Write};

/// The width that tables and pages keep to.
pub const WIDTH: usize = 80;

/// Writes to stdout. A reader who has seen enough (`| head`) ends the command quietly.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Err(Failure { exit: Exit::Done, lines: Vec::new() })
        }
        Err(error) => {
            let line = format!("the output cannot be written (stdout): {}", error.kind());
            Err(Failure::new(Exit::TryLater, line))
        }
    }
}

/// One line in which nothing steers a terminal: control characters, marks of direction and
/// characters that do not show stand as `\u{…}`.
pub fn clean(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || hides(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Marks of direction, zero width characters, line separators, tags.
fn hides(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// The same, at most `width` characters long.
pub fn cell(text: &str, width: usize) -> String {
    crate::mail::clean::cut(&clean(text), width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eve_cannot_steer_a_terminal() {
        for evil in
            ["\u{1b}[2J", "\u{9b}31m", "a\rb", "a\nb", "\u{202e}gpj.exe", "a\u{200b}b", "\u{7}"]
        {
            let shown = clean(evil);
            assert!(!shown.chars().any(|c| c.is_control() || hides(c)), "{shown:?}");
        }
        assert_eq!(clean("plain ünïcode 案件"), "plain ünïcode 案件");
        assert_eq!(cell("heap overflow", 6), "heap …");
    }
}
