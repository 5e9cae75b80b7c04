//! Posts to lists as octets: signed in the form that the list's software keeps whole.
//!
//! A list sees a plain mail of one text, and behind it files, each a part of its own: no protected
//! header, since lists put a tag into the Subject; no key, no code, no line of ours. In the
//! cleartext form the files are not covered by the signature; their digests stand in the text
//! that is.

use super::dress::{DressError, Dresser, reader_key};
use crate::case::{PostList, SignForm};
use crate::letter::{Letter, NoticeFile, NoticePost, Protection};
use crate::mail::Mailbox;
use crate::mail::compose::{self, DetachedSignature, Header, Part};
use jiff::Timestamp;

/// Beyond, the text of a post is encoded; in the cleartext form, only beyond what mail allows:
/// there people may verify what they see.
const COLUMNS: usize = 76;
const LINE: usize = 998;

/// A post goes to its list, in the form that is configured for it; whatever differs from that is a
/// mistake of ours.
pub(super) fn refuse(
    letter: &Letter,
    post: &NoticePost,
    dresser: &Dresser,
) -> Result<(), DressError> {
    let list = dresser.lists.iter().find(|list| list.name == post.list);
    let reader = &letter.to;
    let to_it = list.is_some_and(|list| list.address == reader.address && is_for(post, list));
    let nobody = reader.member.is_none() && reader.participant.is_none();
    let protected = reader.protection == post.protection() || reader.protection == Protection::Kept;
    let bare = letter.files.is_empty() && letter.enclosed.is_empty() && reader.reply_to.is_none();
    let ours = post.from.address == dresser.team.address && !post.subject.trim().is_empty();
    match to_it && nobody && protected && bare && ours {
        true => Ok(()),
        false => Err(DressError::List),
    }
}

fn is_for(post: &NoticePost, list: &PostList) -> bool {
    let key = post.key.as_ref().map(|key| &key.fingerprint);
    post.sign == list.sign && key == list.key.as_ref().map(|key| &key.fingerprint)
}

/// The octets of a post.
pub(super) fn post(
    letter: &Letter,
    post: &NoticePost,
    dresser: &Dresser,
    now: Timestamp,
) -> Result<Vec<u8>, DressError> {
    let words = post.words(&dresser.team);
    let header = header(letter, post, &words.subject);
    let seed = letter.message_id.as_str().split('@').next().unwrap_or_default();
    let (clearsign, key) = (post.sign == SignForm::Clearsign, &dresser.key);
    let text = match clearsign {
        true => compose::list_text(&key.sign_cleartext(&words.body, now)?, LINE),
        false => compose::list_text(&words.body, COLUMNS),
    };
    let part = with_files(text, post, seed);
    let seal = |armored: String| Ok(compose::encrypted(&header, &armored, seed)?);
    match &letter.to.protection {
        Protection::Sealed { key: list, certificate } => {
            let list = reader_key(letter, dresser, list, certificate.as_deref())?;
            seal(key.seal(&compose::signable(&part), &list, now)?)
        }
        Protection::Kept => seal(key.seal_to_team(&compose::signable(&part), now)?),
        Protection::Public if clearsign => Ok(compose::plain(&header, &part)?),
        Protection::Public => {
            let made = key.sign_detached(&compose::signable(&part), now)?;
            let signature = DetachedSignature { armored: &made.armored, micalg: made.micalg };
            Ok(compose::signed(&header, &part, &signature, seed)?)
        }
        Protection::Signed => Err(DressError::List),
    }
}

fn with_files(text: Part, post: &NoticePost, seed: &str) -> Part {
    let file =
        |file: &NoticeFile| compose::attachment(&file.name, &file.kind, file.text.as_bytes());
    let parts: Vec<Part> =
        std::iter::once(text.clone()).chain(post.files.iter().map(file)).collect();
    if post.files.is_empty() { text } else { compose::mixed(&parts, seed) }
}

/// A person's word (RFC 3834 section 5 asks for no mark then). The loop mark is ours.
fn header(letter: &Letter, post: &NoticePost, subject: &str) -> Header {
    let to = Mailbox { name: String::new(), address: letter.to.address.clone() };
    Header {
        from: post.from.clone(),
        to,
        reply_to: None,
        subject: subject.to_owned(),
        date: letter.written,
        message_id: letter.message_id.clone(),
        in_reply_to: letter.references.last().cloned(),
        references: letter.references.clone(),
        auto_submitted: None,
        autocrypt: None,
        loop_mark: Some(post.from.address.clone()),
    }
}
