//! `/show`: the case as it stands, and the digest that whoever is read in gets first.

use super::page::{Block, Page};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, standing, when};
use super::{show_history, show_people};
use crate::case::embargo::Embargo;
use crate::case::{Case, Caseload, EmbargoState, Matter, Note};
use crate::limits::{LINE_CHARS, SHOWN_NOTE_CHARS};
use crate::mail::clean;
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub const SHOW: Command = Command {
    name: "show",
    usage: "/show",
    summary: "The case as it stands: people, facts, dates, letters, history.",
    help: "Everything on record but what people wrote in their mails: those come with /original, \
           their files with /file. Numbers of mails and letters are those that other commands \
           take. Of the history it shows the last twenty steps.\n\n\
           /show",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(show),
};

fn show(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let view = View { cases: asked.cases, case, zone: asked.by.zone.clone(), whole: false };
    let mut page = page(&view);
    if let Some((at, what)) = standing::next_date(case, asked.rules, asked.now) {
        let late = !standing::late(case, asked.rules, asked.now).is_empty();
        let label = if late { "OVERDUE" } else { "Next date" };
        let said = format!("{what}: {}", view.at(at));
        page.blocks.insert(1, Block::Facts(vec![(label.to_owned(), said)]));
    }
    Ok(Ruling::page(page))
}

/// Everything a new reader has to know, notes in full, as text in 72 columns.
pub fn digest(cases: &Caseload, case: &Case) -> String {
    page(&View { cases, case, zone: TimeZone::UTC, whole: true }).render()
}

/// What a page is made of, and in whose time.
pub struct View<'a> {
    pub cases: &'a Caseload,
    pub case: &'a Case,
    pub zone: TimeZone,
    /// Notes are not cut.
    pub whole: bool,
}

impl View<'_> {
    pub fn at(&self, at: Timestamp) -> String {
        when::both(at, &self.zone)
    }

    /// "the finder (1)", for a number that may be nobody's any more.
    pub fn who(&self, participant: Option<u32>) -> String {
        let person = participant.and_then(|number| self.case.participant(number));
        person.map_or("somebody outside".to_owned(), |person| {
            format!("the {} ({})", person.role, person.number)
        })
    }
}

/// Somebody's words as one line.
pub fn line(text: &str) -> String {
    clean::cut(&clean::line(text), LINE_CHARS)
}

/// A label of ours and its value.
pub fn fact(label: impl Into<String>, value: impl Into<String>) -> (String, String) {
    (label.into(), value.into())
}

/// Under its heading; nothing where there is nothing.
pub fn headed(heading: &str, block: Block, there: bool) -> Vec<Block> {
    match there {
        true => vec![Block::Heading(heading.to_owned()), block],
        false => Vec::new(),
    }
}

fn page(view: &View<'_>) -> Page {
    let mut blocks = vec![Block::Facts(head(view))];
    blocks.extend(section("WHAT IS KNOWN", known(view.case)));
    blocks.extend(section("EMBARGO", embargo(view)));
    blocks.extend(section("DISCLOSURE", disclosure(view)));
    blocks.extend(super::siren::overview(view.case, &view.zone));
    blocks.extend(show_people::blocks(view));
    blocks.extend(section("WAITS AND REMINDERS", waits(view)));
    blocks.extend(show_history::mails(view));
    blocks.extend(show_history::letters(view));
    blocks.extend(notes(view));
    blocks.extend(show_history::history(view));
    Page { blocks }
}

pub fn section(heading: &str, facts: Vec<(String, String)>) -> Vec<Block> {
    let there = !facts.is_empty();
    headed(heading, Block::Facts(facts), there)
}

fn head(view: &View<'_>) -> Vec<(String, String)> {
    let case = view.case;
    let status = match &case.reason {
        Some(reason) => format!("{}: {}", case.status, line(reason)),
        None => case.status.to_string(),
    };
    let mut facts = vec![
        fact("Case", case.id.to_string()),
        fact("Title", line(&case.title)),
        fact("Status", status),
        fact("Class", format!("{}, pathway {}", case.class, case.pathway)),
    ];
    facts.extend(case.service.iter().map(|service| fact("Service", line(service))));
    facts.push(fact("Severity", standing::severity(case)));
    facts.push(fact("Label", case.tlp.label()));
    facts.push(fact("Opened", view.at(case.opened)));
    facts.push(fact("Handlers", show_people::handlers(case)));
    if !case.asked_to_take.is_empty() {
        facts.push(fact("Asked to take it", case.asked_to_take.join(", ")));
    }
    let because: Vec<String> = case.because.iter().map(|why| line(why)).collect();
    if !because.is_empty() {
        facts.push(fact("Classed so", because.join(" ")));
    }
    let links: Vec<&str> = case.links.iter().map(|id| id.as_str()).collect();
    if !links.is_empty() {
        facts.push(fact("Linked to", links.join(", ")));
    }
    facts.extend(case.merged_into.iter().map(|id| fact("Merged into", id.to_string())));
    facts
}

