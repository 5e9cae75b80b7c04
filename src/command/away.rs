//! `/away`: whole days on which a member is not there.

use super::words::Words;
use super::{Asked, Command, Needs, Other, Refusal, Rule, Ruling};
use jiff::civil::Date;

pub const AWAY: Command = Command {
    name: "away",
    usage: "/away <from> <to> | over",
    summary: "The days on which you are away, both included.",
    help: "\
Two days as 2026-12-24, the first and the last; the same day twice for one day. They are whole \
days on your own clock. A new line replaces the old, and /away over ends it.

/duty shows it, and so do the cases you handle. You still get their letters: hand over what \
cannot wait.

/away 2026-12-24 2027-01-06",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(away),
};

fn away(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let today = asked.now.to_zoned(asked.by.zone.clone()).date();
    let known = asked.cases.away(&asked.by.handle).filter(|(_, to)| *to >= today);
    if words.keyword("over") {
        return over(known, today);
    }
    let (from, to) = (words.day("the first day")?, words.day("the last day")?);
    if to < from {
        return Err(words.slip("the last day lies before the first").into());
    }
    if to < today {
        return Err(words.slip(format!("that has passed: today is {today} with you")).into());
    }
    if known == Some((from, to)) {
        return Ok(Ruling::nothing(format!("You are away already {}.", days((from, to)))));
    }
    let before = known.map_or_else(|| "not".to_owned(), days);
    let answer = format!(
        "Away: {before}, now {}. Letters still come to you; hand over what cannot wait.",
        days((from, to))
    );
    Ok(Ruling { answer, other: vec![Other::Away { from, to }], ..Ruling::default() })
}

fn over(known: Option<(Date, Date)>, today: Date) -> Result<Ruling, Refusal> {
    let Some(known) = known else { return Ok(Ruling::nothing("You are not away.")) };
    let to = today.yesterday().unwrap_or(today);
    let answer = format!("Away: {}, now not.", days(known));
    Ok(Ruling { answer, other: vec![Other::Away { from: today, to }], ..Ruling::default() })
}

fn days((from, to): (Date, Date)) -> String {
    match from == to {
        true => format!("on {from}"),
        false => format!("from {from} to {to}, both days included"),
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::stage::{handled, insist, said};

    #[test]
    fn absence_is_a_members_not_a_cases() {
        let mut office = handled();
        let before = office.case().matter();
        let told = insist(&mut office, "val", "/away 2026-11-23 2026-11-30\n");
        assert!(said(&told).contains("from 2026-11-23 to 2026-11-30, both days included"));
        assert_eq!(office.case().matter(), before);
        assert_eq!(told.card.expect("a card").handlers, ["val (away until 2026-11-30)"]);
        let told = said(&insist(&mut office, "val", "/away 2026-11-23 2026-11-30\n"));
        assert!(told.contains("already"), "{told}");
        insist(&mut office, "val", "/away over\n");
        assert_eq!(office.cases().away("val"), None);
        for slip in ["/away\n", "/away 2026-12-02 2026-12-01\n", "/away 2026-11-01 2026-11-02\n"] {
            office.refused("val", slip);
        }
    }

    /// It is nothing about a case, so taking back the orders before it is not hindered, and the
    /// absence stays.
    #[test]
    fn undo_takes_back_the_case_alone() {
        let mut office = handled();
        let before = office.case().matter();
        insist(&mut office, "val", "/time 2h\n");
        insist(&mut office, "val", "/away 2026-11-23 2026-11-30\n");
        office.does("val", "/undo\n");
        assert_eq!(office.case().matter(), before);
        assert!(office.cases().away("val").is_some());
    }
}
