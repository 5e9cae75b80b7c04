//! What a server's answers mean to us, and our words for its refusals.

use super::{SourceError, SourceErrorKind};
use async_imap::imap_proto::{MailboxDatum, Outcome, Response, ResponseCode, Status};
use std::io;

/// The tagged status of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub what: &'static str,
    pub status: Verdict,
    pub code: Code,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ok,
    No,
    Bad,
}

/// The response codes that change what we do or say (RFC 3501 section 7.1, RFC 5530).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    None,
    TryCreate,
    AlreadyExists,
    ReadOnly,
    OverQuota,
    NoPermission,
    NonExistent,
    /// Mails asked for are gone already.
    ExpungeIssued,
    /// The server has trouble of its own: UNAVAILABLE, INUSE, LIMIT, SERVERBUG, CONTACTADMIN.
    Unavailable,
}

/// Why a session ended, in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub kind: SourceErrorKind,
    pub words: String,
}

impl Trouble {
    pub fn temporary(words: impl Into<String>) -> Trouble {
        Trouble { kind: SourceErrorKind::Temporary, words: words.into() }
    }

    pub fn settings(words: impl Into<String>) -> Trouble {
        Trouble { kind: SourceErrorKind::Settings, words: words.into() }
    }

    pub fn credentials(words: impl Into<String>) -> Trouble {
        Trouble { kind: SourceErrorKind::Credentials, words: words.into() }
    }

    /// For the operator: which mailbox, at which server.
    pub fn at(self, name: &str, place: &str) -> SourceError {
        SourceError {
            words: format!("mailbox \"{name}\" ({place}): {}", self.words),
            kind: self.kind,
        }
    }
}

impl Answer {
    pub fn is_ok(self) -> bool {
        self.status == Verdict::Ok
    }

    /// OK, or the reason why not.
    pub fn ok(self) -> Result<Answer, Trouble> {
        if self.is_ok() { Ok(self) } else { Err(self.refusal()) }
    }

    pub fn refusal(self) -> Trouble {
        let why = match self.code {
            Code::OverQuota => "; the mailbox is over its quota",
            Code::NoPermission => "; this user lacks the permission",
            Code::Unavailable => "; it has trouble of its own, or too many connections",
            Code::NonExistent => "; there is no such folder",
            _ => "",
        };
        let said = match self.status {
            Verdict::Bad => "did not understand",
            _ => "refused",
        };
        Trouble::temporary(format!("the server {said} {}{why}", self.what))
    }
}

pub(super) enum Heard {
    Done(Answer),
    GoOn,
    Data(News),
}

pub(super) enum News {
    Exists(u32),
    Expunge,
    UidValidity(u32),
    Other,
}

pub(super) fn hear(
    response: &Response<'_>,
    what: &'static str,
    tag: &str,
) -> Result<Heard, Trouble> {
    let news = match response {
        Response::Done { tag: theirs, status, outcome } if theirs.0 == tag => {
            let status = match status {
                Status::Ok => Verdict::Ok,
                Status::No => Verdict::No,
                Status::Bad => Verdict::Bad,
                Status::PreAuth | Status::Bye => return Err(garbled(what)),
            };
            return Ok(Heard::Done(Answer { what, status, code: code(outcome) }));
        }
        Response::Done { .. } => return Err(garbled(what)),
        Response::Continue(_) => return Ok(Heard::GoOn),
        Response::Data { status: Status::Bye, .. } if what != "LOGOUT" => return Err(bye(what)),
        Response::Data { status: Status::PreAuth, .. } => return Err(garbled(what)),
        Response::Data { outcome, .. } => match outcome.code {
            Some(ResponseCode::UidValidity(number)) => News::UidValidity(number),
            _ => News::Other,
        },
        Response::MailboxData(MailboxDatum::Exists(count)) => News::Exists(*count),
        Response::Expunge(_) => News::Expunge,
        _ => News::Other,
    };
    Ok(Heard::Data(news))
}

pub(super) fn greeting(response: &Response<'_>) -> Result<(), Trouble> {
    match response {
        Response::Data { status: Status::Ok, .. } => Ok(()),
        Response::Data { status: Status::PreAuth, .. } => Err(Trouble::temporary(
            "the server opens a session without login; somebody may be in between",
        )),
        Response::Data { status: Status::Bye, .. } => {
            Err(Trouble::temporary("the server takes no connection now"))
        }
        _ => Err(garbled("greeting")),
    }
}

pub(super) fn code(outcome: &Outcome<'_>) -> Code {
    match &outcome.code {
        Some(ResponseCode::TryCreate) => return Code::TryCreate,
        Some(ResponseCode::ReadOnly) => return Code::ReadOnly,
        _ => {}
    }
    // The parser leaves codes that it does not know in the text.
    let text = outcome.information.as_deref().unwrap_or_default();
    let word = text.strip_prefix('[').and_then(|rest| rest.split([']', ' ']).next());
    match word.unwrap_or_default().to_ascii_uppercase().as_str() {
        "ALREADYEXISTS" => Code::AlreadyExists,
        "OVERQUOTA" => Code::OverQuota,
        "EXPUNGEISSUED" => Code::ExpungeIssued,
        "NOPERM" => Code::NoPermission,
        "NONEXISTENT" => Code::NonExistent,
        "UNAVAILABLE" | "INUSE" | "LIMIT" | "SERVERBUG" | "CONTACTADMIN" => Code::Unavailable,
        _ => Code::None,
    }
}

pub(super) fn closed(what: &str) -> Trouble {
    Trouble::temporary(format!("the connection ended during {what}"))
}

pub(super) fn bye(what: &str) -> Trouble {
    Trouble::temporary(format!("the server said goodbye during {what}"))
}

pub(super) fn silent(what: &str) -> Trouble {
    Trouble::temporary(format!("no answer in time during {what}"))
}

pub(super) fn garbled(what: &str) -> Trouble {
    Trouble::temporary(format!("no understandable answer during {what}"))
}

/// Only the kind of the library's error is looked at: its text may hold what the server sent.
pub(super) fn broken(error: &io::Error, what: &str) -> Trouble {
    match error.kind() {
        io::ErrorKind::Other | io::ErrorKind::InvalidData => garbled(what),
        io::ErrorKind::TimedOut => silent(what),
        _ => closed(what),
    }
}
