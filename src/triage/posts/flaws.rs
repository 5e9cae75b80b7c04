//! Ids of flaws and advisories in a post, lists and spans of them written out; and which of them
//! the post is about.

use super::own::Own;
use crate::limits::{EXTRACTED, ID_SPAN, MENTIONS};
use crate::triage::extract::{Placed, each_once, ids, plain};
use crate::triage::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// "CVE-2024-1234, -1235 and -1236", "CVE-2024-1234/1235", "CVE-2024-{1234,1235}".
static MORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:\s{0,2}(?:,\s{0,2}(?:and\s+|or\s+)?|/\s?|&\s?|\s+and\s+|\s+or\s+|\+\s?|;\s?)",
        r"(-|[0-9]{4}-)?([0-9]{4,7}))(?:(?u:[^0-9A-Za-z.:-])|-?$|[.,:)-](?:\s|$)|$)",
    ))
});
static BRACES: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\bCVE-([0-9]{4})-[{\[(]([0-9]{4,7}(?:[,|/ ]{1,2}[0-9]{4,7})+)"));
static SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\bCVE-([0-9]{4})-([0-9]{4,7})\s*(?:-|--|to|through|thru|until|\.{2,3})\s*",
        r"(?:(?:CVE-)?([0-9]{4})-|-)?([0-9]{4,7})\b",
    ))
});
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^[\s>*#|-]*(?:CVE(?:[ -]?(?:id|ids|identifiers?|names?|numbers?))?(?:\(s\))?",
        r"|advisory(?: id)?|ids?|identifiers?|aliases)\s*[:=|]",
        r"|\b(?:assigned|allocated|identified as|tracked as|registered as|has the (?:id",
        r"|identifier))",
        r"|\bxen security advisory\b|\bsecurity advisory\b[ -~]*[0-9]",
    ))
});

/// Ids of flaws in a text, with their places. Weaknesses, ratings and commits are none.
pub fn find(text: &str) -> Vec<Placed> {
    let mut found: Vec<Placed> =
        ids::find(text).into_iter().filter(|(_, id)| names_a_flaw(id)).collect();
    let mut more = Vec::new();
    for (at, id) in found.iter().filter(|(_, id)| id.starts_with("CVE-")) {
        // An id that a line break parts is whole already; nothing is read behind it.
        if text.get(*at..*at + id.len()).is_some_and(|raw| raw.eq_ignore_ascii_case(id)) {
            continued(text, *at, &mut more);
        }
    }
    braces(text, &mut more);
    spans(text, &mut more);
    found.extend(more);
    found.sort();
    found
}

fn names_a_flaw(id: &str) -> bool {
    const OTHER: [&str; 3] = ["CWE-", "CVSS:", "AV:"];
    let commit = id.bytes().all(|b| b.is_ascii_hexdigit());
    let zero = id.strip_prefix("CVE-").is_some_and(|rest| rest.ends_with("-0000"));
    !commit && !zero && !OTHER.iter().any(|other| id.starts_with(other))
}

/// What goes on behind one CVE id with its numbers alone.
fn continued(text: &str, at: usize, more: &mut Vec<Placed>) {
    let Some(look) = MORE.as_ref() else { return };
    let rest = text.get(at..).unwrap_or_default();
    let digits = |c: char| c.is_ascii_digit();
    let Some(first) = rest.get(9..).and_then(|tail| tail.find(|c: char| !digits(c))) else {
        return;
    };
    let mut end = at + 9 + first;
    let mut length = first;
    for _ in 0..ID_SPAN {
        let Some(hit) = text.get(end..).and_then(|rest| look.captures(rest)) else { return };
        let (Some(whole), Some(number)) = (hit.get(0), hit.get(2)) else { return };
        let lead = hit.get(1).map(|lead| lead.as_str());
        let slash = whole.as_str().trim_start().starts_with('/');
        let like_it = number.as_str().len().abs_diff(length) == 0 && !is_year(number.as_str());
        if lead.is_none() && !slash && !like_it {
            return;
        }
        let year = lead.and_then(|lead| lead.strip_suffix('-')).filter(|y| !y.is_empty());
        let year = year.unwrap_or_else(|| text.get(at + 4..at + 8).unwrap_or_default());
        more.push((end + number.start(), format!("CVE-{year}-{}", number.as_str())));
        length = number.as_str().len();
        end += number.end();
    }
}

fn is_year(number: &str) -> bool {
    number.parse().is_ok_and(|year: u32| (1990..2100).contains(&year))
}

fn braces(text: &str, more: &mut Vec<Placed>) {
    let Some(look) = BRACES.as_ref() else { return };
    for hit in look.captures_iter(text).take(MENTIONS) {
        let (Some(year), Some(numbers)) = (hit.get(1), hit.get(2)) else { continue };
        let each = numbers.as_str().split(|c: char| !c.is_ascii_digit()).filter(|n| n.len() >= 4);
        more.extend(each.map(|n| (numbers.start(), format!("CVE-{}-{n}", year.as_str()))));
    }
}

