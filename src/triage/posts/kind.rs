//! What kind of post it is: news of a flaw, news of news, talk, a request for an id, routine.

use super::own::Own;
use crate::case::{PostKind, Series, Watch};
use crate::mail::{Mail, clean};
use crate::triage::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// What a post is judged by.
pub struct Signs<'a> {
    pub mail: &'a Mail,
    pub watch: Option<&'a Watch>,
    pub own: &'a Own,
    pub ids: &'a [String],
    pub about: &'a [String],
    pub versions: bool,
    pub series: Option<&'a Series>,
    pub takes_back: bool,
}

const HEAD_BYTES: usize = 2_000;

macro_rules! look {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| pattern($pattern));
    };
}

look!(
    REQUEST,
    concat!(
        r"(?i)\bCVE(?:[ -]?ids?)? (?:assignment )?requests?\b",
        r"|\brequest(?:ing)?(?: for)?(?: an?| some| the)? (?:CVEs?|CVE[- ]ids?)\b",
        r"|\bneeds? (?:an? )?CVE\b|^CVE (?:id )?needed",
    )
);
look!(
    ASKS,
    concat!(
        r"(?i)\b(?:could|can|may|please|would)\b[ -\-/->@-~]{0,40}\b(?:assign|allocate|get",
        r"|have|request|provide)\b[ -\-/->@-~]{0,40}\b(?:CVEs?|CVE[- ](?:id|identifier",
        r"|number)s?|ids?)\b",
        r"|\bI(?:'d| would) like to (?:request|ask for)[ -\-/->@-~]{0,30}CVE",
        r"|\bhas a CVE (?:been )?(?:assigned|id)[ -\-/-~]{0,60}\?",
    )
);
look!(
    UPDATE,
    concat!(
        r"(?i)^[ -/:-@\[-`{-~]*updated?\b[ -/:-@\[-`{-~]|[\[(]updated?[\])]",
        r"|\bupdated advisory|\badvisory update|\bupdate \d|\bv(?:ersion )?[2-9](?:[)\]:,]|$)",
        r"|\b(?:corrected|correction|corrigendum|errat(?:um|a)|addendum|amended|revised",
        r"|revision|withdrawn|retract\w*)\b",
        r"|\bfollow-?up\b|\bincomplete fix\b|\brejected\b|\bregression in (?:the )?fix",
    )
);
look!(
    NEWS,
    concat!(
        r"(?i)\b(?:has been|have been|was|were|got|is now",
        r"|been) (?:now )?assigned (?:as )?(?:the )?(?:CVE|id)|\b(?:assigned|allocated",
        r"|received) (?:the )?(?:CVE|id|identifier)",
        r"|^[ -/:-@\[-`{-~]*use CVE-|\bCVE-[0-9]{4}-[0-9]+ (?:has been|was",
        r"|is) (?:now )?(?:assigned|allocated|reserved)|\b(?:this",
        r"|it) is (?:now )?(?:known as )?CVE-",
        r"|\b(?:corrections?|erratum|errata|addendum|amendment)\b|\bto correct (?:myself|the|my)",
        r"|\bthe (?:\w+ )?fix (?:is|was|for [!-~]+ is|for [!-~]+ was) (?:incomplete",
        r"|insufficient|not complete|not sufficient)|\bincomplete fix\b",
        r"|\b(?:also|additionally|further) (?:\w+ )?(?:affects|affected|vulnerable)\b",
        r"|\bnew (?:release|version)s? (?:is|are|has|have) (?:now )?(?:available",
        r"|been released)",
        r"|\b(?:fixed|new|patched) (?:releases?|versions?) (?:is|are|was|were|have been",
        r"|has been) (?:now )?(?:released|available|published)",
        r"|\b(?:has|have) (?:now )?been (?:withdrawn|rejected|retracted|revoked)\b",
        r"|\bupdate to (?:the|my|our) (?:advisory|post|mail|message)",
    )
);
look!(
    FLAW,
    concat!(
        r"(?i)\bvulnerab|\boverflow|\bout[- ]of[- ]bounds|\buse[- ]after[- ]free",
        r"|\binjection\b|\bXSS\b|\bcross[- ]site|\btraversal\b|\bescalation\b",
        r"|\bcode execution|\bRCE\b|\bdenial[- ]of[- ]service|\bDoS\b|\bSSRF\b|\bCSRF\b",
        r"|\bXXE\b|\bbypass\b|\bdisclosure\b|\bleak\b|\bdouble[- ]free|\brace condition",
        r"|\bbackdoor|\bsecurity (?:advisory|advisories|issues?|fix(?:es)?|release|flaws?",
        r"|bugs?|vuln|update)|\bdeserializ|\bmemory corruption|\bspoofing\b|\bsmuggling\b",
        r"|\bexploit|\barbitrary \w+|\bunauthori[sz]ed|\bprivilege|\bcompromised?\b",
        r"|\bmalicious|\bhijack|\bsymlink|\bcrash(?:es)?\b|\bpoisoning\b|\bflaws?\b",
        r"|\bNULL pointer",
        r"|\binsecure\b|\bimproper\b|\bmissing (?:auth|check|valid)|\bOOB\b|\bUAF\b|\bLPE\b",
        r"|\bjailbreak|\bside[- ]channel|\bsandbox escape|\btakeover\b|\b0-?day",
        r"|\binvalid (?:free|read|write|memory)|\bover-?read|\bunder-?flow|\buninitiali[sz]ed",
        r"|\bSQLi\b|\btype confusion|\binfinite loop",
        r"|\bmemory allocation failure|\bout[- ]of[- ]band write",
    )
);
look!(
    ROUTINE,
    concat!(
        r"(?i)^\[SECURITY\] ?\[D[SL]A[ -]|^\[?(?:DSA|DLA)[ -][0-9]|^\[?USN-[0-9]|^\[?(?:RHSA",
        r"|RLSA|ALSA|ELSA|CESA)-|^\[ ?GLSA|\bSUSE-SU-|^SUSE-",
        r"|^\[SECURITY\] Fedora [0-9]|\bFedora (?:EPEL )?[0-9]+ Update:",
        r"|^\[?(?:slackware-security|MDVSA|ASA-[0-9]|ALAS)|^\[arch-security\]",
    )
);
look!(
    BUSINESS,
    concat!(
        r"(?i)\bcall for (?:papers|participation|proposals)\b|\bCFP\b|\bconference\b",
        r"|\bworkshop\b|\bregistration\b|\blist (?:policy|rules|membership|moderation",
        r"|guidelines|charter|statistics)\b",
        r"|\b(?:join|joining|leaving|membership|application",
        r"|apply)\b[ -~]{0,40}\b(?:linux-)?distros\b|\bdistros list\b|\b(?:jobs?|hiring",
        r"|webinar|survey|newsletter|meetup|summit)\b",
    )
);

