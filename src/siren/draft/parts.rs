//! The parts of a statement, as members read and write them.

use super::packages;
use super::values::{is_id, line, tidy, word};
use crate::case::{
    Credit, Dated, Exploited, Reference, ReferenceKind, Severity, Source, Statement, values as read,
};
use crate::mail::MessageId;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// One part: how it is called, shown and set. What is shown can be set again.
pub struct Part {
    pub name: &'static str,
    pub heading: &'static str,
    /// Other headings for it, in lower case.
    pub also: &'static [&'static str],
    pub show: fn(&Statement) -> String,
    /// # Errors
    /// A sentence that shows what would be right.
    pub set: fn(&mut Statement, &str) -> Result<(), String>,
}

macro_rules! text {
    ($name:literal, $heading:literal, $also:expr, $field:ident) => {
        Part {
            name: $name,
            heading: $heading,
            also: $also,
            show: |said| said.$field.clone(),
            set: |said, text| {
                said.$field = tidy(text);
                Ok(())
            },
        }
    };
}

macro_rules! part {
    ($name:literal, $heading:literal, $also:expr, $show:expr, $set:expr) => {
        Part { name: $name, heading: $heading, also: $also, show: $show, set: $set }
    };
}

/// Parts that others hold too: they are read, and not shown.
pub const HIDDEN: &[&str] = &["fixed", "resources"];

/// In the order of a notice.
pub const PARTS: &[Part] = &[
    part!("title", "Title", &["subject"], |said| said.title.clone(), |said, text| {
        said.title = line(text);
        Ok(())
    }),
    part!("ids", "CVE ID", &["cve", "cve ids", "id"], |said| said.ids.join(", "), set_ids),
    part!("affected", "Affected", &["affected versions", "affects"], packages::show, packages::set),
    part!("fixed", "Fixed", &["fixed versions"], |_| String::new(), packages::set_fixed),
    part!("severity", "Severity", &[], show_severity, set_severity),
    part!("cvss", "CVSS", &[], |said| said.cvss.join("\n"), set_cvss),
    part!("cwe", "CWE", &[], |said| said.cwe.join(", "), set_cwe),
    text!("description", "Description", &["overview", "summary"], description),
    text!("impact", "Impact", &[], impact),
    text!(
        "indicators",
        "TTPs/IoCs",
        &["ttps", "iocs", "ttps / iocs", "signs of attacks"],
        indicators
    ),
    text!(
        "actions",
        "Recommended Actions",
        &["mitigation", "immediate actions", "remediation", "what to do"],
        actions
    ),
    part!(
        "exploited",
        "Known to be Actively Exploited?",
        &["exploited?", "known to be exploited", "actively exploited"],
        |said| said.exploited.to_string(),
        set_exploited
    ),
    text!("evidence", "Evidence", &[], evidence),
    part!("date", "Date Added", &["date"], show_date, set_date),
    part!("sources", "Source", &[], show_sources, set_sources),
    part!("references", "References", &["reference"], show_references, set_references),
    part!(
        "resources",
        "Resources & Notes",
        &["resources and notes"],
        |_| String::new(),
        set_resources
    ),
    text!("notes", "Notes", &[], notes),
    text!(
        "changes",
        "Changes",
        &["changes since the last version", "changes since last version"],
        changes
    ),
    part!("credits", "Credits", &["credit"], show_credits, set_credits),
    part!("timeline", "Timeline", &[], show_timeline, set_timeline),
    part!("tlp", "TLP", &[], |said| said.tlp.to_string(), |said, text| {
        said.tlp = read::tlp(&line(text)).map_err(str::to_owned)?;
        Ok(())
    }),
    part!(
        "told",
        "Told before",
        &["told before, in private"],
        |said| said.told_before.join(", "),
        |said, text| {
            said.told_before = listed(text);
            Ok(())
        }
    ),
    part!("public", "Public on", &[], show_public, set_public),
    text!("ai", "Use of AI", &["ai use"], ai),
];

/// Values behind commas or on lines of their own; "none" is none.
fn listed(text: &str) -> Vec<String> {
    let all = text.split([',', '\n']).map(word).filter(|one| !one.is_empty());
    all.filter(|one| !none(one)).collect()
}

