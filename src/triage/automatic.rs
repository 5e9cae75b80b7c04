//! Mail that a program wrote (RFC 3834): filed, never answered.
//!
//! Only what says itself that a program wrote it counts here. A list's marks do not: people write
//! through lists, and their mail is not lost for it.

use super::extract::{Scope, found};
use super::reading::Reading;
use super::{Certainty, Question, Rule, Triage, follow_up, list_traffic, report};
use crate::case::{Class, Pathway};
use crate::mail::{self, Mail};

pub const RULE: Rule = Rule { name: "automatic", check };

fn check(question: &Question<'_>) -> Option<Triage> {
    let mail = question.mail;
    let why = machine_made(mail).or_else(|| robot(mail))?;
    if list_traffic::carries(question).is_some() {
        return None;
    }
    let belonging = follow_up::belonging(question);
    // A tool may pass a report on: in doubt it is one.
    if belonging.is_none() && report::speaks_of_a_report(mail) {
        return None;
    }
    let mut triage = Triage::new(Class::Automatic, Pathway::P0, why);
    triage.certain = Certainty::Likely;
    if let Some((belongs, why)) = belonging {
        triage.because.push(why);
        triage.belongs = Some(belongs);
        triage.found = found(mail, &Reading::of(mail), Scope::Own);
    }
    Some(triage)
}

/// What a program writes into the mails that it makes.
pub fn machine_made(mail: &Mail) -> Option<&'static str> {
    let is = |name: &str, values: &[&str]| {
        let value = mail.field(name).map(|value| value.trim().to_ascii_lowercase());
        value.is_some_and(|value| values.iter().any(|wanted| value.starts_with(wanted)))
    };
    let has = |name: &str| mail.field(name).is_some();
    let subject = mail.subject.to_lowercase();
    // RFC 3834 section 5: anything but "no" was sent by a program.
    let submitted = mail.field("auto-submitted").map(|value| value.trim().to_ascii_lowercase());
    if submitted.is_some_and(|value| !value.is_empty() && !value.starts_with("no")) {
        return Some("It says that a program sent it (Auto-Submitted).");
    }
    if is("precedence", &["auto_reply", "auto-reply", "autoreply"])
        || ["x-autoreply", "x-autorespond", "x-auto-reply-from", "x-mail-autoreply"]
            .iter()
            .any(|name| has(name))
    {
        return Some("It says that it is an automatic reply.");
    }
    if is("content-type", &["multipart/report"]) && mail.bounce.is_none() {
        return Some("It is a report of a program: a read receipt, or one about mail.");
    }
    if is("x-list-administrivia", &["yes"]) || has("x-mailman-approved-at") && has("x-list-admin") {
        return Some("A list's program wrote it.");
    }
    if subject.starts_with("report domain:") || is("tls-report-domain", &[""]) {
        return Some("It is a mail provider's report about our domain.");
    }
    awaits_a_moderator(mail, &subject)
}

fn awaits_a_moderator(mail: &Mail, subject: &str) -> Option<&'static str> {
    const SUBJECTS: [&str; 4] = [
        "awaits moderator approval",
        "requires approval",
        "waiting for moderator",
        "post awaiting approval",
    ];
    let local = mail.sender().map(|from| from.address.local().to_ascii_lowercase())?;
    let list = ["-owner", "-bounces", "-request", "+owner", "mailman", "noreply", "confirm"];
    let asked = SUBJECTS.iter().any(|words| subject.contains(words));
    let by_a_list = list.iter().any(|name| local.contains(name));
    (asked && by_a_list).then_some("A list says that a post waits for its moderators.")
}

/// The codec's reasons never to answer, where nobody but a program could have given them.
fn robot(mail: &Mail) -> Option<&'static str> {
    let local = mail.sender().map(|from| from.address.local().to_ascii_lowercase())?;
    let names =
        ["mailer-daemon", "noreply", "no-reply", "donotreply", "do-not-reply", "postmaster"];
    let named = names.iter().any(|name| local.starts_with(name));
    let nobody = mail.field("return-path").is_some_and(|path| path.trim() == "<>");
    (named || nobody).then(|| mail::automatic(mail)).flatten()
}

#[cfg(test)]
#[path = "automatic_tests.rs"]
mod tests;
