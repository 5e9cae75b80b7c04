//! `/handover`: somebody else takes the member's place, in this case or in all.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use super::{handling, who};
use crate::case::{Case, Deed, Member};

pub const HANDOVER: Command = Command {
    name: "handover",
    usage: "/handover <who> [all]",
    summary: "Somebody else takes your place as handler, here or in all your cases.",
    help: "\
<who> is a member: a handle or an address. They take your place in the order of handlers, and \
are read in where they may not read yet; under an embargo only a coordinator can read somebody \
in. You can still read the case.\n\n\
With all it is every case that you handle. Cases in which they cannot be read in by you stay \
yours, and the answer names them.\n\n\
Nothing is written to anybody outside. Example: /handover vic all",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(handover),
};

fn handover(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let member = who::member(words.word("a member")?, asked)?;
    if member.handle == asked.by.handle {
        return Err(words.slip("that is you").into());
    }
    if words.keyword("all") { all(asked, member) } else { one(asked, member) }
}

fn one(asked: &Asked<'_>, member: &Member) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if !asked.is_handler() {
        return Err(Refusal::new("You do not handle this case. /assign makes somebody a handler."));
    }
    let mut ruling = handling::set(case, replaced(case, &asked.by.handle, &member.handle));
    ruling.other.extend(handling::reads_in(asked, case, member)?);
    Ok(ruling)
}

fn all(asked: &Asked<'_>, member: &Member) -> Result<Ruling, Refusal> {
    let mine = asked.readable().filter(|case| case.handlers.contains(&asked.by.handle));
    let (mut ruling, mut given, mut kept) = (Ruling::default(), Vec::new(), Vec::new());
    for case in mine {
        let Ok(reads_in) = handling::reads_in(asked, case, member) else {
            kept.push(case.id.to_string());
            continue;
        };
        let handlers = replaced(case, &asked.by.handle, &member.handle);
        let told = handling::set(case, handlers.clone()).answer;
        ruling.elsewhere.push((case.id.clone(), Deed::HandlersSet { handlers }));
        ruling.other_elsewhere.extend(reads_in.map(|one| (case.id.clone(), one)));
        ruling.tells.push((case.id.clone(), told));
        given.push(case.id.to_string());
    }
    if given.is_empty() && kept.is_empty() {
        return Ok(Ruling::nothing("You handle no case."));
    }
    ruling.answer = format!("{} takes your place in {}.", member.handle, handling::names(&given));
    if !kept.is_empty() {
        let kept = handling::names(&kept);
        let handle = &member.handle;
        let why = format!(
            " Still yours, as they are under embargo: {kept}. A coordinator can send /assign \
             {handle} there."
        );
        ruling.answer.push_str(&why);
    }
    Ok(ruling)
}

/// Their place is not given twice.
fn replaced(case: &Case, old: &str, new: &str) -> Vec<String> {
    let others = |one: &&String| *one != new;
    let place = |one: &String| if one == old { new.to_owned() } else { one.clone() };
    case.handlers.iter().filter(others).map(place).collect()
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn the_place_of_one_is_taken_by_the_other() {
        let mut office = Office::new();
        office.does("cora", "/take\n");
        office.does("cora", "/handover val\n");
        assert_eq!(office.case().handlers, ["val"]);
        assert!(office.case().readable_by("val") && office.case().readable_by("cora"));
    }

    #[test]
    fn all_of_them_and_none() {
        let mut office = Office::new();
        assert!(office.does("cora", "/handover vic all\n").steps[0].did[0].contains("no case"));
        office.does("cora", "/take\n");
        office.does("cora", "/assign vic\n");
        let before = office.case().matter();
        office.does("cora", "/handover vic all\n");
        assert_eq!(office.case().handlers, ["vic"]);
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn who_works_on_one_case_hears_nothing_of_the_others() {
        use crate::desk::test_support::Sketch;
        let mut office = Office::new();
        office.world.take(&Sketch { from: 2, ..Sketch::default() });
        let here = office.case.clone();
        let other = office.cases().cases().find(|one| one.id != here).expect("two").id.clone();
        office.does("val", "/take\n");
        office.does("cora", &format!("/case {other}\n/take\n"));
        let order = office.order("cora", "/handover vic all\n");
        let (decision, _) = office.take(&order);
        let to_val = |one: &&crate::letter::Letter| one.to.member.as_deref() == Some("val");
        assert!(!decision.letters.iter().any(|letter| to_val(&letter)), "{:#?}", decision.letters);
        assert_eq!(office.cases().case(&other).expect("it").handlers, ["vic"]);
    }

    #[test]
    fn what_is_not_yours_is_not_handed_over() {
        let mut office = Office::new();
        assert!(office.refused("cora", "/handover vic\n").contains("do not handle"));
        assert!(office.refused("val", "/handover vic\n").contains("Not a case you can read."));
        assert!(office.refused("cora", "/handover me\n").contains("that is you"));
    }
}
