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

#[cfg(test)]
mod tests {
    use crate::desk::orders::stage::{handled, insist, undone};
    use crate::limits::NOTE_CHARS;

    #[test]
    fn words_are_kept_for_the_handlers() {
        let mut office = handled();
        insist(&mut office, "cora", "/note one\n\ntwo\n");
        insist(&mut office, "cora", "/time 1m\n\nOnly text.\n");
        let notes: Vec<&str> = office.case().notes.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(notes, ["one\n\ntwo", "Only text."]);
        assert!(office.refused("val", "/note\n").contains("without words"));
        let long = format!("/note\n\n{}\n", "x ".repeat(NOTE_CHARS));
        assert!(office.refused("val", &long).contains("at most"));
        undone(&mut office, "val", "/note a slip\n");
    }

    /// Eve may not read the case: her words do not get into it, whatever its number is.
    #[test]
    fn who_cannot_read_cannot_write() {
        let mut office = crate::desk::orders::cast::Office::new();
        assert!(office.refused("val", "/note hello\n").contains("Not a case you can read."));
    }
}
