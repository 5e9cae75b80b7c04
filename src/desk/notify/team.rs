//! What the team hears of orders: their author the transcript, other handlers what changed, who
//! was read in a digest, who was removed that it ends here.

use super::{member_letter, post, to_member, trouble, write};
use crate::case::{Case, CaseId, Deed, Entry, Event, Member, Permission, Pinned};
use crate::command::{self, Attach};
use crate::desk::Opened;
use crate::desk::card;
use crate::desk::draft::Draft;
use crate::desk::orders::{Carried, Enclosed, News, Orders};
use crate::letter::{
    CaseNews, Digest, NotObeyed, Protection, ReadOut, Reader, ReadyLine, RosterChanged, Transcript,
    Wording,
};
use crate::limits::REFUSALS_AN_HOUR;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// The answer to orders, to their author at the roster address.
pub fn transcript(
    draft: &mut Draft<'_>,
    orders: &Orders,
    transcript: Transcript,
    enclosed: Enclosed,
) {
    let member = &orders.member;
    let readable = draft.case.as_ref().is_some_and(|case| case.readable_by(&member.handle));
    if !readable {
        draft.put_down();
    }
    let wording = Wording::Transcript(Box::new(transcript));
    let Some(mut letter) = member_letter(draft, member, wording) else { return };
    letter.code = Some(orders.code.clone());
    letter.enclosed = enclosed.letters;
    letter.files = enclosed.files;
    post(draft, letter);
}

/// A mail in a member's name that was not obeyed. What anybody can send, copies and mail without
/// their signature, makes at most one letter an hour, so that nobody floods a member; words they
/// signed, and that came for the first time, are answered up to `REFUSALS_AN_HOUR`. Each stands in
/// the journal.
pub fn not_obeyed(draft: &mut Draft<'_>, member: &Member, (told, first): (NotObeyed, bool)) {
    let hour_ago = draft.now.checked_sub(1.hour()).unwrap_or(draft.now);
    let lately = draft.cases.letters_after(hour_ago).filter(|letter| {
        letter.wording == "not-obeyed" && letter.member.as_ref() == Some(&member.handle)
    });
    let limit = if first { REFUSALS_AN_HOUR } else { 1 };
    if lately.count() >= limit || written_to(draft, member) {
        return;
    }
    // Words that joined a case of theirs can be made a note by an answer to this letter.
    let theirs = draft.case.as_ref().is_some_and(|case| case.readable_by(&member.handle));
    if !(told.claim && theirs) {
        draft.put_down();
    }
    to_member(draft, member, Wording::NotObeyed(told));
}

/// A change of the roster, to all who were coordinators before it, at the addresses they had then:
/// encrypted where their key is the one that is accepted, else in the clear. It names no case.
pub fn roster_changed(draft: &mut Draft<'_>, changed: &RosterChanged) {
    draft.put_down();
    let before: Vec<Pinned> = draft.cases.pinned().cloned().collect();
    for pinned in before.iter().filter(|one| one.role == Permission::Coordinator && !one.left) {
        let Some(reader) = coordinator_before(draft, pinned) else { continue };
        let wording = Wording::RosterChanged(changed.clone());
        write(draft, reader, wording, Vec::new());
    }
}

fn coordinator_before(draft: &Draft<'_>, pinned: &Pinned) -> Option<Reader> {
    let now = draft.rules.roster.by_handle(&pinned.member);
    let usable = now.filter(|now| trouble(draft, now).is_none());
    let key = usable.filter(|now| pinned.accepts(&now.key).is_some()).map(|now| now.key.clone());
    Some(Reader {
        address: pinned.addresses.address.clone()?,
        name: now.map_or_else(|| pinned.member.clone(), |now| now.name.clone()),
        member: Some(pinned.member.clone()),
        participant: None,
        zone: now.map_or(TimeZone::UTC, |now| now.zone.clone()),
        protection: match key {
            Some(key) => Protection::Sealed { key, certificate: None },
            None => Protection::Signed,
        },
        reply_to: None,
    })
}

const EXPOSED: &str = "A mail in the clear held words that had gone or come encrypted: servers on \
                       its way could read them.";

