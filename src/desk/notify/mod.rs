//! Who hears of what. Every recipient this program will ever write to is chosen in this file:
//! it is the one to review for confidentiality.
//!
//! Three rules hold for all of it. A letter has one reader. Detail goes to members who are read in,
//! under their key on the roster, and to nobody else. Automatic mail is never answered, and the
//! first answer to an address depends on that mail alone.

mod ready;
mod say;
mod team;

pub use say::{Said, Sending, claimed, say, say_kept};
pub use team::{
    Told, enclosure, not_obeyed, orders_done, roster_changed, transcript, words_exposed,
};

use super::draft::Draft;
use super::leak_guard::passages;
use super::{Opened, Trouble, Unfiled, card, verdict};
use crate::case::{
    Case, Class, Event, KnownKey, Member, Participant, Pathway, Posted, Status, Tlp, Written,
    WrittenTo, business_days_after,
};
use crate::letter::{
    Automatic, CannotDecrypt, CaseLetter, Letter, LetterNews, NotTakenIn, Plain, Protection,
    Reader, Received, StatusAnswer, Wording,
};
use crate::mail::{self, Address, Encrypted, Fingerprint, Mail, Mailbox, MessageId, automatic};
use jiff::ToSpan;
use jiff::tz::{Offset, TimeZone};

// To the sender.

/// One acknowledgement for a report, plea or question; nothing in it repeats a word of the mail.
pub fn acknowledge(draft: &mut Draft<'_>, opened: &Opened, participant: Option<u32>) {
    let mail = &opened.mail;
    // List traffic, whatever it looks like: nobody asked us.
    if opened.triage.pathway == Pathway::P0 {
        return;
    }
    let Some(person) = answerable(draft, mail, participant) else { return };
    if !opened.triage.class.acknowledged() && !mail.evidence.unreadable() {
        return;
    }
    let reader = outsider(draft, &person, mail);
    let wording = acknowledgement(draft, opened, &person, &reader.protection);
    write(draft, reader, wording, thread_of(mail));
}

fn acknowledgement(
    draft: &Draft<'_>,
    opened: &Opened,
    person: &Participant,
    protection: &Protection,
) -> Wording {
    let received = opened.arrival.received;
    let assess_by = business_days_after(received, draft.rules.letters.assess_days);
    let evidence = &opened.mail.evidence;
    let sealed = matches!(protection, Protection::Sealed { .. });
    let words = Received {
        received,
        assess_by,
        came_encrypted: evidence.encrypted == Encrypted::Whole,
        key_trouble: person.keys.iter().rev().find_map(|key| key.trouble.clone()),
        prove_key: sealed && person.key_on_record().is_none(),
    };
    match (opened.triage.class, &evidence.encrypted) {
        (_, Encrypted::NotToUs { key_ids }) => Wording::CannotDecrypt(CannotDecrypt {
            received,
            assess_by,
            key_ids: key_ids.clone(),
            damaged: false,
        }),
        (_, Encrypted::Damaged) => Wording::CannotDecrypt(CannotDecrypt {
            received,
            assess_by,
            key_ids: Vec::new(),
            damaged: true,
        }),
        (Class::Plea, _) => Wording::PleaReceived(words),
        (Class::Question, _) => Wording::QuestionReceived(words),
        (_, _) if sealed => Wording::ReportReceived(words),
        (_, _) => Wording::ReportReceivedClear(words),
    }
}

/// The participant who may get an automatic answer to this mail (RFC 3834 section 2): they wrote
/// it themselves, it is no robot's, and they had none of these in the last day.
fn answerable(draft: &Draft<'_>, mail: &Mail, participant: Option<u32>) -> Option<Participant> {
    if !draft.rules.letters.automatic || automatic(mail).is_some() {
        return None;
    }
    let person = draft.case.as_ref()?.participant(participant?)?.clone();
    (!answered_today(draft, person.address.as_ref()?)).then_some(person)
}

fn answered_today(draft: &Draft<'_>, address: &Address) -> bool {
    let day_ago = draft.now.checked_sub(24.hours()).unwrap_or(draft.now);
    draft.cases.acknowledged(address).is_some_and(|last| last > day_ago)
}

