//! A decision being written: facts are applied to a scratch copy of the case as they are noted,
//! so that letters speak of the case as it will be.

use super::leak_guard::passages;
use super::{Decision, Filing, Opened, same_words};
use crate::case::{
    Actor, Case, CaseId, Caseload, Deed, Entry, Event, Filed, FiledWords, HouseRules, Key, Person,
    Role,
};
use crate::letter::Letter;
use crate::mail::{Address, CandidateKey, Encrypted, Evidence};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

#[derive(Clone)]
pub struct Draft<'a> {
    pub cases: &'a Caseload,
    pub rules: &'a HouseRules,
    pub now: Timestamp,
    /// The case this decision is about, with the facts noted so far applied.
    pub case: Option<Case>,
    /// The case whose words stand in the mail in the clear, though they went or came encrypted.
    pub exposure: Option<CaseId>,
    /// Other cases that this decision has changed.
    others: BTreeMap<CaseId, Case>,
    entries: Vec<Entry>,
    letters: Vec<Letter>,
}

impl<'a> Draft<'a> {
    pub fn new(cases: &'a Caseload, rules: &'a HouseRules, now: Timestamp) -> Draft<'a> {
        Draft {
            cases,
            rules,
            now,
            case: None,
            exposure: None,
            others: BTreeMap::new(),
            entries: Vec::new(),
            letters: Vec::new(),
        }
    }

    pub fn decision(self, filing: Filing) -> Decision {
        Decision { entries: self.entries, letters: self.letters, filing }
    }

    /// Takes up a case that exists; later facts are about it.
    pub fn take_up(&mut self, id: &CaseId) -> bool {
        self.put_down();
        self.case = self.others.remove(id).or_else(|| self.cases.case(id).cloned());
        self.case.is_some()
    }

    /// Later facts are about no case.
    pub fn put_down(&mut self) {
        if let Some(case) = self.case.take() {
            self.others.insert(case.id.clone(), case);
        }
    }

    /// Notes a fact about another case than the one taken up.
    pub fn note_in(&mut self, id: &CaseId, by: Actor, event: Event) {
        let here = self.here();
        if self.take_up(id) {
            self.note(by, event);
        }
        self.go_to(here.as_ref());
    }

    /// The case taken up.
    pub fn here(&self) -> Option<CaseId> {
        self.case.as_ref().map(|case| case.id.clone())
    }

    /// Takes up that case, or none: back to where one was.
    pub fn go_to(&mut self, case: Option<&CaseId>) {
        match case {
            Some(id) => _ = self.take_up(id),
            None => self.put_down(),
        }
    }

    /// Opens a new case under the next number; later facts are about it.
    pub fn open_case(&mut self, by: Actor, event: Event) {
        let year = self.now.to_zoned(jiff::tz::TimeZone::UTC).year();
        let (team, key) = (&self.rules.team, &self.rules.secrets.numbers);
        let opens = |entry: &&Entry| matches!(entry.event, Event::CaseOpened { .. });
        let before = self.cases.opened_in(year) + self.entries.iter().filter(opens).count() as u64;
        let id = CaseId::nth(&team.case_prefix, year, before, key);
        self.put_down();
        let entry = Entry { at: self.now, case: Some(id.clone()), by, event };
        self.case = Case::opened(&id, &entry);
        self.push(entry);
    }

    /// Notes a fact about the case taken up, or about none.
    pub fn note(&mut self, by: Actor, event: Event) {
        let case = self.here();
        self.push(Entry { at: self.now, case, by, event });
    }

    fn push(&mut self, entry: Entry) {
        if let Some(case) = &mut self.case {
            case.apply(&entry);
        }
        if let Event::Deed(Deed::MailReceived { mail, from }) = &entry.event {
            self.receive(mail, from);
        }
        self.entries.push(entry);
    }

    /// As [`Caseload::apply`] does it: the mail as the case has it that lets it go.
    fn receive(&mut self, mail: &str, from: &CaseId) {
        let had = self.others.get(from).or_else(|| self.cases.case(from));
        let had = had.and_then(|case| case.mails.iter().find(|one| one.mail == mail)).cloned();
        if let (Some(mail), Some(case)) = (had, &mut self.case) {
            case.receive(mail);
        }
    }

    /// Other cases, as this decision has changed them so far.
    pub fn changed(&self) -> &BTreeMap<CaseId, Case> {
        &self.others
    }

    /// Facts noted so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Days on which this member is away, this decision included.
    pub fn away(&self, handle: &str) -> Option<(Date, Date)> {
        let told = self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::MemberAway { member, from, to } if member == handle => Some((*from, *to)),
            _ => None,
        });
        told.or_else(|| self.cases.away(handle))
    }

    pub fn next_letter(&self) -> u64 {
        self.cases.next_letter() + self.letters.len() as u64
    }

    /// Letters written in this decision so far.
    pub fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// Letters written in this decision, which may still be held.
    pub fn letters_mut(&mut self) -> &mut [Letter] {
        &mut self.letters
    }

    pub fn add_letter(&mut self, letter: Letter) {
        self.letters.push(letter);
    }

    /// Notes that a mail was filed, and who wrote it.
    pub fn file(&mut self, opened: &Opened, participant: Option<u32>) {
        self.file_by(participant.map_or(Actor::Stranger, Actor::Participant), opened);
    }

    /// The same for anybody; a member only where their key on the roster has signed it.
    pub fn file_by(&mut self, by: Actor, opened: &Opened) {
        let (mail, arrival, triage) = (&opened.mail, &opened.arrival, &opened.triage);
        let participant = match by {
            Actor::Participant(number) => Some(number),
            _ => None,
        };
        let filed = Filed {
            mail: arrival.mail.clone(),
            exact: arrival.exact.clone(),
            routeless: arrival.routeless.clone(),
            class: triage.class,
            bytes: arrival.bytes,
            mailbox: arrival.mailbox.clone(),
            from: participant,
            private: FiledWords {
                from: mail.sender().map(|sender| sender.address.clone()),
                subject: super::one_line(&mail.subject),
                message_id: mail.message_id.clone(),
                because: triage.because.clone(),
                words: same_words::digest(self.rules, mail),
                passages: passages(&self.rules.secrets, &mail.text),
                encrypted: mail.evidence.encrypted == Encrypted::Whole,
                files: u32::try_from(mail.attachments.len()).ok(),
            },
        };
        self.note(by, Event::MailFiled(filed));
        if let Some(quarantine) = arrival.retried {
            self.note(Actor::Cli, Event::MailRetried { quarantine });
        }
    }

    /// The sender takes part from now on, under the next number of the case.
    pub fn join(&mut self, name: &str, address: &Address, role: Role) -> u32 {
        let number = self.case.as_ref().map_or(1, |case| case.participants.len() as u32 + 1);
        let (name, address) = (super::one_line(name), Some(address.clone()));
        let private = Person { name, address, expected_key: None };
        let event = Event::ParticipantJoined { participant: number, role, private };
        self.note(Actor::Participant(number), event);
        number
    }

    /// Keys that came with a mail are kept as candidates; one that signed the very mail that
    /// opened the case is proven by it.
    pub fn learn(&mut self, participant: u32, keys: &[CandidateKey], proof: Option<&Evidence>) {
        let signer = proof.and_then(Evidence::signed).filter(|signed| signed.alive_now);
        for key in keys {
            let proven = signer.is_some_and(|signed| signed.signer == key.fingerprint);
            let private = Key {
                fingerprint: Some(key.fingerprint.clone()),
                key_ids: key.key_ids.clone(),
                certificate: key.certificate.clone(),
                trouble: key.trouble.clone(),
            };
            let event = Event::KeyLearned { participant, source: key.source, proven, private };
            self.note(Actor::Participant(participant), event);
        }
    }
}
