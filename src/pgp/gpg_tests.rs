//! GnuPG as the people's program: what it makes we read, what we make it reads.

use super::cast::known;
use super::*;
use crate::mail::{Address, Signature};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const WORDS: &[u8] = b"Content-Type: text/plain\r\n\r\nThe heap overflows.\r\n";

/// A GnuPG home of its own; its agent ends with it.
struct Gpg {
    home: TempDir,
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let mut kill = Command::new("gpgconf");
        kill.arg("--homedir").arg(self.home.path()).args(["--kill", "all"]);
        drop(kill.output());
    }
}

impl Gpg {
    fn new() -> Gpg {
        let home = tempfile::tempdir().expect("a folder");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(home.path(), mode).expect("mode");
        Gpg { home }
    }

    fn try_run(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = Command::new("gpg");
        command.arg("--homedir").arg(self.home.path());
        command.args(["--batch", "--no-tty", "--yes", "--passphrase", ""]);
        command.args(["--pinentry-mode", "loopback", "--trust-model", "always"]);
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gpg is needed for this test");
        let mut stdin = child.stdin.take().expect("stdin");
        let input = input.to_vec();
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().expect("output");
        writer.join().expect("written");
        output
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let output = self.try_run(arguments, input);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "gpg {arguments:?}: {words}");
        output.stdout
    }

    fn person(&self, name: &str, algorithm: &str) -> Certificate {
        let id = format!("{name} <{name}@example.org>");
        self.run(&["--quick-generate-key", &id, algorithm, "default", "2y"], b"");
        let listing = self.run(&["--with-colons", "--list-keys", name], b"");
        let listing = String::from_utf8(listing).expect("text");
        let line = listing.lines().find(|line| line.starts_with("fpr:")).expect("fpr");
        let fingerprint = line.split(':').nth(9).expect("field");
        let encryption = if algorithm == "ed25519" { "cv25519" } else { algorithm };
        self.run(&["--quick-add-key", fingerprint, encryption, "encr", "2y"], b"");
        let exported = self.run(&["--armor", "--export", name], b"");
        Certificate::parse_all(&exported).expect("certificate").remove(0)
    }

    fn import(&self, key: &str) {
        self.run(&["--import"], key.as_bytes());
    }

    fn path(&self, name: &str) -> String {
        Path::join(self.home.path(), name).to_str().expect("path").to_owned()
    }
}

fn team(now: Timestamp) -> TeamKey {
    let address = Address::parse("sirt@example.org").expect("address");
    TeamKey::generate("Example SIRT", &address, Profile::Rfc4880, now).expect("key").key
}

fn opener(key: &TeamKey) -> Opener {
    Opener::new(&key.decryption_part().expect("part")).expect("opener")
}

fn is_good(signature: &Signature) -> bool {
    matches!(signature, Signature::Good(signed) if signed.alive_now)
}

#[test]
fn gpg_writes_to_us_in_every_form() {
    let (gpg, now) = (Gpg::new(), Timestamp::now());
    let key = team(now);
    gpg.import(&key.certificate().armored());
    let people = [gpg.person("fay", "ed25519"), gpg.person("mo", "rsa3072")];
    for name in ["fay", "mo"] {
        for form in
            [&["--sign"][..], &["--sign", "--textmode"], &["--sign", "--compress-algo", "none"]]
        {
            for reader in ["--recipient", "--hidden-recipient"] {
                let base = ["--armor", "--encrypt", "--local-user", name, reader, "sirt"];
                let message = gpg.run(&[form, &base].concat(), WORDS);
                let plain = opener(&key).decrypt(&message, now).expect("opened");
                assert_eq!(plain.bytes, WORDS, "{form:?}");
                let verdict = plain.signature(&known(&people, &[]), Timestamp::now());
                assert!(plain.was_encrypted && is_good(&verdict), "{form:?}: {verdict:?}");
            }
        }
    }
    let both = ["--encrypt", "--hidden-recipient", "fay", "--hidden-recipient", "sirt"];
    assert_eq!(opener(&key).decrypt(&gpg.run(&both, WORDS), now).expect("opened").bytes, WORDS);
    for method in ["zlib", "bzip2"] {
        let zipped = ["--encrypt", "--recipient", "sirt", "--compress-algo", method];
        let words = WORDS.repeat(50);
        let plain = opener(&key).decrypt(&gpg.run(&zipped, &words), now).expect(method);
        assert_eq!(plain.bytes, words);
    }
    let other = gpg.run(&["--encrypt", "--recipient", "fay"], WORDS);
    let failed = opener(&key).decrypt(&other, now).err();
    assert!(matches!(failed, Some(OpenFailure::NotToUs { .. })), "{failed:?}");
}

