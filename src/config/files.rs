//! Who may read and write the files we rely on.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What is wrong with a file, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub what: String,
    pub todo: String,
}

impl Complaint {
    fn of(path: &Path, what: &str, todo: String) -> Complaint {
        Complaint { what: format!("{}, which {what}", path.display()), todo }
    }
}

const WRITE_FOR_OTHERS: u32 = 0o022;
const ANY_FOR_WORLD: u32 = 0o007;
const ANY_FOR_GROUP: u32 = 0o070;
const STICKY: u32 = 0o1000;

/// A file or folder that is there and that only its owner, who is we or root, may write;
/// the folder it lies in likewise, or somebody could put another in its place.
pub fn trusted(path: &Path) -> Result<(), Complaint> {
    let found = path.metadata().map_err(|error| missing(path, &error))?;
    ours_alone(path, &found)?;
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    let above = above.unwrap_or(Path::new("."));
    let folder = above.metadata().map_err(|error| missing(above, &error))?;
    if folder.mode() & STICKY == 0 { ours_alone(above, &folder) } else { Ok(()) }
}

/// A trusted file that nobody else may read.
pub fn secret(path: &Path) -> Result<(), Complaint> {
    trusted(path)?;
    let found = path.metadata().map_err(|error| missing(path, &error))?;
    if !found.is_file() {
        return Err(Complaint::of(path, "is not a file", "name a file".into()));
    }
    if readable_by_others(&found) {
        let todo = format!("chmod 600 {}", path.display());
        return Err(Complaint::of(path, "others can read", todo));
    }
    Ok(())
}

/// A file of root's may be readable by a group: a service under its own user has no other way.
fn readable_by_others(found: &Metadata) -> bool {
    let by_group = found.mode() & ANY_FOR_GROUP != 0;
    let lent_by_root = found.uid() == 0 && us() != 0;
    found.mode() & ANY_FOR_WORLD != 0 || (by_group && !lent_by_root)
}

fn ours_alone(path: &Path, found: &Metadata) -> Result<(), Complaint> {
    if found.uid() != us() && found.uid() != 0 {
        let todo = "it must belong to the user that runs sirt, or to root".to_owned();
        return Err(Complaint::of(path, "belongs to somebody else", todo));
    }
    if found.mode() & WRITE_FOR_OTHERS != 0 {
        let todo = format!("chmod go-w {}", path.display());
        return Err(Complaint::of(path, "others can write", todo));
    }
    Ok(())
}

fn missing(path: &Path, error: &io::Error) -> Complaint {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Complaint::of(path, "is not there", "create it, or correct the path".into())
        }
        io::ErrorKind::PermissionDenied => {
            Complaint::of(path, "we may not look at", "let the user that runs sirt read it".into())
        }
        kind => Complaint::of(path, &format!("cannot be read: {kind}"), "mend that".into()),
    }
}

fn us() -> u32 {
    rustix::process::geteuid().as_raw()
}
