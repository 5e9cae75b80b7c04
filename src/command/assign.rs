//! `/assign`: somebody handles the case, too; it also grants what `/take` asked for.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use super::{handling, who};

pub const ASSIGN: Command = Command {
    name: "assign",
    usage: "/assign <who>",
    summary: "Makes a member a handler of the case, and reads them in.",
    help: "\
<who> is a member: a handle, an address, or me. The first handler is the lead, the second the \
buddy. Who may not read the case yet is read in and gets a digest of it; under an embargo only a \
coordinator can read somebody in.\n\n\
This also grants what a member asked for with /take. For handlers and coordinators. Nothing is \
written to anybody outside. Example: /assign val",
    needs: Needs::Handler,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(assign),
};

fn assign(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let member = who::member(words.word("a member")?, asked)?;
    if case.handlers.contains(&member.handle) {
        return Ok(Ruling::nothing(format!("{} handles this case already.", member.handle)));
    }
    let reads_in = handling::reads_in(asked, case, member)?;
    let mut handlers = case.handlers.clone();
    handlers.push(member.handle.clone());
    let mut ruling = handling::set(case, handlers);
    if reads_in.is_some() {
        ruling.answer.push_str(&format!(" {} may read it from now on.", member.handle));
    }
    ruling.other.extend(reads_in);
    Ok(ruling)
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn the_first_is_lead_and_the_second_is_read_in() {
        let mut office = Office::new();
        office.does("cora", "/assign me\n");
        let before = office.case().matter();
        let told = office.does("cora", "/assign val\n");
        assert!(told.steps[0].did[0].contains("cora before, cora and val now"), "{told:#?}");
        assert!(office.case().readable_by("val"));
        assert_ne!(office.case().matter(), before);
        let said = office.does("cora", "/assign val\n");
        assert!(said.steps[0].did[0].contains("already"));
    }

    #[test]
    fn a_reader_who_handles_nothing_assigns_nobody() {
        let mut office = Office::new();
        office.read_in("val");
        let said = office.refused("val", "/assign me\n");
        assert!(said.contains("Send /take first"), "{said}");
    }

    #[test]
    fn it_is_taken_back() {
        let mut office = Office::new();
        let before = office.case().matter();
        office.does("cora", "/assign vic\n");
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn a_name_of_nobody_is_refused() {
        let said = Office::new().refused("cora", "/assign vall\n");
        assert!(said.contains("Did you mean val ?"), "{said}");
    }
}
