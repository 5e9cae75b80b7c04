//! Exercises with the traffic of lists, as `sirt tabletop` plays them.

use crate::support::desk::run;
use tempfile::TempDir;

/// The screen of an exercise, and its folder.
fn played(script: &str) -> (String, TempDir) {
    let folder = TempDir::new().expect("a folder");
    let script = format!("{}/fixtures/tabletop/{script}.toml", env!("CARGO_MANIFEST_DIR"));
    let to = folder.path().join("desk").display().to_string();
    let done = run(&["tabletop", &script, "--dir", &to]).ended(0);
    (done.stdout, folder)
}

/// What stands under the words of a step.
fn step<'a>(screen: &'a str, say: &str) -> &'a str {
    let begin = screen.find(say).unwrap_or_else(|| panic!("no {say:?} in\n{screen}"));
    screen[begin..].split("\n\n").next().expect("a step")
}

#[test]
fn four_hundred_posts_in_an_hour_are_one_digest() {
    let (screen, _) = played("storm");
    assert_eq!(screen.matches("posts that may be worth a notice").count(), 1, "{screen}");
    assert!(screen.contains("400 mails in, 0 cases, 1 letters out"), "{screen}");
}

#[test]
fn a_list_that_leaks_a_case_ends_in_a_notice_and_in_nothing_early() {
    let (screen, _) = played("list-leak");
    let early = screen.find("Five minutes later it is on its way").expect("the end");
    assert!(!screen[..early].contains("our notice to"), "{screen}");
    let last = step(&screen, "Five minutes later it is on its way");
    assert!(last.contains("our notice to siren@lists.example, signed, for everybody"), "{last}");
    let storm = step(&screen, "A hundred readers answer");
    assert!(storm.contains("no letter to anybody"), "{storm}");
    let draft = step(&screen, "Val writes a draft at once");
    assert!(draft.contains("/siren draft"), "{draft}");
}
