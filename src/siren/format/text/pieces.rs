//! What the texts for all lists share.

use super::Said;
use super::ascii::plain_text;
use super::layout::Page;
use crate::case::{Affected, Exploited, NoticeKind, Reference, ReferenceKind, Source};
use sha2::{Digest, Sha256};

/// An empty text below its label.
pub fn begin(said: &Said<'_>) -> Page {
    let mut page = Page::default();
    page.line(&said.said.tlp.label()).gap();
    page
}

/// Who says it, and the label once more.
pub fn end(mut page: Page, said: &Said<'_>) -> String {
    contact(&mut page, said);
    page.gap().line(&said.said.tlp.label());
    page.finish()
}

fn contact(page: &mut Page, said: &Said<'_>) {
    let publisher = said.publisher;
    let (name, _) = plain_text(&publisher.name);
    page.gap().line("Contact:").line(&format!("{name}, {}", publisher.address.as_str()));
    if let Some(url) = &publisher.policy_url {
        page.line(&format!("Our key and our policy: {url}"));
    }
    let (id, version) = (&said.heading.id, said.heading.version);
    page.line(&format!("Please name {id} version {version} when you write to us."));
}

/// What this text is to the ones before it, in words that stand alone in any view of the thread.
pub fn supersedes(page: &mut Page, said: &Said<'_>) {
    let heading = said.heading;
    let Some(last) = heading.history.last() else { return };
    let (id, version) = (&heading.id, heading.version);
    let before = format!("version {} of {}", last.version, last.at.strftime("%Y-%m-%d"));
    let words = match heading.kind {
        NoticeKind::Withdrawal => format!(
            "WITHDRAWN. {id} is taken back, all versions of it. Do not act on {before} any more."
        ),
        NoticeKind::Correction => format!(
            "CORRECTION. This is version {version} of {id}. Something in {before} was wrong: do \
             not act on that any more, this text replaces it."
        ),
        _ => format!(
            "UPDATE. This is version {version} of {id}. More is known: this text replaces {before}."
        ),
    };
    page.gap().line(&words);
    let why = match heading.kind {
        NoticeKind::Withdrawal => "Why it is withdrawn",
        _ => "Changes since the last version",
    };
    page.part(why, &said.said.changes);
    let posts: Vec<String> = heading.history.iter().filter_map(posted).collect();
    page.items("Earlier versions, by their Message-ID", &posts);
}

fn posted(earlier: &crate::case::Revision) -> Option<String> {
    let id = earlier.message_id.as_ref()?;
    Some(format!("version {}: <{}>", earlier.version, id.as_str()))
}

/// For a Subject: nothing for a first version.
pub fn mark(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::First => "",
        NoticeKind::Update => "UPDATE",
        NoticeKind::Correction => "CORRECTION",
        NoticeKind::Withdrawal => "WITHDRAWN",
    }
}

