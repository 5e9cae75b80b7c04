//! How a member's deed changes a case, and how `/undo` takes the last ones back.

use super::{
    Actor, Case, CaseMail, Channel, Deed, Entry, Event, KeyName, Outcome, Participant, Status,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The case as it stood before a member's newest orders, while nothing else was built on them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub orders: String,
    pub member: String,
    /// Something they did is never taken back.
    pub stays: bool,
    pub before: Box<Case>,
}

/// A note for the handlers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub at: Timestamp,
    pub by: String,
    pub text: String,
}

/// Something known about the weakness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownFact {
    pub what: super::Matter,
    pub value: String,
    pub detail: String,
}

/// Who is waited for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    pub who: String,
    pub until: Option<Timestamp>,
}

/// A member took the case while nobody handled it. `/undo` does not make it less often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Took {
    pub member: String,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reminder {
    pub at: Timestamp,
    pub by: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hours {
    pub by: String,
    pub minutes: u32,
    pub what: String,
}

/// Words that wait until their reader can be written to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unsaid {
    pub by: String,
    pub participant: u32,
    pub text: String,
    pub at: Timestamp,
}

impl Case {
    /// The case without what only ever grows: what `/undo` can bring back.
    pub fn matter(&self) -> Case {
        Case {
            mails: Vec::new(),
            timeline: Vec::new(),
            taken: Vec::new(),
            newest_orders: Default::default(),
            checkpoint: None,
            revision: 0,
            updated: self.opened,
            ..self.clone()
        }
    }

    /// Orders that change this case begin: as it stands now it can be brought back.
    pub(super) fn ordered(&mut self, entry: &Entry) {
        let Event::OrdersTaken(taken) = &entry.event else { return };
        if taken.outcome != Outcome::Done {
            return;
        }
        let newest = self.newest_orders.entry(taken.member.clone()).or_insert(taken.made);
        *newest = taken.made.max(*newest);
        if taken.changes {
            self.checkpoint = Some(Checkpoint {
                orders: taken.orders.clone(),
                member: taken.member.clone(),
                stays: false,
                before: Box::new(self.matter()),
            });
        }
    }

    /// The newest orders as if they had never been; the history keeps them.
    pub(super) fn undo(&mut self, orders: &str) {
        let Some(checkpoint) = self.checkpoint.take_if(|point| point.orders == orders) else {
            return;
        };
        let now = std::mem::replace(self, *checkpoint.before);
        for notice in &mut self.notices {
            let kept = now.notice(notice.number).map_or(&[][..], |one| &one.approvals);
            // What a change voided stays void, though the change is taken back.
            notice.approvals.retain(|approval| kept.contains(approval));
        }
        self.mails = now.mails;
        self.timeline = now.timeline;
        self.taken = now.taken;
        self.newest_orders = now.newest_orders;
        self.revision = now.revision;
        self.updated = now.updated;
    }

    /// A fact from elsewhere than the newest orders: from now on they cannot be taken back.
    pub(super) fn built_on(&mut self, entry: &Entry) {
        // What was let go may leave at any moment: it is not taken back with other orders.
        if let (Event::LetterReleased { .. }, Some(point)) = (&entry.event, &mut self.checkpoint) {
            point.stays = true;
        }
        let theirs = |point: &Checkpoint| entry.by == Actor::Member(point.member.clone());
        let changes = matches!(
            entry.event,
            Event::ParticipantJoined { .. }
                | Event::KeyLearned { .. }
                | Event::KeyProven { .. }
                | Event::ChannelSet { .. }
                | Event::ReadIn { .. }
                | Event::Deed(_)
        );
        if changes && !self.checkpoint.as_ref().is_some_and(theirs) {
            self.checkpoint = None;
        }
    }

    pub(super) fn carry_out(&mut self, deed: &Deed, entry: &Entry) {
        if let (true, Some(point)) = (deed.stays(), &mut self.checkpoint) {
            point.stays = true;
        }
        match deed {
            Deed::HandlersSet { handlers } => {
                self.handlers = handlers.clone();
                self.asked_to_take.retain(|member| !handlers.contains(member));
            }
            Deed::TakeAsked { member } => {
                if !self.asked_to_take.contains(member) {
                    self.asked_to_take.push(member.clone());
                }
            }
            Deed::Taken { member } => {
                self.taken.push(Took { member: member.clone(), at: entry.at });
            }
            Deed::TakeDeclined { member } => self.asked_to_take.retain(|one| one != member),
            Deed::StatusSet { status, reason, of, private } => {
                self.become_(*status, reason.as_deref(), of.as_ref(), &private.text);
            }
            Deed::ClassSet { class } => self.class = *class,
            Deed::PathwaySet { pathway } => self.pathway = *pathway,
            Deed::ServiceSet { service } => self.service = Some(service.clone()),
            Deed::TitleSet { private } => self.title = private.text.clone(),
            Deed::SeveritySet { severity } => self.severity = *severity,
            Deed::TlpSet { tlp } => self.tlp = *tlp,
            Deed::KnownSet { what, private } => self.known_set(*what, private),
            Deed::KnownDropped { what, private } => {
                self.known.retain(|one| one.what != *what || one.value != private.value);
            }
            Deed::WaitSet { who, until } => {
                self.waits = Some(Wait { who: who.clone(), until: *until });
            }
            Deed::WaitOver {} => self.waits = None,
            Deed::FactLearned { private, .. } => self.facts.extend(private.clone()),
            Deed::FactWithdrawn { fact } => _ = self.facts.remove(fact),
            Deed::EmbargoSet { embargo, .. } => self.embargo = embargo.clone(),
            Deed::Linked { case } => self.link(case),
            Deed::Merged { into } => {
                self.link(into);
                self.merged_into = Some(into.clone());
                self.status = Status::Closed;
                self.rest();
            }
            Deed::MailMoved { mail, .. } => self.mails.retain(|one| one.mail != *mail),
            Deed::MailReceived { .. } => {}
            notice if notice.notice().is_some() => self.carry_out_notice(notice, entry),
            other => self.tell(other, entry),
        }
    }

