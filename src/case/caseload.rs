//! All cases, letters and quarantined mail: the whole fold of the journal, in memory, with the
//! indexes that mail is matched by. A volunteer team has thousands of cases, not millions.

use super::{
    Case, CaseId, Deed, Entry, Event, Heading, LetterState, Matter, NotAnEntry, Orders, Pinned,
    Posted, Quarantined, SeenPost,
};
use crate::mail::{Address, MessageId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub struct Caseload {
    cases: BTreeMap<CaseId, Case>,
    letters: BTreeMap<u64, Posted>,
    quarantine: BTreeMap<u64, QuarantinedMail>,
    /// By the digest of signer, signed bytes and signature time.
    orders: BTreeMap<String, Orders>,
    /// Days on which a member is away, both included.
    away: BTreeMap<String, (Date, Date)>,
    /// The roster as the journal has it, by handle.
    pub(super) members: BTreeMap<String, Pinned>,
    /// What was seen on watched lists.
    pub(super) posts: super::SeenPosts,
    /// The highest number of a notice that was drafted, by year.
    notices_in: BTreeMap<i16, u32>,
    /// Time for decisions never falls behind the last entry.
    last: Option<Timestamp>,
    // Indexes, all derived.
    opened_in: BTreeMap<i16, u64>,
    our_message_ids: BTreeMap<MessageId, u64>,
    /// Where each was filed first.
    their_message_ids: BTreeMap<MessageId, (Timestamp, CaseId)>,
    codes: BTreeMap<String, u64>,
    takes_part: BTreeMap<Address, BTreeSet<CaseId>>,
    /// By reader, however the address is spelt.
    acknowledged: BTreeMap<String, Timestamp>,
    same_words: BTreeMap<String, BTreeSet<CaseId>>,
    waiting: BTreeSet<u64>,
    letters_in: BTreeMap<CaseId, Vec<u64>>,
    return_tokens: BTreeMap<String, u64>,
    names: BTreeMap<String, BTreeSet<CaseId>>,
    orders_by_code: BTreeMap<String, String>,
    /// Passages that went or came encrypted.
    pub(super) sealed_words: super::sealed_words::SealedIndex,
}

/// A mail that could not be filed, and whether it has been tried again since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuarantinedMail {
    pub case: Option<CaseId>,
    pub at: Timestamp,
    pub what: Quarantined,
    pub retried: bool,
}

impl Caseload {
    /// Applies one entry: the only way anything here changes.
    pub fn apply(&mut self, entry: &Entry) {
        self.last = self.last.max(Some(entry.at));
        if let Some(id) = &entry.case {
            self.apply_to_case(id, entry);
        }
        match &entry.event {
            Event::LetterWritten(written) => {
                let posted = Posted::written(entry.case.as_ref(), entry.at, written);
                self.add_letter(posted);
            }
            Event::MailQuarantined(what) => {
                let (case, at) = (entry.case.clone(), entry.at);
                let mail = QuarantinedMail { case, at, what: what.clone(), retried: false };
                self.quarantine.insert(what.quarantine, mail);
            }
            Event::MailRetried { quarantine } => {
                if let Some(mail) = self.quarantine.get_mut(quarantine) {
                    mail.retried = true;
                }
            }
            Event::OrdersTaken(taken) => {
                if let Some(used) = taken.uses.as_ref().and_then(|used| self.orders.get_mut(used)) {
                    used.used = true;
                }
                let (case, at) = (entry.case.clone(), entry.at);
                self.add_orders(Orders { case, at, taken: taken.clone(), used: false });
            }
            Event::OrdersUndone { orders } => {
                if let Some(undone) = self.orders.get_mut(orders) {
                    undone.used = true;
                }
            }
            Event::MemberAway { member, from, to } => {
                self.away.insert(member.clone(), (*from, *to));
            }
            Event::Roster(fact) => self.apply_to_roster(entry, fact),
            Event::PostObserved { .. } | Event::PostsTold { .. } => self.apply_to_posts(entry),
            event => self.apply_to_letter(event.letter(), entry),
        }
    }

