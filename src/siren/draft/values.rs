//! Values in the one form in which they stand in a statement.

use crate::limits::PART_CHARS;
use crate::mail::clean;

/// Ids of flaws: a known beginning, and a number behind it.
const PREFIXES: &[&str] = &[
    "CVE-", "GHSA-", "RUSTSEC-", "PYSEC-", "GO-20", "MAL-20", "OSV-", "XSA-", "DSA-", "DLA-",
    "USN-", "RHSA-", "RHBA-", "VU#", "ZDI-", "GSD-", "BDSA-", "SNYK-", "JVN", "EUVD-",
];

/// Is this word the id of a flaw?
pub fn is_id(word: &str) -> bool {
    let upper = word.to_ascii_uppercase();
    PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
        && word.chars().any(|c| c.is_ascii_digit())
}

/// A text: no control characters, no trailing blanks, no blank lines around it.
pub fn tidy(text: &str) -> String {
    let clean = clean::cut(&clean::text(text), PART_CHARS);
    let lines: Vec<&str> = clean.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// One line, with single blanks.
pub fn line(text: &str) -> String {
    clean::line(&clean::text(text)).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One value among several in a line: nothing in it that divides them.
pub fn word(text: &str) -> String {
    line(&text.replace([';', ','], " "))
}

/// The words without ids of flaws, tags of lists and what is left around them.
pub fn without_ids(title: &str) -> String {
    let title = line(title);
    let words = title.split(' ').filter(|word| {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        !(is_id(bare) || word.starts_with('[') && word.ends_with(']'))
    });
    let kept = words.collect::<Vec<_>>().join(" ");
    let odd = |c: char| c == ' ' || c == ':' || c == '-' || c == ',' || c == '|';
    kept.trim_matches(odd).to_owned()
}

/// Versions in a member's words, each as a constraint where it can be read as one:
/// `1.4.0 to 1.6.2, < 2` is `>=1.4.0|<=1.6.2` and `<2`.
pub fn versions(words: &str) -> Vec<String> {
    let split = words.split([',', ';']).map(line).filter(|one| !one.is_empty());
    split.map(|one| constraint(&one)).collect()
}

fn constraint(words: &str) -> String {
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let word = |part: &str| if letters(part) { part.to_lowercase() } else { part.to_owned() };
    let parts: Vec<String> = words.split(' ').map(word).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let made = match parts.as_slice() {
        ["all"] | ["all", "versions"] | ["any"] => Some("*".to_owned()),
        ["before", a] | ["before", "version", a] | ["prior", "to", a] => Some(format!("<{a}")),
        ["up", "to", a] | ["through", a] | ["up", "to", "and", "including", a] => {
            Some(format!("<={a}"))
        }
        ["since", a] | [a, "and" | "or", "later" | "newer" | "above"] => Some(format!(">={a}")),
        [a, "and" | "or", "earlier" | "older" | "below"] => Some(format!("<={a}")),
        [a, "to" | "through" | "-", b] => Some(format!(">={a}|<={b}")),
        ["from", a, "to" | "through", b] => Some(format!(">={a}|<={b}")),
        [a, "before", b] => Some(format!(">={a}|<{b}")),
        ["=", a] => Some((*a).to_owned()),
        [sign @ (">=" | "<=" | "<" | ">"), a] => Some(format!("{sign}{a}")),
        _ => None,
    };
    made.filter(|made| versioned(made)).unwrap_or_else(|| signs(words))
}

/// Every bound names a version: `affected to date` is no constraint.
fn versioned(made: &str) -> bool {
    made == "*" || made.split('|').all(|bound| bound.chars().any(|c| c.is_ascii_digit()))
}

/// `>= 1.4.0 < 1.6.3` without its blanks; any other words as they are.
fn signs(words: &str) -> String {
    let mut bounds: Vec<String> = Vec::new();
    let mut open = String::new();
    for part in words.split([' ', '|']).filter(|part| !part.is_empty()) {
        open.push_str(part);
        if open.ends_with(['<', '>', '=']) {
            continue;
        }
        if !open.starts_with(['<', '>', '=', '!']) && words.contains(' ') {
            return words.to_owned();
        }
        bounds.push(std::mem::take(&mut open));
    }
    if bounds.is_empty() || !open.is_empty() { words.to_owned() } else { bounds.join("|") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_words_become_constraints() {
        let read = |words: &str| versions(words).join(" and ");
        assert_eq!(read("1.4.0 to 1.6.2"), ">=1.4.0|<=1.6.2");
        assert_eq!(read("< 1.6.3, 2.0"), "<1.6.3 and 2.0");
        assert_eq!(read(">= 1.4.0 < 1.6.3"), ">=1.4.0|<1.6.3");
        assert_eq!(read("1.2 and earlier"), "<=1.2");
        assert_eq!(read(">=1.2|<1.3"), ">=1.2|<1.3");
        assert_eq!(read("those of May"), "those of May");
        assert_eq!(read("all versions"), "*");
    }

    #[test]
    fn a_title_keeps_its_words_and_loses_ids() {
        assert_eq!(
            without_ids("CVE-2026-1234: tool 1.2: path traversal"),
            "tool 1.2: path traversal"
        );
        assert_eq!(
            without_ids("[oss-security] tool 1.2 overflow (GHSA-aaaa-1bbb-cccc)"),
            "tool 1.2 overflow"
        );
        assert!(!is_id("GO-first") && is_id("xsa-480"));
    }
}
