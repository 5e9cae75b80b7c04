//! `sirt commands`: what can be said to the gateway by mail.

use super::json;
use crate::command::{COMMANDS, Command, manual};
use crate::config::Settings;
use crate::letter::layout::{COLUMNS, columns, fill};
use serde_json::{Value, json as value};

/// A word on the first line of a reply, and what it does.
const WORDS: &[(&str, &str)] = &[
    ("status", "where the case stands; answered once an hour"),
    ("clear", "write to me without encryption from now on"),
    ("encrypt", "write to me encrypted only"),
];

/// An address beside the team's own, and what it does.
const ADDRESSES: &[(&str, &str)] = &[
    ("key", "sends back the team's OpenPGP certificate"),
    ("help", "sends back how to write to us encrypted"),
];

/// The manual of everything that is understood in mail.
pub fn commands(settings: Option<&Settings>) -> String {
    let mut text = String::from(
        "People who take part in a case reply to a letter of it. One word alone on the\n\
         first line is understood; everything else is read by people:\n\n",
    );
    for (word, does) in WORDS {
        text.push_str(&format!("  {word:10} {does}\n"));
    }
    text.push_str("\nAnybody may write to:\n\n");
    for (detail, does) in ADDRESSES {
        text.push_str(&format!("  {:32} {does}\n", beside(settings, detail)));
    }
    text.push_str(
        "\nMembers of the team send signed mail, or reply to a letter of ours. Commands\n\
         stand on top, one a line; then a blank line, then the text. One mail is carried\n\
         out whole or not at all.\n",
    );
    for (heading, group) in manual::groups() {
        text.push_str(&format!("\n{heading}\n\n"));
        group.iter().for_each(|one| text.push_str(&entry(one)));
    }
    text
}

/// The commands of members as one JSON document.
pub fn commands_json() -> String {
    let list: Vec<Value> = COMMANDS
        .iter()
        .map(|one| {
            value!({
                "command": one.name, "usage": one.usage, "who": manual::who(one.needs),
                "does": one.summary, "help": one.help, "writes_outside": one.writes,
            })
        })
        .collect();
    json(&list) + "\n"
}

fn entry(command: &Command) -> String {
    // A usage is one word to a program that folds lines, and may be wider than any.
    let usage = match columns(command.usage) + 2 > COLUMNS {
        true => command.usage.replace('|', " | "),
        false => command.usage.to_owned(),
    };
    let does = format!("{} For {}.", command.summary, manual::who(command.needs));
    let does = match command.writes {
        "" => does,
        writes => format!("{does} Writes outside: {writes}."),
    };
    format!("  {}\n      {}\n", fill(&usage, 6), fill(&does, 6))
}

/// The team's address with a detail; as an example where no configuration is at hand.
fn beside(settings: Option<&Settings>, detail: &str) -> String {
    match settings.map(|settings| &settings.team) {
        Some(team) if !team.subaddress.is_empty() => {
            team.address.with_detail(&team.subaddress, detail).to_string()
        }
        _ => format!("sirt+{detail}@example.org"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_fits_into_80_columns() {
        let text = commands(None);
        assert!(text.lines().all(|line| columns(line) <= 80), "{text}");
        for command in COMMANDS {
            assert!(text.contains(&format!("\n  /{}", command.name)), "{}", command.name);
        }
    }

    #[test]
    fn the_json_has_the_same() {
        let list: Vec<Value> = serde_json::from_str(&commands_json()).expect("JSON");
        let names: Vec<&str> = list.iter().filter_map(|one| one["command"].as_str()).collect();
        assert_eq!(names, COMMANDS.iter().map(|one| one.name).collect::<Vec<_>>());
    }
}
