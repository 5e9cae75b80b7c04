//! A member's own mail client: neomutt in a terminal, reading by IMAP, sending by SMTP, with the
//! member's own GnuPG. Keys are pressed and the screen is read, as the member would.

use super::gnupg::Gnupg;
use super::people::Person;
use super::terminal::Terminal;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Where a reply's words stand: above what it quotes, or below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Above,
    Below,
}

/// One letter of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    Newest,
    /// In the order of arrival, from one.
    Number(u32),
}

/// The servers of one account.
pub struct Account<'a> {
    pub person: &'a Person,
    pub team: &'a sirt_gateway::pgp::Certificate,
    /// With implicit TLS, both.
    pub imap_port: u16,
    pub smtp_port: u16,
    pub password: &'a str,
    /// The servers' certificates.
    pub trusted: &'a [PathBuf],
}

pub struct Neomutt {
    home: TempDir,
    terminal: Terminal,
    /// Ends after the terminal, since neomutt starts its programs.
    _gnupg: Gnupg,
}

impl Neomutt {
    /// Starts it; it has opened the inbox.
    pub fn start(account: &Account<'_>) -> Neomutt {
        let gnupg = Gnupg::of(account.person, account.team);
        gnupg.trusts(account.person, account.team);
        let home = home_of(account);
        let muttrc = home.path().join("muttrc").display().to_string();
        let variables: [(&str, &OsStr); 2] =
            [("HOME", home.path().as_os_str()), ("GNUPGHOME", gnupg.home().as_os_str())];
        let terminal = Terminal::run(&["neomutt", "-n", "-F", &muttrc], &variables);
        let client = Neomutt { home, terminal, _gnupg: gnupg };
        client.until_index();
        client
    }

    /// The index once it lists so many letters: one line a letter, threads drawn.
    pub fn index_when(&self, count: usize) -> Vec<String> {
        let told = format!("-- {count} letters");
        let seen = |screen: &str| screen.contains(&told);
        lines_of_letters(&self.terminal.until_pressing(&["F5"], "letter in the inbox", seen))
    }

    /// The index with every thread folded into one line.
    pub fn threads(&self) -> Vec<String> {
        self.terminal.press(&["F7"]);
        let folded = self.terminal.until("threads", |screen| screen.contains("-- folded --"));
        self.terminal.press(&["F8"]);
        self.until_index();
        lines_of_letters(&folded)
    }

    /// The newest letter as it shows, opened and verified.
    pub fn screen_of_newest(&self) -> String {
        self.screen_of(Letter::Newest)
    }

    pub fn screen_of(&self, letter: Letter) -> String {
        let shown = self.open(letter);
        self.close();
        let status = shown.find("\n-- letter ").unwrap_or(shown.len());
        shown[..status].trim_end().to_owned()
    }

    /// Answers a letter as a member does: quoting it, signed and encrypted.
    pub fn reply(&self, to: Letter, words: &str, place: Place) {
        fs::write(self.home.path().join("words"), words).expect("written");
        fs::write(self.home.path().join("place"), format!("{place:?}")).expect("written");
        self.open(to);
        for (key, asked) in [("r", "To: "), ("Enter", "Subject: "), ("Enter", "Include message")] {
            self.terminal.press(&[key]);
            self.terminal.until(asked, |screen| last_line(screen).starts_with(asked));
        }
        self.terminal.press(&["y"]);
        let written = self.terminal.until("finished mail", |at| at.contains("-- to send --"));
        assert!(written.contains("Security: Sign, Encrypt (PGP/MIME)"), "{written}");
        self.terminal.press(&["y"]);
        self.until_letter();
        self.close();
    }

    fn open(&self, letter: Letter) -> String {
        self.terminal.press(&["F6"]);
        if let Letter::Number(number) = letter {
            self.terminal.press(&[number.to_string().as_str(), "Enter"]);
        }
        self.terminal.press(&["Enter"]);
        self.until_letter()
    }

    fn until_letter(&self) -> String {
        self.terminal.until("open letter", |screen| screen.contains("-- letter "))
    }

