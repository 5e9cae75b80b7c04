//! A letter as it is made: its reader and protection, its number, code and Message-ID, and why it
//! waits. Whom it is for is decided by whoever calls.

use super::attending;
use crate::case::{Case, Event, KnownKey, Member, Participant, Tlp, Written, WrittenTo};
use crate::desk::draft::Draft;
use crate::desk::leak_guard::passages;
use crate::letter::{Automatic, Letter, Protection, Reader, Wording};
use crate::mail::{self, Address, Fingerprint, Mail, MessageId};
use jiff::ToSpan;
use jiff::tz::{Offset, TimeZone};

pub(super) fn outsider(draft: &Draft<'_>, person: &Participant, mail: &Mail) -> Reader {
    let protection = match answering_key(person, mail) {
        Some(key) => Protection::Sealed {
            key: key.fingerprint.clone(),
            certificate: Some(key.certificate.clone()),
        },
        None => Protection::Signed,
    };
    Reader {
        // A participant without an address has been destroyed and cannot be written to.
        address: person.address.clone().unwrap_or_else(|| draft.rules.team.address.clone()),
        name: person.name.clone(),
        member: None,
        participant: Some(person.number),
        zone: zone_of(mail),
        reply_to: reply_to(draft, person, &protection),
        protection,
    }
}

/// The key on record; else the candidate that came with this very mail, or signed it. Any other
/// candidate may be somebody else's, and must not keep its owner from reading our answer.
pub(super) fn answering_key<'p>(person: &'p Participant, mail: &Mail) -> Option<&'p KnownKey> {
    let signer = mail.evidence.signed().filter(|signed| signed.alive_now);
    let brought = |key: &&KnownKey| {
        let came = mail.keys.iter().any(|one| one.fingerprint == key.fingerprint);
        let signed = signer.is_some_and(|signed| signed.signer == key.fingerprint);
        key.trouble.is_none() && (came || signed)
    };
    person.key_on_record().or_else(|| person.keys.iter().rev().find(brought))
}

/// The sender's own clock, for dates in our answer.
pub(super) fn zone_of(mail: &Mail) -> TimeZone {
    let offset = mail.utc_offset.and_then(|seconds| Offset::from_seconds(seconds).ok());
    offset.map_or(TimeZone::UTC, TimeZone::fixed)
}

/// Only letters in the clear carry a Reply-To: clients pick the key to encrypt to by address.
pub(super) fn reply_to(
    draft: &Draft<'_>,
    person: &Participant,
    protection: &Protection,
) -> Option<Address> {
    let (team, case) = (&draft.rules.team, draft.case.as_ref()?);
    if team.subaddress.is_empty() || *protection != Protection::Signed {
        return None;
    }
    let token = draft.rules.secrets.token(&case.id, person.number, person.generation);
    Some(team.address.with_detail(&team.subaddress, &token))
}

pub(super) fn to_member(draft: &mut Draft<'_>, member: &Member, wording: Wording) {
    if let Some(letter) = member_letter(draft, member, wording) {
        post(draft, letter);
    }
}

pub(super) fn member_letter(
    draft: &Draft<'_>,
    member: &Member,
    wording: Wording,
) -> Option<Letter> {
    let protection = match trouble(draft, member) {
        None => Protection::Sealed { key: member.key.clone(), certificate: None },
        Some(_) => Protection::Kept,
    };
    let reader = Reader {
        address: member.address.clone(),
        name: member.name.clone(),
        member: Some(member.handle.clone()),
        participant: None,
        zone: member.zone.clone(),
        protection,
        reply_to: None,
    };
    let thread = draft.case.as_ref().map(|case| thread_with(draft, case, &member.handle));
    letter(draft, reader, wording, thread.unwrap_or_default())
}

/// Those who ought to read the same and cannot: whoever can is told, in their own letter.
pub(super) fn waiting_for_keys(draft: &Draft<'_>, reader: &str) -> Vec<String> {
    let others = attending(draft).into_iter();
    let troubled = others.filter(|other| other.handle != reader && trouble(draft, other).is_some());
    troubled.map(|other| format!("A letter waits: {}", unusable(draft, &other.handle))).collect()
}

/// Why letters to this member wait.
pub(super) fn unusable(draft: &Draft<'_>, handle: &str) -> String {
    let member = draft.rules.roster.by_handle(handle);
    let trouble = member.and_then(|member| trouble(draft, member)).unwrap_or_default();
    format!("the key of {handle} cannot be used: {trouble}")
}

/// Why nothing is encrypted to this member's key now.
pub(super) fn trouble(draft: &Draft<'_>, member: &Member) -> Option<String> {
    match draft.cases.accepted_key(member) {
        Some(_) => member.key_trouble.clone(),
        None => Some("it is new, and no coordinator has accepted it yet".to_owned()),
    }
}

/// Earlier letters to this member in this case: the first, and the newest.
pub(super) fn thread_with(draft: &Draft<'_>, case: &Case, handle: &str) -> Vec<MessageId> {
    let mut ours =
        draft.cases.letters_in(&case.id).filter(|letter| letter.member.as_deref() == Some(handle));
    let first = ours.next();
    first.into_iter().chain(ours.next_back()).map(|letter| letter.message_id.clone()).collect()
}

