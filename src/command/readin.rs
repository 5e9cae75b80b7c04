//! `/readin`: a member may read the case from now on.

use super::words::Words;
use super::{Asked, Command, Needs, Other, Refusal, Rule, Ruling, who};
use crate::case::embargo::may_read_in;

pub const READIN: Command = Command {
    name: "readin",
    usage: "/readin <who>",
    summary: "Lets a member read the case.",
    help: "<who> is a member: a handle or an address of the roster. They get everything that is \
           known, once, encrypted to them, and nothing before that. Handlers read in; while an \
           embargo is in force only a coordinator does. What somebody has read cannot be taken \
           back; /remove ends it for later.\n\nExample: /readin vic",
    needs: Needs::Handler,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(readin),
};

fn readin(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let member = who::member(words.word("a member")?, asked)?;
    let handle = &member.handle;
    if case.readable_by(handle) {
        return Ok(Ruling::nothing(format!("{handle} reads this case already.")));
    }
    may_read_in(case.embargo.state, asked.by.role, false).map_err(|why| {
        Refusal::new(format!("{why} Ask a coordinator to send /readin {handle}."))
    })?;
    let why = format!("read in by {}", asked.by.handle);
    let answer = format!("{handle} may read the case from now on, and gets what is known so far.");
    let other = vec![Other::ReadIn { member: handle.clone(), why }];
    let next = vec![(format!("/assign {handle}"), format!("makes {handle} a handler"))];
    Ok(Ruling { answer, other, next, ..Ruling::default() })
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn val_reads_after_it_and_not_before() {
        let mut office = Office::new();
        assert!(!office.case().readable_by("val"));
        let done = office.does("cora", "/readin val\n");
        assert!(office.case().readable_by("val"));
        assert!(done.told.contains("val"), "{}", done.told);
        let again = office.does("cora", "/readin val\n");
        assert!(again.steps[0].did[0].contains("already"));
    }

    #[test]
    fn a_reader_who_is_no_handler_reads_nobody_in() {
        let mut office = Office::new();
        office.read_in("val");
        assert!(office.refused("val", "/readin vic\n").contains("handlers"));
        assert!(office.refused("cora", "/readin eve\n").contains("no member here"));
    }
}
