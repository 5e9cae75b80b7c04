//! A folder on an IMAP server as a queue.
//!
//! Whatever is in the folder is work; what has been taken leaves it, or carries our keyword. There
//! is no ledger of numbers: a batch is taken from a listing of the whole folder, and the listing is
//! made anew when it is used up and after every reconnect. Any error ends the session, and the next
//! call begins a new one, so no state of a failed dialogue is ever built upon.

use super::imap_answer::{Code, Trouble};
use super::imap_fetch::{self, Got, Waiting};
use super::imap_folder;
use super::imap_open::{self, Away, Open};
use super::imap_session::SETTLE;
use super::imap_settle;
use super::imap_text::Line;
use super::{Afterwards, Arrival, Handle, Settle, SourceError};
use crate::limits;
use crate::net::{self, Connected, Endpoint, Login, NetError, Protocol};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Gives the login for one connection; asked anew each time, since tokens end. May block.
pub type AskLogin = Arc<dyn Fn() -> Result<Login, String> + Send + Sync>;

/// Makes one connection.
pub type Dial = Arc<dyn Fn() -> Dialling + Send + Sync>;
pub type Dialling = Pin<Box<dyn Future<Output = Result<Connected, NetError>> + Send>>;

#[derive(Clone)]
pub struct ImapSettings {
    /// The mailbox's name in the configuration.
    pub name: String,
    pub endpoint: Endpoint,
    pub login: AskLogin,
    pub folder: String,
    pub done: Afterwards,
    /// Where mail goes that could not be filed; without it, where filed mail goes.
    pub quarantine: Option<String>,
    /// Octets of one mail; above it the header alone is fetched.
    pub mail_limit: usize,
    /// Whether the server is asked to announce mail (RFC 2177).
    pub idle: bool,
    /// The pause between two looks where it does not.
    pub poll: Duration,
}

pub struct ImapSource {
    settings: ImapSettings,
    dial: Dial,
    open: Option<Open>,
    /// Listed, not yet fetched.
    queue: VecDeque<Waiting>,
    /// Mails that were listed and did not come, and how often: they wait behind the others, and
    /// are fetched one by one, so that none of them can keep the others away.
    shy: BTreeMap<u32, u32>,
    /// Those of them that the operator has heard of.
    told: BTreeSet<u32>,
    uid_validity: Option<u32>,
    /// IDLEs in a row that the server ended.
    idle_ends: u32,
}

/// IDLEs ended by the server before it is only polled.
const IDLE_ENDS: u32 = 3;

impl ImapSettings {
    /// Octets that will be fetched of a mail of this size.
    fn expected(&self, size: Option<u64>) -> u64 {
        let large = |size: &u64| *size > self.mail_limit as u64;
        let size = size.unwrap_or(limits::PART_BYTES as u64);
        Some(size).filter(|size| !large(size)).unwrap_or(limits::HEADER_BYTES as u64)
    }
}

impl ImapSource {
    pub fn new(settings: ImapSettings) -> ImapSource {
        let endpoint = settings.endpoint.clone();
        let dial: Dial = Arc::new(move || {
            let endpoint = endpoint.clone();
            Box::pin(async move { net::connect(&endpoint, Protocol::Imap).await })
        });
        ImapSource::over(settings, dial)
    }

    /// With connections of the caller's making.
    pub fn over(settings: ImapSettings, dial: Dial) -> ImapSource {
        ImapSource {
            settings,
            dial,
            open: None,
            queue: VecDeque::new(),
            shy: BTreeMap::new(),
            told: BTreeSet::new(),
            uid_validity: None,
            idle_ends: 0,
        }
    }

    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Mails that are listed and did not come when they were asked for.
    pub fn withheld(&self) -> usize {
        self.shy.len()
    }

    /// See [`super::Source::next`].
    pub async fn next(&mut self) -> Result<Vec<Arrival>, SourceError> {
        let done = self.take().await;
        self.told(done)
    }

    /// See [`super::Source::settle`]. Mails of another UIDVALIDITY are left: their numbers mean
    /// other mails now, and they will be listed and known again by what they hold.
    pub async fn settle(&mut self, settled: &[(Handle, Settle)]) -> Result<(), SourceError> {
        if settled.is_empty() {
            return Ok(());
        }
        let used = self.open.is_some();
        let mut done = self.put_away(settled).await;
        if done.as_ref().is_err_and(|_| used) {
            // The session may have died of old age while the batch was filed.
            self.open = None;
            done = self.put_away(settled).await;
        }
        self.told(done)
    }

