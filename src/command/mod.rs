//! What a volunteer can order by mail: one file a command, one table of them all.
//!
//! [`sheet`] reads the lines out of what was signed, [`words`] and [`when`] their arguments. A
//! command's rule looks at the case and answers with a [`Ruling`] or a [`Refusal`]; it changes
//! nothing and writes to nobody. The desk asks who may, runs the rules on a scratch copy of the
//! case, and makes the whole mail true or none of it.

pub mod key_member;
pub mod nearest;
pub mod page;
pub mod sheet;
pub mod show;
mod table;
pub mod when;
pub mod who;
pub mod words;

pub use table::COMMANDS;

use crate::case::{Case, CaseId, Caseload, Deed, HouseRules, Member, Permission};
use crate::letter::Wording;
use jiff::Timestamp;
use jiff::civil::Date;
use page::Page;
use words::{Slip, Words};

/// One command, whole: what it is called, who may give it, what it does.
pub struct Command {
    /// Without the slash, in lower case.
    pub name: &'static str,
    /// As it is written: `/assign <who>`.
    pub usage: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// What `/help <command>` adds: words, limits, an example. Plain paragraphs.
    pub help: &'static str,
    pub needs: Needs,
    /// What it writes to people outside, by T-number; empty where nothing.
    pub writes: &'static str,
    /// The text below the commands may belong to it.
    pub takes_text: bool,
    /// Asks for a case line of ours, or a confirmation.
    pub risky: bool,
    pub rule: Rule,
}

/// Who may give a command, and where it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Any member, about nothing that has to be read in for.
    Member,
    /// A member who may read the case.
    Reader,
    /// A handler of the case, or a coordinator who may read it.
    Handler,
    /// A coordinator who may read the case.
    Coordinator,
    /// A member, in a case that need not be readable to them.
    Taker,
}

#[derive(Clone, Copy)]
pub enum Rule {
    /// Looks at the case and rules.
    Asks(fn(&mut Words<'_>, &Asked<'_>) -> Result<Ruling, Refusal>),
    /// Steers the mail itself; the desk carries it out.
    Steers,
}

/// What a rule may look at. The case is a scratch copy, as the lines above left it.
pub struct Asked<'a> {
    pub by: &'a Member,
    pub cases: &'a Caseload,
    pub rules: &'a HouseRules,
    pub now: Timestamp,
    case: Option<&'a Case>,
    /// The text below the commands, where it belongs to this line; else empty.
    pub text: &'a str,
    /// A `/send` stands in the same mail, so that a letter of a template is not wanted.
    pub sends_too: bool,
    /// What the mail itself looked like: for `/ping`.
    pub seen: &'a [(String, String)],
}

impl<'a> Asked<'a> {
    pub fn of(by: &'a Member, cases: &'a Caseload, rules: &'a HouseRules) -> Asked<'a> {
        let now = Timestamp::UNIX_EPOCH;
        Asked { by, cases, rules, now, case: None, text: "", sends_too: false, seen: &[] }
    }

    pub fn at(self, now: Timestamp) -> Asked<'a> {
        Asked { now, ..self }
    }

    pub fn about(self, case: Option<&'a Case>) -> Asked<'a> {
        Asked { case, ..self }
    }

    /// The case. A command that needs one is never asked without.
    ///
    /// # Errors
    /// There is none.
    pub fn case(&self) -> Result<&'a Case, Refusal> {
        self.case.ok_or_else(|| Refusal::new(NO_CASE))
    }

    pub fn any_case(&self) -> Option<&'a Case> {
        self.case
    }

    pub fn is_coordinator(&self) -> bool {
        self.by.role == Permission::Coordinator
    }

    pub fn is_handler(&self) -> bool {
        self.case.is_some_and(|case| case.handlers.contains(&self.by.handle))
    }

    /// Cases this member may read: the only ones an answer may tell of.
    pub fn readable(&self) -> impl Iterator<Item = &'a Case> {
        let handle = self.by.handle.as_str();
        self.cases.cases().filter(move |case| case.readable_by(handle))
    }

    /// The case of that number, if this member may read it; any other number, existing or not,
    /// gets the same words.
    ///
    /// # Errors
    /// Not a case this member can read.
    pub fn other(&self, id: &CaseId) -> Result<&'a Case, Refusal> {
        let case = self.cases.case(id).filter(|case| case.readable_by(&self.by.handle));
        case.ok_or_else(|| Refusal::new(NOT_READABLE))
    }
}

