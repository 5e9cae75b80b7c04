//! Posts to lists, and what the team hears of them. The one place that writes to a list: the
//! address is the list's own, from the configuration, and the words are those two people approved.

use super::letters::{letter, post};
use super::{attending, to_member};
use crate::case::{Actor, Deed, Event, Member, NoticeDraft};
use crate::desk::card;
use crate::desk::draft::Draft;
use crate::desk::posting::digest;
use crate::letter::{NoticeFile, NoticeNews, NoticePost, NoticeStep, ReadyLine, Wording};
use crate::siren::Post;
use crate::siren::standing::list_of;

/// The notice becomes a letter to its list.
pub fn notice_posted(draft: &mut Draft<'_>, number: u32, approved: &Post) {
    let Some(notice) = notice(draft, number) else { return };
    let Some(list) = list_of(draft.rules, &notice).cloned() else { return };
    let words = NoticePost {
        list: list.name.clone(),
        from: approved.from().clone(),
        subject: approved.subject().to_owned(),
        body: approved.body().to_owned(),
        files: approved.files().iter().map(file).collect(),
        sign: list.sign,
        key: list.key.clone(),
    };
    let reader = words.reader(list.address.clone());
    // As they leave: those of an exercise say so.
    let text = digest(&words.words(&draft.rules.team).body);
    let wording = Wording::Notice(Box::new(words));
    let references = approved.references().to_vec();
    let Some(mut written) = letter(draft, reader, wording, references) else { return };
    // Who reads a list learns nothing of our case.
    (written.code, written.title) = (None, None);
    let posted = Deed::NoticePosted {
        notice: number,
        letter: written.number,
        message_id: written.message_id.clone(),
        text,
    };
    let id = format!("L{}", written.number);
    post(draft, written);
    draft.note(Actor::Gateway, Event::Deed(posted));
    let said = vec![format!("It is letter {id}, under the Subject {}", approved.subject())];
    tell(draft, &notice, NoticeStep::Posted, (said, approved.body()));
}

fn file(document: &crate::siren::format::Document) -> NoticeFile {
    NoticeFile {
        name: document.name.clone(),
        kind: document.kind.to_owned(),
        text: document.text.clone(),
    }
}

pub fn notice_held(draft: &mut Draft<'_>, number: u32, why: Vec<String>) {
    let Some(notice) = notice(draft, number) else { return };
    tell(draft, &notice, NoticeStep::Held, (why, ""));
}

pub fn notice_missed(draft: &mut Draft<'_>, number: u32) {
    let Some(notice) = notice(draft, number) else { return };
    let said = vec![
        "Our relay took it; whether the list did, we do not know".to_owned(),
        "It may wait for a moderator there, or was dropped. It must not be posted twice".to_owned(),
    ];
    tell(draft, &notice, NoticeStep::Missed, (said, ""));
}

/// It came back from the list, whole or not.
pub fn notice_seen(draft: &mut Draft<'_>, number: u32) {
    let Some(notice) = notice(draft, number) else { return };
    let Some(seen) = notice.seen else { return };
    let (step, said) = match (seen.signature, seen.text) {
        (true, true) => (NoticeStep::Seen, Vec::new()),
        (true, false) => (
            NoticeStep::Damaged,
            vec![
                "The signature is good, and the words under it are not those of the notice".into(),
            ],
        ),
        (false, _) => (
            NoticeStep::Damaged,
            vec!["Our signature does not verify over what was delivered".to_owned()],
        ),
    };
    tell(draft, &notice, step, (said, ""));
}

fn notice(draft: &Draft<'_>, number: u32) -> Option<NoticeDraft> {
    draft.case.as_ref()?.notice(number).cloned()
}

fn tell(
    draft: &mut Draft<'_>,
    notice: &NoticeDraft,
    what: NoticeStep,
    (said, words): (Vec<String>, &str),
) {
    let news = NoticeNews {
        what,
        notice: format!("{} version {}", notice.heading.id, notice.heading.version),
        list: notice.list.clone(),
        said,
        words: words.to_owned(),
        card: draft.case.as_ref().map(|case| card::card(draft, case)).unwrap_or_default(),
        ready: ready(what),
    };
    for member in concerned(draft, notice) {
        to_member(draft, &member, Wording::NoticeNews(Box::new(news.clone())));
    }
}

/// Those who attend to the case, the coordinators, and whoever gave their word for the notice; of
/// these, who may read the case.
fn concerned(draft: &Draft<'_>, notice: &NoticeDraft) -> Vec<Member> {
    let mut members = hear_of_notices(draft);
    add(draft, &mut members, notice.approvals.iter().map(|one| one.member.as_str()));
    members
}

/// Those who attend to the case, and the coordinators who read it: one of them approved.
pub(super) fn hear_of_notices(draft: &Draft<'_>) -> Vec<Member> {
    let mut members = attending(draft);
    let coordinators = draft.rules.roster.coordinators().map(|one| one.handle.as_str());
    add(draft, &mut members, coordinators);
    members
}

/// Those of them who may read the case, each once.
fn add<'a>(draft: &Draft<'_>, members: &mut Vec<Member>, handles: impl Iterator<Item = &'a str>) {
    for handle in handles {
        let reads = draft.case.as_ref().is_some_and(|case| case.readable_by(handle));
        let member = draft.rules.roster.by_handle(handle).filter(|_| reads);
        let new = members.iter().all(|known| known.handle != handle);
        members.extend(member.filter(|_| new).cloned());
    }
}

fn ready(what: NoticeStep) -> Vec<ReadyLine> {
    let line = |line: &str, does: &str| ReadyLine { line: line.to_owned(), does: does.to_owned() };
    match what {
        NoticeStep::Held => vec![
            line("/siren", "shows the notice, and all that stands against it"),
            line("/siren retract not needed any more", "drops it"),
        ],
        NoticeStep::Posted => vec![line("/siren hold", "stops it, if it has not left yet")],
        NoticeStep::Damaged => {
            vec![line("/siren correct damaged on its way", "drafts it anew, as a correction")]
        }
        NoticeStep::Seen | NoticeStep::Missed => {
            vec![line("/siren draft", "drafts its next version, when there is one")]
        }
    }
}
