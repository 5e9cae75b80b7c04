//! `/siren seen`: posts of watched lists that may be worth a notice, newest first.

use crate::case::SeenPost;
use crate::command::page::{Block, Page};
use crate::command::words::Words;
use crate::command::{Asked, Refusal, Ruling, when};
use crate::limits::PAGE_ROWS;
use crate::mail::clean;

/// Characters of a subject in the list.
const SUBJECT: usize = 90;

pub fn seen(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let candidates: Vec<&SeenPost> = asked
        .cases
        .posts()
        .all()
        .rev()
        .filter(|seen| seen.is_candidate())
        .take(PAGE_ROWS)
        .collect();
    if candidates.is_empty() {
        return Ok(Ruling::nothing(
            "Nothing was seen on the watched lists that asks for a notice.",
        ));
    }
    let rows = candidates.iter().map(|seen| row(seen, asked)).collect();
    let head = vec!["Post", "Seen", "Why", "What"];
    let blocks = vec![
        Block::Heading(format!("{} posts that may be worth a notice", candidates.len())),
        Block::Table { head, rows },
        Block::Text("/siren draft and the number of a post makes a notice of it.".to_owned()),
    ];
    Ok(Ruling::page(Page { blocks }))
}

fn row(seen: &SeenPost, asked: &Asked<'_>) -> Vec<String> {
    let rules: Vec<String> = seen.reasons.iter().map(|one| one.rule.to_string()).collect();
    let what = format!("{} ({}): {}", seen.list, seen.post.kind, clean::line(&seen.post.subject));
    let at = when::both(seen.at, &asked.by.zone);
    vec![seen.id(), at, rules.join(" "), clean::cut(&what, SUBJECT)]
}
