//! Our letters, opened and verified by GnuPG as their readers run it.

use jiff::SignedDuration;
use sirt_gateway::letter::{Letter, Protection, Templates, Wording, sample};
use sirt_gateway::mail::{self, Address, Shape};
use sirt_gateway::outbox::dress::{Dressed, Dresser, dress};
use sirt_gateway::pgp::{Certificate, Profile, TeamKey};
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
    Dresser { templates, team, key: made.key, members }
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