fn known(case: &Case) -> Vec<(String, String)> {
    let facts = case.known.iter().map(|one| {
        let value = format!("{} {}", line(&one.value), line(&one.detail));
        fact(label(one.what), value.trim_end())
    });
    let found = [
        ("Ids it names", &case.found.ids),
        ("Packages it names", &case.found.packages),
        ("Versions it names", &case.found.versions),
    ];
    let named = found.into_iter().filter(|(_, values)| !values.is_empty()).map(|(name, values)| {
        let values: Vec<String> = values.iter().map(|value| line(value)).collect();
        fact(name, values.join(", "))
    });
    let deadline = case.found.deadline.iter().map(|deadline| {
        fact(
            "Date it names",
            format!("{}, as read from: {}", line(&deadline.at), line(&deadline.words)),
        )
    });
    facts.chain(named).chain(deadline).collect()
}

fn label(what: Matter) -> &'static str {
    match what {
        Matter::Cvss => "CVSS",
        Matter::Cwe => "CWE",
        Matter::Cve => "CVE",
        Matter::Affects => "Affects",
        Matter::Fixed => "Fixed in",
        Matter::Credit => "Credit",
        Matter::Ssvc => "SSVC",
    }
}

fn embargo(view: &View<'_>) -> Vec<(String, String)> {
    let embargo = &view.case.embargo;
    let mut facts = vec![fact("State", state(embargo))];
    facts.extend(embargo.until.map(|until| fact("Until", view.at(until))));
    if let Some(proposed) = embargo.proposed {
        let by = embargo.proposer.map_or("the team".to_owned(), |number| view.who(Some(number)));
        facts.push(fact("Proposed", format!("{}, by {by}", view.at(proposed))));
    }
    let bound = embargo.bound.iter().map(|number| fact("Accepted it", view.who(Some(*number))));
    facts.extend(bound);
    let said = |yes: &bool| if *yes { "accepts" } else { "declines" };
    let answers = embargo.answers.iter();
    let answers = answers.map(|(number, yes)| {
        fact("On the proposal", format!("{} {}", view.who(Some(*number)), said(yes)))
    });
    facts.extend(answers);
    facts
}

fn state(embargo: &Embargo) -> String {
    match embargo.state {
        EmbargoState::None => "none agreed. Keep silent.".to_owned(),
        EmbargoState::Proposed => "proposed, not in force yet".to_owned(),
        EmbargoState::Active => "in force".to_owned(),
        EmbargoState::Revise => "in force; another end is proposed".to_owned(),
        EmbargoState::Exited => "over".to_owned(),
    }
}

fn disclosure(view: &View<'_>) -> Vec<(String, String)> {
    let facts = view.case.facts.iter();
    facts
        .map(|(what, known)| {
            let claim = if known.confirmed { "" } else { " CLAIM: needs a second member's word." };
            let (at, source) = (view.at(known.at), line(&known.source));
            let source = if source.is_empty() { source } else { format!(" ({source})") };
            fact(what.to_string(), format!("since {at}, says {}{source}.{claim}", known.by))
        })
        .collect()
}

fn waits(view: &View<'_>) -> Vec<(String, String)> {
    let case = view.case;
    let wait = case.waits.iter().map(|wait| {
        let until = wait.until.map(|at| format!(", until {}", view.at(at)));
        fact("Waits for", format!("{}{}", line(&wait.who), until.unwrap_or_default()))
    });
    let reminders = case.reminders.iter().map(|one| {
        fact("Reminder", format!("{}, by {}: {}", view.at(one.at), one.by, line(&one.text)))
    });
    let unsaid = case.unsaid.iter().map(|one| {
        fact("Words kept", format!("by {} for {}", one.by, view.who(Some(one.participant))))
    });
    let minutes: u32 = case.hours.iter().fold(0, |sum, one| sum.saturating_add(one.minutes));
    let hours =
        (minutes > 0).then(|| fact("Hours spent", format!("{}h{:02}", minutes / 60, minutes % 60)));
    wait.chain(reminders).chain(unsaid).chain(hours).collect()
}

/// In full only where a new reader gets them.
fn notes(view: &View<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for note in &view.case.notes {
        blocks.extend(one_note(view, note));
    }
    let heading = (!blocks.is_empty()).then(|| Block::Heading("NOTES".to_owned()));
    heading.into_iter().chain(blocks).collect()
}

fn one_note(view: &View<'_>, note: &Note) -> Vec<Block> {
    let head = format!("{}, {}:", note.by, view.at(note.at));
    if !view.whole {
        let text = clean::cut(&clean::line(&note.text), SHOWN_NOTE_CHARS);
        return vec![Block::Facts(vec![fact(head, text)])];
    }
    let paragraphs = note.text.split("\n\n").filter(|text| !text.trim().is_empty());
    let paragraphs = paragraphs.map(|text| Block::Text(clean::line(text)));
    std::iter::once(Block::Text(head)).chain(paragraphs).collect()
}

#[cfg(test)]
#[path = "show_tests.rs"]
mod tests;
