//! What an exercise came to, on one screen a newcomer understands.

use super::reading::PlayedLetter;
use super::{Played, Script};
use crate::case::{Case, Caseload, Class, POST_WORDING, Posted};
use std::fmt::Write;

/// The whole screen, 80 columns wide.
pub fn screen(script: &Script, played: &Played) -> String {
    let cases = played.gateway.book().cases();
    let mut out = format!("\n{}\n{}\n", script.title, "=".repeat(script.title.chars().count()));
    out += "\nWHAT CAME IN, AND WHAT FOLLOWED\n";
    for step in &played.steps {
        let when = step.at.strftime("%a %d %b %Y %H:%M UTC");
        _ = write!(out, "\n{when}\n{}", folded(&step.say, "  "));
        for played in &step.letters {
            let Some(letter) = cases.letter(played.number) else { continue };
            out += &folded_below(&letter_line(letter, played), "    -> ", "       ");
            played.lines.iter().for_each(|line| _ = writeln!(out, "     {line}"));
        }
        if step.letters.is_empty() {
            out += "    -> no letter to anybody\n";
        }
    }
    out += "\nTHE CASES, AND WHY THEY WERE CLASSED SO\n";
    let mut list: Vec<&Case> = cases.cases().collect();
    list.sort_by_key(|case| case.opened);
    list.iter().for_each(|case| out += &case_block(case));
    out += &totals(cases, played);
    out += &how_to_look(played);
    out
}

fn letter_line(letter: &Posted, played: &PlayedLetter) -> String {
    let to = letter.to.as_ref().map(ToString::to_string).unwrap_or_default();
    let protection = match (letter.sealed, letter.wording == POST_WORDING) {
        (true, _) => "encrypted",
        (false, true) => "signed, for everybody",
        (false, false) => "signed, without detail",
    };
    let kept = match played.waits.as_mins() {
        minutes if minutes > 0 => format!(", {minutes} minutes later"),
        _ => String::new(),
    };
    format!("{} {} to {to}, {protection}: {}{kept}", letter.id(), about(letter), letter.state)
}

fn about(letter: &Posted) -> &'static str {
    match letter.wording.as_str() {
        "report-received" | "report-received-clear" | "question-received" => "\"it has arrived\"",
        "plea-received" => "\"your request has arrived\"",
        "cannot-decrypt" => "\"we cannot open it\"",
        "case-opened" => "\"new case\", with the report,",
        "mail-joined" => "\"more mail in your case\"",
        "status-answer" => "\"where it stands\"",
        "transcript" => "\"what became of your mail\"",
        "read-in" => "\"you may read this case\"",
        "case-changed" => "\"what others did in your case\"",
        "own-words" | "own-words-clear" => "the handler's own words",
        "report-confirmed" => "\"we believe it\"",
        "case-engaged" => "\"we take it on\"",
        "siren-digest" => "\"posts that may be worth a notice\"",
        "list-alarm" => "\"a list names your case\"",
        "notice-news" => "\"news of a notice\"",
        POST_WORDING => "our notice",
        "contact-asked" => "\"are you the right person?\"",
        _ => "a letter",
    }
}

fn case_block(case: &Case) -> String {
    let encrypted = case.mails.len();
    let mut block = format!(
        "\n  {}  {} ({}), {} {}\n",
        case.id,
        case.class,
        case.pathway,
        encrypted,
        if encrypted == 1 { "mail" } else { "mails" }
    );
    block += &folded(&case.title, "    ");
    for reason in case.because.iter().take(3) {
        block += &folded(&format!("- {reason}"), "    ");
    }
    block
}

fn totals(cases: &Caseload, played: &Played) -> String {
    let taken: u64 = played.steps.iter().map(|step| step.summary.taken).sum();
    let letters = cases.letters().count();
    let sealed = cases.letters().filter(|letter| letter.sealed).count();
    let human =
        cases.cases().filter(|case| !case.class.acknowledged() && case.class != Class::Spam);
    format!(
        "\nIN ALL  {taken} mails in, {} cases, {letters} letters out ({sealed} encrypted, \
         every one signed).\n        {} cases wait for a person's answer only; \
         no robot was answered.\n",
        cases.cases().count(),
        human.count(),
    )
}

fn how_to_look(played: &Played) -> String {
    let folder = played.folder.display();
    let config = played.config.display();
    format!(
        "\nLOOK AT IT YOURSELF\n\n\
         \x20 the caseload      target/release/sirt cases --all --config {config}\n\
         \x20 one case          target/release/sirt show CASE --config {config}\n\
         \x20 proof             target/release/sirt verify --config {config}\n\
         \x20 every mail in     {folder}/mail/security/cur   (a maildir)\n\
         \x20 every letter out  {folder}/out/new             (a maildir)\n\n\
         \x20 With a mail client (neomutt here), as Cora, whose key was made for this:\n\n\
         \x20   export GNUPGHOME={folder}/gnupg; mkdir -m 700 $GNUPGHOME\n\
         \x20   gpg --batch --import {folder}/people/*.asc {folder}/keys/team.asc\n\
         \x20   neomutt -f {folder}/out\n\n"
    )
}

/// Words folded at 78 columns.
fn folded(text: &str, indent: &str) -> String {
    folded_below(text, indent, indent)
}

/// The same with a beginning of its own for the first line.
fn folded_below(text: &str, first: &str, indent: &str) -> String {
    let mut lines = vec![String::from(first)];
    for word in text.split_whitespace() {
        let full = lines.last().is_some_and(|line| {
            line.len() > indent.len() && line.chars().count() + 1 + word.chars().count() > 78
        });
        if full {
            lines.push(String::from(indent));
        }
        if let Some(line) = lines.last_mut() {
            let gap = if line.len() > indent.len() { " " } else { "" };
            *line += &format!("{gap}{word}");
        }
    }
    lines.join("\n") + "\n"
}
