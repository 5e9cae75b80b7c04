//! What the standards ask for beyond their schemas, as far as it can go wrong in what we write.
//!
//! CSAF: the mandatory tests of its section 6.1, by number. OSV and CVE: the rules of their pages.

use super::{json, notice, sketch};
use serde_json::Value;
use sirt_gateway::case::{Format, purl};
use sirt_gateway::siren::format::document;
use sirt_gateway::siren::format::versions::is_commit;
use std::collections::{BTreeMap, BTreeSet};

fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    value.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn products<'a>(branches: &'a [Value], found: &mut Vec<(&'a Value, &'a Value)>) {
    for branch in branches {
        if let Some(product) = branch.get("product") {
            found.push((branch, product));
        }
        products(list(branch, "/branches"), found);
    }
}

/// Numbers of the mandatory tests that the document fails.
pub fn csaf(document: &Value) -> BTreeSet<&'static str> {
    let mut failed = BTreeSet::new();
    let mut fails = |number, wrong: bool| {
        if wrong {
            failed.insert(number);
        }
    };
    let mut all = Vec::new();
    products(list(document, "/product_tree/branches"), &mut all);
    let ids: Vec<&str> = all.iter().map(|(_, product)| text(product, "/product_id")).collect();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    fails("6.1.2", known.len() != ids.len());
    for (branch, product) in &all {
        let purl = text(product, "/product_identification_helper/purl");
        fails("6.1.13", !purl.is_empty() && purl::canonical(purl).is_none());
        let words = text(branch, "/name").to_lowercase();
        let mut words = words.split(|c: char| !c.is_ascii_alphanumeric() && !"<>=".contains(c));
        let range = |word: &str| {
            matches!(
                word,
                "<" | "<="
                    | ">"
                    | ">="
                    | "after"
                    | "all"
                    | "before"
                    | "earlier"
                    | "later"
                    | "prior"
                    | "versions"
            )
        };
        let whole = text(branch, "/category") == "product_version";
        fails("6.1.31", whole && (words.any(range) || text(branch, "/name").contains(['<', '>'])));
    }
    head(document, &mut fails);
    let mut cves = BTreeSet::new();
    for one in list(document, "/vulnerabilities") {
        let cve = text(one, "/cve");
        fails("6.1.23", !cve.is_empty() && !cves.insert(cve));
        flaw(one, &known, &mut fails);
    }
    fails("6.1.27.4", document.get("product_tree").is_none());
    fails("6.1.27.6", list(document, "/vulnerabilities").is_empty());
    failed
}

