//! The manual of commands in the README is the one in the program.

use sirt_gateway::command::manual;

const BEGIN: &str = "<!-- commands -->\n";
const END: &str = "<!-- /commands -->";

#[test]
fn the_readme_lists_every_command() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).expect("the README");
    let (before, rest) = readme.split_once(BEGIN).expect("where the table begins");
    let (table, after) = rest.split_once(END).expect("where the table ends");
    let wanted = format!("\n{}\n", manual::markdown());
    if std::env::var_os("UPDATE").is_some() {
        let updated = format!("{before}{BEGIN}{wanted}{END}{after}");
        std::fs::write(path, updated).expect("the README is written");
    } else {
        assert_eq!(table, wanted, "rewrite it with UPDATE=1");
    }
}

#[test]
fn the_readme_says_who_may_and_what_leaves() {
    let table = manual::markdown();
    assert!(table.starts_with("| command | who | does | writes outside |\n| --- |"));
    assert!(table.contains("| `/show` | who may read the case | "), "{table}");
    assert!(table.contains("`/list [mine\\|open\\|overdue\\|all]`"), "{table}");
}
