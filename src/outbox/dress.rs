//! Letter to bytes: rendered, composed, signed, encrypted to exactly one key. Done once.
//!
//! What a letter may not be is refused here a last time, whatever the desk asked for: detail in
//! the clear, a letter for the team to somebody who is not in it, anything but a post to a list.

use super::{Envelope, Sealed, posts};
use crate::case::{PostList, Team};
use crate::letter::{
    Automatic, Detail, Enclosure, Letter, Protection, TemplateError, Templates, Wording, Words,
};
use crate::mail::compose::{self, AutoSubmitted, DetachedSignature, Header, Hp, Part, Unwritable};
use crate::mail::{Fingerprint, Mailbox};
use crate::pgp::{Certificate, KeyError, KeyTrouble, SealError, TeamKey};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The name of our certificate as a file, the same as where it is published.
const KEY_FILE: &str = "team.asc";
/// A mail in a letter; where it cannot stand there as one, it is a file like any other.
const MAIL: &str = "message/rfc822";
const OCTETS: &str = "application/octet-stream";

/// What letters are dressed with. One for all, from any thread.
pub struct Dresser {
    pub templates: Templates,
    pub team: Team,
    pub key: TeamKey,
    /// The roster's certificates, by handle.
    pub members: BTreeMap<String, Certificate>,
    /// Where posts may go, and nothing else.
    pub lists: Vec<PostList>,
}

/// A finished letter.
#[derive(Clone)]
pub struct Dressed {
    pub sealed: Sealed,
    /// Sealed to the team itself: it may be kept, and must not be sent.
    pub kept: bool,
}

/// Why there are no bytes. Nothing leaves then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DressError {
    /// A mistake of ours: this wording, or a letter with files, may never go unencrypted.
    #[error("a letter with detail was to go unencrypted")]
    Unprotected,
    /// A mistake of ours: this wording is for members.
    #[error("a letter for the team was to go to somebody outside")]
    Outside,
    /// A mistake of ours: to a list goes a post made for it, and a post goes nowhere else.
    #[error("a post was to go to somebody else than its list, or another letter to a list")]
    List,
    #[error("{0}")]
    Template(#[from] TemplateError),
    /// The reader's key: the letter is to be held, kept as [`Protection::Kept`].
    #[error("{0}")]
    Key(#[from] KeyFault),
    #[error("our own key: {0}")]
    Ours(KeyError),
    #[error("{0}")]
    Unwritable(#[from] Unwritable),
    #[error("the cryptographic library failed")]
    Failed,
}

/// What is wrong with the key a letter was to be encrypted to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("there is no key to encrypt to")]
    Missing,
    #[error("the key that is there is another one than the letter was written for")]
    Another,
    #[error("{0}")]
    Trouble(KeyTrouble),
}

impl From<SealError> for DressError {
    fn from(error: SealError) -> DressError {
        match error {
            SealError::Trouble(trouble) => DressError::Key(KeyFault::Trouble(trouble)),
            SealError::Ours(error) => DressError::Ours(error),
            SealError::Failed => DressError::Failed,
        }
    }
}

/// The bytes of a letter, signed at `now`. They are kept, and the same at every attempt.
///
/// # Errors
/// See [`DressError`]; `Key` is the one that a person can mend.
pub fn dress(letter: &Letter, dresser: &Dresser, now: Timestamp) -> Result<Dressed, DressError> {
    refuse(letter, dresser)?;
    let bytes = match letter.wording.as_given() {
        Some(post) => posts::post(letter, post, dresser, now)?,
        None => written(letter, dresser, now)?,
    };
    let envelope = Envelope { from: letter.return_path.clone(), to: letter.to.address.clone() };
    let sealed = Sealed { envelope, message_id: letter.message_id.clone(), bytes };
    Ok(Dressed { sealed, kept: letter.to.protection == Protection::Kept })
}

/// A letter to one person, in the words of its template.
fn written(letter: &Letter, dresser: &Dresser, now: Timestamp) -> Result<Vec<u8>, DressError> {
    let words = dresser.templates.words(letter, &dresser.team)?;
    let draft = Draft::new(letter, dresser, &words);
    match &letter.to.protection {
        Protection::Signed => draft.signed(dresser, now),
        Protection::Sealed { key, certificate } => {
            let reader = reader_key(letter, dresser, key, certificate.as_deref())?;
            draft.encrypted(|bytes| dresser.key.seal(bytes, &reader, now))
        }
        Protection::Kept => draft.encrypted(|bytes| dresser.key.seal_to_team(bytes, now)),
        Protection::Public => Err(DressError::List),
    }
}

/// A letter between its words and its protection.
struct Draft<'a> {
    outer: Header,
    inner: Header,
    part: Part,
    /// Makes boundaries. The Message-ID cannot be guessed by whoever wrote words in the letter.
    seed: &'a str,
}

