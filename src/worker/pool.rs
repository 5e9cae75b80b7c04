//! The gateway's end: several workers, one mail each, and what becomes of a mail that kills them.

use super::errand::Errand;
use super::fetch::{Fetched, Wanted};
use super::frame;
use super::opening::Proof;
use super::process::MEMORY;
use super::wire::{AnswerHead, READY, RequestHead, Setup, armored};
use crate::limits::{
    FRAME_BYTES, POISON_DEATHS, WORKER_MAIL_TIME, WORKER_MEMORY, WORKER_START_TIME,
};
use crate::mail::Mail;
use crate::pgp::Certificate;
use jiff::Timestamp;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::BufReader;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// What became of one mail.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// The mail, and the proof where a key on record signed the whole of it.
    Mail(Box<Mail>, Option<Proof>),
    /// Over a limit, or no mail. A sentence for operators and handlers.
    Unparsable(String),
    /// It stopped the process that opened it, each time. A sentence for operators and handlers.
    Poison(String),
}

/// What one opening is judged by, beside the roster.
#[derive(Clone, Debug)]
pub struct Question {
    pub now: Timestamp,
    /// Certificates on the record of the case that the mail may belong to.
    pub on_record: Vec<Certificate>,
}

/// Worker processes, started when they are needed and kept.
pub struct Pool {
    program: PathBuf,
    /// Octets that a worker may use.
    memory: usize,
    mail_time: Duration,
    permits: Semaphore,
    state: Mutex<State>,
}

/// How many processes, and how many octets each may use.
#[derive(Clone, Copy, Debug)]
pub struct PoolSize {
    pub workers: usize,
    pub memory: usize,
}

struct State {
    setup: Setup,
    /// Workers of an older setup are not used again.
    generation: u64,
    idle: Vec<Worker>,
}

struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    generation: u64,
}

impl Pool {
    /// `program worker` is what a worker runs. One is started at once, so that a setup that
    /// cannot work is an error here.
    ///
    /// # Errors
    /// The program cannot be started, or refuses the setup.
    pub async fn start(program: PathBuf, setup: Setup, workers: usize) -> io::Result<Pool> {
        let size = PoolSize { workers, memory: WORKER_MEMORY };
        Pool::start_with(program, setup, size).await
    }

    /// The same with another limit to a worker's memory.
    pub async fn start_with(
        program: PathBuf,
        setup: Setup,
        PoolSize { workers, memory }: PoolSize,
    ) -> io::Result<Pool> {
        let pool = Pool {
            program,
            memory,
            mail_time: WORKER_MAIL_TIME,
            permits: Semaphore::new(workers.max(1)),
            state: Mutex::new(State { setup, generation: 0, idle: Vec::new() }),
        };
        let first = pool.spawn().await?;
        pool.put(first);
        Ok(pool)
    }

    /// The time that one mail may take, instead of [`WORKER_MAIL_TIME`].
    pub fn mail_time(self, mail_time: Duration) -> Pool {
        Pool { mail_time, ..self }
    }

    /// Opens one mail. May be dropped at any time: the worker that was at it ends.
    ///
    /// # Errors
    /// No worker can be started. That is no fault of the mail: it is to be tried again later.
    pub async fn open(&self, raw: &[u8], question: &Question) -> io::Result<Opened> {
        if raw.len() > FRAME_BYTES {
            return Ok(Opened::Unparsable("It is larger than a mail may be.".to_owned()));
        }
        let _permit = self.permits.acquire().await.map_err(io::Error::other)?;
        let mut slow = 0;
        for _ in 0..POISON_DEATHS {
            let mut worker = match self.take() {
                Some(worker) => worker,
                None => self.spawn().await?,
            };
            match timeout(self.mail_time, worker.ask(raw, question)).await {
                Ok(Ok(opened)) => {
                    self.put(worker);
                    return Ok(opened);
                }
                Ok(Err(_)) => {}
                Err(_) => slow += 1,
            }
            worker.end().await;
        }
        Ok(Opened::Poison(format!(
            "Opening it failed {POISON_DEATHS} times: the process ended, \
             {slow} of them out of time."
        )))
    }

