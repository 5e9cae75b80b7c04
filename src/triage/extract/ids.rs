//! Ids of vulnerabilities, weaknesses, ratings and commits, in the form their makers write.

use super::{Placed, before};
use crate::case::values;
use crate::limits::MENTIONS;
use crate::triage::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// Ids of the same flaw are written with a line break, a blank or an underscore where the dash
/// belongs; each pattern allows one of them behind it.
static IDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:",
        r"CVE[-_\s]\s?[0-9]{4}\s?[-_]\s?[0-9]{4,10}",
        r"|(?:RUSTSEC|PYSEC|GO|MAL|OSV|HSEC|RSEC|GSD|PSF|JLSEC|OESA|EEF|ALAS|ELSA|ZDI|TALOS)",
        r"[-_]\s?[0-9]{2,4}-\s?[0-9]{1,10}",
        r"|GHSA(?:[-_]\s?[23456789cfghjmpqrvwx]{4}){3}",
        r"|(?:WSA|OSSA|GHSL|TROVE|EUVD|PMASA)[-_]\s?[0-9]{4}-\s?[0-9]{1,6}",
        r"|MFSA[- ]?[0-9]{4}-[0-9]{1,3}|(?:FreeBSD|NetBSD)-SA-?[0-9]{2,4}[:-][0-9]{2,3}",
        r"|SA-(?:CORE|CONTRIB)-[0-9]{4}-[0-9]{3}|S2-0[0-9]{2}",
        r"|(?:RHSA|RLSA|ALSA|SUSE-SU|openSUSE-SU)-\s?[0-9]{4}:[0-9]{3,6}(?:-[0-9])?",
        r"|XSA-\s?[0-9]{1,4}",
        r"|D[SL]A-\s?[0-9]{3,5}(?:-[0-9]{1,2})?|D[SL]A [0-9]{3,5}-[0-9]{1,2}",
        r"|USN-\s?[0-9]{3,5}-[0-9]{1,2}",
        r"|GLSA[- ][0-9]{6}-[0-9]{2}",
        r"|VU#\s?[0-9]{4,7}",
        r"|CWE[-\s]{0,2}[0-9]{1,4}",
        r"|CVSS:\s?(?:3\.[01]|4\.0)(?:/\s{0,2}[A-Z]{1,3}:[A-Z]{1,7})+",
        r"|AV:[LANP]/AC:[HML](?:/[A-Z]{1,3}:[A-Z]{1,7})+",
        r"|(?:commits?|revision|fixes:)[\s/:`'(]{1,3}(?-i:[0-9a-f]{7,40})",
        r"|(?-i:[0-9a-f]{40})",
        r")\b",
    ))
});

/// A DSA key of this many bits is no Debian advisory.
const KEY_BITS: [&str; 4] = ["DSA-512", "DSA-1024", "DSA-2048", "DSA-3072"];

pub fn find(text: &str) -> Vec<Placed> {
    let Some(ids) = IDS.as_ref() else { return Vec::new() };
    let hits = ids.find_iter(text).take(MENTIONS);
    hits.filter_map(|hit| {
        let id = normal(hit.as_str())?;
        let left_out = is_hex(&id) && is_checksum(text, hit.start(), hit.end());
        (!left_out).then_some((hit.start(), id))
    })
    .collect()
}