fn is(look: &LazyLock<Option<Regex>>, text: &str) -> bool {
    look.as_ref().is_some_and(|look| look.is_match(text))
}

pub fn of(signs: &Signs<'_>) -> PostKind {
    let subject = signs.own.subject.as_str();
    let head = clean::prefix(&signs.own.text, HEAD_BYTES);
    let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_routine(signs) {
        return PostKind::Routine;
    }
    if signs.own.answers {
        return answer(signs, &head);
    }
    let new_ids = signs.about.iter().any(|id| id.starts_with("CVE-"));
    if is(&REQUEST, subject) || is(&ASKS, &head) && !new_ids {
        return PostKind::CveRequest;
    }
    let counted = signs.series.is_some_and(|series| series.version > 1);
    if is_new_version(signs)
        || says_news(signs.own)
        || !counted && is(&UPDATE, &without_security_update(subject))
    {
        return PostKind::Update;
    }
    let business = is(&BUSINESS, subject);
    match () {
        () if business && signs.about.is_empty() => PostKind::Other,
        () if !signs.ids.is_empty() && (signs.versions || is(&FLAW, subject)) => PostKind::Advisory,
        () if is(&FLAW, subject) && !subject.ends_with('?') => PostKind::Advisory,
        () if names_one(subject) && is(&FLAW, &head) => PostKind::Advisory,
        () if subject.ends_with('?') || subject.contains("thoughts") => PostKind::Discussion,
        () if signs.versions && is(&FLAW, &head) => PostKind::Advisory,
        () if !signs.ids.is_empty() => PostKind::Discussion,
        () => PostKind::Other,
    }
}

/// Whoever passes on a post may have something to add to it.
fn says_news(own: &Own) -> bool {
    let comment = own.comment().map(|text| clean::prefix(text, HEAD_BYTES));
    let line = comment.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    line.is_some_and(|line| is(&NEWS, &line) && !line.ends_with('?'))
}

fn names_one(subject: &str) -> bool {
    !super::flaws::find(subject).is_empty()
}