    fn close(&self) {
        self.terminal.press(&["q", "F9"]);
        self.until_index();
    }

    fn until_index(&self) {
        self.terminal.until("index", |screen| screen.contains("letters --"));
    }
}

/// Her settings, her signature, and the editor she writes with.
fn home_of(account: &Account<'_>) -> TempDir {
    let home = tempfile::Builder::new().prefix("neomutt").tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).expect("written");
    let trusted = account.trusted.iter().map(|file| fs::read_to_string(file).expect("PEM"));
    write("servers.pem", &trusted.collect::<String>());
    write("muttrc", &muttrc(account, home.path()));
    write("signature", &account.person.name);
    write("editor", EDITOR);
    let program = fs::Permissions::from_mode(0o755);
    fs::set_permissions(home.path().join("editor"), program).expect("permissions");
    home
}

fn last_line(screen: &str) -> &str {
    screen.lines().last().unwrap_or_default()
}

/// The lines of an index that are letters; the rest is keys and the status.
fn lines_of_letters(index: &str) -> Vec<String> {
    let numbered = |line: &&str| {
        line.split_whitespace().next().is_some_and(|word| word.parse::<u32>().is_ok())
    };
    index.lines().filter(numbered).map(str::to_owned).collect()
}

/// Puts the words where a person would: above all, or below the quote and above the signature.
const EDITOR: &str = "#!/bin/sh
set -eu
cd \"$HOME\"
if [ \"$(cat place)\" = Above ]; then
    { cat words; echo; cat \"$1\"; } > written
else
    sed '/^-- $/,$d' \"$1\" > written
    { echo; cat words; echo; sed -n '/^-- $/,$p' \"$1\"; } >> written
fi
cp written \"$1\"
";

/// What is not about the terminal is what a member would set.
fn muttrc(account: &Account<'_>, home: &Path) -> String {
    let (user, address) = (account.person.handle(), &account.person.address);
    let (name, home) = (&account.person.name, home.display());
    let (imap, smtp, password) = (account.imap_port, account.smtp_port, account.password);
    let key = account.person.key.certificate().fingerprint().as_str();
    format!(
        "set realname=\"{name}\" from=\"{address}\" hostname=example.org\n\
         set folder=\"imaps://localhost:{imap}/\" spool_file=\"+INBOX\"\n\
         set imap_user=\"{user}\" imap_pass=\"{password}\"\n\
         set smtp_url=\"smtps://localhost:{smtp}/\" certificate_file=\"{home}/servers.pem\"\n\
         set pgp_default_key={key} crypt_auto_sign=yes crypt_auto_encrypt=yes\n\
         set crypt_protected_headers_write=yes\n\
         set sort=threads sort_aux=date strict_threads=yes ascii_chars=yes\n\
         set editor=\"{home}/editor\" signature=\"{home}/signature\"\n\
         set copy=no sleep_time=0 wait_key=no beep=no help=no mark_old=no\n\
         set imap_keepalive=60 header_cache=\"\" tmpdir=\"{home}\"\n\
         set index_format=\"%3C %Z %{{%b %d}} %-12.12L %s\"\n\
         set pager_format=\"-- letter %C, %P --\" compose_format=\"-- to send --\"\n"
    ) + KEYS
}

/// Keys for what a test does again and again: look for mail, go to the newest letter, fold and
/// unfold the threads, go back to them. The status line tells when it is done.
const KEYS: &str = r#"
ignore *
unignore from: to: date: subject:
set status_format="-- %m letters --"
macro index <f5> "<imap-fetch-mail>"
macro index <f6> "<enter-command>set sort=mailbox-order status_format='--'<enter><last-entry>"
macro index <f7> "<collapse-all><enter-command>set status_format='-- folded --'<enter>"
macro index <f8> "<collapse-all><enter-command>set status_format='-- %m letters --'<enter>"
macro index <f9> "<enter-command>set sort=threads status_format='-- %m letters --'<enter>"
"#;
