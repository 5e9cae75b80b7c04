//! Our own post, back from a list or a loop.

use super::{Question, Rule, Triage};
use crate::case::{Class, Pathway};
use crate::mail::{Address, Mailbox};

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
