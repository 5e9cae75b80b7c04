//! `/move`: a mail stands in the wrong case.

use super::words::Words;
use super::{Asked, Command, Needs, Opens, Refusal, Rule, Ruling, across, split};
use crate::case::{Case, CaseMail};

pub const MOVE: Command = Command {
    name: "move",
    usage: "/move mail <n> <case>|new",
    summary: "A mail of this case stands in another from now on, or in a new one.",
    help: "\
<n> is the number of the mail in this case; /show lists them. <case> is the number of an open case \
that you can read; members who cannot read this case and will read the mail there are named, and \
you confirm that first. Under an embargo a coordinator does it.\n\n\
With new it gets a case of its own that you handle, and in which only who wrote it takes part. Who \
wrote a mail takes part in an existing case only if they did before. It writes to nobody, and is \
not taken back by /undo: /move it back.\n\n\
Example: /move mail 3 SIRT-2026-4827",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(move_mail),
};

fn move_mail(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if !words.keyword("mail") {
        words.word("mail and its number")?;
        return Err(words.slip("write mail and its number: /move mail 2").into());
    }
    let number = words.number("the number of a mail")?;
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let mail = place.and_then(|place| case.mails.get(place)).ok_or_else(|| {
        words.slip(format!("there is no mail {number}: this case has {}", case.mails.len()))
    })?;
    if !across::movable(mail) {
        return Err(words.slip("that is a mail of commands; it stays where it was given").into());
    }
    if words.keyword("new") {
        return Ok(to_new(asked, case, (mail, number)));
    }
    let other = across::target(asked, &words.case()?)?;
    across::open(other)?;
    let ruling = across::link(Ruling::default(), case, other);
    let mut ruling = across::moves(ruling, mail, case, other);
    ruling.answer = format!("Mail {number} stands in {} now; mails behind it move up.", other.id);
    let told = format!("A mail of {} stands in this case now.", case.id);
    ruling.tells.push((other.id.clone(), told));
    // Where nothing else changes here, the answer alone is no news.
    if ruling.deeds.is_empty() {
        ruling.tells.push((case.id.clone(), ruling.answer.clone()));
    }
    across::shown_to(ruling, asked, case, other)
}

fn to_new(asked: &Asked<'_>, case: &Case, (mail, number): (&CaseMail, u32)) -> Ruling {
    let writer = mail.participant.and_then(|number| case.participant(number));
    let people = writer.filter(|person| !person.left).cloned().into_iter().collect();
    let opens = Opens {
        title: case.title.clone(),
        people,
        readers: split::readers(asked, case),
        mail: Some(mail.mail.clone()),
        ..Opens::default()
    };
    let answer = format!("Mail {number} has a case of its own now; mails behind it move up.");
    Ruling { answer, opens: Some(opens), ..Ruling::default() }
}
