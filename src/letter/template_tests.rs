use super::*;
use crate::case::codes_in;
use crate::letter::{CaseLetter, Letter, Protection, Received, StatusAnswer};
use crate::mail::{Address, MessageId};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| Templates::new(&[]).expect("templates"));

fn team() -> Team {
    sample::full_team().expect("a team")
}

fn words(letter: &Letter) -> Words {
    TEMPLATES.words(letter, &team()).expect("words")
}

fn clear(wording: Wording) -> Letter {
    sample::to_finder(&wording, Protection::Signed).expect("a letter")
}

fn opened(change: impl FnOnce(&mut CaseLetter)) -> Letter {
    let mut letter = sample::case_letter(true);
    change(&mut letter);
    sample::to_member(&Wording::CaseOpened(Box::new(letter))).expect("a letter")
}

fn received() -> Received {
    sample::received().remove(0)
}

/// May be longer than a line: URLs, fingerprints, our case line.
fn unbreakable(line: &str) -> bool {
    line.split_whitespace().count() == 1 || line.contains("https://") || line.starts_with("[SIRT-")
}

#[test]
fn every_letter_fits_72_columns_and_never_shouts() {
    let all = sample::letters();
    assert!(all.len() > 100);
    for (letter, team) in &all {
        let words = TEMPLATES.words(letter, team).expect("words");
        let file = letter.wording.form().file;
        for line in words.body.lines() {
            let fits = layout::columns(line) <= 72 || unbreakable(line);
            assert!(fits, "{file}: {line:?}");
            assert!(!line.contains('!'), "{file}: {line:?}");
            assert!(line == "-- " || line.trim_end() == line, "{file}: {line:?}");
        }
        assert!(!words.body.contains("\n\n\n"), "{file}");
        assert!(words.body.contains("\n-- \n"), "{file}: no closing");
        assert!(words.body.is_ascii(), "{file}");
    }
}

#[test]
fn members_are_offered_no_commands_yet() {
    for (letter, team) in sample::letters() {
        // A new key is for a coordinator to accept: by mail, whatever else is not built.
        if matches!(letter.wording, Wording::RosterChanged(_)) {
            continue;
        }
        let words = TEMPLATES.words(&letter, &team).expect("words");
        assert!(!words.body.lines().any(|line| line.trim_start().starts_with('/')));
        assert!(!words.body.contains("/send"));
    }
}

#[test]
fn the_first_lines_are_ours() {
    let first = |letter: &Letter, team: &Team| {
        let words = TEMPLATES.words(letter, team).expect("words");
        words.body.lines().take(3).map(str::to_owned).collect::<Vec<_>>()
    };
    let to_finder = clear(Wording::ReportReceivedClear(received()));
    assert_eq!(first(&to_finder, &team())[..2], ["[SIRT-2026-4827 k7qd3mw2 sirt@example.org]", ""]);
    let member = "INTERNAL. For the handlers of this case. Never forward.";
    let line = "[SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:RED]";
    assert_eq!(first(&opened(|_| {}), &team()), [line, member, ""]);
    let exercise = Team { exercise: true, ..team() };
    assert_eq!(first(&opened(|_| {}), &exercise), ["[EXERCISE]", line, member]);
    let subjects = TEMPLATES.words(&to_finder, &exercise).expect("words");
    assert_eq!(subjects.outer, "[EXERCISE] [SIRT-2026-4827]");
    let alone = Letter { case: None, ..to_finder };
    assert_eq!(
        first(&alone, &team())[0],
        "Your report has arrived. It is kept safe and people will read it."
    );
}

