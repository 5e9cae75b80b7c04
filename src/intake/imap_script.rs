//! A scripted IMAP server for tests, in the form
//!
//! ```text
//! S: * OK ready
//! C: CAPABILITY
//! S: $ OK done
//! ```
//!
//! `C:` is a command without its tag, `C~` the same as a regular expression, `C+` a line that has
//! no tag. `$` in an answer is the last tag, `<<text>>` a literal (with `\r`, `\n` and `\xff`),
//! `<<*9>>` one of nine octets. `close` ends the connection, `silence` says nothing more, `--`
//! begins the next connection. What comes behind the end of a script is an error.

use super::imap::{Dial, ImapSettings, ImapSource};
use super::{Afterwards, Arrival, Body, Handle, Settle};
use crate::net::{Connected, Endpoint, Login, NetError, NetErrorKind, Secret, Tls};
use regex::Regex;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::task::JoinHandle;

/// From greeting to the open folder with two mails; `CAPS` stands for what the server can do.
pub(super) const OPEN: &str = "\
S: * OK ready
C: CAPABILITY
S: * CAPABILITY IMAP4rev1 CAPS
S: $ OK
C: LOGIN \"sirt\" \"secret\"
S: $ OK welcome
C: CAPABILITY
S: * CAPABILITY IMAP4rev1 CAPS
S: $ OK
C: SELECT \"INBOX\"
S: * FLAGS (\\Seen \\Deleted)
S: * 2 EXISTS
S: * 0 RECENT
S: * OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] limited
S: * OK [UIDVALIDITY 7] valid
S: * OK [UIDNEXT 12] next
S: $ OK [READ-WRITE] open
";
pub(super) const ARCHIVE: &str = "\
C: LIST \"\" \"Archive\"
S: * LIST (\\HasNoChildren) \"/\" Archive
S: $ OK
";
pub(super) const LIST: &str = "\
C: NOOP
S: $ OK
C: UID FETCH 1:* (UID RFC822.SIZE FLAGS)
S: * 1 FETCH (UID 10 RFC822.SIZE 20 FLAGS (\\Seen))
S: * 2 FETCH (UID 11 RFC822.SIZE 20 FLAGS ())
S: $ OK
";
pub(super) const FETCH: &str = "\
C: UID FETCH 10:11 (UID INTERNALDATE BODY.PEEK[])
S: * 1 FETCH (UID 10 INTERNALDATE \"17-Nov-2026 09:30:00 +0100\" \
BODY[] <<Subject: a\\r\\n\\r\\na\\r\\n>>)
S: * 2 FETCH (UID 11 INTERNALDATE \" 1-Nov-2026 09:30:00 +0000\" \
BODY[] <<Subject: b\\r\\n\\r\\nb\\r\\n>>)
S: $ OK
";
pub(super) const MOVE: &str = "\
C: UID MOVE 10:11 \"Archive\"
S: * OK [COPYUID 9 10:11 1:2] moved
S: * 1 EXPUNGE
S: * 1 EXPUNGE
S: $ OK
";

/// [`OPEN`] with `caps`, and what follows.
pub(super) fn after_open(caps: &str, rest: &[&str]) -> String {
    OPEN.replace("CAPS", caps) + &rest.concat()
}

pub(super) fn settings() -> ImapSettings {
    ImapSettings {
        name: "security".into(),
        endpoint: Endpoint {
            host: "imap.sirt.test".into(),
            port: 993,
            tls: Tls::Implicit,
            ca_file: None,
        },
        login: Arc::new(|| {
            let password = Secret::new("secret".into());
            Ok(Login::Password { user: "sirt".into(), password })
        }),
        folder: "INBOX".into(),
        done: Afterwards::Move("Archive".into()),
        quarantine: None,
        mail_limit: 1_000_000,
        idle: true,
        poll: crate::limits::POLL_TIME,
    }
}

type Playing = JoinHandle<Result<(), String>>;

/// The servers that one source meets, one after the other.
pub(super) struct Server {
    waiting: Arc<Mutex<VecDeque<String>>>,
    tasks: Arc<Mutex<Vec<Playing>>>,
}

impl Server {
    /// All connections went as written, to their ends. The source must be dropped before.
    pub async fn finish(self) {
        assert_eq!(self.waiting.lock().expect("lock").len(), 0, "connections never made");
        let tasks = std::mem::take(&mut *self.tasks.lock().expect("lock"));
        for task in tasks {
            if let Err(words) = task.await.expect("server") {
                panic!("the script was left: {words}");
            }
        }
    }
}

pub(super) fn play(settings: ImapSettings, script: &str) -> (ImapSource, Server) {
    let parts: VecDeque<String> = script.split("--\n").map(str::to_owned).collect();
    let waiting = Arc::new(Mutex::new(parts));
    let tasks = Arc::new(Mutex::new(Vec::new()));
    let server = Server { waiting: Arc::clone(&waiting), tasks: Arc::clone(&tasks) };
    let dial: Dial = Arc::new(move || {
        let script = waiting.lock().expect("lock").pop_front();
        let tasks = Arc::clone(&tasks);
        Box::pin(async move {
            let Some(script) = script else {
                let words = "imap.sirt.test:993: connection refused".into();
                return Err(NetError { words, kind: NetErrorKind::Temporary });
            };
            let (ours, theirs) = duplex(64 * 1024);
            tasks.lock().expect("lock").push(tokio::spawn(serve(theirs, script)));
            Ok(Connected { stream: Box::new(ours), greeted: false })
        })
    });
    (ImapSource::over(settings, dial), server)
}

async fn serve(stream: DuplexStream, script: String) -> Result<(), String> {
    let mut stream = BufReader::new(stream);
    let mut tag = String::new();
    for step in script.lines() {
        let (kind, text) = step.split_once(' ').unwrap_or((step, ""));
        match kind {
            "S:" => {
                let answer = octets(&text.replace("$ ", &format!("{tag} ")));
                // The client may have left already; then the next command is what is missing.
                let _ = stream.write_all(&answer).await;
                let _ = stream.flush().await;
            }
            "C:" | "C~" | "C+" => {
                let line = line(&mut stream).await?;
                let command = if kind == "C+" {
                    line.as_str()
                } else {
                    let (word, command) = line.split_once(' ').ok_or("a command without tag")?;
                    tag = word.to_owned();
                    command
                };
                let regex = || Regex::new(&format!("^(?:{text})$")).expect("regex");
                if command != text && !(kind == "C~" && regex().is_match(command)) {
                    return Err(format!("{text:?} expected, {command:?} came"));
                }
            }
            "close" => return Ok(()),
            "silence" => {
                let _ = stream.read_to_end(&mut Vec::new()).await;
                return Ok(());
            }
            other => panic!("no such step: {other:?}"),
        }
    }
    let mut more = String::new();
    let _ = stream.read_line(&mut more).await;
    if more.is_empty() { Ok(()) } else { Err(format!("{more:?} came behind the end")) }
}

async fn line(stream: &mut BufReader<DuplexStream>) -> Result<String, String> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await.map_err(|error| error.to_string())?;
    let line = String::from_utf8_lossy(&line);
    let line = line.strip_suffix("\r\n").ok_or_else(|| format!("cut off: {line:?}"))?;
    Ok(line.to_owned())
}

fn octets(text: &str) -> Vec<u8> {
    let mut sent = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        let (literal, after) = after.split_once(">>").expect("the literal's end");
        let literal = match literal.strip_prefix('*') {
            Some(count) => vec![b'x'; count.parse().expect("count")],
            None => unescaped(literal),
        };
        sent.extend(unescaped(before));
        sent.extend(format!("{{{}}}\r\n", literal.len()).into_bytes());
        sent.extend(literal);
        rest = after;
    }
    sent.extend(unescaped(rest));
    sent.extend(b"\r\n");
    sent
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut sent = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        sent.extend(&rest.as_bytes()[..at]);
        let (octet, skip) = match &rest[at + 1..] {
            more if more.starts_with('r') => (b'\r', 2),
            more if more.starts_with('n') => (b'\n', 2),
            more if more.starts_with('x') => (u8::from_str_radix(&more[1..3], 16).expect("hex"), 4),
            _ => (b'\\', 1),
        };
        sent.push(octet);
        rest = &rest[at + skip..];
    }
    sent.extend(rest.as_bytes());
    sent
}

pub(super) fn uids(arrivals: &[Arrival]) -> Vec<u32> {
    let uid = |arrival: &Arrival| match arrival.handle {
        Handle::Imap { uid, .. } => uid,
        Handle::Maildir { .. } => unreachable!("an IMAP source"),
    };
    arrivals.iter().map(uid).collect()
}

pub(super) fn whole(arrival: &Arrival) -> &[u8] {
    match &arrival.body {
        Body::Whole(octets) => octets,
        Body::TooLarge { .. } => panic!("a whole mail was expected"),
    }
}

pub(super) fn done(arrivals: &[Arrival]) -> Vec<(Handle, Settle)> {
    arrivals.iter().map(|arrival| (arrival.handle.clone(), Settle::Done)).collect()
}