fn head(document: &Value, fails: &mut impl FnMut(&'static str, bool)) {
    let history = list(document, "/document/tracking/revision_history");
    let mut dated: Vec<(&str, u32)> = history
        .iter()
        .map(|one| (text(one, "/date"), text(one, "/number").parse().unwrap_or_default()))
        .collect();
    dated.sort();
    let numbers: Vec<u32> = dated.iter().map(|(_, number)| *number).collect();
    fails("6.1.14", !numbers.is_sorted());
    let version = text(document, "/document/tracking/version").parse().unwrap_or_default();
    fails("6.1.16", numbers.last() != Some(&version));
    fails("6.1.18", numbers.contains(&0));
    let unique: BTreeSet<u32> = numbers.iter().copied().collect();
    fails("6.1.22", unique.len() != numbers.len());
    let last = unique.last().copied().unwrap_or_default();
    fails("6.1.21", unique.len() != last as usize && !unique.contains(&0));
}

fn flaw(one: &Value, known: &BTreeSet<&str>, fails: &mut impl FnMut(&'static str, bool)) {
    let named =
        |path: &str| -> Vec<&str> { list(one, path).iter().filter_map(Value::as_str).collect() };
    let (affected, fixed) =
        (named("/product_status/known_affected"), named("/product_status/fixed"));
    fails("6.1.6", affected.iter().any(|id| fixed.contains(id)));
    fails("6.1.27.5", list(one, "/notes").is_empty());
    fails("6.1.27.8", one.get("product_status").is_none());
    let mut named: Vec<&str> = affected.iter().chain(&fixed).copied().collect();
    let mut scored: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for score in list(one, "/scores") {
        let (vector, base) =
            (text(score, "/cvss_v3/vectorString"), score.pointer("/cvss_v3/baseScore"));
        let right = vector.parse::<cvss::Cvss>().ok().map(|cvss| cvss.score());
        fails("6.1.9", right.is_none() || base.and_then(Value::as_f64) != right);
        for id in list(score, "/products").iter().filter_map(Value::as_str) {
            named.push(id);
            *scored.entry((id, text(score, "/cvss_v3/version"))).or_default() += 1;
        }
    }
    fails("6.1.7", scored.values().any(|times| *times > 1));
    for remedy in list(one, "/remediations") {
        let ids = list(remedy, "/product_ids");
        fails("6.1.29", ids.is_empty());
        named.extend(ids.iter().filter_map(Value::as_str));
    }
    fails("6.1.1", named.iter().any(|id| !known.contains(id)));
}

/// Rules of the OSV page that the document breaks.
pub fn osv(document: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let mut rule = |name: &str, kept: bool| {
        if !kept {
            broken.push(name.to_owned());
        }
    };
    for instant in ["modified", "published", "withdrawn"] {
        let value = document.get(instant);
        rule(instant, value.is_none_or(|value| value.as_str().is_some_and(|at| at.ends_with('Z'))));
    }
    rule("id", text(document, "/id").starts_with("x_"));
    for one in list(document, "/affected") {
        rule("severity twice", one.get("severity").is_none());
        let (ranges, versions) = (list(one, "/ranges"), list(one, "/versions"));
        rule("versions", !ranges.is_empty() || !versions.is_empty());
        for range in ranges {
            let events = list(range, "/events");
            let has = |name: &str| events.iter().any(|event| event.get(name).is_some());
            rule("introduced", has("introduced"));
            rule("fixed or last_affected", !(has("fixed") && has("last_affected")));
            let git = text(range, "/type") == "GIT";
            rule("repo", !git || range.get("repo").is_some());
            rule("package", git || one.get("package").is_some());
            let values =
                events.iter().filter_map(Value::as_object).flat_map(|event| event.values());
            let whole = values.filter_map(Value::as_str).all(|one| one == "0" || is_commit(one));
            rule("whole commits", !git || whole);
        }
    }
    broken
}

/// Rules of the CVE record format that the document breaks.
pub fn cve(record: &Value) -> Vec<String> {
    let cna = record.pointer("/containers/cna").unwrap_or(&Value::Null);
    let mut broken = Vec::new();
    let org = text(record, "/cveMetadata/assignerOrgId");
    let mut rule = |name: &str, kept: bool| {
        if !kept {
            broken.push(name.to_owned());
        }
    };
    rule("the same assigner", org == text(cna, "/providerMetadata/orgId"));
    let length = text(cna, "/descriptions/0/value").chars().count();
    rule("description", (1..=4096).contains(&length));
    rule("english", text(cna, "/descriptions/0/lang") == "en");
    rule("references", !list(cna, "/references").is_empty());
    rule("affected", !list(cna, "/affected").is_empty());
    for one in list(cna, "/affected") {
        rule("vendor", !text(one, "/vendor").is_empty() && !text(one, "/product").is_empty());
        rule("purl", text(one, "/packageURL").find(['@', '?', '#']).is_none());
        for version in list(one, "/versions") {
            let ends = ["lessThan", "lessThanOrEqual"];
            let ends = ends.iter().filter(|end| version.get(**end).is_some()).count();
            rule("one end", ends <= 1);
            rule("kind of a range", ends == 0 || version.get("versionType").is_some());
        }
    }
    broken
}

const HELPER: &str = concat!(
    "/product_tree/branches/0/branches/0/branches/0",
    "/product/product_identification_helper/purl"
);

/// Each test finds the fault that it is about: an oracle that says yes to all is none.
#[test]
fn the_rules_find_what_is_wrong() {
    let made = json(
        &document(Format::Csaf, &notice(&sketch("acme-archive")).expect("complete"))
            .expect("whole"),
    );
    assert_eq!(csaf(&made), BTreeSet::new());
    for (number, path, value) in [
        ("6.1.1", "/vulnerabilities/0/scores/0/products/0", Value::from("P99")),
        ("6.1.2", "/product_tree/branches/0/branches/0/branches/0/product/product_id", "P2".into()),
        ("6.1.6", "/vulnerabilities/0/product_status/fixed/0", "P1".into()),
        ("6.1.9", "/vulnerabilities/0/scores/0/cvss_v3/baseScore", 9.9.into()),
        ("6.1.13", HELPER, "pkg:x".into()),
        ("6.1.14", "/document/tracking/revision_history/0/date", "2026-07-01T00:00:00Z".into()),
        ("6.1.16", "/document/tracking/version", "7".into()),
        ("6.1.18", "/document/tracking/revision_history/0/number", "0".into()),
        ("6.1.21", "/document/tracking/revision_history/0/number", "2".into()),
        ("6.1.22", "/document/tracking/revision_history/0/number", "2".into()),
        ("6.1.27.5", "/vulnerabilities/0/notes", Value::Array(Vec::new())),
        ("6.1.29", "/vulnerabilities/0/remediations/0/product_ids", Value::Array(Vec::new())),
        ("6.1.31", "/product_tree/branches/0/branches/0/branches/1/name", "before 1.2.9".into()),
    ] {
        let mut broken = made.clone();
        *broken.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        // For whoever wants to hear what another validator says.
        let file = format!("{}/broken-{number}.json", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(file, broken.to_string()).expect("written");
        assert!(csaf(&broken).contains(number), "{number}: {:?}", csaf(&broken));
    }
}