#[test]
fn a_title_stands_only_inside_letters_with_detail() {
    let member = words(&opened(|_| {}));
    assert_eq!(member.outer, "[SIRT-2026-4827]");
    assert_eq!(member.subject, "[SIRT-2026-4827] libexample heap overflow");
    let wording = Wording::ReportReceived(received());
    for protection in [Protection::Signed, sample::sealed(), Protection::Kept] {
        let finder = words(&sample::to_finder(&wording, protection).expect("a letter"));
        assert_eq!(
            (finder.outer.as_str(), finder.subject.as_str()),
            ("[SIRT-2026-4827]", "[SIRT-2026-4827]")
        );
    }
    let unprotected = Letter { to: clear(wording).to, ..opened(|_| {}) };
    assert_eq!(words(&unprotected).subject, "[SIRT-2026-4827]");
    let alone = words(&Letter { case: None, ..opened(|_| {}) });
    assert_eq!((alone.outer.as_str(), alone.subject.as_str()), ("[...]", "A new case"));
}

#[test]
fn instants_are_told_in_utc_and_on_the_readers_clock() {
    let told = |zone: TimeZone| filters::instant(sample::RECEIVED, &zone);
    let fixed = |hours: i8| TimeZone::fixed(jiff::tz::offset(hours));
    assert_eq!(told(TimeZone::UTC), "Mon 23 Nov 2026 09:12 UTC");
    assert_eq!(told(fixed(0)), "Mon 23 Nov 2026 09:12 UTC");
    assert_eq!(told(fixed(1)), "Mon 23 Nov 2026 09:12 UTC (10:12 +0100, your clock)");
    assert_eq!(told(fixed(-10)), "Mon 23 Nov 2026 09:12 UTC (Sun 22 Nov 23:12 -1000, your clock)");
    let named = |name| told(TimeZone::get(name).expect("a zone"));
    assert_eq!(named("Europe/Berlin"), "Mon 23 Nov 2026 09:12 UTC (10:12 Berlin)");
    assert_eq!(named("Etc/UTC"), "Mon 23 Nov 2026 09:12 UTC");
    assert_eq!(named("America/New_York"), "Mon 23 Nov 2026 09:12 UTC (04:12 New York)");
}

#[test]
fn sizes_over_a_limit_look_so() {
    let mb = 1024 * 1024;
    assert_eq!(filters::size(20 * mb), "20 MB");
    assert_eq!(filters::size(20 * mb + 1), "20.1 MB");
    assert_eq!(filters::size(4_000), "4 KB");
    assert_eq!(filters::size(0), "0 KB");
    assert!(filters::size(u64::MAX).ends_with("MB"));
}

// A team's own templates.

fn replaced(name: &str, text: &str) -> Result<Templates, TemplateError> {
    Templates::new(&[(name.to_owned(), text.to_owned())])
}

#[test]
fn a_replacement_is_used() {
    let text = "Subject: Hello\r\n\r\nWe have it since {{ received | instant }}.\r\n";
    let templates = replaced("report-received", text).expect("a template");
    let wording = Wording::ReportReceived(received());
    let letter = sample::to_finder(&wording, sample::sealed()).expect("a letter");
    let words = templates.words(&Letter { case: None, ..letter }, &team()).expect("words");
    assert_eq!(words.subject, "Hello");
    assert_eq!(
        words.body,
        "We have it since Mon 23 Nov 2026 09:12 UTC (10:12 +0100, your clock).\n"
    );
}

#[test]
fn a_replacement_that_cannot_be_filled_is_named_with_its_line() {
    let form = "Subject: x\n\nHello,\n";
    for (name, text, line, what) in [
        (
            "report-received",
            format!("{form}{{{{ nothing }}}}\n"),
            4,
            "undefined value, in: {{ nothing }}",
        ),
        ("report-received", format!("{form}\n{{% if words %}}x{{% endif %}}\n"), 5, "undefined"),
        ("report-received", format!("{form}{{{{ team.secret }}}}\n"), 4, "undefined"),
        ("report-received", format!("{form}\n\n{{% if case %}}\n"), 6, "syntax error"),
        ("report-received", format!("{form}{{{{ received | instnt }}}}\n"), 4, "unknown filter"),
        ("report-received", "Subject: {{ title }}\n\nHello\n".to_owned(), 1, "undefined"),
        ("report-received", "Hello\n".to_owned(), 1, "Subject: "),
        ("report-received", "Subject: x\nHello\n".to_owned(), 2, "blank"),
        ("part-closing", "--\n{{ nothing }}\n".to_owned(), 2, "undefined"),
        ("report-recieved", form.to_owned(), 1, "did you mean report-received?"),
        ("xyzzy", form.to_owned(), 1, "no template of this name"),
    ] {
        let error = replaced(name, &text).expect_err(&text);
        assert_eq!((error.file.as_str(), error.line), (name, line), "{error}");
        assert!(error.what.contains(what), "{error}");
        assert!(error.to_string().starts_with(&format!("templates/{name}.txt:{line}: ")));
    }
}

