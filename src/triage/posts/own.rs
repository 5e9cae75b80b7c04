//! The words of a post that are its author's own: no quotes, no armour, no signature below.
//!
//! What stands quoted in a post that answers nothing is an advisory from elsewhere, passed on to
//! the list: it is news here.

use super::footers::without_footers;
use crate::mail::quote::{attribution, begins_pasted_mail, is_quoted, is_signature, unquoted};
use crate::mail::{Mail, MessageId};
use crate::triage::extract::plain;

/// A signature below a mail is short; a longer rest is text behind a divider.
const SIGNATURE_LINES: usize = 15;
/// A mail that is passed on with fewer words is told by the words around it.
const PASSED_WORDS: usize = 12;
/// Whoever says more about it has something to say.
const COMMENT_WORDS: usize = 40;

/// A post as its readers understand it.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Without list tags, Re: and Fwd:.
    pub subject: String,
    pub text: String,
    /// It answers another post.
    pub answers: bool,
    /// Message-IDs in the headers of a mail that is passed on inside.
    pub inner: Vec<MessageId>,
    pub passes_on: bool,
    /// Where in the text a mail begins that is passed on.
    pub passed: Option<usize>,
}

impl Own {
    pub fn of(mail: &Mail) -> Own {
        let ours: Vec<&str> = mail.delivered_to.iter().map(|to| to.as_str()).collect();
        let text = without_footers(&plain(&mail.text));
        let lines: Vec<&str> =
            text.lines().filter(|line| !ours.iter().any(|to| line.contains(to))).collect();
        let passes_on =
            is_marked(&mail.subject, &FORWARDS) || mail.field("x-forwarded-message-id").is_some();
        let passes_answer = passes_on && is_marked(unmarked(&mail.subject), &ANSWERS);
        let answers = passes_answer || is_answer(mail, passes_on);
        let subject = subject(&mail.subject);
        let mut own = Own { subject, answers, passes_on, ..Own::default() };
        let lines = if passes_on { without_quote_of_forward(lines) } else { lines };
        own.read(&lines);
        own
    }

    /// What its author says to a mail that is passed on below.
    pub fn comment(&self) -> Option<&str> {
        self.text.get(..self.passed?)
    }

    /// What is compared with other posts: the mail that is passed on, where one is.
    pub fn message(&self) -> &str {
        let longer = |text: &str, words: usize| text.split_whitespace().nth(words).is_some();
        let comments = self.comment().is_some_and(|text| longer(text, COMMENT_WORDS));
        let passed = self.passed.and_then(|at| self.text.get(at..));
        let telling = |text: &&str| !comments && longer(text, PASSED_WORDS);
        passed.filter(telling).unwrap_or(&self.text)
    }

    fn read(&mut self, lines: &[&str]) {
        self.text.clear();
        self.inner.clear();
        self.passed = None;
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let rest = lines.get(at..).unwrap_or_default();
            let skipped = self.skip(rest);
            if skipped == 0 {
                // RFC 9580 section 7.2: dash-escaped lines of a signed text.
                let line = line.strip_prefix("- -").map_or(*line, |_| line.get(2..).unwrap_or(""));
                let line = if self.answers { line } else { unquoted(line).1 };
                self.text.push_str(line);
                self.text.push('\n');
            }
            at += skipped.max(1);
        }
    }

    /// How many lines from here on are not the author's own words.
    fn skip(&mut self, rest: &[&str]) -> usize {
        let line = rest.first().copied().unwrap_or_default();
        let armored = armor(rest);
        if armored > 0 {
            return armored;
        }
        if self.answers {
            if is_quoted(line) {
                return 1;
            }
            if let Some(said) = attribution(rest, is_quoted) {
                return said;
            }
        }
        if is_signature(line) || line == "- -- " || line == "- --" {
            return signature(rest);
        }
        if self.passes_on && is_heading_of_attached(line) {
            self.passed.get_or_insert(self.text.len());
            return 1;
        }
        if begins_pasted_mail(rest) {
            return if self.answers && !self.passes_on { rest.len() } else { self.header(rest) };
        }
        let top_posted = self.answers && line.trim_end().ends_with(':');
        if top_posted && attribution(rest, |line| !is_quoted(line)).is_some() && says_when(rest) {
            return rest.len();
        }
        0
    }

    /// The header of a mail that is passed on: its ids are kept, its lines are nobody's words.
    fn header(&mut self, rest: &[&str]) -> usize {
        self.passed.get_or_insert(self.text.len());
        let fields = |line: &&&str| line.contains(": ") || line.starts_with([' ', '\t', '-']);
        let blanks = rest.iter().skip(1).take_while(|line| line.trim().is_empty()).count();
        let length = rest.iter().skip(1 + blanks).take_while(fields).count();
        let header = rest.iter().skip(1).take(blanks + length);
        for line in std::iter::once(&rest.first().copied().unwrap_or_default()).chain(header) {
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.trim_matches(['*', ' ']).eq_ignore_ascii_case("message-id") {
                self.inner.extend(MessageId::parse(value));
            }
        }
        1 + blanks + length
    }
}

