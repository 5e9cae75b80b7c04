//! Which case orders are about: only signed bytes name it. Thread and envelope may not contradict.

use super::Orders;
use crate::case::CaseId;
use crate::command::Refusal;
use crate::command::sheet::Sheet;
use crate::desk::Opened;
use crate::desk::draft::Draft;

/// The cases that a mail names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Before any `/case`.
    pub base: Option<CaseId>,
    /// By a `/case`, in order.
    pub explicit: Vec<CaseId>,
    /// By a case line with a code that we gave to this member.
    pub certain: Option<CaseId>,
    /// When the letter they answer was written, and what it was.
    pub answers: Option<u64>,
}

impl Named {
    pub fn first(&self) -> Option<&CaseId> {
        self.base.as_ref().or(self.explicit.first())
    }
}

pub fn named(
    draft: &Draft<'_>,
    opened: &Opened,
    orders: &Orders,
    sheet: &Sheet,
) -> Result<Named, Refusal> {
    let explicit = sheet.lines.iter().filter_map(|line| case_line(&line.text)).collect();
    let mut named = Named { explicit, ..Named::default() };
    if let Some((case, letter)) = by_code(draft, orders, sheet)? {
        named.certain = Some(case.clone());
        named.base = Some(case);
        named.answers = Some(letter);
    } else {
        named.base = by_subject(draft, opened);
    }
    // A `/case` on the first line stands for whatever the Subject says.
    if sheet.lines.first().is_some_and(|line| case_line(&line.text).is_some()) {
        named.base = named.base.filter(|_| named.certain.is_some());
    }
    contradicted(opened, &named)?;
    Ok(named)
}

/// `/case SIRT-2026-4827`
pub fn case_line(line: &str) -> Option<CaseId> {
    let mut words = line.trim_start_matches('/').split_whitespace();
    let name = words.next().filter(|name| name.eq_ignore_ascii_case("case"));
    name.and(words.next()).and_then(|id| CaseId::parse(&id.to_ascii_uppercase()))
}

/// The one case whose line stands in the mail with a code we gave to this very member.
fn by_code(
    draft: &Draft<'_>,
    orders: &Orders,
    sheet: &Sheet,
) -> Result<Option<(CaseId, u64)>, Refusal> {
    let mut found: Option<(CaseId, u64)> = None;
    for line in &sheet.case_lines {
        let letter = draft.cases.letter_with_code(&line.code).filter(|letter| {
            letter.member.as_ref() == Some(&orders.member.handle)
                && letter.case.as_ref() == Some(&line.case)
        });
        let Some(letter) = letter else { continue };
        if found.as_ref().is_some_and(|(case, _)| *case != line.case) {
            return Err(Refusal::new(
                "Case lines of two cases stand in it. Keep one, or name the case with /case.",
            ));
        }
        found = Some((line.case.clone(), letter.number));
    }
    Ok(found)
}

fn by_subject(draft: &Draft<'_>, opened: &Opened) -> Option<CaseId> {
    let subject = opened.signed.as_ref()?.subject.as_deref()?;
    let prefix = &draft.rules.team.case_prefix;
    let numbers = CaseId::find_all(subject, prefix);
    match numbers.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// What stands outside the signature selects nothing, but it may not say otherwise: a mail may
/// have been put into another envelope.
fn contradicted(opened: &Opened, named: &Named) -> Result<(), Refusal> {
    let Some(outside) = &opened.triage.belongs else { return Ok(()) };
    let names = named.base.iter().chain(&named.explicit);
    let mut names = names.peekable();
    if names.peek().is_none() || names.any(|case| *case == outside.case) {
        return Ok(());
    }
    Err(Refusal::new(
        "What you signed names one case, and the thread or address it came by belongs to another. \
         Please write it anew, as an answer to a letter of the right case.",
    ))
}
