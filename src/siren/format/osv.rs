//! OSV, as its schema 1.7 has it.

use super::common::{
    Software, finding, first, is_withdrawn, json_document, ratings, sections, software, the_rest,
};
use super::common::{credit_role, file_name};
use super::versions::{Edge, Span};
use super::{Document, Finding, Notice};
use crate::case::{ReferenceKind, Statement, purl};
use serde_json::{Map, Value, json};

const SCHEMA: &str = "1.7.5";
/// Databases whose ids need no `x_` before them; a closed list.
const DATABASES: &[&str] = &[
    "ASB-A",
    "PUB-A",
    "ALPINE",
    "ALSA",
    "ALBA",
    "ALEA",
    "BELL",
    "BIT",
    "CGA",
    "CLEANSTART",
    "CURL",
    "CVE",
    "DEBIAN",
    "DHI",
    "DRUPAL",
    "DSA",
    "DLA",
    "ELA",
    "DTSA",
    "ECHO",
    "EEF",
    "FreeBSD",
    "GHSA",
    "GO",
    "GSD",
    "HSEC",
    "JLSEC",
    "KUBE",
    "LBSEC",
    "LSN",
    "MAL",
    "MINI",
    "MGASA",
    "OESA",
    "OSEC",
    "OSV",
    "openSUSE-SU",
    "PHSA",
    "PSF",
    "PYSEC",
    "RHBA",
    "RHEA",
    "RHSA",
    "RLSA",
    "RXSA",
    "RSEC",
    "ROOT",
    "RUSTSEC",
    "UBUNTU",
    "USN",
    "V8",
];
/// Ids of these name the flaw itself; those of others (a distribution's advisory) what was said
/// or done about it.
const SAME_FLAW: &[&str] = &[
    "CVE", "GHSA", "GO", "GSD", "HSEC", "JLSEC", "KUBE", "LBSEC", "MAL", "OSEC", "OSV", "PSF",
    "PYSEC", "RSEC", "RUSTSEC", "CURL", "EEF", "V8",
];
/// Type of a purl, and the ecosystem that its packages are in.
const ECOSYSTEMS: &[(&str, &str)] = &[
    ("bioconductor", "Bioconductor"),
    ("bitnami", "Bitnami"),
    ("cargo", "crates.io"),
    ("composer", "Packagist"),
    ("conan", "ConanCenter"),
    ("cran", "CRAN"),
    ("gem", "RubyGems"),
    ("githubactions", "GitHub Actions"),
    ("golang", "Go"),
    ("hackage", "Hackage"),
    ("hex", "Hex"),
    ("julia", "Julia"),
    ("maven", "Maven"),
    ("npm", "npm"),
    ("nuget", "NuGet"),
    ("opam", "opam"),
    ("pub", "Pub"),
    ("pypi", "PyPI"),
    ("swift", "SwiftURL"),
];
/// Parts with a field of their own here.
const SPOKEN: &[&str] = &[
    "title",
    "ids",
    "affected",
    "cvss",
    "description",
    "impact",
    "indicators",
    "actions",
    "evidence",
    "credits",
    "references",
    "cwe",
    "changes",
    "notes",
];

pub(super) fn document(notice: &Notice) -> Result<Document, Vec<Finding>> {
    let (heading, statement) = (notice.heading(), notice.statement());
    let affected = affected(statement)?;
    let mut document = json!({
        "schema_version": SCHEMA,
        "id": id(&heading.id),
        "modified": heading.written.to_string(),
        "published": first(notice).to_string(),
        "summary": statement.title.trim(),
        "details": details(statement),
        "affected": affected,
        "database_specific": specific(notice),
    });
    if let Value::Object(fields) = &mut document {
        more(notice, fields);
    }
    Ok(json_document(format!("{}.osv.json", file_name(&heading.id)), &document))
}