const ANSWERS: [&str; 5] = ["re:", "aw:", "sv:", "antw:", "re["];
const FORWARDS: [&str; 6] = ["fwd:", "fw:", "wg:", "tr:", "rv:", "[fwd:"];

fn is_answer(mail: &Mail, passes_on: bool) -> bool {
    let threaded = mail.answers().next().is_some() && !passes_on;
    // A new topic begun by answering an old mail: the Subject is new and nothing is quoted.
    is_marked(&mail.subject, &ANSWERS)
        || threaded && (mail.subject.is_empty() || mail.text.lines().any(is_quoted))
}

/// Whether a Subject begins so, or does behind the tag of a list.
fn is_marked(subject: &str, marks: &[&str]) -> bool {
    let subject = subject.trim_start();
    let begins = |text: &str| {
        let head = |mark: &&str| text.get(..mark.len());
        marks.iter().any(|mark| head(mark).is_some_and(|head| head.eq_ignore_ascii_case(mark)))
    };
    let behind_tag = subject.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    begins(subject) || behind_tag.is_some_and(|(_, rest)| begins(rest.trim_start()))
}

/// Behind the mark of a forward and the tags before it.
fn unmarked(subject: &str) -> &str {
    let lower = subject.to_ascii_lowercase();
    let ends = FORWARDS.iter().filter_map(|mark| Some(lower.find(mark)? + mark.len()));
    ends.min().and_then(|at| subject.get(at..)).unwrap_or_default()
}

/// Some programs quote what they pass on: then the first mark on each line is the forward's own.
fn without_quote_of_forward(lines: Vec<&str>) -> Vec<&str> {
    let begin = (0..lines.len())
        .find(|at| lines.get(*at..).is_some_and(begins_pasted_mail))
        .map_or(0, |at| at + 1);
    let words = lines.iter().skip(begin).filter(|line| !line.trim().is_empty());
    let (quoted, other): (Vec<&str>, Vec<&str>) = words.partition(|line| is_quoted(line));
    if quoted.len() < other.len() * 4 {
        return lines;
    }
    lines.into_iter().map(without_mark).collect()
}

fn without_mark(line: &str) -> &str {
    let rest = line.trim_start().strip_prefix('>');
    rest.map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest))
}

/// The line that our own reader puts above an attached mail.
fn is_heading_of_attached(line: &str) -> bool {
    line.starts_with("[A mail from ") && line.contains(" is passed on: ")
}

/// "On 2 May 2024, Fay wrote:" above words without quote marks.
fn says_when(rest: &[&str]) -> bool {
    let line = rest.first().copied().unwrap_or_default();
    line.starts_with("On ") && line.contains(|c: char| c.is_ascii_digit())
}

fn armor(rest: &[&str]) -> usize {
    let first = rest.first().map(|line| line.trim_end()).unwrap_or_default();
    match first {
        "-----BEGIN PGP SIGNED MESSAGE-----" => {
            1 + rest.iter().skip(1).take_while(|line| line.contains(": ")).count()
        }
        "-----BEGIN PGP SIGNATURE-----" | "-----BEGIN PGP PUBLIC KEY BLOCK-----" => {
            let end = rest.iter().position(|line| line.starts_with("-----END PGP"));
            end.map_or(rest.len(), |end| end + 1)
        }
        _ => 0,
    }
}

/// To the end of a mail, or, of a patch inside it, to the next blank line.
fn signature(rest: &[&str]) -> usize {
    let words = rest.iter().filter(|line| !line.trim().is_empty());
    // No further than it matters: Eve may write a divider on every other line.
    if words.take(SIGNATURE_LINES + 1).count() <= SIGNATURE_LINES {
        return rest.len();
    }
    rest.iter().take_while(|line| !line.trim().is_empty()).count()
}

