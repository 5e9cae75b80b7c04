//! What a volunteer can order by mail: one file a command, one table of them all.
//!
//! [`sheet`] reads the lines out of what was signed, [`words`] and [`when`] their arguments. A
//! command's rule looks at the case and answers with a [`Ruling`] or a [`Refusal`]; it changes
//! nothing and writes to nobody. The desk asks who may, runs the rules on a scratch copy of the
//! case, and makes the whole mail true or none of it.

mod across;
pub mod add;
mod affects;
pub mod also;
mod assign;
pub mod away;
pub mod channel;
mod class;
mod close;
pub mod consent;
mod credit;
mod cve;
mod cvss;
mod cwe;
pub mod dates;
pub mod deadline;
mod decline;
mod defer;
mod drop;
mod duplicate;
pub mod duty;
pub mod embargo;
mod engage;
pub mod export;
pub mod fact;
pub mod file;
pub mod find;
mod fixed;
mod handling;
mod handover;
pub mod help;
pub mod invite;
pub mod key;
pub mod key_member;
mod known;
mod link;
pub mod list;
pub mod manual;
mod merge;
mod move_mail;
pub mod nearest;
pub mod note;
pub mod original;
pub mod page;
mod pathway;
pub mod people;
pub mod ping;
pub mod readin;
mod reject;
pub mod release;
pub mod remind;
pub mod remove;
mod reopen;
pub mod report;
pub mod resume;
pub mod roster;
pub mod send;
mod service;
mod severity;
pub mod sheet;
pub mod show;
mod show_history;
mod show_people;
pub mod siren;
mod split;
mod ssvc;
pub mod standing;
mod status;
pub mod steering;
mod table;
mod take;
pub mod templates;
pub mod time;
mod title;
pub mod tlp;
mod valid;
pub mod wait;
pub mod when;
pub mod who;
pub mod words;

pub use table::COMMANDS;

use crate::case::{Case, CaseId, Caseload, Deed, HouseRules, Member, Participant, Permission};
use crate::letter::Wording;
use jiff::Timestamp;
use jiff::civil::Date;
use page::Page;
use std::collections::BTreeMap;
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
    /// The line names a case, whether there is one or not.
    named: bool,
    /// Other cases, as the lines above left them.
    changed: Option<&'a BTreeMap<CaseId, Case>>,
    /// Free cases this member has taken in the last 24 hours, the lines above included.
    pub takes: usize,
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
        let (case, named, changed, takes) = (None, false, None, 0);
        let (text, sends_too, seen) = ("", false, [].as_slice());
        Asked { by, cases, rules, now, case, named, changed, takes, text, sends_too, seen }
    }

    pub fn at(self, now: Timestamp) -> Asked<'a> {
        Asked { now, ..self }
    }

    /// `named`: the line names a case, also where it is none this member may be shown.
    pub fn about(self, case: Option<&'a Case>, named: bool) -> Asked<'a> {
        Asked { case, named, ..self }
    }

    pub fn beside(self, changed: &'a BTreeMap<CaseId, Case>) -> Asked<'a> {
        Asked { changed: Some(changed), ..self }
    }

    /// The case.
    ///
    /// # Errors
    /// None is named; or, in the same words whether it exists or not, none that may be read.
    pub fn case(&self) -> Result<&'a Case, Refusal> {
        self.case.ok_or_else(|| Refusal::new(if self.named { NOT_READABLE } else { NO_CASE }))
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
        let (handle, here, changed) = (self.by.handle.as_str(), self.case, self.changed);
        let now = move |case: &'a Case| {
            let here = here.filter(|here| here.id == case.id);
            here.or_else(|| changed.and_then(|changed| changed.get(&case.id))).unwrap_or(case)
        };
        self.cases.cases().map(now).filter(move |case| case.readable_by(handle))
    }

    /// The case of that number, if this member may read it; any other number, existing or not,
    /// gets the same words.
    ///
    /// # Errors
    /// Not a case this member can read.
    pub fn other(&self, id: &CaseId) -> Result<&'a Case, Refusal> {
        let changed = self.changed.and_then(|changed| changed.get(id));
        let case = changed.or_else(|| self.cases.case(id));
        let case = case.filter(|case| case.readable_by(&self.by.handle));
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
    /// The same for rights, in cases that the member may read.
    pub other_elsewhere: Vec<(CaseId, Other)>,
    /// What those who work on other cases hear of it, as sentences.
    pub tells: Vec<(CaseId, String)>,
    /// A new case of its own, linked to this one.
    pub opens: Option<Opens>,
    /// A member's rights or channel that are not deeds.
    pub other: Vec<Other>,
    /// Letters to people outside.
    pub says: Vec<Say>,
    /// The answer to a question.
    pub shows: Option<Page>,
    /// Files that come back attached to the answer.
    pub attaches: Vec<Attach>,
    /// Whose waiting letters are stopped for good.
    pub stops: Vec<Stops>,
    /// Why a confirmation is asked for first.
    pub confirm: Vec<String>,
    /// Lines that usually come next.
    pub next: Vec<(String, String)>,
    /// Why every letter of the case that waits to leave is held from now on.
    pub holds: Option<String>,
    /// What its author asks of those who work on the case: they hear this instead of the answer.
    pub plea: Option<Plea>,
    /// The notice that `shows` shows: of several pages in one mail, the last one counts.
    pub notice: Option<u32>,
}

/// What a member asks of others, and the line of theirs that grants it.
pub struct Plea {
    /// As a sentence.
    pub asks: String,
    pub line: String,
    pub does: String,
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
    /// No days where `to` lies before `from`.
    Away {
        from: Date,
        to: Date,
    },
    LetterReleased {
        letter: u64,
    },
    LetterHeld {
        letter: u64,
        why: String,
    },
    /// A new key of a member, accepted or refused.
    MemberKey {
        member: String,
        key: crate::mail::Fingerprint,
        accepted: bool,
    },
}

/// A case made out of another: its author handles it, and only these people take part.
#[derive(Default)]
pub struct Opens {
    pub title: String,
    /// As they are in this case, with their keys; their numbers begin at 1 again.
    pub people: Vec<Participant>,
    pub readers: Vec<String>,
    /// A mail of this case that stands there from then on.
    pub mail: Option<String>,
    /// The post it is made of, where it is made of one and of no case.
    pub post: Option<u32>,
    /// What is so in it from the start.
    pub deeds: Vec<Deed>,
}

/// Somebody whose letters of this case no longer leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stops {
    Participant(u32),
    /// By handle.
    Member(String),
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
    /// The words of the case's mail with that number, without what names its author where
    /// `nameless`. They stand in the letter itself.
    Words { mail: usize, nameless: bool },
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
    /// What probably was to stand there.
    pub meant: Option<String>,
}

impl Refusal {
    pub fn new(what: impl Into<String>) -> Refusal {
        Refusal { what: what.into(), at: None, meant: None }
    }
}

impl From<Slip> for Refusal {
    fn from(slip: Slip) -> Refusal {
        Refusal { what: slip.what, at: slip.at, meant: slip.meant }
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
