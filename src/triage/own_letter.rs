//! Our own post, back from a list or a loop.

use super::{Question, Rule, Triage, list_traffic};
use crate::case::{Class, Pathway};
use crate::mail::{Address, Mail, Mailbox, without_list_lines};

pub const RULE: Rule = Rule { name: "own-letter", check };

/// A Message-ID alone proves nothing: whoever had a letter of ours knows one. So From is asked too;
/// and what only claims to come from us, without a mark of our own, is read by the other rules.
fn check(question: &Question<'_>) -> Option<Triage> {
    let mail = question.mail;
    let from_us = question.sender().is_some_and(|from| question.rules.is_ours(from));
    let known = mail.message_id.as_ref().and_then(|id| question.cases.letter_of(id));
    let why = if let (true, Some(letter)) = (from_us, known) {
        format!("Our own letter {} came back.", letter.id())
    } else if from_us && is_marked(question) {
        "Our own letter came back: it carries our loop mark or a list's.".to_owned()
    } else if is_rewritten(question) {
        "Our own post came back from the list, which put its own address into From.".to_owned()
    } else if is_signed_by_us(question) {
        "Our own post came back from a list, with our signature over all its words.".to_owned()
    } else {
        return None;
    };
    Some(Triage::new(Class::OwnLetter, Pathway::P0, why))
}

fn is_marked(question: &Question<'_>) -> bool {
    let ours = |value: &str| {
        let address = Address::parse(value.trim().trim_matches(['<', '>']));
        address.is_some_and(|address| question.rules.is_ours(&address))
    };
    question.mail.fields_named("x-loop").any(ours) || question.mail.field("list-post").is_some()
}

/// Lists that must align From with their own domain put ours into Reply-To.
fn is_rewritten(question: &Question<'_>) -> bool {
    let is_list = |from: &Address| question.rules.is_list(from);
    let ours = |to: &Mailbox| question.rules.is_ours(&to.address);
    question.list.is_some()
        && question.sender().is_some_and(is_list)
        && question.mail.reply_to.iter().any(ours)
}

/// Lists that write From and Message-ID anew leave our words. Somebody who quotes them whole, with
/// words of their own, or sends them again in another name, is somebody else.
fn is_signed_by_us(question: &Question<'_>) -> bool {
    let mail = question.mail;
    let Some(words) = &mail.own_words else { return false };
    list_traffic::carries(question).is_some()
        && question.sender().is_some_and(|from| stands_for_us(question, from))
        && stands_alone(mail, words)
}

/// From as a list writes it for us: itself, or our address as a local part of its own domain.
fn stands_for_us(question: &Question<'_>, from: &Address) -> bool {
    let us = &question.rules.team.address;
    question.rules.is_ours(from)
        || question.rules.is_list(from)
        || from.local().eq_ignore_ascii_case(&us.as_str().replace('@', "="))
}

const BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const END: &str = "-----END PGP SIGNATURE-----";

/// Nothing stands beside our words but a footer, and our own lines about the signature.
fn stands_alone(mail: &Mail, words: &str) -> bool {
    let text = &mail.text;
    let block = text.find(BEGIN).zip(text.find(END).map(|at| at + END.len()));
    let rest = match block {
        Some((begin, end)) => format!(
            "{}{}",
            text.get(..begin).unwrap_or_default(),
            text.get(end..).unwrap_or_default()
        ),
        None => text.replacen(words.trim_end(), "", 1),
    };
    let rest = without_list_lines(&rest, &[]);
    rest.lines().all(|line| line.trim().is_empty() || line.starts_with("[signed piece "))
}

#[cfg(test)]
#[path = "own_letter_tests.rs"]
mod tests;