/// Words of a case came in the clear: told to the coordinators who may read it, once for one mail.
/// Whoever sent it as a member reads it first in the answer.
pub fn words_exposed(draft: &mut Draft<'_>, opened: &Opened, case: &CaseId) {
    let author = opened.signed.as_ref().map(|words| words.signed.signer.clone());
    if !draft.take_up(case) {
        return;
    }
    let coordinators: Vec<Member> = draft.rules.roster.coordinators().cloned().collect();
    for member in coordinators {
        let reads = draft.case.as_ref().is_some_and(|case| case.readable_by(&member.handle));
        if !reads || author.as_ref() == Some(&member.key) || written_to(draft, &member) {
            continue;
        }
        let from = match &author {
            Some(key) => draft.rules.roster.by_key(key).map(|author| author.handle.clone()),
            None => None,
        };
        to_member(
            draft,
            &member,
            Wording::CaseChanged(Box::new(CaseNews {
                by: from.unwrap_or_else(|| "somebody who wrote to us".to_owned()),
                did: Vec::new(),
                exposed: true,
                note: None,
                leaving: Vec::new(),
                card: draft.case.as_ref().map(|case| card::card(draft, case)).unwrap_or_default(),
                claims: claims(draft),
                ready: Vec::new(),
                yours: false,
            })),
        );
    }
}

/// One mail in makes at most one letter to each person.
fn written_to(draft: &Draft<'_>, member: &Member) -> bool {
    draft.letters().iter().any(|one| one.to.member.as_ref() == Some(&member.handle))
}

/// Everybody else who hears of it; and what the author has to read first, where they were read in
/// by their own orders.
pub fn orders_done(draft: &mut Draft<'_>, orders: &Orders, carried: &Carried) -> Told {
    let mut told = Told::default();
    let cases: Vec<CaseId> = carried.news.keys().cloned().collect();
    for id in cases {
        let Some(news) = carried.told_in(&id).cloned() else { continue };
        if !draft.take_up(&id) {
            continue;
        }
        let before = draft.cases.case(&id).cloned();
        in_case(draft, orders, carried, (&news, before.as_ref()), &mut told);
    }
    told
}

/// Who was told, by handle, and pages for the author.
#[derive(Default)]
pub struct Told {
    pub handles: BTreeSet<String>,
    pub pages: Vec<String>,
}

fn in_case(
    draft: &mut Draft<'_>,
    orders: &Orders,
    carried: &Carried,
    (news, before): (&News, Option<&Case>),
    told: &mut Told,
) {
    let Some(case) = draft.case.clone() else { return };
    let author = &orders.member.handle;
    let read_before = |handle: &str| before.is_some_and(|case| case.readable_by(handle));
    for handle in hears(draft, &case, before) {
        let Some(member) = draft.rules.roster.by_handle(&handle).cloned() else { continue };
        let wording = match (case.readable_by(&handle), read_before(&handle)) {
            (true, false) if handle == *author => {
                told.pages.push(command::show::digest(draft.cases, &case));
                continue;
            }
            _ if handle == *author => continue,
            (true, false) => read_in(draft, orders, &case, &handle),
            (false, true) => Wording::ReadOut(ReadOut { by: author.clone() }),
            (true, true) if news.is_empty() => continue,
            (true, true) => {
                let handles = |case: &Case| case.handlers.contains(&handle);
                let yours = handles(&case) && !before.is_some_and(handles);
                Wording::CaseChanged(Box::new(CaseNews {
                    yours,
                    ..changed(draft, orders, carried, news)
                }))
            }
            (false, false) => continue,
        };
        if let Some(mut letter) = member_letter(draft, &member, wording) {
            if let Wording::CaseChanged(_) = &letter.wording {
                let letters = news.letters.iter().filter_map(|at| carried.leaving.get(*at));
                letter.enclosed = letters.map(|(_, letter)| letter.clone()).collect();
            }
            post(draft, letter);
            // Who asks for a case they may not read learns nothing of who works on it.
            if case.readable_by(author) {
                told.handles.insert(handle);
            }
        }
    }
}

/// Those who attend to the case, as it was and as it is; whoever comes or goes; and whoever can
/// grant what somebody asks for.
fn hears(draft: &Draft<'_>, case: &Case, before: Option<&Case>) -> BTreeSet<String> {
    let attend = |case: &Case| -> BTreeSet<String> {
        case.attended_by().into_iter().map(str::to_owned).collect()
    };
    let readers = |case: &Case| -> BTreeSet<String> {
        case.readers.iter().map(|reader| reader.member.clone()).collect()
    };
    let mut hears = attend(case);
    hears.extend(before.map(attend).unwrap_or_default());
    let old = before.map(readers).unwrap_or_default();
    hears.extend(old.symmetric_difference(&readers(case)).cloned());
    let alarming = draft.entries().iter().any(|entry| {
        matches!(
            entry.event,
            Event::Deed(
                Deed::Taken { .. }
                    | Deed::TakeAsked { .. }
                    | Deed::FactLearned { .. }
                    | Deed::EmbargoSet { .. }
                    | Deed::NoticeApproved { .. }
                    | Deed::NoticeHeld { .. }
            )
        )
    });
    if alarming {
        let coordinators = draft.rules.roster.coordinators().map(|member| member.handle.clone());
        hears.extend(coordinators.filter(|handle| case.readable_by(handle)));
    }
    // A notice is everybody's who reads its case: a second word is asked of them, or a doubt told.
    let public = |entry: &Entry| {
        matches!(entry.event, Event::Deed(Deed::NoticeApproved { .. } | Deed::NoticeHeld { .. }))
    };
    if draft.entries().iter().any(public) {
        hears.extend(readers(case));
    }
    hears
}