    fn apply_to_case(&mut self, id: &CaseId, entry: &Entry) {
        if let (false, Some(case)) = (self.cases.contains_key(id), Case::opened(id, entry)) {
            self.add_case(case);
        }
        let Some(case) = self.cases.get_mut(id) else { return };
        case.apply(entry);
        match &entry.event {
            Event::ParticipantJoined { private, .. }
            | Event::Deed(Deed::Invited { private, .. })
            | Event::Deed(Deed::ParticipantAlso { private, .. }) => {
                if let Some(address) = &private.address {
                    self.takes_part.entry(address.clone()).or_default().insert(id.clone());
                }
            }
            Event::MailFiled(filed) => {
                if let Some(message_id) = &filed.private.message_id {
                    let ids = &mut self.their_message_ids;
                    first_filed(ids, message_id, (entry.at, id.clone()));
                }
                if let Some(words) = &filed.private.words {
                    self.same_words.entry(words.clone()).or_default().insert(id.clone());
                }
                if filed.private.encrypted {
                    let words = &filed.private;
                    self.index_mail(id, words.from.as_ref(), &words.passages);
                }
            }
            Event::Deed(Deed::MailReceived { mail, from }) => self.move_mail(id, mail, from),
            Event::Deed(Deed::NoticeDrafted { heading, .. }) => self.count_notice(heading),
            _ => {}
        }
        if matches!(entry.event, Event::Deed(Deed::KnownSet { .. }) | Event::OrdersUndone { .. }) {
            self.index_names(id);
        }
    }

    /// Ids by which a case is found. One that it has no longer stays: the case itself is asked.
    fn index_names(&mut self, id: &CaseId) {
        let Some(case) = self.cases.get(id) else { return };
        let known = case.known.iter().filter(|known| known.what == Matter::Cve);
        for name in known.map(|known| &known.value).chain(&case.found.ids) {
            self.names.entry(name.clone()).or_default().insert(id.clone());
        }
    }

    /// The mail as it was filed, before the case that had it lets it go.
    fn move_mail(&mut self, to: &CaseId, mail: &str, from: &CaseId) {
        let had = self.cases.get(from).and_then(|case| case.mails.iter().find(|m| m.mail == mail));
        if let (Some(mail), Some(case)) = (had.cloned(), self.cases.get_mut(to)) {
            case.receive(mail);
        }
    }

    fn count_notice(&mut self, heading: &Heading) {
        if heading.version == 1 {
            let year = heading.written.to_zoned(TimeZone::UTC).year();
            let highest = self.notices_in.entry(year).or_default();
            *highest = heading.number().max(*highest);
        }
    }

    fn add_orders(&mut self, orders: Orders) {
        let name = orders.taken.orders.clone();
        if let Some(code) = &orders.taken.code {
            self.orders_by_code.insert(code.clone(), name.clone());
        }
        // The first is what holds: a second of the same name is only told of.
        self.orders.entry(name).or_insert(orders);
    }

    fn apply_to_letter(&mut self, number: Option<u64>, entry: &Entry) {
        let Some(letter) = number.and_then(|number| self.letters.get_mut(&number)) else { return };
        letter.apply(entry);
        let number = letter.number;
        match letter.state {
            LetterState::Waiting => self.waiting.insert(number),
            _ => self.waiting.remove(&number),
        };
    }

    fn add_letter(&mut self, letter: Posted) {
        let number = letter.number;
        self.our_message_ids.insert(letter.message_id.clone(), number);
        if let Some(code) = &letter.code {
            self.codes.insert(code.clone(), number);
        }
        if let (true, Some(to)) = (letter.acknowledges, &letter.to) {
            self.acknowledged.insert(reader(to), letter.written);
        }
        if let Some(case) = &letter.case {
            self.letters_in.entry(case.clone()).or_default().push(number);
        }
        if let Some(token) = &letter.return_token {
            self.return_tokens.insert(token.clone(), number);
        }
        if letter.state == LetterState::Waiting {
            self.waiting.insert(number);
        }
        self.index_letter(&letter);
        self.letters.insert(number, letter);
    }

