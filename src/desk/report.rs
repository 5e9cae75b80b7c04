//! A mail that belongs to no case opens one: the team is told, and the sender where that is safe.

use super::draft::Draft;
use super::one_line;
use super::{Opened, notify};
use crate::case::{Actor, Class, Event, Opening, Role, Tlp};
use crate::mail::Mail;

pub fn open(draft: &mut Draft<'_>, opened: &Opened) {
    let (mail, triage) = (&opened.mail, &opened.triage);
    let private = Opening {
        title: title(mail),
        because: triage.because.clone(),
        found: triage.found.clone(),
    };
    let (class, pathway) = (triage.class, triage.pathway);
    let opening = Event::CaseOpened { class, pathway, tlp: Tlp::Red, private };
    draft.open_case(Actor::Gateway, opening);
    let participant = sender_joins(draft, opened);
    draft.file(opened, participant);
    if class.silent() {
        return;
    }
    read_in_coordinators(draft);
    notify::acknowledge(draft, opened, participant);
    notify::case_opened(draft, opened);
}

fn sender_joins(draft: &mut Draft<'_>, opened: &Opened) -> Option<u32> {
    let sender = opened.mail.sender()?;
    if draft.rules.never_participant(&sender.address) {
        return None;
    }
    let number = draft.join(&sender.name, &sender.address, role(opened.triage.class));
    draft.learn(number, &opened.mail.keys, Some(&opened.mail.evidence));
    Some(number)
}

fn role(class: Class) -> Role {
    match class {
        Class::Report | Class::BegBounty | Class::Scanner | Class::ClosedSource => Role::Finder,
        Class::Plea => Role::Maintainer,
        _ => Role::Other,
    }
}

/// Until there is a duty table, a new case goes to each coordinator, who is thereby read in.
pub fn read_in_coordinators(draft: &mut Draft<'_>) {
    let why = "got the new case, as coordinator";
    for member in draft.rules.roster.coordinators() {
        let event = Event::ReadIn { member: member.handle.clone(), why: why.to_owned() };
        draft.note(Actor::Gateway, event);
    }
}

/// The subject as the title of the case; what encrypting mail programs put there is none.
pub fn title(mail: &Mail) -> String {
    let subject = one_line(&mail.subject);
    let placeholder = ["...", "[...]", "…", "encrypted message", "encrypted email", ""];
    match placeholder.contains(&subject.to_lowercase().trim()) {
        true => "(no subject)".to_owned(),
        false => subject,
    }
}