/// Tags that say what a post is, not which list it came by.
const SAYING: [&str; 10] = [
    "update",
    "updated",
    "correction",
    "corrected",
    "revised",
    "withdrawn",
    "retracted",
    "erratum",
    "errata",
    "addendum",
];

/// The Subject without Re:, Fwd: and the tags of lists. A tag with a digit in it says something.
pub fn subject(subject: &str) -> String {
    const MARKS: [&str; 10] =
        ["re:", "fwd:", "fw:", "aw:", "wg:", "sv:", "tr:", "antw:", "rv:", "re[2]:"];
    let mut left = subject.trim();
    loop {
        let mark = MARKS.iter().find_map(|mark| {
            let (head, tail) = left.split_at_checked(mark.len())?;
            head.eq_ignore_ascii_case(mark).then_some(tail)
        });
        let cut = mark.or_else(|| {
            let (tag, rest) = left.strip_prefix('[')?.split_once(']')?;
            let says = tag.contains(|c: char| c.is_whitespace() || c.is_ascii_digit())
                || SAYING.iter().any(|word| tag.eq_ignore_ascii_case(word));
            (!says && !rest.trim().is_empty()).then_some(rest)
        });
        match cut {
            Some(rest) => left = rest.trim_start(),
            None => return crate::mail::clean::line(left.trim_end_matches("(fwd)").trim_end()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(subject: &str, text: &str) -> Own {
        Own::of(&Mail { subject: subject.to_owned(), text: text.to_owned(), ..Mail::default() })
    }

    #[test]
    fn quotes_armour_and_signatures_are_not_own() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n\
                    On Monday 1 May, Mo wrote:\n\
                    > libold 1.0\n\nOnly this.\n- --- a rule\n-- \nFay\n\
                    -----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n";
        assert_eq!(own("Re: x", text).text.trim(), "Only this.\n--- a rule");
    }

    #[test]
    fn what_is_passed_on_is_compared_without_the_words_around_it() {
        let told = "libexample 1.2.3 reads a length from the file and does not compare it with \
                    what is left of the buffer.\n";
        let below = format!("Begin forwarded message:\n\n> From: Mo <mo@lib.test>\n>\n> {told}");
        let quoted = own("Fwd: libexample", &format!("Please look.\n\n{below}"));
        assert_eq!((quoted.message().trim(), quoted.answers), (told.trim(), false));
        assert_eq!(quoted.comment().map(str::trim), Some("Please look."));
        let attached =
            format!("Please look.\n\n[A mail from mo@lib.test is passed on: libexample]\n\n{told}");
        assert_eq!(own("Fwd: libexample", &attached).message().trim(), told.trim());
        let much = own("Fwd: libexample", &format!("{}\n{below}", "We looked. ".repeat(30)));
        assert!(much.message().starts_with("We looked."));
        let answer = format!(
            "---------- Forwarded message ---------\nFrom: Mo <mo@lib.test>\nSubject: Re: \
             libexample\nDate: today\n\nOn Monday 1 May, Fay wrote:\n> Is it old?\n\n{told}"
        );
        let answer = own("Fwd: Re: [sec] libexample", &answer);
        assert_eq!((answer.message().trim(), answer.answers), (told.trim(), true));
    }

    #[test]
    fn what_is_passed_on_speaks() {
        let text = "FYI\n\n---------- Forwarded message ---------\nFrom: Mo <mo@lib.test>\n\
                    Message-ID: <a@b.test>\nSubject: libexample\n\nlibexample 1.2.3 is bad news\n";
        let own = own("Fwd: [sec] libexample", text);
        assert!(own.text.contains("1.2.3") && !own.text.contains("mo@lib.test"), "{}", own.text);
        assert_eq!((own.inner.len(), own.subject.as_str()), (1, "libexample"));
    }

    #[test]
    fn subjects_without_tags() {
        for (from, to) in [
            ("Re: [oss-security] Re: [sec] CVE-2026-10001: x", "CVE-2026-10001: x"),
            ("[CVE-2026-10001] x", "[CVE-2026-10001] x"),
            ("[sec] Fwd: x (fwd)", "x"),
        ] {
            assert_eq!(subject(from), to);
        }
    }
}
