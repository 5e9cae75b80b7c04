//! What the team hears of watched lists: candidates for notices, and posts that touch a case.

use super::{attending, to_member};
use crate::case::Member;
use crate::desk::draft::Draft;
use crate::letter::{ListAlarm, PostDigest, Wording};

/// To the coordinators; where there is none, to every member. It speaks of no case.
pub fn post_digest(draft: &mut Draft<'_>, digest: &PostDigest) {
    draft.put_down();
    let roster = &draft.rules.roster;
    let mut members: Vec<Member> = roster.coordinators().cloned().collect();
    if members.is_empty() {
        members = roster.members.clone();
    }
    for member in members {
        to_member(draft, &member, Wording::PostDigest(Box::new(digest.clone())));
    }
}

/// To those who attend to the case taken up, and to nobody else.
pub fn list_alarm(draft: &mut Draft<'_>, alarm: &ListAlarm) {
    for member in attending(draft) {
        to_member(draft, &member, Wording::ListAlarm(Box::new(alarm.clone())));
    }
}