/// Fields that are left out where they would be empty.
fn more(notice: &Notice, fields: &mut Map<String, Value>) {
    let statement = notice.statement();
    let (aliases, related): (Vec<&String>, Vec<&String>) =
        statement.ids.iter().partition(|id| begins_with(SAME_FLAW, id));
    let severity = ratings(statement).into_iter().map(|rating| {
        let kind = if rating.vector.starts_with("CVSS:4") { "CVSS_V4" } else { "CVSS_V3" };
        json!({ "type": kind, "score": rating.vector })
    });
    let credits = statement.credits.iter().map(|credit| {
        let role = credit_role(&credit.role).unwrap_or("other");
        let role = role.to_ascii_uppercase().replace(' ', "_");
        json!({ "name": credit.name.trim(), "type": role })
    });
    let lists = [
        ("aliases", aliases.into_iter().map(|id| json!(id)).collect::<Vec<Value>>()),
        ("related", related.into_iter().map(|id| json!(id)).collect()),
        ("severity", severity.collect()),
        ("references", references(statement)),
        ("credits", credits.collect()),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        fields.insert(name.to_owned(), Value::Array(list));
    }
    if is_withdrawn(notice) {
        fields.insert("withdrawn".to_owned(), json!(notice.heading().written.to_string()));
    }
}

fn id(id: &str) -> String {
    if begins_with(DATABASES, id) { id.to_owned() } else { format!("x_{id}") }
}

