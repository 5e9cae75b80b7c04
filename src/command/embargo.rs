//! `/embargo`: the terms of silence, who agreed to them, and their early end.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, dates, wait, who};
use crate::case::embargo::{Answer, Embargo, Proposal};
use crate::case::{self, Case, CaseMail, Class, Deed, EmbargoState, Participant, Role, Status};
use crate::limits::VALUE_CHARS;
use crate::mail::clean;
use std::collections::BTreeSet;

pub const EMBARGO: Command = Command {
    name: "embargo",
    usage: "/embargo until <instant> [for <who>] | accept|decline for <who> | lift <reason>",
    summary: "Proposes an end of silence, records who agreed to it, ends it early.",
    help: "\
/embargo until 2027-01-15T14:00Z proposes an end: of a new embargo, or another end for the one in \
force. With for finder it is the finder's own proposal, and they are bound by it.

/embargo accept for maintainer and /embargo decline for maintainer record what somebody wrote to \
us. Their newest mail in this case is kept as the evidence; without a mail of theirs there is \
nothing to record. The embargo is in force when every finder, maintainer and reporter who takes \
part has accepted; with one refusal things stay as they were. Silence agrees to nothing.

/embargo lift <reason> ends it early, or withdraws what is only proposed: by a coordinator, and \
always after a confirmation.

No embargo ends later than 180 days after its first proposal, or more than 14 days ahead once a \
fix is ready; its end moves later three times at most. While it is in force nothing of the case \
goes public, the case stays open, and only who accepted it may be read in without a coordinator.

Nobody outside is told of it by us yet: /send them the terms.

/embargo until +30d",
    needs: Needs::Handler,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(embargo),
};

const FORMS: &[&str] = &["until", "accept", "decline", "lift"];

fn embargo(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let form = words.one_of("what about it", FORMS)?;
    let closed = asked.case()?.status == Status::Closed;
    match form {
        "lift" => lift(words, asked),
        _ if closed => {
            Err(Refusal::new("The case is closed. /reopen with a reason takes it up again."))
        }
        "until" => propose(words, asked),
        answer => record(words, asked, answer == "accept"),
    }
}

fn propose(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let until = dates::instant(words, asked)?;
    let person = match words.keyword("for") {
        true => Some(who::participant(words.word("whose proposal it is")?, case)?),
        false => None,
    };
    let evidence = person.map(|person| evidence(case, person)).transpose()?;
    let proposal = Proposal { until, by: person.map(|person| person.number) };
    let next = case.embargo.propose(&proposal, asked.now, &case.facts).map_err(Refusal::new)?;
    let ruling = set(asked, case, next, evidence.as_ref());
    let open = asked_of(case).into_iter().filter_map(|number| case.participant(number));
    let open = open.filter(|one| proposal.by != Some(one.number));
    Ok(open.fold(ruling, |ruling, one| {
        let name = named(one, case);
        ruling
            .then(format!("/send {name}"), "tells them the terms: the text is yours")
            .then(format!("/embargo accept for {name}"), "records that they agreed")
    }))
}

fn record(words: &mut Words<'_>, asked: &Asked<'_>, accepted: bool) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if !words.keyword("for") {
        return Err(Refusal::new("Whose answer is it? End the line with: for finder"));
    }
    let person = who::participant(words.word("whose answer it is")?, case)?;
    let evidence = evidence(case, person)?;
    let answer = Answer { participant: person.number, accepted, asked: &asked_of(case) };
    let next = case.embargo.answer(&answer, asked.now, &case.facts).map_err(Refusal::new)?;
    if next == case.embargo {
        return Ok(Ruling::nothing("That is on record already."));
    }
    let early = case.embargo.since.is_some_and(|since| evidence.mail.at < since);
    let ruling = set(asked, case, next, Some(&evidence));
    Ok(match early {
        true => ruling.after(format!(
            "the newest mail of {} is older than the first proposal",
            wait::the(person, case)
        )),
        false => ruling,
    })
}

