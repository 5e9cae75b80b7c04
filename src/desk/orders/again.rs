//! `/again` mends refused orders, `/confirm` lets waiting ones go: both run what was kept, anew.

use super::run::{Plan, Run};
use super::which_case::{Named, case_line};
use super::{Orders, transcript};
use crate::case::{Orders as Kept, Outcome, orders_end};
use crate::command::Refusal;
use crate::command::sheet::Sheet;
use crate::desk::draft::Draft;

/// Earlier orders, ready to run again; or why not.
pub enum Followed {
    Runs { plan: Plan, uses: String, confirmed: Option<String> },
    Refused(String),
}

impl Followed {
    pub fn settle(self, draft: &mut Draft<'_>, orders: &Orders) {
        match self {
            Followed::Refused(why) => transcript::unreadable(draft, orders, &why),
            Followed::Runs { plan, uses, confirmed } => {
                let run = Run::with(draft, orders, &plan, Some(uses));
                run.settle(draft, orders, &plan, confirmed.as_deref());
            }
        }
    }
}

/// Where the mail is one line `/again <code> …` or `/confirm <code>`, what it asks for.
pub fn follow(
    draft: &mut Draft<'_>,
    orders: &Orders,
    sheet: &Sheet,
    named: &Named,
) -> Option<Followed> {
    let asked = asked(sheet)?;
    if sheet.lines.len() > 1 {
        let why = "/again and /confirm stand alone in a mail of their own.".to_owned();
        return Some(Followed::Refused(why));
    }
    let refused = |refusal: Refusal| Followed::Refused(refusal.what);
    Some(
        kept(draft, orders, &asked, named)
            .and_then(|kept| runs(&kept, asked))
            .unwrap_or_else(refused),
    )
}

struct Asked<'a> {
    confirms: bool,
    code: &'a str,
    /// Line number, and what is to stand there instead.
    mends: Option<(usize, &'a str)>,
}

fn asked(sheet: &Sheet) -> Option<Asked<'_>> {
    let line = sheet.lines.iter().find(|line| {
        let name = line.text.split_whitespace().next().unwrap_or_default();
        ["/again", "/confirm"].iter().any(|known| name.eq_ignore_ascii_case(known))
            && line.text.split_whitespace().count() > 1
    })?;
    let (name, rest) = line.text.trim().split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let (code, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let rest = rest.trim();
    let (number, mended) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let mends = number.parse().ok().map(|number| (number, mended.trim()));
    Some(Asked { confirms: name.eq_ignore_ascii_case("/confirm"), code, mends })
}

/// The orders of that code, if they are this member's and still wait.
fn kept(
    draft: &mut Draft<'_>,
    orders: &Orders,
    asked: &Asked<'_>,
    named: &Named,
) -> Result<Kept, Refusal> {
    let none = || {
        Refusal::new(
            "That code is not one that waits for you: it was used, it is older than 24 hours, or \
             it is mistyped.",
        )
    };
    let code = asked.code.to_ascii_lowercase();
    let kept = draft.cases.orders_with_code(&code).ok_or_else(none)?;
    let wanted = if asked.confirms { Outcome::Waits } else { Outcome::Refused };
    let theirs = kept.taken.member == orders.member.handle && kept.taken.outcome == wanted;
    if !theirs || kept.used || orders_end(kept.at) < draft.now {
        return Err(none());
    }
    let elsewhere =
        named.first().is_some_and(|case| kept.case.as_ref().is_some_and(|of| of != case));
    if elsewhere {
        return Err(Refusal::new(
            "The code belongs to another case than your mail. Reply to the letter it stands in.",
        ));
    }
    if let Some(case) = kept.case.clone() {
        draft.take_up(&case);
    }
    Ok(kept.clone())
}

fn runs(kept: &Kept, asked: Asked<'_>) -> Result<Followed, Refusal> {
    let what = &kept.taken.private;
    let mut lines = what.lines.clone();
    if !asked.confirms {
        let (number, mended) = asked.mends.ok_or_else(|| {
            Refusal::new("Write the number of the line and what it is to be, or # to leave it out.")
        })?;
        let place = number
            .checked_sub(1)
            .and_then(|at| lines.get_mut(at))
            .ok_or_else(|| Refusal::new(format!("There was no line {number} in that mail.")))?;
        match mended.strip_prefix('/') {
            Some(_) => *place = mended.to_owned(),
            None if mended.starts_with('#') => place.clear(),
            None => {
                return Err(Refusal::new(
                    "What is to stand there begins with / , or is # to leave the line out.",
                ));
            }
        }
        lines.retain(|line| !line.is_empty());
    }
    let certain = what.case.clone().filter(|_| what.certain);
    let explicit = lines.iter().filter_map(|line| case_line(line)).collect();
    let named = Named { base: what.case.clone(), certain, explicit, ..Named::default() };
    let mut plan = Plan::again(lines, what.text.clone(), named);
    plan.since = Some(kept.at);
    let confirmed = asked.confirms.then(|| what.digest.clone());
    Ok(Followed::Runs { plan, uses: kept.taken.orders.clone(), confirmed })
}
