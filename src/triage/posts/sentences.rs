//! Sentences of a post that say one thing: exploited, malicious, taken back; and its gist.

use super::own::Own;
use crate::limits::GIST_CHARS;
use crate::mail::clean;
use crate::triage::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// Words in front of which a post stands for itself, not for its history.
const HEAD_CHARS: usize = 1_500;

macro_rules! look {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| pattern($pattern));
    };
}

look!(
    EXPLOITED,
    concat!(
        r"(?i)exploit(?:ed|ation|ing|s)?\b[ -~]{0,60}\bin[- ]the[- ]wild",
        r"|in[- ]the[- ]wild[ -~]{0,20}exploit",
        r"|\bactively (?:being )?exploit|\bactive(?:ly)? (?:\w+ )?exploitation",
        r"|under (?:active )?(?:attack|exploitation)",
        r"|known exploited vulnerabilit|(?:is|are|been|being|was|were) (?:already |currently ",
        r"|widely |now |also )?exploited\b",
        r"|exploitation (?:has been|was|is being|attempts|activity|was first) |seen exploitation",
        r"|(?:attackers?|actors?|criminals) (?:have|are|has|is) (?:\w+ )?(?:exploit|abus)",
        r"|attacks (?:have been |were )?(?:observed|seen|reported)|0-?day (?:exploit",
        r"|attack)s? (?:in|against|observed)",
        r"|exploited as a (?:zero|0)-?day|mass exploitation|used in (?:targeted ",
        r"|limited )?attacks",
        r"|(?:limited,? )?targeted exploitation|added [ -~]{0,60}\bKEV\b|\bKEV catalog",
    )
);
look!(
    NOT_EXPLOITED,
    concat!(
        r"(?i)\b(?:not|never|no|n't|without|unaware|neither|nor|unknown",
        r"|unlikely)\b[ -\-/-:<-~]{0,60}(?:exploit|attack|wild|KEV)",
        r"|(?:not|n't) (?:\w+ ){0,3}(?:aware|seen|observed|believe|know)|\bhave seen no\b",
        r"|\b(?:could|can|may|might|would|if|unless|once|when|whether|should|possible",
        r"|potentially|likely)\b",
        r"[ -\-/-:<-~]{0,50}\b(?:be(?:ing)? )?exploit|(?:yet|still) to be exploited",
        r"|exploited by (?:a|an|any|remote|local|sending|the|unauth|convinc|craft|supply",
        r"|provid|using)",
        r"|\b(?:if|whether|unless|once|when|how|evidence that",
        r"|signs that)\b[ -\-/-:<-~]{0,60}exploited",
        r"|\bto be exploited\b|must be exploited|exploited (?:to|via|when|if|only|through",
        r"|remotely|locally|with|under)\b|easily exploited",
    )
);
look!(
    MALICIOUS,
    concat!(
        r"(?i)\bbackdoor(?:ed|s)?\b|\btrojan(?:ed|i[sz]ed)\b|\btyposquat|\bprotestware\b",
        r"|\bmalicious (?:code|commits?|releases?|versions?|payload|maintainer|tarballs?",
        r"|dependenc|contribut|updates?|builds?|uploads?|artifacts?)",
        r"|\bmalicious packages? (?:\w+ )?(?:published|on |in |uploaded|found|were|was|named",
        r"|discovered)",
        r"|\bcompromised (?:\w+ ){0,3}(?:accounts?|maintainers?|packages?|releases?",
        r"|credentials|tokens?|versions?|repositor|builds?|tarballs?|servers?|npm|pypi)",
        r"|\b(?:accounts?|maintainers?|packages?|repositor(?:y|ies)|infrastructure|tarballs?",
        r"|releases?|workflow|mirror|action)\b[ -\-/-:<-~]{0,30} (?:was|were|has been",
        r"|have been|is|are|got) (?:\w+ )?(?:compromised|hijacked|taken over|trojan|hacked)",
        r"|supply[- ]chain (?:attack|compromise)|\b(?:account|package|repository",
        r"|maintainer) (?:takeover|hijack)|social engineering (?:of|campaign|takeover)",
        r"|\bmalware (?:in|was|found|inside|has been|campaign)|infostealer|credential[- ]steal",
    )
);
look!(
    NOT_MALICIOUS,
    concat!(
        r"(?i)\b(?:could|can|may|might|would|allows?|allowing|if|prevent|against|potential",
        r"|possible|such as|e\.g\.|lead to|leads to|risk of)\b",
        r"|\b(?:no|not|never|without|n't)\b[ -\-/-:<-~]{0,40}(?:backdoor|malicious",
        r"|compromised|trojan|malware)",
        r"|\bbackdoors?-[a-z]|\b(?:look|search|scan|hunt|test)(?:s|ed|ing)? (?:\w+ ){0,3}for\b",
        r"[ -\-/-:<-~]{0,40}(?:backdoor|malicious|malware)",
    )
);
look!(
    TAKES_BACK,
    concat!(
        r"(?i)\bwithdr(?:awn|ew|aw|awing|awal)\b|\bretract(?:ed|ing|ion|s)?\b",
        r"|\*\* ?(?:disputed|rejected?|reserved) ?\*\*",
        r"|\b(?:CVE|advisory|id|assignment|it|this|we|been|was|is|are",
        r"|were) (?:\w+ ){0,2}(?:rejected|revoked|disputed|rescinded)\b",
        r"|\bI dispute\b|\bdispute(?:s|d)? (?:this|the|that|CVE)|\brejected? (?:this ",
        r"|the )?CVE|\breject CVE",
        r"|\b(?:is|was|are) (?:actually |in fact |really )?not a (?:\w+ )?(?:vulnerability",
        r"|security (?:issue|bug|problem|vulnerability)|CVE)",
        r"|\bplease (?:disregard|ignore) (?:my|the|this|that)|\bfalse positive\b",
        r"|\bfalse alarm\b|\bbogus (?:CVE|report|advisory|vulnerab)",
        r"|\bcorrection\b|\bcorrig(?:endum|enda)\b|\berrat(?:um|a)\b|\b(?:I|we) (?:was",
        r"|were) (?:wrong|mistaken)|\bmy mistake\b",
        r"|\bwas (?:assigned|announced|published|sent|posted) in error\b|\binvalid CVE",
        r"|\bduplicate of CVE|\bcorrects (?:the|our|my)",
    )
);

