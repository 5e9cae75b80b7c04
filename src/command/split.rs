//! `/split`: a report holds two matters, and each gets its case.

use super::known;
use super::words::Words;
use super::{Asked, Command, Needs, Opens, Refusal, Rule, Ruling};
use crate::case::{Case, Participant, Role};
use crate::case::{Member, Permission};

pub const SPLIT: Command = Command {
    name: "split",
    usage: "/split <title>",
    summary: "Opens a case of its own for a second matter of this report.",
    help: "\
The new case gets the title, a number of its own, and class, pathway, label and embargo of this \
one; they link to each other. You handle it. It is read by you and by the coordinators who read \
this case. Of those outside only who brought the report takes part, with the keys and the channel \
that they have here; consent is recorded anew.\n\n\
No mail moves: /move does that. It writes to nobody.\n\n\
Example: /split Path traversal in the same upload form",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(split),
};

fn split(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (case, title) = (asked.case()?, known::line(words, "a title for the new case")?);
    let people = case.participants.iter().filter(|person| brought(person)).cloned().collect();
    let opens = Opens { title, people, readers: readers(asked, case), ..Opens::default() };
    let answer = "Split: the second matter has a case of its own.".to_owned();
    Ok(Ruling { answer, opens: Some(opens), ..Ruling::default() })
}

fn brought(person: &Participant) -> bool {
    !person.left && matches!(person.role, Role::Finder | Role::Reporter)
}

/// Who makes the case, and the coordinators who read the one it comes from.
pub fn readers(asked: &Asked<'_>, case: &Case) -> Vec<String> {
    let reads = |one: &&Member| {
        one.role == Permission::Coordinator
            && one.handle != asked.by.handle
            && case.readable_by(&one.handle)
    };
    let coordinators = asked.rules.roster.members.iter().filter(reads);
    let coordinators = coordinators.map(|one| one.handle.clone());
    std::iter::once(asked.by.handle.clone()).chain(coordinators).collect()
}
