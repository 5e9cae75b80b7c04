//! Drafting: from the case, from a post seen elsewhere, from an earlier version.

use super::preview::with_preview;
use super::{may_write, open_notice};
use crate::case::facts::{self, Fact, Said};
use crate::case::{
    Case, Deed, Heading, KnownWords, Matter, NoticeDraft, NoticeFate, NoticeKind, PostList,
    SeenPost, Statement,
};
use crate::command::words::Words;
use crate::command::{Asked, Opens, Refusal, Ruling};
use crate::limits::VALUE_CHARS;
use crate::mail::clean;
use crate::siren::draft;
use jiff::tz::TimeZone;

/// What a withdrawal asks of its readers, whatever the versions before it did.
const NOTHING_TO_DO: &str = "Nothing has to be done because of this notice any more.";

pub fn draft(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    if let Some(number) = words.peek().and_then(post_number) {
        words.optional();
        let list = list(words, asked)?;
        return from_post(number, list, asked);
    }
    let case = asked.case()?;
    may_write(asked, case)?;
    let list = list(words, asked)?;
    if let Some(open) = case.notices.iter().find(|one| one.is_open() && one.list == list.name) {
        return again(open, case, asked);
    }
    if let Some(posted) = newest_posted(case, &list.name) {
        return next_version(posted, NoticeKind::Update, "", (case, asked));
    }
    let statement = draft::from_case(case, today(asked));
    let heading = first_heading(case, asked);
    let notice = Drafted { list: list.name.clone(), heading, of: None, statement };
    notice.ruling(case, asked)
}

pub fn correct(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    may_write(asked, case)?;
    let posted = case.notices.iter().rev().find(|one| one.as_revision().is_some());
    let posted = posted.ok_or_else(|| {
        Refusal::new("No notice of this case is posted. A draft is changed by /siren edit.")
    })?;
    let what = reason(words, "what was wrong")?;
    next_version(posted, NoticeKind::Correction, &what, (case, asked))
}

/// The text below, or the words behind the name of a part.
pub fn edit(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    may_write(asked, case)?;
    let notice = open_notice(words, case)?;
    let part = words.optional();
    let line = words.rest();
    let text = if line.is_empty() { &without_bars(asked.text) } else { line };
    if text.trim().is_empty() {
        return Err(Refusal::new(
            "Write the new words below: the parts by their headings, as in the preview, or behind \
             /siren edit the name of one part.",
        ));
    }
    let edited = match part {
        Some(part) => draft::edit_part(&notice.statement, part, text),
        None => draft::edit(&notice.statement, text),
    };
    let statement = edited.map_err(Refusal::new)?;
    if statement == notice.statement {
        return Ok(Ruling::nothing("It reads so already."));
    }
    Ok(reads(notice, statement, (case, asked)))
}

/// The form as it stands in our answers: copied from there, its bars come along.
fn without_bars(text: &str) -> String {
    let bare = text.lines().map(|line| match line.strip_prefix('|') {
        Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
        None => line,
    });
    bare.collect::<Vec<_>>().join("\n")
}

/// A notice that is to be drafted.
pub struct Drafted {
    pub list: String,
    pub heading: Heading,
    pub of: Option<u32>,
    pub statement: Statement,
}

impl Drafted {
    pub fn deed(self, notice: u32) -> Deed {
        let Drafted { list, heading, of, statement } = self;
        Deed::NoticeDrafted { notice, list, heading, of, private: statement }
    }

    fn ruling(self, case: &Case, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
        let number = case.notices.len() as u32 + 1;
        let answer = format!(
            "Notice {number} of this case is drafted: {} version {}, for the list {}. Nothing is \
             posted before two have approved it.",
            self.heading.id, self.heading.version, self.list
        );
        Ok(with_preview(Ruling::of(self.deed(number), answer), number, (case, asked)))
    }
}

