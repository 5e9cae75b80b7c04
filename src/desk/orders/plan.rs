//! What a mail asks for, line by line, and what a slip was probably meant to be.

use super::which_case::{Named, case_line};
use crate::case::CaseId;
use crate::command::nearest::nearest;
use crate::command::sheet::Sheet;
use crate::command::{self, COMMANDS, Command, Refusal};
use jiff::Timestamp;

/// What a mail asks for, line by line.
#[derive(Clone, Debug)]
pub struct Plan {
    pub lines: Vec<Planned>,
    pub text: String,
    pub named: Named,
    /// `/try`
    pub tries: bool,
    /// `/confirm` without a code: words leave without the wait.
    pub at_once: bool,
    /// What of the mail was not used.
    pub unused: Option<String>,
    /// When it was first sent in, where it is run a second time: `+2d` means the same day then.
    pub since: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct Planned {
    pub number: usize,
    pub case: Option<CaseId>,
    pub line: String,
    /// The text is its.
    pub has_text: bool,
}

impl Plan {
    pub fn of(sheet: &Sheet, named: Named) -> Plan {
        let lines = sheet.lines.iter().map(|line| line.text.clone()).collect();
        let unused = sheet.unused.told();
        Plan { unused, ..Plan::again(lines, sheet.text.clone(), named) }
    }

    /// Lines that were read before.
    pub fn again(lines: Vec<String>, text: String, named: Named) -> Plan {
        let mut case = named.base.clone();
        let mut planned: Vec<Planned> = Vec::new();
        for (line, number) in lines.into_iter().zip(1..) {
            case = case_line(&line).or(case);
            planned.push(Planned { number, case: case.clone(), line, has_text: false });
        }
        let is = |name: &'static str| move |one: &Planned| one.names(name) && one.is_bare();
        let (tries, at_once) = (planned.iter().any(is("try")), planned.iter().any(is("confirm")));
        if !text.is_empty() {
            let takes = |one: &&mut Planned| one.command().is_some_and(|known| known.takes_text);
            match planned.iter_mut().rev().find(takes) {
                Some(last) => last.has_text = true,
                None => planned.push(Planned {
                    number: planned.len() + 1,
                    case,
                    line: "/note".to_owned(),
                    has_text: true,
                }),
            }
        }
        Plan { lines: planned, text, named, tries, at_once, unused: None, since: None }
    }

    /// What usually comes next is done further down by itself.
    pub fn goes_on(&self, from: &Planned, next: &str) -> bool {
        let name = next.split_whitespace().next().unwrap_or_default().trim_start_matches('/');
        self.lines.iter().any(|line| line.number > from.number && line.names(name))
    }

    pub fn asks_to(&self, name: &str) -> bool {
        self.lines.iter().any(|line| line.names(name))
    }
}

impl Planned {
    pub fn name(&self) -> &str {
        let bare = self.line.trim_start().trim_start_matches('/');
        bare.split_whitespace().next().unwrap_or_default()
    }

    pub fn names(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// A command without arguments.
    pub fn is_bare(&self) -> bool {
        self.line.split_whitespace().count() == 1
    }

    pub fn command(&self) -> Option<&'static Command> {
        command::named(self.name())
    }
}

impl Planned {
    /// It stands for text without a command.
    pub fn added(&self) -> bool {
        self.has_text && self.line == "/note"
    }
}

/// A line of no command.
pub fn unknown(planned: &Planned) -> Refusal {
    let name = planned.name();
    let column = planned.line.find(name).unwrap_or_default();
    let at = Some((
        planned.line.get(..column).unwrap_or_default().chars().count(),
        name.chars().count(),
    ));
    if name.eq_ignore_ascii_case("accept") {
        let what = "What do you accept? /engage takes the case on; /embargo accept for <who> \
                    records an agreement; /key accept <fingerprint> a key.";
        return Refusal { what: what.to_owned(), at, meant: None };
    }
    let what = match meant(name) {
        Some(meant) => format!("No such command. Did you mean /{meant} ?"),
        None => "No such command. /help lists them all.".to_owned(),
    };
    Refusal { what, at, meant: None }
}

fn meant(name: &str) -> Option<&'static str> {
    nearest(&name.to_ascii_lowercase(), COMMANDS.iter().map(|command| command.name))
}

/// The line as it was probably meant.
pub fn suggestion(planned: &Planned) -> Option<String> {
    let name = planned.name();
    if command::named(name).is_some() {
        return None;
    }
    meant(name).map(|meant| planned.line.replacen(name, meant, 1))
}

/// The line with the word that was probably meant in its place. Only where columns are characters.
pub fn mended(planned: &Planned, refusal: &Refusal) -> Option<String> {
    let (meant, (column, width)) = (refusal.meant.as_ref()?, refusal.at?);
    let line = &planned.line;
    let before = line.is_ascii().then(|| line.get(..column))??;
    Some(format!("{before}{meant}{}", line.get(column + width..)?))
}
