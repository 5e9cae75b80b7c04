//! `/find`: looks for words in the cases that a member may read, and in no others.

use super::page::{Block, Page};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, list, standing};
use crate::case::Case;
use crate::limits::WORD_CHARS;
use crate::mail::clean;

pub const FIND: Command = Command {
    name: "find",
    usage: "/find <words>",
    summary: "Looks for words in the cases you may read.",
    help: "Finds cases in which every one of the words stands: in number or title, in ids and \
           packages, in notes, in names and addresses of people. Capitals do not matter. What \
           people wrote in their mails is not searched.\n\n\
           /find libexample overflow",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(find),
};

fn find(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    if words.peek().is_none() {
        words.word("a word to look for")?;
    }
    let wanted = clean::line(words.rest());
    let parts: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<&Case> = asked.readable().filter(|case| holds(case, &parts)).collect();
    found.sort_by_cached_key(|case| standing::urgency(case, asked.rules, asked.now));
    let wanted = clean::cut(&wanted, WORD_CHARS);
    let heading = match found.len() {
        0 => format!("No case that you may read has: {wanted}"),
        1 => format!("1 case has: {wanted}"),
        count => format!("{count} cases have: {wanted}"),
    };
    let mut blocks = vec![Block::Heading(heading)];
    blocks.extend(list::table(&found, asked));
    Ok(Ruling::page(Page { blocks }))
}

fn holds(case: &Case, parts: &[String]) -> bool {
    let words = searched(case).to_lowercase();
    !parts.is_empty() && parts.iter().all(|part| words.contains(part.as_str()))
}

/// Everything that is looked through, one piece a line.
fn searched(case: &Case) -> String {
    let mut pieces: Vec<&str> = vec![case.id.as_str(), &case.title, &case.subject];
    pieces.extend(case.found.ids.iter().chain(&case.found.packages).map(String::as_str));
    pieces.extend(case.known.iter().flat_map(|one| [one.value.as_str(), one.detail.as_str()]));
    pieces.extend(case.notes.iter().map(|note| note.text.as_str()));
    pieces.extend(case.handlers.iter().chain(&case.service).map(String::as_str));
    for person in &case.participants {
        pieces.push(&person.name);
        pieces.extend(person.address.iter().chain(&person.also).map(|address| address.as_str()));
    }
    pieces.join("\n")
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::cast::Office;

    #[test]
    fn words_are_found_in_titles_people_and_notes() {
        let mut office = Office::new();
        for wanted in ["subject", "FAY@finders.example", "subject finders", "sirt-2026"] {
            let said = office.does("cora", &format!("/find {wanted}\n"));
            assert!(said.pages[0].starts_with("1 case has: "), "{wanted}: {}", said.pages[0]);
            assert!(said.pages[0].contains(office.case.as_str()), "{}", said.pages[0]);
        }
        let said = office.does("cora", "/find subject nowhere\n");
        assert_eq!(said.pages, ["No case that you may read has: subject nowhere\n"]);
        let said = office.refused("cora", "/find\n");
        assert!(said.contains("a word to look for is missing"), "{said}");
    }

    #[test]
    fn eve_with_vals_key_finds_nothing_that_val_may_not_read() {
        let mut office = Office::new();
        let said = office.asks("val", "/find fay@finders.example\n");
        assert!(said.pages[0].starts_with("No case that you may read"), "{}", said.pages[0]);
        office.read_in("val");
        let said = office.asks("val", "/find fay@finders.example\n");
        assert!(said.pages[0].starts_with("1 case has"), "{}", said.pages[0]);
    }
}
