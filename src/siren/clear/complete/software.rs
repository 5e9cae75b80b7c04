//! Packages and versions: readable, and none of them affected and fixed at once.

use super::Findings;
use crate::case::{Affected, Statement, purl};
use crate::limits::{LINE_CHARS, NOTICE_ROWS, VALUE_CHARS};
use crate::mail::clean;
use crate::siren::format::versions::{Span, is_version};

pub(super) fn look(statement: &Statement, findings: &mut Findings) {
    for affected in &statement.affected {
        package(affected, findings);
        let (spans, wrong) = spans(affected);
        for why in wrong {
            findings.add("VERSIONS", "affected", why);
        }
        if affected.versions.is_empty() {
            let what = format!(
                "It does not say which versions of {} are affected. Write <1.6.3, \
                 >=1.4.0|<1.6.3, 1.4, or * for all.",
                shown(&affected.package)
            );
            findings.add("VERSIONS", "affected", what);
        }
        fixed(affected, findings);
        contradicted(statement, affected, &spans, findings);
    }
}

fn package(affected: &Affected, findings: &mut Findings) {
    let name = affected.package.trim();
    let is_purl = name.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("pkg:"));
    let wrong = match purl::canonical(name) {
        Some((_, Some(_))) => Some("names a version, and versions stand beside it"),
        Some((_, None)) if name.len() > VALUE_CHARS => Some("is too long"),
        Some((_, None)) => None,
        None if is_purl => Some("is no package URL, as pkg:npm/left-pad is one"),
        None if name.is_empty() => Some("is empty"),
        None if name.chars().count() > VALUE_CHARS => Some("is too long"),
        None if clean::line(name) != name => Some("holds characters that cannot be seen"),
        None => None,
    };
    if let Some(why) = wrong {
        let what = format!("The package \"{}\" {why}. Name it anew.", shown(name));
        findings.add("PACKAGE", "affected", what);
    }
    let fits = |text: &str| {
        !text.is_empty() && text.len() <= 32 && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if affected.scheme.as_ref().is_some_and(|scheme| !fits(scheme)) {
        let what = "The scheme of versions is one word, as semver or pypi. Write it, or none.";
        findings.add("VERSIONS", "affected", what);
    }
    if affected.repo.as_ref().is_some_and(|repo| !super::values::is_public_link(repo)) {
        let what = "The repository is no public link. Write one that begins with https://.";
        findings.add("LINK", "affected", what);
    }
    if affected.versions.len().max(affected.fixed.len()) > NOTICE_ROWS {
        let what = format!("More than {NOTICE_ROWS} versions of one package. Write ranges.");
        findings.add("LENGTH", "affected", what);
    }
}

fn spans(affected: &Affected) -> (Vec<Span>, Vec<String>) {
    let (mut spans, mut wrong) = (Vec::new(), Vec::new());
    for text in affected.versions.iter().take(NOTICE_ROWS) {
        match Span::parse(text) {
            Ok(span) => spans.push(span),
            Err(why) => wrong.push(why),
        }
    }
    (spans, wrong)
}

fn fixed(affected: &Affected, findings: &mut Findings) {
    for version in affected.fixed.iter().filter(|version| !is_version(version.trim())) {
        let what = format!(
            "\"{}\" is no version that is fixed. Write one version, as 1.6.3.",
            shown(version)
        );
        findings.add("VERSIONS", "affected", what);
    }
}

/// Looked at over all entries of the same package, since somebody may have named it twice.
fn contradicted(
    statement: &Statement,
    affected: &Affected,
    spans: &[Span],
    findings: &mut Findings,
) {
    let same = statement.affected.iter().filter(|one| key(&one.package) == key(&affected.package));
    for version in same.flat_map(|one| &one.fixed).take(NOTICE_ROWS) {
        let Some(span) = spans.iter().find(|span| span.contains(version.trim()) == Some(true))
        else {
            continue;
        };
        let what = format!(
            "{} of {} is said to be fixed, and affected as {span}. Write ranges that end before \
             what is fixed.",
            shown(version),
            shown(&affected.package)
        );
        findings.add("CONTRADICTION", "affected", what);
    }
}

fn key(package: &str) -> String {
    purl::canonical(package).map_or_else(|| package.trim().to_lowercase(), |(purl, _)| purl)
}

fn shown(text: &str) -> String {
    clean::cut(&clean::line(text), LINE_CHARS)
}
