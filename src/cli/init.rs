//! `sirt init`: a folder with a configuration that works, keys, and what is to be published.

use super::key::publish;
use super::{Exit, Failure, Outcome, clean, say};
use crate::limits::LINE_CHARS;
use crate::mail::Address;
use crate::pgp::{Generated, Profile, TeamKey};
use jiff::{SignedDuration, Timestamp};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What a new team is.
pub struct InitArgs {
    pub folder: PathBuf,
    pub name: String,
    pub address: String,
    pub profile: Kind,
}

/// The generation of OpenPGP that the key is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Rfc4880,
    Rfc9580,
}

/// RFC 9116 section 2.5.5 recommends less than a year.
const EXPIRES: SignedDuration = SignedDuration::from_hours(330 * 24);

const FOLDERS: [(&str, u32); 3] = [("keys", 0o700), ("publish", 0o755), ("state", 0o700)];

/// Makes the folder, or says what is in the way. Nothing that is there is overwritten.
pub fn init(args: &InitArgs, now: Timestamp) -> Outcome {
    let address = Address::parse(&args.address).ok_or_else(|| {
        let line = "--address is not a mail address (command line): write it as sirt@example.org";
        Failure::new(Exit::Unusable, line)
    })?;
    let name = args.name.trim();
    let fits = !name.is_empty() && name.chars().count() <= LINE_CHARS;
    if !fits || name.chars().any(|c| c.is_control() || "<>\"\\".contains(c)) {
        let line = "--name is not a name (command line): write one line without <, >, \" and \\";
        return Err(Failure::new(Exit::Unusable, line));
    }
    vacant(&args.folder)?;
    let profile = match args.profile {
        Kind::Rfc4880 => Profile::Rfc4880,
        Kind::Rfc9580 => Profile::Rfc9580,
    };
    let made = TeamKey::generate(name, &address, profile, now).map_err(|error| {
        let line = format!("no key could be made: {error}");
        Failure::new(Exit::Unusable, line)
    })?;
    let team = NewTeam { folder: &args.folder, name, address: &address, made: &made, now };
    team.write().map_err(|error| {
        let line = format!("cannot be written ({}): {}", args.folder.display(), error.kind());
        Failure::new(Exit::Unusable, line)
    })?;
    say(&team.what_is_left())?;
    Ok(Exit::Done)
}

/// The folder may be there, but nothing of ours in it.
fn vacant(folder: &Path) -> Result<(), Failure> {
    let ours = ["config.toml", "keys", "publish", "state"].map(|name| folder.join(name));
    match ours.iter().find(|path| path.symlink_metadata().is_ok()) {
        None => Ok(()),
        Some(path) => {
            let line =
                format!("a team is there already ({}): choose another folder", path.display());
            Err(Failure::new(Exit::Unusable, line))
        }
    }
}

struct NewTeam<'a> {
    folder: &'a Path,
    name: &'a str,
    address: &'a Address,
    made: &'a Generated,
    now: Timestamp,
}

impl NewTeam<'_> {
    fn write(&self) -> io::Result<()> {
        fs::create_dir_all(self.folder)?;
        for (name, mode) in FOLDERS {
            DirBuilder::new().mode(mode).create(self.folder.join(name))?;
        }
        let mut state_key = Zeroizing::new([0_u8; 32]);
        let random = getrandom::fill(state_key.as_mut_slice());
        random.map_err(|error| io::Error::other(error.to_string()))?;
        let secret = self.made.key.to_secret_armor(None).map_err(io::Error::other)?;
        let certificate = self.made.key.certificate().armored();
        self.file("keys/state.key", state_key.as_slice(), 0o600)?;
        self.file("keys/team.secret.asc", secret.as_bytes(), 0o600)?;
        self.file("keys/team.revocation.asc", self.made.revocation.as_bytes(), 0o600)?;
        self.file("keys/team.asc", certificate.as_bytes(), 0o644)?;
        publish(&self.made.key, self.address, &self.folder.join("publish"))?;
        self.file("publish/.well-known/security.txt", self.security_txt().as_bytes(), 0o644)?;
        // Last: while it is missing the folder is not taken for whole.
        self.file("config.toml", self.config().as_bytes(), 0o600)
    }

    fn file(&self, name: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
        let path = self.folder.join(name);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn config(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let domain = self.address.domain();
        CONFIG
            .replace("@NAME@", &quoted(self.name))
            .replace("@ADDRESS@", &quoted(self.address.as_str()))
            .replace("@USER@", &quoted(self.address.local()))
            .replace("@DOMAIN@", domain)
    }

    fn security_txt(&self) -> String {
        let (address, domain) = (self.address, self.address.domain());
        let fingerprint = self.made.key.certificate().fingerprint();
        let expires = self.now.checked_add(EXPIRES).unwrap_or(self.now);
        let expires = expires.strftime("%Y-%m-%dT00:00:00Z");
        format!(
            "# RFC 9116. Publish as https://{domain}/.well-known/security.txt, and renew it\n\
             # before it expires.\n\
             Contact: mailto:{address}\n\
             Expires: {expires}\n\
             Encryption: openpgp4fpr:{fingerprint}\n\
             Preferred-Languages: en\n\
             Canonical: https://{domain}/.well-known/security.txt\n\
             # Policy: https://{domain}/security\n"
        )
    }

    fn what_is_left(&self) -> String {
        let folder = clean(&self.folder.display().to_string());
        let fingerprint = self.made.key.certificate().fingerprint().spaced();
        let domain = self.address.domain();
        format!(
            "Made {folder} for {name} <{address}>, key\n  {fingerprint}\n\n\
             What is left to do:\n  \
             1. {folder}/config.toml: where mail comes in and goes out, and who the\n     \
                members are. Their certificates go into {folder}/keys.\n  \
             2. Move {folder}/keys/team.revocation.asc to a safe place off this machine.\n  \
             3. Publish {folder}/publish/.well-known on https://{domain} (or\n     \
                https://openpgpkey.{domain}): your key, and security.txt.\n  \
             4. sirt check --config {folder}/config.toml\n",
            name = clean(self.name),
            address = clean(self.address.as_str()),
        )
    }
}

const CONFIG: &str = include_str!("init.toml");
