//! `/send`: a member's own words to those who take part.

use super::words::Words;
use super::{Asked, Attach, Command, Needs, Refusal, Rule, Ruling, Say, people, who};
use crate::case::{Case, CaseMail, Class, Consent, Participant};
use crate::letter::{MissingElements, OwnWords, Wording};

pub const SEND: Command = Command {
    name: "send",
    usage: "/send <who...> [with report|mail <n>|file <n>] [using <template>]",
    summary: "Your text to these participants, one letter each.",
    help: "<who> is one or more of finder, maintainer, reporter, other, or an address. Each gets a \
           letter of their own and sees no other. The text stands below the commands; it leaves \
           after five minutes, and /undo or /hold stops it. Encrypted where we have a proven key; \
           in the clear only where they chose that and you confirm it.\n\nwith report: the words \
           of the report stand below yours; with mail 3: those of that mail; with file 2, or with \
           file 2 mail 3: that file comes along. These go encrypted only, to those who accepted \
           an embargo in force, when its author has agreed (/consent <who> contact); without \
           their name, unless they agreed to that too (/consent <who> name). using T-05: the \
           letter that asks for what is missing; the text is one of these words a line: \
           description, trigger, severity, poc, patch, tests.\n\nExample: /send maintainer with \
           report",
    needs: Needs::Reader,
    writes: "T-12, T-05",
    takes_text: true,
    risky: false,
    rule: Rule::Asks(send),
};

/// What goes along, as it was asked for.
#[derive(Default)]
struct With {
    /// The mail whose words go, and whether it was named as the report.
    words: Option<(usize, bool)>,
    /// Mail and number of each file.
    files: Vec<(usize, usize)>,
}

/// What each reader may get of it.
struct Parcel {
    wording: Wording,
    files: Vec<Attach>,
    confirm: Vec<String>,
}

fn send(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if words.take_using()?.is_some() {
        return Err(Refusal::new(
            "Your text is the letter: write it below the commands. Behind using stands the \
             number of a template, T-05.",
        ));
    }
    let readers = readers(words, asked, case)?;
    let with = with(words, case)?;
    let template = words.keyword("using").then(|| words.word("a template")).transpose()?;
    let mut ruling = Ruling::nothing(answer(&readers, &with, case));
    for person in readers {
        let parcel = match template {
            Some(name) => frame(name, &with, asked).map_err(|what| words.slip(what))?,
            None => parcel(person, &with, asked, case)?,
        };
        ruling.confirm.extend(parcel.confirm);
        let (to, wording, files) = (person.number, parcel.wording, parcel.files);
        ruling.says.push(Say { to, wording, files });
    }
    Ok(ruling)
}

fn readers<'a>(
    words: &mut Words<'_>,
    asked: &Asked<'a>,
    case: &'a Case,
) -> Result<Vec<&'a Participant>, Refusal> {
    let mut readers: Vec<&Participant> = Vec::new();
    while let Some(word) = words.peek().filter(|word| !is_keyword(word)) {
        words.optional();
        for name in word.split(',').filter(|name| !name.is_empty()) {
            let person = reader(name, asked, case)?;
            if !readers.iter().any(|one| one.number == person.number) {
                readers.push(person);
            }
        }
    }
    if readers.is_empty() {
        words.word("who is to get it")?;
        return Err(Refusal::new("Write first who is to get it: /send finder with report"));
    }
    Ok(readers)
}