    /// See [`super::Source::wait`].
    pub async fn wait(&mut self) -> Result<(), SourceError> {
        let done = self.rest().await;
        self.told(done)
    }

    /// See [`super::Source::probe`]; with a connection of its own.
    pub async fn probe(&mut self) -> Result<Vec<String>, SourceError> {
        let done = imap_open::look(&self.settings, &self.dial).await;
        self.told(done)
    }

    pub async fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            // Good manners only: the server notices the closed connection all the same.
            if open.session.done().await.is_ok() {
                let _ = open.session.order(&Line::new("LOGOUT", "LOGOUT"), SETTLE).await;
            }
        }
    }

    /// Every trouble ends the session.
    fn told<T>(&mut self, done: Result<T, Trouble>) -> Result<T, SourceError> {
        done.map_err(|trouble| {
            self.open = None;
            trouble.at(&self.settings.name, &self.settings.endpoint.to_string())
        })
    }

    async fn take(&mut self) -> Result<Vec<Arrival>, Trouble> {
        let used = self.open.is_some();
        let mut listed = self.waiting().await;
        if used && listed.is_err() {
            self.open = None;
            listed = self.waiting().await;
        }
        listed?;
        loop {
            while !self.queue.is_empty() {
                let arrivals = self.fetch().await?;
                if !arrivals.is_empty() {
                    return Ok(arrivals);
                }
            }
            if self.shy.is_empty() {
                return Ok(Vec::new());
            }
            // Gone, taken by somebody else, or withheld: a new listing tells.
            self.waiting().await?;
            if self.queue.iter().all(|mail| self.shy.contains_key(&mail.uid)) {
                return self.nothing();
            }
        }
    }

    /// Makes sure that there is a session, and a listing with something in it if anything waits.
    async fn waiting(&mut self) -> Result<(), Trouble> {
        let open = self.ready().await?;
        let keyword = match &open.done {
            Away::Keyword(keyword) => Some(keyword.clone()),
            _ => None,
        };
        if self.queue.is_empty() {
            self.list(keyword.as_deref()).await?;
        }
        Ok(())
    }

    async fn list(&mut self, keyword: Option<&str>) -> Result<(), Trouble> {
        let open = self.ready().await?;
        imap_fetch::noop(&mut open.session).await?;
        open.known = open.session.changes;
        let mut waiting = imap_fetch::list(&mut open.session, keyword).await?;
        self.shy.retain(|uid, _| waiting.iter().any(|mail| mail.uid == *uid));
        waiting.sort_by_key(|mail| (self.shy.get(&mail.uid).copied(), mail.uid));
        self.queue = waiting.into();
        Ok(())
    }

    /// What is still listed does not come. That is told once for each mail.
    fn nothing(&mut self) -> Result<Vec<Arrival>, Trouble> {
        self.queue.clear();
        let withheld: BTreeSet<u32> = self.shy.keys().copied().collect();
        let fresh = withheld.difference(&self.told).count();
        self.told = withheld;
        if fresh == 0 {
            return Ok(Vec::new());
        }
        let words = format!("the server lists {fresh} mails and does not hand them over");
        Err(Trouble::temporary(words))
    }

    async fn fetch(&mut self) -> Result<Vec<Arrival>, Trouble> {
        let batch = self.batch();
        let limit = self.settings.mail_limit;
        let open = self.ready().await?;
        let uid_validity = open.selected.uid_validity;
        let mut got = Vec::new();
        let done = imap_fetch::fetch(&mut open.session, &batch, limit, &mut got).await;
        self.reckon(&batch, &got, done.is_err());
        if let Err(trouble) = done {
            self.open = None;
            if got.is_empty() {
                return Err(trouble);
            }
            tracing::warn!(mailbox = self.name(), words = trouble.words, "batch cut short");
        }
        let arrival = |mail: Got| Arrival {
            mailbox: self.settings.name.clone(),
            handle: Handle::Imap { uid_validity, uid: mail.uid },
            body: mail.body,
            received: mail.received,
        };
        Ok(got.into_iter().map(arrival).collect())
    }

    fn batch(&mut self) -> Vec<Waiting> {
        let mut batch = Vec::new();
        let mut octets = 0_u64;
        while let Some(next) = self.queue.front().copied() {
            let shy = self.shy.contains_key(&next.uid);
            octets = octets.saturating_add(self.settings.expected(next.size));
            let full = batch.len() >= limits::BATCH_MAILS || octets > limits::BATCH_BYTES as u64;
            if !batch.is_empty() && (full || shy) {
                break;
            }
            self.queue.pop_front();
            batch.push(next);
            if shy {
                break;
            }
        }
        batch
    }

    /// Remembers what did not come. When the session broke, only the first one missing is under
    /// suspicion: servers send in order.
    fn reckon(&mut self, batch: &[Waiting], got: &[Got], broke: bool) {
        let came = |uid: u32| got.iter().any(|mail| mail.uid == uid);
        for mail in batch.iter().filter(|mail| came(mail.uid)) {
            self.shy.remove(&mail.uid);
        }
        let missing = batch.iter().filter(|mail| !came(mail.uid));
        for mail in missing.take(if broke { 1 } else { usize::MAX }) {
            let times = self.shy.entry(mail.uid).or_default();
            *times = times.saturating_add(1);
        }
    }

    async fn put_away(&mut self, settled: &[(Handle, Settle)]) -> Result<(), Trouble> {
        let open = self.ready().await?;
        let quarantine = open.quarantine.clone();
        let (mut done, mut aside) = (Vec::new(), Vec::new());
        let ours = open.selected.uid_validity;
        for (handle, settle) in settled {
            match handle {
                Handle::Imap { uid_validity, uid } if *uid_validity == ours => {
                    let away = *settle == Settle::Quarantined && quarantine.is_some();
                    if away { aside.push(*uid) } else { done.push(*uid) }
                }
                _ => {}
            }
        }
        let away = open.done.clone();
        let left = settled.len() - done.len() - aside.len();
        if left > 0 {
            tracing::warn!(mailbox = self.name(), left, "the folder was made anew meanwhile");
        }
        self.send_away(&done, away, self.settings.done_folder().map(str::to_owned)).await?;
        if let Some(folder) = quarantine {
            let name = self.settings.quarantine.clone();
            self.send_away(&aside, Away::Folder(folder), name).await?;
        }
        Ok(())
    }

    async fn send_away(
        &mut self,
        uids: &[u32],
        away: Away,
        name: Option<String>,
    ) -> Result<(), Trouble> {
        if uids.is_empty() {
            return Ok(());
        }
        let open = self.ready().await?;
        match away {
            Away::Keyword(keyword) => imap_settle::flag(&mut open.session, uids, &keyword).await,
            Away::Delete => imap_settle::remove(&mut open.session, uids).await,
            Away::Folder(folder) => {
                let answer = imap_settle::transfer(&mut open.session, uids, &folder).await?;
                let (Code::TryCreate, Some(name)) = (answer.code, name) else {
                    return answer.ok().map(|_| ());
                };
                // Somebody has removed the folder meanwhile.
                let folder = imap_folder::ensure(&mut open.session, &name).await?;
                imap_settle::transfer(&mut open.session, uids, &folder).await?.ok().map(|_| ())
            }
        }
    }

    async fn rest(&mut self) -> Result<(), Trouble> {
        let polled = !self.settings.idle || self.idle_ends >= IDLE_ENDS;
        let poll = self.settings.poll;
        let open = self.ready().await?;
        if open.session.changes != open.known {
            return Ok(());
        }
        if polled || !open.session.offers("IDLE") || !open.session.idle().await? {
            sleep(poll).await;
            return Ok(());
        }
        let end = Instant::now() + limits::IDLE_TIME;
        let ended = match open.session.news(open.known, end).await {
            Ok(()) => open.session.done().await,
            trouble => trouble,
        };
        self.idle_ends = if ended.is_ok() { 0 } else { self.idle_ends.saturating_add(1) };
        ended
    }

    /// The session, ready for a command; a new one where there is none, or where the old one
    /// was left in the middle of something.
    async fn ready(&mut self) -> Result<&mut Open, Trouble> {
        if let Some(open) = &mut self.open
            && (open.session.done().await.is_err() || !open.session.is_ready())
        {
            self.open = None;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => self.reopen().await?,
        };
        Ok(self.open.insert(open))
    }

    async fn reopen(&mut self) -> Result<Open, Trouble> {
        self.queue.clear();
        let open = Open::begin(&self.settings, &self.dial).await?;
        if self.uid_validity != Some(open.selected.uid_validity) {
            self.uid_validity = Some(open.selected.uid_validity);
            self.shy.clear();
            self.told.clear();
        }
        Ok(open)
    }
}

#[cfg(test)]
#[path = "imap_tests.rs"]
mod tests;
