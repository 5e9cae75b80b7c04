//! Wording and reader to words: the templates, compiled in, and a team's own in their place.
//!
//! What a template cannot change stands here: the Subject of a case, the case line, the
//! `INTERNAL` line, the mark of an exercise, the width.

use super::enclosure::Enclosure;
use super::fields::{self, Enclosed};
use super::{Detail, Letter, Protection, Wording, enclosure, filters, layout, sample};
use crate::case::Team;
use crate::mail::clean;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, UndefinedBehavior};
use std::collections::BTreeMap;
use std::fmt;

/// The templates by name. One a [`Wording`], and `part-…`, which others include.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("report-received", include_str!("../../templates/report-received.txt")),
    ("report-received-clear", include_str!("../../templates/report-received-clear.txt")),
    ("plea-received", include_str!("../../templates/plea-received.txt")),
    ("question-received", include_str!("../../templates/question-received.txt")),
    ("not-taken-in", include_str!("../../templates/not-taken-in.txt")),
    ("cannot-decrypt", include_str!("../../templates/cannot-decrypt.txt")),
    ("protection-help", include_str!("../../templates/protection-help.txt")),
    ("missing-elements", include_str!("../../templates/missing-elements.txt")),
    ("status-answer", include_str!("../../templates/status-answer.txt")),
    ("channel-set", include_str!("../../templates/channel-set.txt")),
    ("case-opened", include_str!("../../templates/case-opened.txt")),
    ("mail-joined", include_str!("../../templates/mail-joined.txt")),
    ("letter-failed", include_str!("../../templates/letter-failed.txt")),
    ("letter-held", include_str!("../../templates/letter-held.txt")),
    ("not-obeyed", include_str!("../../templates/not-obeyed.txt")),
    ("roster-changed", include_str!("../../templates/roster-changed.txt")),
    ("case-changed", include_str!("../../templates/case-changed.txt")),
    ("read-in", include_str!("../../templates/read-in.txt")),
    ("notice-news", include_str!("../../templates/notice-news.txt")),
    ("read-out", include_str!("../../templates/read-out.txt")),
    ("own-words", include_str!("../../templates/own-words.txt")),
    ("own-words-clear", include_str!("../../templates/own-words-clear.txt")),
    ("report-confirmed", include_str!("../../templates/report-confirmed.txt")),
    ("report-not-confirmed", include_str!("../../templates/report-not-confirmed.txt")),
    ("request-declined", include_str!("../../templates/request-declined.txt")),
    ("case-engaged", include_str!("../../templates/case-engaged.txt")),
    ("case-deferred", include_str!("../../templates/case-deferred.txt")),
    ("report-duplicate", include_str!("../../templates/report-duplicate.txt")),
    ("case-closed", include_str!("../../templates/case-closed.txt")),
    ("contact-asked", include_str!("../../templates/contact-asked.txt")),
    ("embargo-invited", include_str!("../../templates/embargo-invited.txt")),
    ("siren-digest", include_str!("../../templates/siren-digest.txt")),
    ("list-alarm", include_str!("../../templates/list-alarm.txt")),
    ("transcript", include_str!("../../templates/transcript.txt")),
    ("part-channel", include_str!("../../templates/part-channel.txt")),
    ("part-closing", include_str!("../../templates/part-closing.txt")),
    ("part-mail", include_str!("../../templates/part-mail.txt")),
    ("part-case", include_str!("../../templates/part-case.txt")),
    ("part-work", include_str!("../../templates/part-work.txt")),
    ("part-alarm", include_str!("../../templates/part-alarm.txt")),
    ("part-card", include_str!("../../templates/part-card.txt")),
    ("part-clear", include_str!("../../templates/part-clear.txt")),
    ("part-inside", include_str!("../../templates/part-inside.txt")),
    ("part-leaving", include_str!("../../templates/part-leaving.txt")),
    ("part-status", include_str!("../../templates/part-status.txt")),
];

/// What stands in place of a Subject that must say nothing (RFC 9788 section 3.2.1).
const NO_SUBJECT: &str = "[...]";
const EXERCISE: &str = "[EXERCISE]";

/// All letters' words, each rendered once with sample fields before the first is written.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

