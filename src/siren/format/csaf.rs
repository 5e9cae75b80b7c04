//! CSAF 2.0: a security advisory of a coordinator. Numbers in comments are the standard's tests.

use super::common::{
    Software, credit_role, file_name, finding, first, is_cve, is_withdrawn, json_document, lines,
    ratings, software, word_of,
};
use super::cwe;
use super::versions::Span;
use super::{Document, Finding, Notice};
use crate::case::{NoticeKind, Statement, Tlp};
use serde_json::{Map, Value, json};

/// Types of purls that need a name and nothing else.
const PLAIN_TYPES: &[&str] = &[
    "alpm", "apk", "bitnami", "cargo", "deb", "gem", "generic", "golang", "hackage", "hex", "npm",
    "nuget", "pub", "pypi", "rpm",
];

pub(super) fn document(notice: &Notice) -> Result<Document, Vec<Finding>> {
    let statement = notice.statement();
    refuse(notice)?;
    let software = software(statement);
    let products = Products::of(&software);
    let mut document = json!({
        "document": head(notice),
        "product_tree": { "branches": products.branches(&software) },
        "vulnerabilities": [vulnerability(notice, &products, &software)],
    });
    drop_empty(&mut document);
    Ok(json_document(format!("{}.json", file_name(&notice.heading().id)), &document))
}

