//! `/help`: all commands a member may give, or one of them in full.

use super::nearest::nearest;
use super::page::{Block, Page};
use super::show::fact;
use super::words::{Slip, Words};
use super::{Asked, COMMANDS, Command, Needs, Refusal, Rule, Ruling, manual, named};
use crate::limits::WORD_CHARS;
use crate::mail::clean;

pub const HELP: Command = Command {
    name: "help",
    usage: "/help [command]",
    summary: "All commands you may give, or one of them in full.",
    help: "Commands stand on top of a signed mail, one a line; then a blank line, then the text, \
           if there is any. Reply to a letter of the case, or begin with /case and its \
           number.\n\n\
           /help reject",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(help),
};

fn help(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let Some(word) = words.optional() else { return Ok(Ruling::page(all(asked))) };
    let name = word.trim_start_matches('/');
    match named(name) {
        Some(command) => Ok(Ruling::page(one(command, asked))),
        None => {
            let names = COMMANDS.iter().map(|command| command.name);
            let near = nearest(&name.to_ascii_lowercase(), names);
            let say = near.map_or("/help lists all.".to_owned(), |near| {
                format!("Did you mean /help {near} ?")
            });
            let shown = clean::cut(&clean::line(name), WORD_CHARS);
            let slip = words.slip(format!("{shown} is no command. {say}"));
            Err(Slip { meant: near.map(str::to_owned), ..slip }.into())
        }
    }
}

fn all(asked: &Asked<'_>) -> Page {
    let mut blocks = Vec::new();
    for (heading, commands) in manual::groups() {
        let open = commands.into_iter().filter(|one| manual::open_to(one, asked.by.role));
        let facts: Vec<(String, String)> =
            open.map(|one| fact(format!("/{}", one.name), one.summary)).collect();
        if !facts.is_empty() {
            blocks.push(Block::Heading(heading.to_owned()));
            blocks.push(Block::Facts(facts));
        }
    }
    blocks.push(Block::Text(
        "More of one: its name behind /help. Several may stand in one mail, one a line; the mail \
         is carried out whole or not at all."
            .to_owned(),
    ));
    Page { blocks }
}

fn one(command: &Command, asked: &Asked<'_>) -> Page {
    let open = manual::open_to(command, asked.by.role);
    let mut facts = vec![
        fact("Does", command.summary),
        fact("Who", manual::who(command.needs)),
        fact("Writes outside", manual::writes(command)),
    ];
    if !open {
        facts.push(fact("You", "not you: ask a coordinator"));
    }
    if command.takes_text {
        facts.push(fact("Text", "what stands below the commands may belong to it"));
    }
    if command.risky {
        facts.push(fact("Asks first", "unless you reply to a letter of that case"));
    }
    let mut blocks = vec![Block::Lines(vec![command.usage.to_owned()]), Block::Facts(facts)];
    blocks.extend(paragraphs(command.help));
    Page { blocks }
}

/// Paragraphs; lines of commands stand as lines.
fn paragraphs(help: &str) -> impl Iterator<Item = Block> + '_ {
    let paragraphs = help.split("\n\n").filter(|text| !text.trim().is_empty());
    paragraphs.map(|text| match text.trim_start().starts_with('/') {
        true => Block::Lines(text.lines().map(str::to_owned).collect()),
        false => Block::Text(text.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::orders::cast::Office;
    use crate::letter::layout::columns;

    #[test]
    fn each_member_sees_what_they_may_do() {
        let mut office = Office::new();
        let page = |office: &mut Office, by: &str| office.asks(by, "/help\n").pages.remove(0);
        let (cora, val) = (page(&mut office, "cora"), page(&mut office, "val"));
        for command in COMMANDS {
            let label = format!("  /{} ", command.name);
            assert!(cora.contains(&label), "{label}: {cora}");
            assert_eq!(val.contains(&label), command.needs != Needs::Coordinator, "{label}");
        }
    }

    #[test]
    fn one_command_in_full() {
        let mut office = Office::new();
        for command in COMMANDS {
            let page = office.asks("val", &format!("/help /{}\n", command.name)).pages.remove(0);
            assert!(page.starts_with(&format!("  /{}", command.name)), "{page}");
            assert!(page.contains("Writes outside"), "{page}");
            // A usage is shown as one word, however wide.
            let lines = page.lines().skip_while(|line| !line.contains("Does"));
            assert!(lines.into_iter().all(|line| columns(line) <= 72), "{page}");
        }
    }

    #[test]
    fn a_command_that_is_none_is_refused_with_the_nearest() {
        let mut office = Office::new();
        let said = office.refused("cora", "/help shwo\n");
        assert!(said.contains("shwo is no command. Did you mean /help show ?"), "{said}");
    }
}
