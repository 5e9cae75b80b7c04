//! `/original`: a mail of the case as it came, attached to the answer.

use super::words::Words;
use super::{Asked, Attach, Command, Needs, Refusal, Rule, Ruling, when};
use crate::case::{Case, CaseMail, Class};

pub const ORIGINAL: Command = Command {
    name: "original",
    usage: "/original [n]",
    summary: "Sends you a mail of the case as it came, attached.",
    help: "n is the number of the mail in our letters and in /show; without one it is the newest \
           that a member did not send. It comes opened, with our address in place of its \
           sender's in From and Reply-To, so that no answer goes astray.\n\n\
           /original 1",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(original),
};

fn original(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let (mail, one) = match words.peek() {
        Some(_) => numbered(words, asked, case)?,
        None => newest(case, |_| true)
            .ok_or_else(|| Refusal::new("No mail from outside is in this case."))?,
    };
    let at = when::both(one.at, &asked.by.zone);
    let answer = format!("Mail {mail}, of {at}, comes attached as original.eml.");
    Ok(Ruling { answer, attaches: vec![Attach::Original { mail }], ..Ruling::default() })
}

/// The mail whose number stands next, as letters count them.
///
/// # Errors
/// No number, or there is no such mail.
/// A mail of the case by its number. What a member ordered may speak of cases that others here may
/// not read, so it goes to its author alone.
pub fn numbered<'a>(
    words: &mut Words<'_>,
    asked: &Asked<'_>,
    case: &'a Case,
) -> Result<(usize, &'a CaseMail), Refusal> {
    let number = usize::try_from(words.number("the number of a mail")?).unwrap_or(usize::MAX);
    let found = number.checked_sub(1).and_then(|place| case.mails.get(place));
    let count = case.mails.len();
    if found.is_some_and(|mail| mail.class == Class::Orders && !wrote(asked, mail)) {
        let what = "that is a mail of orders, and only who sent it gets it back";
        return Err(words.slip(what).into());
    }
    found.map(|mail| (number, mail)).ok_or_else(|| {
        let what = match count {
            0 => "This case has no mails.".to_owned(),
            1 => "This case has one mail, mail 1.".to_owned(),
            _ => format!("This case has mails 1 to {count}. /show lists them."),
        };
        Refusal::from(words.slip(what))
    })
}

/// The newest mail of somebody else than a member giving orders, with its number.
fn wrote(asked: &Asked<'_>, mail: &CaseMail) -> bool {
    let me = asked.by;
    mail.from.as_ref().is_some_and(|from| me.address == *from || me.also_from.contains(from))
}

pub fn newest(case: &Case, fits: impl Fn(&CaseMail) -> bool) -> Option<(usize, &CaseMail)> {
    let mails = (1..).zip(&case.mails).filter(|(_, mail)| mail.class != Class::Orders);
    mails.filter(|(_, mail)| fits(mail)).last()
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;
    use crate::desk::test_support::Sketch;
    use crate::letter::Enclosure;

    #[test]
    fn the_newest_mail_from_outside_or_the_one_named_comes_attached() {
        let mut office = Office::new();
        office.does("cora", "/show\n");
        let report = office.case().mails[0].mail.clone();
        for text in ["/original\n", "/original 1\n"] {
            let order = office.order("cora", text);
            let (_, answer) = office.take(&order);
            assert_eq!(answer.files, [Enclosure::Original { mail: report.clone() }], "{text}");
        }
    }

    #[test]
    fn a_number_that_is_not_there_says_which_are() {
        let mut office = Office::new();
        let said = office.refused("cora", "/original 99\n");
        assert!(said.contains("This case has mails 1 to 2."), "{said}");
        assert!(office.refused("cora", "/original first\n").contains("is no number"));
    }

    /// Cora wrote about two cases in one mail; Val reads only the first of them.
    #[test]
    fn orders_that_speak_of_another_case_go_to_their_author_alone() {
        let mut office = Office::new();
        office.world.take(&Sketch { from: 2, ..Sketch::default() });
        let here = office.case.clone();
        let other = office.cases().cases().find(|one| one.id != here).expect("two").id.clone();
        office.does("cora", &format!("/time 1m\n/case {other}\n\nFor the other case alone.\n"));
        office.read_in("val");
        let said = office.refused("val", "/original 2\n");
        assert!(said.contains("only who sent it"), "{said}");
        office.does("cora", "/original 2\n");
    }

    #[test]
    fn eve_with_vals_key_gets_no_mail_of_a_case_val_may_not_read() {
        let mut office = Office::new();
        let order = office.order("val", "/original 1\n");
        let (_, answer) = office.take(&order);
        assert!(answer.files.is_empty());
    }
}