/// How to write to us encrypted, for whoever asks; outside any case, under the same daily limit.
pub fn protection_help(draft: &mut Draft<'_>, opened: &Opened) {
    let mail = &opened.mail;
    let Some(sender) = mail.sender() else { return };
    let refused = draft.rules.never_participant(&sender.address) || automatic(mail).is_some();
    if refused || !draft.rules.letters.automatic || answered_today(draft, &sender.address) {
        return;
    }
    let reader = asker(sender, mail);
    write(draft, reader, Wording::ProtectionHelp(Plain {}), thread_of(mail));
}

/// Somebody who takes part in no case: nothing is known of them, so nothing is sealed to them.
fn asker(sender: &Mailbox, mail: &Mail) -> Reader {
    Reader {
        address: sender.address.clone(),
        name: sender.name.clone(),
        member: None,
        participant: None,
        zone: zone_of(mail),
        protection: Protection::Signed,
        reply_to: None,
    }
}

/// Whether an answer to this mail is sealed to a key that nobody has proven yet.
pub fn has_to_prove_key(draft: &Draft<'_>, opened: &Opened, participant: u32) -> bool {
    let person = draft.case.as_ref().and_then(|case| case.participant(participant));
    person.is_some_and(|person| answering_key(person, &opened.mail).is_some_and(|key| !key.proven))
}

/// Answers `status`: nothing but where the case stands.
pub fn status(draft: &mut Draft<'_>, opened: &Opened, participant: u32) {
    let Some(case) = &draft.case else { return };
    let answer = StatusAnswer {
        status: case.status.to_string(),
        opened: case.opened,
        assess_by: (case.status == Status::Received)
            .then(|| business_days_after(case.opened, draft.rules.letters.assess_days)),
        handled: !case.handlers.is_empty(),
    };
    self::answer(draft, opened, participant, Wording::StatusAnswer(answer));
}

/// An automatic answer in a known case, to the address on record; three a case a day.
pub fn answer(draft: &mut Draft<'_>, opened: &Opened, participant: u32, wording: Wording) {
    let Some(case) = &draft.case else { return };
    let Some(person) = case.participant(participant).cloned() else { return };
    let day_ago = draft.now.checked_sub(24.hours()).unwrap_or(draft.now);
    // What members write is no answer of ours: it takes nobody's `status` away.
    let automatic = |letter: &&Posted| letter.participant.is_some() && letter.orders.is_none();
    let letters = draft.cases.letters_in(&case.id).filter(automatic);
    let today = letters.filter(|letter| letter.written > day_ago);
    if today.count() >= draft.rules.letters.a_case_a_day as usize {
        return;
    }
    let reader = outsider(draft, &person, &opened.mail);
    write(draft, reader, wording, thread_of(&opened.mail));
}

// To the team.

/// A new case, with its report, to each member who was read in by it.
pub fn case_opened(draft: &mut Draft<'_>, opened: &Opened) {
    for member in attending(draft) {
        let letter = case_letter(draft, opened, &member);
        to_member(draft, &member, Wording::CaseOpened(Box::new(letter)));
    }
}

/// More mail in a case, to those who attend to it. Whose name it has without proof hears of it in a
/// letter of its own, unless nobody else would read it.
pub fn mail_joined(draft: &mut Draft<'_>, opened: &Opened) {
    let mut members = attending(draft);
    let sender = opened.mail.sender().map(|sender| &sender.address);
    let claimed = sender.and_then(|from| draft.rules.roster.by_address(from));
    if let (Some(claimed), true) = (claimed, members.len() > 1) {
        members.retain(|member| member.handle != claimed.handle);
    }
    for member in members {
        let letter = case_letter(draft, opened, &member);
        to_member(draft, &member, Wording::MailJoined(Box::new(letter)));
    }
}

/// A mail over a limit: the team is told, and so is its sender where the header names one.
pub fn not_taken_in(draft: &mut Draft<'_>, unfiled: &Unfiled, participant: Option<u32>, why: &str) {
    if let (Trouble::TooLarge { limit }, Some(person)) =
        (&unfiled.trouble, answerable(draft, &unfiled.header, participant))
    {
        let reader = outsider(draft, &person, &unfiled.header);
        let words = NotTakenIn {
            received: unfiled.arrival.received,
            too_large: true,
            bytes: unfiled.arrival.bytes,
            limit: *limit,
        };
        write(draft, reader, Wording::NotTakenIn(words), thread_of(&unfiled.header));
    }
    for member in attending(draft) {
        let letter = unfiled_letter(draft, unfiled, &member, why);
        to_member(draft, &member, Wording::CaseOpened(Box::new(letter)));
    }
}

