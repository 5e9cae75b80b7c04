//! The manual of all commands, made from their own constants.

use super::{COMMANDS, Command, Needs};
use crate::case::Permission;

/// Headings of the manual, with the commands that stand under each. What is named nowhere stands
/// under [`OTHERS`], so that a new command is never missing.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "Questions",
        &[
            "help",
            "list",
            "find",
            "show",
            "roster",
            "duty",
            "templates",
            "report",
            "ping",
            "original",
            "file",
            "export",
        ],
    ),
    ("Who handles the case", &["take", "assign", "handover", "decline", "drop"]),
    ("What becomes of it", &["valid", "reject", "engage", "defer", "duplicate", "close", "reopen"]),
    (
        "What triage said, put right",
        &["class", "pathway", "service", "move", "merge", "split", "link"],
    ),
    (
        "What is known",
        &["title", "severity", "cvss", "cwe", "cve", "affects", "fixed", "credit", "ssvc"],
    ),
    ("Disclosure", &["fact", "embargo", "deadline", "tlp", "siren"]),
    ("Words", &["note", "send"]),
    (
        "People",
        &["invite", "readin", "readout", "add", "remove", "also", "channel", "consent", "key"],
    ),
    ("Dates, hours, absence", &["wait", "remind", "time", "away"]),
    ("The mail itself", &["case", "try", "confirm", "again", "hold", "release", "undo", "resume"]),
];
const OTHERS: &str = "Others";

/// Headings with their commands, in the order of the manual; none is empty.
pub fn groups() -> Vec<(&'static str, Vec<&'static Command>)> {
    let named = |heading: &str| {
        COMMANDS.iter().copied().filter(|one| group(one) == heading).collect::<Vec<_>>()
    };
    let headings = GROUPS.iter().map(|(heading, _)| *heading).chain([OTHERS]);
    headings
        .map(|heading| (heading, named(heading)))
        .filter(|(_, commands)| !commands.is_empty())
        .collect()
}

fn group(command: &Command) -> &'static str {
    let found = GROUPS.iter().find(|(_, names)| names.contains(&command.name));
    found.map_or(OTHERS, |(heading, _)| *heading)
}

/// Who may give it, in words.
pub fn who(needs: Needs) -> &'static str {
    match needs {
        Needs::Member => "every member",
        Needs::Reader => "who may read the case",
        Needs::Handler => "handlers of the case, and coordinators who may read it",
        Needs::Coordinator => "coordinators who may read the case",
        Needs::Taker => "every member, also in a case they may not read",
    }
}

/// Somebody of this role may give it, somewhere.
pub fn open_to(command: &Command, role: Permission) -> bool {
    command.needs != Needs::Coordinator || role == Permission::Coordinator
}

/// What it writes to people outside, in words.
pub fn writes(command: &Command) -> &'static str {
    if command.writes.is_empty() { "nothing" } else { command.writes }
}

/// All commands as rows of a Markdown table.
pub fn markdown() -> String {
    let mut text =
        String::from("| command | who | does | writes outside |\n| --- | --- | --- | --- |\n");
    for command in groups().iter().flat_map(|(_, commands)| commands) {
        let usage = command.usage.replace('|', "\\|");
        let (who, does) = (who(command.needs), command.summary);
        text.push_str(&format!("| `{usage}` | {who} | {does} | {} |\n", writes(command)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_command_stands_there_once() {
        let listed: Vec<&str> =
            groups().iter().flat_map(|(_, commands)| commands).map(|one| one.name).collect();
        let names: BTreeSet<&str> = COMMANDS.iter().map(|one| one.name).collect();
        assert_eq!(listed.len(), COMMANDS.len());
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), names);
    }

    #[test]
    fn every_command_says_how_and_what() {
        for command in COMMANDS {
            let usage = command.usage.strip_prefix('/').expect(command.name);
            assert!(usage.starts_with(command.name), "{}", command.name);
            assert!(command.summary.ends_with('.'), "{}", command.name);
            let lower = command.name.bytes().all(|b| b.is_ascii_lowercase());
            assert!(lower && !command.help.is_empty(), "{}", command.name);
        }
    }
}
