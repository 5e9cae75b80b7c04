//! GnuPG, as the people of the cast run it.

use super::people::Person;
use std::io::Write;
use std::process::{Command, Output, Stdio};

pub struct Gnupg {
    home: tempfile::TempDir,
}

impl Gnupg {
    /// With the person's own key and the team's certificate.
    pub fn of(person: &Person, team: &sirt_gateway::pgp::Certificate) -> Gnupg {
        let home = tempfile::Builder::new().prefix("gpg").tempdir().expect("home");
        let gnupg = Gnupg { home };
        let secret = person.key.to_secret_armor(None).expect("a key");
        gnupg.run(&["--import"], secret.as_bytes());
        gnupg.run(&["--import"], team.armored().as_bytes());
        gnupg
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
