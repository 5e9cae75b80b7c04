//! Orders: a member's signed mail, from the verdict on it to what it makes true.
//!
//! ```text
//! authority ─▶ sheet ─▶ which case ─▶ run, on a scratch copy ─▶ confirm? ─▶ transcript, news
//!     │                                   │ one line refused        │ waits for /confirm
//!     └── not obeyed: told at the         └── nothing is done       └── nothing is done yet
//!         roster address
//! ```
//!
//! One mail is done whole or not at all. Whatever becomes of it, its signature is remembered and
//! never obeyed a second time.

mod again;
mod authority;
mod carried;
#[cfg(test)]
pub mod cast;
mod claim;
mod may;
mod opening;
mod outgoing;
mod plan;
mod run;
#[cfg(test)]
pub mod stage;
mod stop;
mod transcript;
mod which_case;

pub use carried::{Carried, News};
pub use claim::{join as join_claim, keep as keep_claim};
pub use plan::Plan;
pub use transcript::Enclosed;

use super::Opened;
use super::draft::Draft;
use crate::case::{Actor, CaseId, KeptOrders, Member, OrdersTaken, Outcome};
use crate::command::{self, sheet};
use authority::Authorised;
use jiff::Timestamp;
use run::Run;

/// Takes a member's signed mail. It is filed whatever it says.
pub fn take(draft: &mut Draft<'_>, opened: &Opened) {
    match authority::judge(draft, opened) {
        Ok(orders) => obey(draft, opened, orders),
        Err(refused) => authority::refuse(draft, opened, refused),
    }
}

/// A signed mail that is to be carried out, and how far it has been read.
pub struct Orders {
    pub member: Member,
    /// Digest of signer, bytes and time.
    pub id: String,
    pub made: Timestamp,
    pub key: String,
    pub encrypted: bool,
    /// The code of our answer.
    pub code: String,
    /// It held words that we had sent encrypted, in the clear.
    pub exposure: bool,
    /// When it came in.
    pub received: Timestamp,
    /// What the mail looked like: for `/ping`.
    pub seen: Vec<(String, String)>,
}

fn obey(draft: &mut Draft<'_>, opened: &Opened, authorised: Authorised) {
    let Authorised { orders, sheet } = authorised;
    let sheet = match sheet {
        Ok(sheet) => sheet,
        Err(unreadable) => {
            file(draft, opened, &orders, None);
            return transcript::unreadable(draft, &orders, &unreadable.to_string());
        }
    };
    let named = match which_case::named(draft, opened, &orders, &sheet) {
        Ok(named) => named,
        Err(why) => {
            file(draft, opened, &orders, None);
            return transcript::unreadable(draft, &orders, &why.what);
        }
    };
    file(draft, opened, &orders, named.first());
    if let Some(why) = unusable(&orders, &sheet) {
        return transcript::unreadable(draft, &orders, why);
    }
    if let Some(followed) = again::follow(draft, &orders, &sheet, &named) {
        return followed.settle(draft, &orders);
    }
    let plan = Plan::of(&sheet, named);
    Run::of(draft, &orders, &plan).settle(draft, &orders, &plan, None);
}

/// A mail in which there is nothing to carry out, or words that servers on the way have read.
fn unusable(orders: &Orders, sheet: &sheet::Sheet) -> Option<&'static str> {
    match (sheet.lines.is_empty(), sheet.text.is_empty()) {
        (true, true) => Some(
            "Nothing of your own was found in it, above the letter it answers or below. Write \
             above our first line.",
        ),
        (_, false) if !orders.encrypted => Some(
            "Words stood in it, and it came unencrypted. Commands alone may come so; mail with \
             words in it is to be encrypted too.",
        ),
        _ => None,
    }
}

/// Files the mail with the case it names, where its author may read that case.
fn file(draft: &mut Draft<'_>, opened: &Opened, orders: &Orders, case: Option<&CaseId>) {
    let handle = orders.member.handle.as_str();
    let readable = case.and_then(|id| draft.cases.case(id)).filter(|case| case.readable_by(handle));
    if let Some(id) = readable.map(|case| case.id.clone()) {
        draft.take_up(&id);
    }
    draft.file_by(Actor::Member(handle.to_owned()), opened);
}

/// The fact that a signed mail was read.
fn taken(orders: &Orders, outcome: Outcome) -> OrdersTaken {
    OrdersTaken {
        orders: orders.id.clone(),
        member: orders.member.handle.clone(),
        made: orders.made,
        outcome,
        changes: false,
        why: None,
        code: Some(orders.code.clone()),
        uses: None,
        private: KeptOrders::default(),
    }
}

/// Names of commands, for whoever reads a text.
fn is_command(name: &str) -> bool {
    command::named(name).is_some()
}

fn read(text: &str) -> Result<sheet::Sheet, sheet::Unreadable> {
    sheet::read(text, &is_command)
}

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod interlock_tests;
#[cfg(test)]
mod orders_tests;
#[cfg(test)]
mod props_tests;
