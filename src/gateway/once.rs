//! `sirt once`: takes in everything that waits, sends everything that is due, ends.

use super::run::carry;
use super::summary::Summary;
use super::{Fault, Gateway};
use crate::intake::{Source, SourceError};

/// What came of it, and which mailboxes or relay could not be used.
#[derive(Debug, Default)]
pub struct Finished {
    pub summary: Summary,
    pub sources: Vec<SourceError>,
    pub relay: Option<String>,
    /// Why letters that were tried still wait.
    pub delayed: Option<String>,
}

pub async fn once(gateway: &mut Gateway, sources: &mut [Source]) -> Result<Finished, Fault> {
    let mut finished = Finished::default();
    gateway.after_crash()?;
    for source in sources {
        if let Err(error) = empty(gateway, source, &mut finished.summary).await? {
            finished.sources.push(error);
        }
    }
    finished.summary.held += gateway.ring()?;
    finished.summary += send_due(gateway).await?;
    finished.relay = gateway.relay_trouble.take();
    finished.delayed = gateway.delayed.take();
    Ok(finished)
}

/// Takes batches until the source has none left.
async fn empty(
    gateway: &mut Gateway,
    source: &mut Source,
    summary: &mut Summary,
) -> Result<Result<(), SourceError>, Fault> {
    loop {
        let batch = match source.next().await {
            Ok(batch) => batch,
            Err(error) => return Ok(Err(error)),
        };
        if batch.is_empty() {
            return Ok(Ok(()));
        }
        let taken = gateway.take(batch).await?;
        *summary += taken.summary;
        if let Err(error) = source.settle(&taken.settle).await {
            return Ok(Err(error));
        }
    }
}

/// Sends what is due now, letters that follow from it included.
pub async fn send_due(gateway: &mut Gateway) -> Result<Summary, Fault> {
    let mut summary = Summary::default();
    loop {
        let wave = gateway.next_wave()?;
        if wave.is_empty() {
            gateway.book.commit()?;
            return Ok(summary);
        }
        let carrier = gateway.carrier.clone();
        let fates = carry(&carrier, &wave).await;
        summary += gateway.wave_done(fates)?;
    }
}
