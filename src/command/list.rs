//! `/list`: the cases that a member may read, the most urgent first.

use super::page::{Block, Page};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, standing, when};
use crate::case::{Case, Status};
use crate::limits::{PAGE_ROWS, TITLE_CHARS};
use crate::mail::clean;
use strum::{Display, VariantArray};

pub const LIST: Command = Command {
    name: "list",
    usage: "/list [mine|open|overdue|all]",
    summary: "The cases you may read, the most urgent first.",
    help: "Without a word: all that are open. mine: those you handle. overdue: those whose \
           assessment or wait is past its date. all: closed ones too, and how many there are \
           that you may not read, as a number only.\n\n\
           /list overdue",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(list),
};

#[derive(Clone, Copy, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "kebab-case")]
enum Which {
    Mine,
    Open,
    Overdue,
    All,
}

fn list(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let which = match words.peek() {
        Some(_) => words.word_of("which cases")?,
        None => Which::Open,
    };
    let mut cases: Vec<&Case> = asked.readable().filter(|case| which.has(case, asked)).collect();
    cases.sort_by_cached_key(|case| standing::urgency(case, asked.rules, asked.now));
    let mut blocks = vec![Block::Heading(which.heading(cases.len()))];
    blocks.extend(table(&cases, asked));
    if which == Which::All {
        blocks.push(Block::Text(others(asked)));
    }
    Ok(Ruling::page(Page { blocks }))
}

impl Which {
    fn has(self, case: &Case, asked: &Asked<'_>) -> bool {
        let open = case.status != Status::Closed;
        match self {
            Which::Mine => open && case.handlers.contains(&asked.by.handle),
            Which::Open => open,
            Which::Overdue => !standing::late(case, asked.rules, asked.now).is_empty(),
            Which::All => true,
        }
    }

    fn none(self) -> &'static str {
        match self {
            Which::Mine => "You handle no case.",
            Which::Open => "No case that you may read is open.",
            Which::Overdue => "No case that you may read is overdue.",
            Which::All => "There is no case that you may read.",
        }
    }

    fn heading(self, count: usize) -> String {
        let are = if count == 1 { "is" } else { "are" };
        let which = match self {
            Which::Mine => "that you handle".to_owned(),
            Which::Open => format!("that {are} open"),
            Which::Overdue => format!("that {are} overdue"),
            Which::All => "that you may read".to_owned(),
        };
        match count {
            0 => self.none().to_owned(),
            1 => format!("1 case {which}:"),
            _ => format!("{count} cases {which}, the most urgent first:"),
        }
    }
}

/// Cases as rows, and how many are left out.
pub fn table(cases: &[&Case], asked: &Asked<'_>) -> Vec<Block> {
    let rows = cases.iter().take(PAGE_ROWS).map(|case| row(case, asked)).collect();
    let head = vec!["Case", "Status", "Severity", "Where it stands"];
    let mut blocks = vec![Block::Table { head, rows }];
    if cases.len() > PAGE_ROWS {
        let more = cases.len() - PAGE_ROWS;
        blocks.push(Block::Text(format!("And {more} more. /find with a word narrows it down.")));
    }
    blocks
}

fn row(case: &Case, asked: &Asked<'_>) -> Vec<String> {
    let title = clean::cut(&clean::line(&case.title), TITLE_CHARS);
    let handlers = match case.handlers.is_empty() {
        true => "nobody".to_owned(),
        false => case.handlers.join(", "),
    };
    let late = !standing::late(case, asked.rules, asked.now).is_empty();
    let next = standing::next_date(case, asked.rules, asked.now).map(|(at, what)| {
        let mark = if late { "OVERDUE" } else { "Next" };
        format!(" {mark}: {what}, {}.", when::both(at, &asked.by.zone))
    });
    let waits = standing::waits_for(case);
    let next = next.unwrap_or_default();
    let stands = format!("{title}. Handled by {handlers}; waits for {waits}.{next}");
    vec![case.id.to_string(), case.status.to_string(), standing::severity(case), stands]
}

/// What the member may not read: counted, never named.
fn others(asked: &Asked<'_>) -> String {
    let hidden = asked.cases.cases().filter(|case| !case.readable_by(&asked.by.handle));
    let (closed, open): (Vec<&Case>, Vec<&Case>) =
        hidden.partition(|case| case.status == Status::Closed);
    let free = open.iter().filter(|case| case.handlers.is_empty()).count();
    format!(
        "Others that you may not read: {} open, {free} of them without a handler, and {} closed.",
        open.len(),
        closed.len()
    )
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
