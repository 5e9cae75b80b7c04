//! A notice as a post for one list: the list's own rules, and what stands around it.
//!
//! The post is always made first, so that every rule sees the very words that would leave.

mod distros;
mod names;
mod oss_security;
mod references;
mod standing;
mod wording;

use super::{Around, Finding, Notice, Post};
use crate::case::{EXERCISE, Manners, Statement};
use crate::mail::Mailbox;
use crate::siren::format::{self, Document, text};

/// What a rule looks at.
struct Look<'a> {
    notice: &'a Notice,
    /// What the notice says, in ASCII.
    said: &'a Statement,
    post: &'a Post,
    around: &'a Around<'a>,
}

/// Each says all that it finds.
const RULES: &[fn(&Look<'_>) -> Vec<Finding>] = &[
    standing::labels,
    standing::secrecy,
    standing::held,
    standing::once,
    standing::thread,
    standing::date,
    wording::placeholders,
    wording::useful,
    wording::lines,
    wording::subject,
    wording::closed_source,
    references::public,
    references::ours,
    names::unnamed,
    oss_security::rules,
    distros::rules,
];

/// The post, word for word; or everything that stands against it on this list, now.
pub fn post(notice: &Notice, around: &Around<'_>) -> Result<Post, Vec<Finding>> {
    let (said, mut findings) = text::ascii::statement(notice.statement());
    let (files, left_out) = files(notice, around);
    let post = Post { left_out, ..written(notice, &said, files, around) };
    let look = Look { notice, said: &said, post: &post, around };
    findings.extend(RULES.iter().flat_map(|rule| rule(&look)));
    let mut once: Vec<Finding> = Vec::new();
    for finding in findings {
        if !once.contains(&finding) {
            once.push(finding);
        }
    }
    if once.is_empty() { Ok(post) } else { Err(once) }
}

/// What is attached for machines. A form that cannot say it, as one without a place for software of
/// no package registry, is left out, with the reason: people are warned all the same.
fn files(notice: &Notice, around: &Around<'_>) -> (Vec<Document>, Vec<String>) {
    let (mut files, mut left_out) = (Vec::new(), Vec::new());
    for form in &around.list.formats {
        match format::document(*form, notice) {
            Ok(file) => files.push(file),
            Err(lacks) => {
                let why: Vec<String> = lacks.into_iter().map(|one| one.what).collect();
                left_out.push(format!("{form}: {}", why.join(" ")).trim_end().to_owned());
            }
        }
    }
    (files, left_out)
}

fn written(notice: &Notice, said: &Statement, files: Vec<Document>, around: &Around<'_>) -> Post {
    let (heading, publisher) = (notice.heading(), notice.publisher());
    let words = text::Said { heading, said, publisher, files: &files };
    let (list, team) = (around.list, around.team);
    let marked = |words: String, gap: &str| match team.exercise {
        true => format!("{EXERCISE}{gap}{words}"),
        false => words,
    };
    Post {
        list: list.name.clone(),
        to: list.address.clone(),
        from: Mailbox { name: team.name.clone(), address: team.address.clone() },
        subject: marked(text::subject(list.manners, &words), " "),
        body: marked(text::body(list.manners, &words), "\n"),
        sign: list.sign,
        at: around.at,
        references: around.references.clone(),
        key: list.key.as_ref().map(|key| key.fingerprint.clone()),
        files,
        left_out: Vec::new(),
    }
}

impl Look<'_> {
    /// Everything that would leave: Subject, body, and every file.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let files = self.post.files.iter().flat_map(|file| [file.name.as_str(), &file.text]);
        [self.post.subject.as_str(), &self.post.body].into_iter().chain(files)
    }

    fn is_public_list(&self) -> bool {
        self.around.list.manners != Manners::Distros
    }

    /// The part in which the statement itself says it; empty where it stands elsewhere.
    fn part_with(&self, says: impl Fn(&str) -> bool) -> &'static str {
        let all = crate::siren::texts::all(self.said);
        all.iter().find(|(_, text)| says(text)).map_or("", |(part, _)| part)
    }
}

fn finding(rule: &'static str, part: &'static str, what: impl Into<String>) -> Finding {
    Finding { rule, what: what.into(), part }
}

/// One finding, where it is so.
fn when(so: bool, rule: &'static str, part: &'static str, what: &str) -> Option<Finding> {
    so.then(|| finding(rule, part, what))
}

#[cfg(test)]
#[path = "post_tests.rs"]
mod tests;
