//! Who hears of what. Every recipient this program will ever write to is chosen in this folder:
//! it is the one to review for confidentiality.
//!
//! Three rules hold for all of it. A letter has one reader. Detail goes to members who are read in,
//! under their key on the roster, and to nobody else. Automatic mail is never answered, and the
//! first answer to an address depends on that mail alone.

mod letters;
mod lists;
mod notice;
mod ready;
mod say;
mod team;

pub use lists::{list_alarm, post_digest};
pub use notice::{notice_held, notice_missed, notice_posted, notice_seen};
pub use say::{Said, Sending, claimed, say, say_kept};
pub use team::{
    Told, enclosure, not_obeyed, orders_done, roster_changed, transcript, words_exposed,
};

use letters::{
    answering_key, member_letter, outsider, post, reply_to, thread_of, to_member, trouble,
    waiting_for_keys, write, zone_of,
};

use super::draft::Draft;
use super::{Opened, Trouble, Unfiled, card, verdict};
use crate::case::{Class, Member, Participant, Pathway, Posted, Status, business_days_after};
use crate::letter::{
    CannotDecrypt, CaseLetter, LetterNews, NotTakenIn, Plain, Protection, Reader, Received,
    StatusAnswer, Wording,
};
use crate::mail::{Address, Encrypted, Mail, Mailbox, automatic};
use jiff::ToSpan;

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
    let mut members = match letter.is_post() {
        true => notice::hear_of_notices(draft),
        false => attending(draft),
    };
    if draft.case.is_none() {
        members = draft.rules.roster.coordinators().cloned().collect();
    }
    members.retain(|member| letter.member.as_ref() != Some(&member.handle));
    members
}

fn letter_news(letter: &Posted, why: &str) -> LetterNews {
    let to = match (&letter.member, letter.participant) {
        _ if letter.is_post() => "a list, as a notice of ours".to_owned(),
        (Some(handle), _) => handle.clone(),
        (None, Some(number)) => format!("participant {number} of the case"),
        (None, None) => "a sender outside any case".to_owned(),
    };
    LetterNews {
        letter: letter.id(),
        template: letter.template.clone(),
        to,
        why: why.to_owned(),
        post: letter.is_post(),
    }
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
