//! What a list of distributions, which is told before, takes: D1 to D9.

use super::{Finding, Look, finding, when};
use crate::case::{Exploited, Manners, ReferenceKind, Severity, SignForm};
use crate::limits::{DISTROS_DAYS, DISTROS_EXPLOITED_DAYS};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub(super) fn rules(look: &Look<'_>) -> Vec<Finding> {
    if look.around.list.manners != Manners::Distros {
        return Vec::new();
    }
    let mut found = matter(look);
    found.extend(form(look));
    found.extend(upstream(look));
    found.extend(public_date(look));
    found
}

/// D1, D8: medium or worse, not public, and told for its own sake.
fn matter(look: &Look<'_>) -> Vec<Finding> {
    let said = look.said;
    let slight = said.severity.is_none_or(|severity| severity < Severity::Medium);
    let what = "This list takes what is of medium severity or worse. Say which it is.";
    let mut found: Vec<Finding> = when(slight, "D1", "severity", what).into_iter().collect();
    let readable = said.references.iter().any(|one| one.kind == ReferenceKind::Fix);
    let what = "A fix that anybody can read makes it public: post it to oss-security instead.";
    found.extend(when(readable, "D8", "references", what));
    found
}

/// D3, D4: nothing telling in the Subject, and encrypted with all that is attached.
fn form(look: &Look<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let subject = look.post.subject.to_ascii_lowercase();
    let title = look.said.title.to_ascii_lowercase();
    let telling = (!title.is_empty() && subject.contains(&title))
        || look.said.ids.iter().any(|id| subject.contains(&id.to_ascii_lowercase()));
    let what = "The Subject travels in the clear: it holds [vs] and nothing that tells.";
    found.extend(when(telling || !subject.contains("[vs]"), "D3", "title", what));
    let what = "We write to this list encrypted, and its key is not in the settings.";
    found.extend(when(look.around.list.key.is_none(), "D4", "", what));
    let loose = !look.post.files.is_empty() && look.post.sign == SignForm::Clearsign;
    let what = "This list opens no files that are encrypted one by one: its settings need \
                sign = \"pgp-mime\", or no formats.";
    found.extend(when(loose, "D4", "", what));
    found
}

/// D2, D6: the maintainers first, then one of the two lists.
fn upstream(look: &Look<'_>) -> Vec<Finding> {
    let told: Vec<String> =
        look.said.told_before.iter().map(|one| one.to_ascii_lowercase()).collect();
    let knows = |word: &str| told.iter().any(|one| one.contains(word));
    let mut found = Vec::new();
    let what = "Tell the maintainers first, and make sure that they accept the date. Then say \
                under \"Told before\": upstream.";
    let maintainers = ["upstream", "maintainer", "vendor"].into_iter().any(knows);
    found.extend(when(!maintainers, "D6", "told", what));
    let what = "It was told to a list of distributions already. One of the two is enough.";
    found.extend(when(knows("distros"), "D2", "told", what));
    found
}

/// D5, D9: a definite instant, soon, on a working day, and the one that was agreed on.
fn public_date(look: &Look<'_>) -> Vec<Finding> {
    let around = look.around;
    let Some(on) = look.said.public_on else {
        let what = "Propose a definite date and time at which it becomes public: \
                    Public on: 2026-06-03 14:00 UTC.";
        return vec![finding("D5", "public", what)];
    };
    let posted = around.at.unwrap_or(around.now).max(around.now);
    let within = |days: i64| later(posted, days).is_none_or(|last| on <= last);
    let day = on.to_zoned(TimeZone::UTC).weekday();
    let weekend = matches!(day, Weekday::Friday | Weekday::Saturday | Weekday::Sunday);
    let agreed = around.embargo_until.is_none_or(|until| until == on);
    let hurry = look.said.exploited == Exploited::Yes && !within(DISTROS_EXPLOITED_DAYS);
    let far = format!("This list keeps nothing longer than {DISTROS_DAYS} days.");
    let wanted: [(bool, &'static str, &str); 5] = [
        (on <= posted, "D5", "The public date has passed when it is posted."),
        (!within(DISTROS_DAYS), "D5", &far),
        (weekend, "D5", "The public date is near a weekend, when nobody can install anything."),
        (!agreed, "D5", "The public date is not the end of the embargo that was agreed on."),
        (hurry, "D9", "It is exploited already: it becomes public within two days, or at once."),
    ];
    wanted.into_iter().filter_map(|(so, rule, what)| when(so, rule, "public", what)).collect()
}

fn later(from: Timestamp, days: i64) -> Option<Timestamp> {
    from.checked_add(SignedDuration::from_hours(days * 24)).ok()
}
