//! A member's signed mail to us. Who it is, the key says; From is never believed.

use super::{Question, Rule, Triage, follow_up};
use crate::case::{Class, Member, Pathway};
use crate::mail::{Address, KeyOrigin, Mailbox, Signed};

pub const RULE: Rule = Rule { name: "orders", check };

fn check(question: &Question<'_>) -> Option<Triage> {
    let (member, _) = signer(question)?;
    if obstacle(question).is_some() {
        return None;
    }
    let why =
        format!("Signed by {}, with the key on the roster, and addressed to us.", member.handle);
    let mut triage = Triage::new(Class::Orders, Pathway::P0, why);
    // Its words are kept with their case; who may read that case, the desk asks.
    triage.belongs = follow_up::belonging(question).map(|(belongs, _)| belongs);
    if !question.sender().is_some_and(|from| writes_from(member, from)) {
        triage.because.push(format!("Its From is no address of {}.", member.handle));
    }
    Some(triage)
}

/// The member whose key on the roster made the one good signature over the whole mail.
pub fn signer<'a>(question: &Question<'a>) -> Option<(&'a Member, &'a Signed)> {
    let signed = question.mail.evidence.signed()?;
    let member = question.rules.roster.by_key(&signed.signer)?;
    (signed.key == KeyOrigin::OnRecord).then_some((member, signed))
}

/// Why a member's signature makes no orders. Whether orders are obeyed, the desk asks.
pub fn obstacle(question: &Question<'_>) -> Option<&'static str> {
    let ours = |to: &Mailbox| question.rules.is_ours(&to.address);
    let mut readers = question.mail.to.iter().chain(&question.mail.cc);
    if question.list.is_some() || !readers.any(ours) {
        return Some("it is not addressed to us");
    }
    None
}

pub fn writes_from(member: &Member, from: &Address) -> bool {
    member.address == *from || member.also_from.contains(from)
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;
