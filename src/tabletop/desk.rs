//! The desk of an exercise, as files: configuration, keys, mailboxes, and what a mail client
//! needs to look at it all.

use super::people::new_key;
use super::script::Script;
use super::{TabletopError, trouble};
use crate::pgp::TeamKey;
use crate::store::StateKey;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Says that a folder is ours to clear.
const MARK: &str = "this-is-a-tabletop";

pub struct DeskFiles {
    pub folder: PathBuf,
    pub config: PathBuf,
    pub team: TeamKey,
    /// Of the members, by handle.
    pub members: BTreeMap<String, TeamKey>,
}

/// Lays a desk out in `folder`, clearing what an earlier exercise left there.
pub fn lay_out(
    script: &Script,
    folder: &Path,
    born: Timestamp,
) -> Result<DeskFiles, TabletopError> {
    clear(folder)?;
    for inner in ["keys", "people", "out"] {
        make(&folder.join(inner))?;
    }
    write(&folder.join(MARK), b"")?;
    for mailbox in &script.mailboxes {
        for part in ["new", "cur", "tmp"] {
            make(&folder.join("mail").join(&mailbox.name).join(part))?;
        }
    }
    let team = new_key(&script.team.name, &script.team.address, born)?;
    let state_key = StateKey::generate().map_err(trouble)?;
    write(&folder.join("keys/state.key"), state_key.as_bytes())?;
    write_key(&folder.join("keys/team.secret.asc"), &team)?;
    write(&folder.join("keys/team.asc"), team.certificate().armored().as_bytes())?;
    let mut members = BTreeMap::new();
    for member in &script.members {
        let key = new_key(&member.name, &member.address, born)?;
        let public = folder.join(format!("keys/{}.asc", member.handle));
        write(&public, key.certificate().armored().as_bytes())?;
        write_key(&folder.join(format!("people/{}.secret.asc", member.handle)), &key)?;
        members.insert(member.handle.clone(), key);
    }
    let config = folder.join("config.toml");
    write(&config, configuration(script).as_bytes())?;
    Ok(DeskFiles { folder: folder.to_owned(), config, team, members })
}

fn clear(folder: &Path) -> Result<(), TabletopError> {
    if !folder.exists() {
        return Ok(());
    }
    let empty = fs::read_dir(folder).map_err(trouble)?.next().is_none();
    if !empty && !folder.join(MARK).exists() {
        let folder = folder.display();
        return Err(TabletopError(format!("{folder} is in use: name an empty or a new folder")));
    }
    fs::remove_dir_all(folder).map_err(trouble)
}

fn configuration(script: &Script) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = format!(
        "[team]\nname = {}\naddress = {}\nexercise = true\n",
        quoted(&script.team.name),
        quoted(script.team.address.as_str())
    );
    for mailbox in &script.mailboxes {
        let path = quoted(&format!("mail/{}", mailbox.name));
        text += &format!("\n[[mailbox]]\nname = {}\nmaildir = {path}\n", quoted(&mailbox.name));
        let list = mailbox.list.as_deref().map(quoted);
        text.extend(list.map(|list| format!("list = {list}\n")));
    }
    text += "\n[relay]\nmaildir = \"out\"\n";
    for watch in &script.watches {
        let (name, id) = (quoted(&watch.name), quoted(&watch.list_id));
        text += &format!("\n[[watch]]\nname = {name}\nlist_id = {id}\n");
        let address = watch.address.as_ref().map(|address| quoted(address.as_str()));
        text.extend(address.map(|address| format!("address = {address}\n")));
    }
    for list in &script.lists {
        let (name, address) = (quoted(&list.name), quoted(list.address.as_str()));
        text += &format!("\n[[list]]\nname = {name}\naddress = {address}\n");
    }
    for member in &script.members {
        text += &format!(
            "\n[[member]]\nhandle = {}\nname = {}\naddress = {}\nkey = {}\nrole = {}\n\
             timezone = {}\n",
            quoted(&member.handle),
            quoted(&member.name),
            quoted(member.address.as_str()),
            quoted(&format!("keys/{}.asc", member.handle)),
            quoted(&member.role),
            quoted(&member.timezone),
        );
    }
    text
}

/// A secret key, readable by its owner alone.
pub fn write_key(path: &Path, key: &TeamKey) -> Result<(), TabletopError> {
    let armored = key.to_secret_armor(None).map_err(trouble)?;
    write(path, armored.as_bytes())
}

pub fn write(path: &Path, octets: &[u8]) -> Result<(), TabletopError> {
    fs::write(path, octets).map_err(|error| at(path, &error))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|error| at(path, &error))
}

fn make(path: &Path) -> Result<(), TabletopError> {
    fs::create_dir_all(path).map_err(|error| at(path, &error))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(|error| at(path, &error))
}

fn at(path: &Path, error: &std::io::Error) -> TabletopError {
    TabletopError(format!("{}: {error}", path.display()))
}