/// The first two ids and how many more; empty where there is none.
pub fn short_ids(ids: &[String]) -> String {
    let shown: Vec<&str> = ids.iter().take(2).map(String::as_str).collect();
    match ids.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

pub fn ids(ids: &[String]) -> String {
    if ids.is_empty() { "none assigned".to_owned() } else { ids.join(", ") }
}

pub fn affected(all: &[Affected]) -> Vec<String> {
    all.iter().map(|one| listed(one, &one.versions, "versions not known")).collect()
}

/// Where it is mended; for each package that nobody has mended, that.
pub fn fixed(all: &[Affected]) -> Vec<String> {
    all.iter().map(|one| listed(one, &one.fixed, "no fixed version is known")).collect()
}

fn listed(one: &Affected, versions: &[String], none: &str) -> String {
    let words: Vec<String> = versions.iter().map(|version| in_words(version)).collect();
    let words = if words.is_empty() { none.to_owned() } else { words.join("; ") };
    let repo = one.repo.as_ref().filter(|_| versions.is_empty());
    let repo = repo.map(|repo| format!(" ({repo})")).unwrap_or_default();
    format!("{}: {words}{repo}", package(&one.package))
}

/// The name people know it by, and the purl where there is one.
fn package(package: &str) -> String {
    let Some(rest) = package.strip_prefix("pkg:") else { return package.to_owned() };
    let bare = rest.split(['?', '#', '@']).next().unwrap_or(rest);
    let name = bare.split_once('/').map_or(bare, |(_, name)| name);
    match name.contains('%') {
        true => package.to_owned(),
        false => format!("{name} ({package})"),
    }
}

/// `>=1.4.0|<1.6.3` as people say it.
pub fn in_words(versions: &str) -> String {
    let parts: Vec<&str> = versions.split('|').map(str::trim).filter(|p| !p.is_empty()).collect();
    match parts.as_slice() {
        [] | ["*"] => "all versions".to_owned(),
        parts => parts.iter().map(|part| bound(part)).collect::<Vec<_>>().join(", "),
    }
}

fn bound(part: &str) -> String {
    let after = |sign: &str| part.strip_prefix(sign).map(str::trim);
    if let Some(version) = after(">=") {
        return format!("{version} and later");
    }
    if let Some(version) = after("<=") {
        return format!("up to and including {version}");
    }
    if let Some(version) = after("!=") {
        return format!("but not {version}");
    }
    if let Some(version) = after(">") {
        return format!("later than {version}");
    }
    if let Some(version) = after("<") {
        return format!("before {version}");
    }
    after("=").unwrap_or(part).to_owned()
}

/// "yes. Seen in attacks on ..."
pub fn exploited(said: &Said<'_>) -> String {
    let word = match said.said.exploited {
        Exploited::Yes => "yes",
        Exploited::No => "no",
        Exploited::Unknown => "unknown",
    };
    let evidence = said.said.evidence.trim();
    if evidence.is_empty() { word.to_owned() } else { format!("{word}. {evidence}") }
}

/// Severity, vectors and weaknesses, each on its line.
pub fn severity(said: &Said<'_>) -> Vec<String> {
    let severity = said.said.severity.map(|severity| severity.to_string());
    severity.into_iter().chain(said.said.cvss.clone()).chain(said.said.cwe.clone()).collect()
}

pub fn credits(said: &Said<'_>) -> Vec<String> {
    let credit = |one: &crate::case::Credit| match one.role.as_str() {
        "" => one.name.clone(),
        role => format!("{} ({role})", one.name),
    };
    said.said.credits.iter().map(credit).collect()
}

pub fn timeline(said: &Said<'_>) -> Vec<String> {
    said.said.timeline.iter().map(|one| format!("{}: {}", one.day, one.what)).collect()
}

pub fn references(said: &Said<'_>) -> Vec<String> {
    said.said.references.iter().map(reference).collect()
}

fn reference(one: &Reference) -> String {
    let kind = match one.kind {
        ReferenceKind::Advisory => "Advisory",
        ReferenceKind::Fix => "Fix",
        ReferenceKind::Report => "Report",
        ReferenceKind::Article => "Article",
        ReferenceKind::Evidence => "Evidence",
        ReferenceKind::Web => return one.url.clone(),
    };
    format!("{kind}: {}", one.url)
}

/// The posts of others that it passes on: who said it, where, and how to find it again.
pub fn sources(said: &Said<'_>) -> Vec<String> {
    said.said.sources.iter().map(source).collect()
}

fn source(one: &Source) -> String {
    let by = if one.author.is_empty() { "someone" } else { &one.author };
    let date = one.date.map(|date| format!(", {date}")).unwrap_or_default();
    let id = one.message_id.iter().map(|id| format!(", Message-ID: <{}>", id.as_str()));
    // Last, so that nothing behind it looks like a part of it.
    let archive = one.archive.iter().map(|url| format!(", at {url}")).collect::<String>();
    format!("{}: post by {by}{date}{}{archive}", one.list, id.collect::<String>())
}

/// What is attached, with the digest it can be checked by.
pub fn files(said: &Said<'_>) -> Vec<String> {
    said.files.iter().map(|file| format!("{} SHA-256: {}", file.name, sha256(&file.text))).collect()
}

/// As `sha256sum` prints it.
fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_said_as_people_say_them() {
        assert_eq!(in_words(">=1.4.0|<1.6.3"), "1.4.0 and later, before 1.6.3");
        assert_eq!(in_words("<=2.1"), "up to and including 2.1");
        assert_eq!(in_words("1.4"), "1.4");
        assert_eq!(in_words("*"), "all versions");
        assert_eq!(package("pkg:pypi/acme-archive"), "acme-archive (pkg:pypi/acme-archive)");
        assert_eq!(package("pkg:npm/%40acme/tar"), "pkg:npm/%40acme/tar");
    }

    #[test]
    fn a_digest_is_the_one_that_sha256sum_prints() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(""), empty);
    }
}
