//! `/title`: what the case is called inside.

use super::known;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Deed, Words as Text};

pub const TITLE: Command = Command {
    name: "title",
    usage: "/title <words>",
    summary: "Names the case for the team; Subjects of letters stay.",
    help: "\
At most 250 characters on one line. Only members see it. The Subject of letters is the title the \
case was opened with and never changes, so that a thread stays a thread.\n\n\
Example: /title Heap overflow in libexample 2.3",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(title),
};

fn title(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (case, title) = (asked.case()?, known::line(words, "a title")?);
    if title == case.title {
        return Ok(Ruling::nothing("It is called that already."));
    }
    let answer = known::changed("Title", Some(&case.title), &title);
    Ok(Ruling::of(Deed::TitleSet { private: Text::of(&title) }, answer))
}

#[cfg(test)]
#[path = "known_tests.rs"]
mod tests;
