//! A case that a member makes out of another one.

use super::Orders;
use super::run::Run;
use crate::case::{
    Actor, Case, Deed, EmbargoState, Event, Found, Key, Opening, Participant, Person, Words,
};
use crate::command::Opens;
use crate::desk::draft::Draft;
use jiff::ToSpan;

/// Opens it, and says so in a sentence. The orders go on in the case they were about.
pub fn open(run: &mut Run<'_>, orders: &Orders, opens: Opens) -> String {
    let Some(from) = run.trial.case.clone() else { return String::new() };
    let by = Actor::Member(orders.member.handle.clone());
    let private = Opening {
        title: opens.title.clone(),
        because: vec![format!("{} made it out of {}", orders.member.handle, from.id)],
        found: Found::default(),
    };
    let (class, pathway, tlp) = (from.class, from.pathway, from.tlp);
    run.trial.open_case(by.clone(), Event::CaseOpened { class, pathway, tlp, private });
    let Some(new) = run.trial.here() else {
        return String::new();
    };
    run.begin(orders);
    for event in events(orders, &from, &opens) {
        run.trial.note(by.clone(), event);
    }
    run.carried.news.entry(new.clone()).or_default().did.push(format!("Made out of {}.", from.id));
    run.trial.take_up(&from.id);
    run.begin(orders);
    run.trial.note(by.clone(), Event::Deed(Deed::Linked { case: new.clone() }));
    if let Some(mail) = opens.mail {
        run.trial.note(by, Event::Deed(Deed::MailMoved { mail, to: new.clone() }));
    }
    format!("The new case is {new}, handled by {}.", orders.member.handle)
}

fn events(orders: &Orders, from: &Case, opens: &Opens) -> Vec<Event> {
    let me = orders.member.handle.clone();
    let why = |member: &String| match *member == me {
        true => "made the case".to_owned(),
        false => format!("reads {} as coordinator", from.id),
    };
    let read_in = |member: &String| Event::ReadIn { member: member.clone(), why: why(member) };
    let mut events: Vec<Event> = opens.readers.iter().map(read_in).collect();
    events.push(Event::Deed(Deed::HandlersSet { handlers: vec![me] }));
    events.push(Event::Deed(Deed::Linked { case: from.id.clone() }));
    for (person, number) in opens.people.iter().zip(1..) {
        events.extend(joins(person, number));
    }
    events.extend(embargo(from, &opens.people));
    events.extend(
        opens.mail.iter().map(|mail| {
            Event::Deed(Deed::MailReceived { mail: mail.clone(), from: from.id.clone() })
        }),
    );
    events
}

/// The same person, with the same keys, proven as they were.
fn joins(person: &Participant, participant: u32) -> Vec<Event> {
    let private =
        Person { name: person.name.clone(), address: person.address.clone(), ..Person::default() };
    let mut events = vec![Event::ParticipantJoined { participant, role: person.role, private }];
    events.extend(person.keys.iter().map(|key| Event::KeyLearned {
        participant,
        source: key.source,
        proven: key.proven,
        private: Key {
            fingerprint: Some(key.fingerprint.clone()),
            key_ids: key.key_ids.clone(),
            certificate: key.certificate.clone(),
            trouble: key.trouble.clone(),
        },
    }));
    events.push(Event::ChannelSet { participant, channel: person.channel });
    let deadline = person.deadline.map(|at| Deed::DeadlineSet { participant, at });
    events.extend(deadline.map(Event::Deed));
    events
}

/// An embargo in force holds for what is made out of the case, too; whoever accepted it has.
fn embargo(from: &Case, people: &[Participant]) -> Option<Event> {
    let mut embargo = Some(from.embargo.refused())
        .filter(|embargo| matches!(embargo.state, EmbargoState::Active))?;
    let bound = people.iter().zip(1..).filter(|(person, _)| embargo.bound.contains(&person.number));
    embargo.bound = bound.map(|(_, number)| number).collect();
    let private = Words::of(&format!("as in {}", from.id));
    Some(Event::Deed(Deed::EmbargoSet { embargo, private }))
}

/// Free cases that this member took in the last 24 hours, these very orders included.
pub fn takes(draft: &Draft<'_>, member: &str) -> usize {
    let since = draft.now.checked_sub(24.hours()).unwrap_or(draft.now);
    let earlier = draft.cases.cases().flat_map(|case| &case.taken);
    let earlier = earlier.filter(|took| took.member == member && took.at > since);
    let now = draft.entries().iter().filter(|entry| {
        matches!(&entry.event, Event::Deed(Deed::Taken { member: taker }) if taker == member)
    });
    earlier.count() + now.count()
}
