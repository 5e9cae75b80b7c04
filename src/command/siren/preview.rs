//! A notice as its approvers see it: exactly what will be posted, and all that stands against it.

use super::{open_notice, place};
use crate::case::{Case, Heading, NoticeDraft, NoticeFate, NoticeKind};
use crate::command::page::{Block, Page};
use crate::command::show::headed;
use crate::command::words::Words;
use crate::command::{Asked, Attach, Refusal, Ruling, when};
use crate::siren::standing::{self, Place};
use crate::siren::{Finding, Post, draft};
use jiff::tz::TimeZone;

/// What whoever looks at a notice gets.
pub struct Preview {
    pub page: Page,
    /// The post, where nothing stands against it.
    pub post: Option<Post>,
    pub next: Vec<(String, String)>,
    pub attaches: Vec<Attach>,
}

pub fn show(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if words.peek().is_some() || case.notices.iter().filter(|one| one.is_open()).count() == 1 {
        let notice = open_notice(words, case)?;
        return Ok(with_preview(Ruling::nothing("See below."), notice.number, (case, asked)));
    }
    if case.notices.is_empty() {
        return Ok(Ruling::nothing("There is no notice in this case yet.")
            .then("/siren draft", "makes one of what the case knows"));
    }
    let page = Ruling::page(Page { blocks: overview(case, &asked.by.zone) });
    let open = case.notices.iter().filter(|one| one.is_open());
    let shows = |notice: &NoticeDraft| format!("shows the notice for {}", notice.list);
    Ok(open.fold(page, |page, one| page.then(format!("/siren show {}", one.number), shows(one))))
}

/// The notices of a case, and how far each is.
pub fn overview(case: &Case, zone: &TimeZone) -> Vec<Block> {
    let rows: Vec<Vec<String>> = case.notices.iter().map(|one| row(one, zone)).collect();
    let table = Block::Table { head: vec!["No", "Notice", "List", "State"], rows };
    headed("NOTICES", table, !case.notices.is_empty())
}

fn row(notice: &NoticeDraft, zone: &TimeZone) -> Vec<String> {
    let state = match (&notice.fate, &notice.held) {
        (NoticeFate::Open, Some(why)) => format!("held: {why}"),
        (NoticeFate::Open, None) => "draft".to_owned(),
        (NoticeFate::Dropped, _) => "dropped".to_owned(),
        (NoticeFate::Posted { at, letter, .. }, _) => {
            format!("posted {}, letter L{letter}", when::both(*at, zone))
        }
    };
    let name = format!("{} v{}", notice.heading.id, notice.heading.version);
    vec![notice.number.to_string(), name, notice.list.clone(), state]
}

/// A ruling with the notice as its deeds will have made it.
pub fn with_preview(ruling: Ruling, number: u32, (case, asked): (&Case, &Asked<'_>)) -> Ruling {
    let ahead = ahead(&ruling, case, asked);
    let Some(notice) = ahead.notice(number) else { return ruling };
    let Preview { page, next, attaches, .. } = preview(&place(asked, &ahead), notice);
    let next = ruling.next.into_iter().chain(next).collect();
    Ruling { shows: Some(page), notice: Some(number), next, attaches, ..ruling }
}

/// The case as the deeds of a ruling will have made it.
pub fn ahead(ruling: &Ruling, case: &Case, asked: &Asked<'_>) -> Case {
    let mut ahead = case.clone();
    for deed in &ruling.deeds {
        let by = crate::case::Actor::Member(asked.by.handle.clone());
        let event = crate::case::Event::Deed(deed.clone());
        ahead.apply(&crate::case::Entry { at: asked.now, case: Some(case.id.clone()), by, event });
    }
    ahead
}

pub fn preview(place: &Place<'_>, notice: &NoticeDraft) -> Preview {
    match standing::post_of(place, notice) {
        Ok(post) => sound(place, notice, post),
        Err(findings) => unsound(notice, &findings),
    }
}

fn sound(place: &Place<'_>, notice: &NoticeDraft, post: Post) -> Preview {
    let digest = post.digest(&place.rules.secrets);
    let approved = notice.approved_by(&digest);
    let at = match notice.at {
        Some(at) => when::both(at, &TimeZone::UTC),
        None => "as soon as two have approved it, after the usual wait".to_owned(),
    };
    let mut facts = vec![
        fact("Notice", &format!("{}, {}", notice.number, named(&notice.heading))),
        fact("To", &format!("{}, the list {}, which everybody can read", post.to(), notice.list)),
        fact("When", &at),
        fact("Digest", &digest),
        fact(
            "Approved by",
            &if approved.is_empty() { "nobody yet".to_owned() } else { approved.join(", ") },
        ),
        fact("Subject", post.subject()),
    ];
    facts.extend(notice.held.as_ref().map(|why| fact("HELD", why)));
    facts.extend(post.files().iter().map(|file| fact("Attached", &file.name)));
    facts.extend(post.left_out().iter().map(|why| fact("Not attached", why)));
    let blocks = vec![
        Block::Heading("THE NOTICE, word for word (every line of it begins with a bar)".to_owned()),
        Block::Facts(facts),
        Block::Exact(post.body().to_owned()),
    ];
    let mut next = vec![(
        format!("/siren approve {digest}"),
        "your word for exactly this; two are needed".to_owned(),
    )];
    next.push(("/siren hold".to_owned(), "stops it".to_owned()));
    let attaches = post
        .files()
        .iter()
        .map(|file| Attach::Document { name: file.name.clone(), text: file.text.clone() });
    let attaches = attaches.collect();
    Preview { page: Page { blocks }, post: Some(post), next, attaches }
}

fn unsound(notice: &NoticeDraft, findings: &[Finding]) -> Preview {
    let rows = findings.iter().map(|one| (one.about().to_owned(), one.what.clone())).collect();
    let blocks = vec![
        Block::Heading(format!(
            "NOTICE {} CANNOT BE POSTED YET: what stands against it",
            notice.number
        )),
        Block::Facts(rows),
        Block::Heading("WHAT IT SAYS SO FAR (send it back below /siren edit, mended)".to_owned()),
        Block::Exact(draft::sheet(&notice.statement)),
    ];
    let part = findings.iter().map(|one| one.part).find(|part| !part.is_empty());
    let line = match part {
        Some(part) => format!("/siren edit {part} ..."),
        None => "/siren edit".to_owned(),
    };
    let next =
        vec![(line, "changes that part; or send the headings with their text below".to_owned())];
    Preview { page: Page { blocks }, post: None, next, attaches: Vec::new() }
}

fn named(heading: &Heading) -> String {
    let what = match heading.kind {
        NoticeKind::First => "the first version",
        NoticeKind::Update => "an update",
        NoticeKind::Correction => "a correction",
        NoticeKind::Withdrawal => "a withdrawal",
    };
    format!("{} version {}, {what}", heading.id, heading.version)
}

fn fact(label: &str, value: &str) -> (String, String) {
    (label.to_owned(), value.to_owned())
}

/// Everything that stands against it, as one refusal.
pub fn refused(findings: &[Finding]) -> Refusal {
    let all: Vec<String> =
        findings.iter().map(|one| format!("{}: {}", one.about(), one.what)).collect();
    Refusal::new(format!("It cannot be posted so. {}", all.join(" ")))
}