/// A letter came back or was refused: its case's people are told, never about such news itself.
pub fn letter_failed(draft: &mut Draft<'_>, letter: &Posted, why: &str) {
    let news = letter_news(letter, why);
    for member in told_about(draft, letter) {
        to_member(draft, &member, Wording::LetterFailed(news.clone()));
    }
}

/// A letter waits for a person.
pub fn letter_held(draft: &mut Draft<'_>, letter: &Posted, why: &str) {
    let news = letter_news(letter, why);
    for member in told_about(draft, letter) {
        to_member(draft, &member, Wording::LetterHeld(news.clone()));
    }
}

fn attending(draft: &Draft<'_>) -> Vec<Member> {
    let Some(case) = &draft.case else { return Vec::new() };
    let members = case.attended_by();
    members.iter().filter_map(|handle| draft.rules.roster.by_handle(handle)).cloned().collect()
}

/// Who hears that a letter did not arrive: those who attend to its case, or the coordinators; never
/// the member whom it could not reach. News about news is not told.
fn told_about(draft: &Draft<'_>, letter: &Posted) -> Vec<Member> {
    if letter.template == "T-56" {
        return Vec::new();
    }
    let mut members = attending(draft);
    if draft.case.is_none() {
        members = draft.rules.roster.coordinators().cloned().collect();
    }
    members.retain(|member| letter.member.as_ref() != Some(&member.handle));
    members
}

fn letter_news(letter: &Posted, why: &str) -> LetterNews {
    let to = match (&letter.member, letter.participant) {
        (Some(handle), _) => handle.clone(),
        (None, Some(number)) => format!("participant {number} of the case"),
        (None, None) => "a sender outside any case".to_owned(),
    };
    LetterNews { letter: letter.id(), template: letter.template.clone(), to, why: why.to_owned() }
}

fn case_letter(draft: &Draft<'_>, opened: &Opened, member: &Member) -> CaseLetter {
    let (mail, handle) = (&opened.mail, member.handle.as_str());
    let words = readable_words(mail);
    let mut block = verdict::mail_block(draft, mail, &opened.arrival, handle);
    block.warnings.extend(waiting_for_keys(draft, handle));
    CaseLetter {
        mail: block,
        verdict: verdict::verdict_block(draft, &opened.triage, handle),
        card: draft.case.as_ref().map(|case| card::card(draft, case)).unwrap_or_default(),
        word_lines: words.lines().count(),
        words,
        words_cut: mail.text_cut,
        ready: ready::lines(draft, opened, member),
    }
}

fn unfiled_letter(draft: &Draft<'_>, unfiled: &Unfiled, member: &Member, why: &str) -> CaseLetter {
    let triage = crate::triage::Triage::unopened(why);
    let (mail, arrival) = (unfiled.header.clone(), unfiled.arrival.clone());
    let opened = Opened { mail, signed: None, triage, arrival };
    case_letter(draft, &opened, member)
}

/// The mail as its reader sees it: subject first, then the words.
fn readable_words(mail: &Mail) -> String {
    let subject = super::one_line(&mail.subject);
    format!("Subject: {subject}\n\n{}", mail.text.trim_end())
}

// Letters.

fn outsider(draft: &Draft<'_>, person: &Participant, mail: &Mail) -> Reader {
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
fn answering_key<'p>(person: &'p Participant, mail: &Mail) -> Option<&'p KnownKey> {
    let signer = mail.evidence.signed().filter(|signed| signed.alive_now);
    let brought = |key: &&KnownKey| {
        let came = mail.keys.iter().any(|one| one.fingerprint == key.fingerprint);
        let signed = signer.is_some_and(|signed| signed.signer == key.fingerprint);
        key.trouble.is_none() && (came || signed)
    };
    person.key_on_record().or_else(|| person.keys.iter().rev().find(brought))
}

