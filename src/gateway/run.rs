//! The loop of `sirt run`: one task for each source, one for the relay, one desk between them.
//!
//! The desk takes inputs one by one: batches, questions of the command line, answers of the relay,
//! the clock. Shutdown stops the sources, lets the desk finish what it holds, gives the relay a
//! few seconds, and leaves the rest to the store.

use super::sending::Wave;
use super::{Fault, Gateway, answers, notify};
use crate::control::{Answer, Asked};
use crate::intake::backoff::Backoff;
use crate::intake::{Arrival, Handle, Settle, Source, SourceErrorKind};
use crate::outbox::{Carrier, Fate};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time;

/// How long the relay may take to end a letter that is past DATA when we are told to stop.
const LAST_LETTERS: Duration = Duration::from_secs(3);
/// A source that has not completed a pass in this time is ended and started anew.
const SOURCE_SILENCE: Duration = Duration::from_secs(20 * 60);
/// How often systemd hears that the desk is alive.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// A batch, and where its source waits to hear what to do with it.
pub struct Work {
    batch: Vec<Arrival>,
    settle: oneshot::Sender<Vec<(Handle, Settle)>>,
}

type Fates = Vec<(u64, Fate)>;

/// Runs until told to stop. A fault of the store ends it: the next start recovers.
pub async fn run(
    mut gateway: Gateway,
    sources: Vec<Source>,
    mut asked: mpsc::Receiver<Asked>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Fault> {
    gateway.after_crash()?;
    let (hand_in, mut work) = mpsc::channel(1);
    let tasks = sources.into_iter().map(|source| attend(source, hand_in.clone(), stop.clone()));
    let sources: Vec<JoinHandle<()>> = tasks.map(tokio::spawn).collect();
    drop(hand_in);
    let mut wave: Option<JoinHandle<Fates>> = None;
    let mut heartbeat = time::interval(notify::watchdog().unwrap_or(HEARTBEAT));
    notify::ready();
    loop {
        gateway.ring()?;
        if wave.is_none() {
            wave = send(&gateway.carrier.clone(), gateway.next_wave()?);
        }
        let due = gateway.until_next_letter();
        tokio::select! {
            _ = stop.changed() => break,
            Some(work) = work.recv() => {
                let work = gateway.work(work);
                if !attended(work, &mut heartbeat, &mut stop).await? { break }
            }
            Some(asked) = asked.recv() => {
                let answer = gateway.answer(asked);
                if !attended(answer, &mut heartbeat, &mut stop).await? { break }
            }
            fates = finished(&mut wave) => {
                wave = None;
                gateway.wave_done(fates)?;
            }
            () = time::sleep(due), if wave.is_none() => {}
            _ = heartbeat.tick() => notify::alive(),
        }
    }
    finish(gateway, work, wave, sources).await
}

/// Carries work to its end with the watchdog told meanwhile. False where we are told to stop first:
/// work waits only before it decides anything, so what is dropped there was never begun.
async fn attended(
    work: impl Future<Output = Result<(), Fault>>,
    heartbeat: &mut time::Interval,
    stop: &mut watch::Receiver<bool>,
) -> Result<bool, Fault> {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done.map(|()| true),
            _ = stop.changed() => return Ok(false),
            _ = heartbeat.tick() => notify::alive(),
        }
    }
}

/// Ends in order: what the desk holds is committed, what the relay holds is noted, or unknown.
async fn finish(
    mut gateway: Gateway,
    mut work: mpsc::Receiver<Work>,
    mut wave: Option<JoinHandle<Fates>>,
    sources: Vec<JoinHandle<()>>,
) -> Result<(), Fault> {
    notify::stopping();
    work.close();
    sources.iter().for_each(JoinHandle::abort);
    gateway.carrier.stop(LAST_LETTERS);
    if wave.is_some() {
        let mut fates = time::timeout(LAST_LETTERS, finished(&mut wave)).await.unwrap_or_default();
        // What our own end has cut short stays in flight: the next start takes it up at once.
        fates.retain(|(_, fate)| !matches!(fate, Fate::Later { .. } | Fate::Unknown { .. }));
        gateway.wave_done(fates)?;
    }
    gateway.book.commit()
}

