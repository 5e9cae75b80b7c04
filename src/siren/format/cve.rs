//! A CVE record, format 5.2: what we give to whoever assigns the id.

use super::common::{
    Software, credit_role, file_name, finding, is_cve, is_withdrawn, json_document, midnight,
    ratings, software, the_rest, word_of,
};
use super::cwe;
use super::versions::{Span, is_commit};
use super::{Document, Finding, Notice};
use crate::case::{ReferenceKind, Statement};
use serde_json::{Map, Value, json};

const VERSION: &str = "5.2.0";
/// Characters of one text, and of the title, in the record format.
const TEXT_CHARS: usize = 4_096;
const TITLE_CHARS: usize = 256;
/// Parts with a field of their own here.
const SPOKEN: &[&str] = &[
    "title",
    "affected",
    "cvss",
    "cwe",
    "description",
    "actions",
    "credits",
    "timeline",
    "references",
];

pub(super) fn document(notice: &Notice) -> Result<Document, Vec<Finding>> {
    let statement = notice.statement();
    let (cve, org) = refuse(notice)?;
    let mut cna = json!({
        "providerMetadata": { "orgId": org },
        "title": statement.title.trim(),
        "descriptions": texts(&statement.description),
        "affected": software(statement).iter().map(affected).collect::<Vec<Value>>(),
        "references": references(statement),
        "x_notice": rest(notice, cve),
    });
    if let Value::Object(fields) = &mut cna {
        more(notice, fields);
    }
    let record = json!({
        "dataType": "CVE_RECORD",
        "dataVersion": VERSION,
        "cveMetadata": { "cveId": cve, "assignerOrgId": org, "state": "PUBLISHED" },
        "containers": { "cna": cna },
    });
    Ok(json_document(format!("{}.cve.json", file_name(cve)), &record))
}

fn refuse(notice: &Notice) -> Result<(&str, &str), Vec<Finding>> {
    let (statement, publisher) = (notice.statement(), notice.publisher());
    let mut findings = Vec::new();
    let mut refuse = |part, what: &str| findings.push(finding("CVE", part, what));
    let cves: Vec<&String> = statement.ids.iter().filter(|id| is_cve(id)).collect();
    if cves.len() != 1 {
        let what = "A CVE record is about exactly one CVE id. Name the one it is for.";
        refuse("ids", what);
    }
    if publisher.cve_org.is_none() {
        refuse("", "A CVE record names its assigner by UUID. Set [siren] cve_org.");
    }
    if statement.affected.is_empty() {
        refuse("affected", "A CVE record names what is affected. Name a package and its versions.");
    }
    if references(statement).is_empty() {
        refuse("references", "A CVE record has at least one public link. Add one.");
    }
    if statement.title.trim().chars().count() > TITLE_CHARS {
        refuse("title", "The title is too long for a CVE record: 256 characters.");
    }
    let longest = [("description", &statement.description), ("actions", &statement.actions)];
    for (part, text) in longest {
        if text.trim().chars().count() > TEXT_CHARS {
            refuse(part, "It is too long for a CVE record: 4096 characters.");
        }
    }
    if exploits(statement).chars().count() > TEXT_CHARS {
        refuse("evidence", "It is too long for a CVE record: 4096 characters.");
    }
    if statement.timeline.iter().any(|one| one.what.chars().count() > TEXT_CHARS) {
        refuse("timeline", "A day has too many words for a CVE record: 4096 characters.");
    }
    if is_withdrawn(notice) {
        let what = "To take back our notice does not reject its CVE id. Ask whoever assigned \
                    that.";
        refuse("", what);
    }
    for one in software(statement) {
        for span in one.spans.iter().filter(|span| opens_above(span)) {
            let what = format!(
                "A CVE record cannot say {span} of {}. Write the first affected version.",
                one.name
            );
            refuse("affected", &what);
        }
    }
    match (cves.as_slice(), &publisher.cve_org, findings.is_empty()) {
        ([cve], Some(org), true) => Ok((cve, org)),
        _ => Err(findings),
    }
}

fn opens_above(span: &Span) -> bool {
    matches!(span, Span::Between { low: Some(low), .. } if !low.included)
}

fn texts(text: &str) -> Value {
    json!([{ "lang": "en", "value": text.trim() }])
}