/// An answer says something new only where it says so.
fn answer(signs: &Signs<'_>, head: &str) -> PostKind {
    if signs.own.text.trim().is_empty() {
        return PostKind::Discussion;
    }
    let news =
        is(&NEWS, head) && !head.split(". ").next().is_some_and(|first| first.ends_with('?'));
    let taken = signs.takes_back && !signs.about.is_empty();
    let subject = without_security_update(&signs.own.subject);
    let said = is(&UPDATE, &subject) && signs.mail.in_reply_to.is_empty();
    if news || taken || said || is_new_version(signs) {
        PostKind::Update
    } else {
        PostKind::Discussion
    }
}

/// "Security update" names a release, not another version of an advisory.
fn without_security_update(subject: &str) -> String {
    let lower = subject.to_lowercase().replace("security update", "");
    // "(incomplete fix for CVE-...)": a flaw of its own.
    let lower = match lower.matches("cve-").count() {
        0 | 1 => lower.replace("(incomplete fix", "("),
        _ => lower.replace("incomplete fix for", ""),
    };
    lower.replace("update:", "update: ")
}

/// A later version of an advisory, unless it is the first that is public.
fn is_new_version(signs: &Signs<'_>) -> bool {
    let later = signs.series.is_some_and(|series| series.version > 1);
    let text = signs.own.text.to_ascii_lowercase();
    let at = text.find("updates in version");
    let first = at.and_then(|at| text.get(at..)).is_some_and(|tail| {
        let tail: Vec<&str> = tail.lines().skip(1).take(8).collect();
        tail.iter().any(|line| line.trim().starts_with("public release"))
    });
    later && !first
}

fn is_routine(signs: &Signs<'_>) -> bool {
    const LISTS: [&str; 12] = [
        "linux-cve-announce",
        "debian-security-announce",
        "debian-lts-announce",
        "ubuntu-security-announce",
        "package-announce",
        "security-announce.opensuse",
        "sle-security-updates",
        "gentoo-announce",
        "rhsa-announce",
        "centos-announce",
        "arch-security",
        "suse-security-announce",
    ];
    let ours = signs.watch.map(|watch| watch.list_id.to_ascii_lowercase());
    let theirs = signs.mail.field("list-id").map(str::to_ascii_lowercase);
    let named = |list: &Option<String>| {
        list.as_ref().is_some_and(|list| LISTS.iter().any(|name| list.contains(name)))
    };
    let from_cve_team = signs
        .mail
        .sender()
        .is_some_and(|from| from.address.as_str().eq_ignore_ascii_case("cve@kernel.org"));
    let raw = signs.mail.subject.trim();
    !signs.own.answers
        && (named(&ours)
            || named(&theirs)
            || from_cve_team
            || is(&ROUTINE, raw)
            || is(&ROUTINE, &signs.own.subject))
}

/// "[v2] ...", "... (v2)", "... v2": not "a hole in V3 of something".
fn counts(subject: &str) -> bool {
    let lower = subject.to_lowercase();
    let marked = ["[v", "(v", "[rev", "(rev"].iter().any(|mark| {
        let behind = lower.split_once(mark).map(|(_, rest)| rest);
        behind.is_some_and(|rest| rest.split([']', ')']).next().is_some_and(|n| n.len() < 10))
    });
    let last = lower.rsplit(' ').next().unwrap_or_default().trim_start_matches('v');
    marked || last.parse::<u8>().is_ok()
}

