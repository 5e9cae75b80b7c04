//! `[[mailbox]]` and `[relay]`: where mail comes in, and where it goes out.

use super::read::{Item, Section};
use super::server::{Access, Asks, Ports, access, endpoint};
use crate::intake::Afterwards;
use crate::limits::POLL_TIME;
use crate::net::Endpoint;
use std::path::PathBuf;
use std::time::Duration;
use toml::de::DeValue;

/// Where mail comes in.
#[derive(Clone, Debug)]
pub struct MailboxSettings {
    pub line: usize,
    pub name: String,
    pub source: SourceSettings,
    /// What the source does with mail that has been filed.
    pub done: Afterwards,
    /// Where mail goes that could not be filed; where none is named it is treated as filed.
    pub quarantine: Option<String>,
    /// The watched list that this mailbox carries.
    pub list: Option<String>,
    /// How long we wait before we look again where the source does not tell us.
    pub poll: Duration,
}

#[derive(Clone, Debug)]
pub enum SourceSettings {
    Imap { endpoint: Endpoint, access: Access, folder: String, idle: bool },
    Maildir { path: PathBuf },
}

/// Where letters go.
#[derive(Clone, Debug)]
pub enum RelaySettings {
    Smtp {
        endpoint: Endpoint,
        access: Access,
        /// What we call ourselves; None is the name of this machine.
        ehlo_name: Option<String>,
    },
    Maildir {
        path: PathBuf,
    },
}

const IMAP: Ports = Ports { implicit: 993, starttls: 143, none: 143 };
const SMTP: Ports = Ports { implicit: 465, starttls: 587, none: 25 };
const INBOX: &str = "INBOX";

pub(super) fn mailbox(section: &Section) -> Option<MailboxSettings> {
    let name = section.needed("name", "name = \"security\"").and_then(|item| item.text());
    let source = source(section);
    let is_imap = section.has("imap");
    let done = match section.item("done") {
        Some(item) => done(&item),
        None if is_imap => Some(Afterwards::Move("Archive".into())),
        None => Some(Afterwards::Seen),
    };
    let quarantine = match section.item("quarantine") {
        Some(item) => Some(item.text()?),
        None => is_imap.then(|| "Quarantine".to_owned()),
    };
    let list = section.item("list").and_then(|item| item.text());
    let poll = match section.item("poll") {
        Some(item) => item.number(1..=3_600),
        None => Some(POLL_TIME.as_secs()),
    };
    section.finish();
    Some(MailboxSettings {
        line: section.line,
        name: name?,
        source: source?,
        done: done?,
        quarantine,
        list,
        poll: Duration::from_secs(poll?),
    })
}

fn source(section: &Section) -> Option<SourceSettings> {
    let folder = match section.item("folder") {
        Some(item) => folder(section, &item),
        None => Some(INBOX.to_owned()),
    };
    let idle = match section.item("idle") {
        Some(item) => item.boolean(),
        None => Some(true),
    };
    match (section.section("imap", "mailbox.imap"), section.item("maildir")) {
        (Some(_), Some(_)) => one_of_both(section, "imap"),
        (Some(server), None) => {
            let (endpoint, access) = (endpoint(&server, &IMAP), access(&server, Asks::User));
            server.finish();
            let (endpoint, access) = (endpoint?, access?);
            Some(SourceSettings::Imap { endpoint, access, folder: folder?, idle: idle? })
        }
        (None, Some(item)) => Some(SourceSettings::Maildir { path: item.path()? }),
        (None, None) if section.has("imap") => None,
        (None, None) => {
            let todo = "write imap = { host = \"…\", user = \"…\", password_file = \"…\" }, \
                        or maildir = \"mail/security\"";
            section.wrong(format!("{} has neither imap nor maildir", section.title), todo);
            None
        }
    }
}

/// A maildir is a folder itself, so beside it only its own name makes sense.
fn folder(section: &Section, item: &Item) -> Option<String> {
    let folder = item.text()?;
    if section.has("maildir") && folder != INBOX {
        item.wrong("means nothing beside maildir", "let maildir name the folder itself");
    }
    Some(folder)
}

fn one_of_both<T>(section: &Section, server: &str) -> Option<T> {
    let what = format!("{} has both {server} and maildir", section.title);
    section.wrong(what, "keep one of them");
    None
}

/// `"Archive"`, `{ flag = "$Filed" }` or `{ delete = true }`.
fn done(item: &Item) -> Option<Afterwards> {
    if matches!(item.value, DeValue::String(_)) {
        return item.text().map(Afterwards::Move);
    }
    let form = "write \"Archive\", { flag = \"$Filed\" } or { delete = true }";
    let Some(table) = item.table("mailbox.done") else {
        item.wrong("is neither a folder nor a mark", form);
        return None;
    };
    let (flag, delete) = (table.item("flag"), table.item("delete"));
    table.finish();
    match (flag, delete) {
        (Some(flag), None) => keyword(&flag),
        (None, Some(delete)) if delete.boolean()? => Some(Afterwards::Delete),
        _ => {
            item.wrong("does not say one thing", form);
            None
        }
    }
}

/// An IMAP keyword is an atom (RFC 9051 section 9); what begins with a backslash is the server's.
fn keyword(item: &Item) -> Option<Afterwards> {
    let text = item.text()?;
    let fine = text.chars().all(|c| c.is_ascii_graphic() && !r#"(){%*"\]"#.contains(c));
    if !fine {
        item.wrong("is not a keyword", "write letters and digits, as \"$Filed\"");
    }
    fine.then_some(Afterwards::Flag(text))
}

pub(super) fn relay(section: &Section) -> Option<RelaySettings> {
    let (server, maildir) = (section.section("smtp", "relay.smtp"), section.item("maildir"));
    section.finish();
    match (server, maildir) {
        (Some(_), Some(_)) => one_of_both(section, "smtp"),
        (Some(server), None) => {
            let (endpoint, access) = (endpoint(&server, &SMTP), access(&server, Asks::Anybody));
            let ehlo_name = server.item("ehlo_name").and_then(|item| item.host());
            server.finish();
            Some(RelaySettings::Smtp { endpoint: endpoint?, access: access?, ehlo_name })
        }
        (None, Some(item)) => Some(RelaySettings::Maildir { path: item.path()? }),
        (None, None) if section.has("smtp") => None,
        (None, None) => {
            let todo = "write smtp = { host = \"…\" }, or maildir = \"out\"";
            section.wrong("[relay] has neither smtp nor maildir", todo);
            None
        }
    }
}
