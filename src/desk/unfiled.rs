//! Mail that cannot be opened is quarantined, and opens a case from its outer header all the
//! same, so that somebody owns it.

use super::draft::Draft;
use super::{Trouble, Unfiled, notify, report, verdict};
use crate::case::{Actor, Class, Event, Found, Opening, Pathway, Quarantined, Role, Tlp};
use crate::mail::automatic;

pub fn quarantine(draft: &mut Draft<'_>, unfiled: &Unfiled) {
    let why = words(&unfiled.trouble);
    let known = unfiled.arrival.twin.as_ref().is_some_and(|case| draft.take_up(case));
    // The same mail by another route, tried again in vain, automatic mail and list traffic: nobody
    // is woken.
    if known || unfiled.arrival.retried.is_some() || automatic(&unfiled.header).is_some() {
        return park(draft, unfiled, &why);
    }
    let private = Opening {
        title: report::title(&unfiled.header),
        because: vec![why.clone(), "In doubt it is a report.".to_owned()],
        found: Found::default(),
    };
    let (class, pathway) = (Class::Report, Pathway::P1);
    draft.open_case(Actor::Gateway, Event::CaseOpened { class, pathway, tlp: Tlp::Red, private });
    let participant = unfiled.header.sender().cloned().and_then(|sender| {
        let stranger = !draft.rules.never_participant(&sender.address);
        stranger.then(|| draft.join(&sender.name, &sender.address, Role::Finder))
    });
    park(draft, unfiled, &why);
    report::read_in_coordinators(draft);
    notify::not_taken_in(draft, unfiled, participant, &why);
}

fn park(draft: &mut Draft<'_>, unfiled: &Unfiled, why: &str) {
    let arrival = &unfiled.arrival;
    let quarantined = Quarantined {
        quarantine: arrival.retried.unwrap_or_else(|| draft.cases.next_quarantine()),
        mail: arrival.mail.clone(),
        exact: arrival.exact.clone(),
        mailbox: arrival.mailbox.clone(),
        bytes: arrival.bytes,
        why: why.to_owned(),
    };
    draft.note(Actor::Gateway, Event::MailQuarantined(quarantined));
}

fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::TooLarge { limit } => format!(
            "The mail is larger than the limit of {}; only its header was read.",
            verdict::size(*limit)
        ),
        Trouble::Unparsable { why } => format!("The mail is not in a form we can read: {why}"),
        Trouble::Poison { why } => format!("Opening the mail failed again and again: {why}"),
    }
}