#[test]
fn gpg_signs_and_eve_cannot_change_it() {
    let gpg = Gpg::new();
    let people = [gpg.person("val", "ed25519"), gpg.person("vic", "rsa2048")];
    for name in ["val", "vic"] {
        for text in [&["--detach-sign"][..], &["--detach-sign", "--textmode"]] {
            let signing = [&["--armor", "--local-user", name], text].concat();
            let signature = gpg.run(&signing, WORDS);
            let at = Timestamp::now();
            let verify = |signed: &[u8]| {
                let mail = Detached { signed, signature: &signature, context: Context::Open };
                verify_detached(&mail, &known(&people, &[]), at)
            };
            assert!(is_good(&verify(WORDS)), "{name} {text:?}");
            assert!(matches!(verify(b"other"), Signature::Bad { .. }));
        }
        let block = gpg.run(&["--clearsign", "--local-user", name], b"one\n- two\nFrom me\n");
        let (words, verdict) = verify_cleartext(&block, &known(&people, &[]), Timestamp::now());
        assert!(is_good(&verdict), "{verdict:?}");
        assert_eq!(words.lines().collect::<Vec<_>>(), ["one", "- two", "From me"]);
    }
}

#[test]
fn gpg_extends_and_revokes() {
    let gpg = Gpg::new();
    let before = gpg.person("val", "ed25519");
    let signature = gpg.run(&["--detach-sign", "--local-user", "val"], WORDS);
    gpg.run(&["--quick-set-expire", before.fingerprint().as_str(), "3y"], b"");
    let export = ["--export-options", "export-minimal", "--export", "val"];
    let minimal = [Certificate::parse_all(&gpg.run(&export, b"")).expect("key").remove(0)];
    let mail = Detached { signed: WORDS, signature: &signature, context: Context::Open };
    let verdict = verify_detached(&mail, &known(&minimal, &[]), Timestamp::now());
    assert!(is_good(&verdict), "older than the newest self-signature: {verdict:?}");
    let fingerprint = before.fingerprint();
    let file = gpg.path(&format!("openpgp-revocs.d/{fingerprint}.rev"));
    let revocation = std::fs::read_to_string(file).expect("made by gpg itself");
    gpg.import(&revocation.replace(":-----BEGIN", "-----BEGIN"));
    let revoked =
        Certificate::parse_all(&gpg.run(&["--export", "val"], b"")).expect("key").remove(0);
    assert_eq!(revoked.trouble(Timestamp::now()), Some(KeyTrouble::Revoked));
    let verdict = verify_detached(&mail, &known(&[revoked], &minimal), Timestamp::now());
    assert!(matches!(verdict, Signature::Bad { .. }), "{verdict:?}");
}

#[test]
fn gpg_reads_and_verifies_what_we_seal() {
    let (gpg, now) = (Gpg::new(), Timestamp::now());
    let key = team(now);
    gpg.import(&key.certificate().armored());
    for (name, algorithm) in [("fay", "ed25519"), ("mo", "rsa3072")] {
        let reader = gpg.person(name, algorithm);
        let sealed = key.seal(WORDS, &reader, Timestamp::now()).expect("sealed");
        let output = gpg.try_run(&["--status-fd", "2", "--decrypt"], sealed.as_bytes());
        let status = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.stdout, WORDS, "{status}");
        let primary = key.certificate().fingerprint().as_str();
        let valid = status.lines().find(|line| line.contains("VALIDSIG ")).expect("VALIDSIG");
        assert!(valid.ends_with(primary), "{valid}");
        assert!(status.contains("GOODMDC") && !status.contains("WARNING: message was not"));
    }
}

