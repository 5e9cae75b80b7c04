use super::*;

#[test]
fn paragraphs_are_filled_and_stay_apart() {
    let text = format!("{}\n\nsecond  one\nhere\n", "word ".repeat(20));
    let filled = fill(&text, 14);
    let lines: Vec<&str> = filled.lines().collect();
    assert_eq!(lines[0].len(), 54, "the first begins at column 14");
    assert!(lines[1].starts_with("              word"));
    assert_eq!(lines[2..], ["", "              second one here"]);
    assert!(filled.ends_with("here\n"));
    assert_eq!(fill("", 0), "");
}

#[test]
fn long_lines_hang_under_their_value() {
    let words = "word ".repeat(20);
    let tidied = tidy(&format!("  Label       {words}\n- {words}\n\n\n\n--\nend"));
    let lines: Vec<&str> = tidied.lines().collect();
    assert!(lines[1].starts_with("              word"), "{tidied}");
    assert!(lines[3].starts_with("  word"), "{tidied}");
    assert!(tidied.ends_with("\n\n-- \nend\n"), "{tidied}");
    assert!(lines.iter().all(|line| columns(line) <= COLUMNS));
}

#[test]
fn a_url_is_never_broken() {
    let url = format!("https://example.org/{}", "a".repeat(90));
    assert!(tidy(&format!("See: {url} there")).contains(&url));
}

#[test]
fn short_pairs_stand_side_by_side() {
    let pair = |first: &str, second: &str| side_by_side(("Status", first), ("Embargo", second));
    assert_eq!(
        pair("received", "none agreed. Keep silent."),
        "  Status      received        Embargo   none agreed. Keep silent."
    );
    let apart = pair("received", &"x ".repeat(40));
    assert_eq!(apart.lines().count(), 3);
    assert!(apart.lines().all(|line| columns(line) <= COLUMNS));
}

#[test]
fn prose_is_broken_quietly_and_code_visibly() {
    let prose = behind_bars(&"word ".repeat(30));
    assert!(prose.lines().all(|line| line.starts_with("| word") && !line.ends_with('\\')));
    let code = behind_bars(&format!("+ {}", "word ".repeat(30)));
    let lines: Vec<&str> = code.lines().collect();
    assert!(lines[0].ends_with(" \\") && lines[1].ends_with(" \\"), "{code}");
    assert!(!lines[2].ends_with('\\'));
    assert_eq!(behind_bars("a\n\n\tb  \n\n"), "| a\n|\n|         b");
    assert_eq!(behind_bars(""), "|");
    let wide = behind_bars(&"報".repeat(100));
    assert!(wide.lines().all(|line| columns(line) <= COLUMNS));
    assert_eq!(wide.matches('報').count(), 100);
}

#[test]
fn eve_cannot_make_a_letter_slow() {
    let one_line = "x ".repeat(crate::limits::TEXT_BYTES);
    assert!(behind_bars(&one_line).lines().count() > 10_000);
    let evil = "[ ".repeat(100_000) + &"[SIRT-2026-".repeat(50_000) + &" ".repeat(100_000);
    assert_eq!(without_case_lines(&evil, "SIRT").len(), evil.len());
}
