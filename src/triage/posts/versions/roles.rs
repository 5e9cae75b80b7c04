//! Which words of a sentence say that the versions beside them are affected, fixed, or neither.

use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Affected,
    Fixed,
    NotAffected,
    /// It says nothing about either.
    Nothing,
}

#[derive(Clone, Copy, Debug)]
pub struct Cue {
    pub at: usize,
    pub end: usize,
    pub role: Role,
    /// It speaks of what stands behind it only.
    pub forward: bool,
}

#[rustfmt::skip]
const FORWARD: &[(Role, &[&str])] = &[
    (Role::Fixed, &[
        "fixed in", "fixed by", "fixed with", "fixed as of", "fixed since", "fixed from",
        "fix in", "fixes in", "fixed versions", "fixed version", "fix is in", "patched in",
        "patched version", "patched versions", "resolved in", "resolved by", "resolved with",
        "addressed in", "addressed by", "addressed with", "corrected in", "remediated in",
        "mitigated in", "solved in", "upgrade to", "upgrading to", "upgraded to",
        "update to", "updating to", "updated to", "upgrade immediately to",
        "update immediately to", "migrate to", "move to", "switch to", "available in",
        "available as", "released in", "released as", "included in", "merged in",
        "we released", "tagged version", "have tagged", "tagged", "have released",
        "has released", "releasing", "released version", "released versions", "release of",
        "releases of", "new versions", "new version", "use version", "backported to",
        "and fixed in", "starting in version", "no longer present in", 
        "upgrade your", "upgrade", "update your", "install", "eliminated in", "removed in",
        "fixed on", "patches for", "fix version", "fix for this issue is in",
        "patch releases", "to version", "following releases contain", "we have issued",
        "will be fixed in", "published in", "is issuing", "are issuing", "issuing releases for",
        "is releasing", "just released", "i released", "i've released", "i have released",
        "now released", "update both", "make sure you update", "is part of",
        "release directories for", "patched releases", "patch release", "patched as of",
        "no longer vulnerable in", "fixed upstream in", "fixed upstream with", "landed in",
        "shipped in", "cut release", "rolled out in", "to fix this in", "corrected with",
    ]),
    (Role::Affected, &[
        "vulnerability in", "vulnerabilities in", "flaw in", "bug in", "issue in",
        "overflow in", "present in", "exists in", "exist in", "was found in",
        "discovered in", "introduced in", "introduced with", "introduced by", "appeared in",
        "exploitable in", "reproduced in", "reproduced on", "verified on", "verified in",
        "confirmed on", "confirmed in", "upgrade from", "upgrading from",
        "affected versions", "affected version", "affected are",  "injection in",
        "traversal in", "bypass in", "escalation in", "execution in", "disclosure in",
        "free in", "dereference in", "read in", "write in", "scripting in",
        "versions affected", "crash in", "forgery in", "control in", "validation in",
        "denial of service in", "dos in", "uncovered in", "limited to", "restricted to",
        "overwrite in", "corruption in", "overread in", "leak in", "disclosed in",
        "free vulnerability in", "identified in", "reported in", "regression in",
    ]),
    (Role::NotAffected, &[
        "not present in", "not affected versions", "unaffected versions", "does not exist in",
        "do not exist in",
    ]),
    (Role::Nothing, &[
        "tested on", "default in", "targeting", "tested with", "tested against",
        "running on", "compiled with", "built with", "depends on", "requires", "require",
        "compatible with", "ships with", "shipped with", "bundled with",
        "in section", "see section", "equivalent to", "based on", "support for", "supports",
        "deprecated in", "added in", "next release", "cvss", "score", "skip", "predecessor",
        "haven't confirmed", "have not confirmed", "not confirmed", "haven't tested",
        "have not tested", "not tested", "changes since",
        "similar to", "was reported", "using gcc", "using clang", "on ubuntu", "on debian",
        "on fedora", "on macos", "on windows", "protocol version",
    ]),
];

