//! The worker itself: `sirt worker`, fed by a pipe, ending with its input.

use super::fetch::{Fetched, fetch};
use super::frame;
use super::opening::{Proof, Request, open_knowing};
use super::wire::{AnswerHead, READY, RequestHead, SetupHead, parsed};
use crate::limits::{WORKER_FILES, WORKER_MAIL_TIME, WORKER_MEMORY, WORKER_STACK};
use crate::mail::Fingerprint;
use crate::pgp::{Certificate, Opener};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use std::io::{self, BufWriter, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use zeroize::Zeroizing;

/// The one variable in a worker's environment.
pub(super) const MEMORY: &str = "SIRT_WORKER_MEMORY";

/// Runs until the input ends. Says nothing of its own: a panic could carry words of a report.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|_| {}));
    match limited().and_then(|()| serve()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Before anything is read: memory, files, no core image, no more rights, no debugger.
fn limited() -> io::Result<()> {
    set_limit(Resource::As, memory())?;
    set_limit(Resource::Core, 0)?;
    set_limit(Resource::Fsize, 0)?;
    set_limit(Resource::Nofile, WORKER_FILES)?;
    rustix::thread::set_no_new_privs(true)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// What the gateway says, in octets; what is no number leaves it at [`WORKER_MEMORY`].
fn memory() -> u64 {
    let told = std::env::var(MEMORY).ok().and_then(|told| told.parse().ok());
    told.unwrap_or_else(|| u64::try_from(WORKER_MEMORY).unwrap_or(u64::MAX))
}

fn set_limit(resource: Resource, most: u64) -> io::Result<()> {
    Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
}

enum Beat {
    Begun,
    Done,
}

/// Mail is opened on a thread with a stack of its own; this one watches the time, so that a
/// worker ends even when the gateway is no longer there to end it.
fn serve() -> io::Result<()> {
    let (beat, beats) = mpsc::channel();
    let (limited, begins) = mpsc::channel();
    let thread = std::thread::Builder::new().stack_size(WORKER_STACK).spawn(move || {
        begins.recv().map_err(io::Error::other)?;
        work(&mut io::stdin().lock(), &mut io::stdout().lock(), &beat)
    })?;
    // No process and no further thread from here on; only then is anything read.
    set_limit(Resource::Nproc, 0)?;
    limited.send(()).map_err(io::Error::other)?;
    watch(&beats);
    thread.join().unwrap_or_else(|_| Err(io::Error::other("panic")))
}

fn watch(beats: &Receiver<Beat>) {
    while let Ok(beat) = beats.recv() {
        let late = |error| error == mpsc::RecvTimeoutError::Timeout;
        if matches!(beat, Beat::Begun) && beats.recv_timeout(2 * WORKER_MAIL_TIME).is_err_and(late)
        {
            std::process::exit(1);
        }
    }
}

struct Holdings {
    opener: Opener,
    roster: Vec<Certificate>,
    ours: Vec<Fingerprint>,
    own: Vec<Certificate>,
}

fn work(input: &mut impl Read, output: &mut impl Write, beat: &Sender<Beat>) -> io::Result<()> {
    let mut output = BufWriter::new(output);
    let Some(holdings) = setup(input)? else { return Ok(()) };
    frame::write(&mut output, READY)?;
    output.flush()?;
    while let Some(head) = frame::read(input)? {
        let raw = frame::read(input)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        drop(beat.send(Beat::Begun));
        answer(&holdings, &head, &raw, &mut output)?;
        output.flush()?;
        drop(beat.send(Beat::Done));
    }
    Ok(())
}

fn setup(input: &mut impl Read) -> io::Result<Option<Holdings>> {
    let Some(head) = frame::read(input)? else { return Ok(None) };
    let head: SetupHead = serde_json::from_slice(&head)?;
    let part = Zeroizing::new(frame::read(input)?.ok_or(io::ErrorKind::UnexpectedEof)?);
    let opener = Opener::new(&part).map_err(io::Error::other)?;
    let (roster, own) = (parsed(&head.roster), parsed(&head.own));
    Ok(Some(Holdings { opener, roster, ours: head.ours, own }))
}

fn answer(holdings: &Holdings, head: &[u8], raw: &[u8], output: &mut impl Write) -> io::Result<()> {
    let head: RequestHead = serde_json::from_slice(head)?;
    let mut on_record = holdings.roster.clone();
    on_record.extend(parsed(&head.on_record));
    let request = Request { on_record: &on_record, ours: &holdings.ours, now: head.now };
    if let Some(wanted) = head.wanted {
        return hand_over(fetch(raw, wanted, &holdings.opener, &request), output);
    }
    let (head, proof) = match open_knowing(&holdings.own, raw, &holdings.opener, &request) {
        Ok(opening) => AnswerHead::of(opening),
        Err(why) => (AnswerHead::Unparsable(why.to_string()), None),
    };
    frame::write(output, &serde_json::to_vec(&head)?)?;
    match proof {
        Some(Proof { signed, signature, .. }) => {
            frame::write(output, &signed)?;
            frame::write(output, &signature)
        }
        None => Ok(()),
    }
}

fn hand_over(fetched: Option<Fetched>, output: &mut impl Write) -> io::Result<()> {
    let Some(Fetched { name, date, bytes }) = fetched else {
        return frame::write(output, &serde_json::to_vec(&AnswerHead::NotThere)?);
    };
    frame::write(output, &serde_json::to_vec(&AnswerHead::Fetched { name, date })?)?;
    frame::write(output, &bytes)
}
