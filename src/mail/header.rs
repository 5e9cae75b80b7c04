//! From header fields to the header part of a [`Mail`].

use super::fields::{self, Line};
use super::{Address, Field, Mail, Mailbox, MessageId, clean};
use crate::limits::{ADDRESSES, FIELD_CHARS, LINE_CHARS, REFERENCES};
use jiff::Timestamp;
use mail_parser::{Address as Listed, DateTime, HeaderForm, MessagePart};

/// Fields that may stand once (RFC 5322 section 3.6), and how they are written.
const ONCE: [(&str, &str); 11] = [
    ("from", "From"),
    ("sender", "Sender"),
    ("reply-to", "Reply-To"),
    ("to", "To"),
    ("cc", "Cc"),
    ("subject", "Subject"),
    ("date", "Date"),
    ("message-id", "Message-ID"),
    ("in-reply-to", "In-Reply-To"),
    ("references", "References"),
    ("content-type", "Content-Type"),
];

pub(super) fn read(part: MessagePart<'_>) -> Mail {
    let lines = fields::of(part);
    let mut oddities = oddities(&lines);
    let from = senders(&lines, &mut oddities);
    Mail {
        from,
        reply_to: listed(&lines, "reply-to"),
        to: listed(&lines, "to"),
        cc: listed(&lines, "cc"),
        subject: subject(&lines),
        date: first(&lines, "date").and_then(date),
        message_id: message_id(&lines),
        in_reply_to: ids(&lines, "in-reply-to"),
        references: ids(&lines, "references"),
        fields: lines.iter().map(field).collect(),
        oddities,
        ..Mail::default()
    }
}

fn field(line: &Line) -> Field {
    Field { name: clean::cut(&line.name, LINE_CHARS), value: line.text() }
}

fn oddities(lines: &[Line]) -> Vec<String> {
    let count = |name: &str| lines.iter().filter(|line| line.name == name).count();
    let many = |(name, shown): (&str, &str)| match count(name) {
        0 | 1 => None,
        n => Some(format!("It has {n} {shown} fields.")),
    };
    let mut found: Vec<String> = ONCE.into_iter().filter_map(many).collect();
    if lines.iter().any(|line| !line.strict && imitates(&line.name)) {
        found.push("A field name is written with blanks in it, so it does not count.".to_owned());
    }
    found
}

fn imitates(name: &str) -> bool {
    let bare = name.replace('_', "");
    ONCE.iter().any(|(known, _)| *known == bare)
}

/// RFC 5322 section 3.6.2. A From that is read two ways by two programs names nobody: then
/// there is no sender, or more than one.
fn senders(lines: &[Line], oddities: &mut Vec<String>) -> Vec<Mailbox> {
    let fields: Vec<&Line> = named(lines, "from").collect();
    let (found, unsure) =
        fields.iter().fold((Vec::new(), fields.is_empty()), |(mut all, odd), line| {
            let (mut boxes, broken) = mailboxes(line);
            all.append(&mut boxes);
            (all, odd || broken)
        });
    if unsure {
        oddities.push("Its From field does not hold one plain address.".to_owned());
    }
    let nobody = unsure || (fields.len() > 1 && found.len() < 2);
    if nobody { Vec::new() } else { found }
}

fn listed(lines: &[Line], name: &str) -> Vec<Mailbox> {
    let mut all: Vec<Mailbox> = named(lines, name).flat_map(|line| mailboxes(line).0).collect();
    all.truncate(ADDRESSES);
    all
}

/// The usable mailboxes of a field, and whether anything in it was not one.
fn mailboxes(line: &Line) -> (Vec<Mailbox>, bool) {
    let value = line.header.parse_as(HeaderForm::Addresses);
    let value = value.value();
    let Some(list) = value.as_address() else { return (Vec::new(), true) };
    let grouped = list.iter().any(|item| matches!(item, Listed::Group(_)));
    let all: Vec<Option<Mailbox>> = list.mailboxes().take(ADDRESSES).map(mailbox).collect();
    let broken = grouped || all.is_empty() || all.contains(&None);
    (all.into_iter().flatten().collect(), broken)
}

fn mailbox(found: mail_parser::Mailbox<'_>) -> Option<Mailbox> {
    let address = Address::parse(found.address()?)?;
    let name = clean::cut(&clean::line(found.name().unwrap_or_default()), LINE_CHARS);
    Some(Mailbox { name, address })
}

fn named<'a, 'm>(lines: &'a [Line<'m>], name: &'a str) -> impl Iterator<Item = &'a Line<'m>> {
    lines.iter().filter(move |line| line.name == name)
}

fn first<'a, 'm>(lines: &'a [Line<'m>], name: &str) -> Option<&'a Line<'m>> {
    lines.iter().find(|line| line.name == name)
}

fn subject(lines: &[Line]) -> String {
    first(lines, "subject").map(|line| clean::cut(&line.text(), FIELD_CHARS)).unwrap_or_default()
}

fn date(line: &Line) -> Option<Timestamp> {
    let parsed = line.header.parse_as(HeaderForm::Date);
    instant(parsed.value().as_datetime()?)
}

/// An instant of any year that exists; `None` for the thirtieth of February's cousins.
pub(super) fn instant(date: DateTime) -> Option<Timestamp> {
    let real = (1..=12).contains(&date.month)
        && (1..=31).contains(&date.day)
        && date.hour <= 23
        && date.minute <= 59
        && date.second <= 60
        && date.tz_hour <= 23
        && date.tz_minute <= 59;
    real.then(|| Timestamp::from_second(date.to_timestamp()).ok()).flatten()
}

fn message_id(lines: &[Line]) -> Option<MessageId> {
    match ids(lines, "message-id").as_slice() {
        [id, ..] => Some(id.clone()),
        [] => None,
    }
}

/// The newest `REFERENCES` ids of a field; what is no id is left out.
fn ids(lines: &[Line], name: &str) -> Vec<MessageId> {
    let mut all: Vec<MessageId> = named(lines, name).flat_map(|line| ids_in(line)).collect();
    all.drain(..all.len().saturating_sub(REFERENCES));
    all
}

fn ids_in(line: &Line) -> Vec<MessageId> {
    let parsed = line.header.parse_as(HeaderForm::MessageIds);
    let list = parsed.value().as_text_list();
    list.map(|list| list.iter().filter_map(MessageId::parse).collect()).unwrap_or_default()
}
