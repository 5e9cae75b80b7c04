//! The two byte forms of a mail that are hashed to recognise it again.

use std::borrow::Cow;

/// Fields that servers on the way add or change; those ending in `-` stand for a family.
const ROUTE: [&[u8]; 7] = [
    b"received",
    b"return-path",
    b"delivered-to",
    b"x-original-to",
    b"dkim-",
    b"arc-",
    b"authentication-results",
];

/// The mail with CRLF line ends, however the store delivered it. A lone CR stays as it is.
pub fn canonical(raw: &[u8]) -> Cow<'_, [u8]> {
    let bare = bare_feeds(raw);
    if bare == 0 {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len() + bare);
    for line in raw.split_inclusive(|b| *b == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                out.extend_from_slice(b"\r\n");
            }
            None => out.extend_from_slice(line),
        }
    }
    Cow::Owned(out)
}

fn bare_feeds(raw: &[u8]) -> usize {
    let mut before = 0;
    let mut bare = 0;
    for byte in raw {
        bare += usize::from(*byte == b'\n' && before != b'\r');
        before = *byte;
    }
    bare
}

/// The mail with CRLF line ends and without the fields that servers on the way write, each
/// with its continuation lines.
pub fn routeless(raw: &[u8]) -> Vec<u8> {
    let raw = canonical(raw);
    let mut out = Vec::with_capacity(raw.len());
    let (mut dropped, mut rest) = (false, &*raw);
    while let Some(end) = rest.iter().position(|b| *b == b'\n') {
        let (line, below) = rest.split_at(end + 1);
        if line == b"\r\n" {
            break;
        }
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            dropped = of_the_route(line);
        }
        if !dropped {
            out.extend_from_slice(line);
        }
        rest = below;
    }
    out.extend_from_slice(rest);
    out
}

fn of_the_route(line: &[u8]) -> bool {
    let name = line.split(|b| *b == b':').next().unwrap_or_default().trim_ascii_end();
    ROUTE.iter().any(|field| match name.split_at_checked(field.len()) {
        Some((head, rest)) if field.ends_with(b"-") => {
            head.eq_ignore_ascii_case(field) && !rest.is_empty()
        }
        Some((head, rest)) => head.eq_ignore_ascii_case(field) && rest.is_empty(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mail_by_two_ways_has_one_routeless_form() {
        let imap = b"Return-Path: <fay@example.org>\r\nReceived: from a\r\n\tby b; now\r\n\
            ARC-Seal: i=1;\r\n cv=none\r\nFrom: fay@example.org\r\nX-Received-By: kept\r\n\
            Subject: a\r\n folded\r\n\r\nReceived: words\r\n";
        let list = b"Delivered-To: sirt@example.org\ndkim-signature: v=1\n  b=x\n\
            authentication-results : mx\nFrom: fay@example.org\nX-Received-By: kept\n\
            Subject: a\n folded\n\nReceived: words\n";
        assert_eq!(routeless(imap), routeless(list));
        let kept = b"From: fay@example.org\r\nX-Received-By: kept\r\nSubject: a\r\n folded\r\n\r\n\
            Received: words\r\n";
        assert_eq!(routeless(imap), kept);
    }

    #[test]
    fn only_line_feeds_change() {
        assert_eq!(&*canonical(b"a\nb\r\nc\rd\n"), b"a\r\nb\r\nc\rd\r\n");
        assert!(matches!(canonical(b"a\r\nb"), Cow::Borrowed(_)));
        assert_eq!(routeless(b""), b"");
        assert_eq!(routeless(b"Received"), b"Received");
        assert_eq!(routeless(b"\n\nReceived: x\n"), b"\r\n\r\nReceived: x\r\n");
    }
}
