//! Delivery reports (RFC 3464, and the forms before it), and which letter of ours they are about.

use super::{Belonging, Certainty, Link, Question, Rule, Triage, report};
use crate::case::{Class, Pathway, Posted};
use crate::mail::Mail;

pub const RULE: Rule = Rule { name: "bounce", check };

fn check(question: &Question<'_>) -> Option<Triage> {
    let mail = question.mail;
    if mail.bounce.is_none() && !is_old_form(mail) {
        return None;
    }
    match letter(question) {
        Some(letter) => Some(ours(mail, letter)),
        // Dressed as a delivery report, and yet somebody's own words: a person reads them.
        None if report::speaks_of_a_report(mail) => None,
        None => Some(nobodys()),
    }
}

fn ours(mail: &Mail, letter: &Posted) -> Triage {
    let action = mail.bounce.as_ref().map(|bounce| bounce.action.as_str()).unwrap_or_default();
    let action = if action.is_empty() { "returned" } else { action };
    let why = format!("A mail server says of our letter {}: {action}.", letter.id());
    let belongs = letter.case.clone().map(|case| Belonging {
        case,
        by: Link::Code,
        participant: letter.participant,
        proven: false,
    });
    let triage = Triage::new(Class::Bounce, Pathway::P0, why);
    Triage { belongs, letter: Some(letter.number), ..triage }
}

fn nobodys() -> Triage {
    let why = "A delivery report, but not at a return address of ours: it counts for nothing.";
    Triage { certain: Certainty::Likely, ..Triage::new(Class::Bounce, Pathway::P0, why) }
}

/// The letter whose own keyed return address the report was sent to. Anybody can write a delivery
/// report; only the way of that letter knows this address.
fn letter<'a>(question: &Question<'a>) -> Option<&'a Posted> {
    let (cases, secrets) = (question.cases, &question.rules.secrets);
    let original = question.mail.bounce.as_ref().and_then(|bounce| bounce.original.as_ref());
    let named = original.and_then(|id| cases.letter_of(id));
    for detail in question.details().filter(|detail| detail.starts_with('b')) {
        let is_its_own = |letter: &&Posted| secrets.bounce(letter.number) == detail;
        let found = named.filter(is_its_own).or_else(|| cases.letters().find(is_its_own));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// How qmail and Exim have said it since before RFC 3464.
fn is_old_form(mail: &Mail) -> bool {
    const BEGINS: [&str; 4] = [
        "Hi. This is the qmail-send program at",
        "This message was created automatically by mail delivery software",
        "This is the mail system at host",
        "Your message could not be delivered",
    ];
    let nobody = mail.field("return-path").is_some_and(|path| path.trim() == "<>");
    let local = mail.sender().map(|from| from.address.local().to_ascii_lowercase());
    let daemon =
        local.is_some_and(|local| matches!(local.as_str(), "mailer-daemon" | "postmaster"));
    let begins = BEGINS.iter().any(|begin| mail.text.trim_start().starts_with(begin));
    (nobody || daemon) && (begins || mail.field("x-failed-recipients").is_some())
}

#[cfg(test)]
#[path = "bounce_tests.rs"]
mod tests;