/// The words of one letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The Subject that servers on the way see.
    pub outer: String,
    /// The Subject inside the protection; the same where there is none to hide.
    pub subject: String,
    /// Lines of at most 72 columns ended by LF; only what must not be broken is longer.
    pub body: String,
}

/// A template that cannot be used. Names the file, and holds no field of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    pub file: String,
    pub line: usize,
    pub what: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "templates/{}.txt:{}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for TemplateError {}

impl TemplateError {
    fn new(file: &str, line: usize, what: impl Into<String>) -> TemplateError {
        TemplateError { file: file.to_owned(), line, what: what.into() }
    }
}

impl Templates {
    /// The built-in templates, with `replacements` (name, text) in place of some. Every wording
    /// is rendered with sample fields, for each kind of reader it can have.
    ///
    /// # Errors
    /// The first template that is not the name of one, is no template, or names a field that its
    /// wording does not have.
    pub fn new(replacements: &[(String, String)]) -> Result<Templates, TemplateError> {
        let mut texts: BTreeMap<&str, &str> = BUILT_IN.iter().copied().collect();
        for (name, text) in replacements {
            match texts.get_mut(name.as_str()) {
                Some(place) => *place = text,
                None => return Err(TemplateError::new(name, 1, no_such(name))),
            }
        }
        let mut environment = environment();
        for (name, text) in texts {
            add(&mut environment, name, text)?;
        }
        let templates = Templates { environment };
        for (letter, team) in sample::letters() {
            templates.words(&letter, &team)?;
        }
        Ok(templates)
    }

    /// What this letter says. Fields are data: nothing in them is ever read as a template.
    ///
    /// # Errors
    /// A field that the template names and the wording does not have.
    pub fn words(&self, letter: &Letter, team: &Team) -> Result<Words, TemplateError> {
        if let Some(post) = letter.wording.as_given() {
            return Ok(post.words(team));
        }
        let file = letter.wording.form().file;
        let enclosed = self.enclosed(letter, team)?;
        let context = fields::context(letter, team, &enclosed)
            .map_err(|error| TemplateError::new(file, 1, error.to_string()))?;
        let render = |name: &str| {
            let template = self.environment.get_template(name)?;
            template.render(context.clone())
        };
        let own = render(&subject_of(file)).map_err(|error| self.explained(file, &error))?;
        let text = render(file).map_err(|error| self.explained(file, &error))?;
        let (outer, subject) = subjects(letter, team, &own);
        let text = enclosure::with_notes(layout::tidy(&text), &letter.files, &team.case_prefix);
        let body = format!("{}\n{text}", head(letter, team));
        Ok(Words { outer, subject, body: body.trim_start_matches('\n').to_owned() })
    }

    /// The letters inside this one, without the codes that only their readers may know.
    fn enclosed(&self, letter: &Letter, team: &Team) -> Result<Vec<Enclosed>, TemplateError> {
        let shown = |letter: &Letter| {
            let clear = letter.to.protection == Protection::Signed;
            // What comes along is fetched for the letter itself only, not for the showing of it.
            let left_out = |file: &&Enclosure| matches!(file, Enclosure::LeftOut { .. });
            let files = letter.files.iter().filter(left_out).cloned().collect();
            let letter = Letter { code: None, enclosed: Vec::new(), files, ..letter.clone() };
            let body = layout::enclosed(&self.words(&letter, team)?.body);
            Ok(Enclosed { body, clear })
        };
        letter.enclosed.iter().map(shown).collect()
    }

