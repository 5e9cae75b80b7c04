//! Which versions a post says are affected, and which are fixed.
//!
//! ```text
//! own words ──segments──▶ pieces below headings ──sentences──▶ numbers with their bounds
//!                                                          └──▶ cues: affected, fixed, neither
//! ```
//!
//! A number is read by the nearest words beside it, then by the heading above it, then by its
//! bound: "before 1.2.3" alone says what is affected.

mod bounds;
mod numbers;
mod roles;
mod segments;
mod settle;

use super::own::Own;
use crate::limits::{EXTRACTED, MENTIONS};
use crate::triage::extract::{after, before, plain};
use crate::triage::pattern;
use bounds::Bound;
use numbers::Hit;
use regex::Regex;
use roles::{Cue, Role, cues, role};
use segments::{Section, Segment, segments};
use std::sync::LazyLock;

/// What a post says about versions, as constraints, in order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    pub affected: Vec<String>,
    pub fixed: Vec<String>,
    /// Named alone, and not said to be affected or fixed.
    named: Vec<String>,
    /// What is open above, and the fix told with it.
    closed: Vec<(String, String)>,
    /// Named alone, as not affected.
    spared: Vec<String>,
    /// What of the affected stands below a heading that says so.
    listed: Vec<String>,
    /// In links to releases and to their patches.
    linked: Vec<String>,
}

/// Links and paths: the numbers in them are no versions.
static LINK: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\b(?:https?|ftp|git|ssh)://(?u:[^\s<>])+|\bwww\.(?u:[^\s<>])+"));
/// `<https://...>` and `[1]` behind a word are no part of the sentence.
static ASIDE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)<(?:https?|ftp)://(?u:[^\s<>])+>|\[[0-9]{1,2}\]"));
/// The page of a release, and the folder of the patches to it.
static RELEASE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)/releases/tag/(?:[a-z]{2,20}[-_/])?v?([0-9]+(?:\.[0-9]+)+[0-9a-z.-]*[0-9a-z]",
        r"|[0-9]+\.[0-9])(?:(?u:[^\w./-])|[.]?\s|$)",
        r"|/v?([0-9]+(?:\.[0-9]+)+(?:-[0-9A-Z.-]+)?)/patches\b",
    ))
});
/// Ids hold numbers too.
static ID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:CVE|GHSA|CWE|XSA|WSA|DSA|DLA|USN|RHSA|GO|RUSTSEC",
        r"|PYSEC)-[0-9A-Za-z-]+(?:[:][0-9]+)?",
        r"|CVSS:[0-9.]+/[A-Z:/]+|\bRFC ?[0-9]+|\b[A-Z]+(?:-[A-Z]+)*-20[0-9]{2}-[0-9][0-9.-]*",
    ))
});

pub fn of(own: &Own) -> Versions {
    let mut found = Versions::default();
    let topic = own.subject.to_lowercase();
    let text = plain(&own.text);
    found.linked = linked(&text);
    let text = without_links(&text);
    for segment in segments(&text) {
        read(&segment, &topic, &mut found);
    }
    let title =
        Segment { section: title_section(&topic), text: without_links(&plain(&own.subject)) };
    let mut said = Versions::default();
    read(&title, &topic, &mut said);
    if own.answers {
        // "Re: copyfail 3.0": of a name nothing follows.
        said.affected.retain(|one| one.starts_with(['<', '>']));
    }
    found.take_title(said);
    found.tidy();
    found
}

fn without_links(text: &str) -> String {
    let mut text = text.to_owned();
    for (look, instead) in [(&ASIDE, ""), (&LINK, " ; "), (&ID, " ; ")] {
        if let Some(look) = look.as_ref() {
            text = look.replace_all(&text, instead).into_owned();
        }
    }
    text
}

fn linked(text: &str) -> Vec<String> {
    let Some(look) = RELEASE.as_ref() else { return Vec::new() };
    let hits = look.captures_iter(text).take(EXTRACTED);
    hits.filter_map(|hit| Some(hit.get(1).or(hit.get(2))?.as_str().to_owned())).collect()
}

