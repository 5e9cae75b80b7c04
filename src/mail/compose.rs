//! Our own letters as bytes: 7-bit, CRLF, no field that is not in [`Header`].
//!
//! A letter is built inside out: [`text_part`] and [`attachment`], [`mixed`] where there are
//! several, [`Part::protected`], then [`signable`] goes to the signer, and [`signed`],
//! [`encrypted`] or [`plain`] makes the mail. What was signed is sent byte for byte. Nothing a
//! stranger wrote reaches a field uncleaned, and there is no randomness here: boundaries are
//! made from a seed that the caller keeps unguessable.

use super::encode;
use super::{Address, Mailbox, MessageId, clean, is_seven_bit};
use crate::limits::AUTOCRYPT_BYTES;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

/// Characters of a boundary seed that are used (RFC 2046 section 5.1.1 allows 70 in all).
const SEED_CHARS: usize = 40;

/// RFC 5322 section 2.1.1, without the line end.
const LINE_OCTETS: usize = 998;

/// The fields a letter can have; there is no way to write another.
#[derive(Clone, Debug)]
pub struct Header {
    pub from: Mailbox,
    pub to: Mailbox,
    pub reply_to: Option<Mailbox>,
    pub subject: String,
    pub date: Timestamp,
    pub message_id: MessageId,
    pub in_reply_to: Option<MessageId>,
    pub references: Vec<MessageId>,
    pub auto_submitted: Option<AutoSubmitted>,
    /// The team's certificate, binary, for the Autocrypt field. Left out where it is too large.
    pub autocrypt: Option<Vec<u8>>,
    /// In X-Loop: by this address we know our own post again, whatever a list made of it.
    pub loop_mark: Option<Address>,
}

/// RFC 3834 section 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoSubmitted {
    Generated,
    Replied,
}

/// How the header of a letter stands inside its protection (RFC 9788 section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hp {
    /// Signed only: the outer fields say the same.
    Clear,
    /// Encrypted: the outer Subject is another one.
    Cipher,
}

/// A detached signature over [`signable`] bytes, armored, and the hash it was made with.
#[derive(Clone, Copy, Debug)]
pub struct DetachedSignature<'a> {
    pub armored: &'a str,
    /// The hash alone, such as `sha512`.
    pub micalg: &'a str,
}

/// A letter that cannot be written as 7-bit mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    #[error("an address in it needs more than US-ASCII")]
    Address,
    #[error("its armor is not armor")]
    Armor,
}

/// A MIME entity of ours, finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The media type and its parameters, each one word of the field.
    kind: Vec<String>,
    /// Whole fields, each with its CRLF.
    fields: String,
    /// Ends with CRLF.
    body: String,
}

/// text/plain, UTF-8; readable in the raw wherever that is safe on the way.
pub fn text_part(text: &str) -> Part {
    let inert = encode::is_inert(text);
    let (coding, body) = match inert {
        true => ("7bit", encode::crlf(text)),
        false => ("quoted-printable", encode::quoted_printable(text)),
    };
    Part {
        kind: words(&["text/plain;", "charset=utf-8"]),
        fields: format!("Content-Transfer-Encoding: {coding}\r\n"),
        body,
    }
}

/// The text of a post: it says US-ASCII where it is, since lists change what says more. Lines up
/// to `columns` stay as they are; beyond, or with anything a relay may touch, it is encoded.
pub fn list_text(text: &str, columns: usize) -> Part {
    let columns = columns.min(LINE_OCTETS);
    let charset = if text.is_ascii() { "us-ascii" } else { "utf-8" };
    let (coding, body) = match encode::is_inert_within(text, columns) {
        true => ("7bit", encode::crlf(text)),
        false => ("quoted-printable", encode::quoted_printable(text)),
    };
    Part {
        kind: words(&["text/plain;", &format!("charset={charset}")]),
        fields: format!("Content-Transfer-Encoding: {coding}\r\n"),
        body,
    }
}

/// A file, base64. `kind` is a media type such as `application/pgp-keys`.
pub fn attachment(name: &str, kind: &str, bytes: &[u8]) -> Part {
    let (kind, subkind) = kind.split_once('/').unzip();
    let mut disposition = words(&["attachment;"]);
    disposition.extend(encode::parameter("filename", &clean::file_name(name)));
    Part {
        kind: vec![clean::media_type(kind.unwrap_or_default(), subkind)],
        fields: encode::field("Content-Disposition", &disposition)
            + "Content-Transfer-Encoding: base64\r\n",
        body: encode::base64_lines(bytes),
    }
}