fn begins_with(names: &[&str], id: &str) -> bool {
    names.iter().any(|name| id.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')))
}

/// Markdown, as the field is read.
fn details(statement: &Statement) -> String {
    let mut details = statement.description.trim().to_owned();
    for (heading, text) in sections(statement).into_iter().skip(1) {
        details.push_str(&format!("\n\n## {heading}\n\n{}", text.trim()));
    }
    details
}

fn specific(notice: &Notice) -> Value {
    let mut rest = the_rest(notice, SPOKEN);
    if let Value::Object(rest) = &mut rest
        && !notice.statement().cwe.is_empty()
    {
        rest.insert("cwe_ids".to_owned(), json!(notice.statement().cwe));
    }
    rest
}

fn references(statement: &Statement) -> Vec<Value> {
    let kind = |kind| match kind {
        ReferenceKind::Advisory => "ADVISORY",
        ReferenceKind::Fix => "FIX",
        ReferenceKind::Report => "REPORT",
        ReferenceKind::Article => "ARTICLE",
        ReferenceKind::Evidence => "EVIDENCE",
        ReferenceKind::Web => "WEB",
    };
    let said = statement.references.iter().map(|one| (kind(one.kind), one.url.as_str()));
    let posts = statement.sources.iter().filter_map(|one| one.archive.as_deref());
    let mut all: Vec<Value> = Vec::new();
    for (kind, url) in said.chain(posts.map(|url| ("DISCUSSION", url))) {
        let one = json!({ "type": kind, "url": url });
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn affected(statement: &Statement) -> Result<Vec<Value>, Vec<Finding>> {
    let (mut all, mut findings) = (Vec::new(), Vec::new());
    for one in software(statement) {
        match package(&one) {
            Ok(entry) => all.push(entry),
            Err(why) => findings.extend(why),
        }
    }
    if statement.affected.is_empty() {
        let what = "OSV describes flaws of packages, and no package is named. Add one, or leave \
                    this form out.";
        findings.push(finding("OSV", "affected", what));
    }
    if findings.is_empty() { Ok(all) } else { Err(findings) }
}

fn package(one: &Software<'_>) -> Result<Value, Vec<Finding>> {
    let ecosystem = ecosystem(one);
    let (commits, spans): (Vec<&Span>, Vec<&Span>) =
        one.spans.iter().partition(|span| span.of_commits());
    let mut findings = Vec::new();
    let mut refuse = |what: String| findings.push(finding("OSV", "affected", what));
    if !commits.is_empty() && one.repo.is_none() {
        refuse(format!("{} has commits and no repository. Name its git link.", one.package));
    }
    if ecosystem.is_none() && (commits.is_empty() || !spans.is_empty()) {
        refuse(format!(
            "OSV knows no ecosystem for {}. Give a package URL of one, as pkg:pypi/acme, or the \
             git link with whole commit ids.",
            one.package
        ));
    }
    let open = |span: &&Span| matches!(span, Span::Between { low: Some(low), .. } if !low.included);
    for span in one.spans.iter().filter(|span| open(span)) {
        refuse(format!("OSV cannot say {span} of {}. Write the first affected version.", one.name));
    }
    let no_semver = one.kind() == Some("golang") && !one.is_semver();
    if no_semver && !spans.is_empty() {
        refuse(format!(
            "Versions of {} are written 1.2.3 in OSV, with all three numbers and without v.",
            one.package
        ));
    }
    if findings.is_empty() { Ok(entry(one, ecosystem, (&commits, &spans))) } else { Err(findings) }
}

fn entry(
    one: &Software<'_>,
    ecosystem: Option<(String, String)>,
    (commits, spans): (&[&Span], &[&Span]),
) -> Value {
    let mut entry = Map::new();
    if let Some((ecosystem, name)) = ecosystem {
        let package = json!({ "ecosystem": ecosystem, "name": name, "purl": one.purl });
        entry.insert("package".to_owned(), package);
    }
    let kind = if one.is_semver() { "SEMVER" } else { "ECOSYSTEM" };
    let mut ranges: Vec<Value> = spans.iter().filter_map(|span| range(kind, span)).collect();
    for span in commits {
        if let Some(mut range) = range("GIT", span) {
            range["repo"] = json!(one.repo);
            ranges.push(range);
        }
    }
    if !ranges.is_empty() {
        entry.insert("ranges".to_owned(), Value::Array(ranges));
    }
    let named = spans.iter().filter_map(|span| match span {
        Span::One(version) => Some(version),
        _ => None,
    });
    let named: Vec<&String> = named.collect();
    if !named.is_empty() {
        entry.insert("versions".to_owned(), json!(named));
    }
    let mut specific = Map::from_iter([("package".to_owned(), json!(one.package))]);
    if !one.fixed.is_empty() {
        specific.insert("fixed".to_owned(), json!(one.fixed));
    }
    for (name, value) in [("scheme", one.scheme), ("repo", one.repo)] {
        specific.extend(value.map(|value| (name.to_owned(), json!(value))));
    }
    entry.insert("database_specific".to_owned(), Value::Object(specific));
    Value::Object(entry)
}

/// Events: an upper edge that belongs to it is `last_affected`, one that does not is `fixed`.
fn range(kind: &str, span: &Span) -> Option<Value> {
    let introduced =
        |low: Option<&Edge>| json!({ "introduced": low.map_or("0", |low| &low.version) });
    let events = match span {
        Span::All => vec![introduced(None)],
        // A commit cannot stand in a list of versions.
        Span::One(commit) if kind == "GIT" => {
            vec![json!({ "introduced": commit }), json!({ "last_affected": commit })]
        }
        Span::One(_) => return None,
        Span::Between { low, high } => {
            let end = high.as_ref().map(|high| {
                let event = if high.included { "last_affected" } else { "fixed" };
                json!({ event: high.version })
            });
            [introduced(low.as_ref())].into_iter().chain(end).collect()
        }
    };
    Some(json!({ "type": kind, "events": events }))
}

/// The ecosystem, and the name that the package has in it.
fn ecosystem(one: &Software<'_>) -> Option<(String, String)> {
    let (kind, path) = purl::parts(one.package)?;
    if kind == "deb" {
        return debian(one.package, &path);
    }
    let (_, ecosystem) = ECOSYSTEMS.iter().find(|(known, _)| *known == kind)?;
    let name = match kind.as_str() {
        "maven" => path.join(":"),
        "swift" => format!("https://{}", path.join("/")),
        "pypi" => path.join("/").to_ascii_lowercase().replace(['_', '.'], "-"),
        _ => path.join("/"),
    };
    Some(((*ecosystem).to_owned(), name))
}

/// Source packages of Debian, of one release where the purl names its number.
fn debian(package: &str, path: &[String]) -> Option<(String, String)> {
    let [space, name] = path else { return None };
    let release = purl::qualifier(package, "distro").unwrap_or_default();
    let number = release.trim_start_matches("debian-").split('.').next().unwrap_or_default();
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let suffix = if numbered { format!(":{number}") } else { String::new() };
    (space.eq_ignore_ascii_case("debian")).then(|| (format!("Debian{suffix}"), name.clone()))
}
