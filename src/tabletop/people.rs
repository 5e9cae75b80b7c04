//! The people of an exercise: their keys, and the mail they write.

use super::reading::Received;
use super::script::{Member, Person, Step};
use super::{TabletopError, trouble};
use crate::mail::compose::{self, DetachedSignature, Header, Hp, Part};
use crate::mail::{Address, Mailbox, MessageId};
use crate::pgp::{Certificate, Profile, TeamKey};
use jiff::Timestamp;

/// Somebody who writes to the team.
pub struct Writer {
    pub mailbox: Mailbox,
    pub key: Option<TeamKey>,
    /// The newest letter they got.
    pub newest: Option<Received>,
}

impl Writer {
    pub fn new(person: &Person, born: Timestamp) -> Result<Writer, TabletopError> {
        let mailbox = Mailbox { name: person.name.clone(), address: person.address.clone() };
        let key = match person.key {
            true => Some(new_key(&person.name, &person.address, born)?),
            false => None,
        };
        Ok(Writer { mailbox, key, newest: None })
    }

    pub fn member(member: &Member, key: TeamKey) -> Writer {
        let mailbox = Mailbox { name: member.name.clone(), address: member.address.clone() };
        Writer { mailbox, key: Some(key), newest: None }
    }

    /// The mail of a step, as octets. `number` makes its Message-ID and its boundaries.
    pub fn write(
        &self,
        step: &Step,
        to: &Mailbox,
        team: &Certificate,
        number: &str,
    ) -> Result<Vec<u8>, TabletopError> {
        let id = format!("step{number}.{}", self.mailbox.address);
        let inner = Header {
            from: self.mailbox.clone(),
            to: to.clone(),
            reply_to: None,
            subject: self.subject(step),
            date: step.at,
            message_id: MessageId::parse(&id)
                .ok_or_else(|| trouble("a Message-ID cannot be made"))?,
            in_reply_to: self.answered(step).map(|letter| letter.message_id.clone()),
            references: self
                .answered(step)
                .map(|letter| letter.message_id.clone())
                .into_iter()
                .collect(),
            auto_submitted: None,
            autocrypt: None,
            loop_mark: None,
        };
        let mail = self.protected(step, &inner, team, &format!("tabletop{number}"))?;
        let extra = step.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        Ok([extra.collect::<String>().into_bytes(), mail].concat())
    }

    /// The letter that a step replies to.
    fn answered(&self, step: &Step) -> Option<&Received> {
        self.newest.as_ref().filter(|_| step.answers)
    }

    /// What stands for words of the letter it replies to is filled in.
    fn words(&self, step: &Step) -> String {
        let code = self.answered(step).and_then(Received::code).unwrap_or_default();
        let answered = self.answered(step);
        let digest = answered.and_then(Received::digest).unwrap_or_default();
        let case = answered.and_then(Received::case).unwrap_or_default();
        let words = step.body.trim_start().replace("{code}", code).replace("{digest}", digest);
        words.replace("{case}", case)
    }

    fn subject(&self, step: &Step) -> String {
        match self.answered(step) {
            Some(letter) if step.subject.is_empty() => format!("Re: {}", letter.subject),
            _ => step.subject.clone(),
        }
    }

    fn protected(
        &self,
        step: &Step,
        inner: &Header,
        team: &Certificate,
        seed: &str,
    ) -> Result<Vec<u8>, TabletopError> {
        let part = self.part(step, seed);
        let key = self.key.as_ref().ok_or_else(|| trouble("a step needs a key its person has not"));
        if step.encrypted {
            let outer = Header { subject: "...".to_owned(), ..inner.clone() };
            let part = part.protected(inner, &outer, Hp::Cipher).map_err(trouble)?;
            let bytes = compose::signable(&part);
            let armored = key?.seal(&bytes, team, step.at).map_err(trouble)?;
            return compose::encrypted(&outer, &armored, seed).map_err(trouble);
        }
        if step.signed {
            let signed = key?.sign_detached(&compose::signable(&part), step.at).map_err(trouble)?;
            let signature = DetachedSignature { armored: &signed.armored, micalg: signed.micalg };
            return compose::signed(inner, &part, &signature, seed).map_err(trouble);
        }
        compose::plain(inner, &part).map_err(trouble)
    }

    fn part(&self, step: &Step, seed: &str) -> Part {
        let quote = self.answered(step).filter(|_| step.quotes).map(Received::quoted);
        let text = compose::text_part(&(self.words(step) + &quote.unwrap_or_default()));
        match (&self.key, step.key) {
            (Some(key), true) => {
                let armored = key.certificate().armored();
                let kind = "application/pgp-keys";
                let key = compose::attachment("openpgp-key.asc", kind, armored.as_bytes());
                compose::mixed(&[text, key], seed)
            }
            _ => text,
        }
    }
}

/// A key for the exercise, as old as its first day.
pub fn new_key(name: &str, address: &Address, born: Timestamp) -> Result<TeamKey, TabletopError> {
    let made = TeamKey::generate(name, address, Profile::Rfc4880, born).map_err(trouble)?;
    Ok(made.key)
}