/// A mail in a mail, as a file that programs can show; none where it would have to be encoded
/// (see [`super::is_seven_bit`]).
pub fn enclosed_mail(name: &str, mail: &[u8]) -> Option<Part> {
    let text = std::str::from_utf8(mail).ok().filter(|_| is_seven_bit(mail))?;
    let mut disposition = words(&["attachment;"]);
    disposition.extend(encode::parameter("filename", &clean::file_name(name)));
    let end = if text.ends_with("\r\n") { "" } else { "\r\n" };
    Some(Part {
        kind: words(&["message/rfc822"]),
        fields: encode::field("Content-Disposition", &disposition)
            + "Content-Transfer-Encoding: 7bit\r\n",
        body: format!("{text}{end}"),
    })
}

/// multipart/mixed. `seed` makes the boundary: letters and digits nobody can guess.
pub fn mixed(parts: &[Part], seed: &str) -> Part {
    let parts: Vec<String> = parts.iter().map(Part::text).collect();
    let (boundary, body) = joined("", &parts, 'm', seed);
    Part { kind: vec!["multipart/mixed;".to_owned(), boundary], fields: String::new(), body }
}

impl Part {
    /// The same entity with the `inner` fields on its root, marked as protected: by RFC 9788,
    /// and in the older way that today's programs show. `outer` is what will stand outside; it
    /// is listed in HP-Outer where `hp` is [`Hp::Cipher`] (RFC 9788 section 2.2).
    ///
    /// # Errors
    /// Where an address cannot be written.
    pub fn protected(mut self, inner: &Header, outer: &Header, hp: Hp) -> Result<Part, Unwritable> {
        let mark = if hp == Hp::Cipher { "hp=\"cipher\"" } else { "hp=\"clear\"" };
        if let Some(last) = self.kind.last_mut() {
            last.push(';');
        }
        self.kind.extend(words(&["protected-headers=\"v1\";", mark]));
        let told = if hp == Hp::Cipher { outer.shown()? } else { Vec::new() };
        let told = told.iter().map(|(name, words)| {
            let words: Vec<String> =
                std::iter::once(format!("{name}:")).chain(words.clone()).collect();
            encode::field("HP-Outer", &words)
        });
        self.fields =
            inner.shown()?.iter().map(written).chain(told).collect::<String>() + &self.fields;
        Ok(self)
    }

    fn text(&self) -> String {
        let kind = encode::field("Content-Type", &self.kind);
        format!("{kind}{}\r\n{}", self.fields, self.body)
    }
}

/// The exact bytes to sign, or to sign and encrypt. They end with CRLF; the line break in
/// front of the delimiter is not among them (RFC 3156 section 5).
pub fn signable(part: &Part) -> Vec<u8> {
    part.text().into_bytes()
}

/// multipart/signed (RFC 3156 section 5).
///
/// # Errors
/// Where an address or the armor cannot be written.
pub fn signed(
    header: &Header,
    part: &Part,
    signature: &DetachedSignature<'_>,
    seed: &str,
) -> Result<Vec<u8>, Unwritable> {
    let hash: String = signature.micalg.chars().filter(char::is_ascii_alphanumeric).collect();
    let seal = "Content-Type: application/pgp-signature; name=\"signature.asc\"\r\n\
        Content-Description: OpenPGP digital signature\r\n\
        Content-Disposition: attachment; filename=\"signature.asc\"\r\n\r\n";
    let seal = format!("{seal}{}", armor(signature.armored)?);
    let preamble = "This is a signed mail (RFC 3156).\r\n";
    let (boundary, body) = joined(preamble, &[part.text(), seal], 's', seed);
    let kind = [
        "multipart/signed;".to_owned(),
        format!("micalg=\"pgp-{}\";", hash.to_ascii_lowercase()),
        "protocol=\"application/pgp-signature\";".to_owned(),
        boundary,
    ];
    Ok(mail(header, &encode::field("Content-Type", &kind), &body)?.into_bytes())
}

/// multipart/encrypted (RFC 3156 section 4).
///
/// # Errors
/// As [`signed`].
pub fn encrypted(header: &Header, armored: &str, seed: &str) -> Result<Vec<u8>, Unwritable> {
    let control = "Content-Type: application/pgp-encrypted\r\n\
        Content-Description: PGP/MIME version identification\r\n\r\nVersion: 1\r\n";
    let data = "Content-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\
        Content-Description: OpenPGP encrypted message\r\n\
        Content-Disposition: inline; filename=\"encrypted.asc\"\r\n\r\n";
    let data = format!("{data}{}", armor(armored)?);
    let preamble = "This is an encrypted mail (RFC 3156).\r\n";
    let (boundary, body) = joined(preamble, &[control.to_owned(), data], 'e', seed);
    let kind = [
        "multipart/encrypted;".to_owned(),
        "protocol=\"application/pgp-encrypted\";".to_owned(),
        boundary,
    ];
    Ok(mail(header, &encode::field("Content-Type", &kind), &body)?.into_bytes())
}

