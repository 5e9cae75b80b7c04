//! What the command line asks, of a running gateway through its socket or of the state itself.

use super::book::Book;
use super::{Clock, Fault, Gateway, shapes};
use crate::case::{Case, CaseId, Format, LetterState};
use crate::control::{Answer, Request};
use crate::desk::AtTerminal;
use crate::intake::Body;
use crate::siren;
use serde_json::{Value, json};

/// Answers beside a running gateway.
pub async fn answer(gateway: &mut Gateway, request: &Request, uid: u32) -> Result<Answer, Fault> {
    match request {
        Request::Retry { id } => gateway.retry(id).await,
        Request::AcceptKey { .. } => {
            let answer = from_book(&mut gateway.book, &gateway.clock, request, uid)?;
            gateway.judge_roster()?;
            gateway.book.commit()?;
            Ok(answer)
        }
        other => from_book(&mut gateway.book, &gateway.clock, other, uid),
    }
}

/// Answers from the state alone, when no gateway runs. `Retry` needs a gateway.
pub fn offline(
    book: &mut Book,
    clock: &Clock,
    request: &Request,
    uid: u32,
) -> Result<Answer, Fault> {
    from_book(book, clock, request, uid)
}

fn from_book(book: &mut Book, clock: &Clock, request: &Request, uid: u32) -> Result<Answer, Fault> {
    Ok(match request {
        Request::Ping => Answer::Ok(json!({})),
        Request::Cases { all } => Answer::Ok(shapes::cases(book.cases(), *all)),
        Request::Show { case, words } => return show(book, clock, case, words.then_some(uid)),
        Request::Export { case, format } => return export(book, clock, (case, format), uid),
        Request::Letters { held } => Answer::Ok(shapes::letters(book.cases(), *held)),
        Request::Quarantine => Answer::Ok(shapes::quarantine(book.cases())),
        Request::Journal { from } => Answer::Ok(Value::Array(book.journal(*from)?)),
        Request::Verify => Answer::Ok(verified(book.verify())),
        Request::Release { id } => {
            return at_terminal(book, clock, id, |letter| AtTerminal::Release { letter });
        }
        Request::Discard { id, why } => {
            let why = why.clone();
            return at_terminal(book, clock, id, |letter| AtTerminal::Discard { letter, why });
        }
        Request::Observations { since, list } => {
            Answer::Ok(shapes::observations(book.cases(), *since, list.as_deref()))
        }
        Request::Roster => Answer::Ok(shapes::roster(book.cases(), &book.rules)),
        Request::AcceptKey { key } => return accept_key(book, clock, key),
        Request::Retry { .. } => {
            Answer::Refused("only a whole gateway can try a mail again".into())
        }
    })
}

/// `verify --json`.
pub fn verified(findings: Vec<crate::store::Finding>) -> Value {
    let ok = findings.iter().all(|finding| finding.level == crate::store::Level::Note);
    json!({ "ok": ok, "findings": findings })
}

fn show(
    book: &mut Book,
    clock: &Clock,
    name: &str,
    words_to: Option<u32>,
) -> Result<Answer, Fault> {
    let found = CaseId::parse(name).and_then(|id| book.cases().case(&id).cloned());
    let Some(case) = found else {
        return Ok(Answer::Refused(format!("there is no case {name}; see `sirt cases --all`")));
    };
    let mut shown = shapes::show(book.cases(), &book.rules, &case);
    if let Some(user) = words_to {
        // Recorded before it is shown.
        let asked = AtTerminal::Shown { case: case.id.clone(), user };
        _ = book.at_terminal(&asked, clock.now());
        book.commit()?;
        shown["mails"] = mails(book, &case)?;
    }
    Ok(Answer::Ok(shown))
}

