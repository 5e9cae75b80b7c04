//! `/again` mends refused orders, `/confirm` lets waiting ones go: both run what was kept, anew.

use super::plan::Plan;
use super::run::Run;
use super::which_case::{Named, case_line};
use super::{Orders, transcript};
use crate::case::{Orders as Kept, Outcome, orders_end};
use crate::command::Refusal;
use crate::command::sheet::Sheet;
use crate::desk::draft::Draft;

/// Earlier orders, ready to run again; or why not.
pub enum Followed {
    Runs { plan: Box<Plan>, uses: String, confirmed: Option<String> },
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
    if sheet.lines.len() > 1 || !sheet.text.is_empty() {
        let why = "/again and /confirm stand alone in a mail of their own, without words below. \
                   Your code still holds: send that line again."
            .to_owned();
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
    /// Line number, and what is to stand there instead; 0 puts a `/case` above the first.
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
    let mends = match case_line(rest) {
        Some(_) => Some((0, rest)),
        None => number.parse().ok().map(|number: usize| (number, mended.trim())),
    };
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
        mend(&mut lines, number, mended)?;
    }
    let certain = what.case.clone().filter(|_| what.certain);
    let explicit = lines.iter().filter_map(|line| case_line(line)).collect();
    let (base, answers) = (what.case.clone(), what.answers);
    let named = Named { base, certain, answers, explicit };
    let mut plan = Plan::again(lines, what.text.clone(), named);
    // From the first time on: `+2d` means the same day in every preview of it.
    plan.since = Some(what.since.unwrap_or(kept.at));
    let confirmed = asked.confirms.then(|| what.digest.clone());
    let plan = Box::new(plan);
    Ok(Followed::Runs { plan, uses: kept.taken.orders.clone(), confirmed })
}

fn mend(lines: &mut Vec<String>, number: usize, mended: &str) -> Result<(), Refusal> {
    if number == 0 && case_line(mended).is_some() {
        lines.insert(0, mended.to_owned());
        return Ok(());
    }
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
    Ok(())
}
