//! `/report`: what we measured of our own work, from the journal.

use super::page::{Block, Page};
use super::show::fact;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, standing};
use crate::case::{Case, LetterState, Status};
use jiff::{SignedDuration, Timestamp};

pub const REPORT: Command = Command {
    name: "report",
    usage: "/report",
    summary: "Numbers of our work: cases, and how long first answers and assessments took.",
    help: "Counted over the cases you may read, from what is on record. The first answer is the \
           first letter that left for somebody outside; the assessment is the first change of \
           status. A median is the value in the middle. Of other cases it has the number \
           only.\n\n\
           /report",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(report),
};

fn report(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let cases: Vec<&Case> = asked.readable().collect();
    let closed = cases.iter().filter(|case| case.status == Status::Closed).count();
    let late = |case: &&&Case| !standing::late(case, asked.rules, asked.now).is_empty();
    let others = asked.cases.cases().count() - cases.len();
    let first = cases.iter().filter_map(|case| since(case, first_answer(case, asked)));
    let assessed = cases.iter().filter_map(|case| since(case, assessment(case)));
    let facts = vec![
        fact("Opened", cases.len().to_string()),
        fact("Closed", closed.to_string()),
        fact("Open", (cases.len() - closed).to_string()),
        fact("Overdue", cases.iter().filter(late).count().to_string()),
        fact("First answer", median(first.collect(), cases.len())),
        fact("Assessment", median(assessed.collect(), cases.len())),
        fact("Other cases", format!("{others}, that you may not read")),
    ];
    let heading = "Of the cases you may read:".to_owned();
    Ok(Ruling::page(Page { blocks: vec![Block::Heading(heading), Block::Facts(facts)] }))
}

fn since(case: &Case, at: Option<Timestamp>) -> Option<SignedDuration> {
    at.map(|at| at.duration_since(case.opened))
}

fn first_answer(case: &Case, asked: &Asked<'_>) -> Option<Timestamp> {
    let mut letters = asked.cases.letters_in(&case.id);
    let sent =
        letters.find(|letter| letter.participant.is_some() && letter.state == LetterState::Sent);
    sent.map(|letter| letter.written)
}

fn assessment(case: &Case) -> Option<Timestamp> {
    case.timeline.iter().find(|moment| moment.event == "status.set").map(|moment| moment.at)
}

fn median(mut spans: Vec<SignedDuration>, all: usize) -> String {
    spans.sort();
    let count = spans.len();
    let upper = spans.get(count / 2).copied();
    let lower = spans.get(count.saturating_sub(1) / 2).copied();
    match upper.zip(lower) {
        Some((upper, lower)) => {
            let middle = SignedDuration::from_mins((upper.as_mins() + lower.as_mins()) / 2);
            format!("median {}, in {count} of {all}", span(middle))
        }
        None => "none yet".to_owned(),
    }
}

fn span(span: SignedDuration) -> String {
    let minutes = span.as_mins();
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    match (days, hours) {
        (0, 0) => format!("{minutes} minutes"),
        (0, _) => format!("{hours} hours {} minutes", minutes % 60),
        _ => format!("{days} days {hours} hours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Actor, Deed, Entry, Event, Words};
    use crate::desk::orders::cast::Office;

    fn page(office: &mut Office, by: &str) -> String {
        let page = office.asks(by, "/report\n").pages.remove(0);
        page.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_come_from_what_is_on_record() {
        let mut office = Office::new();
        let said = page(&mut office, "cora");
        assert!(said.contains("Opened 1 Closed 0 Open 1 Overdue 0"), "{said}");
        assert!(said.contains("First answer median 0 minutes, in 1 of 1"), "{said}");
        assert!(said.contains("Assessment none yet"), "{said}");
        office.wait(50);
        let (at, case) = (office.world.now(), Some(office.case.clone()));
        let (status, private) = (Status::Valid, Words::default());
        let deed = Deed::StatusSet { status, reason: None, of: None, private };
        office.world.fold(Entry { at, case, by: Actor::Cli, event: Event::Deed(deed) });
        let said = page(&mut office, "cora");
        assert!(said.contains("Assessment median 2 days 2 hours, in 1 of 1"), "{said}");
    }

    #[test]
    fn eve_with_vals_key_gets_a_count_and_no_times() {
        let said = page(&mut Office::new(), "val");
        assert!(
            said.contains("First answer none yet") && said.contains("Other cases 1,"),
            "{said}"
        );
    }

    #[test]
    fn medians_are_values_in_the_middle() {
        let hours = |hours: &[i64]| hours.iter().map(|h| SignedDuration::from_hours(*h)).collect();
        assert_eq!(median(hours(&[9, 1, 3]), 3), "median 3 hours 0 minutes, in 3 of 3");
        assert_eq!(median(hours(&[4, 1]), 5), "median 2 hours 30 minutes, in 2 of 5");
        assert_eq!(median(hours(&[30]), 1), "median 1 days 6 hours, in 1 of 1");
        assert_eq!(median(Vec::new(), 1), "none yet");
    }
}
