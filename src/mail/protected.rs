//! Headers inside the protection (RFC 9788, and the older `protected-headers="v1"`).

use super::fields::{self, Line};
use super::{Field, Mail, Mailbox, clean, header};
use crate::limits::FIELD_CHARS;
use mail_parser::{ContentType, HeaderForm, MessagePart};

/// Headers found on the root of an opened payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Protected {
    scheme: Scheme,
    /// The payload's own header, read like any other.
    mail: Mail,
    /// Names of the fields that stand there.
    names: Vec<String>,
    /// What HP-Outer says the sender wrote outside (RFC 9788 section 2.2).
    outer: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    /// RFC 9788: what is not inside was not said.
    Hp,
    /// The older draft: what is inside replaces what is outside.
    V1,
}

/// Outer fields that HP-Outer is held against.
const COMPARED: [&str; 7] = ["from", "to", "cc", "reply-to", "subject", "date", "message-id"];

pub(super) fn read(root: MessagePart<'_>) -> Option<Protected> {
    let scheme = scheme(fields::one_type(root)?)?;
    let lines = fields::of(root);
    let outer = lines.iter().filter(|line| line.name == "hp-outer").filter_map(outer).collect();
    let names = lines.into_iter().filter(|line| line.strict).map(|line| line.name).collect();
    Some(Protected { scheme, mail: header::read(root), names, outer })
}

/// RFC 9788 section 2.1: the parameter on the root of the payload, with one of two values.
fn scheme(kind: ContentType<'_>) -> Option<Scheme> {
    match (kind.attribute("hp"), kind.attribute("protected-headers")) {
        (Some("clear" | "cipher"), _) => Some(Scheme::Hp),
        (None, Some("v1")) => Some(Scheme::V1),
        _ => None,
    }
}

fn outer(line: &Line) -> Option<Field> {
    let raw = fields::unfolded(line.header.raw_value());
    let (name, value) = raw.split_once(':')?;
    let parsed = HeaderForm::Text.parse(value.as_bytes());
    let value = clean::cut(&clean::line(parsed.value().as_text()?), FIELD_CHARS);
    Some(Field { name: clean::line(name).to_ascii_lowercase(), value })
}

impl Protected {
    /// Fields whose inner value did not stand outside in the clear (RFC 9788 section 4.2); their
    /// words must not stand outside in an answer either.
    pub fn confidential(&self) -> Vec<&str> {
        let told = |field: &&Field| self.outer.iter().any(|outer| outer == *field);
        let secret = self.mail.fields.iter().filter(|f| COMPARED.contains(&f.name.as_str()));
        secret.filter(|field| !told(field)).map(|field| field.name.as_str()).collect()
    }

    /// The Subject inside, where one stands there.
    pub fn subject(&self) -> Option<&str> {
        self.has("subject").then_some(self.mail.subject.as_str())
    }

    /// The senders inside; none where no From stands there.
    pub fn from(&self) -> &[Mailbox] {
        if self.has("from") { &self.mail.from } else { &[] }
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|n| n == name)
    }

    /// Under RFC 9788 an absent inner field is an empty one (section 4.3).
    fn speaks_for(&self, name: &str) -> bool {
        self.scheme == Scheme::Hp || self.has(name)
    }
}

/// Puts protected headers in place of the outer ones, as a reader shows them.
///
/// An inner From counts only where it says the same as the outer one; otherwise the outer one
/// stays and the difference is noted (RFC 9788 section 4.4). `fields` stay the outer ones.
pub fn merge(mail: &mut Mail, protected: Protected) {
    mail.evidence.protected_headers = true;
    note_changes(mail, &protected);
    take_sender(mail, &protected);
    take_shown(mail, &protected);
    take_thread(mail, &protected);
    let known = std::mem::take(&mut mail.oddities);
    let new = protected.mail.oddities.into_iter().filter(|oddity| !known.contains(oddity));
    mail.oddities = known.iter().cloned().chain(new).collect();
}

fn take_sender(mail: &mut Mail, protected: &Protected) {
    if !protected.has("from") {
        return;
    }
    let inner = &protected.mail.from;
    if inner.is_empty() || !addresses(inner).eq(addresses(&mail.from)) {
        mail.evidence.from_mismatch = true;
        return;
    }
    mail.from = inner.clone();
}

fn addresses(boxes: &[Mailbox]) -> impl Iterator<Item = &super::Address> {
    boxes.iter().map(|mailbox| &mailbox.address)
}

fn take_shown(mail: &mut Mail, protected: &Protected) {
    let inner = &protected.mail;
    if protected.speaks_for("subject") {
        mail.subject.clone_from(&inner.subject);
    }
    if protected.speaks_for("to") {
        mail.to.clone_from(&inner.to);
    }
    if protected.speaks_for("cc") {
        mail.cc.clone_from(&inner.cc);
    }
    if protected.speaks_for("reply-to") {
        mail.reply_to.clone_from(&inner.reply_to);
    }
    if protected.speaks_for("date") {
        mail.date = inner.date;
    }
}

/// Fields that thread a mail are taken where they stand inside, and kept where they do not:
/// they give no rights, and a case is easier found with them.
fn take_thread(mail: &mut Mail, protected: &Protected) {
    let inner = &protected.mail;
    if inner.message_id.is_some() {
        mail.message_id.clone_from(&inner.message_id);
    }
    if protected.has("in-reply-to") {
        mail.in_reply_to.clone_from(&inner.in_reply_to);
    }
    if protected.has("references") {
        mail.references.clone_from(&inner.references);
    }
}

fn note_changes(mail: &mut Mail, protected: &Protected) {
    let differs = |field: &&Field| {
        COMPARED.contains(&field.name.as_str())
            && mail.field(&field.name).is_none_or(|now| !same_words(now, &field.value))
    };
    let changed: Vec<&str> =
        protected.outer.iter().filter(differs).map(|field| field.name.as_str()).collect();
    if !changed.is_empty() {
        mail.oddities.push(format!("Changed on the way: {}.", changed.join(", ")));
    }
}

/// Folding may change blanks and nothing else.
fn same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

#[cfg(test)]
#[path = "protected_tests.rs"]
mod tests;
