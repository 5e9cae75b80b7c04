//! Mail in a member's name that no key of theirs has signed: kept, shown to nobody as theirs, and
//! never a command. The member hears of it, so that a forger is noticed and a slip is mended.

use crate::case::{CaseId, Class, Member};
use crate::desk::draft::Draft;
use crate::desk::{Opened, notify};
use crate::letter::NotObeyed;
use crate::mail::{Signature, automatic};

/// Unproven words in a member's name that name a case this member may read join that case, shown as
/// a claim: they open none of their own. True where it did.
pub fn join(draft: &mut Draft<'_>, opened: &Opened) -> bool {
    let Some(member) = claimed(draft, opened) else { return false };
    let Some(case) = named(draft, opened, &member) else { return false };
    if !draft.take_up(&case) {
        return false;
    }
    draft.file(opened, None);
    if opened.triage.class != Class::Automatic {
        notify::mail_joined(draft, opened);
    }
    true
}

/// The one case that subject and text name, where this member may read it.
fn named(draft: &Draft<'_>, opened: &Opened, member: &Member) -> Option<CaseId> {
    let text = format!("{}\n{}", opened.mail.subject, opened.mail.text);
    let named = CaseId::find_all(&text, &draft.rules.team.case_prefix);
    let readable =
        |id: &&CaseId| draft.cases.case(id).is_some_and(|case| case.readable_by(&member.handle));
    let mut found: Vec<CaseId> = named.iter().filter(readable).cloned().collect();
    found.sort();
    found.dedup();
    match found.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// The member whose address stands in From, and nothing more than that.
fn claimed(draft: &Draft<'_>, opened: &Opened) -> Option<Member> {
    let from = opened.mail.sender().map(|sender| &sender.address)?;
    draft.rules.roster.by_address(from).filter(|_| automatic(&opened.mail).is_none()).cloned()
}

/// Tells the member whose address the mail names, at most once an hour.
pub fn keep(draft: &mut Draft<'_>, opened: &Opened) {
    let Some(member) = claimed(draft, opened) else { return };
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
    notify::not_obeyed(draft, member, (told, false));
}

#[cfg(test)]
#[path = "claim_tests.rs"]
mod tests;
