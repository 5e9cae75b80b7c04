//! The commands that need the whole gateway, each as one call.

use super::{Exit, Failure, Outcome, say};
use crate::config::Settings;
use crate::control::{Answer, Listener, Request};
use crate::gateway::{self, Clock, Fault, Finished, Summary};
use crate::intake::SourceErrorKind;
use crate::store;
use crate::tabletop::{self, Script};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, watch};

/// What `sirt tabletop` is to play.
#[derive(Clone, Debug)]
pub struct Exercise {
    pub script: PathBuf,
    /// Where to lay everything out; a new folder where none is named.
    pub folder: Option<PathBuf>,
}

/// Questions of the command line that may wait for the gateway.
const QUESTIONS: usize = 16;

/// `sirt run`: until a signal ends it.
pub fn run(settings: &Settings) -> Outcome {
    runtime()?.block_on(async {
        // First: whoever reaches the socket may also end us in order.
        let stop = on_signals()?;
        let gateway = gateway::start(settings, program()?, Clock::System).await?;
        let socket = settings.team.socket();
        let listener = Listener::bind(&socket).map_err(|error| unusable(&socket, &error))?;
        let (ask, asked) = mpsc::channel(QUESTIONS);
        tokio::spawn(listener.serve(ask));
        gateway::run(gateway, gateway::sources(settings), asked, stop).await?;
        Ok(Exit::Done)
    })
}

fn unusable(socket: &Path, error: &std::io::Error) -> Failure {
    let line =
        format!("the socket cannot be made: {error} ({}): look at that folder", socket.display());
    Failure::new(Exit::TryLater, line)
}

/// The first SIGTERM or SIGINT ends the gateway in order, the second at once.
fn on_signals() -> Result<watch::Receiver<bool>, Failure> {
    let failed =
        |error| Failure::from(Fault::System { what: "signals cannot be waited for", error });
    let mut term = signal(SignalKind::terminate()).map_err(failed)?;
    let mut int = signal(SignalKind::interrupt()).map_err(failed)?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        next(&mut term, &mut int).await;
        _ = stop.send(true);
        next(&mut term, &mut int).await;
        std::process::exit(Exit::TryLater as i32);
    });
    Ok(stopped)
}

async fn next(term: &mut Signal, int: &mut Signal) {
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

/// `sirt once`. The summary is there even when a mailbox or the relay could not be used.
pub fn once(settings: &Settings, now: Option<Timestamp>) -> Result<(Summary, Exit), Failure> {
    settings.complete()?;
    if now.is_some() && !settings.team.exercise {
        let line = "--now is for exercises alone ([team] exercise): leave it out";
        return Err(Failure::new(Exit::Unusable, line));
    }
    let clock = now.map_or(Clock::System, Clock::Set);
    let finished = runtime()?.block_on(async {
        let mut gateway = gateway::start(settings, program()?, clock).await?;
        let mut sources = gateway::sources(settings);
        let finished = gateway::once(&mut gateway, &mut sources).await?;
        for source in &mut sources {
            source.close().await;
        }
        Ok::<Finished, Failure>(finished)
    })?;
    let exit = told(&finished);
    Ok((finished.summary, exit))
}

/// Tells what could not be used, and how `once` ends for it.
fn told(finished: &Finished) -> Exit {
    let mut exit = Exit::Done;
    let relay = finished.relay.as_ref().map(|why| format!("the relay cannot be used: {why}"));
    if let Some(line) = relay {
        Failure::new(Exit::Unusable, line).tell();
        exit = Exit::Unusable;
    }
    if let Some(why) = &finished.delayed {
        Failure::new(Exit::TryLater, format!("letters wait for the relay: {why}")).tell();
        exit = worse(exit, Exit::TryLater);
    }
    for error in &finished.sources {
        let failed = match error.kind {
            SourceErrorKind::Temporary => Exit::TryLater,
            SourceErrorKind::Credentials | SourceErrorKind::Settings => Exit::Unusable,
        };
        Failure::new(failed, error.to_string()).tell();
        exit = worse(exit, failed);
    }
    exit
}

/// What wants a person goes before what may pass.
fn worse(one: Exit, other: Exit) -> Exit {
    if one == Exit::Unusable || other == Exit::Done { one } else { other }
}

/// The answer to a question where no gateway runs: the state is opened for it.
pub fn offline(settings: &Settings, request: &Request) -> Result<Answer, Failure> {
    let clock = Clock::System;
    if *request == Request::Verify {
        let key = gateway::state_key(settings)?;
        let findings = store::verify(&settings.team.state, &key, gateway::fold);
        return Ok(Answer::Ok(gateway::verified(findings)));
    }
    let uid = rustix::process::getuid().as_raw();
    if let Request::Retry { .. } = request {
        return runtime()?.block_on(async {
            let mut gateway = gateway::start(settings, program()?, clock).await?;
            Ok(gateway::answer(&mut gateway, request, uid).await?)
        });
    }
    let mut book = gateway::open_to_read(settings, clock.now())?;
    Ok(gateway::offline(&mut book, &clock, request, uid)?)
}

/// `sirt tabletop`
pub fn tabletop(exercise: &Exercise) -> Outcome {
    let wrong = |what: String| {
        let line = format!("{what} ({}): mend the script", exercise.script.display());
        Failure::new(Exit::Unusable, line)
    };
    let text = std::fs::read_to_string(&exercise.script)
        .map_err(|error| wrong(format!("the script cannot be read: {}", error.kind())))?;
    let script = Script::parse(&text).map_err(|why| wrong(why.trim().replace('\n', "; ")))?;
    let folder = exercise.folder.clone().unwrap_or_else(new_folder);
    let played = runtime()?
        .block_on(async {
            tabletop::play(&script, &folder, program()?).await.map_err(Played::from)
        })
        .map_err(|Played(line)| Failure::new(Exit::Unusable, line))?;
    say(&tabletop::screen(&script, &played))?;
    Ok(Exit::Done)
}

/// Why an exercise ended, as one line.
struct Played(String);

impl From<tabletop::TabletopError> for Played {
    fn from(error: tabletop::TabletopError) -> Played {
        Played(error.to_string())
    }
}

impl From<Failure> for Played {
    fn from(failure: Failure) -> Played {
        Played(failure.lines.join("; "))
    }
}

fn new_folder() -> PathBuf {
    std::env::temp_dir().join(format!("sirt-tabletop-{}", std::process::id()))
}

/// `sirt worker`, started by the gateway alone.
pub fn worker() -> ExitCode {
    crate::worker::process::main()
}

/// Ourselves: the workers are the same program.
pub(super) fn program() -> Result<PathBuf, Failure> {
    let what = "the program cannot find itself";
    std::env::current_exe().map_err(|error| Failure::from(Fault::System { what, error }))
}

pub(super) fn runtime() -> Result<Runtime, Failure> {
    let what = "no threads can be started";
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::from(Fault::System { what, error }))
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        if let Fault::Settings(problems) = fault {
            return Failure::from(problems);
        }
        let exit = if fault.temporary() { Exit::TryLater } else { Exit::Unusable };
        Failure::new(exit, fault.to_string())
    }
}
