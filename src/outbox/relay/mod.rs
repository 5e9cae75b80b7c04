//! SMTP to the mail relay, with the SMTP client driven command by command.
//!
//! A letter waits for one of a few places, takes a connection that rests or makes one, and is
//! carried in a transaction of its own, with one recipient. `wire` is the stream below the client
//! and knows what was written and what was answered; `dialog` speaks; `auth` logs in; `answer`
//! says what codes mean. Nothing here repeats a letter once the relay has answered anything about
//! it, falls back to less security than configured, or shows the relay's words to anybody.

mod answer;
mod auth;
mod dialog;
#[cfg(test)]
mod script;
mod wire;

pub use dialog::Times;

use crate::limits::{DOOR_REFUSALS, PROBE_TIME, RELAY_CONNECTIONS, RELAY_LETTERS, RELAY_LIFE};
use crate::net::{self, Connected, Endpoint, Login, NetError, NetErrorKind, Protocol};
use crate::outbox::{Fate, Sealed, gate};
use dialog::{Carried, Dialog, later};
use futures_util::future::join_all;
use lettre::transport::smtp::extension::ClientId;
use std::future::Future;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep_until, timeout};
use wire::Notes;

/// Asked anew for each connection, since tokens expire. May block.
pub type LoginSource = Arc<dyn Fn() -> Result<Login, String> + Send + Sync>;

/// Makes a connection to the relay, secured as configured.
pub type Dial = Arc<dyn Fn() -> Dialling + Send + Sync>;
pub type Dialling = Pin<Box<dyn Future<Output = Result<Connected, NetError>> + Send>>;

#[derive(Clone)]
pub struct RelaySettings {
    pub endpoint: Endpoint,
    pub login: LoginSource,
    /// Our own host name.
    pub ehlo_name: String,
}

pub struct Relay {
    settings: RelaySettings,
    name: ClientId,
    times: Times,
    dial: Dial,
    places: Semaphore,
    resting: Mutex<Vec<Resting>>,
    largest: AtomicU64,
    door_refusals: AtomicU32,
    /// Until when letters that are past DATA are waited for, once the relay is to stop.
    stopping: watch::Sender<Option<Instant>>,
}

/// An open connection without a letter.
struct Resting {
    dialog: Dialog,
    opened: Instant,
}

impl Relay {
    /// The relay at the configured endpoint.
    pub fn new(settings: RelaySettings) -> Relay {
        let (endpoint, name) = (settings.endpoint.clone(), client_name(&settings.ehlo_name));
        let name = name.to_string();
        let dial: Dial = Arc::new(move || {
            let (endpoint, name) = (endpoint.clone(), name.clone());
            Box::pin(async move { net::connect(&endpoint, Protocol::Smtp { hello: &name }).await })
        });
        Relay::with(settings, Times::default(), dial)
    }

    /// A relay reached by `dial`. [`Times::default`] is what RFC 5321 asks for.
    pub fn with(settings: RelaySettings, times: Times, dial: Dial) -> Relay {
        Relay {
            name: client_name(&settings.ehlo_name),
            settings,
            times,
            dial,
            places: Semaphore::new(RELAY_CONNECTIONS),
            resting: Mutex::default(),
            largest: AtomicU64::new(0),
            door_refusals: AtomicU32::new(0),
            stopping: watch::Sender::new(None),
        }
    }

    /// Delivers one letter. May be called as often at once as there are letters; the first few
    /// are carried, the rest wait. Dropping the future mid-way leaves the letter's fate unknown.
    pub async fn deliver(&self, letter: &Sealed) -> Fate {
        if let Err(why) = gate::look(letter) {
            return Fate::Refused { why };
        }
        let place = self.unless_stopping(self.places.acquire()).await;
        let Some(Ok(_place)) = place else { return stopped() };
        if let Some(resting) = self.take_resting() {
            let carried = self.carry(resting, letter).await;
            if !carried.untouched {
                return carried.fate;
            }
        }
        match self.unless_stopping(self.connect()).await {
            None => stopped(),
            Some(Err(fate)) => fate,
            Some(Ok(fresh)) => self.carry(fresh, letter).await.fate,
        }
    }

