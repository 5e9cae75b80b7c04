//! What waits in the folder, and getting it whole.
//!
//! RFC822.SIZE is a hint, never a check: it decides how a mail is asked for, and what comes decides
//! what it is. A mail of which nothing came is not there; it is never an empty mail.

use super::imap_answer::{Answer, Code, Trouble};
use super::imap_session::{COMMAND, MAILS, Session};
use super::imap_text::{Line, uid_sets};
use super::{Body, header_block};
use crate::limits;
use async_imap::imap_proto::{AttributeValue, MessageSection, Response, SectionPath};
use jiff::Timestamp;
use jiff::fmt::strtime;
use std::collections::BTreeMap;

/// A mail that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub uid: u32,
    /// As announced.
    pub size: Option<u64>,
}

/// A mail that came.
pub(super) struct Got {
    pub uid: u32,
    pub body: Body,
    pub received: Timestamp,
}

/// Everything in the folder, oldest first, but what carries `keyword`.
pub(super) async fn list(
    session: &mut Session,
    keyword: Option<&str>,
) -> Result<Vec<Waiting>, Trouble> {
    if session.exists == Some(0) {
        return Ok(Vec::new());
    }
    let mut entries: BTreeMap<u32, Entry> = BTreeMap::new();
    let line = Line::new("listing", "UID FETCH 1:* (UID RFC822.SIZE FLAGS)");
    let each = |response: &Response<'_>| {
        if let Some((uid, attributes)) = with_uid(response)
            && (entries.len() < limits::LISTED_MAILS || entries.contains_key(&uid))
        {
            entries.entry(uid).or_default().learn(attributes, keyword);
        }
    };
    session.run(&line, MAILS, each).await?.ok()?;
    if entries.is_empty() && session.exists != Some(0) {
        return Err(Trouble::temporary("the server counts mails in the folder and lists none"));
    }
    let waiting = entries.into_iter().filter(|(_, entry)| !entry.filed);
    Ok(waiting.map(|(uid, entry)| Waiting { uid, size: entry.size }).collect())
}

#[derive(Default)]
struct Entry {
    size: Option<u64>,
    filed: bool,
}

impl Entry {
    fn learn(&mut self, attributes: &[AttributeValue<'_>], keyword: Option<&str>) {
        for attribute in attributes {
            match attribute {
                AttributeValue::Rfc822Size(size) => self.size = Some(u64::from(*size)),
                AttributeValue::Flags(flags) => {
                    let ours = |flag: &str| keyword.is_some_and(|k| k.eq_ignore_ascii_case(flag));
                    self.filed = flags.iter().any(|flag| ours(flag));
                }
                _ => {}
            }
        }
    }
}

/// The FETCH responses that name their mail by UID; others cannot be told apart.
pub(super) fn with_uid<'a>(response: &'a Response<'a>) -> Option<(u32, &'a [AttributeValue<'a>])> {
    let Response::Fetch(_, attributes) = response else { return None };
    let uid = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) if *uid > 0 => Some(*uid),
        _ => None,
    })?;
    Some((uid, attributes))
}

/// Fetches a batch. What came before a trouble is kept: `got` holds it, in order of UID.
pub(super) async fn fetch(
    session: &mut Session,
    batch: &[Waiting],
    limit: usize,
    got: &mut Vec<Got>,
) -> Result<(), Trouble> {
    let small =
        |mail: &Waiting| mail.size.is_some_and(|size| size <= limit.min(limits::PART_BYTES) as u64);
    let (together, alone): (Vec<_>, Vec<_>) = batch.iter().copied().partition(small);
    let done = async {
        fetch_together(session, &together, limit, got).await?;
        for mail in alone {
            got.extend(fetch_alone(session, &mail, limit).await?);
        }
        Ok(())
    };
    let done = done.await;
    got.sort_unstable_by_key(|mail| mail.uid);
    done
}

