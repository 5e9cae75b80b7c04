//! Mail that no human wrote and that is never answered (RFC 3834 section 2).

use super::Mail;
use crate::limits::HOPS;

/// Fields whose mere presence says that a program or a list sent the mail.
const TELLTALES: [(&str, &str); 14] = [
    ("list-id", "It came over a mailing list."),
    ("list-post", "It came over a mailing list."),
    ("list-unsubscribe", "It came over a mailing list."),
    ("list-help", "It came over a mailing list."),
    ("list-subscribe", "It came over a mailing list."),
    ("list-owner", "It came over a mailing list."),
    ("list-archive", "It came over a mailing list."),
    ("mailing-list", "It came over a mailing list."),
    ("x-loop", "It has passed through a program that marks its mail."),
    ("x-autoreply", "It is an automatic answer."),
    ("x-autorespond", "It is an automatic answer."),
    ("x-autoresponder", "It is an automatic answer."),
    ("x-mail-autoreply", "It is an automatic answer."),
    ("x-failed-recipients", "It is a report of a mail server."),
];

/// Local parts behind which nobody reads.
const NOBODY: [&str; 9] = [
    "mailer-daemon",
    "postmaster",
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "bounce",
    "bounces",
];

/// Why a mail must not be answered by a program; `None` where a human seems to have written it.
///
/// Only fields decide, and never the Subject: people write "Undeliverable" too.
pub fn automatic(mail: &Mail) -> Option<&'static str> {
    let named = TELLTALES.iter().find(|(name, _)| mail.field(name).is_some());
    submitted(mail)
        .or_else(|| precedence(mail))
        .or_else(|| null_sender(mail))
        .or_else(|| report(mail))
        .or_else(|| named.map(|(_, why)| *why))
        .or_else(|| nobody(mail))
        .or_else(|| circles(mail))
}

/// RFC 3834 section 5: anything but `no`. Exchange says what it does not want answered.
fn submitted(mail: &Mail) -> Option<&'static str> {
    let marked = mail.fields_named("auto-submitted").any(|value| first_word(value) != "no");
    let suppressed =
        mail.fields_named("x-auto-response-suppress").any(|value| first_word(value) != "none");
    match (marked, suppressed) {
        (true, _) => Some("It says that no human sent it."),
        (_, true) => Some("It asks for no automatic answer."),
        _ => None,
    }
}

fn precedence(mail: &Mail) -> Option<&'static str> {
    let bulk = mail
        .fields_named("precedence")
        .chain(mail.fields_named("x-precedence"))
        .any(|value| matches!(first_word(value).as_str(), "bulk" | "junk" | "list" | "auto_reply"));
    bulk.then_some("It was sent in bulk.")
}

/// RFC 5321 section 4.5.5: what has no return path wants no answer.
fn null_sender(mail: &Mail) -> Option<&'static str> {
    let null = mail.fields_named("return-path").any(|value| value.replace(' ', "") == "<>");
    null.then_some("It has no return path.")
}

/// RFC 6522 reports: delivery status, disposition notification, abuse.
fn report(mail: &Mail) -> Option<&'static str> {
    let kind = mail.fields_named("content-type").any(|value| {
        matches!(
            first_word(value).as_str(),
            "multipart/report" | "message/delivery-status" | "message/disposition-notification"
        )
    });
    (kind || mail.bounce.is_some()).then_some("It is a report of a mail server.")
}

fn nobody(mail: &Mail) -> Option<&'static str> {
    let local = |address: &super::Address| {
        let local = address.local().to_ascii_lowercase();
        let name = local.split('+').next().unwrap_or_default().to_owned();
        NOBODY.contains(&name.as_str())
            || local.starts_with("noreply-")
            || local.ends_with("-noreply")
    };
    let unread = mail.from.iter().any(|from| local(&from.address));
    unread.then_some("Nobody reads mail at the address it came from.")
}

fn circles(mail: &Mail) -> Option<&'static str> {
    let hops = mail.fields_named("received").count();
    (hops > HOPS).then_some("It has passed through too many servers.")
}

fn first_word(value: &str) -> String {
    let end = |c: char| c.is_whitespace() || matches!(c, ';' | '(' | ',');
    value.trim().split(end).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::parse;

    fn answerable(fields: &str) -> bool {
        let mail = format!("{fields}\r\nFrom: Fay <fay@example.org>\r\n\r\nwords\r\n");
        automatic(&parse(mail.as_bytes()).expect("a mail").mail()).is_none()
    }

    #[test]
    fn programs_are_never_answered() {
        let circle = "Received: from a by b; now\r\n".repeat(HOPS + 1);
        for fields in [
            "Auto-Submitted: auto-replied",
            "auto-submitted: AUTO-GENERATED (rejected)",
            "Auto-Submitted: no\r\nAuto-Submitted: auto-notified",
            "Precedence: Bulk",
            "Precedence: list",
            "Precedence: junk",
            "Precedence: auto_reply",
            "X-Auto-Response-Suppress: All",
            "X-Auto-Response-Suppress: OOF, AutoReply",
            "X-Autoreply: yes",
            "X-Loop: postmaster@example.org",
            "List-Id: <oss.example.org>",
            "List-Unsubscribe: <mailto:leave@example.org>",
            "Return-Path: <>",
            "Return-Path: < >",
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            "Content-Type: message/disposition-notification",
            circle.trim_end(),
        ] {
            assert!(!answerable(fields), "{fields}");
        }
        for from in ["MAILER-DAEMON@mx.example", "no-reply@shop.example", "noreply+1@x.example"] {
            let mail = format!("From: {from}\r\n\r\nwords\r\n");
            assert!(automatic(&parse(mail.as_bytes()).expect("a mail").mail()).is_some(), "{from}");
        }
    }

    #[test]
    fn people_are_answered_whatever_they_write_about() {
        for fields in [
            "Subject: Undeliverable: heap overflow in libexample",
            "Subject: Automatic reply is broken",
            "Auto-Submitted: no",
            "Precedence: first-class",
            "X-Auto-Response-Suppress: None",
            "Return-Path: <fay@example.org>",
            "X-Mailer: bulk",
        ] {
            assert!(answerable(fields), "{fields}");
        }
    }
}
