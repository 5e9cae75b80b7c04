//! One question to a worker of its own, without anything that waits on others: start, ask, end.

use super::fetch::Fetched;
use super::frame;
use super::process::MEMORY;
use super::wire::{AnswerHead, READY, RequestHead, Setup};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

pub(super) struct Errand<'a> {
    pub program: &'a Path,
    pub memory: usize,
    pub setup: &'a Setup,
    /// For all of it, the start included.
    pub time: Duration,
}

impl Errand<'_> {
    /// The dialogue runs on a thread; when its time is over the process is killed, and with it the
    /// dialogue ends.
    pub fn run(&self, raw: &[u8], head: &RequestHead) -> io::Result<Option<Fetched>> {
        let mut child = self.spawn()?;
        let gone = || io::Error::other("the pipe of a worker is missing");
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (mut input, mut output) = (input.ok_or_else(gone)?, output.ok_or_else(gone)?);
        let answer = thread::scope(|scope| {
            let (done, ended) = mpsc::channel::<()>();
            let talk = scope.spawn(move || {
                let answer = self.ask(&mut input, &mut output, (raw, head));
                drop(done);
                answer
            });
            // Nothing is ever sent: the channel closes when the dialogue is over.
            let late = ended.recv_timeout(self.time);
            if late == Err(mpsc::RecvTimeoutError::Timeout) {
                drop(child.kill());
            }
            talk.join().unwrap_or_else(|_| Err(io::Error::other("panic")))
        });
        end(child);
        answer
    }

    fn spawn(&self) -> io::Result<Child> {
        Command::new(self.program)
            .arg("worker")
            .env_clear()
            .env(MEMORY, self.memory.to_string())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }

    fn ask(
        &self,
        input: &mut impl Write,
        output: &mut impl Read,
        (raw, head): (&[u8], &RequestHead),
    ) -> io::Result<Option<Fetched>> {
        frame::write(input, &serde_json::to_vec(&self.setup.head())?)?;
        frame::write(input, &self.setup.decryption_part)?;
        if answer(output)? != READY {
            return Err(io::Error::other("a worker did not start as it should"));
        }
        frame::write(input, &serde_json::to_vec(head)?)?;
        frame::write(input, raw)?;
        match serde_json::from_slice(&answer(output)?)? {
            AnswerHead::Fetched { name, date } => {
                Ok(Some(Fetched { name, date, bytes: answer(output)? }))
            }
            AnswerHead::NotThere => Ok(None),
            _ => Err(io::Error::other("a worker answered what nobody asked")),
        }
    }
}

fn answer(output: &mut impl Read) -> io::Result<Vec<u8>> {
    Ok(frame::read(output)?.ok_or(io::ErrorKind::UnexpectedEof)?)
}

/// So that no process stays behind, dead or alive.
fn end(mut child: Child) {
    drop(child.kill());
    drop(child.wait());
}