    /// Takes one thing out of a kept mail, in a process that is started for it and ends with it.
    /// It blocks, for [`WORKER_MAIL_TIME`] at most: what follows from a decision may not wait in a
    /// way that can be given up.
    ///
    /// # Errors
    /// No process can be started, or it ended over this mail.
    pub fn fetch(&self, raw: &[u8], wanted: Wanted, now: Timestamp) -> io::Result<Option<Fetched>> {
        let setup = self.state().setup.clone();
        let (program, memory, time) = (&self.program, self.memory, self.mail_time);
        let errand = Errand { program, memory, setup: &setup, time };
        errand.run(raw, &RequestHead { now, on_record: Vec::new(), wanted: Some(wanted) })
    }

    /// From here on another roster, or another key.
    pub fn renew(&self, setup: Setup) {
        let mut state = self.state();
        state.setup = setup;
        state.generation += 1;
        state.idle.clear();
    }

    /// Ends the idle workers and waits for them; those at work end when their mail is done.
    pub async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut self.state().idle);
        for worker in idle {
            worker.end().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An idle worker that is still alive.
    fn take(&self) -> Option<Worker> {
        let mut state = self.state();
        std::iter::from_fn(|| state.idle.pop())
            .find_map(|mut worker| matches!(worker.child.try_wait(), Ok(None)).then_some(worker))
    }

    fn put(&self, worker: Worker) {
        let mut state = self.state();
        if worker.generation == state.generation && !self.permits.is_closed() {
            state.idle.push(worker);
        }
    }

    /// Starts a worker with nothing in its environment but its limit, and waits until it has
    /// read its setup.
    async fn spawn(&self) -> io::Result<Worker> {
        let mut child = Command::new(&self.program)
            .arg("worker")
            .env_clear()
            .env(MEMORY, self.memory.to_string())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let gone = || io::Error::other("the pipe of a worker is missing");
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = BufReader::new(output.ok_or_else(gone)?);
        let (setup, generation) = {
            let state = self.state();
            (state.setup.clone(), state.generation)
        };
        let mut worker = Worker { child, input: input.ok_or_else(gone)?, output, generation };
        match timeout(WORKER_START_TIME, worker.begin(&setup)).await {
            Ok(Ok(())) => Ok(worker),
            failed => {
                worker.end().await;
                failed?.and(Err(gone()))
            }
        }
    }
}

impl Worker {
    async fn begin(&mut self, setup: &Setup) -> io::Result<()> {
        frame::send(&mut self.input, &serde_json::to_vec(&setup.head())?).await?;
        frame::send(&mut self.input, &setup.decryption_part).await?;
        match frame::receive(&mut self.output).await? {
            ready if ready == READY => Ok(()),
            _ => Err(io::Error::other("a worker did not start as it should")),
        }
    }

    async fn ask(&mut self, raw: &[u8], question: &Question) -> io::Result<Opened> {
        let on_record = armored(&question.on_record);
        let head = RequestHead { now: question.now, on_record, wanted: None };
        frame::send(&mut self.input, &serde_json::to_vec(&head)?).await?;
        frame::send(&mut self.input, raw).await?;
        let answer = frame::receive(&mut self.output).await?;
        match serde_json::from_slice(&answer)? {
            AnswerHead::Mail { mail, proof: None } => Ok(Opened::Mail(mail, None)),
            AnswerHead::Mail { mail, proof: Some(head) } => {
                let signed = frame::receive(&mut self.output).await?;
                let signature = frame::receive(&mut self.output).await?;
                let proof = Proof { signed, signature, encrypted: head.encrypted };
                Ok(Opened::Mail(mail, Some(proof)))
            }
            AnswerHead::Unparsable(why) => Ok(Opened::Unparsable(why)),
            AnswerHead::Fetched { .. } | AnswerHead::NotThere => {
                Err(io::Error::other("a worker answered what nobody asked"))
            }
        }
    }

    /// Kills it and waits, so that no dead process stays behind.
    async fn end(mut self) {
        drop(self.input);
        drop(self.child.kill().await);
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
