//! ASCII armor as programs write it (RFC 9580 section 6.2), decoded at the speed of plain base64.
//!
//! Only the ordinary form is read here; whatever else comes is left to the library's own reader.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &[u8] = b"-----BEGIN PGP MESSAGE-----";
const END: &[u8] = b"-----END PGP MESSAGE-----";

/// The octets of an armored message that stands alone; `None` where it is not in that form.
/// The checksum is not looked at (RFC 9580 section 6.1): the cryptography does that.
pub(super) fn message(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut lines = bytes.trim_ascii_start().split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    if lines.next()? != BEGIN {
        return None;
    }
    while !lines.next()?.is_empty() {}
    let mut text = Vec::with_capacity(bytes.len());
    for line in lines {
        if line.starts_with(b"=") || line == END {
            return STANDARD.decode(text).ok();
        }
        text.extend_from_slice(line);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn reads_the_ordinary_forms() {
        let forms = [
            "-----BEGIN PGP MESSAGE-----\n\naGVhcA==\n=abcd\n-----END PGP MESSAGE-----\n",
            "\r\n-----BEGIN PGP MESSAGE-----\r\nVersion: x\r\n\r\naGVh\r\ncA==\r\n\
             -----END PGP MESSAGE-----",
        ];
        for form in forms {
            assert_eq!(message(form.as_bytes()).as_deref(), Some(&b"heap"[..]), "{form}");
        }
    }

    #[test]
    fn leaves_the_others_alone() {
        let forms = [
            "",
            "heap",
            "words\n-----BEGIN PGP MESSAGE-----\n\naGVhcA==\n-----END PGP MESSAGE-----\n",
            "-----BEGIN PGP MESSAGE-----\n\naGVhcA==\n",
            "-----BEGIN PGP MESSAGE-----\n\naGV*cA==\n-----END PGP MESSAGE-----\n",
            "-----BEGIN PGP MESSAGE-----\naGVhcA==\n-----END PGP MESSAGE-----\n",
        ];
        for form in forms {
            assert_eq!(message(form.as_bytes()), None, "{form}");
        }
    }
}
