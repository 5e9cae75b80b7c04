//! The words of a post: no gaps left open, useful when every link is dead, lines that arrive.

use super::{Finding, Look, finding, when};
use crate::case::{Exploited, NoticeKind};
use crate::limits::{LETTER_LINE, SUBJECT_CHARS, USEFUL_CHARS};
use crate::siren::format::text::COLUMNS;
use regex::Regex;
use std::sync::LazyLock;

static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words =
        r"\b(?:TODO|TBD|TBA|FIXME|XXX+|lorem ipsum|CVE-(?:YYYY|2\d{3}|20XX)-(?:X+|N+|\?+))\b";
    let gaps = r"\{\{|\}\}|<(?:your|insert|project|product|version|date|name|url)\b[^>\n]*>";
    let more =
        r"|\[(?:your|insert|project|product|version|date|name|url|\.\.\.)\b?[^\]\n]*\]|<\.\.\.>";
    Regex::new(&format!("{words}|(?i:{gaps}{more})")).ok()
});

static LINK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:https?|ftp)://\S+").ok());

/// What was to be filled in, and was not.
pub(super) fn placeholders(look: &Look<'_>) -> Vec<Finding> {
    let Some(pattern) = PLACEHOLDER.as_ref() else { return Vec::new() };
    let shown = look.texts().take(2).find_map(|text| pattern.find(text));
    let Some(shown) = shown else { return Vec::new() };
    let part = look.part_with(|text| pattern.is_match(text));
    let what = format!("\"{}\" stands for something still to be written.", shown.as_str());
    vec![finding("placeholder", part, what)]
}

/// The text says what it is and what to do, without anything behind a link.
pub(super) fn useful(look: &Look<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let what = "Without its links the description says too little. Write in it what the flaw is, \
                where, and who is affected.";
    let short = own_words(&look.said.description) < USEFUL_CHARS;
    found.extend(when(short, "O3", "description", what));
    let what = "It does not say what to do. Write that in a sentence that needs no link.";
    let idle = own_words(&look.said.actions) < USEFUL_CHARS / 4;
    let takes_back = look.notice.heading().kind == NoticeKind::Withdrawal;
    found.extend(when(idle && !takes_back, "O3", "actions", what));
    let bare = look.said.exploited == Exploited::Yes && look.said.evidence.trim().is_empty();
    let what =
        "It says that it is exploited, and not how that is known. Say it under \"Evidence\".";
    found.extend(when(bare, "evidence", "evidence", what));
    found
}

/// Characters that are left without links and blanks.
fn own_words(text: &str) -> usize {
    let bare = LINK.as_ref().map_or(text.into(), |link| link.replace_all(text, ""));
    bare.split_whitespace().map(|word| word.chars().count() + 1).sum()
}

/// The body as it would leave: ASCII, 72 columns, nothing that list software changes.
pub(super) fn lines(look: &Look<'_>) -> Vec<Finding> {
    let body = &look.post.body;
    let mut found = Vec::new();
    let fine = |c: char| c == '\n' || (c.is_ascii() && !c.is_ascii_control());
    let odd = body.chars().chain(look.post.subject.chars()).find(|c| !fine(*c));
    if let Some(odd) = odd {
        let what = format!("A post is plain ASCII, and U+{:04X} is not.", u32::from(odd));
        found.push(finding("ASCII", "", what));
    }
    let many = |line: &str| line.trim_start_matches("| ").contains(' ');
    let wide = |line: &&str| (line.len() > COLUMNS && many(line)) || line.len() > LETTER_LINE;
    if let Some(line) = body.lines().find(wide) {
        let start: String = line.chars().take(40).collect();
        let what = format!("This line is wider than {COLUMNS} columns: \"{start}...\"");
        found.push(finding("width", "", what));
    }
    let changed = |line: &str| {
        line.starts_with(['-', '>', ' ']) || line.starts_with("From ") || line.ends_with(' ')
    };
    let what = "A line begins or ends in a way that mail programs change, so the signature would \
                not fit.";
    found.extend(when(body.lines().any(changed), "width", "", what));
    found
}

/// The Subject says what software, and fits on a screen.
pub(super) fn subject(look: &Look<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let what = format!("The Subject is longer than {SUBJECT_CHARS} characters. Shorten the title.");
    let long = look.post.subject.chars().count() > SUBJECT_CHARS;
    found.extend(when(long, "subject", "title", &what));
    if !look.is_public_list() {
        return found;
    }
    let ids =
        |word: &str| crate::siren::draft::is_id(word.trim_matches(|c: char| !c.is_alphanumeric()));
    let words = look.said.title.split_whitespace().filter(|word| !ids(word)).count();
    let what = "The title has to name the software, the versions where there are any, and the \
                kind of flaw: an id alone is no Subject.";
    found.extend(when(words < 3, "O2", "title", what));
    let versions = look.said.affected.iter().any(|one| one.versions.iter().any(|v| v != "*"));
    let named = look.said.title.chars().any(|c| c.is_ascii_digit())
        || look.said.title.contains("all versions");
    let what = "The title names no version, though it is known which are affected.";
    found.extend(when(versions && words >= 3 && !named, "O2", "title", what));
    found
}

/// Said of themselves, by products whose source nobody can read.
const CLOSED: &[&str] =
    &["closed source", "closed-source", "proprietary software", "proprietary product"];
/// Products that are asked about most often and are not open source.
const PRODUCTS: &[&str] = &[
    "microsoft windows",
    "microsoft exchange",
    "microsoft office",
    "sharepoint",
    "macos",
    "cisco ios",
    "cisco asa",
    "fortios",
    "fortigate",
    "pan-os",
    "ivanti",
    "citrix",
    "netscaler",
    "vmware esxi",
    "vcenter",
    "oracle weblogic",
    "sap netweaver",
    "moveit transfer",
    "progress moveit",
];

/// These lists are about open source.
pub(super) fn closed_source(look: &Look<'_>) -> Vec<Finding> {
    let lower = |text: &str| text.to_ascii_lowercase();
    let mut named = vec![lower(&look.said.title)];
    named.extend(look.said.affected.iter().map(|one| lower(&one.package)));
    let product = PRODUCTS.iter().any(|one| named.iter().any(|name| name.contains(one)));
    let says = |text: &str| CLOSED.iter().any(|words| lower(text).contains(words));
    let closed = product || says(&look.said.description) || says(&look.said.title);
    let what = "It seems to be about closed source. These lists are about open source only: say \
                what open source is affected, or drop it.";
    when(closed, "O4", "title", what).into_iter().collect()
}
