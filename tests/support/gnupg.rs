//! GnuPG, as the people of the cast run it.

use super::people::Person;
use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

pub struct Gnupg {
    home: tempfile::TempDir,
}

impl Gnupg {
    /// With the person's own key and the team's certificate.
    pub fn of(person: &Person, team: &sirt_gateway::pgp::Certificate) -> Gnupg {
        let secret = person.key.to_secret_armor(None).expect("a key");
        let gnupg = Gnupg::holding(secret.as_bytes());
        gnupg.run(&["--import"], team.armored().as_bytes());
        gnupg
    }

    /// With this key alone.
    pub fn holding(secret: &[u8]) -> Gnupg {
        let ours = Permissions::from_mode(0o700);
        let mut home = tempfile::Builder::new();
        let home = home.prefix("gpg").permissions(ours).tempdir().expect("home");
        let gnupg = Gnupg { home };
        let alone = "no-auto-key-locate\ndisable-dirmngr\n";
        std::fs::write(gnupg.home().join("gpg.conf"), alone).expect("settings");
        gnupg.run(&["--import"], secret);
        gnupg
    }

    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Trusts as people do: their own key, and the team's by a signature of their own.
    pub fn trusts(&self, person: &Person, team: &sirt_gateway::pgp::Certificate) {
        let own = person.key.certificate().fingerprint();
        self.run(
            &["--trust-model", "pgp", "--import-ownertrust"],
            format!("{}:6:\n", own.as_str()).as_bytes(),
        );
        self.run(&["--trust-model", "pgp", "--quick-lsign-key", team.fingerprint().as_str()], b"");
    }

    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = Command::new("gpg")
            .env("LC_ALL", "C")
            .arg("--homedir")
            .arg(self.home.path())
            .args(["--batch", "--yes", "--quiet", "--trust-model", "always", "--status-fd", "2"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gpg is installed");
        let mut pipe = child.stdin.take().expect("a pipe");
        let input = input.to_vec();
        let writing = std::thread::spawn(move || pipe.write_all(&input));
        let output = child.wait_with_output().expect("gpg ends");
        writing.join().expect("a thread").expect("written");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Whether exactly one signature is there, and good: of the signed octets, or over the text of
    /// a cleartext block.
    pub fn verifies(&self, signature: &[u8], signed: Option<&[u8]>) -> bool {
        let file = |name: &str, octets: &[u8]| {
            let path = self.home().join(name);
            std::fs::write(&path, octets).expect("written");
            path
        };
        let mut gpg = Command::new("gpg");
        gpg.env("LC_ALL", "C").arg("--homedir").arg(self.home());
        gpg.args(["--batch", "--quiet", "--trust-model", "always", "--status-fd", "1", "--verify"]);
        gpg.arg(file("signature.asc", signature));
        gpg.args(signed.map(|octets| file("signed", octets)));
        let output = gpg.output().expect("gpg is installed");
        let status = String::from_utf8_lossy(&output.stdout);
        output.status.success() && status.matches("[GNUPG:] GOODSIG").count() == 1
    }

    /// What an encrypted letter says inside; it is signed by this key and nobody else's.
    pub fn open(&self, letter: &[u8], signer: &str) -> String {
        let text = String::from_utf8_lossy(letter);
        let begin = text.find("-----BEGIN PGP MESSAGE-----").expect("encrypted");
        let output = self.run(&["--decrypt"], text[begin..].as_bytes());
        let status = String::from_utf8_lossy(&output.stderr);
        let valid = status.lines().find(|line| line.starts_with("[GNUPG:] VALIDSIG"));
        let valid = valid.unwrap_or_else(|| panic!("no good signature: {status}"));
        assert!(valid.ends_with(signer), "{valid}");
        String::from_utf8(output.stdout).expect("text")
    }
}

impl Drop for Gnupg {
    fn drop(&mut self) {
        let home = self.home.path().as_os_str();
        let _ = Command::new("gpgconf").arg("--homedir").arg(home).args(["--kill", "all"]).output();
    }
}
