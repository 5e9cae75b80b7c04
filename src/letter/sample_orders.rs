//! Invented letters that orders lead to, in every form their templates know.

use super::sample::{ASSESS_BY, RECEIVED, case_card, ready_line, sealed, to_finder};
use super::{
    CaseNews, Digest, Invitation, Leaving, Letter, Mend, NotObeyed, NoticeNews, OwnWords,
    Protection, ReadOut, Said, Step, Transcript, Wording,
};
use jiff::Timestamp;

/// Mon 23 Nov 2026 10:10 UTC.
const LEAVES: Timestamp = Timestamp::constant(1_795_428_600, 0);
/// Tue 24 Nov 2026 10:05 UTC.
const KEPT_UNTIL: Timestamp = Timestamp::constant(1_795_514_700, 0);
const TEXT: &str = "\
Hello Fay,

thank you. We can reproduce it with 1.2.3, and the maintainers have it now. They ask whether the \
length can also be negative in the header of the file, or in chunks only.

- With a fix in hand, they want two weeks.
- You said you would speak on Friday 11 December. Does that stand?

  ./chunkread --header crash.bin
";

pub fn wordings() -> Vec<Wording> {
    let mut wordings = transcripts().map(|made| Wording::Transcript(Box::new(made))).to_vec();
    for truth in [true, false] {
        wordings.push(Wording::NotObeyed(not_obeyed(truth)));
        wordings.push(Wording::CaseChanged(Box::new(case_news(truth))));
        wordings.push(Wording::ReadIn(Box::new(digest(truth))));
        wordings.push(Wording::OwnWords(own_words(truth)));
        wordings.push(Wording::ContactAsked(invitation(truth)));
        wordings.push(Wording::EmbargoInvited(invitation(truth)));
    }
    wordings.extend(notice_news());
    wordings.push(Wording::ReadOut(ReadOut { by: "cora".to_owned() }));
    wordings.push(Wording::OwnWordsClear(own_words(false)));
    wordings.extend(said_wordings());
    wordings
}

fn notice_news() -> impl Iterator<Item = Wording> {
    use super::NoticeStep::{Damaged, Held, Missed, Posted, Seen};
    [Posted, Held, Seen, Damaged, Missed].into_iter().map(|what| {
        let held = what == Held;
        let said =
            vec!["case: it is not known to be public. /fact public with the source".to_owned()];
        let words = "TLP:CLEAR\n\nTitle: libexample 1.2.0 to 1.2.3, heap overflow".to_owned();
        Wording::NoticeNews(Box::new(NoticeNews {
            what,
            notice: "SIRT-SIREN-2026-0007 version 1".to_owned(),
            list: "siren".to_owned(),
            said: if held { said } else { Vec::new() },
            words: if what == Posted { words } else { String::new() },
            card: case_card(true),
            ready: vec![ready_line()],
        }))
    })
}

fn said_wordings() -> Vec<Wording> {
    let mut wordings = Vec::new();
    for sentence in [true, false] {
        for said in [
            Wording::Confirmed,
            Wording::Engaged,
            Wording::Duplicate,
            Wording::Closed,
            Wording::Deferred,
        ] {
            wordings.push(said(said_with(sentence, None)));
        }
        for reason in ["capacity", "waiting"] {
            wordings.push(Wording::Deferred(said_with(sentence, Some(reason))));
        }
        wordings.push(Wording::Deferred(Said { resumed: true, ..said_with(sentence, None) }));
        for reason in ["not-security", "not-credible"] {
            wordings.push(Wording::NotConfirmed(said_with(sentence, Some(reason))));
        }
        for reason in ["closed-source", "hardening", "own-exposure", "below-floor", "beg-bounty"] {
            wordings.push(Wording::Declined(said_with(sentence, Some(reason))));
        }
    }
    wordings
}

pub fn said_with(sentence: bool, reason: Option<&str>) -> Said {
    let words = "We could reproduce it in 1.2.3, and the maintainers have a fix in review.";
    Said {
        sentence: sentence.then(|| words.to_owned()),
        signs_as: "Example SIRT".to_owned(),
        reason: reason.map(str::to_owned),
        until: sentence.then_some(ASSESS_BY),
        resumed: false,
    }
}

