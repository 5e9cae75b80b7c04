//! What becomes of mail that has been taken: moved, flagged or deleted, in one command a batch.
//!
//! Only these mails are ever touched: never a plain EXPUNGE, which removes whatever anybody else
//! has marked, and never a number of another UIDVALIDITY.

use super::imap_answer::{Answer, Code, Trouble};
use super::imap_fetch::with_uid;
use super::imap_session::{SETTLE, Session};
use super::imap_text::{Line, uid_sets};
use crate::limits;
use async_imap::imap_proto::{AttributeValue, Response};

const DELETED: &str = "\\Deleted";

/// Whether single mails can be taken out of a folder here.
pub(super) fn can_remove(session: &Session) -> bool {
    // RFC 4315; IMAP4rev2 has it built in (RFC 9051 appendix E).
    session.offers("UIDPLUS") || session.offers("IMAP4REV2")
}

pub(super) fn can_move(session: &Session) -> bool {
    // RFC 6851.
    session.offers("MOVE") || session.offers("IMAP4REV2") || can_remove(session)
}

/// Moves mails to a folder that is there. The answer is the server's last word.
pub(super) async fn transfer(
    session: &mut Session,
    uids: &[u32],
    folder: &str,
) -> Result<Answer, Trouble> {
    let direct = session.offers("MOVE") || session.offers("IMAP4REV2");
    let mut last = None;
    for set in uid_sets(uids.iter().copied(), limits::UID_SET_CHARS) {
        let (what, verb) = if direct { ("MOVE", "MOVE") } else { ("COPY", "COPY") };
        let line = Line::new(what, format!("UID {verb} {set}")).string(folder);
        let answer = session.run(&line, SETTLE, |_| ()).await?;
        if !answer.is_ok() {
            return Ok(answer);
        }
        if !direct {
            remove_set(session, &set).await?;
        }
        last = Some(answer);
    }
    last.ok_or_else(|| Trouble::temporary("nothing to move"))
}

/// Deletes mails for good.
pub(super) async fn remove(session: &mut Session, uids: &[u32]) -> Result<(), Trouble> {
    for set in uid_sets(uids.iter().copied(), limits::UID_SET_CHARS) {
        remove_set(session, &set).await?;
    }
    Ok(())
}

async fn remove_set(session: &mut Session, set: &str) -> Result<(), Trouble> {
    mark(session, set, DELETED).await?;
    let line = Line::new("EXPUNGE", format!("UID EXPUNGE {set}"));
    session.order(&line, SETTLE).await.map(|_| ())
}

/// Marks mails with a keyword that lasts.
pub(super) async fn flag(
    session: &mut Session,
    uids: &[u32],
    keyword: &str,
) -> Result<(), Trouble> {
    for set in uid_sets(uids.iter().copied(), limits::UID_SET_CHARS) {
        mark(session, &set, keyword).await?;
    }
    Ok(())
}

/// Sets a flag, and looks whether it is there: some servers say OK and keep nothing.
async fn mark(session: &mut Session, set: &str, flag: &str) -> Result<(), Trouble> {
    let line = Line::new("STORE", format!("UID STORE {set} +FLAGS.SILENT ({flag})"));
    session.order(&line, SETTLE).await?;
    let mut without = 0_usize;
    let line = Line::new("FETCH", format!("UID FETCH {set} (UID FLAGS)"));
    let each = |response: &Response<'_>| {
        if let Some((_, attributes)) = with_uid(response) {
            without += usize::from(attributes.iter().any(|attribute| lacks(attribute, flag)));
        }
    };
    let answer = session.run(&line, SETTLE, each).await?;
    if answer.code != Code::ExpungeIssued {
        answer.ok()?;
    }
    if without > 0 {
        let words = format!("the server did not keep the mark {flag} on {without} mails");
        return Err(Trouble::temporary(words));
    }
    Ok(())
}

fn lacks(attribute: &AttributeValue<'_>, flag: &str) -> bool {
    match attribute {
        AttributeValue::Flags(flags) => !flags.iter().any(|kept| kept.eq_ignore_ascii_case(flag)),
        _ => false,
    }
}

/// A keyword is an atom (RFC 3501 section 9), and not one of the flags that people set.
pub(super) fn is_keyword(word: &str) -> bool {
    let atom = |octet: u8| octet.is_ascii_graphic() && !b"(){%*\"\\]".contains(&octet);
    !word.is_empty() && word.len() <= 64 && word.bytes().all(atom)
}

#[cfg(test)]
#[path = "imap_settle_tests.rs"]
mod tests;
