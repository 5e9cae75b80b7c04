//! Texts in US-ASCII: common letters and signs have a plain form, any other is refused by name.
//!
//! List software recodes what is not ASCII, and the signature no longer fits.

use crate::case::Statement;
use crate::siren::clear::Finding;
use crate::siren::texts;
use icu_normalizer::DecomposingNormalizerBorrowed;

/// Characters of one text that are told of at one time.
const SHOWN: usize = 3;

/// The statement in ASCII; what has no plain form stands in it as `?`, and as a finding.
pub fn statement(said: &Statement) -> (Statement, Vec<Finding>) {
    let (mut plain, mut findings) = (said.clone(), Vec::new());
    texts::each(&mut plain, &mut |part, text| {
        let (ascii, foreign) = plain_text(text);
        *text = ascii;
        findings.extend(foreign.into_iter().take(SHOWN).map(|foreign| foreign.finding(part)));
    });
    (plain, findings)
}

/// A character without a plain form, and the word around it.
#[derive(Debug, PartialEq, Eq)]
pub struct Foreign {
    pub character: char,
    /// Counted from 1.
    pub line: usize,
    pub word: String,
}

impl Foreign {
    fn finding(&self, part: &'static str) -> Finding {
        let Foreign { character, line, word } = self;
        let code = u32::from(*character);
        let shown = if character.is_alphanumeric() {
            format!("\"{character}\" (U+{code:04X})")
        } else {
            format!("the character U+{code:04X}")
        };
        let what = format!(
            "A post is plain ASCII, and {shown} in line {line} of \"{part}\" has no plain form \
             there: \"{word}\". Write it in ASCII."
        );
        Finding { rule: "ASCII", what, part }
    }
}

/// The text in ASCII, and everything in it that has no plain form; each character once.
pub fn plain_text(text: &str) -> (String, Vec<Foreign>) {
    if text.is_ascii() && !text.chars().any(odd_control) {
        return (text.to_owned(), Vec::new());
    }
    let (mut plain, mut foreign) = (String::new(), Vec::<Foreign>::new());
    for (line, words) in text.split('\n').enumerate() {
        if line > 0 {
            plain.push('\n');
        }
        for word in words.split_inclusive(' ') {
            let unknown = plain_word(word, &mut plain);
            let Some(character) = unknown else { continue };
            if !foreign.iter().any(|one| one.character == character) {
                let word = shown(word);
                foreign.push(Foreign { character, line: line + 1, word });
            }
        }
    }
    (plain, foreign)
}

/// Adds the word; gives the first character of it that has no plain form. An address on the web
/// or of a package names something else when its letters change, so those have none.
fn plain_word(word: &str, plain: &mut String) -> Option<char> {
    let exact = word.contains("://") || word.starts_with("pkg:");
    let mut unknown = None;
    for c in word.chars() {
        match letters(c) {
            Some(letters) if !exact || c.is_ascii() => plain.push_str(&letters),
            _ => {
                plain.push('?');
                unknown = unknown.or(Some(c));
            }
        }
    }
    unknown
}

fn shown(word: &str) -> String {
    let cut = word.trim().chars().take(40);
    cut.map(|c| if c.is_alphanumeric() || c.is_ascii_graphic() { c } else { '?' }).collect()
}

fn odd_control(c: char) -> bool {
    c.is_ascii_control() && c != '\n'
}

/// A character in ASCII, where it has a common plain form.
fn letters(c: char) -> Option<String> {
    if c == '\t' {
        return Some("    ".to_owned());
    }
    if c.is_ascii() {
        return (!odd_control(c)).then(|| c.to_string());
    }
    sign(c).map(str::to_owned).or_else(|| without_marks(c))
}

/// The letter below its accents.
fn without_marks(c: char) -> Option<String> {
    let mark = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
    if mark(c) {
        return Some(String::new());
    }
    let mut buffer = [0_u8; 4];
    let whole = DecomposingNormalizerBorrowed::new_nfd().normalize(c.encode_utf8(&mut buffer));
    let base: String = whole.chars().filter(|c| !mark(*c)).collect();
    base.chars().all(|c| c.is_ascii_alphabetic()).then_some(base)
}

fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2039}' | '\u{203a}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»' => "\"",
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => " ",
        '\u{ad}' | '\u{feff}' => "",
        '…' => "...",
        '•' | '·' => "*",
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'ı' => "i",
        '×' => "x",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '→' => "->",
        '←' => "<-",
        '€' => "EUR",
        '©' => "(c)",
        '®' => "(R)",
        '™' => "(TM)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_letters_and_signs_have_a_plain_form() {
        let (plain, foreign) = plain_text("Jürgen Łukasiewicz’s “naïve” parser — straße ≤ 1.2…");
        assert_eq!(plain, "Jurgen Lukasiewicz's \"naive\" parser - strasse <= 1.2...");
        assert_eq!(foreign, []);
    }

    #[test]
    fn any_other_is_refused_with_its_place() {
        let (plain, foreign) = plain_text("fine\nthe pаth of 2³"); // Cyrillic a
        assert_eq!(plain, "fine\nthe p?th of 2?");
        let places: Vec<_> = foreign.iter().map(|one| (one.character, one.line)).collect();
        assert_eq!(places, [('а', 2), ('³', 2)]);
        let said = Statement { title: "tool \u{202e}1.2".to_owned(), ..Statement::default() };
        let (_, findings) = statement(&said);
        assert_eq!(findings.len(), 1);
        let what = findings.first().map(|one| one.what.as_str()).unwrap_or_default();
        assert!(what.contains("U+202E") && what.contains("\"title\""), "{what}");
        assert!(what.is_ascii());
    }

    #[test]
    fn eves_look_alike_host_is_not_made_into_the_real_one() {
        let (plain, foreign) = plain_text("https://exämple.org/a");
        assert_eq!((plain.as_str(), foreign.len()), ("https://ex?mple.org/a", 1));
        assert_eq!(plain_text("a\u{7}b").1.len(), 1);
    }
}
