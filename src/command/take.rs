//! `/take`: the member handles the case from now on, or asks for it.

use super::handling;
use super::words::Words;
use super::{Asked, Command, Needs, Plea, Refusal, Rule, Ruling};
use crate::case::{Case, Class, Deed, Status};
use crate::limits::TAKES_A_DAY;

pub const TAKE: Command = Command {
    name: "take",
    usage: "/take",
    summary: "You handle the case from now on, and may read it.",
    help: "\
A case that nobody handles and that is under no embargo is yours at once: you are its lead, you \
may read it, and the coordinators hear of it. You can take three such cases in 24 hours.\n\n\
Any other case is asked for: a handler or a coordinator grants it with /assign. You hear from us \
when that is done.\n\n\
Nothing is written to anybody outside. Example: /take",
    needs: Needs::Taker,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(take),
};

/// The same for a case that is not there and for one that is somebody's, closed or secret: who may
/// not read a case learns nothing of it here.
const ASKED: &str = "Asked for. A handler or a coordinator grants it with /assign; until then you \
                     can read no more than before.";

fn take(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let me = &asked.by.handle;
    let Some(case) = asked.any_case() else { return Ok(Ruling::nothing(request(asked))) };
    let reads = case.readable_by(me);
    if reads && asked.is_handler() {
        return Ok(Ruling::nothing("You handle this case already."));
    }
    match () {
        () if is_free(case) && asked.takes < TAKES_A_DAY => taken(asked, case),
        () if reads && asked.is_coordinator() => joined(asked, case),
        () => Ok(wanted(asked, case)),
    }
}

/// Nobody's, and nothing that only some may know.
fn is_free(case: &Case) -> bool {
    case.handlers.is_empty()
        && !case.embargo.in_force()
        && case.status != Status::Closed
        && case.class != Class::Spam
}

fn taken(asked: &Asked<'_>, case: &Case) -> Result<Ruling, Refusal> {
    let me = asked.by.handle.clone();
    let mut ruling = joined(asked, case)?.and(Deed::Taken { member: me });
    if let Some(report) = case.report_number().filter(|_| !case.readable_by(&asked.by.handle)) {
        let line = format!("/original {report}");
        ruling.next.insert(0, (line, "sends you the report itself, as it came".to_owned()));
    }
    ruling.other.extend(handling::reads_in(asked, case, asked.by)?);
    Ok(ruling)
}

fn joined(asked: &Asked<'_>, case: &Case) -> Result<Ruling, Refusal> {
    let mut handlers = case.handlers.clone();
    handlers.push(asked.by.handle.clone());
    Ok(handling::set(case, handlers)
        .then("/valid", "we believe the report, and its finder hears that")
        .then("/reject not-credible", "or another reason: it is none for us"))
}

fn wanted(asked: &Asked<'_>, case: &Case) -> Ruling {
    let member = asked.by.handle.clone();
    match case.asked_to_take.contains(&member) {
        true => Ruling::nothing(request(asked)),
        false => {
            let plea = plea(&member, case);
            Ruling { plea: Some(plea), ..Ruling::of(Deed::TakeAsked { member }, request(asked)) }
        }
    }
}

fn plea(member: &str, case: &Case) -> Plea {
    let reads = case.readable_by(member);
    Plea {
        asks: format!("{member} would like to handle this case."),
        line: format!("/assign {member}"),
        does: match reads {
            true => format!("makes {member} a handler"),
            false => format!("makes {member} a handler, who may then read all of the case"),
        },
    }
}

fn request(asked: &Asked<'_>) -> String {
    match asked.takes < TAKES_A_DAY {
        true => ASKED.to_owned(),
        false => format!("You took {TAKES_A_DAY} cases in the last 24 hours. {ASKED}"),
    }
}

#[cfg(test)]
#[path = "take_tests.rs"]
mod tests;
