//! One gateway a state: an advisory lock on a file that names the process which holds it.

use super::{StoreError, files};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// Held until dropped.
pub(super) struct Lock(#[expect(dead_code, reason = "the lock lasts as long as the file")] File);

impl Lock {
    /// Another process is told at once; this one waits a little for its own earlier hold, since
    /// sled lets go late.
    pub fn take(path: &Path, patience: Duration) -> Result<Lock, StoreError> {
        let file = files::private()
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(StoreError::io("lock"))?;
        let started = Instant::now();
        while let Err(errno) = flock(&file, FlockOperation::NonBlockingLockExclusive) {
            if errno != rustix::io::Errno::WOULDBLOCK {
                return Err(StoreError::io("lock")(errno.into()));
            }
            let pid = holder(&file);
            if pid != std::process::id() || started.elapsed() >= patience {
                return Err(StoreError::Locked { pid });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        sign(&file).map_err(StoreError::io("lock"))?;
        Ok(Lock(file))
    }
}

fn holder(file: &File) -> u32 {
    let mut text = String::new();
    let read = file.try_clone().and_then(|mut file| {
        std::io::Seek::rewind(&mut file)?;
        file.read_to_string(&mut text)
    });
    read.ok().and_then(|_| text.trim().parse().ok()).unwrap_or(0)
}

fn sign(file: &File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.write_all_at(format!("{}\n", std::process::id()).as_bytes(), 0)
}
