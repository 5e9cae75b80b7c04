//! What a case is, and how facts change it.
//!
//! A case is the fold of its entries and nothing else: [`Case::apply`] is total, reads no clock
//! and may be run again at any time. Nothing here knows that mail exists beyond addresses,
//! keys and Message-IDs.
//!
//! ```text
//! received ──▶ valid ──▶ accepted ──▶ closed
//!    │  ▲        │         ▲ │
//!    ▼  │        ▼         │ ▼
//!  invalid     deferred ───┘ deferred ──▶ closed
//! ```

mod calendar;
mod caseload;
mod class;
mod codes;
mod deed;
mod doing;
pub mod embargo;
mod event;
pub mod facts;
mod id;
mod invariants;
mod letters;
mod lists;
pub mod moves;
mod notices;
mod observation;
mod orders;
mod pinned;
mod post_index;
pub mod purl;
mod roster;
mod rules;
mod sealed_words;
mod seen_posts;
pub mod ssvc;
mod state;
mod statement;
pub mod values;

pub use calendar::business_days_after;
pub use caseload::{Caseload, QuarantinedMail};
pub use class::{Class, Pathway, Service};
pub use codes::{Secrets, case_line, codes_in};
pub use deed::{Deed, KnownWords, Words};
pub use doing::{Checkpoint, Hours, KnownFact, Note, Reminder, Took, Unsaid, Wait};
pub use event::{
    Actor, Deadline, Entry, Event, Filed, FiledWords, Found, Key, KeyName, NotAnEntry, Opening,
    Person, PostWords, Quarantined, Written, WrittenTo,
};
pub use id::{CaseId, NotACaseId, is_prefix};
pub use letters::{LetterState, POST_WORDING, Posted};
pub use lists::{Format, ListKey, Manners, PostList, SignForm, SirenRules, Watch};
pub use notices::{Approval, Delivered, NoticeDraft, NoticeFate, NoticeKind};
pub use observation::{
    CaseLeak, LeakedBy, Observed, PostKind, Reason, SeenPost, Selection, Series, Tellings,
};
pub use orders::{KeptOrders, Orders, OrdersTaken, Outcome, ends as orders_end};
pub use pinned::{Accepted, MemberAddresses, Pinned, PinnedFact, RosterFact};
pub use roster::{Member, Permission, Roster};
pub use rules::{EXERCISE, HouseRules, LetterRules, Team};
pub use sealed_words::SealedWords;
pub use seen_posts::SeenPosts;
pub use state::{Channel, Consent, EmbargoState, Matter, Role, Severity, Status, Tlp};
pub use statement::{
    Affected, Credit, Dated, Exploited, Heading, Reference, ReferenceKind, Revision, Source,
    Statement,
};

use crate::mail::{Address, Fingerprint, KeySource, MessageId};
use embargo::Embargo;
use facts::Facts;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Our work on one incident or vulnerability, from first report to close.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    pub title: String,
    pub status: Status,
    pub class: Class,
    pub pathway: Pathway,
    pub tlp: Tlp,
    pub severity: Option<Severity>,
    pub embargo: Embargo,
    pub facts: Facts,
    pub opened: Timestamp,
    pub updated: Timestamp,
    pub because: Vec<String>,
    pub found: Found,
    /// The first is lead, the second buddy.
    pub handlers: Vec<String>,
    /// Members who may read the case, and why.
    pub readers: Vec<Reader>,
    pub participants: Vec<Participant>,
    pub mails: Vec<CaseMail>,
    pub timeline: Vec<Moment>,
    /// Counts the entries: the same revision, the same case.
    pub revision: u64,
    /// The title at opening: the protected Subject, which never changes.
    pub subject: String,
    /// Why the status is what it is.
    pub reason: Option<String>,
    pub service: Option<String>,
    pub known: Vec<KnownFact>,
    pub notes: Vec<Note>,
    pub links: Vec<CaseId>,
    pub merged_into: Option<CaseId>,
    pub waits: Option<Wait>,
    pub reminders: Vec<Reminder>,
    pub hours: Vec<Hours>,
    pub unsaid: Vec<Unsaid>,
    /// Members who want to handle it and have to be granted that.
    pub asked_to_take: Vec<String>,
    #[serde(default)]
    pub taken: Vec<Took>,
    /// It was accepted at some time: then it is reopened as accepted.
    #[serde(default)]
    pub accepted_once: bool,
    /// By member, when they signed the newest orders that were carried out here.
    pub newest_orders: BTreeMap<String, Timestamp>,
    /// What we say of it in public, or will.
    #[serde(default)]
    pub notices: Vec<NoticeDraft>,
    pub checkpoint: Option<Checkpoint>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    pub member: String,
    pub since: Timestamp,
    pub why: String,
    /// Who read them in.
    #[serde(default)]
    pub by: Option<Actor>,
}

