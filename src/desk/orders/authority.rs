//! Who is obeyed: one function, one verdict. From is neither believed nor answered; identity is
//! the certificate on the roster, and whatever is refused is told to its owner.

use super::{Orders, read, taken};
use crate::case::{Actor, Event, Member, Outcome};
use crate::command::sheet::{Sheet, Unreadable};
use crate::desk::draft::Draft;
use crate::desk::{Opened, SignedWords, notify};
use crate::letter::NotObeyed;
use crate::limits::SIGNATURE_AHEAD;
use crate::mail::{Mailbox, replay_id};

/// Orders that are obeyed, as far as their author goes.
pub struct Authorised {
    pub orders: Orders,
    pub sheet: Result<Sheet, Unreadable>,
}

/// Orders that are not.
pub struct Refused {
    member: Option<Member>,
    orders: Option<Orders>,
    why: String,
    /// Somebody sends again what was read already.
    replay: bool,
}

/// The contract's "Accepted means", in its order.
pub fn judge(draft: &Draft<'_>, opened: &Opened) -> Result<Authorised, Box<Refused>> {
    let nobody = |why: &str| {
        let (member, orders, why) = (None, None, why.to_owned());
        Box::new(Refused { member, orders, why, replay: false })
    };
    let Some(words) = &opened.signed else {
        return Err(nobody("its signature could not be verified a second time"));
    };
    let Some(member) = draft.rules.roster.by_key(&words.signed.signer) else {
        return Err(nobody("its key is on nobody's name here"));
    };
    let orders = orders(draft, opened, words, member);
    if let Some(why) = obstacle(draft, opened, words, member) {
        let replay = draft.cases.orders(&orders.id).is_some();
        let member = Some(member.clone());
        return Err(Box::new(Refused { member, orders: Some(orders), why, replay }));
    }
    Ok(Authorised { orders, sheet: read(&words.text) })
}

fn obstacle(
    draft: &Draft<'_>,
    opened: &Opened,
    words: &SignedWords,
    member: &Member,
) -> Option<String> {
    let signed = &words.signed;
    let age = draft.now.duration_since(signed.made);
    let limit = draft.rules.letters.signature_age;
    let why = match () {
        () if draft.cases.orders(&replay_id(signed)).is_some() => {
            "The same signed words came before. Signed words are carried out once; what became of \
             them we told you then."
        }
        () if draft.cases.accepted_key(member).is_none() => {
            "Your key is new here: another coordinator has to accept it first, with /key accept, \
             or somebody at the gateway's terminal. Until then nothing signed with it is obeyed."
        }
        () if before_accepted(draft, words, member) => {
            "You signed it before your key was accepted here. Please write it anew."
        }
        () if !signed.alive_now => "Your key has expired or was revoked.",
        () if signed.meant_for_others => "You signed it for other readers than us.",
        () if !addressed(draft, opened) => "It is not addressed to us.",
        () if age > limit => return Some(too_old(limit)),
        () if age < -jiff::SignedDuration::try_from(SIGNATURE_AHEAD).unwrap_or_default() => {
            "It is signed in the future. Is the clock of your machine right?"
        }
        () if !from_member(words, opened, member) => {
            "Its From is not one of your addresses on the roster."
        }
        () => return form(words),
    };
    Some(why.to_owned())
}

/// A signature says whole seconds.
fn before_accepted(draft: &Draft<'_>, words: &SignedWords, member: &Member) -> bool {
    let since = draft.cases.accepted_key(member).and_then(|accepted| accepted.since);
    since.is_some_and(|since| words.signed.made.as_second() < since.as_second())
}

fn too_old(limit: jiff::SignedDuration) -> String {
    format!(
        "You signed it more than {} hours ago. Please write it anew, if you still want it.",
        limit.as_hours()
    )
}

fn addressed(draft: &Draft<'_>, opened: &Opened) -> bool {
    let mail = &opened.mail;
    mail.to.iter().chain(&mail.cc).any(|to| draft.rules.is_ours(&to.address))
}

/// Every From there is, inside the signature and outside, is theirs.
fn from_member(words: &SignedWords, opened: &Opened, member: &Member) -> bool {
    let theirs =
        |from: &Mailbox| member.address == from.address || member.also_from.contains(&from.address);
    let outside = opened.mail.from.as_slice();
    outside.len() == 1 && outside.iter().chain(&words.from).all(theirs)
}

/// Signed by the right person, and yet not to be read as commands.
fn form(words: &SignedWords) -> Option<String> {
    if let Some(why) = &words.not_for_orders {
        return Some(format!("It cannot be read as commands. {why}"));
    }
    words.text_cut.then(|| "Its text is too long to be read to the end.".to_owned())
}

fn orders(draft: &Draft<'_>, opened: &Opened, words: &SignedWords, member: &Member) -> Orders {
    let id = replay_id(&words.signed);
    let code = draft.rules.secrets.orders_code(&id, &member.address);
    Orders {
        member: member.clone(),
        made: words.signed.made,
        key: words.signed.signer.short(),
        encrypted: words.encrypted,
        exposure: draft.exposure.is_some(),
        received: opened.arrival.received,
        seen: super::carried::seen(opened, words),
        id,
        code,
    }
}

/// Signed within the time that orders hold for, by our clock.
fn is_new(draft: &Draft<'_>, orders: &Orders) -> bool {
    let age = draft.now.duration_since(orders.made);
    !age.is_negative() && age <= draft.rules.letters.signature_age
}

/// Kept, journaled, and told at the roster address, without a line of it.
pub fn refuse(draft: &mut Draft<'_>, opened: &Opened, refused: Box<Refused>) {
    let Some(member) = refused.member else {
        draft.file(opened, None);
        return;
    };
    draft.file_by(Actor::Member(member.handle.clone()), opened);
    let by = Actor::Member(member.handle.clone());
    match (&refused.orders, refused.replay) {
        (Some(orders), false) => {
            let mut fact = taken(orders, Outcome::Refused);
            fact.why = Some(refused.why.clone());
            fact.code = None;
            draft.note(by, Event::OrdersTaken(fact));
        }
        _ => {
            let (member, why) = (member.handle.clone(), refused.why.clone());
            draft.note(by, Event::OrdersRefused { member, why });
        }
    }
    let new = !refused.replay && refused.orders.as_ref().is_some_and(|one| is_new(draft, one));
    let told = NotObeyed {
        received: opened.arrival.received,
        signed: refused.orders.as_ref().map(|orders| orders.made),
        key: refused.orders.map(|orders| orders.key),
        why: vec![refused.why],
        claim: false,
    };
    notify::not_obeyed(draft, &member, (told, new));
}
