//! Signed and encrypted mail as GnuPG makes it: RFC 3156 in all its forms, and what Eve does
//! with the parts.

use super::gnupg::Gnupg;
use super::people::Person;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How a signature is made.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// The hash, as behind `micalg=pgp-`.
    pub hash: &'a str,
    /// What the signer's clock says; without, it is right. The readers' keys must be older.
    pub at: Option<Timestamp>,
    /// The address that the signature names as its maker's.
    pub sender: Option<&'a str>,
    /// Addresses of the keys that sign, one signature each; without, the first key there is.
    pub signers: &'a [&'a str],
}

impl Default for Signing<'_> {
    fn default() -> Self {
        Signing { hash: "sha512", at: None, sender: None, signers: &[] }
    }
}

impl Signing<'_> {
    fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--digest-algo".to_owned(), self.hash.to_owned()];
        if let Some(at) = self.at {
            let at = at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%S").to_string();
            arguments.extend(["--faked-system-time".to_owned(), at]);
        }
        let named = |option: &str, value: &str| [option.to_owned(), value.to_owned()];
        arguments.extend(self.sender.iter().flat_map(|sender| named("--sender", sender)));
        arguments.extend(self.signers.iter().flat_map(|signer| named("--local-user", signer)));
        arguments
    }
}

impl Gnupg {
    /// Holds this person's secret key too.
    pub fn takes_key_of(&self, person: &Person) {
        let secret = person.key.to_secret_armor(None).expect("a key");
        self.run(&["--import"], secret.as_bytes());
    }

    pub fn knows(&self, certificate: &sirt_gateway::pgp::Certificate) {
        self.run(&["--import"], certificate.armored().as_bytes());
    }

    /// A detached signature over these octets, armored.
    pub fn detached(&self, octets: &[u8], signing: &Signing<'_>) -> String {
        self.armored(&signing.arguments(), &["--detach-sign"], octets)
    }

    /// multipart/signed (RFC 3156 section 5).
    pub fn sign_mime(&self, entity: &[u8], signing: &Signing<'_>) -> Vec<u8> {
        signed_mime(entity, &self.detached(entity, signing), signing.hash)
    }

    /// multipart/encrypted around what is not signed (RFC 3156 section 4).
    pub fn encrypt_mime(&self, entity: &[u8], to: &str) -> Vec<u8> {
        encrypted_mime(&self.armored(&[], &["--encrypt", "--recipient", to], entity))
    }

    /// multipart/signed within multipart/encrypted (RFC 3156 section 6.1).
    pub fn sign_then_encrypt(&self, entity: &[u8], signing: &Signing<'_>, to: &str) -> Vec<u8> {
        self.encrypt_mime(&self.sign_mime(entity, signing), to)
    }

    /// One message, signed and encrypted (RFC 3156 section 6.2), as most programs send.
    pub fn sign_and_encrypt(&self, entity: &[u8], signing: &Signing<'_>, to: &str) -> Vec<u8> {
        let how = ["--sign", "--encrypt", "--recipient", to];
        encrypted_mime(&self.armored(&signing.arguments(), &how, entity))
    }

    /// Takes the encryption off a message of form 6.2 that was meant for this home, and encrypts
    /// what was signed to somebody else: the signature still stands.
    pub fn pass_on(&self, mail: &[u8], to: &str) -> Vec<u8> {
        let signed = self.run(&["--unwrap"], message(mail).as_bytes()).stdout;
        let how = ["--no-literal", "--compress-algo", "none", "--encrypt", "--recipient", to];
        encrypted_mime(&self.armored(&[], &how, &signed))
    }

    fn armored(&self, options: &[String], how: &[&str], octets: &[u8]) -> String {
        let options = options.iter().map(String::as_str);
        let arguments: Vec<&str> =
            ["--armor"].into_iter().chain(options).chain(how.to_vec()).collect();
        String::from_utf8(self.run(&arguments, octets).stdout).expect("armor")
    }
}

/// text/plain, UTF-8, with CRLF line ends.
pub fn text_entity(words: &str) -> Vec<u8> {
    let words = words.replace('\n', "\r\n");
    format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{words}").into_bytes()
}

/// multipart/signed from its parts, whether they fit or not.
pub fn signed_mime(entity: &[u8], signature: &str, hash: &str) -> Vec<u8> {
    let head = format!(
        "Content-Type: multipart/signed; micalg=pgp-{hash};\r\n \
         protocol=\"application/pgp-signature\"; boundary=\"=_signed\"\r\n\r\n--=_signed\r\n"
    );
    let tail = format!(
        "\r\n--=_signed\r\nContent-Type: application/pgp-signature; name=\"signature.asc\"\r\n\r\n\
         {}\r\n--=_signed--\r\n",
        signature.replace('\n', "\r\n")
    );
    [head.as_bytes(), entity, tail.as_bytes()].concat()
}

/// The armored message in such a mail.
fn message(mail: &[u8]) -> String {
    let text = String::from_utf8_lossy(mail);
    let begin = text.find("-----BEGIN PGP MESSAGE-----").expect("encrypted");
    text[begin..].to_owned()
}

pub fn encrypted_mime(message: &str) -> Vec<u8> {
    format!(
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\";\r\n \
         boundary=\"=_encrypted\"\r\n\r\n--=_encrypted\r\n\
         Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--=_encrypted\r\n\
         Content-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\r\n\
         {}\r\n--=_encrypted--\r\n",
        message.replace('\n', "\r\n")
    )
    .into_bytes()
}

/// A mail with that entity as its body, to the team.
pub fn mail(from: &Person, id: &str, entity: &[u8]) -> Vec<u8> {
    let date = Timestamp::now().to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000");
    let head = format!(
        "From: {} <{}>\r\nTo: <{}>\r\nSubject: ...\r\nDate: {date}\r\nMessage-ID: <{id}>\r\n\
         MIME-Version: 1.0\r\n",
        from.name,
        from.address,
        super::desk::TEAM
    );
    [head.as_bytes(), entity].concat()
}
