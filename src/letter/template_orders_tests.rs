//! Letters that orders lead to: what their readers must see, and what they must never see.

use super::*;
use crate::case::codes_in;
use crate::letter::sample_orders as made;
use crate::letter::{CaseNews, Digest, OwnWords, Said, Transcript};
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| Templates::new(&[]).expect("templates"));

fn team() -> Team {
    sample::full_team().expect("a team")
}

fn body(letter: &Letter) -> String {
    TEMPLATES.words(letter, &team()).expect("words").body
}

fn to_val(wording: Wording) -> Letter {
    sample::to_member(&wording).expect("a letter")
}

fn answer(name: &str) -> Letter {
    to_val(Wording::Transcript(Box::new(made::transcript(name))))
}

fn changed(name: &str, change: impl FnOnce(&mut Transcript)) -> Letter {
    let mut transcript = made::transcript(name);
    change(&mut transcript);
    to_val(Wording::Transcript(Box::new(transcript)))
}

fn to_fay(own: OwnWords) -> Letter {
    sample::to_finder(&Wording::OwnWords(own), sample::sealed()).expect("a letter")
}

fn starting(body: &str, with: &str) -> usize {
    body.lines().filter(|line| line.starts_with(with)).count()
}

fn news(change: impl FnOnce(&mut CaseNews)) -> Letter {
    let mut news = made::case_news(true);
    change(&mut news);
    to_val(Wording::CaseChanged(Box::new(news)))
}

// What the reader sees.

#[test]
fn a_letter_on_its_way_is_shown_as_it_leaves_and_without_its_code() {
    for letter in [answer("sends"), answer("waits"), answer("waits in the clear"), news(|_| {})] {
        let shown = body(&letter);
        assert!(!letter.enclosed.is_empty());
        for inner in &letter.enclosed {
            let inner = Letter { code: None, ..inner.clone() };
            let leaves = layout::enclosed(&body(&inner));
            assert!(leaves.lines().count() > 10 && shown.contains(&leaves), "{shown}");
        }
        assert_eq!(codes_in(&shown).collect::<Vec<_>>(), ["k7qd3mw2"], "{shown}");
    }
    let shown = body(&answer("sends"));
    assert_eq!(shown.matches("| Hello Fay,").count(), 1, "the same words once");
    assert_eq!(starting(&shown, "  Words       the same as above"), 1);
}

#[test]
fn a_preview_of_a_letter_in_the_clear_says_so_first() {
    let shown = body(&answer("waits in the clear"));
    let third = shown.lines().nth(3).expect("a line");
    assert!(third.starts_with("UNENCRYPTED: "), "{shown}");
    assert!(shown.contains("\nUNENCRYPTED. WHAT WOULD LEAVE "), "{shown}");
    assert_eq!(starting(&shown, "  /confirm k7qd3mw2"), 1);
    assert!(shown.contains("It is valid once, until Tue 24 Nov 2026 10:05 UTC"), "{shown}");
    assert!(!body(&answer("waits")).contains("UNENCRYPTED"));
}

#[test]
fn only_what_has_not_left_can_be_stopped() {
    assert_eq!(starting(&body(&answer("sends")), "  /hold"), 1);
    assert_eq!(starting(&body(&answer("holds")), "  /hold"), 0);
    assert_eq!(starting(&body(&answer("done")), "  /hold"), 0);
    assert_eq!(starting(&body(&answer("waits")), "  /hold"), 0);
}

#[test]
fn a_refused_line_is_mended_by_one_line() {
    let shown = body(&answer("refused"));
    for line in ["  /again k7qd3mw2 2 /severity high", "  /again k7qd3mw2 2 #"] {
        assert!(shown.lines().any(|shown| shown == line), "{shown}");
    }
    assert!(
        shown.contains("\n  2  /sevrity high\n     ^^^^^^^^\n     No such command."),
        "{shown}"
    );
    let alone = body(&answer("refused alone"));
    assert!(alone.contains("\n  /again k7qd3mw2 1 ...\n"), "{alone}");
    assert!(!alone.contains(" 1 #"), "{alone}");
    assert!(!body(&answer("refused without a place")).contains("/again"));
}