#[test]
fn gpg_verifies_what_we_sign() {
    let (gpg, now) = (Gpg::new(), Timestamp::now());
    let key = team(now).extend(now + cast::days(900), now).expect("extended");
    gpg.import(&key.certificate().armored());
    let signed = key.sign_detached(WORDS, key_time(now)).expect("signed");
    assert_eq!(signed.micalg, "sha512");
    let (file, words) = (gpg.path("letter.asc"), gpg.path("letter"));
    std::fs::write(&file, &signed.armored).expect("written");
    std::fs::write(&words, WORDS).expect("written");
    let later = format!("{}!", key_time(now).as_second() + 60);
    let at = ["--faked-system-time", &later];
    gpg.run(&[&at[..], &["--verify", &file, &words]].concat(), b"");
    let block = key.sign_cleartext("A notice.\nFrom us.\n", key_time(now)).expect("signed");
    gpg.run(&[&at[..], &["--verify"]].concat(), block.as_bytes());
}

/// Just after the self-signatures of an extension made in the same second.
fn key_time(now: Timestamp) -> Timestamp {
    now + jiff::SignedDuration::from_secs(2)
}

#[test]
fn gpg_takes_our_secret_key_and_gives_it_back() {
    let (gpg, now) = (Gpg::new(), Timestamp::now());
    let key = team(now);
    for passphrase in [None, Some("correct horse")] {
        let armor = key.to_secret_armor(passphrase).expect("armor");
        let given = ["--passphrase", passphrase.unwrap_or_default(), "--import"];
        gpg.run(&given, armor.as_bytes());
    }
    let export = ["--passphrase", "correct horse", "--export-secret-keys", "sirt"];
    let back = gpg.try_run(&export, b"");
    let back = if back.status.success() { back.stdout } else { gpg.run(&export[2..], b"") };
    let passphrase = TeamKey::load(&back, None, now).is_err().then_some("correct horse");
    let back = TeamKey::load(&back, passphrase, now).expect("ours again");
    assert_eq!(back.certificate().fingerprint(), key.certificate().fingerprint());
    let offline = gpg.run(&["--export-secret-subkeys", "sirt"], b"");
    let offline = TeamKey::load(&offline, passphrase, now).expect("without its primary");
    assert_eq!(offline.extend(now, now).err(), Some(KeyError::PrimaryOffline));
    let sealed = offline.seal_to_team(WORDS, now).expect("sealed");
    assert_eq!(opener(&offline).decrypt(sealed.as_bytes(), now).expect("opened").bytes, WORDS);
}

#[test]
fn a_team_key_made_by_gpg_serves() {
    let gpg = Gpg::new();
    for (name, algorithm) in [("sirt", "rsa3072"), ("csirt", "ed25519")] {
        let certificate = gpg.person(name, algorithm);
        let secret = gpg.run(&["--armor", "--export-secret-keys", name], b"");
        let now = Timestamp::now();
        let key = TeamKey::load(&secret, None, now).expect("usable");
        assert_eq!(key.certificate().fingerprint(), certificate.fingerprint());
        let message = gpg.run(&["--encrypt", "--hidden-recipient", name], WORDS);
        assert_eq!(opener(&key).decrypt(&message, now).expect("opened").bytes, WORDS);
        let longer = key.extend(now + cast::days(1500), now).expect("extended");
        gpg.import(&longer.certificate().armored());
        let end = longer.certificate().expires(Timestamp::now() + cast::hours(1));
        assert_eq!(end.map(|end| end.as_second()), Some((now + cast::days(1500)).as_second()));
    }
}
