//! Our letters, opened and verified by GnuPG as their readers run it.

use jiff::SignedDuration;
use sirt_gateway::letter::{Enclosure, Letter, Protection, Templates, Wording, sample};
use sirt_gateway::mail::{self, Address, Mailbox, Shape};
use sirt_gateway::outbox::dress::{Dressed, Dresser, dress};
use sirt_gateway::pgp::{Certificate, Profile, TeamKey};
use sirt_gateway::worker::{Pool, Setup, Wanted};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A person with GnuPG, in a home folder of their own.
struct Person {
    home: tempfile::TempDir,
}

impl Person {
    fn new(user_id: &str) -> Person {
        let person =
            Person { home: tempfile::Builder::new().prefix("gpg").tempdir().expect("home") };
        let made =
            ["--passphrase", "", "--quick-generate-key", user_id, "future-default", "default"];
        person.gpg("20261122T000000", &made);
        person
    }

    /// Runs gpg as on that day; the letters of these tests are of 23 November 2026.
    fn gpg(&self, day: &str, arguments: &[&str]) -> Output {
        let output = Command::new("gpg")
            .env("LC_ALL", "C")
            .args(["--homedir", self.home.path().to_str().expect("a path")])
            .args(["--batch", "--yes", "--quiet", "--pinentry-mode", "loopback"])
            .args(["--status-fd", "2", "--trust-model", "always", "--faked-system-time", day])
            .args(arguments)
            .output()
            .expect("gpg is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn now(&self, arguments: &[&str]) -> Output {
        self.gpg("20261123T100000", arguments)
    }

    fn certificate(&self) -> Certificate {
        let exported = self.now(&["--armor", "--export"]).stdout;
        Certificate::parse_all(&exported).expect("a certificate").remove(0)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        fs::write(&path, bytes).expect("written");
        path
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let home = self.home.path().as_os_str();
        let _ = Command::new("gpgconf").arg("--homedir").arg(home).args(["--kill", "all"]).output();
    }
}

fn dresser(members: BTreeMap<String, Certificate>) -> Dresser {
    let address = Address::parse("sirt@example.org").expect("an address");
    let born = sample::RECEIVED - SignedDuration::from_hours(24);
    let made = TeamKey::generate("Example SIRT", &address, Profile::Rfc4880, born).expect("a key");
    let team = sample::full_team().expect("a team");
    let templates = Templates::new(&[]).expect("templates");
    Dresser { templates, team, key: made.key, members, lists: Vec::new() }
}

fn dressed(letter: &Letter, dresser: &Dresser) -> Dressed {
    dress(letter, dresser, sample::RECEIVED).expect("dressed")
}

/// The status line of the good signature names the team's primary key.
fn assert_signed(output: &Output, team: &TeamKey) {
    let status = String::from_utf8_lossy(&output.stderr);
    let valid = status.lines().find(|line| line.starts_with("[GNUPG:] VALIDSIG ")).expect(&status);
    assert!(valid.ends_with(team.certificate().fingerprint().as_str()), "{valid}");
    assert_eq!(status.matches("GOODSIG").count(), 1, "{status}");
}

#[test]
fn a_member_opens_a_letter_with_gnupg() {
    let val = Person::new("Val Olunteer <val@example.org>");
    let certificate = val.certificate();
    let key = certificate.fingerprint().clone();
    let dresser = dresser(BTreeMap::from([("val".to_owned(), certificate)]));
    let team = val.file("team.asc", dresser.key.certificate().armored().as_bytes());
    val.now(&["--import", team.to_str().expect("a path")]);

    let wording = Wording::CaseOpened(Box::new(sample::case_letter(true)));
    let mut letter = sample::to_member(&wording).expect("a letter");
    letter.to.protection = Protection::Sealed { key, certificate: None };
    let dressed = dressed(&letter, &dresser);
    let shape = mail::parse(&dressed.sealed.bytes).expect("a mail").shape();
    let Shape::Encrypted { ciphertext, .. } = shape else { panic!("{shape:?}") };
    let file = val.file("letter.asc", &ciphertext);
    let opened = val.now(&["--decrypt", file.to_str().expect("a path")]);
    assert_signed(&opened, &dresser.key);
    let status = String::from_utf8_lossy(&opened.stderr);
    assert!(status.contains("DECRYPTION_OKAY"), "{status}");

    let inside = String::from_utf8(opened.stdout.clone()).expect("ASCII");
    assert!(
        inside.contains("\r\nSubject: [SIRT-2026-4827] libexample heap overflow\r\n"),
        "{inside}"
    );
    let text = mail::parse_payload(&opened.stdout).expect("a payload").content().text;
    let words = dresser.templates.words(&letter, &dresser.team).expect("words");
    assert_eq!(text.trim_end(), words.body.trim_end());
}

#[test]
fn a_finder_verifies_a_clear_letter_with_gnupg_and_the_attached_key() {
    let fay = Person::new("Fay Inder <fay@finders.example>");
    let dresser = dresser(BTreeMap::new());
    let wording = Wording::ReportReceivedClear(sample::received().remove(0));
    let letter = sample::to_finder(&wording, Protection::Signed).expect("a letter");
    let dressed = dressed(&letter, &dresser);
    let shape = mail::parse(&dressed.sealed.bytes).expect("a mail").shape();
    let Shape::Signed { signed, signature, .. } = shape else { panic!("{shape:?}") };

    let content = mail::parse_payload(&signed).expect("a payload").content();
    let key = content.keys.first().expect("the team's key is attached");
    let key = fay.file("team.asc", &key.bytes);
    fay.now(&["--import", key.to_str().expect("a path")]);
    let (data, proof) = (fay.file("data", &signed), fay.file("data.asc", &signature));
    let paths = [proof.to_str().expect("a path"), data.to_str().expect("a path")];
    let verified = fay.now(&["--verify", paths[0], paths[1]]);
    assert_signed(&verified, &dresser.key);
}

/// Fay's sealed report with a file, as it was kept; octets of every value are in the file.
fn report(team: &TeamKey, crash: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let coded = base64::engine::general_purpose::STANDARD.encode(crash);
    let lines: Vec<&str> =
        (0..coded.len()).step_by(76).map(|at| &coded[at..coded.len().min(at + 76)]).collect();
    let entity = format!(
        "Subject: secret\r\nContent-Type: multipart/mixed; boundary=m; hp=\"cipher\"\r\n\r\n\
         --m\r\nContent-Type: text/plain\r\n\r\nThe heap overflows.\r\n--m\r\n\
         Content-Type: application/zip; name=crash.zip\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--m--\r\n",
        lines.join("\r\n")
    );
    let sealed = team.seal(entity.as_bytes(), team.certificate(), sample::RECEIVED);
    let sealed = sealed.expect("sealed").replace('\n', "\r\n");
    format!(
        "From: fay@finders.example\r\nTo: sirt@example.org\r\nContent-Type: multipart/encrypted; \
         protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n--b\r\n\
         Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\n\
         Content-Type: application/octet-stream\r\n\r\n{sealed}\r\n--b--\r\n"
    )
    .into_bytes()
}

/// What a worker of its own takes out of it, as a letter encloses it.
async fn enclosures(dresser: &Dresser, raw: &[u8]) -> Vec<Enclosure> {
    let setup = Setup {
        decryption_part: dresser.key.decryption_part().expect("part"),
        roster: Vec::new(),
        ours: vec![dresser.key.certificate().fingerprint().clone()],
        own: vec![dresser.key.certificate().clone()],
    };
    let program = PathBuf::from(env!("CARGO_BIN_EXE_sirt"));
    let pool = Pool::start(program, setup, 1).await.expect("a pool");
    let fetch = |wanted| pool.fetch(raw, wanted, sample::RECEIVED).expect("a worker");
    assert_eq!(fetch(Wanted::File(1)), None);
    let file = fetch(Wanted::File(0)).expect("the file");
    let original = fetch(Wanted::Original).expect("the mail");
    pool.close().await;
    let team = Mailbox { name: dresser.team.name.clone(), address: dresser.team.address.clone() };
    let bytes = mail::pass_on(&original.bytes, &team, original.date);
    let kind = |kind: &str| kind.to_owned();
    vec![
        Enclosure::Bytes {
            name: file.name,
            kind: kind("application/octet-stream"),
            bytes: file.bytes,
        },
        Enclosure::Bytes { name: "original.eml".into(), kind: kind("message/rfc822"), bytes },
    ]
}

#[tokio::test]
async fn a_file_and_an_original_come_to_a_member_with_gnupg() {
    let val = Person::new("Val Olunteer <val@example.org>");
    let certificate = val.certificate();
    let key = certificate.fingerprint().clone();
    let dresser = dresser(BTreeMap::from([("val".to_owned(), certificate)]));
    let team = val.file("team.asc", dresser.key.certificate().armored().as_bytes());
    val.now(&["--import", team.to_str().expect("a path")]);
    let crash: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let files = enclosures(&dresser, &report(&dresser.key, &crash)).await;

    let wording = Wording::CaseOpened(Box::new(sample::case_letter(true)));
    let mut letter = sample::to_member(&wording).expect("a letter");
    letter.to.protection = Protection::Sealed { key, certificate: None };
    letter.files = files;
    let dressed = dressed(&letter, &dresser);
    let shape = mail::parse(&dressed.sealed.bytes).expect("a mail").shape();
    let Shape::Encrypted { ciphertext, .. } = shape else { panic!("{shape:?}") };
    let file = val.file("letter.asc", &ciphertext);
    let opened = val.now(&["--decrypt", file.to_str().expect("a path")]);
    assert_signed(&opened, &dresser.key);

    let inside = mail::parse_payload(&opened.stdout).expect("a payload");
    let listed = inside.content().attachments;
    let kinds: Vec<(&str, &str)> =
        listed.iter().map(|f| (f.attachment.name.as_str(), f.attachment.kind.as_str())).collect();
    let expected = [("crash.zip", "application/octet-stream"), ("original.eml", "message/rfc822")];
    // Behind them the files within the original.
    assert_eq!(kinds[..2], expected);
    assert_eq!(inside.file(0).expect("the file"), crash);
    let original = inside.file(1).expect("the mail");
    let original = mail::parse(&original).expect("a mail");
    assert_eq!(original.file(0).expect("its file"), crash);
    assert_eq!(original.content().text.trim(), "The heap overflows.");
    let header = original.mail();
    assert_eq!(header.subject, "");
    for people in [&header.from, &header.reply_to, &header.to] {
        assert_eq!(people[0].address, dresser.team.address);
    }
}
