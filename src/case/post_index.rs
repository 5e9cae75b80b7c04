//! Where to look for posts that may say the same: by thread, flaw, series, subject and text.
//!
//! All of it follows from the posts themselves, in the order of their numbers. Every look-up is
//! bounded: whoever floods a list with one id or one phrase makes nobody wait.

use super::{Observed, Series};
use crate::limits::{ALIASES, POSTS_A_PHRASE, POSTS_ALIKE, POSTS_LOOKED_UP, PRINT_BAND};
use crate::mail::MessageId;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(super) struct PostIndex {
    by_thread: BTreeMap<MessageId, Vec<u32>>,
    by_about: BTreeMap<String, Vec<u32>>,
    by_series: BTreeMap<String, Vec<u32>>,
    by_subject: BTreeMap<String, Vec<u32>>,
    by_print: BTreeSet<(u64, u32)>,
    aliases: BTreeMap<String, BTreeSet<String>>,
}

impl PostIndex {
    pub fn add(&mut self, number: u32, post: &Observed) {
        for id in BTreeSet::from([post.thread.first(), post.thread.last()]).into_iter().flatten() {
            self.by_thread.entry(id.clone()).or_default().push(number);
        }
        if post.kind.announces() {
            self.learn_aliases(&post.about);
            for id in &post.about {
                self.by_about.entry(id.clone()).or_default().push(number);
            }
            if let Some(series) = &post.series {
                self.by_series.entry(series_key(series)).or_default().push(number);
            }
        }
        let subject = subject_key(&post.subject);
        if !subject.is_empty() {
            self.by_subject.entry(subject).or_default().push(number);
        }
        self.by_print.extend(post.print.iter().take(PRINT_BAND).map(|hash| (*hash, number)));
    }

    /// Posts that answer this one or pass it on.
    pub fn in_thread(&self, root: &MessageId) -> Vec<u32> {
        ends(self.by_thread.get(root))
    }

    /// Advisories about this flaw under any of its names.
    pub fn about(&self, id: &str) -> Vec<u32> {
        let names = self.names_of(id);
        names.iter().flat_map(|name| ends(self.by_about.get(name))).collect()
    }

    pub fn of_series(&self, series: &Series) -> Vec<u32> {
        ends(self.by_series.get(&series_key(series)))
    }

    pub fn of_subject(&self, subject: &str) -> Vec<u32> {
        ends(self.by_subject.get(&subject_key(subject)))
    }

    /// Posts that share words with this text, those that share most of them first.
    pub fn like(&self, print: &[u64]) -> Vec<u32> {
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        for hash in print.iter().take(PRINT_BAND) {
            let with = self.by_print.range((*hash, 0)..=(*hash, u32::MAX)).rev();
            for (_, number) in with.take(POSTS_A_PHRASE) {
                *shared.entry(*number).or_default() += 1;
            }
        }
        let mut numbers: Vec<u32> = shared.keys().copied().collect();
        numbers.sort_by_key(|number| std::cmp::Reverse(shared.get(number).copied()));
        numbers.truncate(POSTS_ALIKE);
        numbers
    }

    /// The flaw's names, this one too: what one advisory called by two names is one flaw.
    pub fn names_of(&self, id: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::from([id.to_owned()]);
        let mut open = vec![id.to_owned()];
        while let Some(name) = open.pop() {
            for other in self.aliases.get(&name).into_iter().flatten() {
                if names.len() < ALIASES && names.insert(other.clone()) {
                    open.push(other.clone());
                }
            }
        }
        names
    }

    /// All names of the one flaw that these ids name; None where they may name several.
    ///
    /// One of each scheme name one flaw: two CVEs beside one GHSA say not which of them it is.
    /// What would make two of one scheme the same flaw is not believed.
    pub fn one_flaw(&self, ids: &[String]) -> Option<BTreeSet<String>> {
        let flaws = ids.iter().filter(|id| names_flaw(id));
        let known: BTreeSet<String> =
            flaws.take(ALIASES).flat_map(|id| self.names_of(id)).collect();
        let schemes: BTreeSet<&str> = known.iter().map(|id| scheme(id)).collect();
        let is_one = !known.is_empty() && schemes.len() == known.len() && known.len() < ALIASES;
        is_one.then_some(known)
    }

    fn learn_aliases(&mut self, about: &[String]) {
        let flaws: Vec<&String> = about.iter().filter(|id| names_flaw(id)).collect();
        if flaws.len() < 2 || self.one_flaw(about).is_none() {
            return;
        }
        for id in &flaws {
            let others = flaws.iter().filter(|other| other != &id).map(|other| (*other).clone());
            self.aliases.entry((*id).clone()).or_default().extend(others);
        }
    }
}

/// A subject as it is compared: words and numbers, in small letters.
pub(super) fn subject_key(subject: &str) -> String {
    let lower = subject.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '.');
    let words = words.map(|word| word.trim_matches('.')).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn series_key(series: &Series) -> String {
    series.name.to_ascii_uppercase()
}

/// Ids that name a flaw itself; those of distributors (DSA, USN, XSA) name a paper about flaws.
pub(super) fn names_flaw(id: &str) -> bool {
    let schemes = ["CVE", "GHSA", "RUSTSEC", "GO", "PYSEC", "MAL", "OSV", "GSD", "HSEC", "RSEC"];
    schemes.contains(&scheme(id))
}

fn scheme(id: &str) -> &str {
    id.split_once('-').map_or(id, |(scheme, _)| scheme)
}

/// The oldest and the newest of many.
fn ends(numbers: Option<&Vec<u32>>) -> Vec<u32> {
    let numbers = numbers.map(Vec::as_slice).unwrap_or_default();
    let half = POSTS_LOOKED_UP / 2;
    if numbers.len() <= POSTS_LOOKED_UP {
        return numbers.to_vec();
    }
    let newest = numbers.iter().rev().take(half).rev();
    numbers.iter().take(half).chain(newest).copied().collect()
}