/// A Subject that tells of a release names what is fixed; any other what is affected.
fn title_section(topic: &str) -> Section {
    const NEW: [&str; 9] = [
        "released",
        "release",
        "releases",
        "[announce]",
        "[ann]",
        "available",
        "issued",
        "security update",
        "fixed in",
    ];
    if NEW.iter().any(|word| topic.contains(word)) { Section::Fixed } else { Section::Affected }
}

/// How far beside a number the words of its sentence are looked for.
const NEAR: usize = 200;

fn read(segment: &Segment, topic: &str, found: &mut Versions) {
    let mut since = None;
    for sentence in sentences(&segment.text) {
        let lower = sentence.to_ascii_lowercase();
        let listed =
            matches!(segment.section, Section::Affected | Section::Fixed | Section::NotAffected)
                || lower.contains("version");
        let cues = cues(&lower);
        let mut hits = numbers::find(&lower, topic, listed);
        bounds::spread(&lower, &mut hits);
        every_version(&lower, segment.section, &cues, found);
        let said =
            Sentence { text: sentence, lower: &lower, section: segment.section, cues: &cues };
        let (affected, fixed) = (found.affected.len(), found.fixed.len());
        said.read(&hits, found);
        since = found.affected.get(affected..).and_then(alone_since).map(|_| affected).or(since);
        close(since, fixed, found);
    }
}

/// "introduced in 1.2": the one range that is open above.
fn alone_since(said: &[String]) -> Option<&String> {
    let [one] = said else { return None };
    (one.starts_with(">=") && !one.contains('|')).then_some(one)
}

/// "Introduced in 1.2, fixed in 1.4": one fix closes the range.
fn close(since: Option<usize>, first: usize, found: &mut Versions) {
    let Some([fix]) = found.fixed.get(first..) else { return };
    let Some(open) = since.and_then(|at| found.affected.get(at)) else { return };
    if settle::is_below(open.trim_start_matches(">="), fix) {
        found.closed.push((open.clone(), fix.clone()));
    }
}

/// A sentence, and what the words of it and above it say.
struct Sentence<'a> {
    text: &'a str,
    lower: &'a str,
    section: Section,
    cues: &'a [Cue],
}

