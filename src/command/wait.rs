//! `/wait`: whom the case waits for.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, dates, remind, who};
use crate::case::{Case, Deed, Participant, Status};

pub const WAIT: Command = Command {
    name: "wait",
    usage: "/wait <who> [until]",
    summary: "Whom the case waits for, and until when.",
    help: "\
Who: finder, maintainer, handlers, me, a member's handle, an address, or nobody. A date may \
follow: 2026-12-11, 2026-12-11T14:00Z, +14d or +5bd. The case waits for one at a time: a new line \
replaces the old.

It is kept and shown; the reminder itself is not sent by this version. It is gone when the case is \
closed.

/wait maintainer +5bd",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(wait),
};

fn wait(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let word = words.word("whom it waits for")?;
    let before = case.waits.as_ref().map_or("nobody", |wait| wait.who.as_str());
    if word.eq_ignore_ascii_case("nobody") {
        return Ok(match &case.waits {
            None => Ruling::nothing("It waits for nobody already."),
            Some(_) => Ruling::of(Deed::WaitOver {}, format!("Waits for: {before}, now nobody.")),
        });
    }
    if case.status == Status::Closed {
        return Err(Refusal::new("The case is closed. /reopen with a reason takes it up again."));
    }
    let who = waited_for(word, case, asked)?;
    words.keyword("until");
    let until = match words.peek() {
        Some(_) => Some(dates::ahead(words, asked, "The end of a wait")?),
        None => None,
    };
    let by = until.map(|at| format!(", until {}", dates::told(at, asked))).unwrap_or_default();
    let answer = format!("Waits for: {before}, now {who}{by}. {}", remind::NO_CLOCK);
    Ok(Ruling::of(Deed::WaitSet { who, until }, answer))
}

/// In words that name no address: this stands in the journal as it is.
fn waited_for(word: &str, case: &Case, asked: &Asked<'_>) -> Result<String, Refusal> {
    if ["handlers", "us"].iter().any(|team| word.eq_ignore_ascii_case(team)) {
        return Ok("the handlers".to_owned());
    }
    match (who::participant(word, case), who::member(word, asked)) {
        (Ok(person), _) => Ok(the(person, case)),
        (Err(_), Ok(member)) => Ok(member.handle.clone()),
        (Err(refusal), Err(_)) => Err(refusal),
    }
}

/// "the finder", or with the number where there are several.
pub fn the(person: &Participant, case: &Case) -> String {
    let same = |one: &&Participant| one.role == person.role && !one.left;
    match case.participants.iter().filter(same).count() {
        0 | 1 => format!("the {}", person.role),
        _ => format!("the {} ({})", person.role, person.number),
    }
}

#[cfg(test)]
mod tests {
    use crate::case::{Deed, Event, Status, Words};
    use crate::desk::orders::stage::{fold, handled, insist, said, undone};

    #[test]
    fn one_is_waited_for_until_a_date_or_nobody() {
        let mut office = handled();
        let told = said(&insist(&mut office, "val", "/wait finder +2d\n"));
        assert!(told.starts_with("Waits for: nobody, now the finder, until Wed 25"), "{told}");
        undone(&mut office, "val", "/wait cora\n");
        undone(&mut office, "val", "/wait nobody\n");
        assert!(office.refused("val", "/wait maintainer\n").contains("Those who take part"));
        assert!(office.refused("val", "/wait finder 2026-11-01\n").contains("has passed"));
        assert!(office.refused("val", "/wait\n").contains("missing"));
        insist(&mut office, "val", "/wait nobody\n");
        assert_eq!(office.case().waits, None);
    }

    #[test]
    fn a_closed_case_waits_for_nothing() {
        let mut office = handled();
        insist(&mut office, "val", "/wait finder\n/remind +2d look\n");
        let (reason, of, private) = (None, None, Words::default());
        let closed = Deed::StatusSet { status: Status::Closed, reason, of, private };
        fold(&mut office, Event::Deed(closed));
        assert_eq!(office.case().invariants(), Ok(()));
        for line in ["/wait finder\n", "/remind +2d x\n", "/deadline +2d for finder\n"] {
            assert!(office.refused("val", line).contains("/reopen"));
        }
    }
}