impl<'a> Draft<'a> {
    fn new(letter: &'a Letter, dresser: &Dresser, words: &Words) -> Draft<'a> {
        let outer = header(letter, dresser, &words.outer);
        let inner = Header { subject: words.subject.clone(), autocrypt: None, ..outer.clone() };
        let seed = letter.message_id.as_str().split('@').next().unwrap_or_default();
        let mut parts = vec![compose::text_part(&words.body)];
        parts.extend(letter.wording.form().with_key.then(|| team_key(dresser)));
        parts.extend(letter.files.iter().filter_map(enclosed));
        let part = match parts.as_slice() {
            [text] => text.clone(),
            parts => compose::mixed(parts, seed),
        };
        Draft { outer, inner, part, seed }
    }

    fn signed(self, dresser: &Dresser, now: Timestamp) -> Result<Vec<u8>, DressError> {
        let part = self.part.protected(&self.inner, &self.outer, Hp::Clear)?;
        let made = dresser.key.sign_detached(&compose::signable(&part), now)?;
        let signature = DetachedSignature { armored: &made.armored, micalg: made.micalg };
        Ok(compose::signed(&self.outer, &part, &signature, self.seed)?)
    }

    fn encrypted(
        self,
        seal: impl FnOnce(&[u8]) -> Result<String, SealError>,
    ) -> Result<Vec<u8>, DressError> {
        let part = self.part.protected(&self.inner, &self.outer, Hp::Cipher)?;
        let armored = seal(&compose::signable(&part))?;
        Ok(compose::encrypted(&self.outer, &armored, self.seed)?)
    }
}

fn team_key(dresser: &Dresser) -> Part {
    let armored = dresser.key.certificate().armored();
    compose::attachment(KEY_FILE, "application/pgp-keys", armored.as_bytes())
}

/// One attachment. What could not be fetched is told in the letter's words instead.
fn enclosed(file: &Enclosure) -> Option<Part> {
    let Enclosure::Bytes { name, kind, bytes } = file else { return None };
    match kind.as_str() {
        MAIL => compose::enclosed_mail(name, bytes)
            .or_else(|| Some(compose::attachment(name, OCTETS, bytes))),
        kind => Some(compose::attachment(name, kind, bytes)),
    }
}

fn refuse(letter: &Letter, dresser: &Dresser) -> Result<(), DressError> {
    if let Some(post) = letter.wording.as_given() {
        return posts::refuse(letter, post, dresser);
    }
    let to_a_list = dresser.lists.iter().any(|list| list.address == letter.to.address);
    if to_a_list || letter.to.protection == Protection::Public {
        return Err(DressError::List);
    }
    let form = letter.wording.form();
    let clear = may_go_in_the_clear(&letter.wording) && letter.files.is_empty();
    if letter.to.protection == Protection::Signed && !clear {
        return Err(DressError::Unprotected);
    }
    if form.internal && letter.to.member.is_none() {
        return Err(DressError::Outside);
    }
    Ok(())
}

/// A member's words may, once that member has confirmed them; never with what somebody else wrote.
fn may_go_in_the_clear(wording: &Wording) -> bool {
    match (wording.form().detail, wording) {
        (Detail::None, _) => true,
        (Detail::InClear, Wording::OwnWordsClear(own)) => {
            own.words.is_none() && own.files.is_empty()
        }
        (Detail::InClear | Detail::Case, _) => false,
    }
}

/// The certificate to encrypt to: the roster's for a member, for others the one that came along.
/// It must be the very one the desk decided on.
pub(super) fn reader_key(
    letter: &Letter,
    dresser: &Dresser,
    key: &Fingerprint,
    armored: Option<&str>,
) -> Result<Certificate, KeyFault> {
    let candidates = match &letter.to.member {
        Some(handle) => dresser.members.get(handle).cloned().into_iter().collect(),
        None => armored
            .and_then(|armored| Certificate::parse_all(armored.as_bytes()).ok())
            .unwrap_or_default(),
    };
    if candidates.is_empty() {
        return Err(KeyFault::Missing);
    }
    candidates.into_iter().find(|one| one.fingerprint() == key).ok_or(KeyFault::Another)
}

fn header(letter: &Letter, dresser: &Dresser, subject: &str) -> Header {
    let team = &dresser.team;
    let from = Mailbox { name: team.name.clone(), address: team.address.clone() };
    // Clients pick the key by address: where a reply can be encrypted, it goes to the plain one.
    let reply_to = letter.to.reply_to.clone();
    let reply_to = reply_to.filter(|_| letter.to.protection == Protection::Signed);
    Header {
        to: addressed(letter),
        reply_to: reply_to.map(|address| Mailbox { name: team.name.clone(), address }),
        from,
        subject: subject.to_owned(),
        date: letter.written,
        message_id: letter.message_id.clone(),
        in_reply_to: letter.references.last().cloned(),
        references: letter.references.clone(),
        auto_submitted: automatic(&letter.wording),
        autocrypt: Some(dresser.key.certificate().bytes()),
        loop_mark: None,
    }
}

/// The one reader. A name outside the team is a stranger's word, perhaps one that came
/// encrypted: it is not repeated where servers read it.
fn addressed(letter: &Letter) -> Mailbox {
    let name = if letter.to.member.is_some() { letter.to.name.clone() } else { String::new() };
    Mailbox { name, address: letter.to.address.clone() }
}

/// RFC 3834 section 5.
fn automatic(wording: &Wording) -> Option<AutoSubmitted> {
    match wording.form().automatic {
        Automatic::No => None,
        Automatic::Replied => Some(AutoSubmitted::Replied),
        Automatic::Generated => Some(AutoSubmitted::Generated),
    }
}
