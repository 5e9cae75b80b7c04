//! `/release`: lets a held letter leave after all, as it is.

use super::words::Words;
use super::{Asked, Command, Needs, Other, Refusal, Rule, Ruling, dates, siren, wait};
use crate::case::{Case, LetterState, Posted, facts};
use crate::siren::standing::forbids;

pub const RELEASE: Command = Command {
    name: "release",
    usage: "/release L<number>",
    summary: "Lets a letter that was held leave after all.",
    help: "\
For letters of this case to people outside that were held: by /hold, or because something was \
claimed while an embargo is in force. The letter leaves as it was written: the same words, reader \
and key. A confirmation is always asked for. /hold stops it again while it waits.

Not a letter whose reader has left the case, or whose key or channel was changed since it was \
written: write it anew with /send. Not while a claim stands, but for a coordinator. A letter that \
waits for its reader's key leaves when there is one.

A post to a list that was held, or that the list refused, is let go by a coordinator, who has \
looked that it is not there.

/release L17",
    needs: Needs::Handler,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(release),
};

/// What changes how somebody is written to.
const TURNS: [&str; 3] = ["key.judged", "key.proven", "channel.set"];

fn release(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let word = words.word("a letter, as L17,")?;
    let digits = word.strip_prefix(['L', 'l']).unwrap_or(word);
    let number: u64 = digits.parse().map_err(|_| words.slip("write the letter as L17"))?;
    if let Some(post) = post(case, number, asked) {
        return release_post(post, case, asked);
    }
    let mut letters = asked.cases.letters_in(&case.id);
    let letter = letters.find(|one| one.number == number && one.participant.is_some());
    let letter = letter.ok_or_else(|| words.slip("no letter of this case to somebody outside"))?;
    may_leave(letter, case, asked)?;
    let whom = case.participant(letter.participant.unwrap_or_default());
    let whom = whom.map(|person| wait::the(person, case)).unwrap_or_default();
    let how = if letter.sealed { "encrypted" } else { "UNENCRYPTED" };
    let answer = format!(
        "{} to {whom} leaves after all, {how}, as it was written on {} ({}). It was held: {}.",
        letter.id(),
        dates::told(letter.written, asked),
        letter.template,
        letter.why.trim_end_matches('.')
    );
    let other = vec![Other::LetterReleased { letter: number }];
    let ruling = Ruling { answer, other, ..Ruling::default() };
    Ok(ruling.after(format!("it lets {} leave to {whom}", letter.id())))
}

/// A post of ours to a list.
fn post<'a>(case: &Case, number: u64, asked: &Asked<'a>) -> Option<&'a Posted> {
    let posted = case.notices.iter().any(|notice| notice.is_letter(number));
    posted.then(|| asked.cases.letter(number)).flatten()
}

/// It was approved by two; whether it is on the list already, only somebody who looks can say.
fn release_post(letter: &Posted, case: &Case, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    if !asked.is_coordinator() {
        return Err(Refusal::new("A post to a list is let go by a coordinator alone."));
    }
    if !matches!(letter.state, LetterState::Held | LetterState::Failed) {
        return Err(Refusal::new(format!("{} is not held: it is {}.", letter.id(), letter.state)));
    }
    if letter.kept {
        return Err(Refusal::new(format!(
            "{} could not be written for its list, and is sealed to ourselves. Mend the list's \
             settings or key, and draft the notice anew.",
            letter.id()
        )));
    }
    let ours = case.notices.iter().find(|notice| notice.is_letter(letter.number));
    if ours.is_some_and(|notice| notice.seen.is_some()) {
        return Err(Refusal::new(format!("{} is on its list: we read it there.", letter.id())));
    }
    let findings = ours.map(|notice| forbids(&siren::place(asked, case), notice));
    if let Some(findings) = findings.filter(|findings| !findings.is_empty()) {
        return Err(siren::refused(&findings));
    }
    let other = vec![Other::LetterReleased { letter: letter.number }];
    let answer = format!(
        "{} leaves for the list after all, as two approved it. It was held: {}.",
        letter.id(),
        letter.why.trim_end_matches('.')
    );
    let ruling = Ruling { answer, other, ..Ruling::default() };
    Ok(ruling.after(format!(
        "it posts {} to a list, and says the same twice if it arrived there already: look into the \
         archive of the list first",
        letter.id()
    )))
}

