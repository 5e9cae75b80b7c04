//! A statement that says enough, in the right form, to be a notice at all.
//!
//! Here stands what every notice needs, whatever list or file it becomes: a part that is missing, a
//! value nobody could read, a placeholder, a contradiction. The manners of a list are looked at in
//! [`super::post`], what one file form asks for beyond this where that form is written.

mod software;
mod values;
mod words;

use super::{Finding, Notice, Publisher};
use crate::case::{Heading, HouseRules, NoticeKind, Statement};

/// The notice; or everything that is missing or wrong in any format or on any list.
///
/// # Errors
/// All findings at once: each names its rule, the part to mend, and what to do.
pub fn complete(
    heading: &Heading,
    statement: &Statement,
    publisher: &Publisher,
) -> Result<Notice, Vec<Finding>> {
    let mut findings = Findings::default();
    words::look(statement, &mut findings);
    values::look(statement, &mut findings);
    software::look(statement, &mut findings);
    history(heading, statement, &mut findings);
    if !findings.0.is_empty() {
        return Err(findings.0);
    }
    let (heading, statement) = (heading.clone(), statement.clone());
    Ok(Notice { heading, statement, publisher: publisher.clone() })
}

impl Publisher {
    /// The team, as its settings name it.
    pub fn of(rules: &HouseRules) -> Publisher {
        Publisher {
            name: rules.team.name.clone(),
            address: rules.team.address.clone(),
            namespace: rules.siren.namespace.clone(),
            cve_org: rules.siren.cve_org.clone(),
            policy_url: rules.team.policy_url.clone(),
        }
    }
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, rule: &'static str, part: &'static str, what: impl Into<String>) {
        let found = Finding { rule, what: what.into(), part };
        if !self.0.contains(&found) {
            self.0.push(found);
        }
    }
}

/// Every version says what it follows, so that it is understood wherever somebody begins to read.
fn history(heading: &Heading, statement: &Statement, findings: &mut Findings) {
    let earlier: Vec<u32> = heading.history.iter().map(|one| one.version).collect();
    let dates = heading.history.iter().map(|one| one.at).chain([heading.written]);
    let whole = earlier.iter().copied().eq(1..heading.version) && heading.version > 0;
    if !whole || !dates.is_sorted() {
        let what = "The earlier versions are not all there in order of time: each version \
                    follows the one before it. Draft the notice anew from the one it follows.";
        findings.add("HISTORY", "", what);
    }
    let follows = heading.kind != NoticeKind::First;
    if whole && follows == heading.history.is_empty() {
        let what = match follows {
            true => {
                "It brings up to date or takes back a notice that was never published. Make \
                     it a first notice."
            }
            false => {
                "It follows a published notice, so it is an update, a correction or a \
                      withdrawal of that."
            }
        };
        findings.add("HISTORY", "", what);
    }
    if follows && statement.changes.trim().is_empty() {
        let what = "It does not say what has changed. Write one sentence on what is new, was \
                    wrong, or is taken back.";
        findings.add("CHANGES", "changes", what);
    }
}

#[cfg(test)]
#[path = "complete_tests.rs"]
mod tests;
