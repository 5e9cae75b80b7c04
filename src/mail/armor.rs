//! Armored OpenPGP blocks inside a text (RFC 9580 sections 6 and 7), found line by line.
//!
//! One pass, no nesting: a block begins at its first armor line at the start of a line and ends
//! at its last. What begins and never ends is words, unless it is a secret key.

/// A stretch of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch<'a> {
    pub(super) what: What,
    pub(super) bytes: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Words,
    Message,
    Clearsigned,
    PublicKey,
    SecretKey,
}

/// The whole of `bytes`, in order, nothing left out.
pub(super) fn stretches(bytes: &[u8]) -> Vec<Stretch<'_>> {
    let mut found = Vec::new();
    let (mut words, mut at) = (0, 0);
    let mut open: Option<(What, usize)> = None;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        if let Some(what) = opening(line) {
            if let Some((What::SecretKey, from)) = open {
                push(&mut found, What::Words, bytes.get(words..from));
                push(&mut found, What::SecretKey, bytes.get(from..start));
                words = start;
            }
            open = Some((what, start));
        } else if let Some((what, from)) = open.filter(|(what, _)| closes(line, *what)) {
            push(&mut found, What::Words, bytes.get(words..from));
            push(&mut found, what, bytes.get(from..end));
            (words, open) = (end, None);
        }
    }
    match open {
        Some((What::SecretKey, from)) => {
            push(&mut found, What::Words, bytes.get(words..from));
            push(&mut found, What::SecretKey, bytes.get(from..));
        }
        _ => push(&mut found, What::Words, bytes.get(words..)),
    }
    found
}

fn push<'a>(found: &mut Vec<Stretch<'a>>, what: What, bytes: Option<&'a [u8]>) {
    if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
        found.push(Stretch { what, bytes });
    }
}

/// What the first line of a block announces. Also used on the first line of a file.
pub(super) fn opening(line: &[u8]) -> Option<What> {
    match line.trim_ascii_end() {
        b"-----BEGIN PGP MESSAGE-----" => Some(What::Message),
        b"-----BEGIN PGP SIGNED MESSAGE-----" => Some(What::Clearsigned),
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----" => Some(What::PublicKey),
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----" => Some(What::SecretKey),
        _ => None,
    }
}

fn closes(line: &[u8], what: What) -> bool {
    let last: &[u8] = match what {
        What::Message => b"-----END PGP MESSAGE-----",
        What::Clearsigned => b"-----END PGP SIGNATURE-----",
        What::PublicKey => b"-----END PGP PUBLIC KEY BLOCK-----",
        What::SecretKey => b"-----END PGP PRIVATE KEY BLOCK-----",
        What::Words => return false,
    };
    line.trim_ascii_end() == last
}

#[cfg(test)]
mod tests {
    use super::*;

    const CIPHER: &str = "-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n";

    fn kinds(text: &str) -> Vec<What> {
        let found = stretches(text.as_bytes());
        let whole: Vec<u8> = found.iter().flat_map(|s| s.bytes.iter().copied()).collect();
        assert_eq!(whole, text.as_bytes(), "nothing is lost");
        found.into_iter().map(|s| s.what).collect()
    }

    #[test]
    fn blocks_stand_apart_from_the_words_around_them() {
        assert_eq!(kinds(CIPHER), [What::Message]);
        let around = format!("hello\n{CIPHER}between\n{CIPHER}");
        assert_eq!(kinds(&around), [What::Words, What::Message, What::Words, What::Message]);
        let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nwords\n- -----BEGIN PGP \
            MESSAGE-----\n\
            -----BEGIN PGP SIGNATURE-----\n\nAA\n-----END PGP SIGNATURE-----\n";
        assert_eq!(kinds(signed), [What::Clearsigned]);
        assert_eq!(kinds(&signed.replace('\n', "\r\n")), [What::Clearsigned]);
    }

    #[test]
    fn eve_cannot_hide_words_in_a_block_without_an_end() {
        assert_eq!(kinds("-----BEGIN PGP MESSAGE-----\nwords\n"), [What::Words]);
        assert_eq!(
            kinds("x -----BEGIN PGP MESSAGE-----\n-----END PGP MESSAGE-----\n"),
            [What::Words]
        );
        let twice = format!("-----BEGIN PGP MESSAGE-----\nwords\n{CIPHER}");
        assert_eq!(kinds(&twice), [What::Words, What::Message]);
        let many = "-----BEGIN PGP MESSAGE-----\n".repeat(100_000);
        assert_eq!(kinds(&many), [What::Words]);
    }

    #[test]
    fn a_secret_key_cut_short_is_still_a_secret() {
        assert_eq!(
            kinds("hi\n-----BEGIN PGP PRIVATE KEY BLOCK-----\nAAAA\n"),
            [What::Words, What::SecretKey]
        );
        let then = format!("-----BEGIN PGP PRIVATE KEY BLOCK-----\nAAAA\n{CIPHER}");
        assert_eq!(kinds(&then), [What::SecretKey, What::Message]);
    }
}
