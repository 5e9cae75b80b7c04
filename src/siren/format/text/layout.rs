//! Lines that reach every reader as they were signed: 70 columns, two less than mail allows, so
//! that each fits behind a bar; no trailing blanks, and no line that a list or mail program changes
//! (`From ` in a mailbox, a leading dash in a clear-signed text, a leading blank or `>` in flowed
//! text, RFC 3676 section 4.4).

/// Columns of a line; a single word may be longer and then stands alone.
pub const COLUMNS: usize = 70;
/// Before each line that has to keep a beginning which alone would not last.
const BAR: &str = "| ";

/// A text that grows from top to bottom.
#[derive(Default)]
pub struct Page {
    lines: Vec<String>,
}

impl Page {
    /// One line, or as many as it needs.
    pub fn line(&mut self, text: &str) -> &mut Page {
        self.lines.extend(fold(text));
        self
    }

    /// A blank line, once.
    pub fn gap(&mut self) -> &mut Page {
        if self.lines.last().is_some_and(|last| !last.is_empty()) {
            self.lines.push(String::new());
        }
        self
    }

    /// Paragraphs, lists and lines to keep, below a heading; nothing where there are no words.
    pub fn part(&mut self, heading: &str, words: &str) -> &mut Page {
        if words.trim().is_empty() {
            return self;
        }
        self.gap().line(&format!("{heading}:"));
        self.prose(words)
    }

    pub fn prose(&mut self, words: &str) -> &mut Page {
        self.lines.extend(prose(words));
        self
    }

    /// Several below a heading, each behind a star; nothing where there are none.
    pub fn items(&mut self, heading: &str, items: &[String]) -> &mut Page {
        if !items.is_empty() {
            self.gap().line(&format!("{heading}:")).list(items);
        }
        self
    }

    /// Items of more than one line stand apart, because no line is indented.
    pub fn list(&mut self, items: &[String]) -> &mut Page {
        let folded: Vec<Vec<String>> =
            items.iter().map(|item| fold(&format!("* {item}"))).collect();
        let apart = folded.iter().any(|lines| lines.len() > 1);
        for (number, lines) in folded.into_iter().enumerate() {
            if apart && number > 0 {
                self.gap();
            }
            self.lines.extend(lines);
        }
        self
    }

    pub fn finish(self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }
}

/// Does a line that begins so arrive as it was sent?
fn lasts(first: &str) -> bool {
    first != "From" && !first.starts_with(['-', '>'])
}

/// Words in lines. Where no such lines last, each stands behind a bar.
pub fn fold(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    lasting(&words).unwrap_or_else(|| {
        let room = COLUMNS - BAR.len();
        greedy(&words, room).iter().map(|line| format!("{BAR}{}", line.join(" "))).collect()
    })
}

fn width(words: &[&str]) -> usize {
    words.iter().map(|word| word.len() + 1).sum::<usize>().saturating_sub(1)
}

fn greedy<'a>(words: &[&'a str], room: usize) -> Vec<Vec<&'a str>> {
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    for word in words {
        line.push(*word);
        if line.len() > 1 && width(&line) > room {
            line.pop();
            lines.push(std::mem::replace(&mut line, vec![*word]));
        }
    }
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    lines
}

/// A line that would not last takes words from the line before it.
fn lasting(words: &[&str]) -> Option<Vec<String>> {
    let (mut lines, mut line) = (Vec::new(), Vec::<&str>::new());
    for word in words {
        line.push(word);
        if line.len() == 1 || width(&line) <= COLUMNS {
            continue;
        }
        let at = (1..line.len()).rev().find(|at| line.get(*at).is_some_and(|word| lasts(word)))?;
        let next = line.split_off(at);
        if next.len() > 1 && width(&next) > COLUMNS {
            return None;
        }
        lines.push(std::mem::replace(&mut line, next));
    }
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    let all_last = lines.iter().all(|line| line.first().is_some_and(|first| lasts(first)));
    all_last.then(|| lines.iter().map(|line| line.join(" ")).collect())
}