/// The document; or what it lacks, which is no fault of whoever asks and no fault of ours.
fn export(
    book: &mut Book,
    clock: &Clock,
    (name, format): (&str, &str),
    user: u32,
) -> Result<Answer, Fault> {
    let found = CaseId::parse(name).and_then(|id| book.cases().case(&id).cloned());
    let Some(case) = found else {
        return Ok(Answer::Refused(format!("there is no case {name}; see `sirt cases --all`")));
    };
    let Ok(form) = format.parse::<Format>() else {
        return Ok(Answer::Refused(format!("{format} is none of: osv, csaf, cve, text")));
    };
    match siren::export(&case, &book.rules, form, clock.now()) {
        Ok(document) => {
            // Recorded before it is shown.
            _ = book.at_terminal(&AtTerminal::Shown { case: case.id, user }, clock.now());
            book.commit()?;
            Ok(Answer::Ok(json!({ "name": document.name, "text": document.text })))
        }
        Err(findings) => {
            let one = |found: &siren::Finding| -> Value {
                let (rule, part, what) = (found.rule, found.part, &found.what);
                json!({ "rule": rule, "part": part, "what": what })
            };
            let findings: Vec<Value> = findings.iter().map(one).collect();
            Ok(Answer::Ok(json!({ "findings": findings })))
        }
    }
}

/// The kept mail of a case, as it came.
fn mails(book: &Book, case: &Case) -> Result<Value, Fault> {
    let mut mails = Vec::new();
    for mail in &case.mails {
        let octets = book.kept(&mail.mail)?.unwrap_or_default();
        mails.push(json!({ "mail": mail.mail, "raw": String::from_utf8_lossy(&octets) }));
    }
    Ok(Value::Array(mails))
}

fn at_terminal(
    book: &mut Book,
    clock: &Clock,
    id: &str,
    asked: impl FnOnce(u64) -> AtTerminal,
) -> Result<Answer, Fault> {
    let Some(letter) = numbered(id, 'L') else {
        return Ok(Answer::Refused(format!("{id} is no letter; they look like L17")));
    };
    if let Err(refusal) = book.at_terminal(&asked(letter), clock.now()) {
        return Ok(Answer::Refused(refusal.to_string()));
    }
    book.commit()?;
    let state = book.cases().letter(letter).map_or(LetterState::Held, |letter| letter.state);
    Ok(Answer::Ok(json!({ "id": format!("L{letter}"), "state": state })))
}

/// The coordinators are told by the gateway: at once where it runs, else when it starts.
fn accept_key(book: &mut Book, clock: &Clock, key: &str) -> Result<Answer, Fault> {
    let asked = AtTerminal::AcceptKey { key: key.to_owned() };
    if let Err(refusal) = book.at_terminal(&asked, clock.now()) {
        return Ok(Answer::Refused(refusal.to_string()));
    }
    book.commit()?;
    Ok(Answer::Ok(
        json!({ "key": key, "said": format!("{key} is accepted; coordinators are told") }),
    ))
}

fn numbered(id: &str, kind: char) -> Option<u64> {
    let id = id.trim();
    id.strip_prefix(kind).or_else(|| id.strip_prefix(kind.to_ascii_lowercase()))?.parse().ok()
}

impl Gateway {
    /// Opens a quarantined mail again, after whatever hindered it was mended.
    async fn retry(&mut self, id: &str) -> Result<Answer, Fault> {
        let number = numbered(id, 'Q');
        let mail = number.and_then(|number| self.book.cases().quarantined(number)).cloned();
        let Some(mail) = mail.filter(|mail| !mail.retried) else {
            return Ok(Answer::Refused(format!(
                "{id} is not in quarantine; see `sirt quarantine`"
            )));
        };
        let Some(raw) = self.book.kept(&mail.what.mail)? else {
            return Ok(Answer::Refused(format!("the octets of {id} were destroyed")));
        };
        if (raw.len() as u64) < mail.what.bytes {
            return Ok(Answer::Refused(format!(
                "only the header of {id} is here: raise [limits] mail, then move the mail from the \
                 quarantine folder of {} back to its inbox",
                mail.what.mailbox
            )));
        }
        self.take_again(mail.what, mail.case, Body::Whole(raw)).await
    }
}