/// What an answer to this mail refers to (RFC 5322 section 3.6.4).
pub(super) fn thread_of(mail: &Mail) -> Vec<MessageId> {
    mail::references(mail)
}

/// Writes one letter, as [`letter`] makes it.
pub(super) fn write(
    draft: &mut Draft<'_>,
    to: Reader,
    wording: Wording,
    references: Vec<MessageId>,
) {
    if let Some(letter) = letter(draft, to, wording, references) {
        post(draft, letter);
    }
}

/// One letter: its number, code, Message-ID and return path are fixed here, for ever.
pub(super) fn letter(
    draft: &Draft<'_>,
    to: Reader,
    wording: Wording,
    references: Vec<MessageId>,
) -> Option<Letter> {
    let (team, secrets, number) = (&draft.rules.team, &draft.rules.secrets, draft.next_letter());
    let message_id = secrets.message_id(number, team.address.domain())?;
    let form = wording.form();
    let case = draft.case.as_ref();
    let code = case.map(|case| secrets.code(&case.id, case.revision, number, &to.address));
    let bounces = form.automatic != Automatic::Replied && !team.subaddress.is_empty();
    let return_path =
        bounces.then(|| team.address.with_detail(&team.subaddress, &secrets.bounce(number)));
    Some(Letter {
        number,
        case: case.map(|case| case.id.clone()),
        title: case.filter(|_| may_read_title(draft, &to)).map(|case| case.subject.clone()),
        tlp: case.map_or(Tlp::Red, |case| case.tlp),
        held: held(draft, &to),
        code,
        to,
        wording,
        message_id,
        references,
        return_path,
        written: draft.now,
        due: None,
        orders: None,
        files: Vec::new(),
        enclosed: Vec::new(),
    })
}

pub(super) fn post(draft: &mut Draft<'_>, letter: Letter) {
    let event = Event::LetterWritten(written(draft, &letter));
    draft.note(crate::case::Actor::Gateway, event);
    draft.add_letter(letter);
}

/// The title is the sender's own words: it goes to members read in, and back to the sender only
/// under a key that is proven to be theirs.
pub(super) fn may_read_title(draft: &Draft<'_>, to: &Reader) -> bool {
    let Some(case) = &draft.case else { return false };
    match (&to.member, to.participant, &to.protection) {
        (Some(handle), _, Protection::Sealed { .. } | Protection::Kept) => case.readable_by(handle),
        (None, Some(number), Protection::Sealed { key, .. }) => case
            .participant(number)
            .and_then(Participant::key_on_record)
            .is_some_and(|record| record.fingerprint == *key),
        _ => false,
    }
}

pub(super) fn held(draft: &Draft<'_>, to: &Reader) -> Option<String> {
    if to.protection == Protection::Kept {
        let why = to.member.as_deref().map(|handle| unusable(draft, handle));
        return Some(why.unwrap_or_else(|| "the key of its reader cannot be used".to_owned()));
    }
    let hour_ago = draft.now.checked_sub(1.hour()).unwrap_or(draft.now);
    let limit = draft.rules.letters.an_hour;
    let newest = draft.cases.letters_after(hour_ago);
    let lately = newest.filter(|letter| letter.member.is_none()).take(limit as usize).count();
    let outside = to.member.is_none() && lately >= limit as usize;
    outside.then(|| format!("more than {limit} letters in one hour; a person looks first"))
}

/// The key of a participant that a letter is encrypted to.
pub(super) fn sealed_to(letter: &Letter) -> Option<Fingerprint> {
    match &letter.to.protection {
        Protection::Sealed { key, .. } => letter.to.participant.map(|_| key.clone()),
        Protection::Signed | Protection::Public | Protection::Kept => None,
    }
}

pub(super) fn written(draft: &Draft<'_>, letter: &Letter) -> Written {
    let form = letter.wording.form();
    Written {
        letter: letter.number,
        template: form.number.to_owned(),
        wording: form.file.to_owned(),
        mail: draft.rules.secrets.kept(letter.number),
        message_id: letter.message_id.clone(),
        code: letter.code.clone(),
        member: letter.to.member.clone(),
        participant: letter.to.participant,
        acknowledges: letter.to.member.is_none() && form.with_key,
        sealed: matches!(letter.to.protection, Protection::Sealed { .. }),
        kept: letter.to.protection == Protection::Kept,
        return_token: letter
            .return_path
            .as_ref()
            .map(|_| draft.rules.secrets.bounce(letter.number)),
        held: letter.held.clone(),
        due: letter.due,
        orders: letter.orders.clone(),
        private: WrittenTo {
            to: Some(letter.to.address.clone()),
            passages: own_passages(draft, letter),
            key: sealed_to(letter),
        },
    }
}

/// Of a member's own words that go encrypted, so that they are known again in the clear.
pub(super) fn own_passages(draft: &Draft<'_>, letter: &Letter) -> Vec<u64> {
    match (&letter.wording, &letter.to.protection) {
        (Wording::OwnWords(own), Protection::Sealed { .. }) => {
            passages(&draft.rules.secrets, &own.text)
        }
        _ => Vec::new(),
    }
}
