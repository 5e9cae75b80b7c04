//! `/key accept` and `/key refuse` for the key of a member: another coordinator's word on it.

use super::{Asked, Other, Refusal, Ruling};
use crate::case::Pinned;
use crate::mail::Fingerprint;

const LIST: &str = "/roster lists the members and their keys.";

/// Rules on a member's key; none where this fingerprint is no member's, so that it may be a
/// participant's.
///
/// # Errors
/// The writer may not, or there is nothing to decide.
pub fn judge(word: &str, accept: bool, asked: &Asked<'_>) -> Option<Result<Ruling, Refusal>> {
    let key = Fingerprint::parse(&word.replace(' ', ""))?;
    let pinned = asked.cases.pinned().find(|one| one.key == key && !one.left)?;
    Some(rule(pinned, accept, asked))
}

fn rule(pinned: &Pinned, accept: bool, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (member, key) = (pinned.member.clone(), pinned.key.clone());
    let refused = |what: String| Err(Refusal::new(what));
    match () {
        () if !asked.is_coordinator() => {
            refused(format!("The key of a member is accepted or refused by a coordinator. {LIST}"))
        }
        () if member == asked.by.handle => {
            refused("Your own key is for another coordinator to accept or refuse.".to_owned())
        }
        () if accept && pinned.accepted.is_some() => {
            Ok(Ruling::nothing(format!("The key of {member} is accepted already.")))
        }
        () if !accept && pinned.refused => {
            Ok(Ruling::nothing(format!("The key of {member} is refused already.")))
        }
        () => Ok(done(member, key, accept)),
    }
}

fn done(member: String, key: Fingerprint, accepted: bool) -> Ruling {
    let answer = match accepted {
        true => format!(
            "The key {} of {member} is accepted: what {member} signs with it from now on is \
             obeyed, and letters to {member} leave under it.",
            key.short()
        ),
        false => format!(
            "The key {} of {member} is refused: nothing signed with it is obeyed, and letters to \
             {member} wait. Take it out of the configuration.",
            key.short()
        ),
    };
    let other = vec![Other::MemberKey { member, key, accepted }];
    Ruling { answer, other, ..Ruling::default() }
}
