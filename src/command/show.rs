//! `/show`: the case as it stands, and the digest that whoever is read in gets first.

use super::page::{Block, Page};
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Case, Caseload};

pub const SHOW: Command = Command {
    name: "show",
    usage: "/show",
    summary: "The case as it stands: people, facts, dates, letters, history.",
    help: "",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(show),
};

fn show(_: &mut super::words::Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    Ok(Ruling::page(page(asked.cases, asked.case()?)))
}

/// Everything a new reader has to know, as text in 72 columns.
pub fn digest(cases: &Caseload, case: &Case) -> String {
    page(cases, case).render()
}

fn page(_cases: &Caseload, case: &Case) -> Page {
    let facts = vec![
        ("Title".to_owned(), case.title.clone()),
        ("Status".to_owned(), case.status.to_string()),
    ];
    Page { blocks: vec![Block::Facts(facts)] }
}