    /// Delivers letters side by side. The fates stand in the order of the letters.
    pub async fn deliver_wave<'a>(&self, wave: impl IntoIterator<Item = &'a Sealed>) -> Vec<Fate> {
        join_all(wave.into_iter().map(|letter| self.deliver(letter))).await
    }

    /// Connects, logs in and parts; says what it found, or why it could not.
    pub async fn probe(&self) -> Result<Vec<String>, String> {
        let connected = timeout(PROBE_TIME, self.connect()).await;
        let connected = connected.map_err(|_| "the relay does not answer in time".to_owned())?;
        let dialog = connected.map_err(|fate| fate.why().to_owned())?.dialog;
        let size = match dialog.offers.size() {
            Some(size) => format!("it takes letters of up to {size} octets"),
            None => "it names no limit for the size of a letter".into(),
        };
        dialog.quit().await;
        Ok(vec!["the relay answers and lets us in".into(), size])
    }

    /// The largest letter the relay has said it takes, in octets.
    pub fn size_limit(&self) -> Option<u64> {
        Some(self.largest.load(Ordering::Relaxed)).filter(|size| *size > 0)
    }

    /// No new letter is begun and those before DATA are abandoned at once, as `Later`. A letter
    /// past DATA is waited for up to `wait`; then it is `Unknown` if all of it was written out.
    pub fn stop(&self, wait: Duration) {
        self.stopping.send_replace(Some(Instant::now() + wait));
    }

    /// Parts from the relay on every connection that rests. A later letter connects again.
    pub async fn close(&self) {
        let resting = std::mem::take(&mut *self.resting());
        join_all(resting.into_iter().map(|resting| resting.dialog.quit())).await;
    }

    async fn carry(&self, mut on: Resting, letter: &Sealed) -> Carried {
        let notes = on.dialog.notes();
        let carried = tokio::select! {
            biased;
            carried = on.dialog.carry(letter) => carried,
            fate = self.cut_off(&notes) => return Carried { fate, untouched: false },
        };
        self.rest(on).await;
        carried
    }

    /// Ends when the relay is to stop and this letter's time is over.
    async fn cut_off(&self, notes: &Notes) -> Fate {
        let until = self.stop_time().await;
        if notes.phase() >= answer::Phase::Data {
            sleep_until(until).await;
        }
        match notes.dot_is_out() {
            true => Fate::Unknown { why: "the gateway stopped before the relay answered".into() },
            false => stopped(),
        }
    }

    async fn stop_time(&self) -> Instant {
        let mut stopping = self.stopping.subscribe();
        let until = stopping.wait_for(Option::is_some).await.ok().and_then(|until| *until);
        match until {
            Some(until) => until,
            None => std::future::pending().await,
        }
    }

    async fn unless_stopping<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            _ = self.stop_time() => None,
            done = work => Some(done),
        }
    }

    /// A new connection, greeted and logged in.
    async fn connect(&self) -> Result<Resting, Fate> {
        let connected = (self.dial)().await.map_err(|error| no_connection(&error))?;
        let opened = Dialog::open(connected, &self.name, self.times).await;
        let mut dialog = opened.map_err(|fate| self.turned_away(fate))?;
        let login = self.settings.login.clone();
        let login = tokio::task::spawn_blocking(move || login()).await;
        let login = login.unwrap_or_else(|_| Err("the login could not be read".into()));
        dialog.login(&login.map_err(|why| Fate::Stop { why })?, &self.settings.endpoint).await?;
        self.door_refusals.store(0, Ordering::Relaxed);
        self.largest.fetch_max(dialog.offers.size().unwrap_or(0), Ordering::Relaxed);
        Ok(Resting { dialog, opened: Instant::now() })
    }

    /// A 5xx at the door says nothing of the letter. It may pass; if it does not, the relay
    /// cannot be used, and no letter is refused for that.
    fn turned_away(&self, fate: Fate) -> Fate {
        match fate {
            Fate::Soft { why } => {
                match self.door_refusals.fetch_add(1, Ordering::Relaxed) < DOOR_REFUSALS {
                    true => Fate::Later { why },
                    false => Fate::Stop { why: format!("the relay turns us away: {why}") },
                }
            }
            fate => fate,
        }
    }

    fn resting(&self) -> MutexGuard<'_, Vec<Resting>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_resting(&self) -> Option<Resting> {
        let mut resting = self.resting();
        resting.retain(|resting| resting.opened.elapsed() < RELAY_LIFE);
        resting.pop()
    }

    async fn rest(&self, used: Resting) {
        let spent = used.dialog.letters >= RELAY_LETTERS || used.opened.elapsed() >= RELAY_LIFE;
        if spent {
            used.dialog.quit().await;
        } else if !used.dialog.broken {
            self.resting().push(used);
        }
    }
}

/// RFC 5321 section 4.1.1.1: a host name, or an address literal where there is none.
fn client_name(name: &str) -> ClientId {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    match !name.is_empty() && name.len() <= 255 && name.chars().all(fits) {
        true => ClientId::Domain(name.to_owned()),
        false => ClientId::Ipv4(Ipv4Addr::LOCALHOST),
    }
}

/// A wrong certificate or name is never worked around: the letters wait, and somebody looks.
fn no_connection(error: &NetError) -> Fate {
    match error.kind {
        NetErrorKind::Temporary => later(format!("no connection to the relay: {error}")),
        NetErrorKind::Settings => {
            later(format!("ALARM: no safe connection to the relay, letters wait: {error}"))
        }
    }
}

fn stopped() -> Fate {
    later("the gateway is stopping".into())
}

#[cfg(test)]
#[path = "relay_tests.rs"]
mod tests;
