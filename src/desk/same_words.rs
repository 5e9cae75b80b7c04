//! The same words from two addresses: somebody passes on what another wrote, or replays it as
//! their own. It is never a duplicate, both senders are unproven, and the handlers are warned.

use super::draft::Draft;
use crate::case::{Case, HouseRules};
use crate::mail::Mail;

/// Characters from which words are somebody's own; below, people write the same by chance.
const OWN_CHARS: usize = 60;

/// By which the words of this mail are known again, however they were wrapped and encrypted.
pub fn digest(rules: &HouseRules, mail: &Mail) -> Option<String> {
    let words: Vec<&str> = mail.text.split_whitespace().collect();
    let words = words.join(" ");
    (words.chars().count() >= OWN_CHARS).then(|| rules.secrets.words(&words))
}

/// The warning for this reader. It names a case only to those who may read that case.
pub fn warning(draft: &Draft<'_>, mail: &Mail, reader: &str) -> Option<String> {
    let digest = digest(draft.rules, mail)?;
    let sender = mail.sender().map(|sender| &sender.address);
    let from_another = |case: &&Case| {
        let mut same = case.mails.iter().filter(|one| one.words.as_ref() == Some(&digest));
        same.any(|one| one.from.as_ref() != sender)
    };
    let case = draft.cases.cases_with_words(&digest).find(from_another)?;
    let this = draft.case.as_ref().is_some_and(|this| this.id == case.id);
    Some(match (this, case.readable_by(reader)) {
        (true, _) => "The same words came in this case from another address.".to_owned(),
        (_, true) => format!("The same words came in case {} from another address.", case.id),
        (_, false) => {
            "The same words came from another address; ask the duty coordinator.".to_owned()
        }
    })
}
