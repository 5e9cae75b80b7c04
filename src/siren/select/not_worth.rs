//! What is never worth a notice, rule by rule.

use super::Matches;
use crate::case::{Observed, PostKind};
use regex::Regex;
use std::sync::LazyLock;

struct Rule {
    why: &'static str,
    holds: fn(&Observed) -> bool,
}

const RULES: &[Rule] = &[
    Rule { why: "It is a notice of ours.", holds: |post| post.from_us.is_some() },
    Rule { why: "It has been on the SIREN list.", holds: |post| SIREN.is_match(&post.subject) },
    Rule {
        why: "It is an answer in a discussion.",
        holds: |post| post.kind == PostKind::Discussion,
    },
    Rule { why: "It asks for a CVE id.", holds: |post| post.kind == PostKind::CveRequest },
    Rule {
        why: "It is what a distribution or a kernel's list sends all day.",
        holds: |post| post.kind == PostKind::Routine,
    },
    Rule {
        why: "It is about a conference.",
        holds: |post| names_no_flaw(post) && CONFERENCE.is_match(&post.subject),
    },
    Rule {
        why: "It is about a list's own business.",
        holds: |post| names_no_flaw(post) && LIST_POLICY.is_match(&post.subject),
    },
    Rule { why: "It disputes a flaw.", holds: is_dispute },
    Rule {
        why: "It is about reports made by machines.",
        holds: |post| names_no_flaw(post) && SLOP.is_match(&words(post)),
    },
    Rule { why: "It is closed-source software.", holds: is_closed_source },
    Rule {
        why: "It names no flaw.",
        holds: |post| post.kind == PostKind::Other && names_no_flaw(post),
    },
];

/// Why the post is never worth a notice, as a sentence; None where it may be.
pub fn not_worth(post: &Observed) -> Option<&'static str> {
    RULES.iter().find(|rule| (rule.holds)(post)).map(|rule| rule.why)
}

fn names_no_flaw(post: &Observed) -> bool {
    post.about.is_empty() && post.exploited.is_none() && post.malicious.is_none()
}

/// A withdrawn advisory is news; that somebody disagrees with one is not.
fn is_dispute(post: &Observed) -> bool {
    let words = words(post);
    DISPUTE.is_match(&words) && !WITHDRAWN.is_match(&words) && post.exploited.is_none()
}

/// A product only its maker can mend, unless a package of open source stands beside it.
fn is_closed_source(post: &Observed) -> bool {
    let open = post.packages.iter().any(|package| package.starts_with("pkg:"));
    !open && (CLOSED.is_match(&post.subject) || SAYS_CLOSED.is_match(&words(post)))
}

fn words(post: &Observed) -> String {
    format!("{}\n{}", post.subject, post.gist)
}

type Pattern = LazyLock<Option<Regex>>;

static SIREN: Pattern =
    LazyLock::new(|| Regex::new(r"(?i)\[siren\]|\b[A-Z][A-Z0-9]*-SIREN-\d{4}-\d+\b").ok());
static CONFERENCE: Pattern = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:cfp|call for (?:papers|participation|proposals|speakers|talks)|conference|",
        r"workshop|summit|meetup|webinar|registration (?:is )?open|training|ctf)\b"
    ))
    .ok()
});
static LIST_POLICY: Pattern = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:list (?:policy|policies|charter|guidelines|rules|statistics|membership)|",
        r"(?:linux-)?distros (?:list|policy|statistics|membership|application|subscription)|",
        r"embargo (?:policy|length|period)s?|moderat(?:ion|ors?)|off-?topic|posting (?:rules|",
        r"guidelines)|",
        r"(?:membership|subscription) (?:request|application)|apply(?:ing)? (?:to|",
        r"for) (?:linux-)?distros)\b"
    ))
    .ok()
});
static DISPUTE: Pattern = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:disput(?:e|es|ed|ing)|bogus cves?|not a (?:vulnerability|",
        r"security (?:bug|issue)))\b"
    ))
    .ok()
});
static WITHDRAWN: Pattern =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:withdr[ae]wn?|retract(?:ed|ion)|rejected)\b").ok());
static SLOP: Pattern = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:ai[- ]slop|slop (?:reports?|cves?)|(?:ai|llm|machine)[- ](?:generated|",
        r"written|assisted|made) ",
        r"(?:\w+ )?(?:reports?|cves?|advisor(?:y|ies)|submissions?))\b"
    ))
    .ok()
});
static CLOSED: Pattern = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:microsoft (?:windows|exchange|office|sharepoint|outlook|defender|teams)|",
        r"windows kernel|",
        r"cisco (?:ios|asa|nexus|anyconnect|webex|unified|sd-wan)|ios xe|fortinet|forti(?:os|",
        r"gate|web|manager|client)|",
        r"pan-os|globalprotect|ivanti|pulse secure|sonicwall|netscaler|vmware (?:esxi?|vcenter|",
        r"workstation|fusion)|",
        r"sap (?:netweaver|business|hana)|oracle (?:weblogic|e-business|peoplesoft)|",
        r"adobe (?:acrobat|reader|coldfusion)|",
        r"moveit|solarwinds|crushftp|goanywhere|zoho|manageengine|big-ip|barracuda|junos|kaseya|",
        r"papercut|",
        r"apple (?:macos|ios|ipados|safari)|atlassian (?:confluence|jira)|veeam backup|",
        r"splunk enterprise|",
        r"(?:hikvision|dahua|d-link|tp-link|netgear|tenda|qnap|synology|zyxel|",
        r"draytek)(?: [\w-]+){0,2} ",
        r"(?:routers?|firmware|cameras?|nas|firewalls?|devices?))\b"
    ))
    .ok()
});
static SAYS_CLOSED: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:closed[- ]source|proprietary (?:software|product|firmware|application))\b",
    )
    .ok()
});