/// Somebody outside the team who takes part. Belonging gives no rights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    pub number: u32,
    pub role: Role,
    pub name: String,
    /// None once it has been destroyed with the case's key.
    pub address: Option<Address>,
    pub channel: Channel,
    pub keys: Vec<KnownKey>,
    /// Counts the reply addresses handed out.
    pub generation: u32,
    /// Other addresses this person writes from.
    pub also: Vec<Address>,
    pub consents: Vec<Consent>,
    /// The date after which they publish, as agreed with them.
    pub deadline: Option<Timestamp>,
    /// Takes part no longer.
    pub left: bool,
    /// Whoever named them says this is their key: no other one is proven by itself.
    #[serde(default)]
    pub expected_key: Option<Fingerprint>,
    /// Keys that a coordinator refused; they are not taken for candidates again.
    #[serde(default)]
    pub refused_keys: Vec<Fingerprint>,
    /// They want no reminders.
    #[serde(default)]
    pub no_reminders: bool,
}

/// A certificate of a participant: a candidate, until it is proven.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownKey {
    pub fingerprint: Fingerprint,
    pub key_ids: Vec<String>,
    pub certificate: String,
    pub source: KeySource,
    pub trouble: Option<String>,
    /// It signed the mail that opened the case, or signed back a word we sent encrypted to it.
    pub proven: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseMail {
    pub mail: String,
    pub message_id: Option<MessageId>,
    pub from: Option<Address>,
    pub participant: Option<u32>,
    pub at: Timestamp,
    pub class: Class,
    /// Keyed digest of its words, where they are long enough to know again.
    #[serde(default)]
    pub words: Option<String>,
    /// Keyed digests of its passages.
    #[serde(default)]
    pub passages: Vec<u64>,
    /// The whole mail came encrypted.
    #[serde(default)]
    pub encrypted: bool,
    /// Files that came with it, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u32>,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    pub at: Timestamp,
    pub event: String,
    pub by: Actor,
    pub mail: Option<String>,
}

impl Case {
    /// The number of the mail that brought it: the first of whoever found or passed it on.
    pub fn report_number(&self) -> Option<usize> {
        let by_finder = |mail: &CaseMail| {
            let author = mail.participant.and_then(|number| self.participant(number));
            author.is_some_and(|one| matches!(one.role, Role::Finder | Role::Reporter))
        };
        Some(self.mails.iter().position(by_finder)? + 1)
    }

    /// A case begins with its `case.opened`; any other fact begins none.
    pub fn opened(id: &CaseId, entry: &Entry) -> Option<Case> {
        let Event::CaseOpened { class, pathway, tlp, private } = &entry.event else { return None };
        Some(Case {
            id: id.clone(),
            title: private.title.clone(),
            status: Status::Received,
            class: *class,
            pathway: *pathway,
            tlp: *tlp,
            severity: None,
            embargo: Embargo::default(),
            facts: Facts::new(),
            opened: entry.at,
            updated: entry.at,
            because: private.because.clone(),
            found: private.found.clone(),
            handlers: Vec::new(),
            readers: Vec::new(),
            participants: Vec::new(),
            mails: Vec::new(),
            timeline: Vec::new(),
            revision: 0,
            subject: private.title.clone(),
            reason: None,
            service: None,
            known: Vec::new(),
            notes: Vec::new(),
            links: Vec::new(),
            merged_into: None,
            waits: None,
            reminders: Vec::new(),
            hours: Vec::new(),
            unsaid: Vec::new(),
            asked_to_take: Vec::new(),
            taken: Vec::new(),
            accepted_once: false,
            newest_orders: BTreeMap::new(),
            notices: Vec::new(),
            checkpoint: None,
        })
    }

    /// What a fact makes of the case. Facts about letters change only its timeline.
    pub fn apply(&mut self, entry: &Entry) {
        self.built_on(entry);
        match &entry.event {
            Event::ParticipantJoined { participant, role, private } => {
                self.join(*participant, *role, private);
            }
            Event::KeyLearned { participant, source, proven, private } => {
                self.learn(*participant, *source, *proven, private);
            }
            Event::KeyProven { participant, private } => self.prove(*participant, private),
            Event::ChannelSet { participant, channel } => {
                if let Some(person) = self.participant_mut(*participant) {
                    person.channel = *channel;
                }
            }
            Event::ReadIn { member, why } => self.read_in(member, why, entry),
            Event::MailFiled(filed) => self.file(filed, entry.at),
            Event::OrdersTaken(_) => self.ordered(entry),
            Event::OrdersUndone { orders } => self.undo(orders),
            Event::Deed(deed) => self.carry_out(deed, entry),
            Event::LetterSent { letter } => self.letter_left(*letter, entry.at),
            _ => {}
        }
        self.note(entry);
    }

    /// This id is one of its own: a member said so, or triage found it in the report.
    pub fn names(&self, id: &str) -> bool {
        self.is_known_as(id) || self.found.ids.iter().any(|found| found == id)
    }

    /// A member said that it has this id.
    pub fn is_known_as(&self, id: &str) -> bool {
        self.known.iter().any(|known| known.what == Matter::Cve && known.value == id)
    }

