//! Text as a person reads it: flowed lines joined, HTML as words, legacy headers left out.
//!
//! Nothing here asks the network for anything or looks at what a link points to.

use super::quote::links_once;
use crate::limits::HTML_DEPTH;
use html2text::render::TrivialDecorator;

/// Columns of HTML as text: wide enough that an armored block keeps its lines.
const COLUMNS: usize = 100;
/// Elements without an end tag, or commonly written without one; they do not nest.
const FLAT: [&str; 25] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option",
];

/// Undoes format=flowed (RFC 3676 section 4.1): joins what was broken for display, removes the
/// space that was stuffed in front. `delsp` also removes the blank a line was broken at.
pub(super) fn unflowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let quotes = line.len() - line.trim_start_matches('>').len();
        let words = line.get(quotes..).unwrap_or_default();
        let words = words.strip_prefix(' ').unwrap_or(words);
        let signature = words == "-- ";
        // A blank left at the end of a line, by a keyboard, swallows no blank line below it.
        if open != Some(quotes) || signature || words.is_empty() {
            begin(&mut out, open.is_some(), quotes);
        }
        let flows = words.ends_with(' ') && !signature;
        out.push_str(if flows && delsp { words.strip_suffix(' ').unwrap_or(words) } else { words });
        if !flows {
            out.push('\n');
        }
        open = flows.then_some(quotes);
    }
    out
}

/// Begins a line at its quote depth, after ending one that hoped to go on.
fn begin(out: &mut String, unfinished: bool, quotes: usize) {
    if unfinished {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n('>', quotes));
    if quotes > 0 {
        out.push(' ');
    }
}

/// HTML as words. What is too deep, or longer than `care` allows, is only stripped; `care`
/// is what one mail may still spend on rendering, in octets.
pub(super) fn from_html(html: &str, care: &mut usize) -> String {
    if html.len() <= *care && depth(html) <= HTML_DEPTH {
        *care -= html.len();
        let config = html2text::config::with_decorator(TrivialDecorator::new()).no_table_borders();
        let text = config.string_from_read(html.as_bytes(), COLUMNS);
        // Padding may make a page of little words large.
        if let Some(text) = text.ok().filter(|text| text.len() <= 2 * html.len()) {
            return text;
        }
    }
    mail_parser::html_to_text(html)
}

/// Open elements at the deepest point, counted without understanding them.
fn depth(html: &str) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if tag.starts_with('/') {
            now = now.saturating_sub(1);
        } else if !name.is_empty() && !FLAT.contains(&name.to_ascii_lowercase().as_str()) {
            now += 1;
            deepest = deepest.max(now);
        }
    }
    deepest
}

/// Two texts with the same letters and digits in the same order. A link that stands behind its
/// own words is not said twice.
pub(super) fn same_words(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        links_once(text).chars().filter(|c| c.is_alphanumeric()).collect()
    };
    letters(one) == letters(other)
}

/// Removes the header lines that a sender repeats at the top of a text for readers that know no
/// protected headers (RFC 9788 section 4.5.3). Only lines that look like fields ever go.
pub(super) fn without_legacy_display(text: &str) -> &str {
    let Some(end) =
        text.find("\n\n").map(|at| at + 2).or_else(|| text.find("\r\n\r\n").map(|at| at + 4))
    else {
        return text;
    };
    let (head, rest) = text.split_at(end);
    let field = |line: &str| {
        line.starts_with([' ', '\t'])
            || line.split_once(':').is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
    };
    if head.trim_end().lines().all(field) { rest } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::HTML_BYTES;

    #[test]
    fn flowed_lines_join_and_stuffing_goes() {
        let flowed = "A long line that \r\nwas broken.\r\n From here\r\n> quoted \r\n> more\r\n-- \
            \r\nFay\r\n";
        let read = "A long line that was broken.\nFrom here\n> quoted more\n-- \nFay\n";
        assert_eq!(unflowed(flowed, false), read);
        assert_eq!(unflowed("ab \ncd\n", true), "abcd\n");
        assert_eq!(unflowed("deep \n> other depth\n", false), "deep \n> other depth\n");
        assert_eq!(unflowed("open \n-- \nsig", false), "open \n-- \nsig\n");
        assert_eq!(unflowed("/send fay \n\nHello \nFay", false), "/send fay \n\nHello Fay\n");
    }

    #[test]
    fn html_is_words_and_asks_nobody() {
        let html = "<p>Hello <b>there</b></p><img src='http://evil.test/x.png'><ul><li>one</ul>\
            <a href='http://evil.test/'>link</a><script>alert(1)</script><style>p{}</style>";
        let text = from_html(html, &mut HTML_BYTES.clone());
        assert!(text.contains("Hello there") && text.contains("one") && text.contains("link"));
        assert!(!text.contains("evil.test") && !text.contains("alert"), "{text}");
    }

    #[test]
    fn eve_cannot_stop_the_reader_with_html() {
        for evil in [
            "<".repeat(1_000_000),
            "<div>".repeat(200_000),
            "<table><tr><td>".repeat(20_000),
            "<b><i><u>".repeat(20_000),
            "<blockquote>".repeat(50_000),
            "<p><b>".repeat(20_000),
            format!("{}x{}", "<table><tr><td>".repeat(50), "</td></tr></table>".repeat(50)),
            "<a href=x>".repeat(20_000),
            "&".repeat(200_000),
            "<td>".repeat(50_000),
            format!("<table><tr>{}</tr></table>", "<td>x".repeat(30_000)),
            format!("<table>{}</table>", "<tr><td>x<td>y".repeat(15_000)),
            "<ul><li>".repeat(30_000),
            "<p>".repeat(80_000),
            "<!--".repeat(60_000),
            format!("<{}>", "a=b ".repeat(60_000)),
            (0..90).map(|i| format!("<b a={i}>")).collect::<String>() + &"<p>x".repeat(60_000),
            (0..90).map(|i| format!("<b a={i}>")).collect::<String>() + &"<p>x</b>".repeat(30_000),
            "<table><tr><td>x<td>y".repeat(90) + &"<td>z".repeat(40_000),
            "<table>".to_owned() + &"<a>x".repeat(60_000),
            "<blockquote>".repeat(40) + &"word ".repeat(45_000),
            "<div>x</div>".repeat(20_000),
            "<table><tr><td>x</td></tr></table>".repeat(7_000),
            "x".repeat(250_000),
            "<a href=x>x</a>".repeat(16_000),
            "<ol>".to_owned() + &"<li>x".repeat(50_000),
            "<pre>".to_owned() + &"x\n".repeat(100_000),
        ] {
            let text = from_html(&evil, &mut HTML_BYTES.clone());
            assert!(text.len() <= 2 * evil.len(), "{evil:.20} grows to {}", text.len());
        }
    }

    #[test]
    fn eve_cannot_buy_more_care_with_more_parts() {
        let mut care = 10;
        assert_eq!(from_html("<p>one</p>", &mut care).trim(), "one");
        assert_eq!((from_html("<p>two</p>", &mut care).trim(), care), ("two", 0));
    }

    #[test]
    fn only_header_lines_are_taken_for_a_legacy_display() {
        assert_eq!(without_legacy_display("Subject: a\nTo: b\n\nHello"), "Hello");
        assert_eq!(without_legacy_display("Hello there\n\nFay"), "Hello there\n\nFay");
        assert_eq!(without_legacy_display("Subject: a\nBut no.\n\nx"), "Subject: a\nBut no.\n\nx");
    }
}
