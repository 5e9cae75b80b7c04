//! One text part: decoded, split at its armored blocks, cleaned. And whether it may carry orders.

use super::armor::{self, Stretch, What};
use super::clean;
use super::fields;
use super::text;
use mail_parser::{Charset, MessagePart, PartKind};
use std::borrow::Cow;

/// A readable part, transfer-decoded, not yet text.
pub(super) struct Words<'m> {
    bytes: Cow<'m, [u8]>,
    charset: Charset,
    html: bool,
    flowed: bool,
    delsp: bool,
    legacy_display: bool,
}

impl<'m> Words<'m> {
    /// `care` is what may still be spent on rendering HTML, in octets.
    pub(super) fn of(part: MessagePart<'m>, care: &mut usize) -> Words<'m> {
        let html = matches!(part.kind(), PartKind::Html);
        let kind = part.content_type();
        let says = |name: &str, value: &str| {
            let said = kind.and_then(|kind| kind.attribute(name));
            said.is_some_and(|said| said.eq_ignore_ascii_case(value))
        };
        let charset = charset(part).unwrap_or_default();
        let (bytes, charset) = match part.text() {
            Some(markup) if html => (owned(text::from_html(&markup, care)), Charset::Utf8),
            Some(words) if wide(charset) => (owned(words.into_owned()), Charset::Utf8),
            _ => (part.decoded(), charset),
        };
        let flowed = !html && says("format", "flowed");
        let (delsp, legacy_display) = (says("delsp", "yes"), says("hp-legacy-display", "1"));
        Words { bytes, charset, html, flowed, delsp, legacy_display }
    }

    /// Armored blocks and the words between them, as bytes: a cleartext signature covers
    /// these bytes and no other spelling of them.
    pub(super) fn stretches(&self) -> Vec<Stretch<'_>> {
        armor::stretches(&self.bytes)
    }

    /// The words of a stretch. `payload`: this part stands in a payload with protected headers.
    pub(super) fn read(&self, stretch: &[u8], payload: bool) -> String {
        let words = self.charset.decode(stretch);
        let legacy = payload && self.legacy_display && !self.html;
        let words = if legacy { text::without_legacy_display(&words) } else { &words };
        match self.flowed {
            true => clean::text(&text::unflowed(words, self.delsp)),
            false => clean::text(words),
        }
    }

    /// The whole part as words, to compare it with its alternatives.
    pub(super) fn all(&self) -> String {
        self.read(&self.bytes, false)
    }
}

fn owned(words: String) -> Cow<'static, [u8]> {
    Cow::Owned(words.into_bytes())
}

fn charset(part: MessagePart<'_>) -> Option<Charset> {
    Charset::from_label(part.content_type()?.attribute("charset")?.as_bytes())
}

/// Character sets in which an armor line is not written in ASCII.
fn wide(charset: Charset) -> bool {
    matches!(charset, Charset::Utf16 | Charset::Utf16Le | Charset::Utf16Be | Charset::Utf7)
}

pub(super) fn is_blank(words: &[u8]) -> bool {
    words.trim_ascii().is_empty()
}

pub(super) fn placeholder(what: What) -> &'static str {
    match what {
        What::Message => "[Here stood an encrypted block.]\n",
        What::PublicKey => "[Here stood an OpenPGP key.]\n",
        What::SecretKey => "[Here stood a secret OpenPGP key.]\n",
        What::Clearsigned | What::Words => "",
    }
}

/// Why a readable part may not carry orders: only words that every program reads in one way may.
pub(super) fn unfit(part: MessagePart<'_>) -> Option<&'static str> {
    let has =
        |name: &str| fields::of(part).iter().filter(|l| l.name.trim_matches('_') == name).count();
    if matches!(part.kind(), PartKind::Html) {
        return Some("Its text is HTML.");
    }
    if !part.is_content_type("text", "plain") || fields::one_type(part).is_none() {
        return Some("Its text does not say in one way that it is plain text.");
    }
    if has("content-transfer-encoding") > 1 {
        return Some("Its text names two transfer encodings.");
    }
    match part.text_checked() {
        Some((words, _)) if breaks_lines_oddly(&words) => {
            Some("Its text breaks lines in a way that not every program shows.")
        }
        Some((words, problems)) if problems.is_empty() => odd_charset(part, &words),
        _ => Some("Its text is damaged, or in characters that are not known."),
    }
}

/// Line ends that we show as such, and that other programs do not: words pasted with one of them
/// would be a line to us and none to the one who signed.
fn breaks_lines_oddly(words: &str) -> bool {
    let lone = |rest: &str| !rest.starts_with('\n');
    words.contains(['\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'])
        || words.split('\r').skip(1).any(lone)
}

fn odd_charset(part: MessagePart<'_>, words: &str) -> Option<&'static str> {
    let label = part.content_type().and_then(|kind| kind.attribute("charset"));
    let utf8 = label.is_some_and(|label| label.eq_ignore_ascii_case("utf-8"));
    let ascii = label.is_none_or(|label| label.eq_ignore_ascii_case("us-ascii"));
    let fits = utf8 || ascii && words.is_ascii();
    (!fits).then_some("Its text is neither US-ASCII nor UTF-8.")
}
