//! Two cases at once: what the commands about that share.
//!
//! Nobody is moved across: neither who may read a case nor who takes part in it. What moves is
//! mail, and who reads it there is named first.

use super::{Asked, Refusal, Ruling};
use crate::case::embargo::may_read_in;
use crate::case::{Case, CaseMail, Class, Deed, Status};

/// The other case, open, and not this one.
///
/// # Errors
/// It cannot be read, is over, or is this one.
pub fn target<'a>(asked: &Asked<'a>, id: &crate::case::CaseId) -> Result<&'a Case, Refusal> {
    let other = asked.other(id)?;
    if other.id == asked.case()?.id {
        return Err(Refusal::new("That is this very case."));
    }
    Ok(other)
}

/// # Errors
/// It is closed.
pub fn open(case: &Case) -> Result<(), Refusal> {
    match case.status {
        Status::Closed => Err(Refusal::new(format!(
            "{} is closed. /reopen it first, with /case {} on the line before.",
            case.id, case.id
        ))),
        _ => Ok(()),
    }
}

/// Each links to the other.
pub fn link(mut ruling: Ruling, case: &Case, other: &Case) -> Ruling {
    if !case.links.contains(&other.id) {
        ruling.deeds.push(Deed::Linked { case: other.id.clone() });
    }
    if !other.links.contains(&case.id) {
        ruling.elsewhere.push((other.id.clone(), Deed::Linked { case: case.id.clone() }));
    }
    ruling
}

/// Moves a mail; it is told there before it is let go here.
pub fn moves(mut ruling: Ruling, mail: &CaseMail, case: &Case, other: &Case) -> Ruling {
    let (mail, from, to) = (mail.mail.clone(), case.id.clone(), other.id.clone());
    let there = Deed::MailReceived { mail: mail.clone(), from: from.clone() };
    ruling.elsewhere.push((to.clone(), there));
    ruling.elsewhere.push((from, Deed::MailMoved { mail, to }));
    ruling
}

/// Asks first where mail comes before somebody who cannot read this case.
///
/// # Errors
/// The embargo of this case leaves that to a coordinator.
pub fn shown_to(
    ruling: Ruling,
    asked: &Asked<'_>,
    case: &Case,
    other: &Case,
) -> Result<Ruling, Refusal> {
    let new = other.readers.iter().filter(|reader| !case.readable_by(&reader.member));
    let new: Vec<&str> = new.map(|reader| reader.member.as_str()).collect();
    if new.is_empty() {
        return Ok(ruling);
    }
    may_read_in(case.embargo.state, asked.by.role, false).map_err(|why| {
        Refusal::new(format!("{why} Those who would read it in {}: {}.", other.id, new.join(", ")))
    })?;
    Ok(ruling.after(format!(
        "mail of {} becomes readable to {}, who may not read that case",
        case.id,
        new.join(", ")
    )))
}

/// Not a member's own orders, which belong to the case they were given in.
pub fn movable(mail: &CaseMail) -> bool {
    mail.class != Class::Orders
}
