//! Mail signed by a member of the roster. This version carries out no commands: the words are
//! kept with their case, nothing is done, and the member is told so at the roster address.

use super::Opened;
use super::draft::Draft;
use crate::case::{Actor, CaseId};

pub fn keep(draft: &mut Draft<'_>, opened: &Opened) {
    let Some(signed) = opened.mail.evidence.signed() else {
        return draft.file(opened, None);
    };
    let Some(member) = draft.rules.roster.by_key(&signed.signer) else {
        return draft.file(opened, None);
    };
    if let Some(case) = readable_case(draft, opened, &member.handle) {
        draft.take_up(&case);
    }
    draft.file_by(Actor::Member(member.handle.clone()), opened);
}

/// The case it names, where this member may read that case; any other stays unnamed.
fn readable_case(draft: &Draft<'_>, opened: &Opened, handle: &str) -> Option<CaseId> {
    let belongs = opened.triage.belongs.as_ref()?;
    let case = draft.cases.case(&belongs.case)?;
    case.readable_by(handle).then(|| case.id.clone())
}
