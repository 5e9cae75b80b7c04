//! `/file`: one file of a mail, attached to the answer.

use super::original::{newest, numbered};
use super::words::Words;
use super::{Asked, Attach, Command, Needs, Refusal, Rule, Ruling};
use crate::case::CaseMail;

pub const FILE: Command = Command {
    name: "file",
    usage: "/file <n> [mail <m>]",
    summary: "Sends you one file that came with a mail of the case.",
    help: "Files are numbered in each mail as the letter with it lists them. Without a mail it \
           is the newest that came with files. Whatever a file calls itself, it comes as plain \
           octets: open it where it can do no harm.\n\n\
           /file 2 mail 3",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(file),
};

fn file(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let wanted = words.number("the number of a file")?;
    words.keyword("of");
    let (mail, one) = match words.keyword("mail") {
        true => numbered(words, asked, case)?,
        false => newest(case, |mail| mail.files != Some(0))
            .ok_or_else(|| Refusal::new("No mail of this case came with files."))?,
    };
    there(wanted, mail, one)?;
    let number = usize::try_from(wanted).unwrap_or(usize::MAX);
    let answer = format!("File {number} of mail {mail} comes attached.");
    Ok(Ruling { answer, attaches: vec![Attach::File { mail, number }], ..Ruling::default() })
}

/// Where the files of a mail were counted, the number is one of them.
fn there(wanted: u32, mail: usize, one: &CaseMail) -> Result<(), Refusal> {
    match one.files {
        Some(0) => Err(Refusal::new(format!("Mail {mail} came without files."))),
        Some(1) if wanted > 1 => Err(Refusal::new(format!("Mail {mail} has one file, file 1."))),
        Some(count) if wanted > count => {
            Err(Refusal::new(format!("Mail {mail} has files 1 to {count}.")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::case::{Actor, Class, Entry, Event, Filed, FiledWords};
    use crate::desk::orders::cast::Office;
    use crate::letter::Enclosure;

    fn filed(office: &mut Office, name: &str, files: Option<u32>) {
        let (at, case) = (office.world.now(), Some(office.case.clone()));
        let event = Event::MailFiled(Filed {
            mail: name.to_owned(),
            exact: name.to_owned(),
            routeless: name.to_owned(),
            class: Class::FollowUp,
            bytes: 1,
            mailbox: "security".to_owned(),
            from: Some(1),
            private: FiledWords { files, ..FiledWords::default() },
        });
        office.world.fold(Entry { at, case, by: Actor::Participant(1), event });
    }

    fn files(office: &mut Office, text: &str) -> Vec<Enclosure> {
        let order = office.order("cora", text);
        office.take(&order).1.files
    }

    #[test]
    fn numbers_are_those_of_the_newest_mail_with_files() {
        let mut office = Office::new();
        assert!(office.refused("cora", "/file 1\n").contains("No mail of this case came with"));
        filed(&mut office, "two", Some(2));
        filed(&mut office, "none", Some(0));
        let mail = "two".to_owned();
        assert_eq!(files(&mut office, "/file 2\n"), [Enclosure::File { mail, number: 2 }]);
        let said = office.refused("cora", "/file 3\n");
        assert!(said.contains("has files 1 to 2."), "{said}");
        filed(&mut office, "uncounted", None);
        let mail = "uncounted".to_owned();
        assert_eq!(files(&mut office, "/file 9\n"), [Enclosure::File { mail, number: 9 }]);
    }

    #[test]
    fn a_mail_may_be_named() {
        let mut office = Office::new();
        filed(&mut office, "two", Some(2));
        filed(&mut office, "three", Some(3));
        for text in ["/file 1 mail 2\n", "/file 1 of mail 2\n"] {
            let mail = "two".to_owned();
            assert_eq!(files(&mut office, text), [Enclosure::File { mail, number: 1 }], "{text}");
        }
        assert!(office.refused("cora", "/file 1 mail 1\n").contains("came without files"));
        assert!(office.refused("cora", "/file 1 mail 77\n").contains("/show lists them"));
        assert!(office.refused("cora", "/file 0\n").contains("is no number"));
    }
}