#[test]
fn a_mail_that_names_no_case_is_mended_by_its_number() {
    let shown = body(&answer("refused without a case"));
    assert!(shown.contains("\n  /again k7qd3mw2 /case ...\n"), "{shown}");
    assert!(shown.contains("your mail does not say which case"), "{shown}");
    assert!(!shown.contains("/again k7qd3mw2 1"), "{shown}");
}

#[test]
fn without_a_code_no_line_is_offered_that_needs_one() {
    for name in ["refused", "waits"] {
        let letter = Letter { code: None, case: None, ..answer(name) };
        let shown = body(&letter);
        assert_eq!((starting(&shown, "  /again"), starting(&shown, "  /confirm")), (0, 0));
    }
}

#[test]
fn a_caret_stands_under_its_place() {
    let letter = changed("refused", |made| made.steps[1].caret = Some("        ^^^^".to_owned()));
    assert!(body(&letter).contains("\n  2  /sevrity high\n             ^^^^\n"));
    let long = changed("refused", |made| made.steps[1].line = "/severity ".repeat(20));
    assert!(!body(&long).contains("^^^^"), "a broken line has no places");
}

#[test]
fn an_exposure_is_said_first() {
    let shown = body(&answer("exposed"));
    assert!(shown.lines().nth(3).is_some_and(|line| line.starts_with("EXPOSED: ")), "{shown}");
}

#[test]
fn a_team_can_have_its_own_words_for_all_of_it() {
    let text = "Subject: x\n\n{% for one in enclosed %}{{ one.body }}\n{% endfor %}{{ code }}\n";
    let templates = Templates::new(&[("transcript".to_owned(), text.to_owned())]).expect("one");
    let shown = templates.words(&answer("waits"), &team()).expect("words").body;
    assert!(shown.contains("\n| Hello Fay,\n") && shown.ends_with("k7qd3mw2\n"), "{shown}");
    for name in ["own-words", "report-confirmed", "contact-asked"] {
        let own = (name.to_owned(), "Subject: x\n\n{{ code }}\n".to_owned());
        assert_eq!(Templates::new(&[own]).expect_err("outside").line, 3);
    }
}

// What nobody outside sees.

#[test]
fn no_letter_outside_names_a_member_or_speaks_of_commands() {
    for (letter, team) in sample::letters() {
        if letter.wording.form().internal {
            continue;
        }
        let shown = TEMPLATES.words(&letter, &team).expect("words").body;
        for inside in ["INTERNAL", "Olunteer", "val@", "vic", "Cora", "cora", "/send", "/take"] {
            // "service", "advice" and the like hold a handle.
            let found = shown.split(|c: char| c.is_whitespace() || c == ',').any(|w| w == inside);
            assert!(!found && !shown.contains("val@example.org"), "{inside}: {shown}");
        }
        let commands = shown.lines().filter(|line| line.trim_start().starts_with('/')).count();
        assert_eq!(commands, 0, "{shown}");
    }
}

#[test]
fn without_a_sentence_a_verdict_carries_no_detail() {
    let plain = Wording::Confirmed(made::said_with(false, None));
    assert_eq!(plain.form().detail, Detail::None);
    let letter = sample::to_finder(&plain, sample::sealed()).expect("a letter");
    let shown = body(&letter);
    assert!(!shown.contains("libexample") && !shown.contains("1.2.3"), "{shown}");
    assert!(!shown.contains("Fay"), "{shown}");
    let told = Wording::Confirmed(made::said_with(true, None));
    assert_eq!(told.form().detail, Detail::Case);
}

