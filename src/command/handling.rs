//! Who handles a case: what the commands about it share.

use super::{Asked, Other, Refusal, Ruling};
use crate::case::embargo::may_read_in;
use crate::case::{Case, Deed, Member};

/// "nobody", "val", "val and vic", as an answer says it.
pub fn names(handlers: &[String]) -> String {
    match handlers {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Handlers: before, and from now on.
pub fn set(case: &Case, handlers: Vec<String>) -> Ruling {
    let (before, now) = (names(&case.handlers), names(&handlers));
    let answer = format!("Handlers: {before} before, {now} now.");
    Ruling::of(Deed::HandlersSet { handlers }, answer)
}

/// Reading in somebody who is to handle the case and may not read it yet.
///
/// # Errors
/// The embargo in force leaves that to a coordinator.
pub fn reads_in(asked: &Asked<'_>, case: &Case, member: &Member) -> Result<Option<Other>, Refusal> {
    if case.readable_by(&member.handle) {
        return Ok(None);
    }
    may_read_in(case.embargo.state, asked.by.role, false).map_err(|why| {
        Refusal::new(format!("{why} A coordinator can send /assign {}.", member.handle))
    })?;
    let why = format!("handles the case, by {}", asked.by.handle);
    Ok(Some(Other::ReadIn { member: member.handle.clone(), why }))
}

/// The handlers without this member.
///
/// # Errors
/// They are the last one.
pub fn without(asked: &Asked<'_>) -> Result<Vec<String>, Refusal> {
    let case = asked.case()?;
    let left: Vec<String> =
        case.handlers.iter().filter(|one| **one != asked.by.handle).cloned().collect();
    if left.is_empty() {
        return Err(Refusal::new(
            "You are the last handler, and a case is not left without one. Send /handover with \
             the handle of who takes your place, or /assign somebody first.",
        ));
    }
    Ok(left)
}