fn next_version(
    posted: &NoticeDraft,
    kind: NoticeKind,
    changes: &str,
    (case, asked): (&Case, &Asked<'_>),
) -> Result<Ruling, Refusal> {
    if let Some(open) = case.notices.iter().find(|one| one.is_open() && one.list == posted.list) {
        return Err(Refusal::new(format!(
            "Notice {} for {} is open already. Change it by /siren edit, or drop it by /siren \
             retract.",
            open.number, open.list
        )));
    }
    successor(posted, kind, changes, (case, asked)).ruling(case, asked)
}

/// The next version of a posted notice: what the case has learned since, under the words it had.
pub fn successor(
    posted: &NoticeDraft,
    kind: NoticeKind,
    changes: &str,
    (case, asked): (&Case, &Asked<'_>),
) -> Drafted {
    let mut statement = refreshed(&posted.statement, case, asked);
    statement.changes = changes.to_owned();
    if kind == NoticeKind::Withdrawal {
        statement.actions = NOTHING_TO_DO.to_owned();
    }
    let history = posted.heading.history.iter().cloned().chain(posted.as_revision()).collect();
    Drafted {
        list: posted.list.clone(),
        heading: Heading {
            id: posted.heading.id.clone(),
            version: posted.heading.version + 1,
            kind,
            written: asked.now,
            history,
        },
        of: Some(posted.number),
        statement,
    }
}

fn again(open: &NoticeDraft, case: &Case, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let statement = refreshed(&open.statement, case, asked);
    if statement == open.statement {
        return Ok(with_preview(
            Ruling::nothing(format!("Notice {} says all of it already.", open.number)),
            open.number,
            (case, asked),
        ));
    }
    Ok(reads(open, statement, (case, asked)))
}

fn reads(notice: &NoticeDraft, statement: Statement, (case, asked): (&Case, &Asked<'_>)) -> Ruling {
    let number = notice.number;
    let void = match notice.approvals.is_empty() {
        true => "",
        false => " Who had approved it approves it anew.",
    };
    let answer = format!("Notice {number} reads otherwise now; /siren shows it.{void}");
    let deed = Deed::NoticeEdited { notice: number, private: statement };
    with_preview(Ruling::of(deed, answer), number, (case, asked))
}

/// Facts anew from the case, prose as it was written.
fn refreshed(old: &Statement, case: &Case, asked: &Asked<'_>) -> Statement {
    let new = draft::from_case(case, today(asked));
    let prose = |old: &String, new: String| if old.is_empty() { new } else { old.clone() };
    let all = |old: &[String], new: Vec<String>| {
        let more = new.into_iter().filter(|one| !old.contains(one));
        old.iter().cloned().chain(more).collect()
    };
    let mut statement = old.clone();
    (statement.date, statement.tlp) = (new.date, new.tlp);
    statement.title = prose(&old.title, new.title);
    statement.description = prose(&old.description, new.description);
    statement.ids = all(&old.ids, new.ids);
    statement.cwe = all(&old.cwe, new.cwe);
    statement.severity = new.severity.or(old.severity);
    if !new.cvss.is_empty() {
        statement.cvss = new.cvss;
    }
    for one in new.affected {
        match statement.affected.iter_mut().find(|known| known.package == one.package) {
            Some(known) => *known = one,
            None => statement.affected.push(one),
        }
    }
    let news = new.timeline.into_iter().filter(|one| !old.timeline.contains(one));
    statement.timeline.extend(news);
    statement.timeline.sort_by_key(|one| one.day);
    if new.exploited == crate::case::Exploited::Yes {
        (statement.exploited, statement.evidence) = (new.exploited, new.evidence);
    }
    statement
}

/// A case of its own for what was seen: its words are public already.
fn from_post(number: u32, list: &PostList, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let seen = asked.cases.posts().get(number);
    let seen = seen.ok_or_else(|| {
        Refusal::new(format!("There is no post O{number}. /siren seen lists the newest."))
    })?;
    let statement = draft::from_post(seen, today(asked));
    let heading = first_heading_of(asked, 0);
    let notice = Drafted { list: list.name.clone(), heading, of: None, statement };
    let mut deeds = vec![public(seen, asked)?];
    deeds.extend(seen.post.about.iter().filter(|id| id.starts_with("CVE-")).map(|id| {
        let private = KnownWords { value: id.clone(), detail: String::new() };
        Deed::KnownSet { what: Matter::Cve, private }
    }));
    deeds.push(notice.deed(1));
    let coordinators = asked.rules.roster.coordinators().map(|one| one.handle.clone());
    let readers = [asked.by.handle.clone()].into_iter().chain(coordinators).collect();
    let answer = format!("A notice is drafted of O{number}, for the list {}.", list.name);
    let opens = Opens {
        title: clean::cut(&clean::line(&seen.post.subject), VALUE_CHARS),
        people: Vec::new(),
        readers,
        mail: None,
        post: Some(seen.number),
        deeds,
    };
    Ok(Ruling { answer, opens: Some(opens), ..Ruling::default() })
}

/// It stood on a public list: that is the evidence, and whoever drafts says so.
fn public(seen: &SeenPost, asked: &Asked<'_>) -> Result<Deed, Refusal> {
    let at = seen.post.posted.unwrap_or(seen.at).min(asked.now);
    let at_list =
        seen.post.archive.clone().unwrap_or_else(|| format!("{} on {}", seen.id(), seen.list));
    let source = clean::cut(&clean::line(&at_list), VALUE_CHARS);
    let by = asked.by.handle.as_str();
    let said = Said { fact: Fact::Public, at, source: &source, by, may_confirm: true };
    let none = crate::case::EmbargoState::None;
    let learned = facts::learn(&facts::Facts::new(), none, &said, asked.now);
    let private = learned.map_err(Refusal::new)?.known;
    Ok(Deed::FactLearned { fact: Fact::Public, claim: false, private })
}

fn newest_posted<'a>(case: &'a Case, list: &str) -> Option<&'a NoticeDraft> {
    let posted = |one: &&NoticeDraft| matches!(one.fate, NoticeFate::Posted { .. });
    case.notices.iter().rev().filter(posted).find(|one| one.list == list)
}

fn list<'a>(words: &mut Words<'_>, asked: &Asked<'a>) -> Result<&'a PostList, Refusal> {
    let lists = &asked.rules.lists;
    let names: Vec<&str> = lists.iter().map(|list| list.name.as_str()).collect();
    if words.keyword("for") {
        let name = words.word("the name of a list")?;
        let list = lists.iter().find(|list| list.name.eq_ignore_ascii_case(name));
        return list.ok_or_else(|| {
            words.slip(format!("no such list. There is: {}.", names.join(", "))).into()
        });
    }
    lists.first().ok_or_else(|| {
        Refusal::new("No list is configured: whoever runs the gateway writes one under [[list]].")
    })
}

fn first_heading(case: &Case, asked: &Asked<'_>) -> Heading {
    // Those of this very mail are in the scratch copy alone.
    let first = |case: &Case| case.notices.iter().filter(|one| one.heading.version == 1).count();
    let before = asked.cases.case(&case.id).map_or(0, first);
    first_heading_of(asked, first(case).saturating_sub(before))
}

fn first_heading_of(asked: &Asked<'_>, ahead: usize) -> Heading {
    let year = asked.now.to_zoned(TimeZone::UTC).year();
    let number = asked.cases.notices_in(year) as usize + ahead + 1;
    Heading {
        id: format!("{}-SIREN-{year}-{number:04}", asked.rules.team.case_prefix),
        version: 1,
        kind: NoticeKind::First,
        written: asked.now,
        history: Vec::new(),
    }
}

fn today(asked: &Asked<'_>) -> jiff::civil::Date {
    asked.now.to_zoned(TimeZone::UTC).date()
}

/// `O12`, also as `o12`.
fn post_number(word: &str) -> Option<u32> {
    word.strip_prefix(['O', 'o'])?.parse().ok()
}

/// All that is left of the line, and not nothing.
pub fn reason(words: &mut Words<'_>, what: &str) -> Result<String, Refusal> {
    words.peek().map_or_else(|| words.clone().word(what).map(drop), |_| Ok(()))?;
    let text = clean::line(words.rest());
    match text.chars().count() > VALUE_CHARS {
        true => Err(words.slip(format!("at most {VALUE_CHARS} characters, please")).into()),
        false => Ok(text),
    }
}
