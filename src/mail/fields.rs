//! Header fields one by one, with names as strict as RFC 5322 section 2.2 writes them.

use super::clean;
use crate::limits::FIELD_CHARS;
use mail_parser::{ContentType, Header, HeaderForm, MessagePart};

/// A header field whose name was looked at byte by byte.
pub(super) struct Line<'m> {
    /// Lower case. Of a field that is not written as one, blanks and controls show as `_`,
    /// so that it never passes for the field it imitates.
    pub(super) name: String,
    pub(super) strict: bool,
    pub(super) header: Header<'m>,
}

/// Fields in which encoded words are decoded (RFC 2047 section 5). All others are read as
/// they stand: an encoded word there is no word of theirs.
const WORDY: [&str; 14] = [
    "subject",
    "comments",
    "keywords",
    "content-description",
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "resent-from",
    "resent-to",
    "resent-cc",
    "organization",
    "thread-topic",
];

pub(super) fn of<'m>(part: MessagePart<'m>) -> Vec<Line<'m>> {
    let source = part.message().source_bytes();
    part.headers().iter().map(|header| line(source, header)).collect()
}

fn line<'m>(source: &[u8], header: Header<'m>) -> Line<'m> {
    let start = header.offset_field() as usize;
    let colon = (header.offset_start() as usize).saturating_sub(1);
    let name = source.get(start..colon).unwrap_or_default();
    let first = start.checked_sub(1).and_then(|i| source.get(i)).is_none_or(|b| *b == b'\n');
    let strict = first && !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let shown = String::from_utf8_lossy(name).to_ascii_lowercase();
    let shown = shown.replace(|c: char| !c.is_ascii_graphic(), "_");
    let name = if first { shown } else { format!("_{shown}") };
    Line { name, strict, header }
}

impl<'m> Line<'m> {
    /// The value as one clean line, cut at `FIELD_CHARS`.
    pub(super) fn text(&self) -> String {
        let raw = self.header.raw_value();
        if WORDY.contains(&self.name.as_str()) {
            let parsed = self.header.parse_as(HeaderForm::Text);
            return clean::cut(
                &clean::line(parsed.value().as_text().unwrap_or_default()),
                FIELD_CHARS,
            );
        }
        clean::cut(&clean::line(&unfolded(raw)), FIELD_CHARS)
    }
}

/// RFC 5322 section 2.2.3: a folded line is the line without its line breaks.
pub(super) fn unfolded(raw: &[u8]) -> String {
    String::from_utf8_lossy(raw).replace("\r\n", "").replace('\n', "")
}

/// The Content-Type, where the part has exactly one such field, written strictly and without
/// a parameter given twice or in pieces. What is read two ways is believed in neither.
pub(super) fn one_type<'m>(part: MessagePart<'m>) -> Option<ContentType<'m>> {
    let typed = |line: &Line| line.name.trim_matches('_') == "content-type";
    let mut lines = of(part).into_iter().filter(typed);
    let only = lines.next().filter(|line| line.strict && lines.next().is_none())?;
    let kind = part.content_type()?;
    let mut names: Vec<&str> = kind.attributes().map(|(name, _)| name).collect();
    names.sort_unstable();
    let twice = names.windows(2).any(|pair| pair.first() == pair.last());
    (!twice && !in_pieces(only.header.raw_value())).then_some(kind)
}

/// RFC 2231 pieces or charsets of a parameter that decides about structure.
fn in_pieces(raw: &[u8]) -> bool {
    let raw = raw.to_ascii_lowercase();
    let has = |name: &[u8]| raw.windows(name.len()).any(|w| w == name);
    has(b"boundary*") || has(b"protocol*")
}

/// The header block begins with a real Content-Type field somewhere before its blank line.
pub(super) fn names_its_type(bytes: &[u8]) -> bool {
    bytes.split(|b| *b == b'\n').take_while(|line| !line.trim_ascii().is_empty()).any(|line| {
        line.split_at_checked(13)
            .is_some_and(|(name, _)| name.eq_ignore_ascii_case(b"content-type:"))
    })
}

/// Whether the last Content-Type says `kind/subkind`.
pub(super) fn is(part: MessagePart<'_>, kind: &str, subkind: &str) -> bool {
    part.is_content_type(kind, subkind)
}