/// "CVE-2024-1001 through CVE-2024-1009".
fn spans(text: &str, more: &mut Vec<Placed>) {
    let Some(look) = SPAN.as_ref() else { return };
    for hit in look.captures_iter(text).take(MENTIONS) {
        let part = |n: usize| hit.get(n).map(|part| part.as_str());
        let number = |n: usize| part(n).and_then(|part| part.parse::<u64>().ok());
        let (Some(year), Some(low), Some(high)) = (part(1), number(2), number(4)) else { continue };
        let same_year = part(3).is_none_or(|other| other == year);
        let width = part(2).map_or(4, str::len);
        if same_year && high > low && high - low <= ID_SPAN {
            let at = hit.get(0).map_or(0, |whole| whole.start());
            more.extend((low..=high).map(|n| (at, format!("CVE-{year}-{n:0width$}"))));
        }
    }
}

/// Every id of a post in order of the text, Subject first; and those that it is about.
pub fn of(own: &Own) -> (Vec<String>, Vec<String>) {
    let head = plain(&own.subject).into_owned();
    let text = plain(&own.text).into_owned();
    let (in_subject, in_text) = (find(&head), find(&text));
    let mut all: Vec<Placed> = in_subject.clone();
    all.extend(in_text.iter().map(|(at, id)| (head.len() + 1 + at, id.clone())));
    let mut about: Vec<String> = in_subject.into_iter().map(|(_, id)| id).collect();
    let own_news = announced(&text, &in_text);
    if !own.answers || about.is_empty() {
        about.extend(own_news);
    }
    if about.is_empty() {
        about.extend(in_text.first().map(|(_, id)| id.clone()));
    }
    let mut seen = std::collections::BTreeSet::new();
    about.retain(|id| seen.insert(id.clone()));
    about.truncate(EXTRACTED);
    (each_once(all), about)
}

/// Ids at the head of a line, behind a label, or assigned: of their own, not in passing.
fn announced(text: &str, found: &[Placed]) -> Vec<String> {
    let Some(label) = LABEL.as_ref() else { return Vec::new() };
    let (mut out, mut start, mut labelled) = (Vec::new(), 0, false);
    let mut ids = found.iter().peekable();
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let goes_on = labelled && line.starts_with([' ', '\t']);
        labelled = goes_on || label.is_match(line);
        let lead = line.trim_start_matches([' ', '\t', '*', '#', '-', '[', '(', '=', '|', '>']);
        while let Some((at, id)) = ids.next_if(|(at, _)| *at < end) {
            let heads = at.saturating_sub(start) <= line.len() - lead.len();
            if labelled || heads && !lead.starts_with("http") {
                out.push(id.clone());
            }
        }
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        each_once(find(text))
    }

    #[test]
    fn lists_and_spans() {
        let two = ["CVE-2026-10001", "CVE-2026-10002"];
        for text in [
            "CVE-2026-10001, -10002",
            "CVE-2026-10001 and CVE-2026-10002.",
            "CVE-2026-10001/10002:",
            "CVE-2026-10001/CVE-2026-10002",
            "CVE-2026-10001, 2026-10002",
            "CVE-2026-10001, 10002 fixed",
            "CVE-2026-{10001,10002}",
            "CVE-2026-10001 to CVE-2026-10002",
            "CVE-2026-10001 and -10002 (both)",
            "CVE-2026-\n10001 and\nCVE-2026-10002",
        ] {
            assert_eq!(found(text), two, "{text}");
        }
        let four = found("CVE-2026-1001 through CVE-2026-1004, 2026-12-01");
        assert_eq!(four.len(), 4, "{four:?}");
        assert_eq!(found("CVE-2026-1001, -1002, and -1003").len(), 3);
    }

    #[test]
    fn what_goes_on_is_not_always_an_id() {
        for text in [
            "CVE-2026-1001, 2026 was long",
            "CVE-2026-10001 and 4096 bytes",
            "CVE-2026-10001, 2026-12-01",
            "CVE-2026-10001 - 2026 in short",
            "CVE-2026-10001 and 1.2.3",
        ] {
            assert_eq!(found(text).len(), 1, "{text}: {:?}", found(text));
        }
        assert!(found("CWE-79 CVE-2026-0000 a94a8fe5ccb19ba61c4c0873d391e987982fbbd3").is_empty());
    }

    #[test]
    fn about_is_what_is_announced() {
        let own = |subject: &str, text: &str| Own {
            subject: subject.to_owned(),
            text: text.to_owned(),
            ..Own::default()
        };
        let text = "This is like CVE-2020-10009.\nCVE ID: CVE-2026-10002\n";
        let (all, about) = of(&own("CVE-2026-10001: x", text));
        assert_eq!(all, ["CVE-2026-10001", "CVE-2020-10009", "CVE-2026-10002"]);
        assert_eq!(about, ["CVE-2026-10001", "CVE-2026-10002"]);
        assert_eq!(of(&own("x", "see CVE-2026-10001")).1, ["CVE-2026-10001"]);
    }
}