fn changed(draft: &Draft<'_>, orders: &Orders, carried: &Carried, news: &News) -> CaseNews {
    let leaving = news.letters.iter().filter_map(|at| carried.leaving.get(*at));
    let notes: Vec<&str> = news.notes.iter().map(String::as_str).collect();
    let exposed = orders.exposure.then(|| EXPOSED.to_owned());
    let did = exposed.into_iter().chain(news.did.iter().cloned()).collect();
    CaseNews {
        by: orders.member.handle.clone(),
        did,
        exposed: false,
        note: (!notes.is_empty()).then(|| notes.join("\n\n")),
        leaving: leaving.map(|(leaving, _)| leaving.clone()).collect(),
        card: draft.case.as_ref().map(|case| card::card(draft, case)).unwrap_or_default(),
        claims: claims(draft),
        ready: news.grants.iter().map(|(line, does)| ready(line, does)).collect(),
        yours: false,
    }
}

/// What one member alone has claimed and a second is to look at.
fn claims(draft: &Draft<'_>) -> Vec<String> {
    let facts = draft.case.iter().flat_map(|case| &case.facts);
    facts.filter(|(_, known)| !known.confirmed).map(|(fact, _)| fact.to_string()).collect()
}

/// After reading in, never before.
fn read_in(draft: &Draft<'_>, orders: &Orders, case: &Case, handle: &str) -> Wording {
    let reader = case.readers.iter().find(|reader| reader.member == handle);
    let handler = case.handlers.iter().any(|one| one == handle);
    let report = case.report_number().map(|number| {
        ready(&format!("/original {number}"), "sends you the report itself, as it came")
    });
    let own = match handler {
        true => ready("/decline", "hands it back; write why behind it"),
        false => ready("/take", "makes you a handler"),
    };
    let show = ready("/show", "the case as it stands");
    let ready = [show].into_iter().chain(report).chain([own]).collect();
    Wording::ReadIn(Box::new(Digest {
        by: orders.member.handle.clone(),
        why: reader.map(|reader| reader.why.clone()).unwrap_or_default(),
        pages: vec![command::show::digest(draft.cases, case)],
        card: card::card(draft, case),
        ready,
        handler,
    }))
}

fn ready(line: &str, does: &str) -> ReadyLine {
    ReadyLine { line: line.to_owned(), does: does.to_owned() }
}

/// What a member asked to see of the case, as the gateway finds it.
pub fn enclosure(draft: &Draft<'_>, asked: &Attach) -> Option<crate::letter::Enclosure> {
    use crate::letter::Enclosure;
    let kept = |number: usize| {
        let case = draft.case.as_ref()?;
        Some(case.mails.get(number.checked_sub(1)?)?.mail.clone())
    };
    match asked {
        Attach::File { mail, number } => {
            Some(Enclosure::File { mail: kept(*mail)?, number: *number })
        }
        Attach::Words { mail, nameless } => {
            let case = draft.case.as_ref()?;
            let author = case.mails.get(mail.checked_sub(1)?)?.participant?;
            let without = match nameless {
                true => names_of(case.participant(author)?),
                false => Vec::new(),
            };
            Some(Enclosure::Words { mail: kept(*mail)?, without })
        }
        Attach::Original { mail } => Some(Enclosure::Original { mail: kept(*mail)? }),
        Attach::Document { name, text } => Some(Enclosure::Bytes {
            name: name.clone(),
            kind: if name.ends_with(".json") { "application/json" } else { "text/plain" }
                .to_owned(),
            bytes: text.clone().into_bytes(),
        }),
    }
}

/// Everything on record that says who somebody is.
fn names_of(person: &crate::case::Participant) -> Vec<String> {
    let addresses = person.address.iter().chain(&person.also).map(ToString::to_string);
    let mut names: Vec<String> = addresses.collect();
    names.push(person.name.clone());
    names.retain(|name| !name.trim().is_empty());
    names
}
