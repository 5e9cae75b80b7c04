//! `/templates`: the letters to people outside, by number.

use super::page::{Block, Page};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::letter::{Detail, sample};
use std::collections::{BTreeMap, BTreeSet};

pub const TEMPLATES: Command = Command {
    name: "templates",
    usage: "/templates",
    summary: "The letters to people outside: what each says, and whether it carries detail.",
    help: "A letter without detail repeats no word of a report and of nobody; it may go to \
           anybody who takes part. With detail it goes encrypted only, unless you confirm it for \
           the clear.\n\n\
           /templates",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(templates),
};

fn templates(_: &mut Words<'_>, _: &Asked<'_>) -> Result<Ruling, Refusal> {
    let mut letters: BTreeMap<&str, (BTreeSet<&str>, Vec<Detail>)> = BTreeMap::new();
    for wording in sample::wordings() {
        let form = wording.form();
        if !form.internal {
            let (numbers, details) = letters.entry(form.file).or_default();
            numbers.insert(form.number);
            details.push(form.detail);
        }
    }
    let row = |(file, (numbers, details)): (&&str, &(BTreeSet<&str>, Vec<Detail>))| {
        vec![label(numbers), carries(details).to_owned(), says(file)]
    };
    let mut rows: Vec<Vec<String>> = letters.iter().map(row).collect();
    rows.sort();
    let head = vec!["Letter", "Detail", "Says"];
    let blocks =
        vec![Block::Heading("Letters to people outside:".to_owned()), Block::Table { head, rows }];
    Ok(Ruling::page(Page { blocks }))
}

/// `T-01`, `T-09a-e`.
fn label(numbers: &BTreeSet<&str>) -> String {
    let first = numbers.first().copied().unwrap_or_default();
    let last = numbers.last().filter(|last| **last != first);
    let last = last.and_then(|last| last.chars().last());
    last.map_or(first.to_owned(), |last| format!("{first}-{last}"))
}

fn carries(details: &[Detail]) -> &'static str {
    let none = details.contains(&Detail::None);
    let some = details.iter().any(|detail| *detail != Detail::None);
    match (none, some) {
        (true, true) => "only yours",
        (true, false) => "none",
        _ => "yes",
    }
}

/// What the letter of this file says; of one that is not described here, its name.
fn says(file: &str) -> String {
    let said = match file {
        "report-received" => "Your report has arrived, encrypted; until when we say more.",
        "report-received-clear" => "It has arrived in the clear; how shall we write to you?",
        "plea-received" => "Your request for help has arrived; a few questions.",
        "question-received" => "Your question has arrived.",
        "not-taken-in" => "It was too large, or in a form that we cannot read.",
        "cannot-decrypt" => "We cannot decrypt it; please send it again, to this key.",
        "protection-help" => "How to write to us encrypted.",
        "missing-elements" => "What is missing for us to go on.",
        "status-answer" => "Where things stand, for whoever asks with the word status.",
        "channel-set" => "How we write to you from now on, in the clear or encrypted.",
        "own-words" => "Your own words, encrypted: /send.",
        "own-words-clear" => "Your own words, in the clear, confirmed by you: /send.",
        "report-confirmed" => "We believe the report.",
        "report-not-confirmed" => "No weakness, or not credible, as far as we can tell.",
        "request-declined" => "Nothing that we can take on, and where to go.",
        "case-engaged" => "We take it on.",
        "case-deferred" => "Put off, until when; or taken up again.",
        "report-duplicate" => "Somebody was first.",
        "case-closed" => "The case is closed.",
        "contact-asked" => "Are you the right person?",
        "embargo-invited" => "Will you keep an embargo?",
        other => return format!("{}.", other.replace('-', " ")),
    };
    said.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::orders::cast::Office;

    #[test]
    fn every_letter_that_goes_out_is_listed_and_none_that_stays() {
        let page = Office::new().asks("val", "/templates\n").pages.remove(0);
        for wording in sample::wordings() {
            let form = wording.form();
            let words = says(form.file);
            let named = page.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown = named.contains(words.split(';').next().unwrap_or_default());
            assert_eq!(shown, !form.internal, "{}: {words}\n{page}", form.file);
        }
    }

    #[test]
    fn a_letter_with_several_numbers_stands_once() {
        let page = Office::new().asks("val", "/templates\n").pages.remove(0);
        assert_eq!(page.matches("where to go").count(), 1, "{page}");
    }

    #[test]
    fn detail_is_what_the_wording_says() {
        assert_eq!(carries(&[Detail::InClear]), "yes");
        assert_eq!(carries(&[Detail::None, Detail::Case]), "only yours");
    }
}
