//! `/siren approve <digest>`: one of two words for exactly these octets.

use super::place;
use super::preview::{ahead, refused, with_preview};
use crate::case::{Case, Deed, NoticeDraft};
use crate::command::words::Words;
use crate::command::{Asked, Plea, Refusal, Ruling, dates};
use crate::siren::Post;
use crate::siren::standing::{is_approved, post_of};
use jiff::Timestamp;

pub fn approve(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let digest = words.word("the digest of the notice")?.to_ascii_lowercase();
    let (notice, post) = of_digest(case, asked, &digest)?;
    let me = asked.by.handle.as_str();
    if notice.held.is_none() && notice.approved_by(&digest).contains(&me) {
        return Ok(Ruling::nothing("You have approved exactly this already."));
    }
    let coordinator = asked.is_coordinator();
    let deed = Deed::NoticeApproved { notice: notice.number, digest: digest.clone(), coordinator };
    let ruling = Ruling::of(deed, String::new());
    let after = ahead(&ruling, case, asked);
    let enough = after
        .notice(notice.number)
        .is_some_and(|notice| is_approved(&place(asked, &after), notice, &digest));
    let ruling = Ruling { answer: answer(asked, notice, enough), ..ruling };
    let ruling = with_preview(ruling, notice.number, (case, asked));
    // What usually comes next is said by whoever is asked for it.
    let ruling =
        Ruling { next: Vec::new(), plea: plea(asked, notice, (enough, &digest)), ..ruling };
    Ok(ruling.after(format!(
        "it approves a post to {}, which everybody can read and nobody can take back",
        post.to()
    )))
}

/// The open notice that would be posted under this digest now.
fn of_digest<'a>(
    case: &'a Case,
    asked: &Asked<'_>,
    digest: &str,
) -> Result<(&'a NoticeDraft, Post), Refusal> {
    let open = || case.notices.iter().filter(|notice| notice.is_open());
    let mut findings = Vec::new();
    for notice in open() {
        match post_of(&place(asked, case), notice) {
            Ok(post) if post.digest(&asked.rules.secrets) == digest => return Ok((notice, post)),
            Ok(_) => {}
            Err(found) => findings.extend(found),
        }
    }
    Err(match (open().next().is_none(), findings.is_empty()) {
        (true, _) => Refusal::new("No notice is on its way in this case."),
        (_, false) => refused(&findings),
        (_, true) => Refusal::new(
            "No notice of this case has that digest now: it was mistyped, or the text, the list or \
             the instant has changed since you read it. /siren shows it as it is.",
        ),
    })
}

fn answer(asked: &Asked<'_>, notice: &NoticeDraft, enough: bool) -> String {
    let number = notice.number;
    if !enough {
        return format!(
            "You approve notice {number}. A second member approves the same digest, one of you two \
             a coordinator; until then it waits."
        );
    }
    let delay = asked.rules.letters.send_delay;
    let soonest = asked.now.checked_add(delay).unwrap_or(asked.now);
    let at: Timestamp = notice.at.unwrap_or(soonest).max(soonest);
    format!(
        "Notice {number} is approved by two. It is posted to {} on {}, if nothing stands against \
         it then. Until then /siren hold stops it.",
        notice.list,
        dates::told(at, asked)
    )
}

/// Others who read the case are asked for the second word.
fn plea(asked: &Asked<'_>, notice: &NoticeDraft, (enough, digest): (bool, &str)) -> Option<Plea> {
    (!enough).then(|| Plea {
        asks: format!(
            "{} has approved notice {} for the list {}. It needs a second word, one of the two a \
             coordinator's. /siren shows it word for word.",
            asked.by.handle, notice.number, notice.list
        ),
        line: format!("/siren approve {digest}"),
        does: "shows it to you once more, and asks you to confirm".to_owned(),
    })
}