/// The sender's own clock, for dates in our answer.
fn zone_of(mail: &Mail) -> TimeZone {
    let offset = mail.utc_offset.and_then(|seconds| Offset::from_seconds(seconds).ok());
    offset.map_or(TimeZone::UTC, TimeZone::fixed)
}

/// Only letters in the clear carry a Reply-To: clients pick the key to encrypt to by address.
fn reply_to(draft: &Draft<'_>, person: &Participant, protection: &Protection) -> Option<Address> {
    let (team, case) = (&draft.rules.team, draft.case.as_ref()?);
    if team.subaddress.is_empty() || *protection != Protection::Signed {
        return None;
    }
    let token = draft.rules.secrets.token(&case.id, person.number, person.generation);
    Some(team.address.with_detail(&team.subaddress, &token))
}

fn to_member(draft: &mut Draft<'_>, member: &Member, wording: Wording) {
    if let Some(letter) = member_letter(draft, member, wording) {
        post(draft, letter);
    }
}

fn member_letter(draft: &Draft<'_>, member: &Member, wording: Wording) -> Option<Letter> {
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
fn waiting_for_keys(draft: &Draft<'_>, reader: &str) -> Vec<String> {
    let others = attending(draft).into_iter();
    let troubled = others.filter(|other| other.handle != reader && trouble(draft, other).is_some());
    troubled.map(|other| format!("A letter waits: {}", unusable(draft, &other.handle))).collect()
}

/// Why letters to this member wait.
fn unusable(draft: &Draft<'_>, handle: &str) -> String {
    let member = draft.rules.roster.by_handle(handle);
    let trouble = member.and_then(|member| trouble(draft, member)).unwrap_or_default();
    format!("the key of {handle} cannot be used: {trouble}")
}

/// Why nothing is encrypted to this member's key now.
fn trouble(draft: &Draft<'_>, member: &Member) -> Option<String> {
    match draft.cases.accepted_key(member) {
        Some(_) => member.key_trouble.clone(),
        None => Some("it is new, and no coordinator has accepted it yet".to_owned()),
    }
}

/// Earlier letters to this member in this case: the first, and the newest.
fn thread_with(draft: &Draft<'_>, case: &Case, handle: &str) -> Vec<MessageId> {
    let mut ours =
        draft.cases.letters_in(&case.id).filter(|letter| letter.member.as_deref() == Some(handle));
    let first = ours.next();
    first.into_iter().chain(ours.next_back()).map(|letter| letter.message_id.clone()).collect()
}

/// What an answer to this mail refers to (RFC 5322 section 3.6.4).
fn thread_of(mail: &Mail) -> Vec<MessageId> {
    mail::references(mail)
}

/// Writes one letter, as [`letter`] makes it.
fn write(draft: &mut Draft<'_>, to: Reader, wording: Wording, references: Vec<MessageId>) {
    if let Some(letter) = letter(draft, to, wording, references) {
        post(draft, letter);
    }
}

/// One letter: its number, code, Message-ID and return path are fixed here, for ever.
fn letter(
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

fn post(draft: &mut Draft<'_>, letter: Letter) {
    let event = Event::LetterWritten(written(draft, &letter));
    draft.note(crate::case::Actor::Gateway, event);
    draft.add_letter(letter);
}

/// The title is the sender's own words: it goes to members read in, and back to the sender only
/// under a key that is proven to be theirs.
fn may_read_title(draft: &Draft<'_>, to: &Reader) -> bool {
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

fn held(draft: &Draft<'_>, to: &Reader) -> Option<String> {
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
fn sealed_to(letter: &Letter) -> Option<Fingerprint> {
    match &letter.to.protection {
        Protection::Sealed { key, .. } => letter.to.participant.map(|_| key.clone()),
        Protection::Signed | Protection::Kept => None,
    }
}

fn written(draft: &Draft<'_>, letter: &Letter) -> Written {
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
fn own_passages(draft: &Draft<'_>, letter: &Letter) -> Vec<u64> {
    match (&letter.wording, &letter.to.protection) {
        (Wording::OwnWords(own), Protection::Sealed { .. }) => {
            passages(&draft.rules.secrets, &own.text)
        }
        _ => Vec::new(),
    }
}