fn lift(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if !asked.is_coordinator() {
        let names: Vec<&str> =
            asked.rules.roster.coordinators().map(|one| one.handle.as_str()).collect();
        let who = names.join(", ");
        return Err(Refusal::new(format!("Only a coordinator lifts an embargo. Ask one: {who}.")));
    }
    let next = case.embargo.lift().map_err(Refusal::new)?;
    let reason = clean::line(words.rest());
    if reason.is_empty() {
        return Err(Refusal::new("Say why, behind it: /embargo lift it is in the news"));
    }
    if reason.chars().count() > VALUE_CHARS {
        return Err(words.slip(format!("a reason has at most {VALUE_CHARS} characters")).into());
    }
    let answer =
        format!("{} Nobody outside is told by us yet.", change(asked, &case.embargo, &next));
    let deed = Deed::EmbargoSet { embargo: next, private: case::Words::of(&reason) };
    Ok(Ruling::of(deed, answer)
        .after("it lifts the embargo of this case")
        .then("/send finder maintainer", "tells them: the text is yours"))
}

/// A mail that an answer is recorded from, by its number in the case.
struct Evidence<'a> {
    number: usize,
    mail: &'a CaseMail,
    whose: String,
}

/// The newest mail that somebody wrote themselves.
fn evidence<'a>(case: &'a Case, person: &Participant) -> Result<Evidence<'a>, Refusal> {
    let whose = wait::the(person, case);
    let wrote = |mail: &CaseMail| {
        let robot = matches!(mail.class, Class::Automatic | Class::Bounce | Class::Challenge);
        mail.participant == Some(person.number) && !robot
    };
    let newest = case.mails.iter().enumerate().rfind(|(_, mail)| wrote(mail));
    let (at, mail) = newest.ok_or_else(|| {
        Refusal::new(format!(
            "There is no mail of {whose} in this case that would be evidence of it."
        ))
    })?;
    Ok(Evidence { number: at + 1, mail, whose })
}

fn set(asked: &Asked<'_>, case: &Case, next: Embargo, evidence: Option<&Evidence<'_>>) -> Ruling {
    let mut answer = change(asked, &case.embargo, &next);
    let mut words = String::new();
    if let Some(Evidence { number, mail, whose }) = evidence {
        let at = dates::told(mail.at, asked);
        answer.push_str(&format!(" Evidence: mail {number}, of {whose}, {at}."));
        words = format!("evidence: mail {}", mail.mail);
    }
    answer.push_str(" Nobody outside is told by us yet.");
    Ruling::of(Deed::EmbargoSet { embargo: next, private: case::Words::of(&words) }, answer)
}

fn change(asked: &Asked<'_>, before: &Embargo, after: &Embargo) -> String {
    format!("Embargo: {}, now {}.", told(before, asked), told(after, asked))
}

/// "in force until …, … is proposed, accepted by 1 so far"
fn told(embargo: &Embargo, asked: &Asked<'_>) -> String {
    let at = |at| dates::told_or(at, asked, "no date");
    let proposed = || match embargo.answers.values().filter(|yes| **yes).count() {
        0 => format!("until {} is proposed", at(embargo.proposed)),
        some => format!("until {} is proposed, accepted by {some} so far", at(embargo.proposed)),
    };
    let until = at(embargo.until);
    match embargo.state {
        EmbargoState::None => "none".to_owned(),
        EmbargoState::Proposed => proposed(),
        EmbargoState::Active => format!("in force until {until}"),
        EmbargoState::Revise => format!("in force until {until}; {}", proposed()),
        EmbargoState::Exited => "over".to_owned(),
    }
}

/// Whose acceptance puts an end into force: everybody with a part in the disclosure itself.
fn asked_of(case: &Case) -> BTreeSet<u32> {
    let part = |one: &&Participant| !one.left && one.role != Role::Other;
    case.participants.iter().filter(part).map(|one| one.number).collect()
}

/// As a command names them.
fn named(person: &Participant, case: &Case) -> String {
    match who::participant(&person.role.to_string(), case) {
        Ok(_) => person.role.to_string(),
        Err(_) => person.number.to_string(),
    }
}

#[cfg(test)]
#[path = "embargo_tests.rs"]
mod tests;
