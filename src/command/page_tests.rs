use super::*;
use proptest::prelude::*;

fn text(words: &str) -> String {
    Page { blocks: vec![Block::Text(words.to_owned())] }.render()
}

fn lines(page: &str) -> Vec<&str> {
    page.lines().collect()
}

fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
}

fn table_of(head: &[&'static str], cells: &[&[&str]]) -> String {
    Page { blocks: vec![Block::Table { head: head.to_vec(), rows: rows(cells) }] }.render()
}

fn facts(facts: &[(&str, &str)]) -> Block {
    Block::Facts(facts.iter().map(|(l, v)| ((*l).to_owned(), (*v).to_owned())).collect())
}

#[test]
fn a_page_as_a_volunteer_reads_it() {
    let page = Page {
        blocks: vec![
            Block::Heading("WHERE IT STANDS".to_owned()),
            facts(&[
                ("Status", "received"),
                (
                    "Embargo",
                    "until Fri 11 Dec 2026 14:00 UTC (15:00 Berlin), agreed with Fay on 1 Dec",
                ),
                ("Handlers", ""),
            ]),
            Block::Text(String::new()),
            Block::Text("Reply with:".to_owned()),
            Block::Lines(vec!["/take".to_owned(), "/severity high".to_owned()]),
        ],
    };
    assert_eq!(
        lines(&page.render()),
        [
            "WHERE IT STANDS",
            "",
            "  Status      received",
            "  Embargo     until Fri 11 Dec 2026 14:00 UTC (15:00 Berlin), agreed",
            "              with Fay on 1 Dec",
            "  Handlers",
            "",
            "Reply with:",
            "",
            "  /take",
            "  /severity high",
        ]
    );
    assert_eq!(Page::default().render(), "");
}

#[test]
fn labels_may_be_commands_and_long_ones_stand_above() {
    let page = Page {
        blocks: vec![facts(&[
            ("/send finder", "your text goes to Fay, encrypted, in 5 minutes; /undo stops it"),
            ("/invite maintainer pkg:generic/libexample", "asks for the right person"),
        ])],
    };
    assert_eq!(
        lines(&page.render()),
        [
            "  /send finder  your text goes to Fay, encrypted, in 5 minutes; /undo",
            "                stops it",
            "  /invite maintainer pkg:generic/libexample",
            "                asks for the right person",
        ]
    );
}

#[test]
fn rows_that_fit_stand_in_columns() {
    assert_eq!(
        lines(&table_of(
            &["Case", "Status", "Title"],
            &[
                &["SIRT-2026-4827", "received", "libexample heap overflow"],
                &[
                    "SIRT-2026-1093",
                    "",
                    "漢字 in a title that is long enough to go on below itself"
                ],
            ],
        )),
        [
            "  Case            Status    Title",
            "  SIRT-2026-4827  received  libexample heap overflow",
            "  SIRT-2026-1093  -         漢字 in a title that is long enough to go on",
            "                            below itself",
        ]
    );
    assert_eq!(table_of(&["Case", "Status"], &[]), "");
}

#[test]
fn rows_that_do_not_fit_stand_as_labelled_lines() {
    let long = "a status of so many words that no column could ever hold all of it";
    assert_eq!(
        lines(&table_of(
            &["Case", "Status", "Title"],
            &[&["SIRT-2026-4827", long, "heap overflow"], &["SIRT-2026-1093", "closed", "x"]],
        )),
        [
            "  SIRT-2026-4827",
            "    Status      a status of so many words that no column could ever hold",
            "                all of it",
            "    Title       heap overflow",
            "",
            "  SIRT-2026-1093",
            "    Status      closed",
            "    Title       x",
        ]
    );
}

#[test]
fn prose_never_looks_like_a_ready_line() {
    let lead = "word ".repeat(14);
    for risky in ["/close", "> quoted", "| said", "# remark", "-- "] {
        for words in [format!("{lead}{risky} and on"), risky.to_owned(), format!("{lead}x {risky}")]
        {
            for line in text(&words).lines() {
                assert!(!super::risky(line.trim_start()), "{line:?} of {words:?}");
            }
        }
    }
    let list =
        text(&format!("{lead}/close /reject /approve /embargo /deadline /severity /handover"));
    assert!(list.lines().all(|line| !line.starts_with('/')), "{list}");
}

#[test]
fn a_long_ready_line_reads_back_as_one() {
    let line = format!("/send finder {} /etc/passwd {}", "word ".repeat(12), "more ".repeat(9));
    let page = Page { blocks: vec![Block::Lines(vec![line.clone()])] }.render();
    let lines: Vec<&str> = page.lines().map(str::trim_start).collect();
    assert!(
        lines.len() > 1 && !lines[1..].iter().any(|line| line.starts_with(['/', '#'])),
        "{page}"
    );
    assert_eq!(lines.join(" "), line.split_whitespace().collect::<Vec<_>>().join(" "));
    let purl = format!("/affects pkg:generic/{}", "x".repeat(90));
    assert!(
        Page { blocks: vec![Block::Lines(vec![purl.clone()])] }
            .render()
            .replace("\n  ", " ")
            .contains(&purl)
    );
}

#[test]
fn eve_cannot_make_a_line_of_her_own() {
    let evil = "x\n/close\r\n-- \u{2028}> Cora wrote:\u{b}| GOOD\u{85}\t[tab]\u{202e}";
    let page = Page {
        blocks: vec![
            Block::Heading(evil.to_owned()),
            Block::Text(evil.to_owned()),
            facts(&[("From", evil), ("", evil)]),
            Block::Table { head: vec!["Case", "Title"], rows: rows(&[&[evil, evil], &["a"]]) },
            Block::Table { head: vec!["Case"], rows: rows(&[&["/close", "-- "], &["-- "]]) },
        ],
    };
    let page = page.render();
    for line in page.lines() {
        assert!(!risky(line.trim_start()), "{line:?} in\n{page}");
        assert!(!line.ends_with(' ') && !line.contains(['\t', '\u{202e}', '\r']), "{line:?}");
    }
}

/// Everything that is shown, without blanks and the marks of folding.
fn bare(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_end_matches('\\'));
    lines.flat_map(str::chars).filter(|c| !c.is_whitespace() && *c != '-').collect()
}

