//! A bounce counts only at the letter's own keyed return address, which triage has looked for. It
//! changes that letter's fate and nothing about a person, a fact or a clock.

use super::draft::Draft;
use super::letter_fate::News;
use super::{Opened, letter_fate};

pub fn file(draft: &mut Draft<'_>, opened: &Opened) {
    draft.file(opened, None);
    let Some(number) = opened.triage.letter else { return };
    let why = match &opened.mail.bounce {
        Some(bounce) if bounce.action == "failed" => format!("came back: {}", bounce.status),
        // Delayed, relayed, delivered: the letter is still on its way, or there.
        Some(_) => return,
        None => "came back, in an old form that gives no status".to_owned(),
    };
    letter_fate::record(draft, number, &News::CameBack { why });
}
