//! From a connection to a session in the folder, with everything found that it will need.

use super::Afterwards;
use super::imap::{Dial, ImapSettings};
use super::imap_answer::Trouble;
use super::imap_folder::{self, Selected};
use super::imap_login;
use super::imap_session::{SETTLE, Session};
use super::imap_settle;
use super::imap_text::Line;
use crate::net::{NetError, NetErrorKind};
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// A session in the folder, and where its mails go.
pub(super) struct Open {
    pub session: Session,
    pub selected: Selected,
    pub done: Away,
    pub quarantine: Option<String>,
    /// [`Session::changes`] when the folder was listed.
    pub known: u64,
}

/// [`Afterwards`], with the folder's name as the server writes it.
#[derive(Clone)]
pub(super) enum Away {
    Folder(String),
    Keyword(String),
    Delete,
}

impl Open {
    /// Connects, logs in, opens the folder, and makes the folders that are missing.
    pub async fn begin(settings: &ImapSettings, dial: &Dial) -> Result<Open, Trouble> {
        let mut session = log_in(settings, dial).await?;
        let selected = imap_folder::select(&mut session, &settings.folder).await?;
        possible(settings, &session, &selected)?;
        let done = match &settings.done {
            Afterwards::Move(folder) => {
                Away::Folder(imap_folder::ensure(&mut session, folder).await?)
            }
            Afterwards::Flag(keyword) => Away::Keyword(keyword.clone()),
            Afterwards::Delete | Afterwards::Seen => Away::Delete,
        };
        let quarantine = match &settings.quarantine {
            Some(folder) => Some(imap_folder::ensure(&mut session, folder).await?),
            None => None,
        };
        let known = session.changes;
        Ok(Open { session, selected, done, quarantine, known })
    }
}

/// Looks at all that [`Open::begin`] needs and makes nothing: one line a finding.
pub(super) async fn look(settings: &ImapSettings, dial: &Dial) -> Result<Vec<String>, Trouble> {
    let ImapSettings { endpoint, folder, .. } = settings;
    let mut session = log_in(settings, dial).await?;
    let mut findings = vec![format!("{endpoint}: connected and logged in")];
    let selected = imap_folder::select(&mut session, folder).await?;
    possible(settings, &session, &selected)?;
    let waits = session.exists.unwrap_or_default();
    findings.push(format!("folder \"{folder}\": {waits} mails"));
    for folder in settings.done_folder().into_iter().chain(settings.quarantine.as_deref()) {
        let found = imap_folder::found(&mut session, folder).await?;
        let state = if found.is_some() { "is there" } else { "will be made when needed" };
        findings.push(format!("folder \"{folder}\" {state}"));
    }
    let news = match settings.idle && session.offers("IDLE") {
        true => "at once (IDLE)".to_owned(),
        false => format!("within {} s", settings.poll.as_secs()),
    };
    findings.push(format!("new mail is noticed {news}"));
    let _ = session.order(&Line::new("LOGOUT", "LOGOUT"), SETTLE).await;
    Ok(findings)
}

async fn log_in(settings: &ImapSettings, dial: &Dial) -> Result<Session, Trouble> {
    let ask = Arc::clone(&settings.login);
    let login = spawn_blocking(move || ask()).await;
    let login = login
        .unwrap_or_else(|_| Err("the password could not be had".into()))
        .map_err(Trouble::credentials)?;
    let connected = dial().await.map_err(|error| unreachable(settings, &error))?;
    let mut session = Session::begin(connected.stream, connected.greeted).await?;
    imap_login::log_in(&mut session, &login, &settings.endpoint).await?;
    Ok(session)
}

fn unreachable(settings: &ImapSettings, error: &NetError) -> Trouble {
    let place = format!("{}: ", settings.endpoint);
    let words = error.words.strip_prefix(&place).unwrap_or(&error.words);
    match error.kind {
        NetErrorKind::Temporary => Trouble::temporary(words),
        NetErrorKind::Settings => Trouble::settings(words),
    }
}

/// Whether this server can do what is asked of it, before any mail is taken.
fn possible(
    settings: &ImapSettings,
    session: &Session,
    selected: &Selected,
) -> Result<(), Trouble> {
    let mut folders = settings.done_folder().into_iter().chain(settings.quarantine.as_deref());
    if folders.any(|folder| folder.eq_ignore_ascii_case(&settings.folder)) {
        return Err(Trouble::settings("`done` and `quarantine` must be other folders"));
    }
    let moves = settings.done_folder().is_some() || settings.quarantine.is_some();
    if moves && !imap_settle::can_move(session) {
        return Err(Trouble::settings(
            "the server can move no mails (it offers neither MOVE nor UIDPLUS); \
             set done = { flag = \"$Filed\" } and no quarantine",
        ));
    }
    match &settings.done {
        Afterwards::Flag(word) if !imap_settle::is_keyword(word) => {
            Err(Trouble::settings(format!("\"{word}\" cannot be a keyword; try \"$Filed\"")))
        }
        Afterwards::Flag(word) if !selected.keeps(word) => Err(Trouble::settings(format!(
            "the folder keeps no keyword \"{word}\"; set done to a folder"
        ))),
        Afterwards::Delete if !imap_settle::can_remove(session) => {
            Err(Trouble::settings("the server cannot delete single mails (it offers no UIDPLUS)"))
        }
        Afterwards::Seen => {
            Err(Trouble::settings("done for IMAP is a folder, a flag, or { delete = true }"))
        }
        _ => Ok(()),
    }
}

impl ImapSettings {
    pub(super) fn done_folder(&self) -> Option<&str> {
        match &self.done {
            Afterwards::Move(folder) => Some(folder),
            _ => None,
        }
    }
}
