//! `/drop`: the member no longer handles the case.

use super::handling;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};

pub const DROP: Command = Command {
    name: "drop",
    usage: "/drop",
    summary: "You no longer handle the case.",
    help: "\
The other handlers hear of it. You can still read the case. The last handler cannot drop: send \
/handover with a handle, or /assign somebody first.\n\n\
Nothing is written to anybody outside. Example: /drop",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(drop),
};

fn drop(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    if !asked.is_handler() {
        return Ok(Ruling::nothing("You do not handle this case."));
    }
    Ok(handling::set(asked.case()?, handling::without(asked)?))
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn the_last_one_stays() {
        let mut office = Office::new();
        office.does("cora", "/take\n");
        assert!(office.refused("cora", "/drop\n").contains("last handler"));
        office.does("cora", "/assign vic\n");
        let before = office.case().matter();
        office.does("cora", "/drop\n");
        assert_eq!(office.case().handlers, ["vic"]);
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn in_one_mail_with_who_comes_instead() {
        let mut office = Office::new();
        office.does("cora", "/take\n");
        office.does("cora", "/assign vic\n/drop\n");
        assert_eq!(office.case().handlers, ["vic"]);
    }
}