    /// Open, and an embargo is proposed or in force, or it is not known to be public.
    pub fn keeps_silent(&self) -> bool {
        use EmbargoState::{Active, Proposed, Revise};
        let embargo = matches!(self.embargo.state, Proposed | Active | Revise);
        let public = facts::is_fact(&self.facts, facts::Fact::Public);
        self.status != Status::Closed && (embargo || !public)
    }

    /// May this member read the case?
    pub fn readable_by(&self, handle: &str) -> bool {
        self.readers.iter().any(|reader| reader.member == handle)
    }

    /// Who is written to about this case: its handlers, or everybody read in while it has none.
    pub fn attended_by(&self) -> Vec<&str> {
        if self.handlers.is_empty() {
            return self.readers.iter().map(|reader| reader.member.as_str()).collect();
        }
        self.handlers.iter().map(String::as_str).collect()
    }

    pub fn participant(&self, number: u32) -> Option<&Participant> {
        self.participants.iter().find(|person| person.number == number)
    }

    pub fn participant_at(&self, address: &Address) -> Option<&Participant> {
        self.participants.iter().find(|person| person.writes_from(address))
    }

    fn participant_mut(&mut self, number: u32) -> Option<&mut Participant> {
        self.participants.iter_mut().find(|person| person.number == number)
    }

    fn join(&mut self, number: u32, role: Role, person: &Person) {
        if self.participant(number).is_some() {
            return;
        }
        self.participants.push(Participant {
            number,
            role,
            name: person.name.clone(),
            address: person.address.clone(),
            channel: Channel::Ask,
            keys: Vec::new(),
            generation: 0,
            also: Vec::new(),
            consents: Vec::new(),
            deadline: None,
            left: false,
            expected_key: person.expected_key.clone(),
            refused_keys: Vec::new(),
            no_reminders: false,
        });
    }

    fn learn(&mut self, number: u32, source: KeySource, proven: bool, key: &Key) {
        let Some(fingerprint) = key.fingerprint.clone() else { return };
        let Some(person) = self.participant_mut(number) else { return };
        if person.refused_keys.contains(&fingerprint) {
            return;
        }
        let known = KnownKey {
            fingerprint,
            key_ids: key.key_ids.clone(),
            certificate: key.certificate.clone(),
            source,
            trouble: key.trouble.clone(),
            proven,
        };
        match person.keys.iter_mut().find(|old| old.fingerprint == known.fingerprint) {
            // A newer copy of a known key: what was proven stays proven.
            Some(old) => *old = KnownKey { proven: old.proven || proven, ..known },
            None => person.keys.push(known),
        }
        if proven {
            person.channel = Channel::Encrypted;
        }
    }

    fn prove(&mut self, number: u32, key: &KeyName) {
        let Some(person) = self.participant_mut(number) else { return };
        for known in &mut person.keys {
            if Some(&known.fingerprint) == key.fingerprint.as_ref() {
                known.proven = true;
                person.channel = Channel::Encrypted;
            }
        }
    }

    fn read_in(&mut self, member: &str, why: &str, entry: &Entry) {
        if !self.readable_by(member) {
            let (member, why, by) = (member.to_owned(), why.to_owned(), Some(entry.by.clone()));
            self.readers.push(Reader { member, since: entry.at, why, by });
        }
    }

    fn file(&mut self, filed: &Filed, at: Timestamp) {
        self.mails.push(CaseMail {
            mail: filed.mail.clone(),
            message_id: filed.private.message_id.clone(),
            from: filed.private.from.clone(),
            participant: filed.from,
            at,
            class: filed.class,
            words: filed.private.words.clone(),
            passages: filed.private.passages.clone(),
            encrypted: filed.private.encrypted,
            files: filed.private.files,
        });
    }

    fn note(&mut self, entry: &Entry) {
        self.revision += 1;
        self.updated = self.updated.max(entry.at);
        self.timeline.push(Moment {
            at: entry.at,
            event: entry.event.name().to_owned(),
            by: entry.by.clone(),
            mail: entry.event.mail().map(str::to_owned),
        });
    }
}

impl CaseMail {
    /// How many files came with it, as far as they were counted.
    pub fn file_count(&self) -> usize {
        self.files.map_or(0, |files| files as usize)
    }
}

impl Participant {
    /// Takes part, and this is an address of theirs.
    pub fn writes_from(&self, address: &Address) -> bool {
        !self.left && (self.address.as_ref() == Some(address) || self.also.contains(address))
    }

    /// The key that detail is encrypted to: the newest proven one that works.
    pub fn key_on_record(&self) -> Option<&KnownKey> {
        self.keys.iter().rev().find(|key| key.proven && key.trouble.is_none())
    }

    /// A key that letters without detail may be encrypted to: on record, or the newest candidate.
    pub fn any_key(&self) -> Option<&KnownKey> {
        self.key_on_record().or_else(|| self.keys.iter().rev().find(|key| key.trouble.is_none()))
    }
}