/// The sentence that says it is exploited; none where it is denied, feared or asked.
pub fn exploited(own: &Own) -> Option<String> {
    said(own, &EXPLOITED, &NOT_EXPLOITED)
}

/// The sentence that tells of malicious code, or of something taken over.
pub fn malicious(own: &Own) -> Option<String> {
    said(own, &MALICIOUS, &NOT_MALICIOUS)
}

/// It withdraws, disputes or corrects something.
pub fn takes_back(own: &Own) -> bool {
    let head = clean::prefix(&own.text, HEAD_CHARS);
    let found = |text: &str| TAKES_BACK.as_ref().is_some_and(|look| look.is_match(text));
    !own.answers && found(&own.subject)
        || found(&head.split_whitespace().collect::<Vec<_>>().join(" "))
}

type Look = LazyLock<Option<Regex>>;

fn said(own: &Own, yes: &Look, no: &Look) -> Option<String> {
    let (yes, no) = (yes.as_ref()?, no.as_ref()?);
    let title = std::iter::once(own.subject.clone());
    let mut all = title.chain(paragraphs(&own.text).flat_map(|text| split(&text)));
    let found =
        all.find(|text| yes.is_match(text) && !no.is_match(text) && !text.ends_with('?'))?;
    Some(clean::cut(&clean::line(&found), GIST_CHARS))
}

/// Lines joined to paragraphs.
fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    text.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn split(text: &str) -> Vec<String> {
    let (mut out, mut open) = (Vec::new(), String::new());
    for word in text.split(' ') {
        if !open.is_empty() {
            open.push(' ');
        }
        open.push_str(word);
        if word.ends_with(['.', '!', '?']) && word.len() > 3 {
            out.push(std::mem::take(&mut open));
        }
    }
    out.push(open);
    out.retain(|sentence| !sentence.is_empty());
    out
}

/// The first sentences of its own, for people.
pub fn gist(own: &Own) -> String {
    let mut gist = String::new();
    for text in paragraphs(&own.text).filter(|text| tells(text)) {
        for sentence in split(&text) {
            if !gist.is_empty() && gist.chars().count() + sentence.chars().count() > GIST_CHARS {
                return clean::cut(&clean::line(&gist), GIST_CHARS);
            }
            if !gist.is_empty() {
                gist.push(' ');
            }
            gist.push_str(&sentence);
        }
    }
    clean::cut(&clean::line(&gist), GIST_CHARS)
}

/// Not a greeting, a rule, a label or a heap of signs.
fn tells(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic() || *c == ' ').count();
    let words = text.split(' ').count();
    let label = text.split_once(':').is_some_and(|(name, _)| name.split(' ').count() <= 3);
    words >= 6 && letters * 10 >= text.chars().count() * 7 && (!label || words >= 25)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> Own {
        Own { text: text.to_owned(), ..Own::default() }
    }

    #[test]
    fn exploited_or_not() {
        for yes in [
            "We are aware of reports that it is being exploited in the wild.",
            "This flaw is under active exploitation.",
            "It is in the Known Exploited Vulnerabilities catalog.",
            "Attacks have been observed since May.",
        ] {
            assert!(exploited(&own(yes)).is_some(), "{yes}");
        }
        for no in [
            "We are not aware of any exploitation in the wild.",
            "There is no evidence that this was exploited in the wild.",
            "The bug can be exploited by a remote attacker.",
            "Is it being exploited in the wild?",
            "We are not aware of any exploit of this flaw.",
            "This could be actively exploited.",
            "To detect whether this has been exploited, list all pods.",
            "It has not been exploited in the wild, as far as we know.",
        ] {
            assert_eq!(exploited(&own(no)), None, "{no}");
        }
    }

    #[test]
    fn malicious_or_not() {
        for yes in [
            "The upstream tarballs have been backdoored.",
            "The maintainer's account was compromised and malicious versions were published.",
            "Malicious code was found in the release tarballs.",
        ] {
            assert!(malicious(&own(yes)).is_some(), "{yes}");
        }
        for no in [
            "A malicious server could send this.",
            "This may allow a backdoor.",
            "Update on the backdoor-scanner effort",
            "It is ongoing work to look for backdoors in tarballs.",
        ] {
            assert_eq!(malicious(&own(no)), None, "{no}");
        }
    }

    #[test]
    fn taken_back() {
        for yes in
            ["CVE-2026-10001 has been rejected.", "Correction: it is 1.2.4.", "We withdraw it."]
        {
            assert!(takes_back(&own(yes)), "{yes}");
        }
        assert!(!takes_back(&own("The server rejected the request. A corrected version is out.")));
    }

    #[test]
    fn in_short() {
        let text = "Hi all,\n\nSeverity: low\n\nA hole was found in libexample today. It is bad.\n";
        assert_eq!(gist(&own(text)), "A hole was found in libexample today. It is bad.");
    }
}
