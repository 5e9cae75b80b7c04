//! Tables of 80 columns, from the same JSON that scripts read.

use super::screen::{WIDTH, cell};
use serde_json::Value;

/// A column: its heading, and how wide it may become. The last takes what is left.
struct Column {
    head: &'static str,
    widest: usize,
}

const fn column(head: &'static str, widest: usize) -> Column {
    Column { head, widest }
}

/// The text of a field; lists are joined, what is missing is a dash.
pub(super) fn field(row: &Value, name: &str) -> String {
    match row.get(name) {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Array(list)) if !list.is_empty() => {
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            texts.join(",")
        }
        _ => "-".into(),
    }
}

/// `2026-11-23 09:12` of an RFC 3339 instant in UTC.
pub(super) fn minute(instant: &str) -> String {
    instant.get(..16).unwrap_or(instant).replace('T', " ")
}

fn day(instant: &str) -> String {
    instant.get(..10).unwrap_or(instant).to_owned()
}

pub(super) fn rows(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn table(columns: &[Column], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let cells = rows.iter().filter_map(|row| row.get(place));
            let longest = cells.map(|text| cell(text, column.widest).chars().count()).max();
            longest.unwrap_or_default().max(column.head.len())
        })
        .collect();
    let heads: Vec<String> = columns.iter().map(|column| column.head.to_owned()).collect();
    std::iter::once(&heads).chain(rows).map(|row| line(row, &widths)).collect()
}

/// One row, two blanks between cells, the last cut at the width of the page.
fn line(row: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (place, (value, width)) in row.iter().zip(widths).enumerate() {
        if place + 1 == row.len() {
            let left = WIDTH.saturating_sub(text.chars().count());
            text.push_str(&cell(value, left));
        } else {
            text.push_str(&format!("{:width$}  ", cell(value, *width)));
        }
    }
    format!("{}\n", text.trim_end())
}

pub(super) fn cases(value: &Value, all: bool) -> String {
    let rows: Vec<Vec<String>> = rows(value).iter().map(case_row).collect();
    if rows.is_empty() {
        return if all { "No cases.\n" } else { "No open cases. All of them: --all\n" }.into();
    }
    let columns = [
        column("CASE", 26),
        column("OPENED", 10),
        column("STATUS", 8),
        column("SEVERITY", 8),
        column("HANDLERS", 12),
        column("TITLE", WIDTH),
    ];
    table(&columns, &rows)
}

fn case_row(row: &Value) -> Vec<String> {
    let plain = |name| field(row, name);
    vec![
        plain("case"),
        day(&plain("opened")),
        plain("status"),
        plain("severity"),
        plain("handlers"),
        plain("title"),
    ]
}

pub(super) fn letters(value: &Value, held: bool) -> String {
    let rows: Vec<Vec<String>> = rows(value).iter().map(letter_row).collect();
    if rows.is_empty() {
        return if held { "No letter is held.\n" } else { "No letters.\n" }.into();
    }
    let columns = [
        column("LETTER", 8),
        column("STATE", 9),
        column("CASE", 26),
        column("TO", 28),
        column("WHAT", WIDTH),
    ];
    table(&columns, &rows)
}

fn letter_row(row: &Value) -> Vec<String> {
    let plain = |name| field(row, name);
    let why = plain("why");
    let what = if why == "-" { plain("template") } else { format!("{}: {why}", plain("template")) };
    vec![plain("id"), plain("state"), plain("case"), plain("to"), what]
}

pub(super) fn quarantine(value: &Value) -> String {
    let row = |row: &Value| {
        let plain = |name| field(row, name);
        vec![plain("id"), minute(&plain("at")), plain("mailbox"), plain("bytes"), plain("why")]
    };
    let rows: Vec<Vec<String>> = rows(value).iter().map(row).collect();
    if rows.is_empty() {
        return "Nothing is quarantined.\n".into();
    }
    let columns = [
        column("MAIL", 8),
        column("CAME (UTC)", 16),
        column("MAILBOX", 14),
        column("BYTES", 10),
        column("WHY", WIDTH),
    ];
    table(&columns, &rows)
}

pub(super) fn observations(value: &Value) -> String {
    let rows: Vec<Vec<String>> = rows(value).iter().map(observation_row).collect();
    if rows.is_empty() {
        return "No post of a watched list was read.\n".into();
    }
    let columns = [
        column("POST", 7),
        column("POSTED", 10),
        column("LIST", 14),
        column("KIND", 11),
        column("WHY", 11),
        column("SUBJECT", WIDTH),
    ];
    table(&columns, &rows)
}

/// What it is to others: `=O3` says the same, `>O3` brings it up to date; else why it may be worth
/// a notice.
fn observation_row(row: &Value) -> Vec<String> {
    let plain = |name| field(row, name);
    let posted = if plain("posted") == "-" { plain("at") } else { plain("posted") };
    let other = |name, mark| Some(format!("{mark}O{}", row.get(name)?.as_u64()?));
    let other = other("same_as", '=').or_else(|| other("update_of", '>'));
    let reasons = row.get("reasons").map(self::rows).unwrap_or_default();
    let reasons: Vec<&str> = reasons.iter().filter_map(|one| one.get("rule")?.as_str()).collect();
    let why: Vec<String> = reasons.into_iter().map(str::to_owned).chain(other).collect();
    let why = if why.is_empty() { "-".to_owned() } else { why.join(" ") };
    vec![plain("id"), day(&posted), plain("list"), plain("kind"), why, plain("subject")]
}

/// The key stands whole, on a line of its own: it is what somebody accepts.
pub(super) fn roster(value: &Value) -> String {
    let members = rows(value);
    if members.is_empty() {
        return "There are no members.\n".into();
    }
    let columns = [column("MEMBER", 16), column("ROLE", 11), column("COUNTS", WIDTH)];
    let listed = table(&columns, &members.iter().map(member_row).collect::<Vec<_>>());
    let mut lines = listed.lines();
    let head = format!("{}\n", lines.next().unwrap_or_default());
    let key = |member: &Value| super::clean(&field(member, "key"));
    let body = lines.zip(members).map(|(line, one)| format!("{line}\n  {}\n", key(one)));
    std::iter::once(head).chain(body).collect()
}

fn member_row(member: &Value) -> Vec<String> {
    let plain = |name| field(member, name);
    let counts = match plain("state").as_str() {
        "accepted" => format!("since {} by {}", minute(&plain("since")), plain("by")),
        "waits" => "not yet: sirt roster accept, or /key accept".to_owned(),
        "refused" => "no: refused".to_owned(),
        _ => "not yet: the gateway has not seen this key".to_owned(),
    };
    vec![plain("handle"), plain("role"), counts]
}

/// A finding is a text, or has `what` and perhaps `where` and `do`, as those of `check`.
pub(super) fn verify(value: &Value) -> String {
    let findings = value.get("findings").map(rows).unwrap_or_default();
    if value.get("ok").and_then(Value::as_bool) == Some(true) && findings.is_empty() {
        return "The journal, the kept mail and the caseload agree.\n".into();
    }
    let said = |finding: &Value| match finding.as_str() {
        Some(text) => text.to_owned(),
        None => {
            let parts = ["what", "where", "do"].map(|name| field(finding, name));
            parts.into_iter().filter(|part| part != "-").collect::<Vec<_>>().join(": ")
        }
    };
    findings.iter().map(|finding| format!("{}\n", super::clean(&said(finding)))).collect()
}

#[cfg(test)]
#[path = "tables_tests.rs"]
mod tests;
