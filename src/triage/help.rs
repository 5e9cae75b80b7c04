//! Mail to `sirt+help@` or `sirt+key@`: how do I write to you encrypted?
//!
//! Nobody has to know the words for it: any mail will do. But what shows a sign of a report, came
//! with a file, or cannot be read is judged like all other mail, by the rules below.

use super::{Question, Rule, Triage, report};
use crate::case::{Class, Pathway};
use crate::mail::{Attachment, Mail};

pub const RULE: Rule = Rule { name: "help", check };

const ADDRESSES: [&str; 2] = ["help", "key"];

fn check(question: &Question<'_>) -> Option<Triage> {
    let mail = question.mail;
    let asked = question.details().any(|detail| ADDRESSES.contains(&detail.as_str()));
    if !asked || mail.evidence.unreadable() || holds_more(mail) {
        return None;
    }
    let why = "Sent to the address that explains encryption, and it says nothing of a report.";
    let triage = Triage::new(Class::Question, Pathway::P1, why);
    Some(Triage { asks_for_help: true, ..triage })
}

fn holds_more(mail: &Mail) -> bool {
    let of_openpgp = |file: &Attachment| {
        matches!(file.kind.as_str(), "application/pgp-keys" | "application/pgp-signature")
    };
    mail.text_cut || !mail.attachments.iter().all(of_openpgp) || report::speaks_of_a_report(mail)
}