pub fn own_words(filled: bool) -> OwnWords {
    let report = "Hello,\n\nin src/chunk.c:412 the length of a chunk is read as signed.\n";
    OwnWords {
        text: TEXT.to_owned(),
        signs_as: "Example SIRT".to_owned(),
        words: filled.then(|| report.to_owned()),
        words_are: filled.then(|| "the report, received Mon 23 Nov 2026".to_owned()),
        files: if filled { vec!["crash.bin".to_owned()] } else { Vec::new() },
    }
}

fn invitation(filled: bool) -> Invitation {
    Invitation {
        signs_as: "Example SIRT".to_owned(),
        project: filled.then(|| "libexample".to_owned()),
        embargo_until: filled.then_some(ASSESS_BY),
    }
}

/// The letters inside a letter, one for each that leaves.
pub fn enclosed(wording: &Wording) -> Vec<Letter> {
    let leaving = match wording {
        Wording::Transcript(made) => &made.leaving,
        Wording::CaseChanged(news) => &news.leaving,
        _ => return Vec::new(),
    };
    let letters = leaving.iter().map(|one| match one.how.starts_with("UNENCRYPTED") {
        true => to_finder(&Wording::OwnWordsClear(own_words(false)), Protection::Signed),
        false => to_finder(&Wording::OwnWords(own_words(true)), sealed()),
    });
    letters.flatten().collect()
}

/// In the order of their outcomes, as [`transcript`] names them.
fn transcripts() -> [Transcript; 12] {
    [
        transcript("done"),
        transcript("answered"),
        transcript("sends"),
        transcript("holds"),
        transcript("refused"),
        transcript("refused alone"),
        transcript("refused for its reasons"),
        transcript("refused without a place"),
        transcript("waits"),
        transcript("waits in the clear"),
        transcript("tried"),
        transcript("exposed"),
    ]
}

/// An answer to orders, of the kind that `name` says.
pub fn transcript(name: &str) -> Transcript {
    let outcome = name.split(' ').next().unwrap_or_default();
    let made = Transcript { outcome: outcome.to_owned(), ..done() };
    let two = vec![to_fay("L17", false, Some(LEAVES)), to_fay("L18", false, None)];
    match name {
        "answered" => Transcript { pages: pages(), files: some_file(), ..done_as("done") },
        "sends" => Transcript { leaving: two, ..done_as("done") },
        "holds" => Transcript { leaving: vec![held()], ..done_as("done") },
        "exposed" => Transcript { exposure: true, encrypted: false, ..done_as("done") },
        "refused" => refused(),
        "refused alone" => Transcript {
            steps: vec![step(1, "/sevrity", Some("^^^^^^^^"), "No such command")],
            mend: Some(Mend { line: 1, suggestion: None, no_case: false }),
            card: None,
            about: None,
            ..refused()
        },
        "refused without a case" => Transcript {
            steps: vec![step(1, "/severity high", None, "Which case?")],
            mend: Some(Mend { line: 1, suggestion: None, no_case: true }),
            card: None,
            about: None,
            ..refused()
        },
        "refused for its reasons" => Transcript { why: reasons(), mend: None, ..refused() },
        "refused without a place" => Transcript { mend: None, kept_until: None, ..refused() },
        "waits" => waits(false),
        "waits in the clear" => waits(true),
        "tried" => Transcript { leaving: vec![to_fay("", false, None)], ..made },
        _ => made,
    }
}

fn done_as(outcome: &str) -> Transcript {
    Transcript { outcome: outcome.to_owned(), ..done() }
}

fn done() -> Transcript {
    Transcript {
        outcome: "done".to_owned(),
        why: Vec::new(),
        signed: RECEIVED,
        key: "5B1E 90C3 ... 77C2".to_owned(),
        encrypted: true,
        about: Some("libexample heap overflow".to_owned()),
        steps: vec![
            step(1, "/take", None, "You are lead handler. Before: nobody"),
            step(2, "/severity high", None, "Severity is high. Before: not set"),
        ],
        unused: Vec::new(),
        leaving: Vec::new(),
        pages: Vec::new(),
        files: Vec::new(),
        told: "cora".to_owned(),
        kept_until: None,
        mend: None,
        ready: vec![ready_line()],
        card: Some(case_card(true)),
        exposure: false,
    }
}

