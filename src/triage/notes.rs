//! What handlers are told whatever the class: who a mail claims to come from, and its dangers.

use super::{Question, Triage, follow_up, orders};
use crate::case::Class;
use crate::mail::{self, Signature};

/// Adds the sentences that hold beside those of the rule.
pub fn add(question: &Question<'_>, triage: &mut Triage) {
    if matches!(triage.class, Class::OwnLetter | Class::Bounce) {
        return;
    }
    let mail = question.mail;
    let mut say = |why: Option<String>| triage.because.extend(why);
    if triage.class != Class::Orders {
        say(claim(question));
    }
    if triage.belongs.is_none() && triage.class.opens_case() {
        say(follow_up::named_only(question));
    }
    if mail.evidence.from_mismatch {
        say(Some("The From inside its protection is another than the one outside.".to_owned()));
    }
    if mail.from.len() > 1 {
        say(Some("It names more than one sender.".to_owned()));
    }
    if mail.secret_key_inside {
        say(Some("A secret key came with it: whoever owns that key must be told.".to_owned()));
    }
    if runs_code(question) {
        say(Some("A file came along that may run code: open it nowhere.".to_owned()));
    }
    if let (Some(list), false) = (mail.field("list-id"), triage.class == Class::List) {
        let list = mail::clean::cut(&mail::clean::line(list), 60);
        say(Some(format!("It says that it came by the list {list}: that alone proves nothing.")));
    }
    if triage.class.acknowledged()
        && let Some(why) = mail::automatic(mail)
    {
        say(Some(format!("No program may answer it: {why}")));
    }
}

/// "Claims to be Val": from a member's address, or ours, without what would prove it.
fn claim(question: &Question<'_>) -> Option<String> {
    let rules = question.rules;
    if let Some((member, _)) = orders::signer(question) {
        let why = orders::obstacle(question)?;
        return Some(format!("Signed by {}, but no orders: {why}.", member.handle));
    }
    let from = question.sender()?;
    if rules.is_ours(from) {
        return Some("It claims to come from our own address.".to_owned());
    }
    let member = rules.roster.by_address(from)?;
    let how = match &question.mail.evidence.signature {
        Signature::Good(_) | Signature::UnknownKey { .. } => "signed by another key",
        Signature::Partly(_) => "signed in part only",
        Signature::Bad { .. } => "its signature does not hold",
        Signature::Unknown | Signature::None => "not signed",
    };
    Some(format!("Claims to be {}: {how}.", member.handle))
}

/// Files that a double click runs.
fn runs_code(question: &Question<'_>) -> bool {
    const ENDS: [&str; 13] = [
        ".docm", ".xlsm", ".pptm", ".exe", ".scr", ".js", ".vbs", ".hta", ".lnk", ".iso", ".img",
        ".bat", ".msi",
    ];
    question.mail.attachments.iter().any(|file| {
        let name = file.name.to_ascii_lowercase();
        ENDS.iter().any(|end| name.ends_with(end))
    })
}
