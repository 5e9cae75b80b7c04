//! The statement, taken from a case or from a post seen on a list, and edited by members.
//!
//! A draft holds what a member said or a post says, and guesses nothing: what nobody has said
//! stays empty, and the lint says so. Nobody outside is named who has not agreed to it.

mod edit;
mod packages;
mod parts;
mod values;

pub use edit::{edit, edit_part, sheet};
pub use values::is_id;

use crate::case::facts::{Fact, Facts};
use crate::case::{
    Affected, Case, Consent, Credit, Dated, Exploited, KnownFact, Matter, Observed, PostKind,
    Reference, ReferenceKind, SeenPost, Source, Statement, values as read,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What the case knows, as a first statement; what nobody has said yet stays empty.
pub fn from_case(case: &Case, date: Date) -> Statement {
    let cvss = values(case, Matter::Cvss);
    let rated = || cvss.iter().find_map(|vector| read::cvss(vector).ok());
    let (exploited, evidence) = exploited(&case.facts);
    Statement {
        title: title(case),
        ids: values(case, Matter::Cve),
        affected: affected(case),
        severity: case.severity.or_else(|| rated().map(|rating| rating.severity)),
        cwe: values(case, Matter::Cwe),
        exploited,
        evidence,
        credits: credits(case),
        timeline: timeline(case),
        date: Some(date),
        tlp: case.tlp,
        public_on: case.embargo.ends(),
        cvss,
        ..Statement::default()
    }
}

/// The title a member gave it. The one it was opened with is the finder's own Subject.
fn title(case: &Case) -> String {
    if case.title == case.subject {
        return String::new();
    }
    values::without_ids(&case.title)
}

fn known(case: &Case, what: Matter) -> impl Iterator<Item = &KnownFact> {
    case.known.iter().filter(move |one| one.what == what)
}

fn values(case: &Case, what: Matter) -> Vec<String> {
    known(case, what).map(|one| values::tidy(&one.value)).collect()
}

fn affected(case: &Case) -> Vec<Affected> {
    let mut all: Vec<Affected> = Vec::new();
    let both = known(case, Matter::Affects).chain(known(case, Matter::Fixed));
    for one in both {
        let package = values::word(&one.value);
        let at = all.iter().position(|other| other.package == package).unwrap_or(all.len());
        if at == all.len() {
            all.push(Affected { package, ..Affected::default() });
        }
        let Some(entry) = all.get_mut(at) else { continue };
        match one.what {
            Matter::Fixed => entry.fixed = values::versions(&one.detail),
            _ => entry.versions = values::versions(&one.detail),
        }
    }
    all
}

/// Claims of one member are no evidence.
fn exploited(facts: &Facts) -> (Exploited, String) {
    match facts.get(&Fact::Attacks).filter(|known| known.confirmed) {
        Some(known) => (Exploited::Yes, values::tidy(&known.source)),
        None => (Exploited::Unknown, String::new()),
    }
}

/// Only with their consent on record, and never the words about somebody else who gave none.
fn credits(case: &Case) -> Vec<Credit> {
    let agreed = |one: &&crate::case::Participant| one.consents.contains(&Consent::Credit);
    if !case.participants.iter().any(|one| agreed(&one)) {
        return Vec::new();
    }
    let silent = |words: &str| {
        let mut others = case.participants.iter().filter(|one| !agreed(one));
        others.any(|one| !one.name.is_empty() && words.contains(&one.name))
    };
    let words = values(case, Matter::Credit).into_iter().filter(|words| !silent(words));
    words.map(|name| Credit { name, role: "finder".to_owned() }).collect()
}

fn timeline(case: &Case) -> Vec<Dated> {
    let said = |fact: &Fact| match fact {
        Fact::VendorAware => "The maintainers were told.",
        Fact::FixReady => "A fix was ready.",
        Fact::FixDeployed => "The fix was released.",
        Fact::Public => "It became public.",
        Fact::Exploit => "A way to exploit it was published.",
        Fact::Attacks => "First known attacks.",
    };
    let facts = case.facts.iter().filter(|(_, known)| known.confirmed);
    let facts = facts.map(|(fact, known)| (known.at, said(fact)));
    let mut all: Vec<(Timestamp, &str)> =
        std::iter::once((case.opened, "It was reported to us.")).chain(facts).collect();
    all.sort_by_key(|(at, _)| *at);
    all.iter().map(|(at, what)| Dated { day: day(*at), what: (*what).to_owned() }).collect()
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// What a post said, passed on with its provenance.
pub fn from_post(seen: &SeenPost, date: Date) -> Statement {
    let post = &seen.post;
    let (affected, notes) = of_post(post);
    let source = Source {
        list: values::word(&seen.list),
        author: values::word(&post.author),
        date: post.posted.map(day),
        message_id: post.message_id.clone(),
        archive: post.archive.as_deref().map(values::word),
    };
    Statement {
        title: values::without_ids(&post.subject),
        ids: ids(post),
        affected,
        severity: post.severity,
        cvss: post.cvss.iter().filter_map(|one| read::cvss(one).ok()).map(|r| r.vector).collect(),
        description: description(post),
        exploited: if post.exploited.is_some() { Exploited::Yes } else { Exploited::Unknown },
        evidence: evidence(post, &source),
        references: post.archive.iter().map(|url| archive(post.kind, url)).collect(),
        sources: vec![source],
        notes,
        date: Some(date),
        ..Statement::default()
    }
}

/// CVE first, then what others call it.
fn ids(post: &Observed) -> Vec<String> {
    let all = if post.about.is_empty() { &post.ids } else { &post.about };
    let mut ids: Vec<String> = all.iter().map(|id| values::word(id)).collect();
    ids.sort_by_key(|id| !id.starts_with("CVE-"));
    ids
}

/// Which versions belong to which of several packages a post does not tell: they become a note.
fn of_post(post: &Observed) -> (Vec<Affected>, String) {
    let clean = |all: &[String]| all.iter().map(|one| values::word(one)).collect::<Vec<_>>();
    let (versions, fixed) = (clean(&post.affected), clean(&post.fixed));
    let package = |name: &String| Affected { package: values::word(name), ..Affected::default() };
    let mut all: Vec<Affected> = post.packages.iter().map(package).collect();
    if let [one] = all.as_mut_slice() {
        (one.versions, one.fixed) = (versions, fixed);
        return (all, String::new());
    }
    let named = [("Affected versions", versions), ("Fixed versions", fixed)];
    let notes = named.iter().filter(|(_, versions)| !versions.is_empty());
    let notes = notes
        .map(|(what, versions)| format!("{what} that the post names: {}.", versions.join(", ")));
    (all, notes.collect::<Vec<_>>().join("\n\n"))
}

fn description(post: &Observed) -> String {
    let malicious = post.malicious.iter().filter(|words| !post.gist.contains(words.as_str()));
    let all = std::iter::once(&post.gist).chain(malicious).filter(|words| !words.is_empty());
    values::tidy(&all.cloned().collect::<Vec<_>>().join("\n\n"))
}

fn evidence(post: &Observed, source: &Source) -> String {
    let Some(sentence) = &post.exploited else { return String::new() };
    let on = source.date.map(|date| format!(" on {date}")).unwrap_or_default();
    values::tidy(&format!("A post to {}{on} says: \"{}\"", source.list, sentence.trim()))
}

fn archive(kind: PostKind, url: &str) -> Reference {
    let kind = match kind {
        PostKind::Advisory | PostKind::Update => ReferenceKind::Advisory,
        _ => ReferenceKind::Web,
    };
    Reference { kind, url: values::word(url) }
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
