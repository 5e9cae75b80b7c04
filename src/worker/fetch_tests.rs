use super::*;
use crate::mail::Mail;
use crate::pgp::cast::{Person, Sealing, message_armor, now, person, signature_armor};
use crate::worker::open;

/// Octets of every value, so that a coding that loses one shows.
fn crash() -> Vec<u8> {
    (0..=255).cycle().take(3_000).collect()
}

struct House {
    gateway: Person,
}

impl House {
    fn asked<T>(&self, ask: impl FnOnce(&Opener, &Request<'_>) -> T) -> T {
        let part = self.gateway.team().decryption_part().expect("part");
        let request = Request { on_record: &[], ours: &[], now: now() };
        ask(&Opener::new(&part).expect("opener"), &request)
    }

    fn open(&self, mail: &str) -> Mail {
        self.asked(|opener, request| open(mail.as_bytes(), opener, request)).expect("a mail").mail
    }

    fn fetch(&self, mail: &str, wanted: Wanted) -> Option<Fetched> {
        self.asked(|opener, request| fetch(mail.as_bytes(), wanted, opener, request))
    }

    fn file(&self, mail: &str, index: usize) -> Option<(String, Vec<u8>)> {
        self.fetch(mail, Wanted::File(index)).map(|file| (file.name, file.bytes))
    }

    fn armored(&self, bytes: &[u8]) -> String {
        let sealing = Sealing { to: vec![&self.gateway], ..Sealing::default() };
        message_armor(&sealing.message(bytes)).replace('\n', "\r\n")
    }

    fn sealed(&self, entity: &str) -> String {
        format!(
            "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; \
             boundary=e\r\n\r\n--e\r\nContent-Type: application/pgp-encrypted\r\n\r\n\
             Version: 1\r\n--e\r\nContent-Type: application/octet-stream\r\n\r\n{}\r\n--e--\r\n",
            self.armored(entity.as_bytes())
        )
    }
}

fn house() -> House {
    House { gateway: person("sirt") }
}

const HEADER: &str = "From: fay@finders.example\r\nTo: sirt@example.org\r\n\
     Date: Fri, 20 Nov 2026 11:00:00 +0000\r\n";

fn attached(name: &str, bytes: &[u8]) -> String {
    use base64::Engine;
    let coded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let lines: Vec<&str> =
        coded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!(
        "Content-Type: application/octet-stream\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        lines.join("\r\n")
    )
}

fn mixed(parts: &[String], boundary: &str) -> String {
    let parts: String = parts.iter().map(|part| format!("--{boundary}\r\n{part}\r\n")).collect();
    format!("Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n{parts}--{boundary}--\r\n")
}

fn words() -> String {
    "Content-Type: text/plain; charset=utf-8\r\n\r\nSee the file.\r\n".to_owned()
}

fn signed(entity: &str) -> String {
    let signature = person("fay").signature(entity.as_bytes(), now());
    format!(
        "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=s\r\n\r\n\
         --s\r\n{entity}\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n{}\r\n--s--\r\n",
        signature_armor(&signature).replace('\n', "\r\n")
    )
}

#[test]
fn a_file_comes_octet_by_octet_from_every_shape_of_mail() {
    let house = house();
    let entity = mixed(&[words(), attached("crash.bin", &crash())], "m");
    for body in
        [entity.clone(), signed(&entity), house.sealed(&entity), house.sealed(&signed(&entity))]
    {
        let mail = format!("{HEADER}{body}");
        assert_eq!(house.open(&mail).attachments.len(), 1);
        assert_eq!(house.file(&mail, 0), Some(("crash.bin".to_owned(), crash())));
        assert_eq!(house.file(&mail, 1), None);
    }
}

#[test]
fn files_have_the_numbers_under_which_they_are_listed() {
    let house = house();
    let inner = mixed(&[words(), attached("inner1", b"one"), attached("inner22", b"twenty")], "i");
    let sealed = house.armored(&crash());
    let parts = [
        words(),
        attached("first", b"first"),
        house.sealed(&inner),
        attached("crash.zip.gpg", sealed.as_bytes()),
        attached("last", b"last one"),
    ];
    for mail in [
        format!("{HEADER}{}", mixed(&parts, "m")),
        format!("{HEADER}{}", house.sealed(&mixed(&parts, "m"))),
        format!("{HEADER}{}", house.sealed(&house.sealed(&inner))),
    ] {
        let listed = house.open(&mail).attachments;
        assert!(listed.len() >= 2, "{listed:?}");
        for (index, file) in listed.iter().enumerate() {
            let (name, bytes) = house.file(&mail, index).expect(&file.name);
            match file.name.as_str() {
                "crash.zip.gpg" => assert_eq!((name.as_str(), bytes), ("crash.zip", crash())),
                listed => assert_eq!((name.as_str(), bytes.len() as u64), (listed, file.bytes)),
            }
        }
        assert_eq!(house.file(&mail, listed.len()), None);
    }
}

#[test]
fn an_original_comes_opened_and_otherwise_untouched() {
    let house = house();
    let entity = mixed(&[words(), attached("crash.bin", &crash())], "m");
    let original =
        |body: &str| house.fetch(&format!("{HEADER}{body}"), Wanted::Original).expect("a mail");
    assert_eq!(original(&entity).bytes, format!("{HEADER}{entity}").into_bytes());
    let signed = signed(&entity);
    assert_eq!(original(&house.sealed(&signed)).bytes, signed.as_bytes());
    assert_eq!(original(&house.sealed(&entity)).date, "2026-11-20T11:00:00Z".parse().ok());
    let untyped = original(&house.sealed("Reply-To: eve@example.com\r\n\r\nwords\r\n")).bytes;
    assert!(untyped.starts_with(b"Content-Type: text/plain"));
    let closed = "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; \
         boundary=e\r\n\r\n--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\
         --e\r\nContent-Type: application/octet-stream\r\n\r\nnothing\r\n--e--\r\n";
    assert_eq!(original(closed).bytes, format!("{HEADER}{closed}").into_bytes());
}

#[test]
fn the_words_of_a_mail_are_those_its_handlers_read() {
    let house = house();
    let entity = mixed(&[words(), attached("crash.bin", &crash())], "m");
    for body in [entity.clone(), house.sealed(&signed(&entity)), house.sealed(&entity)] {
        let mail = format!("{HEADER}{body}");
        let told = house.fetch(&mail, Wanted::Words).expect("words").bytes;
        assert_eq!(told, house.open(&mail).text.into_bytes());
        assert!(!told.is_empty());
    }
}
