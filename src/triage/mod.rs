//! What is this mail?
//!
//! [`RULES`] are asked in order; the first that answers decides. Each answer carries its reasons
//! as sentences, which handlers read. A rule never acts, never answers, never drops: in doubt a
//! mail is a report and a human reads it.

use crate::case::{CaseId, Caseload, Class, Found, HouseRules, Pathway};
use crate::mail::Mail;
use serde::{Deserialize, Serialize};

/// What a rule may look at.
pub struct Question<'a> {
    pub mail: &'a Mail,
    pub cases: &'a Caseload,
    pub rules: &'a HouseRules,
    /// The watched list that the mailbox is configured for.
    pub list: Option<&'a str>,
}

/// What a mail was taken for, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Triage {
    pub class: Class,
    pub pathway: Pathway,
    /// Sentences for handlers, the strongest first.
    pub because: Vec<String>,
    pub certain: Certainty,
    pub found: Found,
    /// The case it belongs to, where it belongs to one.
    pub belongs: Option<Belonging>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    Certain,
    Likely,
    Doubtful,
}

/// Which case a mail belongs to, and what says so. It says nothing of who writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belonging {
    pub case: CaseId,
    pub by: Link,
    /// The participant whose address the mail comes from, where one takes part.
    pub participant: Option<u32>,
    /// A good signature by that participant's key on record covers the mail.
    pub proven: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// A code or token of ours.
    Code,
    /// A Message-ID of ours in In-Reply-To or References.
    MessageId,
    /// The case number, in text signed by a key on record of that case.
    SignedNumber,
    /// The case number, from an address that takes part.
    Number,
}

impl Triage {
    /// For a mail that could not be opened: in doubt it is a report.
    pub fn unopened(why: &str) -> Triage {
        Triage {
            class: Class::Report,
            pathway: Pathway::P1,
            because: vec![why.to_owned()],
            certain: Certainty::Doubtful,
            found: Found::default(),
            belongs: None,
        }
    }
}

/// One rule: a small named check with the reason recorded.
pub struct Rule {
    pub name: &'static str,
    pub check: fn(&Question<'_>) -> Option<Triage>,
}
