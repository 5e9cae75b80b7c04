//! WHERE IT STANDS: the card of a case, as it stands in letters to the team.

use super::draft::Draft;
use crate::case::{Case, EmbargoState, Status, business_days_after};
use crate::letter::CaseCard;

pub fn card(draft: &Draft<'_>, case: &Case) -> CaseCard {
    let assess = (case.status == Status::Received)
        .then(|| business_days_after(case.opened, draft.rules.letters.assess_days));
    CaseCard {
        status: case.status.to_string(),
        handlers: case.handlers.clone(),
        embargo: match case.embargo {
            EmbargoState::None => "none agreed. Keep silent.".to_owned(),
            other => other.to_string(),
        },
        read_in: case.readers.iter().map(|reader| reader.member.clone()).collect(),
        waits_for: waits_for(case).to_owned(),
        channel: channels(case),
        assess_by: assess,
        sent: sent(draft, case),
    }
}

fn waits_for(case: &Case) -> &'static str {
    match (case.status, case.handlers.is_empty()) {
        (Status::Closed, _) => "nobody",
        (_, true) => "us, to take it",
        (_, false) => "its handlers",
    }
}

fn channels(case: &Case) -> String {
    let channels: Vec<String> = case
        .participants
        .iter()
        .map(|person| format!("{} ({}): {}", person.role, person.number, person.channel))
        .collect();
    match channels.is_empty() {
        true => "nobody to write to".to_owned(),
        false => channels.join(", "),
    }
}

/// Letters to outsiders in this case, this decision's own included.
fn sent(draft: &Draft<'_>, case: &Case) -> Vec<String> {
    let earlier = draft.cases.letters_in(&case.id).filter(|letter| letter.member.is_none());
    let now = draft.letters().iter().filter(|letter| letter.to.member.is_none());
    let earlier =
        earlier.map(|letter| format!("{} {} ({})", letter.id(), letter.template, letter.state));
    earlier
        .chain(now.map(|letter| {
            format!("L{} {} (on its way)", letter.number, letter.wording.form().number)
        }))
        .collect()
}
