//! What the parts of a post say of the same versions, brought together.

use super::Versions;
use crate::limits::EXTRACTED;
use std::collections::BTreeSet;

impl Versions {
    /// What the Subject says counts where the text says nothing of the same number.
    pub fn take_title(&mut self, title: Versions) {
        let known = |number: &str, all: &[String]| all.iter().any(|one| names(one, number));
        // "in 1.2.3 and 1.3.4", of which one is said to be fixed: so is the other.
        let new = title.affected.iter().any(|one| self.fixed.contains(one));
        for one in title.affected {
            let bare = one.trim_start_matches(['<', '>', '=']);
            let alone = bare == one;
            if !(known(bare, &self.affected) || alone && known(bare, &self.fixed)) {
                if new && alone { self.fixed.push(one) } else { self.affected.push(one) }
            }
        }
        for one in title.fixed {
            let below = format!("<{one}");
            let bounds = self.affected.iter().any(|other| other.ends_with(&below));
            if (bounds || !known(&one, &self.affected)) && !known(&one, &self.fixed) {
                self.fixed.push(one);
            }
        }
    }

    /// Each once. A number that bounds a range is not said again alone, and what is affected up to
    /// and with itself is no fix.
    pub fn tidy(&mut self) {
        self.close();
        self.drop_others();
        self.take_named();
        if self.fixed.is_empty() {
            self.fixed.append(&mut self.linked);
        }
        let bounds = self.affected.clone();
        let fixed: BTreeSet<String> = self.fixed.iter().cloned().collect();
        self.affected.retain(|one| {
            let alone = !one.starts_with(['<', '>', '*']);
            let end = format!("<={one}");
            let bounded = bounds.iter().any(|other| other.split('|').any(|part| part == end));
            !(alone && (bounded || fixed.contains(one)))
        });
        let up_to = |number: &str| {
            let end = format!("<={number}");
            bounds.iter().any(|one| one.split('|').any(|part| part == end))
        };
        self.fixed.retain(|one| !up_to(one) && !one.ends_with(['x', 'X', '*']));
        for list in [&mut self.affected, &mut self.fixed] {
            let mut seen = BTreeSet::new();
            list.retain(|one| seen.insert(one.clone()));
            list.truncate(EXTRACTED);
        }
    }

    /// "Introduced in 1.2, fixed in 1.4" is a range, where no other branch has a fix too.
    fn close(&mut self) {
        for (open, fix) in std::mem::take(&mut self.closed) {
            let only = self.fixed.iter().all(|other| *other == fix);
            let open = self.affected.iter_mut().find(|one| **one == open);
            if let Some(open) = open.filter(|_| only) {
                *open = format!("{open}|<{fix}");
            }
        }
    }

    /// Where a heading lists what is affected, prose of other major versions speaks of something
    /// else.
    fn drop_others(&mut self) {
        let major = |one: &str| {
            let bare = one.trim_start_matches(['<', '>', '=']);
            bare.split(['.', '|']).next().unwrap_or_default().to_owned()
        };
        let listed = std::mem::take(&mut self.listed);
        let majors: BTreeSet<String> =
            listed.iter().flat_map(|one| one.split('|').map(major)).collect();
        if !majors.is_empty() {
            let known = |one: &String| one.split('|').any(|part| majors.contains(&major(part)));
            self.affected.retain(|one| one == "*" || known(one));
        }
    }

    /// What is named alone is the fix where it is what "before" says, or the next behind the last
    /// that is affected.
    fn take_named(&mut self) {
        let ends = |one: &String, number: &str| {
            one.split('|').any(|part| match part.strip_prefix("<=") {
                Some(last) => follows(last, number),
                None => part.strip_prefix('<') == Some(number),
            })
        };
        let named = std::mem::take(&mut self.named);
        let fixes = named.iter().filter(|number| self.affected.iter().any(|a| ends(a, number)));
        // Of what is not affected only the very next one: another branch has no fix.
        let spared = self.spared.iter().filter(|number| {
            self.affected.iter().any(|one| ends(one, number) && same_branch(one, number))
        });
        let fixes: Vec<String> = fixes.chain(spared).cloned().collect();
        if self.affected.is_empty() {
            // "in 1.2.3", which 1.2.4 follows and fixes.
            let before = |one: &&String| self.fixed.iter().any(|fix| follows(one, fix));
            self.affected = named.iter().filter(before).cloned().collect();
        }
        self.fixed.extend(fixes);
    }
}

/// A constraint names this number.
fn names(constraint: &str, number: &str) -> bool {
    constraint.split('|').any(|part| part.trim_start_matches(['<', '>', '=']) == number)
}

/// 1.2.4, 1.2.3.1 and 1.3.0 follow 1.2.3.
fn follows(last: &str, number: &str) -> bool {
    let parts = |text: &str| -> Option<Vec<u64>> {
        text.split('.').map(|part| part.parse().ok()).collect()
    };
    let (Some(last), Some(number)) = (parts(last), parts(number)) else { return false };
    let same = last.iter().zip(&number).take_while(|(a, b)| a == b).count();
    let (old, new) = (last.get(same), number.get(same));
    let rest = number.get(same + 1..).unwrap_or_default();
    // Not the major version: that is another line of releases.
    match (old, new) {
        (None, Some(1)) => rest.is_empty(),
        (Some(old), Some(new)) => {
            same > 0 && old.checked_add(1) == Some(*new) && rest.iter().all(|part| *part == 0)
        }
        _ => false,
    }
}

/// By its numbers, part for part.
pub fn is_below(low: &str, high: &str) -> bool {
    let parts = |text: &str| -> Vec<u64> {
        let each = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        each.filter_map(|part| part.parse().ok()).collect()
    };
    parts(low) < parts(high)
}

/// 1.2.3 and 1.2.4, of a range up to the one.
fn same_branch(range: &str, number: &str) -> bool {
    let branch = number.rsplit_once('.').map(|(head, _)| head);
    let last = range.rsplit(['<', '=', '|']).next().unwrap_or_default();
    branch.is_some() && last.rsplit_once('.').map(|(head, _)| head) == branch
}