    /// Words, and who takes part.
    fn tell(&mut self, deed: &Deed, entry: &Entry) {
        let (at, by) = (entry.at, handle(&entry.by));
        match deed {
            Deed::NoteWritten { private } => {
                self.notes.push(Note { at, by, text: private.text.clone() });
            }
            Deed::ReminderSet { at, private } => {
                self.reminders.push(Reminder { at: *at, by, text: private.text.clone() });
            }
            Deed::TimeSpent { minutes, private } => {
                let what = private.text.clone();
                self.hours.push(Hours { by, minutes: *minutes, what });
            }
            Deed::WordsKept { participant, private } => {
                let (participant, text) = (*participant, private.text.clone());
                self.unsaid.push(Unsaid { by, participant, text, at });
            }
            Deed::WordsSaid { participant, private } => {
                let all = private.text.is_empty();
                let said = |words: &Unsaid| {
                    words.participant == *participant && (all || words.text == private.text)
                };
                self.unsaid.retain(|words| !said(words));
            }
            Deed::ReadOut { member } => {
                self.readers.retain(|reader| reader.member != *member);
                self.handlers.retain(|handler| handler != member);
            }
            Deed::Invited { participant, role, private } => self.join(*participant, *role, private),
            other => self.tell_of_participant(other),
        }
    }

    fn tell_of_participant(&mut self, deed: &Deed) {
        let number = match deed {
            Deed::ParticipantLeft { participant, .. }
            | Deed::ParticipantAlso { participant, .. }
            | Deed::Consents { participant, .. }
            | Deed::Withdraws { participant }
            | Deed::Answered { participant, .. }
            | Deed::DeadlineSet { participant, .. }
            | Deed::KeyJudged { participant, .. } => *participant,
            _ => return,
        };
        if let Deed::ParticipantLeft { .. } = deed {
            self.unsaid.retain(|words| words.participant != number);
        }
        let Some(person) = self.participant_mut(number) else { return };
        match deed {
            Deed::ParticipantLeft { .. } => person.leave(),
            Deed::Withdraws { .. } => person.consents.clear(),
            Deed::Answered { word, .. } if word == "stop" => person.no_reminders = true,
            Deed::ParticipantAlso { private, .. } => person.also.extend(private.address.clone()),
            Deed::Consents { to, .. } if !person.consents.contains(to) => person.consents.push(*to),
            Deed::DeadlineSet { at, .. } => person.deadline = Some(*at),
            Deed::KeyJudged { accepted, private, .. } => person.judge(*accepted, private),
            _ => {}
        }
    }

    fn become_(
        &mut self,
        status: Status,
        reason: Option<&str>,
        of: Option<&super::CaseId>,
        said: &str,
    ) {
        self.status = status;
        if status == Status::Closed {
            self.rest();
        }
        self.accepted_once |= status == Status::Accepted;
        let parts = reason.into_iter().chain([said.trim()]).filter(|part| !part.is_empty());
        self.reason = Some(parts.collect::<Vec<_>>().join(": ")).filter(|why| !why.is_empty());
        if let Some(of) = of {
            self.link(of);
        }
    }

    /// Nothing is waited for in a closed case.
    fn rest(&mut self) {
        self.waits = None;
        self.reminders.clear();
    }

    fn link(&mut self, case: &super::CaseId) {
        if !self.links.contains(case) {
            self.links.push(case.clone());
        }
    }

    /// One value of most kinds; of packages, credits and ids as many as are named.
    fn known_set(&mut self, what: super::Matter, said: &super::KnownWords) {
        let replaces =
            |one: &KnownFact| one.what == what && (!what.many() || one.value == said.value);
        self.known.retain(|one| !replaces(one));
        let (value, detail) = (said.value.clone(), said.detail.clone());
        self.known.push(KnownFact { what, value, detail });
    }

    /// A mail that was filed in another case stands here from now on; its writer is somebody of
    /// this case only where they take part in it.
    pub fn receive(&mut self, mail: CaseMail) {
        let here = mail.participant.and(mail.from.as_ref());
        let participant = here.and_then(|from| self.participant_at(from)).map(|one| one.number);
        let mail = CaseMail { participant, ..mail };
        if !self.mails.iter().any(|one| one.mail == mail.mail) {
            self.mails.push(mail);
        }
    }
}

impl Participant {
    fn leave(&mut self) {
        self.left = true;
        // Their reply address is worth nothing from now on.
        self.generation += 1;
    }

    fn judge(&mut self, accepted: bool, key: &KeyName) {
        let same = |fingerprint: &crate::mail::Fingerprint| {
            key.fingerprint.as_ref().is_some_and(|judged| judged == fingerprint)
        };
        match accepted {
            true => {
                self.refused_keys.retain(|refused| !same(refused));
                for known in self.keys.iter_mut().filter(|known| same(&known.fingerprint)) {
                    known.proven = true;
                    self.channel = Channel::Encrypted;
                }
            }
            false => {
                self.keys.retain(|known| !same(&known.fingerprint));
                self.refused_keys.extend(key.fingerprint.clone());
            }
        }
    }
}

fn handle(actor: &Actor) -> String {
    actor.handle().map_or_else(|| actor.to_string(), str::to_owned)
}
