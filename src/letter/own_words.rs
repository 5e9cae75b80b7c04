//! A member's own words, and pages of ours, in the width of a letter.
//!
//! What fits stays as it was written: lists, code, addresses below each other. Nothing in them
//! can be taken for what code writes, such as the `INTERNAL` line or the mark of a closing.

use super::layout::{BARRED, columns, fill_within, pieces, untabbed};

/// Lines of a paragraph that were broken by a mail program, only later than ours: between these.
const WRAPPED: std::ops::RangeInclusive<usize> = 48..=100;

/// Lines of at most `widest` columns stay as they are. Longer prose is filled, a little narrower
/// than a letter, so that it looks the same behind bars; a long line of code is broken, and a
/// backslash says so.
pub fn own_words(text: &str, widest: usize) -> String {
    let lines: Vec<String> = text
        .trim_start_matches('\n')
        .trim_end()
        .lines()
        .map(|line| untabbed(line.trim_end()))
        .collect();
    let paragraphs = lines.split(|line| line.is_empty());
    let filled: Vec<String> = paragraphs.map(|lines| paragraph(lines, widest)).collect();
    unlike_ours(&filled.join("\n\n"))
}

/// Text of ours, line for line.
pub fn page(text: &str) -> String {
    unlike_ours(text.trim_end())
}

fn paragraph(lines: &[String], widest: usize) -> String {
    if wrapped_elsewhere(lines, widest) {
        return fill_within(&lines.join(" "), 0, BARRED);
    }
    let lines = lines.iter().map(|line| match columns(line) <= widest {
        true => line.clone(),
        false => broken(line),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// All prose, all but the last about as long as a line is, and one of them too long for ours.
fn wrapped_elsewhere(lines: &[String], widest: usize) -> bool {
    let Some((_, full)) = lines.split_last() else { return false };
    !full.is_empty()
        && lines.iter().all(|line| prose(line) && columns(line) <= *WRAPPED.end())
        && full.iter().all(|line| columns(line) >= *WRAPPED.start())
        && lines.iter().any(|line| columns(line) > widest)
}

fn broken(line: &str) -> String {
    let item = item(line);
    let (mark, text) = line.split_at(item);
    if (item > 0 || prose(line)) && !unspaced(text) {
        return format!("{mark}{}", fill_within(text, columns(mark), BARRED));
    }
    let pieces =
        pieces(line, item > 0 || prose(line)).map(|(piece, mark)| format!("{piece}{mark}"));
    pieces.collect::<Vec<_>>().join("\n")
}

/// Written without blanks, as some languages are: broken where the line is full. Other long words,
/// such as URLs, stay whole.
fn unspaced(text: &str) -> bool {
    text.split_whitespace().any(|word| !word.is_ascii() && columns(word) > BARRED)
}

fn prose(line: &str) -> bool {
    line.starts_with(|c: char| c.is_alphanumeric() || "\"'(\u{201c}\u{2018}".contains(c))
        && item(line) == 0
}

/// Octets of the mark of a list's item: `- `, `* `, `1. `, `2) `; with up to one blank before.
fn item(line: &str) -> usize {
    let rest = line.strip_prefix(' ').unwrap_or(line);
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let marks: &[&str] = if digits == 0 { &["- ", "* "] } else { &[". ", ") "] };
    let marked = digits < 4 && marks.iter().any(|mark| after.starts_with(mark));
    if marked { line.len() - after.len() + 2 } else { 0 }
}

/// No line that a person or a program could take for one that code writes.
fn unlike_ours(text: &str) -> String {
    let lines = text.lines().map(str::trim_end).map(|line| match line {
        "--" => " --".to_owned(),
        line if line.starts_with("INTERNAL") => format!("| {line}"),
        line => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::layout::COLUMNS;
    use super::*;
    use proptest::prelude::*;

    fn own(text: &str) -> String {
        own_words(text, COLUMNS)
    }

    #[test]
    fn what_fits_stays() {
        let text = "Hello Fay,\n\n- one\n- two\n\n    make test\n\ttab\n\nBye,\nthe team";
        assert_eq!(own(text), text.replace('\t', "        "));
        assert_eq!(own("\n\n"), "");
        assert_eq!(own("\n  make test\n"), "  make test");
    }

    #[test]
    fn prose_is_filled_and_items_hang() {
        let long = "word ".repeat(30);
        for line in own(&long).lines() {
            assert!(columns(line) <= BARRED && line.starts_with("word"), "{line}");
        }
        let item = own(&format!("1. {long}"));
        assert!(item.starts_with("1. word") && item.contains("\n   word"), "{item}");
        let url = format!("https://example.org/{}", "a".repeat(80));
        assert!(own(&format!("see {url} and {long}")).lines().any(|line| line == url));
    }

    #[test]
    fn a_paragraph_that_was_wrapped_wider_is_filled_whole() {
        let line = "word ".repeat(15);
        let filled = own(&format!("{line}\n{line}\nend"));
        assert_eq!(filled.lines().count(), 3, "{filled}");
        assert!(filled.ends_with("word end"), "{filled}");
        let alone = own(&format!("{}\nshort\nshort", "word ".repeat(60)));
        assert!(alone.ends_with("\nshort\nshort"), "{alone}");
    }

    #[test]
    fn code_is_broken_visibly() {
        let broken = own(&format!("  memcpy({})", "dst, ".repeat(30)));
        let lines: Vec<&str> = broken.lines().collect();
        assert!(lines.len() > 1 && lines[0].ends_with(" \\"), "{broken}");
        assert!(lines.iter().all(|line| columns(line) <= COLUMNS));
    }

    #[test]
    fn nothing_looks_like_a_line_of_ours() {
        assert_eq!(own("a\n--\nb\nINTERNAL. For x"), "a\n --\nb\n| INTERNAL. For x");
        assert_eq!(page("-- \nINTERNAL. x\n  ok\n"), " --\n| INTERNAL. x\n  ok");
    }

    #[test]
    fn what_is_written_without_blanks_is_broken_too() {
        let filled = own(&"\u{5831}".repeat(200));
        assert!(filled.lines().all(|line| columns(line) <= COLUMNS), "{filled}");
        assert_eq!(filled.matches('\u{5831}').count(), 200);
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_and_no_line_too_wide(
            text in "([a-z]{1,9}|[ \n\t]|[-*>+1.)(] ?){0,300}"
        ) {
            let kept = |text: &str| {
                text.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect::<String>()
            };
            let filled = own(&text);
            prop_assert_eq!(kept(&filled), kept(&text));
            for line in filled.lines() {
                let whole = line.split_whitespace().count() <= 2;
                prop_assert!(columns(line) <= COLUMNS || whole, "{}", line);
                prop_assert!(line != "--" && line.trim_end() == line, "{:?}", line);
            }
        }
    }
}
