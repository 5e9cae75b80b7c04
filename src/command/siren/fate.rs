//! When a notice leaves, what stops it, and how it is taken back.

use super::draft::{reason, successor};
use super::preview::with_preview;
use super::{may_write, open_notice};
use crate::case::{Deed, NoticeDraft, NoticeFate, NoticeKind, Words as Said};
use crate::command::words::Words;
use crate::command::{Asked, Other, Refusal, Ruling, dates};
use jiff::tz::TimeZone;

/// Of a posted notice whose letter has not left.
const STOPPED: &str = "stopped by a member";

pub fn at(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    may_write(asked, case)?;
    let notice = open_notice(words, case)?;
    let number = notice.number;
    let at = match words.keyword("now") {
        true => None,
        false => Some(dates::ahead(words, asked, "The instant of a post")?),
    };
    if at == notice.at {
        return Ok(Ruling::nothing("That is its instant already."));
    }
    let day = at.unwrap_or(asked.now).to_zoned(TimeZone::UTC).date();
    let mut statement = notice.statement.clone();
    statement.date = Some(day);
    let when = dates::told_or(at, asked, "as soon as two have approved it");
    let void =
        if notice.approvals.is_empty() { "" } else { " Who had approved it approves it anew." };
    let ruling = Ruling::of(
        Deed::NoticeTimed { notice: number, at },
        format!("Notice {number} is to be posted: {when}.{void}"),
    );
    let ruling = ruling.and(Deed::NoticeEdited { notice: number, private: statement });
    Ok(with_preview(ruling, number, (case, asked)))
}

/// By any member who may read the case; of a letter that has not left, too. Whoever names no notice
/// stops all of them.
pub fn hold(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let named = words.peek().and_then(|word| word.parse::<u32>().ok());
    let meant = |notice: &&NoticeDraft| named.is_none_or(|number| number == notice.number);
    let found: Vec<Stops> =
        case.notices.iter().filter(meant).filter_map(|notice| stops(notice, asked)).collect();
    if found.is_empty() {
        return open_notice(words, case).map(|_| Ruling::default());
    }
    if named.is_some() {
        words.optional();
    }
    let said = crate::command::show::line(words.rest());
    let by = &asked.by.handle;
    let why = if said.is_empty() { format!("by {by}") } else { format!("by {by}: {said}") };
    Ok(stopped(&found, &why, by))
}

/// What there is to stop.
enum Stops {
    Notice(u32),
    /// Of a notice whose letter is made and waits still.
    Letter(u32, u64),
}

fn stops(notice: &NoticeDraft, asked: &Asked<'_>) -> Option<Stops> {
    match &notice.fate {
        NoticeFate::Open => Some(Stops::Notice(notice.number)),
        NoticeFate::Dropped => None,
        NoticeFate::Posted { letter, .. } => {
            let posted = asked.cases.letter(*letter)?;
            posted.can_be_stopped().then_some(Stops::Letter(notice.number, *letter))
        }
    }
}

fn stopped(found: &[Stops], why: &str, by: &str) -> Ruling {
    let (mut ruling, mut answers) = (Ruling::default(), Vec::new());
    for one in found {
        match one {
            Stops::Notice(notice) => {
                answers.push(format!(
                    "Notice {notice} is held. It leaves only after two have approved it anew."
                ));
                let private = Said::of(why);
                ruling.deeds.push(Deed::NoticeHeld { notice: *notice, private });
            }
            Stops::Letter(notice, letter) => {
                answers.push(format!(
                    "Notice {notice} is stopped: its letter L{letter} had not left. Only signed \
                     mail lets it go: /release L{letter}"
                ));
                let why = format!("{STOPPED}: {by}");
                ruling.other.push(Other::LetterHeld { letter: *letter, why });
            }
        }
    }
    Ruling { answer: answers.join(" "), ..ruling }
}

pub fn retract(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    may_write(asked, case)?;
    if case.notices.iter().any(NoticeDraft::is_open) {
        let notice = open_notice(words, case)?;
        let why = reason(words, "why")?;
        let (number, private) = (notice.number, Said::of(&why));
        let answer = format!("Notice {number} is dropped. It was never posted.");
        return Ok(Ruling::of(Deed::NoticeDropped { notice: number, private }, answer));
    }
    let posted = case.notices.iter().rev().find(|one| one.as_revision().is_some());
    let Some(posted) = posted else {
        return Err(Refusal::new("There is no notice in this case to take back."));
    };
    if posted.heading.kind == NoticeKind::Withdrawal {
        return Err(Refusal::new("It is withdrawn already."));
    }
    let why = reason(words, "why")?;
    let number = case.notices.len() as u32 + 1;
    let next = successor(posted, NoticeKind::Withdrawal, &why, (case, asked));
    let answer = format!(
        "A post cannot be taken back. Notice {number} is drafted: it withdraws {}, and two approve \
         it like any other.",
        posted.heading.id
    );
    Ok(with_preview(Ruling::of(next.deed(number), answer), number, (case, asked)))
}