/// Fields that are left out where they would be empty.
fn more(notice: &Notice, fields: &mut Map<String, Value>) {
    let statement = notice.statement();
    let weaknesses = statement.cwe.iter().map(|id| {
        let words = format!("{id} {}", cwe::name(id).unwrap_or_default());
        let one = json!({ "lang": "en", "type": "CWE", "cweId": id, "description": words });
        json!({ "descriptions": [one] })
    });
    let credits = statement.credits.iter().map(|credit| {
        let role = credit_role(&credit.role).unwrap_or("other");
        json!({ "lang": "en", "value": credit.name.trim(), "type": role })
    });
    let days = statement
        .timeline
        .iter()
        .map(|one| json!({ "time": midnight(one.day), "lang": "en", "value": one.what.trim() }));
    let lists: [(&str, Vec<Value>); 4] = [
        ("problemTypes", weaknesses.collect()),
        ("metrics", metrics(statement)),
        ("credits", unique(credits)),
        ("timeline", unique(days)),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        fields.insert(name.to_owned(), Value::Array(list));
    }
    fields.insert("solutions".to_owned(), texts(&statement.actions));
    fields.insert("exploits".to_owned(), texts(&exploits(statement)));
    if let Some(at) = statement.public_on {
        fields.insert("datePublic".to_owned(), json!(at.to_string()));
    }
}

fn exploits(statement: &Statement) -> String {
    let words = format!("Known to be exploited: {}. {}", statement.exploited, statement.evidence);
    words.trim().to_owned()
}

/// Lists of the record format hold nothing twice.
fn unique(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut list = Vec::new();
    for value in values {
        if !list.contains(&value) {
            list.push(value);
        }
    }
    list
}

fn rest(notice: &Notice, cve: &str) -> Value {
    let mut rest = the_rest(notice, SPOKEN);
    let others: Vec<&String> = notice.statement().ids.iter().filter(|id| *id != cve).collect();
    if let Value::Object(rest) = &mut rest {
        rest.insert("ids".to_owned(), json!(others));
    }
    rest
}

fn metrics(statement: &Statement) -> Vec<Value> {
    let metric = |rating: &crate::case::values::Rating| {
        let (field, version) = match rating.vector.get(..8) {
            Some("CVSS:3.0") => ("cvssV3_0", "3.0"),
            Some("CVSS:3.1") => ("cvssV3_1", "3.1"),
            _ => ("cvssV4_0", "4.0"),
        };
        json!({ "format": "CVSS", field: {
            "version": version, "vectorString": rating.vector, "baseScore": rating.base,
            "baseSeverity": word_of(rating.severity),
        }})
    };
    ratings(statement).iter().map(metric).collect()
}

/// A link once; what kind it is stands in its name, and as a tag where there is one.
fn references(statement: &Statement) -> Vec<Value> {
    let tag = |kind| match kind {
        ReferenceKind::Fix => Some("patch"),
        ReferenceKind::Report => Some("issue-tracking"),
        ReferenceKind::Advisory => Some("third-party-advisory"),
        ReferenceKind::Article | ReferenceKind::Evidence | ReferenceKind::Web => None,
    };
    let said = statement.references.iter();
    let said = said.map(|one| (one.url.as_str(), one.kind.to_string(), tag(one.kind)));
    let posts = statement.sources.iter().filter_map(|source| source.archive.as_deref());
    let posts = posts.map(|url| (url, "post".to_owned(), Some("mailing-list")));
    let mut urls: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for (url, name, tag) in said.chain(posts) {
        if urls.contains(&url) {
            continue;
        }
        urls.push(url);
        let mut one = json!({ "url": url, "name": name });
        if let Some(tag) = tag {
            one["tags"] = json!([tag]);
        }
        all.push(one);
    }
    all
}

fn affected(one: &Software<'_>) -> Value {
    let mut entry = json!({
        "vendor": one.vendor, "product": one.name, "defaultStatus": "unaffected",
        "versions": versions(one),
    });
    // A package URL without what only one download of it is about.
    if let Some(purl) = &one.purl {
        let end = purl.find(['?', '#']).unwrap_or(purl.len());
        entry["packageURL"] = json!(purl.get(..end));
    }
    if let Some(repo) = one.repo {
        entry["repo"] = json!(repo);
    }
    entry
}

fn versions(one: &Software<'_>) -> Vec<Value> {
    let affected = one.spans.iter().map(|span| version(one, span));
    let fixed = one.fixed.iter().map(|fixed| json!({ "version": fixed, "status": "unaffected" }));
    unique(affected.chain(fixed))
}

/// Without a lower edge it begins at "0", without an upper one it ends at "*".
fn version(one: &Software<'_>, span: &Span) -> Value {
    let (low, high) = match span {
        Span::One(version) => return json!({ "version": version, "status": "affected" }),
        Span::All => (None, None),
        Span::Between { low, high } => (low.as_ref(), high.as_ref()),
    };
    let scheme = match one.scheme {
        _ if span.named().into_iter().any(is_commit) => "git",
        Some(scheme) => scheme,
        None if one.is_semver() => "semver",
        None => "custom",
    };
    let low = low.map_or("0", |low| low.version.as_str());
    let mut entry = json!({ "version": low, "status": "affected", "versionType": scheme });
    match high {
        Some(high) if !high.included => entry["lessThan"] = json!(high.version),
        Some(high) => entry["lessThanOrEqual"] = json!(high.version),
        None => entry["lessThanOrEqual"] = json!("*"),
    }
    entry
}