#[rustfmt::skip]
const BOTH_WAYS: &[(Role, &[&str])] = &[
    (Role::NotAffected, &[
        "not affected", "unaffected", "not vulnerable", "not impacted", "not be affected",
        "isn't affected", "aren't affected", "no longer affected", "not affect",
        "n't affect", "was never released", "not exploitable", "not susceptible",
        "isn't vulnerable",
        "aren't vulnerable", "no longer vulnerable", "are safe", "is safe",
        "neither affected", "not believed to be affected", "not known to be affected",
        "not contain the vulnerab", "invulnerable", "not impact", "not supported",
        "unsupported", "not have this", "do not have the", "not released",
    ]),
    (Role::Affected, &[
        "affected", "affects", "affecting", "affect", "vulnerable", "impacted", "impacts",
        "susceptible", "contain a", "contains a", "suffer", "suffers from", "allows",
        "allow", "are exposed", "is exposed", "is prone", "are prone", "has a", "have a",
        "fails to", "fail to", "exploitable", "improperly", "incorrectly", "mishandles",
        "could allow", "can be exploited",
    ]),
    (Role::Fixed, &[
        "fixes", "is fixed", "are fixed", "was fixed", "were fixed", "been fixed",
        "contains the fix", "contains the fixes", "contain the fixes", "includes the fixes",
        "with fixes", "include the fixes", "contain the fix", "contains a fix",
        "contain a fix", "contain fixes", "contains fixes", "includes a fix",
        "include a fix", "includes the fix", "include the fix", "includes fixes",
        "include fixes", "with the fix", "has been released", "have been released",
        "was released", "were released", "is released", "are released", "addresses",
        "address this", "resolves", "resolve this", "is available", "are available",
        "now available", "patched", "is patched", "security release", "security releases",
        "security fix", "contains a patch", "which fix", "that fix", "to fix", "will fix",
        "which address", "is out", "corrects", "remediates", "released today",
        "release fixes", "mitigates this", "fixed", "we are releasing", "provide a fix",
        "provides a fix", "incorporate the fix", "should be used", "released with", "fixing",
        "comes with this fix", "comes with the fix", "comes with a fix", "has the fix",
        "has a fix", "carries the fix", "carry the fix", "includes this fix",
        "include this fix", "contains this fix", "contain this fix", "include this patch",
        "includes the patch", "include the patch", "contain the patch", "contains the patch",
        "include these patches", "includes patches", "has fixes", "have fixes",
        "has been patched", "have been patched", "been patched", "will be released",
        "patches this", "addressed this", "addressing", "resolving",
    ]),
    (Role::Nothing, &[
        "changelog", "changelogs", "went into", "end of life", "end-of-life", "eol",
        "out of support",
        "release notes",
    ]),
];

struct Cues {
    look: AhoCorasick,
    /// Of each pattern: its role, and whether it speaks forward only.
    means: Vec<(Role, bool)>,
}

static CUES: LazyLock<Option<Cues>> = LazyLock::new(|| {
    let each = |table: &'static [(Role, &'static [&'static str])], forward: bool| {
        table.iter().flat_map(move |(role, words)| words.iter().map(move |w| (*w, *role, forward)))
    };
    let all: Vec<_> = each(FORWARD, true).chain(each(BOTH_WAYS, false)).collect();
    let look = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(all.iter().map(|(words, _, _)| words))
        .ok()?;
    Some(Cues { look, means: all.iter().map(|(_, role, forward)| (*role, *forward)).collect() })
});

/// The cues of a sentence in lower case, in order.
pub fn cues(text: &str) -> Vec<Cue> {
    let Some(cues) = CUES.as_ref() else { return Vec::new() };
    let letter = |c: char| c.is_alphanumeric();
    let hits = cues.look.find_iter(text).filter(|hit| {
        let before = text.get(..hit.start()).unwrap_or_default();
        let behind = text.get(hit.end()..).unwrap_or_default();
        !before.ends_with(letter) && !behind.starts_with(letter)
    });
    hits.filter_map(|hit| {
        let (role, forward) = *cues.means.get(hit.pattern().as_usize())?;
        Some(Cue { at: hit.start(), end: hit.end(), role, forward })
    })
    .collect()
}

/// What a sentence says of the number at these places: the nearest cue before it, else the nearest
/// behind it.
pub fn role(cues: &[Cue], from: usize, end: usize) -> Option<Role> {
    let before = cues.iter().rev().find(|cue| cue.at <= from && cue.end <= end);
    let behind = || cues.iter().find(|cue| cue.at >= end && !cue.forward);
    match before {
        // "1.2.3 is vulnerable, 1.2.4 is not affected": what follows closely says it better.
        Some(cue) if !cue.forward => {
            let close =
                behind().filter(|next| next.at - end < from.saturating_sub(cue.end).min(24));
            close.or(Some(cue)).map(|cue| cue.role)
        }
        // "upgrade to 1.2.4 (1.2.3 was not released)"
        Some(_) if behind().is_some_and(|next| denies(next, end)) => Some(Role::NotAffected),
        Some(cue) => Some(cue.role),
        None => behind().map(|cue| cue.role),
    }
}

/// It stands right behind: "was not released", "is not affected".
fn denies(cue: &Cue, end: usize) -> bool {
    cue.role == Role::NotAffected && (2..=5).contains(&(cue.at - end))
}