    /// Where in which file, from the innermost error that knows it.
    fn explained(&self, file: &str, error: &Error) -> TemplateError {
        let mut deepest = error;
        while let Some(source) = std::error::Error::source(deepest) {
            match source.downcast_ref::<Error>() {
                Some(inner) => deepest = inner,
                None => break,
            }
        }
        let name = deepest.name().unwrap_or(file);
        let line = deepest.line().unwrap_or(1);
        let source = self.environment.get_template(name).ok();
        let written = source.as_ref().and_then(|template| template.source().lines().nth(line - 1));
        let name = name.strip_suffix(SUBJECT_SUFFIX).unwrap_or(name);
        TemplateError::new(name, line, saying(deepest, written))
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // A part that another template includes ends its last line itself.
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    // The builder fails on clashing delimiters only, and these are the standard ones.
    environment.set_syntax(syntax.unwrap_or_default());
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    filters::add_to(&mut environment);
    environment
}

const SUBJECT_SUFFIX: &str = "/subject";

fn subject_of(file: &str) -> String {
    format!("{file}{SUBJECT_SUFFIX}")
}

/// Adds the Subject and the body as two templates. The body keeps its two first lines as blank
/// ones, so that line numbers are those of the file.
fn add(
    environment: &mut Environment<'static>,
    name: &str,
    text: &str,
) -> Result<(), TemplateError> {
    let text = text.replace("\r\n", "\n");
    let mut put = |name: String, source: String| {
        let file = name.strip_suffix(SUBJECT_SUFFIX).unwrap_or(&name).to_owned();
        let added = environment.add_template_owned(name, source.clone());
        added.map_err(|error| {
            let line = error.line().unwrap_or(1);
            TemplateError::new(&file, line, saying(&error, source.lines().nth(line - 1)))
        })
    };
    if name.starts_with("part-") {
        return put(name.to_owned(), text);
    }
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let subject = first.strip_prefix("Subject: ").filter(|subject| !subject.trim().is_empty());
    let subject = subject.ok_or_else(|| {
        TemplateError::new(name, 1, "the first line is to be \"Subject: \" and a subject")
    })?;
    let body = rest.strip_prefix('\n').ok_or_else(|| {
        TemplateError::new(name, 2, "the second line is to be blank, and the body begins below")
    })?;
    put(subject_of(name), subject.to_owned())?;
    put(name.to_owned(), format!("\n\n{body}"))
}

/// What is wrong, and the line of the template as it is written there.
fn saying(error: &Error, written: Option<&str>) -> String {
    let what = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    match written.map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => format!("{what}, in: {line}"),
        None => what,
    }
}

fn no_such(name: &str) -> String {
    let nearest = BUILT_IN
        .iter()
        .map(|(known, _)| (strsim::damerau_levenshtein(name, known), *known))
        .min()
        .filter(|(distance, _)| *distance < 6);
    match nearest {
        Some((_, known)) => format!("there is no template of this name; did you mean {known}?"),
        None => "there is no template of this name".to_owned(),
    }
}

/// The outer and the protected Subject. A case has the same ones in every letter, whatever a
/// template says, so that it is one thread; a title goes only where detail may go.
fn subjects(letter: &Letter, team: &Team, own: &str) -> (String, String) {
    let detail = letter.wording.form().detail == Detail::Case;
    let title = match (&letter.title, detail && letter.to.protection != Protection::Signed) {
        (Some(title), true) => fields::title(title, &team.case_prefix),
        _ => String::new(),
    };
    let (outer, inner) = match &letter.case {
        Some(case) => (format!("[{case}]"), format!("[{case}] {title}")),
        None if detail => (NO_SUBJECT.to_owned(), filters::line(own)),
        None => (filters::line(own), filters::line(own)),
    };
    let mark = if team.exercise { "[EXERCISE] " } else { "" };
    (format!("{mark}{outer}"), format!("{mark}{}", inner.trim_end()))
}

/// The lines that code puts in front: an exercise's mark, the case line, INTERNAL.
fn head(letter: &Letter, team: &Team) -> String {
    let mut head = String::new();
    if team.exercise {
        head.push_str(&format!("{EXERCISE}\n"));
    }
    if let (Some(case), Some(code)) = (&letter.case, &letter.code) {
        let label = match letter.wording.form().detail {
            Detail::Case => format!(" {}", letter.tlp.label()),
            Detail::None | Detail::InClear => String::new(),
        };
        head.push_str(&format!("[{case} {code} {}{label}]\n", team.address));
    }
    if letter.wording.form().internal {
        head.push_str(&format!("INTERNAL. For {}. Never forward; use /send.\n", meant_for(letter)));
    }
    head
}

fn meant_for(letter: &Letter) -> String {
    match (&letter.wording, &letter.case) {
        (Wording::Transcript(_) | Wording::NotObeyed(_) | Wording::ReadOut(_), _) => {
            format!("{} only", clean::line(&letter.to.name))
        }
        (_, Some(_)) => "the handlers of this case".to_owned(),
        (_, None) => "the team".to_owned(),
    }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "template_orders_tests.rs"]
mod orders_tests;