fn cell() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z/>|#.:]{1,12}",
        "[a-z/]{1,120}",
        "[漢字äé❤]{1,60}",
        Just("❤\u{fe0f}".repeat(45)),
        Just("👩\u{200d}👩\u{200d}👧".repeat(20)),
        Just("--".to_owned()),
        Just("\n/close\u{2028}".to_owned()),
    ];
    prop::collection::vec(word, 0..9).prop_map(|words| words.join(" "))
}

/// Rows that fit in columns, rows that do not, and rows with cells too few or too many.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let short = || prop::collection::vec("[a-z/>|]{0,6}( [a-z/]{0,6})?", 1..6);
    let row = prop_oneof![short(), short(), prop::collection::vec(cell(), 1..6)];
    let last = (short(), cell()).prop_map(|(mut row, last)| {
        row.push(last);
        row
    });
    prop_oneof![
        prop::collection::vec(short(), 1..4),
        prop::collection::vec(last, 1..4),
        prop::collection::vec(row, 1..4)
    ]
}

fn sound(page: &str) -> Result<(), TestCaseError> {
    for line in page.lines() {
        prop_assert!(columns(line) <= COLUMNS, "{} columns: {line:?}", columns(line));
        prop_assert!(!line.ends_with(' ') && !risky(line.trim_start()), "{line:?}");
    }
    prop_assert!(!page.contains("\n\n\n"));
    Ok(())
}

/// Each cell's characters stand on the page, in their order.
fn all_there(page: &str, cells: &[String]) -> Result<(), TestCaseError> {
    let shown = bare(page);
    let mut rest = shown.as_str();
    for cell in cells {
        let wanted = bare(&clean::line(cell));
        let found = rest.find(&wanted);
        prop_assert!(found.is_some(), "{wanted:?} is not in {rest:?}");
        rest = rest.get(found.unwrap_or_default() + wanted.len()..).unwrap_or_default();
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_row_is_too_wide_and_none_loses_a_word(rows in table()) {
        let head = vec!["Case", "Status", "Title"];
        let page = Page { blocks: vec![Block::Table { head, rows: rows.clone() }] }.render();
        sound(&page)?;
        // Only the last cell of a row in columns is folded, so that its words stay in order.
        all_there(&page, &rows.concat())?;
    }

    #[test]
    fn no_fact_or_text_is_too_wide_or_loses_a_word(label in "[A-Za-z ]{0,40}", value in cell()) {
        let blocks = vec![
            Block::Heading(value.clone()),
            Block::Text(value.clone()),
            Block::Facts(vec![(label.clone(), value.clone())]),
        ];
        let page = Page { blocks }.render();
        sound(&page)?;
        all_there(&page, &[value.clone(), value.clone(), label, value])?;
    }
}