pub(super) fn none(text: &str) -> bool {
    ["none", "none assigned", "n/a", "-"].iter().any(|none| text.trim().eq_ignore_ascii_case(none))
}

pub(super) fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    let bare = |text: &str| line(text.trim().strip_prefix("* ").unwrap_or(text));
    text.lines().map(bare).filter(|one| !one.is_empty() && !none(one))
}

fn set_ids(said: &mut Statement, text: &str) -> Result<(), String> {
    let split = text.split([',', ' ', '\n', ';']).map(str::trim).filter(|one| !one.is_empty());
    let words: Vec<&str> = if none(text) { Vec::new() } else { split.collect() };
    if let Some(odd) = words.iter().find(|one| !is_id(one) && read::cve(one).is_err()) {
        return Err(format!("\"{}\" is no id of a flaw. Write CVE-2026-12345.", shown(odd)));
    }
    let one = |id: &&str| read::cve(id).unwrap_or_else(|_| word(id));
    said.ids = words.iter().map(one).collect();
    Ok(())
}

pub(super) fn shown(text: &str) -> String {
    crate::mail::clean::cut(&line(text), 60)
}

fn show_severity(said: &Statement) -> String {
    said.severity.map(|severity| severity.to_string()).unwrap_or_default()
}

fn set_severity(said: &mut Statement, text: &str) -> Result<(), String> {
    let word = line(text).to_ascii_lowercase();
    said.severity = match word.as_str() {
        "" => None,
        word => Some(word.parse::<Severity>().map_err(|_| {
            "That is no severity. It is none, low, medium, high or critical.".to_owned()
        })?),
    };
    Ok(())
}

fn set_cvss(said: &mut Statement, text: &str) -> Result<(), String> {
    let vector = |text: String| read::cvss(&text).map(|rating| rating.vector);
    said.cvss = lines(text).map(vector).collect::<Result<_, _>>()?;
    Ok(())
}

fn set_cwe(said: &mut Statement, text: &str) -> Result<(), String> {
    let one = |text: String| read::cwe(&text).map_err(str::to_owned);
    said.cwe = listed(text).into_iter().map(one).collect::<Result<_, _>>()?;
    Ok(())
}

/// "yes. Seen by ..." says the evidence too.
fn set_exploited(said: &mut Statement, text: &str) -> Result<(), String> {
    let text = tidy(text);
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    said.exploited = match first.to_ascii_lowercase().as_str() {
        "yes" => Exploited::Yes,
        "no" => Exploited::No,
        "unknown" | "" => Exploited::Unknown,
        _ => {
            return Err("Exploited is yes, no or unknown. How we know stands behind it.".to_owned());
        }
    };
    let rest = rest.trim_start_matches(['.', ',', ':', ';', '-', ' ', '(']).trim();
    if !rest.is_empty() {
        said.evidence = tidy(rest);
    }
    Ok(())
}

fn show_date(said: &Statement) -> String {
    said.date.map(|date| date.to_string()).unwrap_or_default()
}

fn set_date(said: &mut Statement, text: &str) -> Result<(), String> {
    said.date = if line(text).is_empty() { None } else { Some(date(&line(text))?) };
    Ok(())
}

fn date(text: &str) -> Result<Date, String> {
    let wrong = |_| format!("\"{}\" is no day. Write 2026-06-03.", shown(text));
    text.parse::<Date>().map_err(wrong)
}

const SOURCE: &str = "That is no source. Write: list: oss-security; author: Fay Finder; \
                      date: 2026-06-03; id: <message-id>; archive: https://...";