fn refuse(notice: &Notice) -> Result<(), Vec<Finding>> {
    let mut findings = Vec::new();
    if notice.publisher().namespace.is_none() {
        let what = "CSAF names its publisher by a web address of theirs. Set [siren] namespace.";
        findings.push(finding("CSAF", "", what));
    }
    if notice.statement().affected.is_empty() {
        let what = "CSAF is about products, and no package is named. Add one, or leave this form \
                    out.";
        findings.push(finding("CSAF", "affected", what));
    }
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn head(notice: &Notice) -> Value {
    let (heading, statement) = (notice.heading(), notice.statement());
    let publisher = notice.publisher();
    let title = statement.title.trim();
    let title = if is_withdrawn(notice) { format!("Withdrawn: {title}") } else { title.to_owned() };
    json!({
        "category": "csaf_security_advisory",
        "csaf_version": "2.0",
        "lang": "en",
        "title": title,
        "publisher": {
            "category": "coordinator",
            "name": publisher.name,
            "namespace": publisher.namespace,
            "contact_details": publisher.address.to_string(),
        },
        "aggregate_severity": statement.severity.map(|one| json!({ "text": word_of(one) })),
        "distribution": distribution(statement.tlp),
        "notes": document_notes(notice),
        "references": references(statement),
        "acknowledgments": acknowledgments(statement),
        "tracking": {
            "id": heading.id,
            "status": "final",
            "version": heading.version.to_string(),
            "initial_release_date": first(notice).to_string(),
            "current_release_date": heading.written.to_string(),
            "generator": {
                "date": heading.written.to_string(),
                "engine": { "name": "sirt-gateway", "version": env!("CARGO_PKG_VERSION") },
            },
            "revision_history": revisions(notice),
        },
    })
}

/// CSAF 2.0 knows the labels of TLP 1; ours stands in words beside them, the stricter ones too.
fn distribution(tlp: Tlp) -> Value {
    let label = match tlp {
        Tlp::Clear => "WHITE",
        Tlp::Green => "GREEN",
        Tlp::Amber | Tlp::AmberStrict => "AMBER",
        Tlp::Red => "RED",
    };
    json!({ "text": format!("{} (TLP 2.0)", tlp.label()), "tlp": { "label": label } })
}

/// Numbers without a gap, in order of time, the newest last and as the document itself (6.1.14,
/// 6.1.16, 6.1.21, 6.1.22).
fn revisions(notice: &Notice) -> Vec<Value> {
    let heading = notice.heading();
    let summary = |text: &str| {
        let text = text.trim();
        if text.is_empty() { "Published.".to_owned() } else { text.to_owned() }
    };
    let now = match heading.kind {
        NoticeKind::First => "First version.".to_owned(),
        NoticeKind::Withdrawal => format!("Withdrawn. {}", notice.statement().changes.trim()),
        _ => summary(&notice.statement().changes),
    };
    let earlier = heading.history.iter().map(|one| {
        let summary = summary(&one.summary);
        json!({ "number": one.version.to_string(), "date": one.at.to_string(), "summary": summary })
    });
    let number = heading.version.to_string();
    let last = json!({ "number": number, "date": heading.written.to_string(), "summary": now });
    earlier.chain([last]).collect()
}

fn document_notes(notice: &Notice) -> Vec<Value> {
    let statement = notice.statement();
    let mut notes = vec![note("general", "Kind of notice", &notice.heading().kind.to_string())];
    notes.push(note("general", "Changes since the last version", &statement.changes));
    notes.push(note("other", "Notes", &statement.notes));
    for (title, text) in lines(notice) {
        notes.push(note("other", title, &text));
    }
    if let Some(policy) = &notice.publisher().policy_url {
        notes.push(note("general", "Our promises and our key", policy));
    }
    notes.retain(|one| !one.is_null());
    notes
}

/// Null where there is nothing to say.
fn note(category: &str, title: &str, text: &str) -> Value {
    match text.trim() {
        "" => Value::Null,
        text => json!({ "category": category, "title": title, "text": text }),
    }
}

fn references(statement: &Statement) -> Vec<Value> {
    let said = statement.references.iter().map(|one| (one.kind.to_string(), one.url.as_str()));
    let posts = statement.sources.iter().filter_map(|source| {
        Some((format!("Post on {}", source.list), source.archive.as_deref()?))
    });
    let one = |(summary, url)| json!({ "category": "external", "summary": summary, "url": url });
    said.chain(posts).map(one).collect()
}

fn acknowledgments(statement: &Statement) -> Vec<Value> {
    let one = |credit: &crate::case::Credit| {
        let role = credit_role(&credit.role).unwrap_or("other");
        json!({ "names": [credit.name.trim()], "summary": role })
    };
    statement.credits.iter().map(one).collect()
}

/// Products with their ids, defined once and named wherever they are spoken of (6.1.1, 6.1.2).
struct Products {
    /// For each package: its ranges with their ids, and its fixed versions with theirs.
    ids: Vec<(Vec<String>, Vec<String>)>,
}

impl Products {
    fn of(software: &[Software<'_>]) -> Products {
        let mut last = 0_usize;
        let mut next = || {
            last += 1;
            format!("P{last}")
        };
        let mut ids = Vec::new();
        for one in software {
            let affected = one.spans.iter().map(|_| next()).collect();
            ids.push((affected, one.fixed.iter().map(|_| next()).collect()));
        }
        Products { ids }
    }

    fn affected(&self) -> Vec<&String> {
        self.ids.iter().flat_map(|(affected, _)| affected).collect()
    }

    fn fixed(&self) -> Vec<&String> {
        self.ids.iter().flat_map(|(_, fixed)| fixed).collect()
    }

    /// Vendors, their products, and the versions of those.
    fn branches(&self, software: &[Software<'_>]) -> Vec<Value> {
        let mut vendors: Vec<(&str, Vec<Value>)> = Vec::new();
        for (one, (affected, fixed)) in software.iter().zip(&self.ids) {
            let ranges = one.spans.iter().zip(affected).map(|(span, id)| range(one, span, id));
            let whole = one.fixed.iter().zip(fixed).map(|(version, id)| whole(one, version, id));
            let branches: Vec<Value> = ranges.chain(whole).collect();
            let product =
                json!({ "category": "product_name", "name": one.name, "branches": branches });
            match vendors.iter_mut().find(|(vendor, _)| *vendor == one.vendor) {
                Some((_, products)) => products.push(product),
                None => vendors.push((&one.vendor, vec![product])),
            }
        }
        let vendor =
            |(name, branches)| json!({ "category": "vendor", "name": name, "branches": branches });
        vendors.into_iter().map(vendor).collect()
    }
}

fn range(one: &Software<'_>, span: &Span, id: &str) -> Value {
    if let Span::One(version) = span {
        return whole(one, version, id);
    }
    json!({
        "category": "product_version_range",
        "name": vers(one, span),
        "product": {
            "product_id": id,
            "name": format!("{} {span}", one.package.trim()),
            "product_identification_helper": helper(one, None),
        },
    })
}

fn whole(one: &Software<'_>, version: &str, id: &str) -> Value {
    json!({
        "category": "product_version",
        "name": version,
        "product": {
            "product_id": id,
            "name": format!("{} {version}", one.package.trim()),
            "product_identification_helper": helper(one, Some(version)),
        },
    })
}

/// The purl, where it is whole by the rules of its type (6.1.13): some types have it name a
/// namespace or a version. Without it the package stands in the name alone.
fn helper(one: &Software<'_>, version: Option<&str>) -> Option<Value> {
    let (purl, kind) = (one.purl.as_ref()?, one.kind()?);
    let has_namespace =
        purl.trim_start_matches("pkg:").split(['?', '#']).next()?.split('/').count() > 2;
    let needs_namespace = matches!(kind, "composer" | "maven" | "github" | "githubactions");
    let whole = match kind {
        "swift" => has_namespace && version.is_some(),
        "cran" => version.is_some(),
        _ if needs_namespace => has_namespace,
        _ => PLAIN_TYPES.contains(&kind),
    };
    let full = version.map_or_else(|| purl.clone(), |version| with_version(purl, version));
    whole.then(|| json!({ "purl": full }))
}

/// The version stands before qualifiers and subpath.
fn with_version(purl: &str, version: &str) -> String {
    let at = purl.find(['?', '#']).unwrap_or(purl.len());
    let (name, rest) = purl.split_at_checked(at).unwrap_or((purl, ""));
    format!("{name}@{}{rest}", percent(version))
}

/// A range as `vers` writes it: the scheme, and the edges from low to high.
fn vers(one: &Software<'_>, span: &Span) -> String {
    let scheme = one.scheme.or(one.kind()).unwrap_or("generic").to_ascii_lowercase();
    let mut text = span.to_string();
    for version in span.named() {
        text = text.replace(version, &percent(version));
    }
    format!("vers:{scheme}/{text}")
}

fn percent(version: &str) -> String {
    version.replace('+', "%2B")
}

fn vulnerability(notice: &Notice, products: &Products, software: &[Software<'_>]) -> Value {
    let statement = notice.statement();
    // One CVE id has a field of its own, and stands in one vulnerability only (6.1.23).
    let cve = statement.ids.iter().find(|id| is_cve(id));
    let others = statement.ids.iter().filter(|id| Some(*id) != cve);
    let others: Vec<Value> = others
        .map(|id| {
            let system = id.split(['-', '#']).next().unwrap_or_default();
            json!({ "system_name": system, "text": id })
        })
        .collect();
    let weakness = statement.cwe.first();
    let weakness = weakness.map(|id| json!({ "id": id, "name": cwe::name(id) }));
    json!({
        "title": statement.title.trim(),
        "cve": cve,
        "cwe": weakness,
        "ids": others,
        "notes": notes(statement),
        "product_status": {
            "known_affected": products.affected(), "fixed": products.fixed(),
        },
        "scores": scores(statement, products),
        "threats": threats(statement),
        "remediations": remediations(statement, products, software),
    })
}

fn notes(statement: &Statement) -> Vec<Value> {
    let mut notes = vec![
        note("description", "Description", &statement.description),
        note("details", "TTPs and indicators", &statement.indicators),
    ];
    for id in statement.cwe.iter().skip(1) {
        let name = cwe::name(id).unwrap_or_default();
        notes.push(note("other", "Further weakness", &format!("{id}: {name}")));
    }
    // Only scores of CVSS 2 and 3 have a field here.
    for rating in ratings(statement).iter().filter(|one| !is_three(&one.vector)) {
        let text = format!("{} (base score {:.1})", rating.vector, rating.base);
        notes.push(note("other", "CVSS 4.0", &text));
    }
    notes.retain(|one| !one.is_null());
    notes
}

fn is_three(vector: &str) -> bool {
    vector.starts_with("CVSS:3")
}

/// One score of one generation for all products (6.1.7), as its vector computes (6.1.9).
fn scores(statement: &Statement, products: &Products) -> Vec<Value> {
    let ratings = ratings(statement);
    let three = ratings.iter().filter(|one| is_three(&one.vector)).take(1);
    let score = three.map(|rating| {
        let version = if rating.vector.starts_with("CVSS:3.0") { "3.0" } else { "3.1" };
        let score = json!({
            "version": version, "vectorString": rating.vector, "baseScore": rating.base,
            "baseSeverity": word_of(rating.severity),
        });
        json!({ "cvss_v3": score, "products": products.affected() })
    });
    score.collect()
}

fn threats(statement: &Statement) -> Vec<Value> {
    let threat = |category: &str, details: String| -> Value {
        let details = details.trim();
        json!({ "category": category, "details": details })
    };
    let known = format!("Known to be exploited: {}. {}", statement.exploited, statement.evidence);
    let mut threats = vec![threat("exploit_status", known)];
    if !statement.impact.trim().is_empty() {
        threats.push(threat("impact", statement.impact.clone()));
    }
    threats
}

/// What to do, for the products it is for (6.1.29): those with a fixed version, and the others.
fn remediations(
    statement: &Statement,
    products: &Products,
    software: &[Software<'_>],
) -> Vec<Value> {
    let of = |with_fix: bool| -> Vec<&String> {
        let those = software.iter().zip(&products.ids);
        let those = those.filter(|(one, _)| one.fixed.is_empty() != with_fix);
        those.flat_map(|(_, (affected, _))| affected).collect()
    };
    let groups = [("vendor_fix", of(true)), ("mitigation", of(false))];
    let groups = groups.into_iter().filter(|(_, products)| !products.is_empty());
    let details = statement.actions.trim();
    groups
        .map(|(category, products)| {
            json!({ "category": category, "details": details, "product_ids": products })
        })
        .collect()
}

/// An empty list, or null, is no value in CSAF.
fn drop_empty(value: &mut Value) {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(drop_empty);
            let kept: Map<String, Value> =
                std::mem::take(fields).into_iter().filter(|(_, value)| !empty(value)).collect();
            *fields = kept;
        }
        Value::Array(list) => list.iter_mut().for_each(drop_empty),
        _ => {}
    }
}