fn is_keyword(word: &str) -> bool {
    ["with", "using"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

fn reader<'a>(name: &str, asked: &Asked<'a>, case: &'a Case) -> Result<&'a Participant, Refusal> {
    let team = name.eq_ignore_ascii_case("handlers") || who::member(name, asked).is_ok();
    who::participant(name, case).map_err(|refusal| match team {
        true => Refusal::new(format!(
            "{name} is of the team, and /send writes to people outside. Text for the handlers is \
             a note: leave the command out, or write /note."
        )),
        false => refusal,
    })
}

fn with(words: &mut Words<'_>, case: &Case) -> Result<With, Refusal> {
    let mut with = With::default();
    while words.keyword("with") || words.keyword("and") {
        if words.keyword("report") {
            let mail = case.report_number().ok_or_else(|| words.slip(NO_REPORT))?;
            only_one(&mut with, (mail, true), words)?;
        } else if words.keyword("mail") {
            let mail = words.number("the number of a mail")? as usize;
            only_one(&mut with, (mail, false), words)?;
        } else if words.keyword("file") {
            let number = words.number("the number of a file")? as usize;
            let mail = match words.keyword("mail") {
                true => words.number("the number of its mail")? as usize,
                false => case.report_number().ok_or_else(|| words.slip(NO_REPORT))?,
            };
            with.files.push((mail, number));
        } else {
            words.word("what goes along: report, mail <n> or file <n>")?;
            return Err(words.slip("behind with stands report, mail <n> or file <n>").into());
        }
    }
    Ok(with)
}

const NO_REPORT: &str = "no report of a finder is in this case: name the mail, as in with mail 1";

fn only_one(with: &mut With, words: (usize, bool), line: &Words<'_>) -> Result<(), Refusal> {
    match with.words.replace(words) {
        Some(_) => Err(line.slip("the words of one mail go along, no more").into()),
        None => Ok(()),
    }
}

/// The first mail of whoever found it.
fn parcel(
    to: &Participant,
    with: &With,
    asked: &Asked<'_>,
    case: &Case,
) -> Result<Parcel, Refusal> {
    if asked.text.trim().is_empty() && with.words.is_none() && with.files.is_empty() {
        return Err(Refusal::new("No text stands below the commands: what is to be sent?"));
    }
    let (mut files, mut confirm, mut words_are) = (Vec::new(), Vec::new(), None);
    if let Some((mail, is_report)) = with.words {
        let (found, nameless) = passable(to, mail, case)?;
        let what = if is_report { "the report" } else { "a mail" };
        words_are = Some(format!("{what}, received {}", found.at.strftime("%a %-d %b %Y")));
        files.push(Attach::Words { mail, nameless });
    }
    for (mail, number) in with.files.iter().copied() {
        let (found, nameless) = passable(to, mail, case)?;
        if number > found.file_count() {
            let there = people::counted(found.file_count(), "file");
            return Err(Refusal::new(format!("Mail {mail} has {there}, and no file {number}.")));
        }
        if nameless {
            confirm.push(format!("file {number} goes as it is, and may name its author"));
        }
        files.push(Attach::File { mail, number });
    }
    let names = with.files.iter().map(|(_, number)| format!("file {number}")).collect();
    let (text, signs_as) = (asked.text.to_owned(), asked.by.signs_as.clone());
    let own = OwnWords { text, signs_as, words: None, words_are, files: names };
    Ok(Parcel { wording: Wording::OwnWords(own), files, confirm })
}

/// A mail that may be passed on to this reader, and whether without its author's name.
fn passable<'a>(
    to: &Participant,
    mail: usize,
    case: &'a Case,
) -> Result<(&'a CaseMail, bool), Refusal> {
    let found = mail.checked_sub(1).and_then(|at| case.mails.get(at));
    let found = found.filter(|found| found.class != Class::Orders);
    let found = found.ok_or_else(|| {
        Refusal::new(format!("Mail {mail} is none of those that came in for this case."))
    })?;
    let author = found.participant.and_then(|number| case.participant(number));
    let author = author.ok_or_else(|| {
        Refusal::new(format!(
            "Mail {mail} is from somebody who takes no part, and cannot have agreed to pass it on."
        ))
    })?;
    if author.number == to.number {
        return Ok((found, false));
    }
    if !author.consents.contains(&Consent::Contact) {
        let (role, called) = (author.role, people::called(author, case));
        return Err(Refusal::new(format!(
            "The {role} has not agreed that we pass on what they sent. Ask them; once they agree: \
             /consent {called} contact"
        )));
    }
    if !case.embargo.binds(to.number) {
        let (role, called) = (to.role, people::called(to, case));
        return Err(Refusal::new(format!(
            "The {role} has not accepted the embargo in force. Once they have: /embargo accept \
             for {called}"
        )));
    }
    Ok((found, !author.consents.contains(&Consent::Name)))
}

/// The words of a template in the place of one's own.
fn frame(name: &str, with: &With, asked: &Asked<'_>) -> Result<Parcel, String> {
    if !["T-05", "missing-elements"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Err("The template for /send is T-05. Others are sent by commands: /help".to_owned());
    }
    if with.words.is_some() || !with.files.is_empty() {
        return Err("Nothing goes along with T-05.".to_owned());
    }
    let lines = asked.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let missing = lines.map(element).collect::<Option<Vec<String>>>();
    match missing.filter(|missing| !missing.is_empty()) {
        Some(missing) => {
            let wording = Wording::MissingElements(MissingElements { missing });
            Ok(Parcel { wording, files: Vec::new(), confirm: Vec::new() })
        }
        None => Err(format!(
            "Below the commands stand only words for what is missing, one a line: {}.",
            ELEMENTS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
        )),
    }
}

/// The letter carries no detail: what is missing is told in our own words only.
const ELEMENTS: [(&str, &str); 6] = [
    ("description", "What it is: the flaw in a few sentences, and the versions with it."),
    ("trigger", "How it is triggered: the input, the steps, the settings."),
    ("severity", "How severe it is: what an attacker gains, and what they need for it."),
    ("poc", "A proof of concept: the smallest thing that shows it."),
    ("patch", "A patch, even a rough one."),
    ("tests", "Tests that prove the fix: they fail today, and pass with it."),
];

fn element(line: &str) -> Option<String> {
    let bare = line.trim_start_matches(['-', '*', ' ']);
    let found = ELEMENTS.iter().find(|(word, _)| word.eq_ignore_ascii_case(bare));
    found.map(|(_, words)| (*words).to_owned())
}

/// How many letters, and what of the mails passed on does not go along.
fn answer(readers: &[&Participant], with: &With, case: &Case) -> String {
    let mut answer = match readers.len() {
        1 => "One letter.".to_owned(),
        count => format!("{count} letters, one to each, and no one sees who else gets it."),
    };
    let Some((mail, _)) = with.words else { return answer };
    let there =
        mail.checked_sub(1).and_then(|at| case.mails.get(at)).map_or(0, |one| one.file_count());
    let go = with.files.iter().filter(|(of, _)| *of == mail).count();
    let stay = there.saturating_sub(go);
    if stay > 0 {
        let (files, what) = (people::counted(stay, "file"), format!("mail {mail}"));
        answer.push_str(&format!(" {files} of {what} stayed here."));
    }
    answer
}

#[cfg(test)]
#[path = "send_tests.rs"]
mod tests;
