//! From a post to an observation: what it is to those before it, whether it is worth a notice, and
//! which open cases it touches.

use crate::case::{
    Actor, Case, CaseId, CaseLeak, Event, LeakedBy, Manners, Observed, PostWords, SeenPost, Status,
};
use crate::desk::Opened;
use crate::desk::draft::Draft;
use crate::desk::leak_guard::known_again;
use crate::mail::{Fingerprint, Mail};
use crate::siren::observation::{Ours, Traces, compare, is_ours};
use crate::siren::select;
use crate::triage::Belonging;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// A post of an archive, imported: nobody is told of it.
#[derive(Clone, Debug)]
pub struct PastPost {
    pub list: String,
    pub says: Observed,
    pub mail: Mail,
}

/// A post that has just come.
pub fn observe(draft: &mut Draft<'_>, opened: &Opened) {
    let triage = &opened.triage;
    let (Some(says), Some(list)) = (triage.post.as_deref(), &triage.list) else { return };
    let leaks = leaks(draft, &opened.mail.text, triage.belongs.as_ref());
    let from = From { list: list.clone(), past: false };
    let post = with_traces(draft, says.clone(), &opened.mail);
    note(draft, from, post, leaks);
}

pub fn past(draft: &mut Draft<'_>, past: &PastPost) {
    let leaks = leaks(draft, &past.mail.text, None);
    let from = From { list: past.list.clone(), past: true };
    let post = with_traces(draft, past.says.clone(), &past.mail);
    note(draft, from, post, leaks);
}

/// What shows that it is a notice of ours, which never becomes one again.
fn with_traces(draft: &Draft<'_>, post: Observed, mail: &Mail) -> Observed {
    let rules = draft.rules;
    let signed_by: Vec<Fingerprint> =
        mail.evidence.signed().map(|signed| signed.signer.clone()).into_iter().collect();
    let traces = Traces {
        subject: &mail.subject,
        list_ids: mail.fields_named("list-id").collect(),
        signed_by: &signed_by,
        text: &mail.text,
    };
    // As list software names a list, from its address. What others write to a list of another
    // kind that we post to as well is theirs.
    let siren = rules.lists.iter().filter(|list| list.manners == Manners::Siren);
    let ids: Vec<String> = siren.map(|list| list.address.as_str().replace('@', ".")).collect();
    let ours = Ours {
        case_prefix: &rules.team.case_prefix,
        list_ids: ids.iter().map(String::as_str).collect(),
        key: &rules.team.key,
    };
    let from_us = is_ours(&traces, &ours).map(str::to_owned);
    Observed { from_us: from_us.or_else(|| post.from_us.clone()), ..post }
}

/// How a post came to us.
struct From {
    list: String,
    past: bool,
}

fn note(draft: &mut Draft<'_>, from: From, post: Observed, leaks: Vec<CaseLeak>) {
    let seen = draft.cases.posts();
    let sameness = compare(seen, &post);
    let reasons = select::reasons(&post, &sameness, &draft.rules.siren);
    let (same_as, update_of) = (sameness.same_as(), sameness.update_of());
    let because = sameness.because();
    let first = same_as.or(update_of).and_then(|number| seen.get(number));
    let cases = touched(draft, &post, &leaks, first);
    let number = seen.next();
    let private = PostWords { post, because, reasons, cases, leaks };
    let From { list, past } = from;
    draft.put_down();
    draft.note(
        Actor::Gateway,
        Event::PostObserved { post: number, list, same_as, update_of, past, private },
    );
}

/// Open cases with the same ids under any name, or of which words or marks stand in it; and those
/// that a post touches which it repeats or brings up to date.
fn touched(
    draft: &Draft<'_>,
    post: &Observed,
    leaks: &[CaseLeak],
    first: Option<&SeenPost>,
) -> Vec<CaseId> {
    let cases = draft.cases;
    let posts = cases.posts();
    let ids = post.about.iter().chain(&post.ids).flat_map(|id| posts.names_of(id));
    let ids: BTreeSet<String> = ids.collect();
    let named = ids.iter().flat_map(|id| cases.cases_naming(id));
    let leaked = leaks.iter().filter_map(|leak| cases.case(&leak.case));
    let before = first.into_iter().flat_map(|seen| &seen.cases);
    let before = before.filter_map(|case| cases.case(case));
    let open = named.chain(leaked).chain(before).filter_map(|case| worked_on(draft, case));
    open.collect::<BTreeSet<CaseId>>().into_iter().collect()
}

/// The case itself, or the one that it was merged into, where that is open.
fn worked_on(draft: &Draft<'_>, case: &Case) -> Option<CaseId> {
    let into = case.merged_into.as_ref().and_then(|into| draft.cases.case(into));
    let case = into.unwrap_or(case);
    (case.status != Status::Closed && !case.class.silent()).then(|| case.id.clone())
}

/// Words that went or came encrypted, and what we handed out to people of a case.
fn leaks(draft: &Draft<'_>, text: &str, belongs: Option<&Belonging>) -> Vec<CaseLeak> {
    let found: RefCell<BTreeSet<CaseLeak>> = RefCell::default();
    let none: Option<()> = known_again(text, &draft.rules.secrets, |passage| {
        let all = draft.cases.all_sealed_words(passage);
        let leaks = all.map(|words| CaseLeak { case: words.case.clone(), what: LeakedBy::Words });
        found.borrow_mut().extend(leaks);
        None
    });
    debug_assert!(none.is_none());
    let mut found = found.into_inner();
    found.extend(belongs.map(|belongs| {
        let case = belongs.case.clone();
        CaseLeak { case, what: LeakedBy::Mark }
    }));
    found.into_iter().collect()
}
