//! A clear mail that repeats what went or came encrypted: servers on the way have read it.
//!
//! It is a fact of the case whose words they are, and each coordinator who may read that case
//! hears of it: in the letter that the mail leads to anyway, else in one of its own.

use super::draft::Draft;
use super::leak_guard::known_again;
use super::{Opened, notify};
use crate::case::{Actor, CaseId, Class, Event};
use crate::mail::Encrypted;

/// The case whose words stand in this mail in the clear: what members wrote; from a member also
/// what others wrote to us.
pub fn of(draft: &Draft<'_>, opened: &Opened) -> Option<CaseId> {
    if matches!(opened.triage.class, Class::Bounce | Class::OwnLetter | Class::List) {
        return None;
    }
    let (clear, text) = match &opened.signed {
        Some(words) => (!words.encrypted, &words.text),
        None => (opened.mail.evidence.encrypted == Encrypted::No, &opened.mail.text),
    };
    if !clear || text.trim().is_empty() {
        return None;
    }
    let sender = opened.mail.sender().map(|sender| &sender.address);
    let member = opened.signed.is_some()
        || sender.is_some_and(|from| draft.rules.roster.by_address(from).is_some());
    let found = known_again(text, &draft.rules.secrets, |passage| {
        let words = draft.cases.sealed_words(passage)?;
        (member || words.from.is_none()).then_some(&words.case)
    });
    found.cloned()
}

/// Noted in the case whose words they are, and told.
pub fn tell(draft: &mut Draft<'_>, opened: &Opened, case: &CaseId) {
    let event = Event::WordsExposed { mail: opened.arrival.mail.clone() };
    draft.note_in(case, Actor::Gateway, event);
    notify::words_exposed(draft, opened, case);
}

#[cfg(test)]
#[path = "exposure_tests.rs"]
mod tests;