fn may_leave(letter: &Posted, case: &Case, asked: &Asked<'_>) -> Result<(), Refusal> {
    let id = letter.id();
    let person = letter.participant.and_then(|number| case.participant(number));
    let turned = |at: jiff::Timestamp| {
        let turns = |moment: &crate::case::Moment| TURNS.contains(&moment.event.as_str());
        case.timeline.iter().any(|moment| turns(moment) && moment.at > at)
    };
    let claimed = case.embargo.in_force() && facts::claimed(&case.facts).next().is_some();
    let why = match letter.state {
        _ if letter.kept => "waits for a key of its reader, and leaves by itself with one.",
        LetterState::Waiting => "is not held: it waits to leave by itself.",
        LetterState::Sent => "has left.",
        LetterState::Failed | LetterState::Discarded => "will never leave. Write anew with /send.",
        LetterState::Held if person.is_none_or(|person| person.left) => {
            "is for somebody who takes part no longer."
        }
        LetterState::Held if turned(letter.written) => {
            "was written before a key or a channel here was changed. Write anew with /send."
        }
        LetterState::Held if claimed && !asked.is_coordinator() => {
            "is held while a claim stands. A second member signs the claim, or it is taken back; \
             or a coordinator lets the letter leave."
        }
        LetterState::Held => return Ok(()),
    };
    Err(Refusal::new(format!("{id} {why}")))
}

#[cfg(test)]
mod tests {
    use crate::case::{Channel, Event, LetterState};
    use crate::desk::orders::stage::{embargoed, fold, handled, insist, letter, said};

    fn state(office: &crate::desk::orders::cast::Office, number: u64) -> LetterState {
        office.cases().letter(number).expect("the letter").state
    }

    #[test]
    fn a_held_letter_leaves_after_a_confirmation_and_as_it_was() {
        let mut office = handled();
        let number = letter(&mut office);
        let told = office.does("cora", "/hold\n");
        assert_eq!(state(&office, number), LetterState::Held);
        assert!(told.ready.iter().any(|ready| ready.line == format!("/release L{number}")));
        let mail = office.cases().letter(number).expect("the letter").mail.clone();
        assert_eq!(office.say("val", &format!("/release L{number}\n")).outcome, "waits");
        assert_eq!(state(&office, number), LetterState::Held);
        let told = said(&office.confirmed("val", &format!("/release L{number}\n")));
        assert!(!told.contains("/release"), "{told}");
        assert_eq!(state(&office, number), LetterState::Waiting);
        assert_eq!(office.cases().letter(number).expect("the letter").mail, mail);
        assert!(office.refused("val", "/undo\n").contains("Too late"));
    }

    #[test]
    fn only_what_is_held_here_and_may_still_go() {
        let mut office = handled();
        let number = letter(&mut office);
        assert!(office.refused("val", &format!("/release L{number}\n")).contains("not held"));
        assert!(office.refused("val", "/release L999\n").contains("no letter of this case"));
        assert!(office.refused("val", "/release it\n").contains("L17"));
        // A letter to a member is none.
        assert!(office.refused("val", "/release L2\n").contains("no letter of this case"));
        office.does("val", "/hold\n");
        office.wait(1);
        fold(&mut office, Event::ChannelSet { participant: 1, channel: Channel::Clear });
        assert!(office.refused("val", &format!("/release L{number}\n")).contains("/send"));
    }

    #[test]
    fn a_claim_holds_it_until_a_coordinator_looks() {
        let mut office = embargoed();
        let number = letter(&mut office);
        insist(&mut office, "val", "/fact attacks\n");
        assert!(office.refused("val", &format!("/release L{number}\n")).contains("claim stands"));
        office.confirmed("cora", &format!("/release L{number}\n"));
        assert_eq!(state(&office, number), LetterState::Waiting);
    }
}
