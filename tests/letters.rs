//! Letters as people read them: every template has its wording, and some stand here whole.

use jiff::tz::TimeZone;
use sirt_gateway::command::{self, COMMANDS};
use sirt_gateway::letter::template::BUILT_IN;
use sirt_gateway::letter::{Letter, NOTICE, Protection, Templates, Wording};
use sirt_gateway::letter::{sample, sample_orders};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use strum::EnumCount;

fn project(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

#[test]
fn every_wording_has_a_template_and_every_template_a_wording() {
    let wordings = sample::wordings();
    let worded: BTreeSet<&str> = wordings.iter().map(|wording| wording.form().file).collect();
    // A post to a list is the one letter whose words are given: what was approved is what leaves.
    let given = 1;
    assert!(wordings.iter().all(|wording| wording.as_given().is_none()));
    assert!(!worded.contains(NOTICE), "no template may touch a post");
    let all = Wording::COUNT - given;
    assert_eq!(worded.len(), all, "a wording has no sample, or two share a file");

    let (parts, letters): (BTreeSet<&str>, BTreeSet<&str>) =
        BUILT_IN.iter().map(|(name, _)| *name).partition(|name| name.starts_with("part-"));
    assert_eq!(letters, worded, "templates that are compiled in, and wordings");
    for part in &parts {
        let include = format!("{{% include \"{part}\" %}}");
        assert!(BUILT_IN.iter().any(|(_, text)| text.contains(&include)), "{part} is not used");
    }

    let mut files = BTreeSet::new();
    for entry in fs::read_dir(project("templates")).expect("the folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        files.insert(name.strip_suffix(".txt").expect("only .txt").to_owned());
    }
    let compiled: BTreeSet<String> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, compiled, "files in templates/, and what is compiled in");
}

/// The letter with its header as its reader sees it.
fn shown(letter: &Letter) -> String {
    let team = sample::full_team().expect("a team");
    let words = Templates::new(&[]).expect("templates").words(letter, &team).expect("words");
    format!("Outer-Subject: {}\nSubject: {}\n\n{}", words.outer, words.subject, words.body)
}

/// Compares with `tests/letters/<name>.txt`; `UPDATE=1` writes it anew.
fn compare(name: &str, letter: Option<Letter>) {
    let file = project("tests/letters").join(format!("{name}.txt"));
    let text = shown(&letter.expect("a sample"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &text).expect("written");
    }
    let expected = fs::read_to_string(&file).expect("UPDATE=1 writes it");
    assert_eq!(text, expected, "{name}: UPDATE=1 writes it anew; then read it");
}

/// A case that just came in, as a coordinator in Berlin hears of it.
fn new_case() -> Option<Letter> {
    let mut opened = sample::case_letter(true);
    opened.card.handlers.clear();
    opened.verdict.belongs = None;
    opened.ready.clear();
    opened.words_cut = false;
    let mut letter = sample::to_member(&Wording::CaseOpened(Box::new(opened)))?;
    letter.to.zone = TimeZone::get("Europe/Berlin").expect("a zone");
    Some(letter)
}

#[test]
fn letters_as_they_are_read() {
    let received = sample::received().remove(0);
    let clear = Wording::ReportReceivedClear(received);
    compare("report-received-clear", sample::to_finder(&clear, Protection::Signed));
    compare("case-opened", new_case());
    let undecryptable = Wording::CannotDecrypt(sample::cannot_decrypt(true));
    compare("cannot-decrypt", sample::to_finder(&undecryptable, Protection::Signed));
}

/// An answer to orders, as a volunteer in Berlin reads it.
fn answer(name: &str) -> Option<Letter> {
    let transcript = Box::new(sample_orders::transcript(name));
    let mut letter = sample::to_member(&Wording::Transcript(transcript))?;
    letter.to.zone = TimeZone::get("Europe/Berlin").expect("a zone");
    Some(letter)
}

#[test]
fn what_orders_lead_to_as_it_is_read() {
    compare("transcript-refused", answer("refused"));
    compare("transcript-sends", answer("sends"));
    compare("transcript-waits", answer("waits in the clear"));
    let said = sample_orders::said_with(false, None);
    let confirmed = sample::to_finder(&Wording::Confirmed(said), Protection::Signed);
    compare("report-confirmed", confirmed);
    let own = Wording::OwnWordsClear(sample_orders::own_words(false));
    compare("own-words-clear", sample::to_finder(&own, Protection::Signed));
}

/// A line to send back that no command answers would send a tired person in a circle.
#[test]
fn every_line_to_send_back_is_a_command() {
    let templates = Templates::new(&[]).expect("templates");
    let letters = sample::letters().into_iter();
    for (letter, team) in letters.filter(|(letter, _)| letter.wording.form().internal) {
        let words = templates.words(&letter, &team).expect("words");
        for line in words.body.lines().filter_map(|line| line.strip_prefix("  /")) {
            let name = line.split_whitespace().next().unwrap_or_default();
            let known = COMMANDS.is_empty() || command::named(name).is_some();
            assert!(known, "/{name} in {}", letter.wording.form().file);
        }
    }
}

/// `SHOW=1 cargo test all_letters -- --nocapture` prints every letter, to be read.
#[test]
fn all_letters_say_what_to_do_before_they_explain() {
    let templates = Templates::new(&[]).expect("templates");
    for (letter, team) in sample::letters() {
        let words = templates.words(&letter, &team).expect("words");
        let (file, to) = (letter.wording.form().file, &letter.to.protection);
        if std::env::var_os("SHOW").is_some() {
            println!("==== {file} {to:?}\nSubject: {}\n\n{}", words.subject, words.body);
        }
        // What a member writes begins as they like.
        if matches!(letter.wording, Wording::OwnWords(_) | Wording::OwnWordsClear(_)) {
            continue;
        }
        let head = letter.case.is_some() || letter.wording.form().internal;
        let first = words.body.split("\n\n").nth(usize::from(head)).expect("a paragraph");
        let sentences = first.matches(['.', ':', '?']).count();
        assert!(first.lines().count() <= 3 && sentences >= 2, "{file}: {first}");
    }
}
