//! `/roster`: who may read this case, since when, why, and by whom.

use super::page::{Block, Page};
use super::show_people::readers;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};

pub const ROSTER: Command = Command {
    name: "roster",
    usage: "/roster",
    summary: "Who may read the case: since when, why, and who read them in.",
    help: "Every reader of a case may see the list. /readin adds somebody to it.\n\n\
           /roster",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(roster),
};

fn roster(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let count = case.readers.len();
    let heading = format!("{count} of {} members may read it:", asked.rules.roster.members.len());
    let blocks = vec![Block::Heading(heading), readers(case, &asked.by.zone)];
    Ok(Ruling::page(Page { blocks }))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn every_reader_sees_who_reads_and_by_whom() {
        let mut office = Office::new();
        office.read_in("val");
        let page = office.does("cora", "/roster\n").pages.remove(0);
        assert!(page.starts_with("3 of 3 members may read it:"), "{page}");
        assert!(page.contains("the terminal") && page.contains("the gateway"), "{page}");
    }

    #[test]
    fn eve_with_vals_key_learns_nothing_of_a_case_val_may_not_read() {
        let mut office = Office::new();
        let said = office.say("val", "/roster\n");
        assert_eq!((said.outcome.as_str(), said.pages.len()), ("refused", 0));
        let last = said.steps.last().expect("a step");
        assert_eq!(last.did, ["Not a case you can read."]);
    }
}
