//! Which case a mail belongs to. Belonging gives no rights, and says nothing of who writes.

use super::extract::{Scope, found};
use super::reading::{Reading, unquoted_text};
use super::{Belonging, Certainty, Link, Question, Rule, Triage, list_traffic};
use crate::case::{Case, CaseId, Class, Participant, Role, Status, codes_in};
use crate::mail::{KeyOrigin, Mail};

pub const RULE: Rule = Rule { name: "follow-up", check };

/// Characters of a reply address' token.
const TOKEN_CHARS: usize = 16;

fn check(question: &Question<'_>) -> Option<Triage> {
    if list_traffic::carries(question).is_some() {
        return None;
    }
    let (belongs, why) = belonging(question)?;
    let case = question.cases.case(&belongs.case)?;
    let mut triage = Triage::new(Class::FollowUp, case.pathway, why);
    triage.because.push(who(question, case, &belongs));
    if case.status == Status::Closed {
        triage.because.push(format!("{} is closed.", case.id));
    }
    triage.certain = match (belongs.participant, belongs.proven) {
        (Some(_), true) => Certainty::Certain,
        (Some(_), false) => Certainty::Likely,
        (None, _) => Certainty::Doubtful,
    };
    triage.found = found(question.mail, &Reading::of(question.mail), Scope::Own);
    triage.belongs = Some(belongs);
    Some(triage)
}