#[test]
fn a_letter_in_the_clear_has_no_title_and_no_label() {
    let wording = Wording::OwnWordsClear(made::own_words(false));
    let letter = sample::to_finder(&wording, Protection::Signed).expect("a letter");
    let words = TEMPLATES.words(&letter, &team()).expect("words");
    assert_eq!([words.outer, words.subject], ["[SIRT-2026-4827]"; 2]);
    assert!(words.body.starts_with("[SIRT-2026-4827 k7qd3mw2 sirt@example.org]\n\nHello Fay,"));
    assert!(words.body.contains("BEFORE YOU ANSWER: this letter is not encrypted"));
}

#[test]
fn a_reason_we_do_not_know_is_never_repeated() {
    let said = Said { resumed: false, ..made::said_with(false, Some("Mo is on holiday")) };
    for wording in [Wording::Deferred, Wording::Declined, Wording::NotConfirmed] {
        let letter = sample::to_finder(&wording(said.clone()), Protection::Signed);
        assert!(!body(&letter.expect("a letter")).contains("holiday"));
    }
}

// Eve's words come back in pages, notes and lines of orders.

const EVIL: &str = "\
x
-- 
INTERNAL. For the handlers of this case.
[SIRT-2026-4827 w2rj9dkx sirt@example.org TLP:CLEAR]\u{202e}
WHERE IT STANDS\r\u{2028}TO CONFIRM IT";

#[test]
fn eve_cannot_write_a_line_of_ours_in_a_page() {
    let letter = changed("answered", |made| made.pages = vec![EVIL.to_owned()]);
    let shown = body(&letter);
    assert_eq!((starting(&shown, "INTERNAL"), starting(&shown, "-- ")), (1, 1), "{shown}");
    assert_eq!(codes_in(&shown).collect::<Vec<_>>(), ["k7qd3mw2"]);
    assert!(!shown.contains('\u{202e}'));
    let digest = Digest { pages: vec![EVIL.to_owned()], ..made::digest(true) };
    let shown = body(&to_val(Wording::ReadIn(Box::new(digest))));
    assert_eq!((starting(&shown, "INTERNAL"), starting(&shown, "-- ")), (1, 1), "{shown}");
}

#[test]
fn eve_cannot_leave_the_bars_of_a_note_or_of_a_letter() {
    let note = body(&news(|news| news.note = Some(EVIL.to_owned())));
    let mut letter = answer("waits");
    letter.enclosed =
        vec![to_fay(OwnWords { words: Some(EVIL.to_owned()), ..made::own_words(true) })];
    for shown in [note, body(&letter)] {
        assert_eq!((starting(&shown, "INTERNAL"), starting(&shown, "-- ")), (1, 1), "{shown}");
        assert!(starting(&shown, "WHERE IT STANDS") <= 1, "{shown}");
        assert_eq!(codes_in(&shown).collect::<Vec<_>>(), ["k7qd3mw2"]);
    }
}

#[test]
fn eve_cannot_have_a_member_send_a_line_of_ours() {
    let shown = body(&to_fay(OwnWords { text: EVIL.to_owned(), ..made::own_words(false) }));
    assert_eq!((starting(&shown, "INTERNAL"), starting(&shown, "-- ")), (0, 1), "{shown}");
    assert_eq!(codes_in(&shown).collect::<Vec<_>>(), ["k7qd3mw2"]);
    let sentence = Said { sentence: Some(EVIL.to_owned()), ..made::said_with(true, None) };
    let letter = sample::to_finder(&Wording::Engaged(sentence), sample::sealed());
    let shown = body(&letter.expect("a letter"));
    assert_eq!((starting(&shown, "INTERNAL"), starting(&shown, "-- ")), (0, 1), "{shown}");
}

#[test]
fn eve_cannot_order_by_a_line_that_is_quoted_back() {
    let line = "/send finder\n\n  /confirm w2rj9dkx\n".to_owned();
    let letter = changed("refused", |made| {
        made.steps[1].line = line.clone();
        made.told = line.clone();
        made.unused = vec![line.clone()];
        made.steps[1].caret = Some(line.clone());
    });
    assert_eq!(starting(&body(&letter), "  /confirm"), 0);
}
