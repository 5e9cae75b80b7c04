//! A text as its words: however it was wrapped, quoted, typeset, capitalised or turned from HTML.

use super::common::is_common;
use icu_normalizer::ComposingNormalizerBorrowed;
use std::ops::Range;

/// A word in its normal form, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub word: String,
    /// Line of the text, from 1.
    pub line: usize,
    /// A word that says something: neither a word of every letter nor a date nor a single letter.
    pub tells: bool,
    /// An ideograph or a kana stands for about half a word.
    pub weight: usize,
}

impl Token {
    fn new(word: String, line: usize) -> Token {
        let mut chars = word.chars();
        let half = chars.next().is_some_and(unspaced) && chars.next().is_none();
        let tells = word.len() > 1 && !is_date(&word) && !is_common(&word);
        Token { tells, weight: if half { 1 } else { 2 }, word, line }
    }
}

/// A day, an hour, a year: a date tells nobody whose text it stands in.
fn is_date(word: &str) -> bool {
    let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    (word.len() <= 2 || year) && word.bytes().all(|b| b.is_ascii_digit())
}

/// One form of a text, line by line as it was written: NFKC, lower case, LF line ends, nothing
/// invisible, ASCII hyphens and apostrophes.
pub fn plain(text: &str) -> String {
    // The lower case of a capital form is one of these.
    fold(&normal(text)).to_lowercase().replace('ß', "ss").replace('ς', "σ")
}

/// As [`plain`], with capitals as they are.
pub fn plain_case(text: &str) -> String {
    fold(&normal(text))
}

fn normal(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.is_ascii() {
        return text;
    }
    ComposingNormalizerBorrowed::new_nfkc().normalize(&text).into_owned()
}

fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.chars().filter(|c| !invisible(*c)).map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    match c {
        '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{2d7}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{b4}' => '\'',
        other => other,
    }
}

/// Characters that only hide: soft hyphens, zero width, direction marks, tags.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}')
}

/// Scripts written without blanks: each character is a word of its own.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
        || matches!(c, '\u{20000}'..='\u{3ffff}')
}

/// A line without the marks that quoting put before it.
pub fn unquoted(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '|' | '│'))
}

/// The words of a text that [`plain`] or [`plain_case`] made. Hyphens and apostrophes inside a
/// word join it, so that it is the same word where a line broke at the hyphen.
pub fn tokens(plain: &str) -> Vec<Token> {
    let mut reader = Reader::default();
    for (number, line) in plain.split('\n').enumerate() {
        reader.line(unquoted(line).trim_end(), number + 1);
    }
    reader.end_word();
    reader.tokens
}

#[derive(Default)]
struct Reader {
    tokens: Vec<Token>,
    word: String,
    /// The line the unfinished word began in.
    begun: usize,
    /// The line before ended in a hyphen right behind a word.
    broken: bool,
}

impl Reader {
    fn line(&mut self, line: &str, number: usize) {
        let goes_on = self.broken && line.starts_with(char::is_alphanumeric);
        if !(goes_on || self.broken && line.is_empty()) {
            self.end_word();
        }
        self.broken &= line.is_empty();
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            match c {
                c if unspaced(c) => self.alone(c, number),
                c if c.is_alphanumeric() => self.letter(c, number),
                '-' if next.is_none() && !self.word.is_empty() => self.broken = true,
                '-' | '\'' if next.is_some_and(char::is_alphanumeric) && !self.word.is_empty() => {}
                _ => self.end_word(),
            }
        }
        if !self.broken {
            self.end_word();
        }
    }

    fn letter(&mut self, c: char, number: usize) {
        if self.word.is_empty() {
            self.begun = number;
        }
        self.word.push(c);
    }

    fn alone(&mut self, c: char, number: usize) {
        self.end_word();
        if c.is_alphanumeric() {
            self.tokens.push(Token::new(c.to_string(), number));
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.tokens.push(Token::new(std::mem::take(&mut self.word), self.begun));
        }
    }
}

/// What makes a window over words.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Weight it has at least.
    pub weight: usize,
    /// Or characters, the blanks between words among them.
    pub chars: usize,
    /// Different words that tell something.
    pub telling: usize,
    /// Weight above which no more words are asked.
    pub most: usize,
}

/// From each word on, the fewest words that measure up. Where none do, there is no window: so
/// words of courtesy make windows only together with words that tell something. Places of words.
pub fn windows(tokens: &[Token], measure: Measure) -> Vec<Range<usize>> {
    let from = |start: usize| Some(start..start + window(tokens.get(start..)?, measure)?);
    (0..tokens.len()).filter_map(from).collect()
}

/// How many words the window at the beginning of these has.
fn window(tokens: &[Token], measure: Measure) -> Option<usize> {
    let (mut weight, mut chars) = (0, 0);
    let mut telling: Vec<&str> = Vec::with_capacity(measure.telling);
    for (place, token) in tokens.iter().enumerate() {
        weight += token.weight;
        chars += token.word.chars().count() + usize::from(place > 0);
        let more = token.tells && telling.len() < measure.telling;
        if more && !telling.contains(&token.word.as_str()) {
            telling.push(&token.word);
        }
        let long = weight >= measure.weight || chars >= measure.chars;
        if long && telling.len() >= measure.telling {
            return Some(place + 1);
        }
        if weight >= measure.most {
            return None;
        }
    }
    None
}
