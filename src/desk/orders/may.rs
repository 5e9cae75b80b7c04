//! Who may give which command in which case.

use super::Orders;
use super::carried::plural;
use super::plan::Planned;
use crate::case::Permission;
use crate::command::{self, Command, NOT_READABLE, Needs, Refusal};
use crate::desk::draft::Draft;

/// The role, and whether the case may be read: refused in the same words whether it exists or not.
pub fn may(
    draft: &Draft<'_>,
    orders: &Orders,
    command: &Command,
    planned: &Planned,
) -> Result<(), Refusal> {
    let member = &orders.member;
    if command.needs == Needs::Member {
        return Ok(());
    }
    if planned.case.is_none() {
        return Err(Refusal::new(command::NO_CASE));
    }
    let case = draft.case.as_ref();
    if command.needs == Needs::Taker {
        // Its rule gives the same answer for a case that is not there.
        return Ok(());
    }
    let case = case.filter(|case| case.readable_by(&member.handle));
    let case = case.ok_or_else(|| Refusal::new(NOT_READABLE))?;
    let coordinator = member.role == Permission::Coordinator;
    match command.needs {
        Needs::Coordinator if !coordinator => Err(Refusal::new(format!(
            "/{} is for coordinators. Ask one: {}.",
            command.name,
            coordinators(draft)
        ))),
        Needs::Handler if !coordinator && !case.handlers.contains(&member.handle) => {
            Err(Refusal::new(format!(
                "/{} is for the handlers of the case. Send /take first, or ask {}.",
                command.name,
                match case.handlers.first() {
                    Some(lead) => lead.clone(),
                    None => coordinators(draft),
                }
            )))
        }
        _ => Ok(()),
    }
}

fn coordinators(draft: &Draft<'_>) -> String {
    let names: Vec<&str> =
        draft.rules.roster.coordinators().map(|member| member.handle.as_str()).collect();
    plural(&names)
}
