//! Whether a post is a notice of ours that came back: those never become notices again.

use crate::mail::Fingerprint;

/// What a post bears that could be ours.
pub struct Traces<'a> {
    /// As it came, with the tags of lists.
    pub subject: &'a str,
    /// From List-Id, also of a mail passed on.
    pub list_ids: Vec<&'a str>,
    /// Keys of its good signatures, inside or around.
    pub signed_by: &'a [Fingerprint],
    /// Its own text, without quotes.
    pub text: &'a str,
}

/// How notices of ours are known.
pub struct Ours<'a> {
    pub case_prefix: &'a str,
    pub list_ids: Vec<&'a str>,
    pub key: &'a Fingerprint,
}

/// Lines at the head of a text in which a notice says its id.
const HEAD_LINES: usize = 6;

/// What shows that it is ours or has been on the SIREN list, as a sentence. Whoever only cites a
/// notice in the middle of a text is not silenced by that.
pub fn is_ours(traces: &Traces, ours: &Ours) -> Option<&'static str> {
    let list_ids = &traces.list_ids;
    if traces.signed_by.contains(ours.key) {
        return Some("Our key signed it.");
    }
    if traces.subject.to_ascii_lowercase().contains("[siren]") {
        return Some("It has been on the SIREN list.");
    }
    let of_ours = |id: &&str| ours.list_ids.iter().any(|own| is_same_list(id, own));
    if list_ids.iter().any(of_ours) {
        return Some("It came by a list of ours.");
    }
    let head = traces.text.lines().filter(|line| !line.trim().is_empty()).take(HEAD_LINES);
    let mut places = std::iter::once(traces.subject).chain(head);
    places
        .any(|line| names_notice(line, ours.case_prefix))
        .then_some("It bears an id of our notices.")
}

fn is_same_list(one: &str, other: &str) -> bool {
    let bare = |id: &str| {
        let id = id.rsplit_once('<').map_or(id, |(_, id)| id);
        id.trim().trim_end_matches('>').to_ascii_lowercase()
    };
    !bare(one).is_empty() && bare(one) == bare(other)
}

/// `SIRT-SIREN-2026-0007`
fn names_notice(line: &str, case_prefix: &str) -> bool {
    let (line, mark) =
        (line.to_ascii_uppercase(), format!("{}-SIREN-", case_prefix.to_ascii_uppercase()));
    let mut places = line.split(mark.as_str()).skip(1);
    places.any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
