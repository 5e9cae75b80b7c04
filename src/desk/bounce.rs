//! A bounce counts only at the letter's own keyed return address. It changes that letter's fate
//! and nothing about a person, a fact or a clock.

use super::draft::Draft;
use super::letter_fate::News;
use super::{Opened, letter_fate};
use crate::mail::Address;

pub fn file(draft: &mut Draft<'_>, opened: &Opened) {
    let letter = returned_letter(draft, opened);
    draft.file(opened, None);
    let failed = opened.mail.bounce.as_ref().is_some_and(|bounce| bounce.action == "failed");
    if let (Some(number), true) = (letter, failed) {
        let status = opened.mail.bounce.as_ref().map(|bounce| bounce.status.clone());
        let why = format!("came back: {}", status.unwrap_or_default());
        letter_fate::record(draft, number, &News::CameBack { why });
    }
}

fn returned_letter(draft: &Draft<'_>, opened: &Opened) -> Option<u64> {
    let team = &draft.rules.team;
    addressed(opened)
        .filter_map(|address| address.detail_of(&team.address, &team.subaddress))
        .find_map(|token| draft.cases.letter_returned_to(token))
        .map(|letter| letter.number)
}

fn addressed(opened: &Opened) -> impl Iterator<Item = &Address> {
    opened.mail.to.iter().map(|to| &to.address).chain(&opened.mail.delivered_to)
}
