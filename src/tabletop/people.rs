//! The people of an exercise: their keys, and the mail they write.

use super::script::{Person, Step};
use super::{TabletopError, trouble};
use crate::mail::compose::{self, DetachedSignature, Header, Hp, Part};
use crate::mail::{Address, Mailbox, MessageId};
use crate::pgp::{Certificate, Profile, TeamKey};
use jiff::Timestamp;

/// Somebody who writes to the team.
pub struct Writer {
    pub mailbox: Mailbox,
    pub key: Option<TeamKey>,
    /// Message-ID of the newest letter they got.
    pub last_letter: Option<MessageId>,
}

impl Writer {
    pub fn new(person: &Person, born: Timestamp) -> Result<Writer, TabletopError> {
        let mailbox = Mailbox { name: person.name.clone(), address: person.address.clone() };
        let key = match person.key {
            true => Some(new_key(&person.name, &person.address, born)?),
            false => None,
        };
        Ok(Writer { mailbox, key, last_letter: None })
    }

    /// The mail of a step, as octets. `number` makes its Message-ID.
    pub fn write(
        &self,
        step: &Step,
        to: &Mailbox,
        team: &Certificate,
        number: usize,
    ) -> Result<Vec<u8>, TabletopError> {
        let id = format!("step{number}.{}", self.mailbox.address);
        let inner = Header {
            from: self.mailbox.clone(),
            to: to.clone(),
            reply_to: None,
            subject: step.subject.clone(),
            date: step.at,
            message_id: MessageId::parse(&id)
                .ok_or_else(|| trouble("a Message-ID cannot be made"))?,
            in_reply_to: self.last_letter.clone().filter(|_| step.answers),
            references: self.last_letter.iter().filter(|_| step.answers).cloned().collect(),
            auto_submitted: None,
            autocrypt: None,
        };
        let mail = self.protected(step, &inner, team, &format!("tabletop{number}"))?;
        let extra = step.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        Ok([extra.collect::<String>().into_bytes(), mail].concat())
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
        let text = compose::text_part(step.body.trim_start());
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