    // What the desk asks.

    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values()
    }

    pub fn case(&self, id: &CaseId) -> Option<&Case> {
        self.cases.get(id)
    }

    pub fn letters(&self) -> impl Iterator<Item = &Posted> {
        self.letters.values()
    }

    pub fn letter(&self, number: u64) -> Option<&Posted> {
        self.letters.get(&number)
    }

    /// The letter whose Message-ID this is.
    pub fn letter_of(&self, id: &MessageId) -> Option<&Posted> {
        self.our_message_ids.get(id).and_then(|number| self.letters.get(number))
    }

    /// The letter whose case line holds this code.
    pub fn letter_with_code(&self, code: &str) -> Option<&Posted> {
        self.codes.get(code).and_then(|number| self.letters.get(number))
    }

    /// A signed mail that was read already.
    pub fn orders(&self, digest: &str) -> Option<&Orders> {
        self.orders.get(digest)
    }

    /// The orders whose answer bore this code.
    pub fn orders_with_code(&self, code: &str) -> Option<&Orders> {
        self.orders_by_code.get(code).and_then(|name| self.orders.get(name))
    }

    /// All signed mails that were read.
    pub fn all_orders(&self) -> impl Iterator<Item = &Orders> {
        self.orders.values()
    }

    /// Days on which this member is away, both included.
    pub fn away(&self, member: &str) -> Option<(Date, Date)> {
        self.away.get(member).copied().filter(|(from, to)| from <= to)
    }

    /// The case in which a mail of others with this Message-ID was filed.
    pub fn case_of_message(&self, id: &MessageId) -> Option<&CaseId> {
        self.their_message_ids.get(id).map(|(_, case)| case)
    }

    pub fn cases_of(&self, address: &Address) -> impl Iterator<Item = &Case> {
        self.takes_part.get(address).into_iter().flatten().filter_map(|id| self.cases.get(id))
    }

    /// When whoever reads mail at this address last got an acknowledgement outside a known case.
    pub fn acknowledged(&self, address: &Address) -> Option<Timestamp> {
        self.acknowledged.get(&reader(address)).copied()
    }

    /// Cases that hold a mail with these words, by their keyed digest.
    pub fn cases_with_words(&self, digest: &str) -> impl Iterator<Item = &Case> {
        self.same_words.get(digest).into_iter().flatten().filter_map(|id| self.cases.get(id))
    }

    pub fn quarantine(&self) -> impl Iterator<Item = &QuarantinedMail> {
        self.quarantine.values()
    }

    pub fn quarantined(&self, number: u64) -> Option<&QuarantinedMail> {
        self.quarantine.get(&number)
    }

    /// Letters of one case, in order of writing.
    pub fn letters_in(&self, case: &CaseId) -> impl DoubleEndedIterator<Item = &Posted> {
        let numbers = self.letters_in.get(case).into_iter().flatten();
        numbers.filter_map(|number| self.letters.get(number))
    }

    /// Letters written after that instant, the newest first.
    pub fn letters_after(&self, instant: Timestamp) -> impl Iterator<Item = &Posted> {
        self.letters.values().rev().take_while(move |letter| letter.written > instant)
    }

    /// The letter whose keyed return address has this detail.
    pub fn letter_returned_to(&self, token: &str) -> Option<&Posted> {
        self.return_tokens.get(token).and_then(|number| self.letters.get(number))
    }

    /// Cases that a member gave this id, or in which triage found it.
    pub fn cases_naming(&self, id: &str) -> impl Iterator<Item = &Case> {
        let cases = self.names.get(id).into_iter().flatten();
        cases.filter_map(|case| self.cases.get(case)).filter(move |case| case.names(id))
    }

    /// Letters that may leave, in order of writing.
    pub fn waiting(&self) -> impl Iterator<Item = &Posted> {
        self.waiting.iter().filter_map(|number| self.letters.get(number))
    }

    /// The highest number of a notice whose first version was drafted in that year.
    pub fn notices_in(&self, year: i16) -> u32 {
        self.notices_in.get(&year).copied().unwrap_or_default()
    }

    pub fn opened_in(&self, year: i16) -> u64 {
        self.opened_in.get(&year).copied().unwrap_or_default()
    }

    pub fn next_letter(&self) -> u64 {
        self.letters.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    pub fn next_quarantine(&self) -> u64 {
        self.quarantine.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    pub fn last_entry(&self) -> Option<Timestamp> {
        self.last
    }

    // What the store keeps of it: named values, from which it can be read back without the fold.

    /// The snapshots that an entry, applied already, may have changed, by name.
    pub fn touched(&self, entry: &Entry) -> impl Iterator<Item = String> {
        let case = entry.case.iter().map(|id| format!("case/{id}"));
        let letter = entry.event.letter().map(|number| format!("letter/{number}"));
        let quarantine = match &entry.event {
            Event::MailQuarantined(what) => Some(format!("quarantine/{}", what.quarantine)),
            Event::MailRetried { quarantine } => Some(format!("quarantine/{quarantine}")),
            _ => None,
        };
        let orders = match &entry.event {
            Event::OrdersTaken(taken) => taken
                .uses
                .iter()
                .chain([&taken.orders])
                .map(|name| self.orders_name(name))
                .collect(),
            Event::OrdersUndone { orders } => vec![self.orders_name(orders)],
            Event::MemberAway { member, .. } => vec![format!("away/{member}")],
            Event::Roster(fact) => {
                fact.members().into_iter().map(|handle| format!("member/{handle}")).collect()
            }
            Event::PostObserved { post, .. } => vec![format!("post/{post}")],
            Event::PostsTold { posts } => posts.iter().map(|post| format!("post/{post}")).collect(),
            _ => Vec::new(),
        };
        case.chain(letter).chain(quarantine).chain(orders)
    }

    /// Orders are kept with the case they were first told of in, not with that of a later fact.
    fn orders_name(&self, orders: &str) -> String {
        orders_name(self.orders.get(orders).and_then(|one| one.case.as_ref()), orders)
    }

    pub fn snapshot(&self, name: &str) -> Option<Value> {
        let (kind, key) = name.split_once('/')?;
        match kind {
            "case" => serde_json::to_value(self.cases.get(&CaseId::parse(key)?)?).ok(),
            "letter" => serde_json::to_value(self.letters.get(&key.parse().ok()?)?).ok(),
            "quarantine" => serde_json::to_value(self.quarantine.get(&key.parse().ok()?)?).ok(),
            "orders" => serde_json::to_value(self.orders.get(key.rsplit('/').next()?)?).ok(),
            "away" => serde_json::to_value(self.away.get(key)?).ok(),
            "post" => serde_json::to_value(self.posts.get(key.parse().ok()?)?).ok(),
            "member" => serde_json::to_value(self.members.get(key)?).ok(),
            _ => None,
        }
    }

    /// Every snapshot there is.
    pub fn snapshots(&self) -> BTreeMap<String, Value> {
        let cases = self.cases.keys().map(|id| format!("case/{id}"));
        let letters = self.letters.keys().map(|number| format!("letter/{number}"));
        let quarantine = self.quarantine.keys().map(|number| format!("quarantine/{number}"));
        let orders = self.orders.iter().map(|(name, one)| orders_name(one.case.as_ref(), name));
        let away = self.away.keys().map(|member| format!("away/{member}"));
        let members = self.members.keys().map(|member| format!("member/{member}"));
        let posts = self.posts.all().map(|seen| format!("post/{}", seen.number));
        let names = cases.chain(letters).chain(quarantine).chain(orders).chain(away).chain(members);
        let names = names.chain(posts);
        names.filter_map(|name| self.snapshot(&name).map(|value| (name, value))).collect()
    }

    /// The caseload that these snapshots are of. `last` is the time of the newest entry in them.
    pub fn from_snapshots(
        snapshots: BTreeMap<String, Value>,
        last: Option<Timestamp>,
    ) -> Result<Caseload, NotAnEntry> {
        let mut caseload = Caseload { last, ..Caseload::default() };
        // In order of writing, which is not that of their names.
        let mut letters: BTreeMap<u64, Posted> = BTreeMap::new();
        let mut posts = Vec::new();
        for (name, value) in snapshots {
            match name.split_once('/') {
                Some(("case", _)) => caseload.add_case(serde_json::from_value(value)?),
                Some(("letter", _)) => {
                    let letter: Posted = serde_json::from_value(value)?;
                    letters.insert(letter.number, letter);
                }
                Some(("quarantine", _)) => {
                    let mail: QuarantinedMail = serde_json::from_value(value)?;
                    caseload.quarantine.insert(mail.what.quarantine, mail);
                }
                Some(("orders", _)) => caseload.add_orders(serde_json::from_value(value)?),
                Some(("member", member)) => {
                    caseload.members.insert(member.to_owned(), serde_json::from_value(value)?);
                }
                Some(("post", _)) => posts.push(serde_json::from_value(value)?),
                Some(("away", member)) => {
                    caseload.away.insert(member.to_owned(), serde_json::from_value(value)?);
                }
                _ => {}
            }
        }
        posts.sort_by_key(|seen: &SeenPost| seen.number);
        posts.into_iter().for_each(|seen| caseload.posts.add(seen));
        letters.into_values().for_each(|letter| caseload.add_letter(letter));
        Ok(caseload)
    }

    fn add_case(&mut self, case: Case) {
        *self.opened_in.entry(case.id.year()).or_default() += 1;
        let own = case.participants.iter().filter_map(|person| person.address.as_ref());
        let also = case.participants.iter().flat_map(|person| &person.also);
        for address in own.chain(also).cloned() {
            self.takes_part.entry(address).or_default().insert(case.id.clone());
        }
        for mail in &case.mails {
            let place = (mail.at, case.id.clone());
            mail.message_id
                .iter()
                .for_each(|id| first_filed(&mut self.their_message_ids, id, place.clone()));
        }
        for words in case.mails.iter().filter_map(|mail| mail.words.clone()) {
            self.same_words.entry(words).or_default().insert(case.id.clone());
        }
        for mail in case.mails.iter().filter(|mail| mail.encrypted) {
            self.index_mail(&case.id, mail.from.as_ref(), &mail.passages);
        }
        for notice in &case.notices {
            self.count_notice(&notice.heading);
        }
        self.last = self.last.max(Some(case.updated));
        let id = case.id.clone();
        self.cases.insert(id.clone(), case);
        self.index_names(&id);
    }
}

/// The case's own number stands in it, so that it is kept under the case's key.
fn orders_name(case: Option<&CaseId>, orders: &str) -> String {
    match case {
        Some(case) => format!("orders/{case}/{orders}"),
        None => format!("orders/{orders}"),
    }
}

/// Spellings that reach the same person at nearly every server: letters' case and what follows a
/// "+" aside. Otherwise a forger could have one person answered any number of times.
fn reader(address: &Address) -> String {
    let local = address.local().split('+').next().unwrap_or_default();
    format!("{}@{}", local.to_ascii_lowercase(), address.domain())
}

/// The same, whatever the order in which cases are read back.
fn first_filed(
    ids: &mut BTreeMap<MessageId, (Timestamp, CaseId)>,
    id: &MessageId,
    place: (Timestamp, CaseId),
) {
    match ids.get_mut(id) {
        Some(first) => *first = place.min(first.clone()),
        None => _ = ids.insert(id.clone(), place),
    }
}