#[test]
fn eve_cannot_have_a_replacement_repeat_her_name_in_the_clear() {
    let error = replaced("report-received-clear", "Subject: x\n\nHello {{ reader.name }},\n");
    assert_eq!(error.expect_err("refused").line, 3);
}

#[test]
fn a_replacement_keeps_the_case_line_the_bars_and_the_width() {
    let text = format!("Subject: x\n\n{}\n{{{{ words }}}}\n", "long ".repeat(30));
    let templates = replaced("case-opened", &text).expect("a template");
    let words = templates.words(&opened(|_| {}), &team()).expect("words");
    assert!(
        words.body.starts_with("[SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:RED]\nINTERNAL.")
    );
    assert!(words.body.contains("\n| Hello,\n"));
    assert!(words.body.lines().all(|line| layout::columns(line) <= 72));
}

// Eve writes to us, and reads what leaves.

#[test]
fn eve_cannot_have_her_words_read_as_a_template() {
    let evil = "{{ config }} {% for x in y %} {# #} ${jndi:ldap://x} %s%n";
    let mut letter = opened(|letter| {
        letter.words = evil.to_owned();
        letter.mail.calls_itself = Some(evil.to_owned());
        letter.mail.from = evil.to_owned();
    });
    letter.title = Some(evil.to_owned());
    let words = words(&letter);
    assert_eq!(words.subject, format!("[SIRT-2026-4827] {evil}"));
    assert!(words.body.contains(&format!("\n| {evil}\n")));
}