/// What is being read: words to fold, or lines to keep.
enum Block<'a> {
    Words(Vec<&'a str>),
    Kept(Vec<&'a str>),
}

/// A member's text in lines: paragraphs and list items are folded, indented lines kept.
pub fn prose(text: &str) -> Vec<String> {
    let (mut out, mut block) = (Vec::new(), Block::Words(Vec::new()));
    for line in text.lines() {
        let bare = line.trim();
        let kept = line.starts_with("  ") || line.starts_with('\t');
        if bare.is_empty() || bare.bytes().all(|byte| byte == b'-') {
            flush(&mut block, &mut out);
            if out.last().is_some_and(|last: &String| !last.is_empty()) {
                out.push(String::new());
            }
        } else if kept && item(bare).is_none() {
            match &mut block {
                Block::Kept(lines) => lines.push(line),
                Block::Words(_) => {
                    flush(&mut block, &mut out);
                    block = Block::Kept(vec![line]);
                }
            }
        } else {
            words_line(bare, &mut block, &mut out);
        }
    }
    flush(&mut block, &mut out);
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

fn words_line<'a>(bare: &'a str, block: &mut Block<'a>, out: &mut Vec<String>) {
    let marked = item(bare);
    if marked.is_some() || matches!(block, Block::Kept(_)) {
        flush(block, out);
    }
    let words = marked.map_or(vec![bare], |(mark, rest)| vec![mark, rest]);
    match block {
        Block::Words(before) => before.extend(words),
        Block::Kept(_) => *block = Block::Words(words),
    }
}

/// The mark of a list, and what stands behind it: a star for any mark, a number as it is.
fn item(line: &str) -> Option<(&str, &str)> {
    let (mark, rest) = line.split_once(' ')?;
    let number = mark.strip_suffix(['.', ')']).unwrap_or_default();
    let counts = (1..=2).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    match mark {
        "*" | "-" | "+" => Some(("*", rest.trim())),
        mark if counts => Some((mark, rest.trim())),
        _ => None,
    }
}

fn flush(block: &mut Block<'_>, out: &mut Vec<String>) {
    match std::mem::replace(block, Block::Words(Vec::new())) {
        Block::Words(words) => out.extend(fold(&words.join(" "))),
        Block::Kept(lines) => out.extend(kept(&lines)),
    }
}

/// Lines as they are, less what they are all indented by.
fn kept(lines: &[&str]) -> Vec<String> {
    let lines: Vec<String> = lines.iter().map(|line| line.replace('\t', "    ")).collect();
    let indent = |line: &String| line.len() - line.trim_start_matches(' ').len();
    let common = lines.iter().map(indent).min().unwrap_or_default();
    let bare = |line: &String| line.get(common..).unwrap_or_default().trim_end().to_owned();
    let bare: Vec<String> = lines.iter().map(bare).collect();
    let one_word = |line: &str| !line.contains(' ');
    let fits = |line: &String| line.len() <= COLUMNS || one_word(line);
    let stands = |line: &String| {
        let first = line.split(' ').next().unwrap_or_default();
        !line.starts_with(' ') && lasts(first) && fits(line)
    };
    match bare.iter().all(stands) {
        true => bare,
        false => bare.iter().flat_map(|line| barred(line)).collect(),
    }
}

fn barred(line: &str) -> Vec<String> {
    if line.len() + BAR.len() <= COLUMNS {
        return vec![format!("{BAR}{line}")];
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let room = COLUMNS - BAR.len();
    greedy(&words, room).iter().map(|line| format!("{BAR}{}", line.join(" "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_folded_lists_marked_and_indented_lines_kept() {
        let text = "One two.\nThree.\n\n1. x\n2. y\n\n- first\n  more of it\n+ second\n\n    \
                    run --this\n    then";
        let lines = prose(text).join("\n");
        assert_eq!(
            lines,
            "One two. Three.\n\n1. x\n2. y\n\n* first\nmore of it\n* second\n\nrun --this\nthen"
        );
    }

    #[test]
    fn no_line_begins_as_lists_and_signatures_change_it() {
        assert_eq!(prose("From 1.2 on it is so."), ["| From 1.2 on it is so."]);
        assert_eq!(prose("> they say"), ["| > they say"]);
        assert_eq!(prose("-----BEGIN PGP SIGNATURE-----"), ["| -----BEGIN PGP SIGNATURE-----"]);
        assert_eq!(prose("  a:\n    b: 1"), ["| a:", "|   b: 1"]);
        let long = format!("{} word --option", "x".repeat(64));
        assert_eq!(fold(&long), ["x".repeat(64), "word --option".to_owned()]);
    }

    #[test]
    fn a_long_address_stands_alone() {
        let url = format!("https://example.org/{}", "a".repeat(80));
        assert_eq!(fold(&format!("see {url} now")), ["see", url.as_str(), "now"]);
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_words_within_the_columns(
            text in "([ -~]{0,30}[ \n>-]{0,3}(From )?){0,20}",
        ) {
            for line in prose(&text) {
                let words = line.trim_start_matches(BAR).split(' ').count();
                prop_assert!(line.len() <= COLUMNS || words == 1, "{line:?}");
                prop_assert_eq!(line.trim_end(), line.as_str());
                prop_assert!(!line.starts_with(['-', '>', ' ']) && !line.starts_with("From "));
            }
        }
    }
}
