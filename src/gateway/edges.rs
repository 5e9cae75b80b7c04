//! From settings to the parts that speak to servers.

use crate::config::{Access, MailboxSettings, RelaySettings, Settings, SourceSettings};
use crate::intake::Source;
use crate::intake::imap::{ImapSettings, ImapSource};
use crate::intake::maildir::{Maildir as Inbox, MaildirSettings};
use crate::net::Login;
use crate::outbox::Carrier;
use crate::outbox::maildir::Maildir;
use crate::outbox::relay::{Relay, RelaySettings as Smtp};
use std::io;
use std::sync::Arc;

/// Asked anew for each connection. May run a command for 30 s.
pub fn login(access: &Access) -> Arc<dyn Fn() -> Result<Login, String> + Send + Sync> {
    let access = access.clone();
    Arc::new(move || access.login())
}

/// Where one mailbox's mail comes in. `mail_limit` is in octets.
pub fn source(mailbox: &MailboxSettings, mail_limit: usize) -> Source {
    let (name, done) = (mailbox.name.clone(), mailbox.done.clone());
    let (quarantine, poll) = (mailbox.quarantine.clone(), mailbox.poll);
    match &mailbox.source {
        SourceSettings::Imap { endpoint, access, folder, idle } => {
            let (endpoint, login, folder) = (endpoint.clone(), login(access), folder.clone());
            Source::Imap(Box::new(ImapSource::new(ImapSettings {
                name,
                endpoint,
                login,
                folder,
                done,
                quarantine,
                mail_limit,
                idle: *idle,
                poll,
            })))
        }
        SourceSettings::Maildir { path } => {
            let path = path.clone();
            let settings = MaildirSettings { name, path, done, quarantine, mail_limit, poll };
            Source::Maildir(Box::new(Inbox::new(settings)))
        }
    }
}

/// How letters leave, as configured; `None` where no relay is.
pub fn carrier(settings: &Settings) -> io::Result<Option<Carrier>> {
    Ok(match &settings.relay {
        None => None,
        Some(RelaySettings::Maildir { path }) => Some(Carrier::Maildir(Maildir::open(path)?)),
        Some(RelaySettings::Smtp { endpoint, access, ehlo_name }) => {
            let ehlo_name = ehlo_name.clone().unwrap_or_else(|| our_name(settings));
            let (endpoint, login) = (endpoint.clone(), login(access));
            Some(Carrier::Smtp(Box::new(Relay::new(Smtp { endpoint, login, ehlo_name }))))
        }
    })
}

/// The name of this machine, where it has a full one; else the domain of our address.
fn our_name(settings: &Settings) -> String {
    let system = rustix::system::uname();
    let name = system.nodename().to_str().ok().filter(|name| name.contains('.'));
    name.unwrap_or_else(|| settings.team.address.domain()).to_owned()
}