/// The one form of an id, however it was typed.
fn normal(hit: &str) -> Option<String> {
    let bare: String = hit.chars().filter(|c| !c.is_whitespace()).collect();
    let upper = bare.to_ascii_uppercase();
    if upper.starts_with("CVSS:") || upper.starts_with("AV:") {
        return Some(upper.replace("/AU:", "/Au:"));
    }
    if upper.starts_with("CWE") {
        return values::cwe(&upper).ok();
    }
    if upper.starts_with("GHSA") {
        return Some(format!("GHSA{}", upper.get(4..)?.replace('_', "-").to_ascii_lowercase()));
    }
    if upper.starts_with("GLSA") {
        return Some(format!("GLSA-{}", upper.get(4..)?.trim_start_matches('-')));
    }
    if upper.starts_with("CVE") {
        return values::cve(hit).ok();
    }
    if upper.contains(':') && upper.contains("SA-") || upper.contains("SUSE-SU") {
        return Some(upper.replace("OPENSUSE", "openSUSE"));
    }
    if upper.starts_with("VU#") || upper.starts_with("XSA-") || upper.starts_with("USN-") {
        return Some(upper);
    }
    if upper.starts_with("DSA") || upper.starts_with("DLA") {
        let id = format!("{}-{}", upper.get(..3)?, upper.get(3..)?.trim_start_matches('-'));
        return (!KEY_BITS.contains(&id.as_str())).then_some(id);
    }
    if upper.starts_with("MFSA") {
        return Some(format!("MFSA-{}", upper.get(4..)?.trim_start_matches('-')));
    }
    if upper.contains("BSD-SA") {
        return Some(upper.replace("FREEBSD", "FreeBSD").replace("NETBSD", "NetBSD"));
    }
    match bare.rsplit(|c: char| !c.is_ascii_alphanumeric()).next() {
        Some(hash) if is_commit(&bare, hash) => commit(hit),
        _ => Some(upper.replace('_', "-")),
    }
}

fn is_commit(bare: &str, hash: &str) -> bool {
    let lower = bare.to_ascii_lowercase();
    is_hex(hash) && bare.len() == hash.len()
        || ["commit", "revision", "fixes"].iter().any(|word| lower.starts_with(word))
}

/// A commit is named by its last word; a word without a digit is a word ("commit defaced").
fn commit(hit: &str) -> Option<String> {
    let hash = hit.rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let whole = is_hex(hash) && hash.len() >= 7 && hash.bytes().any(|b| b.is_ascii_digit());
    whole.then(|| hash.to_owned())
}

fn is_hex(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Forty hex digits may also be a checksum, a fingerprint or half a Message-ID.
fn is_checksum(text: &str, start: usize, end: usize) -> bool {
    let label = before(text, start, 24).to_ascii_lowercase();
    let words = ["sha1", "sha-1", "fingerprint", "checksum", "md5", "key", "fpr"];
    words.iter().any(|word| label.contains(word))
        || text.get(end..).is_some_and(|rest| rest.starts_with('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        super::super::each_once(find(&super::super::plain(text)))
    }

    #[test]
    fn one_form_however_it_is_typed() {
        let text = "cve-2021-44228, CVE\u{2011}2021\u{2011}44228, CVE-2021-\n44228, CVE 2021-44228 \
                    CVE_2021_44228 and CVE\u{2013}2021\u{2013}45046.";
        assert_eq!(found(text), ["CVE-2021-44228", "CVE-2021-45046"]);
    }

    #[test]
    fn every_family() {
        for id in [
            "GHSA-jfh8-c2jp-5v3q",
            "RUSTSEC-2024-0001",
            "PYSEC-2024-12",
            "GO-2024-2611",
            "MAL-2024-1234",
            "OSV-2023-77",
            "GSD-2021-44228",
            "XSA-480",
            "DSA-5649-1",
            "DLA-3000-1",
            "USN-6000-1",
            "RHSA-2024:1234",
            "SUSE-SU-2024:1172-1",
            "GLSA-202401-01",
            "VU#930724",
            "CWE-79",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            "AV:N/AC:L/Au:N/C:P/I:P/A:P",
            "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
        ] {
            assert_eq!(found(&format!("see ({id}), ok")), [id], "{id}");
        }
        assert_eq!(found("ghsa-JFH8-C2JP-5V3Q"), ["GHSA-jfh8-c2jp-5v3q"]);
        assert_eq!(found("CVSS:3.1/AV:N/AC:L/\nPR:N"), ["CVSS:3.1/AV:N/AC:L/PR:N"]);
        assert_eq!(found("CWE 79, cwe22"), ["CWE-79", "CWE-22"]);
        assert_eq!(found("introduced in commit 1a2b3c4d"), ["1a2b3c4d"]);
    }

    #[test]
    fn what_only_looks_like_an_id() {
        for text in [
            "CVE-21-44228",
            "CVE-2021-442",
            "DSA-1024 keys",
            "sha1: a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
            "Fingerprint a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
            "<a94a8fe5ccb19ba61c4c0873d391e987982fbbd3@mail.example>",
            "commit defaced",
            "CWE 2021",
            "go-to-2024",
            "XCVE-2021-44228x",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
