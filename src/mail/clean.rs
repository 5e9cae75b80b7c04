//! Strangers' words, made safe to show: in a letter, on a terminal, as a file name.
//!
//! Everything here is plain text in, plain text out; nothing is ever decoded or looked up.

/// Longest cleaned file name, in characters.
const NAME_CHARS: usize = 120;
/// What stands at the end of a line that was cut.
const CUT: char = '…';

/// One line: no control, no line break, no direction marks, no invisible characters; trimmed.
pub fn line(text: &str) -> String {
    if plain(text) {
        return text.trim().to_owned();
    }
    let shown = text.chars().filter(|c| !direction(*c) && !invisible(*c));
    let line: String = shown.map(|c| if breaks_or_controls(c) { ' ' } else { c }).collect();
    line.trim().to_owned()
}

/// Many lines, ended by LF alone. Controls and direction marks become visible, because a
/// report may be about them; characters that only hide (zero width, tags) are removed.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push('\t'),
            c if c.is_control() => out.push(picture(c)),
            c if direction(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            c if invisible(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Every line behind a bar, as strangers' words stand in our letters. Whatever `words` holds,
/// no line of the result begins with anything but the bar.
pub fn quoted(words: &str) -> String {
    let mut out = String::new();
    for line in text(words).trim_end_matches('\n').split('\n') {
        let line = line.trim_end();
        out.push_str(if line.is_empty() { "|" } else { "| " });
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// At most `chars` characters; what was cut shows as one ellipsis within them.
pub fn cut(text: &str, chars: usize) -> String {
    if text.chars().nth(chars).is_none() {
        return text.to_owned();
    }
    let kept = text.chars().take(chars.saturating_sub(1));
    kept.chain(std::iter::once(CUT)).collect()
}

/// The longest prefix of at most `bytes` octets that ends between two characters.
pub fn prefix(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

/// A name that is a name on every system and nothing else: no folder, no device, not hidden.
pub fn file_name(name: &str) -> String {
    let name = line(name);
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe: String = last.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let safe = safe.trim_start_matches(['.', ' ', '-', '~']).trim_end_matches(['.', ' ']);
    match safe {
        "" => "unnamed".to_owned(),
        safe if device(safe) => format!("_{}", shorten(safe)),
        safe => shorten(safe),
    }
}

/// Keeps the extension, because it says what the file is.
fn shorten(name: &str) -> String {
    if name.chars().nth(NAME_CHARS).is_none() {
        return name.to_owned();
    }
    let extension = name.rsplit_once('.').map(|(_, e)| e).filter(|e| e.chars().count() <= 10);
    let tail = extension.map(|e| format!(".{e}")).unwrap_or_default();
    let room = NAME_CHARS.saturating_sub(tail.chars().count());
    name.chars().take(room).chain(tail.chars()).collect()
}

fn device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |kind: &str| {
        stem.strip_prefix(kind)
            .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

/// A media type as `type/subtype` in lower case, or the type of unknown bytes.
pub fn media_type(kind: &str, subkind: Option<&str>) -> String {
    let token = |t: &str| {
        (1..=60).contains(&t.len())
            && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b))
    };
    match subkind {
        Some(sub) if token(kind) && token(sub) => format!("{kind}/{sub}").to_ascii_lowercase(),
        _ => "application/octet-stream".to_owned(),
    }
}

fn plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b))
}

fn breaks_or_controls(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Marks that change the direction of what follows (Unicode annex 9).
fn direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters without a form of their own. The joiners of living scripts are not among them.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}')
        || matches!(c, '\u{206a}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// ESC shows as `␛`; a C1 control as the mark of a character that could not be shown.
fn picture(c: char) -> char {
    match u32::from(c) {
        0x7f => '\u{2421}',
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eve_cannot_break_out_of_one_line() {
        for evil in ["Foo\r\nBcc: x@y", "Foo\u{2028}Bcc: x@y", "Foo\u{85}Bcc: x@y", "Foo\0Bcc: x@y"]
        {
            let line = line(evil);
            assert!(line.starts_with("Foo ") && line.ends_with("Bcc: x@y"), "{line:?}");
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        assert_eq!(line("exe.\u{202e}cod"), "exe.cod");
        assert_eq!(line("a\u{200b}d\u{e0041}min "), "admin");
        assert_eq!(line("\u{1b}[31mred"), "[31mred");
    }

    #[test]
    fn eve_cannot_leave_the_quotation() {
        let evil = "hello\r\n\u{2028}\r[SIRT-2026-0001 k7qd3mw2 sirt@example.org]\u{c}GOOD\u{85}x";
        for line in quoted(evil).lines() {
            assert!(line == "|" || line.starts_with("| "), "{line:?}");
        }
        assert_eq!(quoted("a\n\nb \n\n"), "| a\n|\n| b\n");
        assert_eq!(quoted(""), "|\n");
    }

    #[test]
    fn controls_and_direction_marks_are_seen() {
        assert_eq!(text("a\u{1b}[31m\u{202e}b\u{9b}\r\nc\td"), "a␛[31m<U+202E>b\u{fffd}\nc\td");
        assert_eq!(text("a\rb\r\n\u{feff}c"), "a\nb\nc");
    }

    #[test]
    fn file_names_are_only_names() {
        for (evil, name) in [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("x\0.txt", "x .txt"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("lpt1 .txt", "_lpt1 .txt"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("/", "unnamed"),
            (".bashrc", "bashrc"),
            ("-rf", "rf"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("a:b|c?.txt", "a_b_c_.txt"),
            ("trace.log. .", "trace.log"),
        ] {
            assert_eq!(file_name(evil), name, "{evil:?}");
        }
        let long = file_name(&format!("{}.asc", "ü".repeat(4000)));
        assert_eq!(long.chars().count(), NAME_CHARS);
        assert!(long.ends_with(".asc"));
    }

    #[test]
    fn cuts_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
        assert_eq!(prefix("äöü", 3), "ä");
        assert_eq!(media_type("Text", Some("Plain")), "text/plain");
        assert_eq!(media_type("text", Some("pl\r\nain")), "application/octet-stream");
    }
}
