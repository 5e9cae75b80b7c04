//! The Autocrypt header (Autocrypt 1.1 section 2.1). A key in it is a hint and no more.

use super::content::Autocrypt;
use super::fields::{self, Line};
use super::{Address, header};
use crate::limits::AUTOCRYPT_BYTES;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::MessagePart;

/// The one valid header for the one From address; several valid ones are none.
pub(super) fn read(root: MessagePart<'_>) -> Vec<Autocrypt> {
    let lines = fields::of(root);
    let from = header::read(root).from;
    let own = lines.iter().any(|line| line.name == "from");
    let sender = match from.as_slice() {
        [one] => Some(&one.address),
        _ => None,
    };
    if own && sender.is_none() || root.is_content_type("multipart", "report") {
        return Vec::new();
    }
    let named = lines.iter().filter(|line| line.name == "autocrypt");
    let valid: Vec<Autocrypt> = named.filter_map(parse).filter(|a| fits(a, sender)).collect();
    if valid.len() == 1 { valid } else { Vec::new() }
}

fn fits(found: &Autocrypt, sender: Option<&Address>) -> bool {
    sender.is_none_or(|sender| *sender == found.address)
}

fn parse(line: &Line) -> Option<Autocrypt> {
    let raw = line.header.raw_value();
    if raw.len() > AUTOCRYPT_BYTES {
        return None;
    }
    let value = fields::unfolded(raw);
    let (before, keydata) = value.rsplit_once(';').unwrap_or(("", &value));
    let (name, keydata) = keydata.split_once('=')?;
    let known = name.trim() == "keydata" && !before.to_ascii_lowercase().contains("keydata");
    let (mut address, mut mutual) = (None, false);
    for attribute in before.split(';').map(str::trim).filter(|a| !a.is_empty()) {
        match attribute.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
            Some(("addr", value)) if address.is_none() => address = Some(Address::parse(value)?),
            Some(("prefer-encrypt", value)) => mutual = value == "mutual",
            Some((name, _)) if name.starts_with('_') => {}
            _ => return None,
        }
    }
    let keydata: String = keydata.split_whitespace().collect();
    let keydata = STANDARD.decode(keydata).ok().filter(|key| known && !key.is_empty())?;
    Some(Autocrypt { address: address?, mutual, keydata })
}

#[cfg(test)]
mod tests {
    use crate::mail::{Autocrypt, parse};

    fn read(fields: &str) -> Vec<Autocrypt> {
        let mail = format!("From: Fay <fay@example.org>\r\n{fields}\r\nwords\r\n");
        parse(mail.as_bytes()).expect("a mail").content().autocrypt
    }

    #[test]
    fn one_valid_header_is_read() {
        let found = read(
            "Autocrypt: addr=fay@example.org; prefer-encrypt=mutual;\r\n _note=x;\r\n \
                keydata=AAEC\r\n AwQF\r\n",
        );
        let [one] = found.as_slice() else { panic!("one header: {found:?}") };
        assert_eq!(one.keydata, [0, 1, 2, 3, 4, 5]);
        assert!(one.mutual);
        assert_eq!(one.address.as_str(), "fay@example.org");
    }

    #[test]
    fn eve_cannot_bring_a_key_for_somebody_else() {
        let good = "Autocrypt: addr=fay@example.org; keydata=AAEC\r\n";
        let long = format!("Autocrypt: addr=fay@example.org; keydata={}\r\n", "AAEC".repeat(3_000));
        for evil in [
            "Autocrypt: addr=mo@example.org; keydata=AAEC\r\n",
            "Autocrypt: addr=fay@example.org; type=1; keydata=AAEC\r\n",
            "Autocrypt: keydata=AAEC; addr=fay@example.org\r\n",
            "Autocrypt: addr=fay@example.org; keydata=AAEC; keydata=AAEC\r\n",
            "Autocrypt: addr=fay@example.org; addr=fay@example.org; keydata=AAEC\r\n",
            "Autocrypt: addr=fay@example.org; keydata=%%%%\r\n",
            "Autocrypt: addr=fay@example.org; keydata=\r\n",
            "Autocrypt: keydata=AAEC\r\n",
            "Autocrypt : addr=fay@example.org; keydata=AAEC\r\n",
            "Autocrypt-Gossip: addr=fay@example.org; keydata=AAEC\r\n",
            long.as_str(),
            &format!("{good}{good}"),
            &format!("{good}From: mo@example.org\r\n"),
            &format!("{good}Content-Type: multipart/report; boundary=b\r\n"),
        ] {
            assert_eq!(read(evil), [], "{evil:.80}");
        }
        let spoiled = format!("Autocrypt: addr=mo@example.org; keydata=AAEC\r\n{good}");
        assert_eq!(read(&spoiled).len(), 1, "an invalid header does not spoil a valid one");
    }
}
