//! What a post says that those before it about the same did not.

use crate::case::{Observed, Series, Severity};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum News {
    Exploited,
    Malicious,
    /// Withdrawn, corrected: something said before no longer holds.
    TakenBack,
    /// More versions affected, as constraints.
    Affected(Vec<String>),
    Fixed(Vec<String>),
    Severity(Severity),
    /// More flaws, by their ids.
    Flaws(Vec<String>),
    /// Another version of an advisory, not seen yet.
    Version(u32),
}

impl News {
    /// What users have to do may have changed with it.
    pub fn changes_actions(&self) -> bool {
        !matches!(self, News::Version(_) | News::Flaws(_))
    }

    /// It counts whoever says it.
    pub fn is_grave(&self) -> bool {
        matches!(self, News::Exploited | News::Malicious)
    }

    pub fn sentence(&self) -> String {
        match self {
            News::Exploited => "It tells of exploitation for the first time.".to_owned(),
            News::Malicious => "It tells of malicious code for the first time.".to_owned(),
            News::TakenBack => "It takes back or corrects what was said.".to_owned(),
            News::Affected(what) => format!("Affected, not said before: {}.", what.join(", ")),
            News::Fixed(what) => format!("Fixed, not said before: {}.", what.join(", ")),
            News::Severity(severity) => format!("The severity is now {severity}."),
            News::Flaws(ids) => format!("It adds {}.", ids.join(", ")),
            News::Version(version) => format!("It is version {version} of the advisory."),
        }
    }
}

/// The gravest first. A rating given for the first time is none: nobody acts otherwise for it.
pub(super) fn beyond(post: &Observed, said: &[&Observed]) -> Vec<News> {
    let never = |told: fn(&Observed) -> bool| told(post) && !said.iter().any(|one| told(one));
    let mut news = Vec::new();
    if never(|post| post.exploited.is_some()) {
        news.push(News::Exploited);
    }
    if never(|post| post.malicious.is_some()) {
        news.push(News::Malicious);
    }
    if never(|post| post.takes_back) {
        news.push(News::TakenBack);
    }
    let more = |of: fn(&Observed) -> &[String]| unsaid(of(post), said.iter().map(|one| of(one)));
    let found = [
        (more(|post| &post.affected), News::Affected as fn(Vec<String>) -> News),
        (more(|post| &post.fixed), News::Fixed),
        (more_flaws(post, said), News::Flaws),
    ];
    let found = found.into_iter().filter(|(what, _)| !what.is_empty());
    news.extend(found.map(|(what, kind)| kind(what)));
    news.extend(raised(post, said).map(News::Severity));
    news.extend(another_version(post, said).map(News::Version));
    news
}

/// The constraints that nobody gave, however they were spaced.
fn unsaid<'a>(what: &[String], said: impl Iterator<Item = &'a [String]>) -> Vec<String> {
    let known: BTreeSet<String> = said.flatten().map(|text| plain(text)).collect();
    what.iter().filter(|text| !known.contains(&plain(text))).cloned().collect()
}

/// `< v1.2.3` and `<1.2.3` are one.
fn plain(text: &str) -> String {
    let lower: String = text.to_lowercase().split_whitespace().collect();
    let bare = |part: &str| {
        let digits = part.trim_start_matches(['<', '>', '=']);
        let (sign, _) = part.split_at(part.len() - digits.len());
        let number = digits.strip_prefix('v').filter(|rest| rest.starts_with(char::is_numeric));
        format!("{sign}{}", number.unwrap_or(digits))
    };
    lower.split('|').map(bare).collect::<Vec<_>>().join("|")
}

/// Ids of a scheme that stood there before: another name for the same flaw is no other flaw.
fn more_flaws(post: &Observed, said: &[&Observed]) -> Vec<String> {
    let scheme = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
    let known: BTreeSet<&String> = said.iter().flat_map(|one| &one.about).collect();
    let schemes: BTreeSet<String> = known.iter().map(|id| scheme(id)).collect();
    let new = post.about.iter().filter(|id| !known.contains(id));
    new.filter(|id| schemes.is_empty() || schemes.contains(&scheme(id))).cloned().collect()
}

fn raised(post: &Observed, said: &[&Observed]) -> Option<Severity> {
    let highest = said.iter().filter_map(|one| one.severity).max()?;
    post.severity.filter(|severity| *severity > highest)
}

fn another_version(post: &Observed, said: &[&Observed]) -> Option<u32> {
    let series = post.series.as_ref()?;
    let of_it = |other: &&Series| other.name.eq_ignore_ascii_case(&series.name);
    let known: BTreeSet<u32> = said
        .iter()
        .filter_map(|one| one.series.as_ref())
        .filter(of_it)
        .map(|s| s.version)
        .collect();
    (!known.is_empty() && !known.contains(&series.version)).then_some(series.version)
}
