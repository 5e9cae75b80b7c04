//! `/ping`: what we saw of the mail itself.

use super::page::{Block, Page};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};

pub const PING: Command = Command {
    name: "ping",
    usage: "/ping",
    summary: "Says what we saw of your mail: signature, encryption, addresses.",
    help: "For a first try, or after a new key or mail program: nothing is done.\n\n\
           /ping",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(ping),
};

fn ping(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let blocks = vec![
        Block::Heading("What we saw of your mail:".to_owned()),
        Block::Facts(asked.seen.to_vec()),
    ];
    let answer = "Your mail arrived and its signature is good. See below.".to_owned();
    Ok(Ruling { answer, ..Ruling::page(Page { blocks }) })
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn a_member_sees_what_we_saw() {
        let mut office = Office::new();
        let said = office.asks("val", "/ping\n");
        for part in ["val@example.org", "Signed", "good, key", "yes, the whole mail"] {
            assert!(said.pages[0].contains(part), "{part}: {}", said.pages[0]);
        }
        assert!(office.refused("cora", "/ping pong\n").contains("one word too many"));
    }
}
