//! `/note`: words for those who read the case. Text without a command is one.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case;
use crate::limits::NOTE_CHARS;

pub const NOTE: Command = Command {
    name: "note",
    usage: "/note [words]",
    summary: "Words for those who handle the case, and for nobody else.",
    help: "\
The words stand behind /note, or below the commands after a blank line. Text below commands that \
take none is a note even without /note.

A note is kept with the case and sent to its other handlers, encrypted. Nothing of it goes to \
anybody outside: what you want to say to the finder or the maintainer, you /send.

/note I could not reproduce it on 2.3.2.",
    needs: Needs::Reader,
    writes: "",
    takes_text: true,
    risky: false,
    rule: Rule::Asks(note),
};

fn note(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    asked.case()?;
    let (here, below) = (words.rest(), asked.text.trim());
    let text = match (here.is_empty(), below.is_empty()) {
        (true, true) => {
            return Err(Refusal::new(
                "A note without words. Write them behind /note, or below a blank line.",
            ));
        }
        (false, false) => format!("{here}\n\n{below}"),
        _ => format!("{here}{below}"),
    };
    let chars = text.chars().count();
    if chars > NOTE_CHARS {
        return Err(Refusal::new(format!(
            "A note has at most {NOTE_CHARS} characters, and this one has {chars}. Send it in \
             parts."
        )));
    }
    let deed = case::Deed::NoteWritten { private: case::Words::of(&text) };
    Ok(Ruling::of(deed, "Noted. Only those who read this case can read it."))
}
