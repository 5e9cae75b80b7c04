//! Ready lines under a mail that came in: what usually follows, in lines to send back. They are
//! built from our own fields alone; a stranger's address stands in one only when it is plain.

use crate::case::{Case, Channel, Member, Participant, Permission, Role, Status};
use crate::command::people::called;
use crate::command::when::{self, Reading};
use crate::desk::Opened;
use crate::desk::answer_word::{Word, first_word};
use crate::desk::draft::Draft;
use crate::letter::ReadyLine;
use crate::mail::Address;
use jiff::tz::TimeZone;

/// Lines of one letter, at most.
const MOST: usize = 4;

pub fn lines(draft: &Draft<'_>, opened: &Opened, reader: &Member) -> Vec<ReadyLine> {
    let Some(case) = &draft.case else { return Vec::new() };
    let mut lines = Vec::new();
    if let Some(belongs) = &opened.triage.belongs {
        let writer = belongs.participant.and_then(|number| case.participant(number));
        match writer {
            Some(person) => {
                lines.extend(answered(case, person, opened, belongs.proven));
                lines.push(reply(case, person));
            }
            None => lines.extend(sent_elsewhere(draft, case, opened)),
        }
    }
    if case.handlers.is_empty() && case.status != Status::Closed {
        lines.extend(free(reader));
    }
    lines.extend(deadline(draft, case, opened));
    lines.truncate(MOST);
    lines
}

fn ready(line: String, does: String) -> ReadyLine {
    ReadyLine { line, does }
}

fn reply(case: &Case, person: &Participant) -> ReadyLine {
    let role = person.role;
    let waits = case.unsaid.iter().find(|words| words.participant == person.number);
    let does = match waits.filter(|_| person.channel == Channel::Clear) {
        Some(words) => format!(
            "words of {} to the {role} were never sent; below this line they go unencrypted, \
             once you confirm them",
            words.by
        ),
        None => format!("your text below it goes to the {role}"),
    };
    ready(format!("/send {}", called(person, case)), does)
}

/// Nobody handles it yet.
fn free(reader: &Member) -> Vec<ReadyLine> {
    let mut lines = vec![ready("/take".to_owned(), "makes you its handler".to_owned())];
    if reader.role == Permission::Coordinator {
        let does = "gives it to a member: write a handle for <who>".to_owned();
        lines.push(ready("/assign <who>".to_owned(), does));
    }
    lines.push(ready("/decline".to_owned(), "says that you do not take it".to_owned()));
    lines
}

/// One word of theirs that a handler puts into force.
fn answered(case: &Case, person: &Participant, opened: &Opened, proven: bool) -> Option<ReadyLine> {
    let who = called(person, case);
    let asked = case.embargo.proposed.is_some() || !case.embargo.binds(person.number);
    let (line, what) = match first_word(&opened.mail.text)? {
        Word::Accept if asked => (format!("/embargo accept for {who}"), "they accept"),
        Word::Decline if asked => (format!("/embargo decline for {who}"), "they decline"),
        Word::Accept if person.role != Role::Finder => {
            let does =
                format!("passes the report on to the {}, once its author agreed", person.role);
            return Some(ready(format!("/send {who} with report"), does));
        }
        Word::Withdraw => {
            (format!("/consent {who} withdrawn"), "they take back what they agreed to")
        }
        _ => return None,
    };
    let sure = match proven {
        true => "signed by their key on record",
        false => "NOT PROVEN: not signed by a key on record, so ask them another way first",
    };
    Some(ready(line, format!("records that {what}; {sure}")))
}

/// Words from an address that takes no part, in a case where one could be the finder's.
fn sent_elsewhere(draft: &Draft<'_>, case: &Case, opened: &Opened) -> Option<ReadyLine> {
    let address = &opened.mail.sender()?.address;
    let there = case.participants.iter().filter(|person| !person.left);
    let mut there: Vec<&Participant> = there.collect();
    there.sort_by_key(|person| person.role != Role::Finder);
    let person = there.first()?;
    let fits = is_plain(address) && !draft.rules.never_participant(address);
    fits.then(|| {
        ready(
            format!("/also {} {address}", called(person, case)),
            format!("if you are sure that this is another address of the {}", person.role),
        )
    })
}

/// Letters, digits and what usually stands in addresses: nothing that reads as something else.
fn is_plain(address: &Address) -> bool {
    address.as_str().chars().all(|c| c.is_ascii_alphanumeric() || "@._+-".contains(c))
}

/// A date found by triage is offered, never set.
fn deadline(draft: &Draft<'_>, case: &Case, opened: &Opened) -> Option<ReadyLine> {
    let found = opened.triage.found.deadline.as_ref()?;
    let publish_time = draft.rules.letters.publish_time;
    let reading = Reading { now: draft.now, zone: &TimeZone::UTC, publish_time };
    let at = when::instant(&found.at, &reading).ok().filter(|at| *at > draft.now)?;
    let writer = opened.mail.sender().and_then(|sender| case.participant_at(&sender.address))?;
    Some(ready(
        format!("/deadline {} for {}", at.strftime("%Y-%m-%dT%H:%MZ"), called(writer, case)),
        format!("sets the day on which the {} publishes, as we read it", writer.role),
    ))
}
