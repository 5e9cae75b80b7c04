//! The Unix socket through which the command line asks a running gateway.
//!
//! One connection is one question: a line of JSON in, a line of JSON out. Who may ask is decided by
//! the kernel's word for who they are: our own user and root. The gateway answers each question in
//! its turn and makes an entry of it; nothing is decided here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{File, Permissions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Request {
    Ping,
    /// Open cases, or all of them.
    Cases {
        all: bool,
    },
    /// `words`: with what people wrote, which is recorded and told to the handlers.
    Show {
        case: String,
        words: bool,
    },
    /// The case as a document; it holds people's words, so that this is recorded.
    Export {
        case: String,
        format: String,
    },
    Letters {
        held: bool,
    },
    Release {
        id: String,
    },
    Discard {
        id: String,
        why: String,
    },
    Quarantine,
    Retry {
        id: String,
    },
    /// Entries from that sequence number on, as many as the gateway likes to give at once;
    /// an empty answer is the end.
    Journal {
        from: u64,
    },
    Verify,
    /// Posts of watched lists that were read: of one list, and posted since then.
    Observations {
        since: Option<Timestamp>,
        list: Option<String>,
    },
    /// The members, their keys, and since when they count.
    Roster,
    /// A member's new key counts from now on.
    AcceptKey {
        key: String,
    },
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Ok(Value),
    /// The house says no; in words for who asked.
    Refused(String),
    /// It could not be found out now.
    Failed(String),
}

/// A question on its way to the gateway.
pub struct Asked {
    pub request: Request,
    /// Who asks: the peer's user id.
    pub uid: u32,
    pub answer: oneshot::Sender<Answer>,
}

/// Octets of one question, and of one answer.
const REQUEST_BYTES: u64 = 64 * 1024;
const ANSWER_BYTES: u64 = 512 * 1024 * 1024;
/// How long somebody may take over their question.
const REQUEST_TIME: Duration = Duration::from_secs(10);
const ROOT: u32 = 0;

/// The listening end; the socket is taken away when it is dropped.
pub struct Listener {
    listener: UnixListener,
    path: PathBuf,
    /// Users who may ask.
    readers: [u32; 2],
}

impl Listener {
    /// To be called by who holds the state: a socket that nobody answers on is replaced.
    /// The folder becomes 0700, the socket 0600.
    pub fn bind(path: &Path) -> io::Result<Listener> {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        if connect(path)?.is_some() {
            let words = "another gateway listens on the control socket";
            return Err(io::Error::new(io::ErrorKind::AddrInUse, words));
        }
        if let Err(error) = std::fs::remove_file(path)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let near = Near::of(path)?;
        let listener = UnixListener::bind(&near.path)?;
        std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
        let readers = [rustix::process::geteuid().as_raw(), ROOT];
        Ok(Listener { listener, path: path.to_owned(), readers })
    }

    /// Hands every question over until the gateway no longer takes any.
    pub async fn serve(self, gateway: mpsc::Sender<Asked>) {
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = gateway.closed() => return,
            };
            match accepted {
                Ok((stream, _)) => {
                    let (gateway, readers) = (gateway.clone(), self.readers);
                    tokio::spawn(async move {
                        if let Err(error) = converse(stream, readers, gateway).await {
                            tracing::debug!(kind = %error.kind(), "control: a reader went away");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(kind = %error.kind(), "control: nobody can be let in now");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // The next gateway replaces it if this fails.
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn converse(
    mut stream: UnixStream,
    readers: [u32; 2],
    gateway: mpsc::Sender<Asked>,
) -> io::Result<()> {
    let uid = stream.peer_cred()?.uid();
    // Read in any case: a connection closed over an unread question shows no answer.
    let line = read_question(&mut stream).await?;
    let answer = match readers.contains(&uid) {
        true => put(&line, uid, gateway).await,
        false => Answer::Refused("only the user of the gateway and root may ask".into()),
    };
    let mut line = serde_json::to_vec(&answer).map_err(io::Error::other)?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    stream.shutdown().await
}

async fn read_question(stream: &mut UnixStream) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut reader = tokio::io::BufReader::new(stream).take(REQUEST_BYTES);
    tokio::time::timeout(REQUEST_TIME, reader.read_until(b'\n', &mut line)).await??;
    Ok(line)
}

async fn put(line: &[u8], uid: u32, gateway: mpsc::Sender<Asked>) -> Answer {
    let Ok(request) = serde_json::from_slice(line) else {
        return Answer::Refused("not a question this gateway knows: is it of this age?".into());
    };
    let (answer, answered) = oneshot::channel();
    let gone = || Answer::Failed("the gateway is ending: ask again when it is back".into());
    if gateway.send(Asked { request, uid, answer }).await.is_err() {
        return gone();
    }
    answered.await.unwrap_or_else(|_| gone())
}

/// Asks the gateway that listens there; `None` where none does.
pub fn ask(path: &Path, request: &Request) -> io::Result<Option<Answer>> {
    let Some(mut stream) = connect(path)? else { return Ok(None) };
    let mut line = serde_json::to_vec(request).map_err(io::Error::other)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = Vec::new();
    BufReader::new(stream.take(ANSWER_BYTES)).read_until(b'\n', &mut answer)?;
    if !answer.ends_with(b"\n") {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the gateway gave no answer"));
    }
    serde_json::from_slice(&answer).map(Some).map_err(io::Error::other)
}

fn connect(path: &Path) -> io::Result<Option<std::os::unix::net::UnixStream>> {
    let near = match Near::of(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        near => near?,
    };
    match std::os::unix::net::UnixStream::connect(&near.path) {
        Ok(stream) => Ok(Some(stream)),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Ok(None),
            _ => Err(error),
        },
    }
}

/// A way to a socket that fits into a socket address, whatever its path (unix(7): 107 octets).
struct Near {
    path: PathBuf,
    _folder: Option<File>,
}

impl Near {
    fn of(path: &Path) -> io::Result<Near> {
        const LONGEST: usize = 100;
        if path.as_os_str().len() <= LONGEST {
            return Ok(Near { path: path.to_owned(), _folder: None });
        }
        let folder = File::open(path.parent().unwrap_or(Path::new(".")))?;
        let near = format!("/proc/self/fd/{}", folder.as_raw_fd());
        let path = Path::new(&near).join(path.file_name().unwrap_or_default());
        Ok(Near { path, _folder: Some(folder) })
    }
}

#[cfg(test)]
#[path = "control_tests.rs"]
mod tests;