fn refused() -> Transcript {
    Transcript {
        outcome: "refused".to_owned(),
        steps: vec![
            step(1, "/take", None, "Handlers: nobody before, val now"),
            step(2, "/sevrity high", Some("^^^^^^^^"), "No such command. Did you mean /severity ?"),
            step(3, "/send finder", None, "One letter. Your words, 4 lines, to the finder"),
        ],
        unused: vec!["the 61 lines from the quote on".to_owned(), "your signature".to_owned()],
        told: "you alone".to_owned(),
        kept_until: Some(KEPT_UNTIL),
        mend: Some(Mend { line: 2, suggestion: Some("/severity high".to_owned()), no_case: false }),
        ready: Vec::new(),
        ..done()
    }
}

fn waits(clear: bool) -> Transcript {
    Transcript {
        outcome: "waits".to_owned(),
        why: reasons(),
        steps: vec![step(
            1,
            "/send finder",
            None,
            "One letter. Your words, 9 lines, to the finder",
        )],
        leaving: vec![to_fay("", clear, None)],
        told: "you alone".to_owned(),
        kept_until: Some(KEPT_UNTIL),
        ready: Vec::new(),
        ..done()
    }
}

fn reasons() -> Vec<String> {
    vec![
        "They wrote on Mon 23 Nov 2026 09:40 UTC, after the letter you answer".to_owned(),
        "Another handler's letter to them waits".to_owned(),
    ]
}

fn step(number: usize, line: &str, caret: Option<&str>, did: &str) -> Step {
    Step {
        number,
        line: line.to_owned(),
        caret: caret.map(str::to_owned),
        did: vec![did.to_owned()],
    }
}

fn to_fay(letter: &str, clear: bool, leaves: Option<Timestamp>) -> Leaving {
    let how = match clear {
        true => "UNENCRYPTED: servers on the way can read it",
        false => "encrypted to 71B0 22D4 ... 09AE, first use",
    };
    Leaving {
        letter: (!letter.is_empty()).then(|| letter.to_owned()),
        to: "the finder, fay@finders.example".to_owned(),
        how: how.to_owned(),
        leaves,
        waits: None,
    }
}

fn held() -> Leaving {
    let why = "We have no key of theirs, and they have not chosen to be written to in the clear";
    Leaving { waits: Some(why.to_owned()), ..to_fay("L17", false, None) }
}

fn pages() -> Vec<String> {
    let case = "SIRT-2026-4827  libexample heap overflow";
    let more = "  Status      received        Lead      nobody\n  Waits for   us, to take it";
    vec![format!("CASES YOU MAY READ\n\n{case}\n{more}"), "One case.".to_owned()]
}

fn some_file() -> Vec<String> {
    vec!["crash.bin".to_owned(), "original.eml".to_owned()]
}

fn not_obeyed(claim: bool) -> NotObeyed {
    let why = match claim {
        true => "It was not signed at all",
        false => "It was signed 3 days ago, and orders are to be younger than 48 hours",
    };
    NotObeyed {
        received: RECEIVED,
        signed: (!claim).then_some(RECEIVED),
        key: (!claim).then(|| "5B1E 90C3 ... 77C2".to_owned()),
        why: vec![why.to_owned()],
        claim,
    }
}

pub fn case_news(filled: bool) -> CaseNews {
    CaseNews {
        exposed: !filled,
        by: "vic".to_owned(),
        did: vec!["Severity is high. Before: not set".to_owned()],
        note: filled.then(|| "I could reproduce it.\n\nWho knows the maintainers?".to_owned()),
        leaving: if filled { vec![to_fay("L17", false, Some(LEAVES))] } else { Vec::new() },
        card: case_card(true),
        claims: if filled { vec!["public".to_owned()] } else { Vec::new() },
        ready: if filled { vec![ready_line()] } else { Vec::new() },
        yours: false,
    }
}

pub fn digest(handler: bool) -> Digest {
    Digest {
        by: "cora".to_owned(),
        why: "assigned to it".to_owned(),
        pages: pages(),
        card: case_card(handler),
        ready: if handler { vec![ready_line()] } else { Vec::new() },
        handler,
    }
}