impl Sentence<'_> {
    fn read(&self, hits: &[Hit], found: &mut Versions) {
        let all = [&found.affected, &found.fixed, &found.named, &found.spared];
        if all.iter().any(|list| list.len() >= MENTIONS) {
            return;
        }
        let mut hits = hits.iter().peekable();
        while let Some(hit) = hits.next() {
            let joined = hits.peek().and_then(|next| range(self.text, hit, next));
            let high = if joined.is_some() { hits.next() } else { None };
            self.take(hit, high, joined, found);
        }
    }

    fn take(&self, hit: &Hit, high: Option<&Hit>, joined: Option<String>, found: &mut Versions) {
        let said = role(self.cues, hit.from, high.map_or(hit.end, |high| high.end));
        let alone = number(self.text, hit).to_owned();
        let dashed = joined.is_some() && hit.bound == Bound::Is;
        let bound = if joined.is_some() { Bound::Below } else { hit.bound };
        let starts = self.starts(hit, said);
        let role = match self.section {
            Section::Quiet if self.behind(hit, &[" released", " is released"]) => Role::Fixed,
            Section::Quiet if !says_fixed(self.cues, hit) => Role::Nothing,
            // "The fix is abc, introduced in 1.2", "fixing a leak in version 1.2".
            _ if said == Some(Role::Affected) && self.tells_of_a_fix(hit) => Role::Fixed,
            // The branches that a patch is for.
            Section::Advice if dashed && said.is_none() => Role::Nothing,
            // "1.5.1 introduced a handler": what follows says what is wrong with it.
            _ if self.behind(hit, &[" introduced ", " was not released"]) => return,
            _ if self.is_of_users(hit) => return,
            _ if said.is_none() && self.behind(hit, &[" released"]) => Role::Fixed,
            section => decide(said, section, bound),
        };
        let bound = if starts && hit.bound == Bound::Is { Bound::From } else { hit.bound };
        let whole = joined.unwrap_or_else(|| bound.of(&alone));
        match role {
            Role::Affected => {
                if self.section == Section::Affected {
                    found.listed.push(whole.clone());
                }
                found.affected.push(whole);
            }
            Role::Fixed if hit.bound == Bound::Above => {}
            Role::Fixed if !self.is_branch(hit) => found.fixed.push(alone),
            Role::NotAffected if hit.bound == Bound::From => found.named.push(alone),
            Role::NotAffected if high.is_none() => found.spared.push(alone),
            _ if hit.bound == Bound::Is && high.is_none() => found.named.push(alone),
            _ => {}
        }
    }

    /// "introduced in Foo 1.2"
    fn starts(&self, hit: &Hit, said: Option<Role>) -> bool {
        const STARTS: [&str; 4] =
            ["introduced in ", "introduced with ", "introduced by ", "appeared in "];
        let left = before(self.lower, hit.from, NEAR);
        let last = STARTS.iter().filter_map(|word| Some(left.rfind(word)? + word.len())).max();
        let between = last.and_then(|at| left.get(at..)).map(|words| words.split(' ').count());
        said == Some(Role::Affected) && between.is_some_and(|words| words <= 3)
    }

    fn tells_of_a_fix(&self, hit: &Hit) -> bool {
        let left = before(self.lower, hit.from, NEAR).trim_end();
        let fixing = left.contains("fixing ") && self.says_in_version(hit);
        let introduced = self.lower.get(hit.from..hit.at).unwrap_or_default();
        left.contains("fix is ") && introduced.starts_with("introduced in") || fixing
    }

    fn says_in_version(&self, hit: &Hit) -> bool {
        let left = before(self.lower, hit.at, NEAR).trim_end();
        left.ends_with(" in version") || left.ends_with(" in release")
    }

    /// "1.x, 2.0.x and 2.1.x users should upgrade"
    fn is_of_users(&self, hit: &Hit) -> bool {
        let right = after(self.lower, hit.end, NEAR);
        let Some(list) = right.get(..right.find("users").unwrap_or_default()) else { return false };
        let plain = |c: char| c.is_ascii_digit() || " .,xv+&".contains(c);
        right.starts_with([' ', ',', '+'])
            && !list.is_empty()
            && list.replace(" and ", " ").replace(" or ", " ").chars().all(plain)
    }

    /// "the 4.21 release series"
    fn is_branch(&self, hit: &Hit) -> bool {
        let words = [" release series", " series", " branch", " release branch", " release line"];
        self.behind(hit, &words)
    }

    fn behind(&self, hit: &Hit, words: &[&str]) -> bool {
        let right = self.lower.get(hit.end..).unwrap_or_default();
        words.iter().any(|word| right.starts_with(word))
    }
}

/// Among links and thanks only "fixed in" counts.
fn says_fixed(cues: &[Cue], hit: &Hit) -> bool {
    let before = cues.iter().rev().find(|cue| cue.end <= hit.end);
    before.is_some_and(|cue| cue.role == Role::Fixed) && hit.bound == Bound::Is
}

/// The number as it is written, in its own letters.
fn number<'a>(sentence: &'a str, hit: &Hit) -> &'a str {
    let raw = sentence.get(hit.at..hit.end).unwrap_or_default();
    raw.get(raw.len().saturating_sub(hit.number.len())..).unwrap_or_default()
}

