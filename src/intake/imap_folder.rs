//! Folders: opening the one that is read, finding or making those that mail is moved to.

use super::imap_answer::{Answer, Code, Trouble};
use super::imap_session::{COMMAND, Session};
use super::imap_text::{Line, folder_name};
use async_imap::imap_proto::{
    MailboxDatum, MailboxListData, NameAttribute, Response, ResponseCode,
};

/// What the server said of the folder that is read.
#[derive(Debug)]
pub(super) struct Selected {
    pub uid_validity: u32,
    /// The flags that last, where the server has named them (RFC 3501 section 7.1).
    permanent: Option<Vec<String>>,
}

impl Selected {
    /// Whether a keyword of ours will last.
    pub fn keeps(&self, keyword: &str) -> bool {
        self.permanent.as_ref().is_none_or(|flags| {
            flags.iter().any(|flag| flag == "\\*" || flag.eq_ignore_ascii_case(keyword))
        })
    }
}

/// Opens a folder for reading and changing. UIDVALIDITY and EXISTS must have been said: without
/// them nothing that follows would mean anything.
pub(super) async fn select(session: &mut Session, folder: &str) -> Result<Selected, Trouble> {
    let (mut uid_validity, mut permanent) = (None, None);
    session.uid_validity = None;
    session.exists = None;
    let name = written(session, folder).await?;
    let line = Line::new("SELECT", "SELECT").string(&name);
    let each = |response: &Response<'_>| {
        if let Response::Data { outcome, .. } = response {
            match &outcome.code {
                Some(ResponseCode::UidValidity(number)) => uid_validity = Some(*number),
                Some(ResponseCode::PermanentFlags(flags)) => {
                    permanent = Some(flags.iter().map(|flag| flag.to_string()).collect());
                }
                _ => {}
            }
        }
    };
    let answer = session.run(&line, COMMAND, each).await?;
    openable(answer, folder)?;
    match (uid_validity, session.exists) {
        (Some(number), Some(_)) if number > 0 => {
            session.uid_validity = uid_validity;
            Ok(Selected { uid_validity: number, permanent })
        }
        _ => Err(Trouble::temporary("the server does not say what is in the folder")),
    }
}

fn openable(answer: Answer, folder: &str) -> Result<(), Trouble> {
    match answer.code {
        Code::ReadOnly if answer.is_ok() => Err(Trouble::settings(format!(
            "folder \"{folder}\" may only be read; this user needs the right to change it"
        ))),
        Code::NonExistent | Code::NoPermission => Err(Trouble::settings(format!(
            "folder \"{folder}\" is not there or not for this user; check `folder`"
        ))),
        _ => answer.ok().map(|_| ()),
    }
}

/// The name as the server writes it, of a folder that is there now. Made when missing.
pub(super) async fn ensure(session: &mut Session, folder: &str) -> Result<String, Trouble> {
    let name = written(session, folder).await?;
    if let Some(name) = there(session, &name).await? {
        return Ok(name);
    }
    let answer = create(session, &name).await?;
    if made(answer) {
        return Ok(name);
    }
    if matches!(answer.code, Code::OverQuota | Code::Unavailable) {
        return Err(answer.refusal());
    }
    // Some servers keep a user's folders below INBOX (RFC 2342 section 5).
    if let Some(below) = below_inbox(session, &name).await?
        && made(create(session, &below).await?)
    {
        return Ok(below);
    }
    Err(Trouble::settings(format!("folder \"{folder}\" is not there and cannot be made")))
}

/// The name as the server writes it, if the folder is there.
pub(super) async fn found(session: &mut Session, folder: &str) -> Result<Option<String>, Trouble> {
    let name = written(session, folder).await?;
    there(session, &name).await
}

async fn there(session: &mut Session, name: &str) -> Result<Option<String>, Trouble> {
    if listed(session, name).await? {
        return Ok(Some(name.to_owned()));
    }
    match below_inbox(session, name).await? {
        Some(below) if listed(session, &below).await? => Ok(Some(below)),
        _ => Ok(None),
    }
}

fn made(answer: Answer) -> bool {
    answer.is_ok() || answer.code == Code::AlreadyExists
}

async fn create(session: &mut Session, name: &str) -> Result<Answer, Trouble> {
    let answer = session.run(&Line::new("CREATE", "CREATE").string(name), COMMAND, |_| ()).await?;
    if answer.is_ok() {
        // So that people see it; a server that does not want this may say so.
        let line = Line::new("SUBSCRIBE", "SUBSCRIBE").string(name);
        session.run(&line, COMMAND, |_| ()).await?;
    }
    Ok(answer)
}

async fn below_inbox(session: &mut Session, name: &str) -> Result<Option<String>, Trouble> {
    if name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("INBOX")) {
        return Ok(None);
    }
    Ok(delimiter(session).await?.map(|delimiter| format!("INBOX{delimiter}{name}")))
}

/// In the configuration `/` stands between a folder and the one below it, whatever the server uses.
async fn written(session: &mut Session, folder: &str) -> Result<String, Trouble> {
    let name = folder_name(folder);
    if !name.contains('/') {
        return Ok(name);
    }
    Ok(match delimiter(session).await? {
        Some(delimiter) => name.replace('/', &delimiter.to_string()),
        None => name,
    })
}

/// What the server puts between a folder and the one below it; asked once.
async fn delimiter(session: &mut Session) -> Result<Option<char>, Trouble> {
    if let Some(known) = session.delimiter {
        return Ok(known);
    }
    let mut delimiter = None;
    let line = Line::new("LIST", "LIST").string("").string("");
    let each = |response: &Response<'_>| {
        if let Response::MailboxData(MailboxDatum::List(entry)) = response {
            delimiter = entry.delimiter.as_deref().and_then(|text| text.chars().last());
        }
    };
    session.run(&line, COMMAND, each).await?.ok()?;
    let delimiter = delimiter.filter(char::is_ascii_punctuation);
    session.delimiter = Some(delimiter);
    Ok(delimiter)
}

async fn listed(session: &mut Session, name: &str) -> Result<bool, Trouble> {
    let mut there = false;
    let line = Line::new("LIST", "LIST").string("").string(name);
    let each = |response: &Response<'_>| {
        if let Response::MailboxData(MailboxDatum::List(entry)) = response {
            there |= holds_mail(entry) && same(&entry.name, name);
        }
    };
    session.run(&line, COMMAND, each).await?.ok()?;
    Ok(there)
}

fn holds_mail(entry: &MailboxListData<'_>) -> bool {
    !entry.name_attributes.iter().any(|attribute| match attribute {
        NameAttribute::NoSelect => true,
        NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
        _ => false,
    })
}

/// The parser hands quoted names over with their backslashes.
fn same(listed: &str, name: &str) -> bool {
    listed == name || listed == name.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
#[path = "imap_folder_tests.rs"]
mod tests;