pub const NOT_READABLE: &str = "Not a case you can read.";
pub const NO_CASE: &str = "Which case? Reply to a letter of the case, or put /case and its number \
                           on the first line.";

/// The house says yes: what it comes to.
#[derive(Default)]
pub struct Ruling {
    /// What it did, or that there was nothing to do, as one sentence or two.
    pub answer: String,
    /// Facts about this case, in order.
    pub deeds: Vec<Deed>,
    /// Facts about other cases that the member may read.
    pub elsewhere: Vec<(CaseId, Deed)>,
    /// A member's rights or channel that are not deeds.
    pub other: Vec<Other>,
    /// Letters to people outside.
    pub says: Vec<Say>,
    /// The answer to a question.
    pub shows: Option<Page>,
    /// Files that come back attached to the answer.
    pub attaches: Vec<Attach>,
    /// Why a confirmation is asked for first.
    pub confirm: Vec<String>,
    /// Lines that usually come next.
    pub next: Vec<(String, String)>,
}

/// Facts with names of their own from before there were commands.
pub enum Other {
    ReadIn {
        member: String,
        why: String,
    },
    ChannelSet {
        participant: u32,
        channel: crate::case::Channel,
    },
    Away {
        from: Date,
        to: Date,
    },
    /// A new key of a member, accepted or refused.
    MemberKey {
        member: String,
        key: crate::mail::Fingerprint,
        accepted: bool,
    },
}

/// A letter to one participant.
#[derive(Clone, Debug)]
pub struct Say {
    /// By number in the case as it will be after the deeds.
    pub to: u32,
    pub wording: Wording,
    pub files: Vec<Attach>,
}

/// Something of the case that goes along with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attach {
    /// File `number` of the case's mail `mail` (both from 1).
    File { mail: usize, number: usize },
    /// The case's mail with that number, as it came.
    Original { mail: usize },
    /// A document made of the case.
    Document { name: String, text: String },
}

/// The house says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What, and what to do instead.
    pub what: String,
    /// Column and width in the line, in characters.
    pub at: Option<(usize, usize)>,
}

impl Refusal {
    pub fn new(what: impl Into<String>) -> Refusal {
        Refusal { what: what.into(), at: None }
    }
}

impl From<Slip> for Refusal {
    fn from(slip: Slip) -> Refusal {
        Refusal { what: slip.what, at: slip.at }
    }
}

impl Ruling {
    /// It is so already.
    pub fn nothing(answer: impl Into<String>) -> Ruling {
        Ruling { answer: answer.into(), ..Ruling::default() }
    }

    pub fn of(deed: Deed, answer: impl Into<String>) -> Ruling {
        Ruling { deeds: vec![deed], answer: answer.into(), ..Ruling::default() }
    }

    pub fn page(page: Page) -> Ruling {
        Ruling { shows: Some(page), answer: "See below.".to_owned(), ..Ruling::default() }
    }

    pub fn and(mut self, deed: Deed) -> Ruling {
        self.deeds.push(deed);
        self
    }

    pub fn says(mut self, to: u32, wording: Wording) -> Ruling {
        self.says.push(Say { to, wording, files: Vec::new() });
        self
    }

    pub fn after(mut self, why: impl Into<String>) -> Ruling {
        self.confirm.push(why.into());
        self
    }

    pub fn then(mut self, line: impl Into<String>, does: impl Into<String>) -> Ruling {
        self.next.push((line.into(), does.into()));
        self
    }
}

/// The command of that name, in any case.
pub fn named(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().copied().find(|command| command.name.eq_ignore_ascii_case(name))
}
