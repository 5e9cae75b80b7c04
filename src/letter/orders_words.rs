//! The fields of letters that orders lead to: transcripts and news for the team, and what is said
//! to people outside.

use super::{CaseCard, ReadyLine};
use jiff::Timestamp;
use serde::Serialize;

/// To somebody outside, in the words of a template. Without `sentence` it carries no detail.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Said {
    /// What a member added, as one paragraph. It makes the letter one with detail.
    pub sentence: Option<String>,
    /// What stands under it instead of a name.
    pub signs_as: String,
    /// One of our own words: "not-credible", "capacity".
    pub reason: Option<String>,
    /// When they hear again, or when it is looked at again.
    pub until: Option<Timestamp>,
    /// It goes on after a pause.
    pub resumed: bool,
}

/// A member's own words to one participant.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OwnWords {
    /// As it was written, paragraphs and all.
    pub text: String,
    pub signs_as: String,
    /// The report, passed on to somebody read in; cleaned, without its sender's name.
    pub words: Option<String>,
    /// What stands in it: "the report, received Mon 23 Nov 2026".
    pub words_are: Option<String>,
    /// Names of files that come along.
    pub files: Vec<String>,
}

/// To somebody who may be the right person. No detail.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Invitation {
    pub signs_as: String,
    /// The package or project as we name it; only where the member gave it as a purl or name.
    pub project: Option<String>,
    /// An embargo is in force until then, and they would have to accept it.
    pub embargo_until: Option<Timestamp>,
}

/// T-57, the answer to orders: each line, what it did, what is next.
#[derive(Clone, Debug, Serialize)]
pub struct Transcript {
    /// "done", "refused", "waits", "tried": the first sentence follows from it.
    pub outcome: String,
    /// Why nothing was done, or why it waits, as sentences.
    pub why: Vec<String>,
    pub signed: Timestamp,
    pub key: String,
    pub encrypted: bool,
    /// The title of the case, where the reader may read it.
    pub about: Option<String>,
    pub steps: Vec<Step>,
    /// What of the mail was not used: "the 61 lines from the quote on".
    pub unused: Vec<String>,
    /// Letters that leave, in the order in which they are enclosed.
    pub leaving: Vec<Leaving>,
    /// Answers to questions: text in 72 columns, as it is to stand.
    pub pages: Vec<String>,
    pub files: Vec<String>,
    /// Who was told: "you alone", "vic".
    pub told: String,
    /// `/again` or `/confirm` work until then.
    pub kept_until: Option<Timestamp>,
    /// The line that failed, by its number: `/again <code> <line> …` mends it.
    pub mend: Option<Mend>,
    /// Lines to send back.
    pub ready: Vec<ReadyLine>,
    /// The case as it stands after all this; none where there is no case.
    pub card: Option<CaseCard>,
    /// A clear mail of theirs held words that we had sent encrypted.
    pub exposure: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub number: usize,
    pub line: String,
    /// Under the line: blanks and carets, where a place is known.
    pub caret: Option<String>,
    /// What it did, would do, or why not.
    pub did: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Mend {
    pub line: usize,
    /// The line as it probably was meant.
    pub suggestion: Option<String>,
    /// No line is wrong: the mail names no case.
    pub no_case: bool,
}

/// A letter on its way, as its author sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Leaving {
    /// "L17"; none while it is only shown.
    pub letter: Option<String>,
    /// "the finder, fay@finders.example".
    pub to: String,
    /// "encrypted to 71B0 22D4 ... 09AE", "UNENCRYPTED: servers on the way can read it".
    pub how: String,
    /// Until then it can be stopped.
    pub leaves: Option<Timestamp>,
    /// Why it does not leave yet.
    pub waits: Option<String>,
}

/// To the other handlers: what somebody's orders changed.
#[derive(Clone, Debug, Serialize)]
pub struct CaseNews {
    /// The handle of whoever did it.
    pub by: String,
    /// What was done, as sentences.
    pub did: Vec<String>,
    /// Nothing was done: a mail of theirs came in the clear, with words that went or came
    /// encrypted.
    pub exposed: bool,
    /// A note for the handlers, as it was written.
    pub note: Option<String>,
    pub leaving: Vec<Leaving>,
    pub card: CaseCard,
    /// Facts that one member alone has claimed; what is outgoing is held by them.
    pub claims: Vec<String>,
    /// Lines that grant what the author asks for.
    pub ready: Vec<ReadyLine>,
    /// The reader handles the case from now on.
    pub yours: bool,
}

/// T-58, to a member who may read the case from now on: what there is to know.
#[derive(Clone, Debug, Serialize)]
pub struct Digest {
    pub by: String,
    pub why: String,
    /// The case in pages of 72 columns: history, people, notes, what was sent.
    pub pages: Vec<String>,
    pub card: CaseCard,
    pub ready: Vec<ReadyLine>,
    /// They are its handler now.
    pub handler: bool,
}

/// T-58, to a member who may read the case no longer.
#[derive(Clone, Debug, Serialize)]
pub struct ReadOut {
    pub by: String,
}

/// T-57, to a member in whose name a mail came that cannot be believed, or is not obeyed. Quotes
/// nothing of it.
#[derive(Clone, Debug, Serialize)]
pub struct NotObeyed {
    pub received: Timestamp,
    pub signed: Option<Timestamp>,
    pub key: Option<String>,
    /// Why, as sentences.
    pub why: Vec<String>,
    /// It was not signed at all: its words are kept as a claim.
    pub claim: bool,
}

/// T-56, to a coordinator: who the members are has changed. It names no case, so that it may go in
/// the clear to whoever's own key is the one that changed.
#[derive(Clone, Debug, Serialize)]
pub struct RosterChanged {
    pub changes: Vec<RosterChange>,
}

#[derive(Clone, Debug, Serialize)]
pub struct RosterChange {
    pub member: String,
    /// What changed, as sentences.
    pub what: Vec<String>,
    /// The fingerprint to accept or refuse; none where nothing waits.
    pub waits: Option<String>,
}