impl Gateway {
    async fn work(&mut self, work: Work) -> Result<(), Fault> {
        let taken = self.take(work.batch).await?;
        tracing::info!(
            taken = taken.summary.taken,
            duplicates = taken.summary.duplicates,
            quarantined = taken.summary.quarantined,
            "a batch is filed"
        );
        // The source may be gone by now; then it lists the folder anew and finds duplicates.
        _ = work.settle.send(taken.settle);
        Ok(())
    }

    async fn answer(&mut self, asked: Asked) -> Result<(), Fault> {
        let answer = match answers::answer(self, &asked.request, asked.uid).await {
            Ok(answer) => answer,
            Err(fault) => {
                _ = asked.answer.send(Answer::Failed(fault.to_string()));
                return Err(fault);
            }
        };
        _ = asked.answer.send(answer);
        Ok(())
    }

    fn until_next_letter(&self) -> Duration {
        let due = self.next_due().into_iter().chain(self.next_deadline()).min();
        let due = due.map(|due| self.clock.now().duration_until(due));
        let due = due.and_then(|due| Duration::try_from(due).ok());
        due.unwrap_or(SOURCE_SILENCE).min(SOURCE_SILENCE)
    }
}

/// Hands a wave to the relay, in a task of its own, so that a slow relay holds up nobody.
fn send(carrier: &Arc<Carrier>, wave: Wave) -> Option<JoinHandle<Fates>> {
    if wave.is_empty() {
        return None;
    }
    let carrier = carrier.clone();
    Some(tokio::spawn(async move { carry(&carrier, &wave).await }))
}

/// Each letter of a wave with its fate.
pub async fn carry(carrier: &Carrier, wave: &Wave) -> Fates {
    let fates = carrier.carry(wave).await;
    wave.iter().map(|(number, _)| *number).zip(fates).collect()
}

async fn finished(wave: &mut Option<JoinHandle<Fates>>) -> Fates {
    match wave {
        Some(task) => task.await.unwrap_or_default(),
        None => std::future::pending().await,
    }
}

/// One source: take what waits, hand it in, settle, wait for more; after trouble, again.
async fn attend(mut source: Source, desk: mpsc::Sender<Work>, mut stop: watch::Receiver<bool>) {
    let mut backoff = Backoff::default();
    loop {
        let pass = time::timeout(SOURCE_SILENCE, pass(&mut source, &desk));
        let pause = tokio::select! {
            _ = stop.changed() => return,
            passed = pass => match passed {
                Ok(Ok(())) => {
                    backoff.completed();
                    continue;
                }
                Ok(Err(error)) => {
                    tracing::warn!(mailbox = source.name(), "{error}");
                    backoff.failed(error.kind, random())
                }
                Err(_) => {
                    tracing::warn!(mailbox = source.name(), "no pass completed; started anew");
                    source.close().await;
                    backoff.failed(SourceErrorKind::Temporary, random())
                }
            }
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = time::sleep(pause) => {}
        }
    }
}

async fn pass(
    source: &mut Source,
    desk: &mpsc::Sender<Work>,
) -> Result<(), crate::intake::SourceError> {
    let batch = source.next().await?;
    if batch.is_empty() {
        return source.wait().await;
    }
    let (settle, settled) = oneshot::channel();
    if desk.send(Work { batch, settle }).await.is_err() {
        return std::future::pending().await;
    }
    match settled.await {
        Ok(settled) => source.settle(&settled).await,
        // The desk has ended without a commit: nothing may be settled.
        Err(_) => std::future::pending().await,
    }
}

/// For the spread of pauses; no secret hangs on it.
fn random() -> u32 {
    getrandom::u32().unwrap_or_default()
}
