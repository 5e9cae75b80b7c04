//! Mail in a member's name that no key of theirs has signed: kept, shown to nobody as theirs, and
//! never a command. The member hears of it, so that a forger is noticed and a slip is mended.

use crate::case::Member;
use crate::desk::draft::Draft;
use crate::desk::{Opened, notify};
use crate::letter::NotObeyed;
use crate::mail::{Signature, automatic};

/// Tells the member whose address the mail names, at most once an hour.
pub fn keep(draft: &mut Draft<'_>, opened: &Opened) {
    let sender = opened.mail.sender().map(|sender| &sender.address);
    let member = sender.and_then(|from| draft.rules.roster.by_address(from)).cloned();
    let Some(member) = member.filter(|_| automatic(&opened.mail).is_none()) else { return };
    tell(draft, opened, &member);
}

fn tell(draft: &mut Draft<'_>, opened: &Opened, member: &Member) {
    let why = match &opened.mail.evidence.signature {
        Signature::None | Signature::Unknown => "It was not signed.".to_owned(),
        Signature::Good(_) | Signature::UnknownKey { .. } => {
            "It was signed by another key than yours on the roster.".to_owned()
        }
        Signature::Partly(_) => "Your signature does not cover the whole mail.".to_owned(),
        Signature::Bad { why } => why.clone(),
    };
    let claim = matches!(opened.mail.evidence.signature, Signature::None | Signature::Unknown);
    let received = opened.arrival.received;
    let told = NotObeyed { received, signed: None, key: None, why: vec![why], claim };
    notify::not_obeyed(draft, member, told);
}
