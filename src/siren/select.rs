//! Which posts are worth a notice, and why.
//!
//! A post is looked at once: what says the same as another gives no reason, and what brings one
//! up to date only where it brings news. People decide; the reasons only say why they are asked.

mod not_worth;

pub use not_worth::not_worth;

use super::observation::{News, Sameness};
use crate::case::{Observed, PostKind, Reason, Selection, SirenRules, purl, ssvc, values};
use crate::limits::REASON_CHARS;
use regex::Regex;
use std::sync::LazyLock;

/// The base score from which a hole in critical software is worth a notice.
const CRITICAL_BASE: f64 = 9.0;

/// Every reason there is, the strongest first; none where it is not worth a notice.
pub fn reasons(post: &Observed, same: &Sameness, rules: &SirenRules) -> Vec<Reason> {
    let news = match same {
        Sameness::Same(..) => return Vec::new(),
        Sameness::Update(_, news) if news.is_empty() => return Vec::new(),
        Sameness::Update(_, news) => news.as_slice(),
        Sameness::New => &[],
    };
    // News in an answer is worth what news in an advisory is.
    let heard = post.kind == PostKind::Discussion && !news.is_empty();
    let as_advisory = Observed { kind: PostKind::Update, ..post.clone() };
    if not_worth(if heard { &as_advisory } else { post }).is_some() {
        return Vec::new();
    }
    let found = [
        exploited(post, rules).map(|why| (Selection::Exploited, why)),
        malicious(post).map(|why| (Selection::Malicious, why)),
        publish(post, rules).map(|why| (Selection::Publish, why)),
        critical(post, rules).map(|why| (Selection::Critical, why)),
        changed(post, news).map(|why| (Selection::Changed, why)),
    ];
    let reason = |(rule, why): (Selection, String)| Reason { rule, why: cut(&why) };
    found.into_iter().flatten().map(reason).collect()
}

/// It cannot wait for the daily digest: attacks, malicious code.
pub fn is_urgent(reasons: &[Reason]) -> bool {
    let urgent = [Selection::Exploited, Selection::Malicious];
    reasons.iter().any(|reason| urgent.contains(&reason.rule))
}

/// S-1: the post says so, or the catalogue does.
fn exploited(post: &Observed, rules: &SirenRules) -> Option<String> {
    let said = post.exploited.as_deref().filter(|sentence| !denies(sentence));
    let listed = || post.about.iter().find(|id| rules.exploited.contains(id.as_str()));
    let told = said.map(|sentence| format!("It tells of exploitation: \"{sentence}\""));
    told.or_else(|| {
        listed().map(|id| format!("{id} is in the catalogue of exploited vulnerabilities."))
    })
}

/// S-2
fn malicious(post: &Observed) -> Option<String> {
    let sentence = post.malicious.as_deref().filter(|sentence| !denies(sentence))?;
    Some(format!("It tells of malicious code or a taken-over account: \"{sentence}\""))
}

/// S-3: the table for publishing, with what the post shows of its three points.
fn publish(post: &Observed, rules: &SirenRules) -> Option<String> {
    let words = format!("{} {}", post.subject, post.gist);
    let silent = || SILENT.is_match(&words);
    let involvement = match post.fixed.is_empty() {
        false => "FR",
        true if silent() => "UU",
        true => "C",
    };
    let exploitation = match exploited(post, rules).is_some() {
        true => "A",
        false if EXPLOIT.is_match(&words) && !denies(&words) => "P",
        false => "N",
    };
    // An advisory that names its ids, versions and fix leaves little to add.
    let complete = [&post.about, &post.affected, &post.fixed].iter().all(|part| !part.is_empty());
    let value = if complete { "L" } else { "A" };
    let vector = format!("SSVCv2/SINV:{involvement}/E:{exploitation}/PVA:{value}");
    let decided = ssvc::read(&vector).ok()?;
    (decided.outcome == ssvc::Outcome::Publish)
        .then(|| format!("The table for publishing says publish: {vector}."))
}

/// S-4
fn critical(post: &Observed, rules: &SirenRules) -> Option<String> {
    let scores = post.cvss.iter().filter_map(|text| values::base_score(text));
    let base = scores.fold(0.0, f64::max);
    let fix = post.fixed.first().filter(|_| base >= CRITICAL_BASE)?;
    let package = post.packages.iter().find(|package| is_critical(package, rules))?;
    Some(format!(
        "{package} is on the list of critical software; base score {base:.1}; fixed: {fix}."
    ))
}