#[test]
fn eve_cannot_imitate_our_case_line() {
    let evil = "\
[SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:CLEAR]
INTERNAL. For the handlers of this case.
 [ sirt-2026-4827\u{200b} w2rj9dkx sirt@example.org]
[[OTHER-2026-1111
k7qd3mw2 x]
see [CVE-2026-12345] and a[412]";
    let letter = opened(|letter| {
        letter.words = evil.to_owned();
        letter.mail.calls_itself = Some("[SIRT-2026-4827 k7qd3mw2 sirt@example.org]".to_owned());
        letter.mail.files[0].name = "[SIRT-2026-4827 w2rj9dkx].txt".to_owned();
    });
    let body = words(&letter).body;
    assert_eq!(codes_in(&body).collect::<Vec<_>>(), ["k7qd3mw2"], "{body}");
    assert!(body.contains("\n| (SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:CLEAR]\n"));
    assert!(body.contains("\n| see [CVE-2026-12345] and a[412]\n"), "{body}");
    assert_eq!(body.lines().filter(|line| line.starts_with("INTERNAL.")).count(), 1);
}

#[test]
fn eve_cannot_leave_the_bars_or_a_line() {
    let evil = "a\r\n\u{2028}b\u{85}c\rd\u{b}e\u{202e}f\n-- \nINTERNAL. x\nWHERE IT STANDS";
    let letter = opened(|letter| {
        letter.words = evil.to_owned();
        letter.mail.calls_itself = Some("Fay\r\n  Signed      good\u{2029}x".to_owned());
        letter.mail.also_to = vec!["x@y\n\nWHERE IT STANDS\n".to_owned()];
        letter.verdict.because = vec!["evil\n  Signed      good".to_owned()];
    });
    let body = words(&letter).body;
    let starting = |text: &str| body.lines().filter(|line| line.starts_with(text)).count();
    assert_eq!((starting("WHERE IT STANDS"), starting("  Signed"), starting("-- ")), (1, 1, 1));
    assert_eq!(starting("INTERNAL."), 1);
    assert!(!body.contains('\u{202e}') && !body.contains('\u{2028}'));
    let behind = ["| a", "| b", "| c", "| d", "| -- ", "| INTERNAL. x", "| WHERE IT STANDS"];
    for line in behind {
        assert!(body.lines().any(|found| found == line.trim_end()), "{line:?} in {body}");
    }
}

#[test]
fn eve_cannot_flood_a_line() {
    let long = "x".repeat(100_000);
    let letter = opened(|letter| {
        letter.mail.calls_itself = Some(long.clone());
        letter.mail.from = long.clone();
        letter.mail.files[0].name = long.clone();
        letter.verdict.because = vec![long.clone()];
        letter.words = format!("{long}\n{}", "y ".repeat(1_000));
    });
    let words = words(&letter);
    let unbarred: usize = words.body.lines().filter(|l| !l.starts_with('|')).map(str::len).sum();
    assert!(unbarred < 10_000, "{unbarred}");
    let barred = words.body.lines().filter(|line| line.starts_with('|'));
    assert!(barred.clone().all(|line| layout::columns(line) <= 72));
    assert!(barred.clone().any(|line| line.ends_with("x\\")));
}

/// Everything a stranger may have written into what a no-detail letter is made from.
fn poisoned(letter: Letter, canary: &str) -> Letter {
    let wording = match letter.wording.clone() {
        Wording::CannotDecrypt(mut letter) => {
            letter.key_ids = vec![canary.to_owned(), format!("3C18 {canary}")];
            Wording::CannotDecrypt(letter)
        }
        wording => wording,
    };
    let mut letter = Letter { wording, title: Some(canary.to_owned()), ..letter };
    letter.to.name = canary.to_owned();
    letter.to.address = Address::parse(&format!("{canary}@finders.example")).expect("an address");
    letter.references = MessageId::parse(&format!("{canary}@x")).into_iter().collect();
    letter
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_letter_without_detail_repeats_no_word_of_its_reader(canary in "[g-z]{12,20}") {
        for (letter, team) in sample::letters() {
            let form = letter.wording.form();
            if form.detail == Detail::Case || form.internal {
                continue;
            }
            let words = TEMPLATES.words(&poisoned(letter, &canary), &team).expect("words");
            for text in [&words.outer, &words.subject, &words.body] {
                prop_assert!(!text.to_lowercase().contains(&canary), "{}: {text}", form.file);
            }
        }
    }

    #[test]
    fn whatever_words_come_they_stand_behind_bars(text in "(\\PC|[\\[\\]\\r\\n\\t |\\-]){0,400}") {
        let body = words(&opened(|letter| letter.words = text.clone())).body;
        let after = body.split("THE SENDER'S WORDS").nth(1).expect("the words");
        let quoted: Vec<&str> = after.lines().skip(2).take_while(|line| !line.is_empty()).collect();
        prop_assert!(!quoted.is_empty());
        for line in quoted {
            prop_assert!(line == "|" || line.starts_with("| "), "{line:?}");
            prop_assert!(layout::columns(line) <= 72, "{line:?}");
        }
    }
}

#[test]
fn a_status_without_a_sentence_is_still_told() {
    let answer = StatusAnswer {
        status: "resting".to_owned(),
        opened: sample::RECEIVED,
        assess_by: None,
        handled: true,
    };
    let body = words(&clear(Wording::StatusAnswer(answer))).body;
    assert!(body.contains("\n  Status      resting\n"), "{body}");
    assert!(body.contains("\n  Worked on   by somebody on the team\n"), "{body}");
}
