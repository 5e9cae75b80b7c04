//! What came in, what went out, and what was done, as a page shows it.

use super::page::Block;
use super::show::{View, fact, section};
use super::show_people::actor;
use crate::case::{Actor, CaseMail, Class, LetterState, Moment, Outcome, Posted};
use crate::limits::{HISTORY_ROWS, PAGE_ROWS};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Mails under the numbers that `/original` and `/file` take, the newest last.
pub fn mails(view: &View<'_>) -> Vec<Block> {
    let all = &view.case.mails;
    let orders = all.iter().filter(|mail| mail.class == Class::Orders).count();
    let mut facts: Vec<(String, String)> = (1..)
        .zip(all)
        .filter(|(_, mail): &(usize, _)| mail.class != Class::Orders)
        .skip((all.len() - orders).saturating_sub(PAGE_ROWS))
        .map(|(number, mail): (usize, _)| fact(format!("Mail {number}"), came(view, mail)))
        .collect();
    if orders > 0 {
        facts.push(fact("Of members", count(orders, "mail", "mails")));
    }
    facts.extend(latest(view).map(|said| fact("The latest", said)));
    section("MAILS", facts)
}

fn came(view: &View<'_>, mail: &CaseMail) -> String {
    let from = mail.from.as_ref().map_or("nobody named".to_owned(), ToString::to_string);
    let who = mail
        .participant
        .map_or(" (takes no part)".to_owned(), |number| format!(", {}", view.who(Some(number))));
    let how = if mail.encrypted { "encrypted" } else { "not encrypted" };
    let files = match mail.files {
        None | Some(0) => String::new(),
        Some(1) => ", 1 file".to_owned(),
        Some(count) => format!(", {count} files"),
    };
    format!("{} from {from}{who}: {}, {how}{files}", view.at(mail.at), mail.class)
}

/// Whether the newest mail of somebody who takes part has been answered.
fn latest(view: &View<'_>) -> Option<String> {
    let numbered = (1..).zip(&view.case.mails);
    let (number, mail): (usize, _) =
        numbered.filter(|(_, mail)| mail.participant.is_some()).last()?;
    let mut answers = view.cases.letters_in(&view.case.id).filter(|letter| {
        letter.participant == mail.participant
            && letter.written >= mail.at
            && !matches!(letter.state, LetterState::Discarded | LetterState::Failed)
    });
    Some(match answers.next_back() {
        Some(letter) => {
            let (id, template) = (letter.id(), &letter.template);
            format!("mail {number} was answered by {id}, {template} ({})", letter.state)
        }
        None => format!("mail {number} is not answered yet"),
    })
}

/// Letters to people outside; those to members are counted.
pub fn letters(view: &View<'_>) -> Vec<Block> {
    let all: Vec<&Posted> = view.cases.letters_in(&view.case.id).collect();
    let (inside, outside): (Vec<&Posted>, Vec<&Posted>) =
        all.into_iter().partition(|letter| letter.member.is_some());
    let shown = outside.iter().skip(outside.len().saturating_sub(PAGE_ROWS));
    let mut facts: Vec<(String, String)> =
        shown.map(|letter| fact(letter.id(), went(view, letter))).collect();
    if !inside.is_empty() {
        facts.push(fact("To members", count(inside.len(), "letter", "letters")));
    }
    section("LETTERS", facts)
}

fn went(view: &View<'_>, letter: &Posted) -> String {
    let how = if letter.sealed { "encrypted" } else { "in the clear" };
    let state = match (letter.state, letter.why.is_empty()) {
        (LetterState::Waiting, _) if letter.due > letter.written => {
            format!("waiting until {}", view.at(letter.due))
        }
        (state, true) => state.to_string(),
        (state, false) => format!("{state}: {}", letter.why),
    };
    let (at, to) = (view.at(letter.written), view.who(letter.participant));
    format!("{at} to {to}, {}, {how}: {state}", letter.template)
}

fn count(many: usize, one: &str, more: &str) -> String {
    format!("{many} {}", if many == 1 { one } else { more })
}

/// What the lists of mails and letters say, and what only a crash or a relay brings.
const SHOWN_ELSEWHERE: [&str; 5] =
    ["letter.written", "letter.tried", "letter.delayed", "letter.sent", "orders.taken"];

/// The newest steps, with who took them and on which signed word.
pub fn history(view: &View<'_>) -> Vec<Block> {
    let signed = signed(view);
    let steps: Vec<&Moment> = view
        .case
        .timeline
        .iter()
        .filter(|moment| !SHOWN_ELSEWHERE.contains(&moment.event.as_str()))
        .collect();
    let newest = steps.iter().skip(steps.len().saturating_sub(HISTORY_ROWS));
    let facts = newest.map(|moment| fact(view.at(moment.at), step(view, moment, &signed)));
    section("HISTORY", facts.collect())
}

fn step(view: &View<'_>, moment: &Moment, signed: &Signed<'_>) -> String {
    let what = moment.event.replace(['.', '-'], " ");
    let by = actor(view.case, &moment.by);
    let word = match &moment.by {
        Actor::Member(handle) => signed.get(&(moment.at, handle.as_str())),
        _ => None,
    };
    let word = word.map(|made| format!(", signed {}", view.at(*made)));
    format!("{what}, by {by}{}", word.unwrap_or_default())
}

/// When a member signed what was carried out at an instant.
type Signed<'a> = BTreeMap<(Timestamp, &'a str), Timestamp>;

fn signed<'a>(view: &View<'a>) -> Signed<'a> {
    let here = view.cases.all_orders().filter(|orders| {
        orders.case.as_ref() == Some(&view.case.id) && orders.taken.outcome == Outcome::Done
    });
    here.map(|orders| ((orders.at, orders.taken.member.as_str()), orders.taken.made)).collect()
}
