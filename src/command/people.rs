//! What commands about people share.

use super::words::Words;
use super::{Asked, Refusal};
use crate::case::{Case, Participant};
use crate::command::who;
use crate::limits::{LINE_CHARS, VALUE_CHARS};
use crate::mail::{Address, clean};

/// An address that may take part, and does not yet.
///
/// # Errors
/// It is ours, a member's, a list's, or it takes part already.
pub fn new_address(address: &Address, asked: &Asked<'_>, case: &Case) -> Result<(), Refusal> {
    if asked.rules.never_participant(address) {
        return Err(Refusal::new(format!(
            "{address} is ours, a member's or a list's, and never takes part in a case. For a \
             member: /readin <who>."
        )));
    }
    match case.participant_at(address) {
        Some(person) => Err(Refusal::new(format!(
            "{address} takes part already, as {}. To write to them: /send {} .",
            person.role,
            called(person, case)
        ))),
        None => Ok(()),
    }
}

/// Who was removed stays so, for everybody but a coordinator.
///
/// # Errors
/// A coordinator removed that address.
pub fn not_removed(address: &Address, asked: &Asked<'_>, case: &Case) -> Result<(), Refusal> {
    let same = |person: &&Participant| {
        person.left && (person.address.as_ref() == Some(address) || person.also.contains(address))
    };
    match case.participants.iter().find(same) {
        Some(_) if !asked.is_coordinator() => Err(Refusal::new(format!(
            "{address} was removed from this case. A coordinator can bring them back: /add."
        ))),
        _ => Ok(()),
    }
}

/// The number the next participant gets.
pub fn next_number(case: &Case) -> u32 {
    u32::try_from(case.participants.len()).unwrap_or(u32::MAX).saturating_add(1)
}

/// How a line to send back names them: by role where that is enough, else by address.
pub fn called(person: &Participant, case: &Case) -> String {
    let role = person.role.to_string();
    match (who::participant(&role, case), &person.address) {
        (Err(_), Some(address)) => address.to_string(),
        (Err(_), None) => person.number.to_string(),
        (Ok(_), _) => role,
    }
}

/// The rest of the line, which says why.
///
/// # Errors
/// There is none, or it is too long.
pub fn reason<'a>(words: &mut Words<'a>) -> Result<&'a str, Refusal> {
    let reason = words.rest();
    if reason.is_empty() {
        return Err(Refusal::new("A few words are missing at the end: why?"));
    }
    if reason.chars().count() > VALUE_CHARS {
        return Err(words.slip(format!("a reason has at most {VALUE_CHARS} characters")).into());
    }
    Ok(reason)
}

/// A word of the line as an answer repeats it.
pub fn shown(word: &str) -> String {
    clean::cut(&clean::line(word), LINE_CHARS)
}

/// "1 file", "3 files"
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