/// A letter without any protection.
///
/// # Errors
/// Where an address cannot be written.
pub fn plain(header: &Header, part: &Part) -> Result<Vec<u8>, Unwritable> {
    let kind = encode::field("Content-Type", &part.kind);
    Ok(mail(header, &format!("{kind}{}", part.fields), &part.body)?.into_bytes())
}

fn mail(header: &Header, fields: &str, body: &str) -> Result<String, Unwritable> {
    let shown: String = header.shown()?.iter().map(written).collect();
    let key = header.autocrypt_field().unwrap_or_default();
    Ok(format!("{shown}{key}MIME-Version: 1.0\r\n{fields}\r\n{body}"))
}

type Named = (&'static str, Vec<String>);

fn written((name, words): &Named) -> String {
    encode::field(name, words)
}

impl Header {
    /// Every field a reader is shown or a thread is made of, in order.
    fn shown(&self) -> Result<Vec<Named>, Unwritable> {
        let mut fields = vec![("From", address(&self.from)?), ("To", address(&self.to)?)];
        if let Some(mailbox) = &self.reply_to {
            fields.push(("Reply-To", address(mailbox)?));
        }
        fields.push(("Subject", encode::unstructured(&self.subject)));
        fields.push(("Date", encode::date(self.date)));
        fields.push(("Message-ID", vec![self.message_id.to_string()]));
        fields.extend(self.in_reply_to.iter().map(|id| ("In-Reply-To", vec![id.to_string()])));
        if !self.references.is_empty() {
            fields.push(("References", self.references.iter().map(MessageId::to_string).collect()));
        }
        fields.extend(self.loop_mark.iter().map(|mark| ("X-Loop", vec![mark.to_string()])));
        fields.extend(self.auto_submitted.map(|kind| ("Auto-Submitted", words(&[kind.word()]))));
        Ok(fields)
    }

    /// Autocrypt 1.1 section 2.1.1.
    fn autocrypt_field(&self) -> Option<String> {
        let key = STANDARD.encode(self.autocrypt.as_ref()?);
        let mut all = vec![
            format!("addr={};", self.from.address),
            "prefer-encrypt=mutual;".to_owned(),
            "keydata=".to_owned(),
        ];
        let lines =
            key.as_bytes().chunks(72).map(|line| String::from_utf8_lossy(line).into_owned());
        all.extend(lines);
        Some(encode::field("Autocrypt", &all)).filter(|field| field.len() <= AUTOCRYPT_BYTES)
    }
}

impl AutoSubmitted {
    fn word(self) -> &'static str {
        match self {
            AutoSubmitted::Generated => "auto-generated",
            AutoSubmitted::Replied => "auto-replied",
        }
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn address(mailbox: &Mailbox) -> Result<Vec<String>, Unwritable> {
    match mailbox.address.as_str().is_ascii() {
        true => Ok(encode::mailbox(mailbox)),
        false => Err(Unwritable::Address),
    }
}

fn armor(text: &str) -> Result<String, Unwritable> {
    let armored = text.starts_with("-----BEGIN PGP ") && encode::is_inert(text);
    armored.then(|| encode::crlf(text)).ok_or(Unwritable::Armor)
}

/// Parts between delimiters (RFC 2046 section 5.1.1), and the parameter that names them.
fn joined(preamble: &str, parts: &[String], label: char, seed: &str) -> (String, String) {
    let seed: String = seed.chars().filter(char::is_ascii_alphanumeric).take(SEED_CHARS).collect();
    let taken = |boundary: &String| parts.iter().any(|part| part.contains(boundary.as_str()));
    let boundary = (0..).map(|n| format!("=_{n}{label}{seed}")).find(|b| !taken(b));
    let boundary = boundary.unwrap_or_default();
    let mut body = preamble.to_owned();
    for part in parts {
        body.push_str(&format!("\r\n--{boundary}\r\n{part}"));
    }
    body.push_str(&format!("\r\n--{boundary}--\r\n"));
    (format!("boundary=\"{boundary}\""), body)
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
