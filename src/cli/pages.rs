//! The page of one case.

use super::screen::{WIDTH, cell, clean};
use super::tables::{field, minute, rows};
use serde_json::Value;

pub(super) fn case(value: &Value) -> String {
    let title = cell(&field(value, "title"), WIDTH);
    let parts = [
        format!("{}\n{title}\n", cell(&field(value, "case"), WIDTH)),
        card(value),
        facts(value),
        people(value),
        timeline(value),
        words(value),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn card(value: &Value) -> String {
    let plain = |name: &str| field(value, name);
    let embargo = value.get("embargo").map(|embargo| {
        let until = minute(&field(embargo, "until"));
        let until = if until == "-" { String::new() } else { format!(" until {until} UTC") };
        format!("{}{until}", field(embargo, "state"))
    });
    let lines = [
        ("status", plain("status")),
        ("class", plain("class")),
        ("pathway", plain("pathway")),
        ("severity", plain("severity")),
        ("TLP", plain("tlp")),
        ("embargo", embargo.unwrap_or_else(|| "-".into())),
        ("handlers", plain("handlers").replace(',', ", ")),
        ("opened", format!("{} UTC", minute(&plain("opened")))),
        ("changed", format!("{} UTC", minute(&plain("updated")))),
    ];
    let line = |(name, text): &(&str, String)| format!("  {name:10} {}\n", cell(text, WIDTH - 13));
    lines.iter().map(line).collect()
}

/// What is known: `vendor_aware` and the like, with time and source.
fn facts(value: &Value) -> String {
    let Some(facts) = value.get("facts").and_then(Value::as_object) else { return String::new() };
    let known = facts.iter().filter(|(_, fact)| fact.is_object());
    let lines: String = known
        .map(|(name, fact)| {
            let (at, source) = (minute(&field(fact, "at")), field(fact, "source"));
            let text = format!("since {at} UTC, by {source}");
            format!("  {:14} {}\n", cell(&name.replace('_', " "), 14), cell(&text, WIDTH - 17))
        })
        .collect();
    headed("Known", &lines)
}

fn people(value: &Value) -> String {
    let line = |person: &Value| {
        let plain = |name| field(person, name);
        let who = match plain("handle").as_str() {
            "-" => plain("address"),
            handle => format!("{handle} <{}>", plain("address")),
        };
        let (role, channel) = (plain("role"), plain("channel"));
        let key = plain("key");
        let key = if key == "-" { String::new() } else { format!("\n  {:10} key {key}", "") };
        let first = format!("{:10} {}  [{}]", cell(&role, 10), cell(&who, 50), cell(&channel, 10));
        format!("  {first}{}\n", key.split('\n').map(clean).collect::<Vec<_>>().join("\n"))
    };
    let lines: String =
        value.get("participants").map(rows).unwrap_or_default().iter().map(line).collect();
    headed("People", &lines)
}

fn timeline(value: &Value) -> String {
    let line = |entry: &Value| {
        let plain = |name| field(entry, name);
        let mail = plain("mail");
        let mail = if mail == "-" { String::new() } else { format!("  mail {mail}") };
        let text = format!("{:28} {}{mail}", cell(&plain("event"), 28), plain("by"));
        format!("  {}  {}\n", cell(&minute(&plain("at")), 16), cell(&text, WIDTH - 20))
    };
    let lines: String =
        value.get("timeline").map(rows).unwrap_or_default().iter().map(line).collect();
    headed("Timeline (UTC)", &lines)
}

/// What people wrote, where it was asked for: every line behind a bar.
fn words(value: &Value) -> String {
    let mail = |mail: &Value| {
        let head = format!("{} UTC, {}", minute(&field(mail, "at")), field(mail, "from"));
        let text = mail.get("text").and_then(Value::as_str).unwrap_or_default();
        let lines = text.lines().map(|line| format!("| {}\n", clean(line)));
        format!("{}\n{}\n", cell(&head, WIDTH), lines.collect::<String>())
    };
    let mails: String = value.get("words").map(rows).unwrap_or_default().iter().map(mail).collect();
    headed("Words", &mails)
}

fn headed(head: &str, lines: &str) -> String {
    if lines.is_empty() { String::new() } else { format!("{head}\n{lines}") }
}
