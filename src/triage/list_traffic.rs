//! Traffic of a list that we watch: nobody asked us.
//!
//! A List-Id alone proves nothing: everybody can write one. What counts is the mailbox that is
//! configured for the list, or the list's own DKIM signature as our border saw it.

use super::extract::{Scope, found};
use super::kinds::{Matter, Topic, scores};
use super::reading::Reading;
use super::{Certainty, Question, Rule, Triage, follow_up, posts, results};
use crate::case::{Class, HouseRules, Observed, Pathway, Watch};
use crate::mail::{Address, Encrypted, Mail};

pub const RULE: Rule = Rule { name: "list-traffic", check };

fn check(question: &Question<'_>) -> Option<Triage> {
    let (name, why) = carries(question)?;
    let mail = question.mail;
    if !is_public(mail) {
        return None;
    }
    let reading = Reading::of(mail);
    let answers = mail.answers().next().is_some();
    let scope = if answers { Scope::Own } else { Scope::Whole };
    let found = found(mail, &reading, scope);
    let scores = scores(&Matter { mail, reading: &reading, found: &found });
    let private = scores.contains_key(&Topic::KeepPrivate) && !answers;
    let class = if private { Class::Report } else { Class::List };
    let mut triage = Triage::new(class, Pathway::P0, why);
    if private {
        let public =
            format!("It asks to be kept private, and went to {name}: it is public already.");
        triage.because.insert(0, public);
        triage.certain = Certainty::Likely;
    } else {
        let what = if answers { "It answers another post." } else { "It begins a thread." };
        triage.because.push(what.to_owned());
    }
    let belonging = follow_up::belonging(question);
    if let Some((belongs, why)) = belonging {
        triage.because.push(format!("{why} Words of ours may have become public."));
        triage.belongs = Some(belongs);
    }
    triage.found = found;
    triage.post = Some(Box::new(read(mail, name, question.rules)));
    triage.list = Some(name.to_owned());
    Some(triage)
}

/// What our key opened, nobody else on the list could read: whoever sends us the octets of another
/// sender's report by a list makes its words no post. It is read by all other rules.
pub fn is_public(mail: &Mail) -> bool {
    !matches!(mail.evidence.encrypted, Encrypted::Whole | Encrypted::Partly)
}

/// What the post says, as one of that list.
pub fn read(mail: &Mail, list: &str, rules: &HouseRules) -> Observed {
    posts::read(mail, rules.watches.iter().find(|watch| watch.name == list))
}

/// The watched list that a mail of an archive says it came by. It proves nothing: this is for mail
/// that somebody at the terminal vouches for.
pub fn named_by<'a>(mail: &Mail, rules: &'a HouseRules) -> Option<&'a str> {
    let named = rules.watches.iter().find(|watch| list_id(mail, watch));
    let to = |watch: &&Watch| {
        let addressed =
            |address: &Address| mail.to.iter().chain(&mail.cc).any(|to| to.address == *address);
        watch.address.as_ref().is_some_and(addressed)
    };
    let found = named.or_else(|| rules.watches.iter().find(to));
    found.map(|watch| watch.name.as_str())
}

/// The watched list that carries this mail, and what shows it.
pub fn carries<'a>(question: &Question<'a>) -> Option<(&'a str, String)> {
    if let Some(name) = question.list {
        let watch = question.rules.watches.iter().find(|watch| watch.name == name);
        let came_by_it = watch.is_none_or(|watch| names_list(question.mail, watch));
        return came_by_it
            .then(|| (name, format!("It came by the mailbox that carries the list {name}.")));
    }
    let watch = question.rules.watches.iter().find(|watch| list_id(question.mail, watch))?;
    let server = question.rules.authserv_id.as_deref()?;
    // RFC 8601 section 5: only the field that our own border put on top of all others.
    let field = question.mail.field("authentication-results")?;
    let domain = results::dkim_passes(field, server).into_iter().find(|d| signs_for(watch, d))?;
    let why = format!("The list {} signed it ({domain}), as our border saw.", watch.name);
    Some((watch.name.as_str(), why))
}

fn list_id(mail: &Mail, watch: &Watch) -> bool {
    // RFC 2919 section 2: a phrase, then the id in angle brackets.
    mail.fields_named("list-id").any(|value| {
        let id = value.rsplit_once('<').map_or(value, |(_, id)| id);
        id.trim().trim_end_matches('>').trim().eq_ignore_ascii_case(&watch.list_id)
    })
}

/// Mail straight to the mailbox of a list is no post.
fn names_list(mail: &Mail, watch: &Watch) -> bool {
    let addressed = |address| mail.to.iter().chain(&mail.cc).any(|to| to.address == address);
    list_id(mail, watch)
        || watch.address.clone().is_some_and(addressed)
        || mail.field("list-post").is_some()
}

/// The domain of the list's id or address, or one above it.
fn signs_for(watch: &Watch, domain: &str) -> bool {
    let at = |name: &str| {
        let name = name.to_ascii_lowercase();
        name == domain || name.strip_suffix(domain).is_some_and(|head| head.ends_with('.'))
    };
    domain.contains('.')
        && (at(&watch.list_id) || watch.address.as_ref().is_some_and(|list| at(list.domain())))
}

#[cfg(test)]
#[path = "list_traffic_tests.rs"]
mod tests;