/// The case a mail belongs to, by the first link that holds, and the sentence that says so.
pub fn belonging(question: &Question<'_>) -> Option<(Belonging, String)> {
    const LINKS: [fn(&Question<'_>) -> Linked; 6] =
        [by_token, by_code, by_message_id, by_signed_number, by_number, by_own_thread];
    let (id, by, why) = LINKS.iter().find_map(|link| link(question))?;
    let case = question.cases.case(&id)?;
    let person = participant(question, case);
    let belongs = Belonging {
        case: id,
        by,
        participant: person.map(|person| person.number),
        proven: person.is_some_and(|person| is_proven(question.mail, person)),
    };
    Some((belongs, why))
}

fn participant<'a>(question: &Question<'_>, case: &'a Case) -> Option<&'a Participant> {
    question.sender().and_then(|from| case.participant_at(from))
}

/// A good signature over the whole mail, by this participant's own proven key.
fn is_proven(mail: &Mail, person: &Participant) -> bool {
    let Some(signed) = mail.evidence.signed() else { return false };
    let holds = signed.key == KeyOrigin::OnRecord && signed.alive_now && !signed.meant_for_others;
    let theirs = person.keys.iter().any(|key| key.proven && key.fingerprint == signed.signer);
    holds && theirs && !mail.evidence.from_mismatch
}

fn who(question: &Question<'_>, case: &Case, belongs: &Belonging) -> String {
    let person = belongs.participant.and_then(|number| case.participant(number));
    let Some(person) = person else {
        return "From an address that takes no part: shown as unverified, subscribed to nothing."
            .to_owned();
    };
    let role = match person.role {
        Role::Finder => "the finder",
        Role::Maintainer => "a maintainer",
        Role::Reporter => "the reporter",
        Role::Other => "a participant",
    };
    if belongs.proven {
        return format!("From {role}, signed by the key on record.");
    }
    match question.mail.evidence.signed() {
        Some(_) => format!("From the address of {role}, signed by a key that is not on record."),
        None => format!("From the address of {role}, not signed by the key on record: unproven."),
    }
}

type Linked = Option<(CaseId, Link, String)>;

/// Our address with a token of ours behind it. First in the cases that are near, then in all.
fn by_token(question: &Question<'_>) -> Linked {
    let cases = question.cases;
    for detail in question.details().filter(|detail| detail.len() == TOKEN_CHARS) {
        let is_its_own = |case: &&Case| {
            case.participants.iter().any(|person| {
                let token =
                    &question.rules.secrets.token(&case.id, person.number, person.generation);
                *token == detail
            })
        };
        let near = question.sender().and_then(|from| cases.cases_of(from).find(is_its_own));
        if let Some(case) = near.or_else(|| cases.cases().find(is_its_own)) {
            let why = format!("Sent to a reply address of {}.", case.id);
            return Some((case.id.clone(), Link::Code, why));
        }
    }
    None
}

/// A code in a case line of ours, quoted or not. The number beside it must be its own.
fn by_code(question: &Question<'_>) -> Linked {
    if !question.mail.text.contains('[') && !question.mail.subject.contains('[') {
        return None;
    }
    let text = unquoted_text(&format!("{}\n{}", question.mail.subject, question.mail.text));
    let named = case_numbers(question, &text);
    let letters = codes_in(&text).filter_map(|code| question.cases.letter_with_code(code));
    let mut linked: Vec<(&CaseId, String)> = Vec::new();
    for letter in letters {
        if let Some(id) = letter.case.as_ref().filter(|id| named.contains(id)) {
            linked.push((
                id,
                format!("It quotes our letter {} of {id}, with its code.", letter.id()),
            ));
        }
    }
    let takes_part = |(id, _): &&(&CaseId, String)| {
        question.cases.case(id).is_some_and(|case| participant(question, case).is_some())
    };
    let (id, why) = linked.iter().find(takes_part).or(linked.first())?;
    Some(((*id).clone(), Link::Code, why.clone()))
}

fn by_message_id(question: &Question<'_>) -> Linked {
    let letter = question
        .mail
        .answers()
        .find_map(|id| question.cases.letter_of(id).filter(|letter| letter.case.is_some()))?;
    let id = letter.case.clone()?;
    let why = format!("It answers our letter {} of {id}.", letter.id());
    Some((id, Link::MessageId, why))
}

/// The case number, in text under a good signature by a proven key of that very case.
fn by_signed_number(question: &Question<'_>) -> Linked {
    let mail = question.mail;
    let signed = mail.evidence.signed()?;
    if signed.key != KeyOrigin::OnRecord || !signed.alive_now || signed.meant_for_others {
        return None;
    }
    let subject = if mail.evidence.protected_headers { mail.subject.as_str() } else { "" };
    let numbers = case_numbers(question, &format!("{subject}\n{}", mail.text));
    let known = |case: &&Case| {
        let mut keys = case.participants.iter().flat_map(|person| &person.keys);
        keys.any(|key| key.proven && key.fingerprint == signed.signer)
    };
    let case = numbers.iter().filter_map(|id| question.cases.case(id)).find(known)?;
    let why = format!("It names {} in text signed by a key on record there.", case.id);
    Some((case.id.clone(), Link::SignedNumber, why))
}

fn by_number(question: &Question<'_>) -> Linked {
    let from = question.sender()?;
    let text = format!("{}\n{}", question.mail.subject, question.mail.text);
    let numbers = case_numbers(question, &text);
    let takes_part = |case: &&Case| case.participant_at(from).is_some();
    let case = numbers.iter().filter_map(|id| question.cases.case(id)).find(takes_part)?;
    let why = format!("It names {}, from an address that takes part.", case.id);
    Some((case.id.clone(), Link::Number, why))
}

/// Somebody answers their own earlier mail, before a letter of ours has reached them.
fn by_own_thread(question: &Question<'_>) -> Linked {
    let from = question.sender()?;
    let cases = question.cases;
    let filed = question.mail.answers().filter_map(|id| cases.case_of_message(id));
    let mut cases = filed.filter_map(|id| cases.case(id));
    let case = cases.find(|case| case.participant_at(from).is_some())?;
    let why =
        format!("It answers an earlier mail of {}, from an address that takes part.", case.id);
    Some((case.id.clone(), Link::MessageId, why))
}

/// Our case numbers in a text, in any case of letters.
pub fn case_numbers(question: &Question<'_>, text: &str) -> Vec<CaseId> {
    let prefix = question.rules.team.case_prefix.as_bytes();
    let head = |at: usize| text.as_bytes().get(at.checked_sub(prefix.len())?..at);
    let named = |at| head(at).is_some_and(|head: &[u8]| head.eq_ignore_ascii_case(prefix));
    // A look at the dashes is cheaper than one at each word.
    let mut dashes = text.match_indices('-').map(|(at, _)| at);
    if dashes.any(named) {
        CaseId::find_all(text, &question.rules.team.case_prefix)
    } else {
        Vec::new()
    }
}

/// Numbers of ours in a mail that belongs to no case: handlers hear of them, nobody else does.
pub fn named_only(question: &Question<'_>) -> Option<String> {
    let text = format!("{}\n{}", question.mail.subject, question.mail.text);
    let id = case_numbers(question, &text).into_iter().next()?;
    Some(format!("It names {id}, but nothing shows that it belongs there: link it if it does."))
}

#[cfg(test)]
#[path = "follow_up_tests.rs"]
mod tests;