/// "XSA-480", version 3: from the Subject, or from what stands at the top.
pub fn series(own: &Own, about: &[String]) -> Option<Series> {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\bXSA-([0-9]{1,4})\b|\bXen Security Advisory ([0-9]{1,4})\b",
            r"|\b((?:DSA|DLA)[ -][0-9]{3,5})-([0-9]{1,2})\b|\b(USN-[0-9]{3,5})-([0-9]{1,2})\b",
            r"|\b([A-Z]{2,8}-SIREN-[0-9]{4}-[0-9]{2,6}|OSSA-[0-9]{4}-[0-9]{1,4})\b",
        ))
    });
    static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:v|version |revision |rev\.? )([0-9]{1,2})\b(?:(?u:[^.0-9])|$)")
    });
    // "errata 1" makes the second version.
    static ERRATA: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"(?i)\b(?:errata|erratum) ([0-9]{1,2})$"));
    let top = clean::prefix(&own.text, 400);
    let hit = |text: &str| -> Option<(String, Option<u32>)> {
        let hit = NAME.as_ref()?.captures(text)?;
        let part = |n: usize| hit.get(n).map(|part| part.as_str().to_ascii_uppercase());
        let number = |n: usize| part(n).and_then(|text| text.parse().ok());
        if let Some(xsa) = part(1).or_else(|| part(2)) {
            return Some((format!("XSA-{xsa}"), None));
        }
        let named = part(3).zip(number(4)).or_else(|| part(5).zip(number(6)));
        named
            .map(|(name, version)| (name.replace(' ', "-"), Some(version)))
            .or_else(|| part(7).map(|name| (name, None)))
    };
    let mended = |text: &str| -> Option<u32> {
        let number: u32 = ERRATA.as_ref()?.captures(text)?.get(1)?.as_str().parse().ok()?;
        Some(number + 1)
    };
    let version = |text: &str| -> Option<u32> {
        VERSION.as_ref()?.captures(text)?.get(1)?.as_str().parse().ok()
    };
    let from_subject = hit(&own.subject);
    let named = if own.answers { from_subject } else { from_subject.or_else(|| hit(top)) };
    let (name, said) = match named {
        Some(named) => named,
        // Another advisory that counts its versions in the Subject: "[v2] GHSA-...".
        None if counts(&own.subject) => (about.first()?.clone(), Some(version(&own.subject)?)),
        None => return None,
    };
    let version =
        said.or_else(|| mended(&own.subject)).or_else(|| version(&own.subject)).or_else(|| {
            let lines = top.lines().take(8).map(str::trim);
            lines.filter(|line| line.len() < 40).find_map(version)
        });
    Some(Series { name, version: version.unwrap_or(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(subject: &str, text: &str) -> PostKind {
        let mail = Mail { subject: subject.to_owned(), text: text.to_owned(), ..Mail::default() };
        super::super::read(&mail, None).kind
    }

    #[test]
    fn what_a_post_is() {
        for (subject, text, wanted) in [
            ("[sec] CVE-2026-10001: libexample overflow", "Words.", PostKind::Advisory),
            ("libexample 1.2.3 overflow", "Words.", PostKind::Advisory),
            ("libexample security releases: 1.2.3 and 1.2.4", "CVE-2026-10001", PostKind::Advisory),
            ("Hole in gadget v3.4.1", "CVE-2026-10001", PostKind::Advisory),
            ("UPDATE: CVE-2026-10001: libexample", "More versions.", PostKind::Update),
            ("[sec] [UPDATE][CVE-2026-10001] libexample", "Thanks to Mo.", PostKind::Update),
            ("CVE-2026-10001 libexample overflow (correction)", "", PostKind::Update),
            ("Re: libexample", "The fix was incomplete.", PostKind::Update),
            ("Re: libexample", "This was assigned CVE-2026-10001.", PostKind::Update),
            ("Re: CVE request: x", "Use CVE-2026-10001.", PostKind::Update),
            ("Re: CVE-2026-10001", "I like it. Why not?", PostKind::Discussion),
            ("CVE request - libexample", "Overflow.", PostKind::CveRequest),
            ("libexample overflow", "Could you assign a CVE for this?", PostKind::CveRequest),
            ("[USN-9000-1] libexample", "Fixed.", PostKind::Routine),
            ("Call for papers", "Safe parsers.", PostKind::Other),
            ("What do you think?", "Of the list.", PostKind::Discussion),
        ] {
            assert_eq!(kind(subject, text), wanted, "{subject}: {text}");
        }
    }

    #[test]
    fn which_version_of_which_advisory() {
        let own = |subject: &str, text: &str| Own {
            subject: subject.to_owned(),
            text: text.to_owned(),
            ..Own::default()
        };
        let of = |subject, text| series(&own(subject, text), &[]).map(|s| (s.name, s.version));
        let three = Some(("XSA-480".to_owned(), 3));
        assert_eq!(of("Xen Security Advisory 480 v3 (CVE-2026-10001) - x", ""), three);
        assert_eq!(of("x", "  Advisory CVE-2026-10001 / XSA-480\n     version 3\n"), three);
        assert_eq!(of("[DSA 5649-2] x", ""), Some(("DSA-5649".to_owned(), 2)));
        let second = Some(("OSSA-2026-002".to_owned(), 2));
        assert_eq!(
            of("[OSSA-2026-002] libexample: overflow (CVE-2026-10001) errata 1", ""),
            second
        );
        assert_eq!(of("libexample v3 overflow", ""), None);
    }
}