async fn fetch_together(
    session: &mut Session,
    mails: &[Waiting],
    limit: usize,
    got: &mut Vec<Got>,
) -> Result<(), Trouble> {
    let sizes: BTreeMap<u32, u64> =
        mails.iter().map(|mail| (mail.uid, mail.size.unwrap_or_default())).collect();
    for set in uid_sets(sizes.keys().copied(), limits::UID_SET_CHARS) {
        let mut catch = Catch { wanted: Wanted::Mail, most: budget(limit), ..Catch::default() };
        let line = Line::new("FETCH", format!("UID FETCH {set} (UID INTERNALDATE BODY.PEEK[])"));
        session.cap(limit.saturating_add(1));
        let done = session.run(&line, MAILS, |response| catch.take(response, &sizes)).await;
        for (uid, piece) in catch.pieces {
            let announced = sizes.get(&uid).copied().unwrap_or_default();
            // Some servers say "" of a mail that has just gone.
            if let Some(octets) = piece.octets.filter(|octets| !octets.is_empty() || announced == 0)
            {
                let body = sized(octets, announced, limit);
                got.push(Got { uid, body, received: received(piece.date.as_deref()) });
            }
        }
        if done?.ends(!got.is_empty())? {
            return Ok(());
        }
    }
    Ok(())
}

/// Sizes may lie, but not about what one batch keeps in memory.
fn budget(limit: usize) -> usize {
    limits::BATCH_BYTES.saturating_add(limit)
}

impl Answer {
    /// Whether asking for more ends here; a refusal is no trouble where something came, or where
    /// the mails are gone.
    fn ends(self, some: bool) -> Result<bool, Trouble> {
        match self {
            answer if answer.is_ok() => Ok(false),
            answer if answer.code == Code::ExpungeIssued => Ok(false),
            // The others may be had for the asking; they are listed again.
            _ if some => Ok(true),
            answer => Err(answer.refusal()),
        }
    }
}

/// A mail of its own command: in parts, or its header where it is too large.
async fn fetch_alone(
    session: &mut Session,
    mail: &Waiting,
    limit: usize,
) -> Result<Option<Got>, Trouble> {
    let announced = mail.size.unwrap_or_default();
    if announced > limit as u64
        && let Some(header) = header_of_large(session, mail.uid, limit).await?
    {
        let body = Body::TooLarge { header: header.octets, bytes: announced };
        return Ok(Some(Got { uid: mail.uid, body, received: header.received }));
    }
    let Some(whole) = in_parts(session, mail.uid, limit).await? else { return Ok(None) };
    let body = sized(whole.octets, announced, limit);
    Ok(Some(Got { uid: mail.uid, body, received: whole.received }))
}

struct Octets {
    octets: Vec<u8>,
    received: Timestamp,
}

/// The header, if there is an octet behind the limit: announced sizes may be wrong.
async fn header_of_large(
    session: &mut Session,
    uid: u32,
    limit: usize,
) -> Result<Option<Octets>, Trouble> {
    let most = limits::HEADER_BYTES;
    let line = Line::new(
        "FETCH",
        format!(
            "UID FETCH {uid} (UID INTERNALDATE BODY.PEEK[HEADER]<0.{most}> BODY.PEEK[]<{limit}.1>)"
        ),
    );
    let header = one(session, &line, (uid, Wanted::Header), most).await?;
    let behind = header.behind == u32::try_from(limit).ok();
    let Some(octets) = header.octets.filter(|octets| behind && !octets.is_empty()) else {
        return Ok(None);
    };
    Ok(Some(Octets { octets: header_block(octets), received: received(header.date.as_deref()) }))
}

