//! What stands around a notice: labels, embargoes, whether it was posted, when it is.

use super::{Finding, Look, finding, when};
use crate::case::{EmbargoState, NoticeKind, Tlp};
use crate::limits::NOTICE_DATE_DAYS;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use strum::VariantArray;

/// Nothing goes further than its label lets it (G14).
pub(super) fn labels(look: &Look<'_>) -> Vec<Finding> {
    let (case, said, list) = (look.around.tlp, look.said.tlp, look.around.list);
    let highest = if look.is_public_list() { Tlp::Clear } else { list.highest_tlp };
    let mut found = Vec::new();
    if case > highest {
        let what = "Its case is {case}, and this list takes nothing above {highest}. Loosen it \
                    with /tlp, if everybody it binds has agreed.";
        found.push(finding("G14", "", labelled(what, case, highest)));
    }
    if said > highest {
        let what = "It is labelled {case}, and this list takes nothing above {highest}. Send \
                    /siren edit tlp and that label.";
        found.push(finding("G14", "tlp", labelled(what, said, highest)));
    }
    if said < case {
        let what = "Its case is {case}, and the notice calls itself {highest}. Loosen the case \
                    with /tlp, or label the notice {case}.";
        found.push(finding("TLP", "tlp", labelled(what, case, said)));
    }
    found.extend(foreign_labels(look));
    found
}

fn labelled(what: &str, case: Tlp, highest: Tlp) -> String {
    what.replace("{case}", &case.label()).replace("{highest}", &highest.label())
}

/// Words copied from somewhere under a stricter label bring that label with them.
fn foreign_labels(look: &Look<'_>) -> Option<Finding> {
    let labels = Tlp::VARIANTS.iter().filter(|tlp| **tlp > look.said.tlp);
    let labels: Vec<String> = labels.map(|tlp| tlp.label()).collect();
    let stricter = |text: &str| {
        let upper = text.to_ascii_uppercase().replace("TLP: ", "TLP:");
        labels.iter().any(|label| upper.contains(label))
    };
    let part = look.part_with(stricter);
    let what = "Its words hold the label of something that is not for this list. Take out what \
                stood under that label.";
    when(!part.is_empty(), "TLP", part, what)
}

/// Public lists get what is public; the lists that are told before, what is not.
pub(super) fn secrecy(look: &Look<'_>) -> Vec<Finding> {
    let around = look.around;
    let in_force = matches!(around.embargo, EmbargoState::Active | EmbargoState::Revise);
    let mut found = Vec::new();
    if !look.is_public_list() {
        let what = "It is public already. Post it to a public list instead.";
        found.extend(when(around.public, "D1", "", what));
        return found;
    }
    if in_force {
        let until = around.embargo_until.map(|at| format!(" until {at}")).unwrap_or_default();
        let what =
            format!("Its case is under an embargo{until}. Nothing is posted before its end.");
        found.push(finding("embargo", "", what));
    }
    let what = "That it is public is not on record as a fact. Say /fact public with where it can \
                be read; under an embargo a second person signs that too.";
    found.extend(when(!around.public, "G14", "", what));
    found
}

/// Another case under an embargo names the same. Whoever may not read that case learns no more
/// than that a person has to be asked: not how many, not which, not why.
pub(super) fn held(look: &Look<'_>) -> Vec<Finding> {
    const HELD: &str = "Held: ask the duty coordinator.";
    let too = &look.around.embargoed_too;
    let readable = too.iter().flatten().map(|case| {
        let what = format!("{HELD} {case} names the same, and is under an embargo.");
        finding("held", "", what)
    });
    let hidden = when(too.iter().any(Option::is_none), "held", "", HELD);
    readable.chain(hidden).collect()
}

/// Nothing twice, and not too much in a day.
pub(super) fn once(look: &Look<'_>) -> Vec<Finding> {
    let around = look.around;
    let mut found = Vec::new();
    if let Some(before) = &around.posted_before {
        let what = format!(
            "The same ids were posted to this list already: {before}. Say what is new as an \
             update of that, or drop this one."
        );
        found.push(finding("twice", "ids", what));
    }
    // Whatever is posted a day later, today's posts no longer count.
    let today = |at| around.now.duration_until(at) < SignedDuration::from_hours(24);
    if around.at.is_none_or(today) && around.posted_today >= around.list.a_day {
        let what = format!(
            "{} of our posts went to this list in the last 24 hours, and {} is the most. Give it \
             a later instant with /siren at.",
            around.posted_today, around.list.a_day
        );
        found.push(finding("rate", "", what));
    }
    found
}

/// A first version begins a thread of its own; a later one follows what it replaces.
pub(super) fn thread(look: &Look<'_>) -> Vec<Finding> {
    let (heading, follows) = (look.notice.heading(), &look.around.references);
    let first = heading.kind == NoticeKind::First;
    let posted = heading.history.iter().any(|earlier| earlier.message_id.is_some());
    let named = |id: &crate::mail::MessageId| look.post.body.contains(id.as_str());
    let mut found = Vec::new();
    let what = "A new matter begins a thread of its own, and this follows another post.";
    found.extend(when(first && !follows.is_empty(), "O6", "", what));
    let lost = follows.is_empty() || !follows.iter().all(named);
    let what = "It replaces a post of ours without naming it, so nobody would find it from there. \
                Draft it from the notice that it replaces.";
    found.extend(when(!first && (lost || !posted), "thread", "", what));
    let what = "It replaces an earlier version. Say under \"Changes\" what is new, or why that \
                one is taken back.";
    found.extend(when(!first && look.said.changes.trim().is_empty(), "changes", "changes", what));
    found
}

/// The day in it is the day it is posted; or one shortly before, so that two members who read
/// their mail on different days can approve the same words.
pub(super) fn date(look: &Look<'_>) -> Vec<Finding> {
    let at = look.around.at.unwrap_or(look.around.now).max(look.around.now);
    let day = at.to_zoned(TimeZone::UTC).date();
    let what = match look.said.date {
        Some(date) if date == day => return Vec::new(),
        Some(date) if look.around.at.is_none() && is_recent(date, day) => return Vec::new(),
        Some(date) => format!("It is dated {date} and would be posted on {day} (UTC)."),
        None => format!("It has no date, and would be posted on {day} (UTC)."),
    };
    vec![finding("date", "date", format!("{what} Say Date: {day} in it."))]
}

fn is_recent(date: Date, day: Date) -> bool {
    let last = date.checked_add(NOTICE_DATE_DAYS.days());
    date <= day && last.is_ok_and(|last| day <= last)
}