fn decide(said: Option<Role>, section: Section, bound: Bound) -> Role {
    let open = matches!(bound, Bound::Below | Bound::UpTo);
    match (said, section) {
        (Some(Role::NotAffected), _) | (_, Section::NotAffected) => Role::NotAffected,
        (Some(Role::Nothing), _) => Role::Nothing,
        // "fixed in all versions before": what lies below is not the fix.
        (Some(Role::Fixed), _) if open => Role::Affected,
        (Some(Role::Affected), Section::Fixed) if !open => Role::Fixed,
        (Some(role @ (Role::Fixed | Role::Affected)), _) => role,
        (_, Section::Affected) => Role::Affected,
        (_, Section::Fixed | Section::Advice) if !open => Role::Fixed,
        _ if open => Role::Affected,
        _ => Role::Nothing,
    }
}

/// "All versions are affected", with no bound behind it.
fn every_version(lower: &str, section: Section, cues: &[Cue], found: &mut Versions) {
    static ALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"\b(?:all|every) (?:current |known |supported |released? ",
            r"|existing )?(?:versions?|releases)",
            r"(?: of (?:the )?[a-z0-9_+-]+(?: [a-z0-9_+-]+)?)?(?: (?:are|is) |[,.;)]|\s*$)",
        ))
    });
    let alone = section == Section::Affected && lower.trim().trim_end_matches('.') == "all";
    let said = ALL.as_ref().and_then(|look| look.find(lower)).is_some_and(|hit| {
        let role = role(cues, hit.start(), hit.end());
        role == Some(Role::Affected) || role.is_none() && section == Section::Affected
    });
    if alone || said {
        found.affected.push("*".to_owned());
    }
}

/// Two bounds side by side are one range.
fn range(sentence: &str, low: &Hit, high: &Hit) -> Option<String> {
    let between = sentence.get(low.until.max(low.end)..high.from)?.to_ascii_lowercase();
    let between = between.trim_matches([' ', ',', '(', ')', ':', '&', '|']);
    let between = between.trim_start_matches("version").trim_start_matches("release");
    let between = between.trim_matches([' ', 's', '.']);
    let gap = matches!(between, "" | "and" | "but" | "all" | "to" | "up");
    let comma = sentence.get(low.end..high.from)?.contains(',');
    let first = sentence.get(..low.from)?.trim_end().to_ascii_lowercase();
    let open = matches!(low.bound, Bound::From | Bound::Above);
    let from = match low.bound {
        Bound::Is | Bound::From => ">=",
        Bound::Above => ">",
        _ => return None,
    };
    let two = first.ends_with("between") && between == "and";
    let until = match high.bound {
        Bound::Below if open || high.range && !comma && between.is_empty() => "<",
        Bound::Below if !comma && between.is_empty() => "<",
        Bound::UpTo if open || high.range && !comma => "<=",
        Bound::UpTo if !comma && between.is_empty() => "<=",
        Bound::Is if high.range || two => "<=",
        _ => return None,
    };
    if !gap {
        return None;
    }
    let (low, high) = (number(sentence, low), number(sentence, high));
    // "1.2.x before 1.2.9"
    let low = low.trim_end_matches(['x', 'X', '*']).trim_end_matches('.');
    Some(if low == "0" || low == "0.0" {
        format!("{until}{high}")
    } else {
        format!("{from}{low}|{until}{high}")
    })
}

/// Sentences: to a full stop with a blank behind it, or a semicolon.
fn sentences(text: &str) -> Vec<&str> {
    let (mut out, mut start) = (Vec::new(), 0);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let ends = match byte {
            b';' => true,
            b'.' | b'!' | b'?' => {
                let head = text.get(start..at).unwrap_or_default();
                bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) && !is_short(head)
            }
            _ => false,
        };
        if ends {
            out.extend(text.get(start..=at));
            start = at + 1;
        }
    }
    out.extend(text.get(start..));
    out
}

/// "e.g.", "i.e.", "vs.", "ver.": no end of a sentence.
fn is_short(head: &str) -> bool {
    let last = head.rsplit([' ', '(']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        last.as_str(),
        "e.g" | "i.e" | "vs" | "ver" | "etc" | "cf" | "resp" | "v" | "approx" | "no"
    )
}

#[cfg(test)]
#[path = "versions_tests.rs"]
mod tests;
