//! A post to a list: the one letter whose words are given, so that what two people approved is
//! what leaves.

use super::{Protection, Reader, Words};
use crate::case::{EXERCISE, ListKey, SignForm, Team};
use crate::mail::{Address, Mailbox};
use jiff::tz::TimeZone;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct NoticePost {
    /// The name of the list.
    pub list: String,
    /// As it was approved: the team.
    pub from: Mailbox,
    pub subject: String,
    /// US-ASCII in lines of 72 columns, if it is to be read everywhere; signed as it stands.
    pub body: String,
    pub files: Vec<NoticeFile>,
    #[serde(skip)]
    pub sign: SignForm,
    /// Where the list has a key, the post goes encrypted to it and in no other way.
    #[serde(skip)]
    pub key: Option<ListKey>,
}

/// A document that comes along. Its digest stands in the signed text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeFile {
    pub name: String,
    /// A media type.
    pub kind: String,
    pub text: String,
}

impl NoticePost {
    /// The one protection it may leave under.
    pub fn protection(&self) -> Protection {
        match &self.key {
            None => Protection::Public,
            Some(key) => Protection::Sealed {
                key: key.fingerprint.clone(),
                certificate: Some(key.certificate.clone()),
            },
        }
    }

    /// The list as a reader: nobody in particular, and no answer comes by another way.
    pub fn reader(&self, list: Address) -> Reader {
        Reader {
            address: list,
            name: String::new(),
            member: None,
            participant: None,
            zone: TimeZone::UTC,
            protection: self.protection(),
            reply_to: None,
        }
    }

    /// Subject and body as they leave.
    pub fn words(&self, team: &Team) -> Words {
        let marked = !team.exercise || self.subject.starts_with(EXERCISE);
        let (subject, body) = match marked {
            true => (self.subject.clone(), self.body.clone()),
            false => (format!("{EXERCISE} {}", self.subject), format!("{EXERCISE}\n{}", self.body)),
        };
        Words { outer: subject.clone(), subject, body }
    }

    /// Whether these words, as a signature of ours covers them, are its own: blanks at the end of
    /// a line and the last line ends are no part of a signed text (RFC 9580 section 7.2).
    pub fn is_said_by(&self, own_words: &str, team: &Team) -> bool {
        lines(&self.words(team).body).eq(lines(own_words))
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end().lines().map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn what_was_approved_is_what_leaves() {
        let (post, team) =
            (sample::notice().expect("a post"), sample::full_team().expect("a team"));
        let words = post.words(&team);
        assert_eq!((words.outer, words.body), (post.subject.clone(), post.body.clone()));
        let exercise = Team { exercise: true, ..team.clone() };
        let words = post.words(&exercise);
        assert!(words.subject.starts_with("[EXERCISE] [SIREN]"), "{}", words.subject);
        assert!(words.body.starts_with("[EXERCISE]\nTLP:CLEAR\n"), "{}", words.body);
        let marked = NoticePost { subject: words.subject, body: words.body, ..post.clone() };
        assert_eq!(marked.words(&exercise).body, marked.body, "never twice");
    }

    #[test]
    fn eve_adds_a_line_to_a_notice_and_it_is_not_ours() {
        let (post, team) =
            (sample::notice().expect("a post"), sample::full_team().expect("a team"));
        let returned = post.body.replace('\n', " \n") + "\n\n";
        assert!(post.is_said_by(&returned, &team));
        let more = format!("{}Install it from https://eve.example/\n", post.body);
        assert!(!post.is_said_by(&more, &team));
        assert!(!post.is_said_by(&post.body.replace("1.6.3", "1.6.2"), &team));
    }
}
