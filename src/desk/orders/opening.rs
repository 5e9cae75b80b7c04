//! A case that a member makes out of another one.

use super::Orders;
use super::run::Run;
use crate::case::{
    Actor, Case, Class, Deed, EmbargoState, Event, Found, Key, Opening, Participant, Pathway,
    Person, Tlp, Words,
};
use crate::command::{Opens, siren};
use crate::desk::draft::Draft;
use crate::siren::standing::{Looker, Place};
use jiff::ToSpan;
use std::collections::BTreeSet;

/// Opens it, and says so in a sentence. The orders go on in the case they were about.
pub fn open(run: &mut Run<'_>, orders: &Orders, opens: Opens) -> String {
    if let Some(post) = opens.post {
        return open_for_post(run, orders, opens, post);
    }
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

/// A case for a post seen on a list: what stands in it is public.
fn open_for_post(run: &mut Run<'_>, orders: &Orders, opens: Opens, post: u32) -> String {
    let by = Actor::Member(orders.member.handle.clone());
    let seen = run.trial.cases.posts().get(post);
    let found = seen.map(|seen| Found {
        ids: seen.post.about.clone(),
        packages: seen.post.packages.clone(),
        ..Found::default()
    });
    let private = Opening {
        title: opens.title.clone(),
        because: vec![format!("{} made it of the post O{post}", orders.member.handle)],
        found: found.unwrap_or_default(),
    };
    let (class, pathway, tlp) = (Class::List, Pathway::P0, Tlp::Clear);
    let back = run.trial.here();
    run.trial.open_case(by.clone(), Event::CaseOpened { class, pathway, tlp, private });
    run.begin(orders);
    let why = |member: &String| match *member == orders.member.handle {
        true => "made the case".to_owned(),
        false => "is a coordinator: two approve a notice".to_owned(),
    };
    let readers: BTreeSet<&String> = opens.readers.iter().collect();
    for member in readers {
        let event = Event::ReadIn { member: member.clone(), why: why(member) };
        run.trial.note(by.clone(), event);
    }
    let handlers = vec![orders.member.handle.clone()];
    run.trial.note(by.clone(), Event::Deed(Deed::HandlersSet { handlers }));
    for deed in opens.deeds {
        run.trial.note(by.clone(), Event::Deed(deed));
    }
    let said = opened_for_post(run, orders);
    run.carried.opened = run.trial.here();
    run.trial.go_to(back.as_ref());
    said
}

/// Its notice, as its author sees it first.
fn opened_for_post(run: &mut Run<'_>, orders: &Orders) -> String {
    let Some(case) = &run.trial.case else { return String::new() };
    let by = Looker::Member(&orders.member.handle);
    let (cases, rules, now) = (run.trial.cases, run.trial.rules, run.trial.now);
    let place = Place { cases, rules, case, now, by };
    if let Some(notice) = case.notices.first() {
        let shown = siren::preview(&place, notice);
        run.carried.pages.push(shown.page);
        run.carried.next.extend(shown.next);
    }
    format!("It has a case of its own, {}, handled by {}.", case.id, orders.member.handle)
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