async fn in_parts(
    session: &mut Session,
    uid: u32,
    limit: usize,
) -> Result<Option<Octets>, Trouble> {
    let mut whole = Vec::new();
    loop {
        let asked = limits::PART_BYTES.min(limit.saturating_add(1) - whole.len());
        let offset = whole.len();
        let line = Line::new(
            "FETCH",
            format!("UID FETCH {uid} (UID INTERNALDATE BODY.PEEK[]<{offset}.{asked}>)"),
        );
        let wanted = Wanted::Part(u32::try_from(offset).unwrap_or(u32::MAX));
        let piece = one(session, &line, (uid, wanted), asked).await?;
        let Some(part) = piece.octets else { return Ok(None) };
        whole.extend_from_slice(&part);
        if part.len() < asked || whole.len() > limit {
            let octets = whole;
            let received = received(piece.date.as_deref());
            return Ok(Some(Octets { octets, received }).filter(|mail| !mail.octets.is_empty()));
        }
    }
}

/// One mail's piece; none of its octets when the server did not send it.
async fn one(
    session: &mut Session,
    line: &Line,
    (uid, wanted): (u32, Wanted),
    most: usize,
) -> Result<Piece, Trouble> {
    let mut catch = Catch { wanted, most, ..Catch::default() };
    let sizes = BTreeMap::from([(uid, 0)]);
    session.cap(most);
    let answer = session.run(line, MAILS, |response| catch.take(response, &sizes)).await?;
    let piece = catch.pieces.remove(&uid).unwrap_or_default();
    answer.ends(piece.octets.is_some())?;
    Ok(piece)
}

/// Which octets of a mail an answer has to hold.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Wanted {
    #[default]
    Mail,
    Header,
    /// From this offset.
    Part(u32),
}

/// Collects the wanted octets of the wanted mails out of whatever a server says meanwhile.
#[derive(Default)]
struct Catch {
    wanted: Wanted,
    /// Octets kept, at most; a mail beyond is left for the next listing.
    most: usize,
    kept: usize,
    pieces: BTreeMap<u32, Piece>,
}

#[derive(Default)]
struct Piece {
    octets: Option<Vec<u8>>,
    date: Option<String>,
    /// Where octets outside the wanted ones began.
    behind: Option<u32>,
}

impl Catch {
    fn take(&mut self, response: &Response<'_>, asked: &BTreeMap<u32, u64>) {
        let Some((uid, attributes)) = with_uid(response) else { return };
        if !asked.contains_key(&uid) {
            return;
        }
        let piece = self.pieces.entry(uid).or_default();
        for attribute in attributes {
            match attribute {
                AttributeValue::InternalDate(date) => piece.date = Some(date.to_string()),
                AttributeValue::BodySection { section, index, data: Some(data) } => {
                    let right = self.wanted.is(section.as_ref(), *index);
                    if right && piece.octets.is_none() && self.kept + data.len() <= self.most {
                        self.kept += data.len();
                        piece.octets = Some(data.to_vec());
                    } else if section.is_none() && !data.is_empty() {
                        piece.behind = *index;
                    }
                }
                _ => {}
            }
        }
    }
}

impl Wanted {
    fn is(self, section: Option<&SectionPath>, index: Option<u32>) -> bool {
        match (self, section) {
            (Wanted::Mail, None) => index.is_none(),
            (Wanted::Part(offset), None) => index == Some(offset),
            (Wanted::Header, Some(SectionPath::Full(MessageSection::Header))) => true,
            _ => false,
        }
    }
}

/// A mail, or the header of one that turned out too large.
fn sized(octets: Vec<u8>, announced: u64, limit: usize) -> Body {
    if octets.len() <= limit {
        return Body::Whole(octets);
    }
    let bytes = announced.max(octets.len() as u64);
    Body::TooLarge { header: header_block(octets), bytes }
}

/// INTERNALDATE (RFC 3501 section 2.3.3); now, where the server gives none that can be read.
fn received(date: Option<&str>) -> Timestamp {
    let parsed = date.and_then(|text| {
        strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
    });
    parsed.unwrap_or_else(Timestamp::now)
}

/// Asks whether the server still talks, and for news of the folder.
pub(super) async fn noop(session: &mut Session) -> Result<(), Trouble> {
    session.order(&Line::new("NOOP", "NOOP"), COMMAND).await.map(|_| ())
}

#[cfg(test)]
#[path = "imap_fetch_tests.rs"]
mod tests;
