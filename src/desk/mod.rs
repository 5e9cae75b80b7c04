//! What follows from a mail, from a letter's fate, from a word at the terminal?
//!
//! The desk decides. It reads no clock, opens no mail, sends nothing: it returns facts for the
//! journal, letters to write, and what becomes of the mail. One input, one file here; and every
//! recipient this program ever writes to is chosen in [`notify`].

mod answer_word;
mod bounce;
mod card;
mod deadline;
mod draft;
mod exposure;
mod follow_up;
mod help;
pub mod leak_guard;
mod letter_fate;
mod notify;
pub(crate) mod orders;
mod outside_cases;
mod posting;
mod report;
pub mod roster;
mod same_words;
mod terminal;
mod unfiled;
mod verdict;
mod watching;

pub use deadline::next_deadline;
pub use letter_fate::News;
pub use posting::must_stay;
pub use terminal::{AtTerminal, Refusal, at_terminal};
pub use watching::PastPost;

use crate::case::{CaseId, Caseload, Class, Entry, HouseRules};
use crate::letter::Letter;
use crate::mail::{Mail, Mailbox, Signed};
use crate::triage::Triage;
use draft::Draft;
use jiff::Timestamp;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A mail, opened and triaged.
    Mail(Box<Opened>),
    /// A mail that could not be opened: too large, unparsable, or deadly to the workers.
    Unfiled(Box<Unfiled>),
    /// What became of a letter.
    Letter { number: u64, news: News },
    /// Something may be due.
    Clock,
    /// The clock of the machine is suddenly ahead: nothing leaves by it.
    ClockJumped,
    /// A post of an archive, imported at the terminal.
    Past(Box<PastPost>),
    /// The roster may be another than the journal knows: at start, and after a word on a key.
    Roster,
}

#[derive(Clone, Debug)]
pub struct Opened {
    pub mail: Mail,
    /// What a member signed, where the gateway itself has verified it. `mail` is the word of the
    /// process that opened it: read it to people, and take orders from here alone.
    pub signed: Option<SignedWords>,
    pub triage: Triage,
    pub arrival: ArrivalFacts,
}

/// What a key on the roster signed, verified by the gateway with the certificate it holds, and read
/// from the signed bytes alone.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedWords {
    /// The gateway's own verdict. Whether the key is alive now, how old the signature is, and for
    /// whom it was made is for the desk to ask.
    pub signed: Signed,
    pub text: String,
    pub text_cut: bool,
    /// Why `text` may not be read as commands; none where it may.
    pub not_for_orders: Option<String>,
    /// The Subject that was signed, where one was.
    pub subject: Option<String>,
    /// The From that was signed; empty where none was.
    pub from: Vec<Mailbox>,
    /// It came inside an encryption. Who encrypted it, nobody knows.
    pub encrypted: bool,
    /// What is odd about the form of the signed bytes.
    pub oddities: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Unfiled {
    /// What its outer header says, where even that could be read.
    pub header: Mail,
    pub trouble: Trouble,
    pub arrival: ArrivalFacts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    TooLarge { limit: u64 },
    Unparsable { why: String },
    Poison { why: String },
}

/// What the gateway knows about an arrival without opening it.
#[derive(Clone, Debug)]
pub struct ArrivalFacts {
    /// The name its octets are kept under, and the two keyed digests.
    pub mail: String,
    pub exact: String,
    pub routeless: String,
    pub bytes: u64,
    pub mailbox: String,
    pub received: Timestamp,
    /// The case of a mail that is the same but for its route.
    pub twin: Option<CaseId>,
    /// It was in quarantine and is tried again.
    pub retried: Option<u64>,
}

/// Everything that becomes true together.
#[derive(Clone, Debug)]
pub struct Decision {
    pub entries: Vec<Entry>,
    pub letters: Vec<Letter>,
    pub filing: Filing,
}

/// What becomes of an arrival at its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filing {
    Done,
    Quarantined,
}

/// Decides on one input. `now` never lies before the last entry.
pub fn decide(cases: &Caseload, rules: &HouseRules, input: &Input, now: Timestamp) -> Decision {
    let now = cases.last_entry().map_or(now, |last| last.max(now));
    let mut draft = Draft::new(cases, rules, now);
    let filing = match input {
        Input::Mail(opened) => {
            mail(&mut draft, opened);
            Filing::Done
        }
        Input::Unfiled(unfiled) => {
            unfiled::quarantine(&mut draft, unfiled);
            Filing::Quarantined
        }
        Input::Letter { number, news } => {
            letter_fate::record(&mut draft, *number, news);
            Filing::Done
        }
        Input::ClockJumped => {
            posting::hold_by_clock(&mut draft);
            Filing::Done
        }
        Input::Clock => {
            deadline::due(&mut draft);
            Filing::Done
        }
        Input::Past(post) => {
            watching::past(&mut draft, post);
            Filing::Done
        }
        Input::Roster => {
            roster::judge(&mut draft);
            Filing::Done
        }
    };
    draft.decision(filing)
}

fn mail(draft: &mut Draft<'_>, opened: &Opened) {
    draft.exposure = exposure::of(draft, opened);
    match opened.triage.class {
        Class::Bounce => bounce::file(draft, opened),
        Class::Orders => orders::take(draft, opened),
        Class::OwnLetter => {
            outside_cases::file(draft, opened);
            posting::came_back(draft, opened);
        }
        Class::List => outside_cases::file(draft, opened),
        _ if opened.arrival.twin.is_some() && opened.arrival.retried.is_some() => {
            follow_up::out_of_quarantine(draft, opened);
        }
        _ if opened.arrival.twin.is_some() => follow_up::twin(draft, opened),
        _ if opened.triage.belongs.is_some() => follow_up::join(draft, opened),
        _ if orders::join_claim(draft, opened) => {}
        Class::Automatic | Class::FollowUp => outside_cases::file(draft, opened),
        _ if opened.triage.asks_for_help => help::answer(draft, opened),
        _ => report::open(draft, opened),
    }
    if opened.triage.class != Class::Orders {
        orders::keep_claim(draft, opened);
    }
    if let Some(case) = draft.exposure.clone() {
        exposure::tell(draft, opened, &case);
    }
    // Whatever else it is: one that asks for silence is a report, and public all the same.
    watching::observe(draft, opened);
}

/// A stranger's words as one clean line of bounded length.
fn one_line(text: &str) -> String {
    let line = crate::mail::clean::line(text);
    match line.char_indices().nth(crate::limits::LINE_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod desk_tests;
#[cfg(test)]
pub(crate) mod posting_cast;
#[cfg(test)]
mod posting_props_tests;
#[cfg(test)]
mod posting_tests;
#[cfg(test)]
mod posting_waits_tests;
#[cfg(test)]
pub(crate) mod test_support;