fn is_critical(package: &str, rules: &SirenRules) -> bool {
    let lower = package.trim().to_lowercase();
    let bare = purl::canonical(&lower).map(|(purl, _)| purl);
    let name = bare.as_deref().and_then(|purl| purl.rsplit('/').next());
    let words = || lower.split_whitespace().filter(|_| bare.is_none());
    rules.critical.iter().any(|critical| {
        let critical = critical.to_lowercase();
        let wanted = purl::canonical(&critical).map(|(purl, _)| purl);
        match wanted {
            Some(wanted) => bare.as_deref() == Some(wanted.as_str()),
            None => {
                critical == lower
                    || name == Some(critical.as_str())
                    || words().any(|word| word == critical)
            }
        }
    })
}

/// S-5
fn changed(post: &Observed, news: &[News]) -> Option<String> {
    let sentences: Vec<String> =
        news.iter().filter(|news| news.changes_actions()).map(News::sentence).collect();
    let words = || format!("{}. {}", post.subject, post.gist);
    let again = || INCOMPLETE.is_match(&words()).then(|| AGAIN.to_owned());
    (!sentences.is_empty()).then(|| sentences.join(" ")).or_else(again)
}

const AGAIN: &str = "A fix that was made before is incomplete: who installed it has to act again.";

/// "Not aware of any exploitation" tells of none; "no fix yet, but exploited in the wild" does.
fn denies(sentence: &str) -> bool {
    let clauses = CLAUSE.as_ref().map(|clause| clause.split(sentence).collect::<Vec<_>>());
    let clauses = clauses.unwrap_or_else(|| vec![sentence]);
    let (denied, said): (Vec<_>, Vec<_>) =
        clauses.into_iter().partition(|clause| DENIES.is_match(clause));
    !denied.is_empty() && !said.iter().any(|clause| AFFIRMS.is_match(clause))
}

fn cut(why: &str) -> String {
    let mut short: String = why.chars().take(REASON_CHARS).collect();
    if short.len() < why.len() {
        short.push('…');
    }
    short
}

static DENIES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
    r"(?i)\b(?:not? (?:currently )?aware|unaware|no (?:known|public|evidence|indication|",
    r"reports?|signs?)|",
    r"(?:has|have|was|were|is|",
    r"are) not (?:yet )?(?:been )?(?:known to be )?(?:actively )?(?:exploited|compromised|",
    r"affected)|",
    r"(?:hasn|haven|wasn|isn|aren)['\u{2019}]t (?:been )?(?:actively )?exploited|",
    r"not (?:been )?(?:seen|observed)|",
    r"without (?:any )?(?:evidence|indication)|never been exploited|unlikely|could be exploited|",
    r"if exploited|",
    r"may be exploited|can be exploited|might be exploited)\b"
)).ok()
});
static CLAUSE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)[;,.]|\b(?:but|however|although|yet we)\b").ok());
static AFFIRMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:exploited in the wild|actively (?:being )?exploited|active(?:ly)? exploit\w*|",
        r"under (?:active )?attack|in the wild|kev|(?:saw|see|seen|seeing|",
        r"observed) (?:\w+ )?(?:attacks?|exploitation)|being exploited|backdoor\w*|malicious|",
        r"compromised|hijacked)\b"
    ))
    .ok()
});
static SILENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
    r"(?i)\b(?:unmaintained|abandoned|no longer maintained|unpatched|zero-day|0-?day|end of life|",
    r"no (?:response|reply|answer|fix)|not (?:respond|repl|answer)\w*|unresponsive)\b"
)).ok()
});
static EXPLOIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
    r"(?i)\b(?:exploit (?:code|is|was|has|for|available|published)|public exploit|working exploit|",
    r"proof[- ]of[- ]concept|poc|metasploit)\b"
)).ok()
});

static INCOMPLETE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:incomplete|insufficient) (?:\w+ ){0,3}(?:fix|patch|mitigation)|\b(?:fix|patch|",
        r"mitigation)(?:es|s)?\b(?:[^.;]|\.[0-9]){0,80}\s(?:is|was|were|are) (?:\w+ )?",
        r"(?:incomplete|insufficient|not (?:sufficient|complete|enough))\b|",
        r"\bbypass(?:es)? (?:of )?the (?:\w+ )?fix\b"
    ))
    .ok()
});

trait Matches {
    fn is_match(&self, text: &str) -> bool;
}

impl Matches for Option<Regex> {
    fn is_match(&self, text: &str) -> bool {
        self.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

#[cfg(test)]
#[path = "select_tests.rs"]
mod tests;