fn show_sources(said: &Statement) -> String {
    let one = |one: &Source| {
        let id = one.message_id.as_ref().map(|id| format!("<{}>", id.as_str()));
        let fields = [
            ("list", Some(one.list.clone())),
            ("author", Some(one.author.clone())),
            ("date", one.date.map(|date| date.to_string())),
            ("id", id),
            ("archive", one.archive.clone()),
        ];
        let shown = fields.into_iter().filter_map(|(label, value)| Some((label, value?)));
        shown.map(|(label, value)| format!("{label}: {value}")).collect::<Vec<_>>().join("; ")
    };
    said.sources.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn set_sources(said: &mut Statement, text: &str) -> Result<(), String> {
    said.sources = lines(text).map(|line| source(&line)).collect::<Result<_, _>>()?;
    Ok(())
}

fn source(text: &str) -> Result<Source, String> {
    let mut source = Source::default();
    for field in text.split(';').filter(|field| !field.trim().is_empty()) {
        let (label, value) = field.split_once(':').ok_or(SOURCE)?;
        let value = word(value);
        match label.trim() {
            "list" => source.list = value,
            "author" => source.author = value,
            "date" => source.date = Some(date(&value)?),
            "id" => source.message_id = Some(message_id(&value)?),
            "archive" => source.archive = Some(value),
            _ => return Err(SOURCE.to_owned()),
        }
    }
    Ok(source)
}

fn message_id(text: &str) -> Result<MessageId, String> {
    let bare = text.trim_start_matches('<').trim_end_matches('>');
    MessageId::parse(bare).ok_or_else(|| SOURCE.to_owned())
}

fn show_references(said: &Statement) -> String {
    let one = |one: &Reference| format!("{}: {}", one.kind, one.url);
    said.references.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn set_references(said: &mut Statement, text: &str) -> Result<(), String> {
    said.references = lines(text).map(|line| reference(&line)).collect::<Result<_, _>>()?;
    Ok(())
}

/// `fix: https://...`, or the address alone.
fn reference(text: &str) -> Result<Reference, String> {
    let kind = |label: &str| label.trim().to_ascii_lowercase().parse::<ReferenceKind>().ok();
    let labelled = text.split_once(':').and_then(|(label, url)| Some((kind(label)?, url)));
    let (kind, url) = labelled.unwrap_or((ReferenceKind::Web, text));
    let url = url.trim();
    if !url.contains("://") || url.contains(' ') {
        return Err(format!(
            "\"{}\" is no reference. Write https://..., with advisory:, fix:, report:, article: \
             or evidence: before it.",
            shown(text)
        ));
    }
    Ok(Reference { kind, url: url.to_owned() })
}

/// As the notice has them together: what is a reference is one, the rest are notes.
fn set_resources(said: &mut Statement, text: &str) -> Result<(), String> {
    let bare = |text: &str| line(text.trim().strip_prefix("* ").unwrap_or(text));
    let (urls, notes): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|text| reference(&bare(text)).is_ok());
    said.notes = tidy(&notes.join("\n"));
    set_references(said, &urls.join("\n"))
}

fn show_credits(said: &Statement) -> String {
    let one = |one: &Credit| format!("{} ({})", one.name, one.role);
    said.credits.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn set_credits(said: &mut Statement, text: &str) -> Result<(), String> {
    said.credits = lines(text).map(|line| credit(&line)).collect();
    Ok(())
}

/// "Fay Finder, Finders Ltd (finder)"
fn credit(text: &str) -> Credit {
    let roled = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let (name, role) = roled.unwrap_or((text, ""));
    Credit { name: line(name), role: line(role) }
}

fn show_timeline(said: &Statement) -> String {
    let one = |one: &Dated| format!("{}: {}", one.day, one.what);
    said.timeline.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn set_timeline(said: &mut Statement, text: &str) -> Result<(), String> {
    let one = |text: String| {
        let end = text.find([':', ' ']).unwrap_or(text.len());
        let (day, what) = text.split_at(end);
        let what = line(what.strip_prefix(':').unwrap_or(what));
        date(day).map(|day| Dated { day, what })
    };
    said.timeline = lines(text).map(one).collect::<Result<_, _>>()?;
    Ok(())
}

fn show_public(said: &Statement) -> String {
    said.public_on.map(|at| at.to_string()).unwrap_or_default()
}

/// As RFC 3339 writes it, or `2026-06-03 14:00 UTC`.
fn set_public(said: &mut Statement, text: &str) -> Result<(), String> {
    let text = line(text);
    let bare = text.strip_suffix("UTC").unwrap_or(&text).trim();
    let civil = |text: &str| text.parse::<DateTime>().ok().filter(|_| text.contains(':'));
    let utc = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    said.public_on = match bare {
        "" => None,
        bare => Some(
            bare.parse::<Timestamp>()
                .ok()
                .or_else(|| utc(civil(bare)?))
                .ok_or("That is no day and time. Write 2026-06-03 14:00 UTC.")?,
        ),
    };
    Ok(())
}
