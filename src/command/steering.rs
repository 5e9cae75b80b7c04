//! The commands that steer a mail of orders itself; the desk carries them out.

use super::{Command, Needs, Rule};

pub const CASE: Command = Command {
    name: "case",
    usage: "/case <number>",
    summary: "Which case the lines below it are about.",
    help: "\
Needed only where the mail is no answer to a letter of the case. It may stand several times: what \
follows is about that case, up to the next /case.

A case named in this way is only a number that you typed. Whatever discloses, closes or removes \
asks for a confirmation then; in an answer to one of our letters, with its case line left in, it \
does not.

/case SIRT-2026-4827
/severity high",
    ..of("case")
};

pub const TRY: Command = Command {
    name: "try",
    usage: "/try",
    summary: "Says what the other lines would do, and does nothing.",
    help: "\
It stands on a line of its own, best on the first. The answer shows what each line would do, what \
would be written to whom, word for word, and under which key. Nothing is changed and nothing is \
sent. To do it, send the mail again without /try.

/try
/close",
    ..of("try")
};

pub const CONFIRM: Command = Command {
    name: "confirm",
    usage: "/confirm [code]",
    summary: "Lets orders go that asked for a second look; alone in a mail: skips the wait.",
    help: "\
With the code of our letter it stands alone in a mail of its own. It works once, for 24 hours, for \
you only, and for exactly what the letter shows: the same words, readers, keys, and the case as it \
stood. Where anything has changed since, you get a new letter with a new code.

Without a code, beside other commands, it lets the words of this mail leave at once and skips \
nothing else.

/confirm k7qd3mw2",
    ..of("confirm")
};

pub const AGAIN: Command = Command {
    name: "again",
    usage: "/again <code> <line> <new line>",
    summary: "Puts right the one line of a mail that was refused, without typing the rest.",
    help: "\
A mail of which one line is refused is not carried out at all, and is kept for 24 hours. Name its \
code, the number of the line, and what is to stand there; # leaves the line out.

It stands alone in a mail of its own, works once, and for you only.

/again w2rj9dkx 2 /severity high
/again w2rj9dkx 2 #",
    ..of("again")
};

pub const HOLD: Command = Command {
    name: "hold",
    usage: "/hold",
    summary: "Stops every letter of this case that waits to leave.",
    help: "\
Letters to people outside wait a few minutes before they leave. This stops all that still wait in \
this case, whoever wrote them. A held letter never leaves by itself: /release lets one go, and \
nothing needs to be done to let it lie.

What is on its way already cannot be stopped, and the answer says so.

/hold",
    needs: Needs::Reader,
    ..of("hold")
};

pub const UNDO: Command = Command {
    name: "undo",
    usage: "/undo",
    summary: "Takes back your own last mail about this case.",
    help: "\
The case is again as it was before your last mail that changed it, and letters of that mail that \
have not left are discarded.

Not when a letter of it has left, it put an embargo into force, somebody else has changed the \
case since, somebody was read in by it and has the case by now, or when it removed or refused \
somebody, released a letter or set the label: then say what is to be changed. Neither a hold nor \
an /undo is ever undone.

/undo",
    needs: Needs::Reader,
    ..of("undo")
};

/// Without words of its own yet.
const fn of(name: &'static str) -> Command {
    Command {
        name,
        usage: "",
        summary: "",
        help: "",
        needs: Needs::Member,
        writes: "",
        takes_text: false,
        risky: false,
        rule: Rule::Steers,
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::stage::{handled, insist, letter};

    /// Half a slip of Cora's is no permission: with a word too many nothing is done at all.
    #[test]
    fn a_word_too_many_refuses_the_mail() {
        let mut office = handled();
        letter(&mut office);
        for line in ["/try it\n/time 2h", "/hold it", "/undo that", "/case", "/confirm me\n/hold"] {
            office.refused("cora", &format!("{line}\n"));
        }
    }

    #[test]
    fn a_hold_is_not_undone() {
        let mut office = handled();
        let number = letter(&mut office);
        insist(&mut office, "val", "/time 2h\n/hold\n");
        insist(&mut office, "val", "/undo\n");
        let held = office.cases().letter(number).expect("the letter").state;
        assert_eq!(held, crate::case::LetterState::Held);
    }
}
