//! Past mail of watched lists, from files: opened by the workers like all mail, read as posts, and
//! kept as observations alone. Nobody is told or answered, and no mail is kept.

use super::{Fault, Gateway};
use crate::case::{Class, SeenPost};
use crate::desk::{Input, PastPost};
use crate::mail::{self, Mail};
use crate::store::Digest;
use crate::triage::{Question, list_traffic, triage};
use crate::worker;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::AddAssign;

/// What importing came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    pub read: u64,
    pub observed: u64,
    /// Of those observed: the same as another post, news of one, and worth a look.
    pub same: u64,
    pub updates: u64,
    pub candidates: u64,
    /// In the books already.
    pub duplicates: u64,
    pub ours: u64,
    /// Of no list that is watched.
    pub unlisted: u64,
    pub unreadable: u64,
    pub too_large: u64,
    /// They touch what is not public here.
    pub held: u64,
}

impl Gateway {
    /// Reads a batch; all of it becomes true at once. `list` is the list that it came by, whatever
    /// it says itself.
    pub async fn import(
        &mut self,
        mails: Vec<Vec<u8>>,
        list: Option<&str>,
    ) -> Result<Imported, Fault> {
        self.book.store().has_room()?;
        let mut counts = Imported { read: mails.len() as u64, ..Imported::default() };
        let fresh = self.not_imported(mails, &mut counts)?;
        let opening = fresh.iter().map(|(raw, _)| self.ask_worker(raw, Vec::new()));
        let opened = futures_util::future::try_join_all(opening).await?;
        for ((_, digest), opened) in fresh.into_iter().zip(opened) {
            match opened {
                worker::Opened::Mail(mail, _) => self.post(*mail, list, &mut counts),
                _ => counts.unreadable += 1,
            }
            self.book.remember(digest, String::new());
        }
        self.book.commit()?;
        Ok(counts)
    }

    /// Octets read before are left out. Their digests are none of a mail that comes in: whatever
    /// was imported, a mail to us is read.
    fn not_imported(
        &self,
        mails: Vec<Vec<u8>>,
        counts: &mut Imported,
    ) -> Result<Vec<(Vec<u8>, Digest)>, Fault> {
        let (mut fresh, mut here) = (Vec::new(), BTreeSet::new());
        for raw in mails {
            let octets = [b"imported".as_slice(), &mail::canonical(&raw)].concat();
            let digest = self.book.store().digest(&octets);
            if !here.insert(digest) || self.book.seen(&digest)?.is_some() {
                counts.duplicates += 1;
            } else {
                fresh.push((raw, digest));
            }
        }
        Ok(fresh)
    }

    fn post(&mut self, mail: Mail, list: Option<&str>, counts: &mut Imported) {
        let (cases, rules) = (self.book.cases(), &self.book.rules);
        let list = list.or_else(|| list_traffic::named_by(&mail, rules));
        let Some(list) = list.filter(|_| list_traffic::is_public(&mail)) else {
            counts.unlisted += 1;
            return;
        };
        let question = Question { mail: &mail, cases, rules, list: Some(list) };
        let triage = triage(&question);
        if triage.class == Class::OwnLetter {
            counts.ours += 1;
            return;
        }
        let read = || list_traffic::read(&mail, list, rules);
        let (says, list) = (triage.post.map_or_else(read, |post| *post), list.to_owned());
        // The same post in another file, in other octets.
        let known = says.message_id.as_ref().and_then(|id| cases.posts().of_message(id));
        if known.is_some_and(|known| {
            (&known.post.author, known.post.posted, &known.list)
                == (&says.author, says.posted, &list)
        }) {
            counts.duplicates += 1;
            return;
        }
        let number = cases.posts().next();
        let past = PastPost { list, says, mail };
        self.book.decide(&Input::Past(Box::new(past)), self.clock.now());
        if let Some(seen) = self.book.cases().posts().get(number) {
            counts.observed(seen, seen.cases.iter().any(|case| self.keeps_silent(case)));
        }
    }

    fn keeps_silent(&self, case: &crate::case::CaseId) -> bool {
        self.book.cases().case(case).is_some_and(crate::case::Case::keeps_silent)
    }
}

impl Imported {
    fn observed(&mut self, seen: &SeenPost, held: bool) {
        self.observed += 1;
        self.same += u64::from(seen.same_as.is_some());
        self.updates += u64::from(seen.update_of.is_some());
        self.candidates += u64::from(seen.same_as.is_none() && !seen.reasons.is_empty());
        self.held += u64::from(held);
    }
}

impl AddAssign for Imported {
    fn add_assign(&mut self, other: Imported) {
        self.read += other.read;
        self.observed += other.observed;
        self.same += other.same;
        self.updates += other.updates;
        self.candidates += other.candidates;
        self.duplicates += other.duplicates;
        self.ours += other.ours;
        self.unlisted += other.unlisted;
        self.unreadable += other.unreadable;
        self.too_large += other.too_large;
        self.held += other.held;
    }
}
